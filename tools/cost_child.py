"""Run every benchmark as asv does, on the ExaBGP that this process imports, and say what each costs: a job of cost."""

import resource
import time
from collections.abc import Iterator
from typing import Any

from tools.children import Line
from tools.children.forked import forked
from tools.suite import Suite


def costs(bench: str) -> Iterator[Line]:
    """A line for each benchmark that matches, with each set of its parameters.

    A process is forked for each, as asv's server does. A line has the benchmark's name and unit, its parameters, the
    seconds that its setup and its body took, ``cpu``, the CPU seconds of its process and of those that this one
    started, and ``skipped``.
    """
    for (name, _), benchmark in Suite().cases(bench):
        line = {"name": name, "unit": benchmark.unit}
        before = cpu_seconds()
        try:
            line |= forked(_measure, benchmark)
        except EOFError:
            line |= {"parameters": [], "setup": 0.0, "body": 0.0, "skipped": True}
        yield line | {"cpu": cpu_seconds() - before}


def cpu_seconds() -> float:
    """What the processes have used that were started here and have ended, with those that they started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _measure(benchmark: Any) -> dict[str, Any]:
    started = time.perf_counter()
    skipped = bool(benchmark.do_setup())
    ready = done = time.perf_counter()
    if not skipped:
        benchmark.do_run()
        done = time.perf_counter()
        benchmark.do_teardown()
    parameters = [str(parameter) for parameter in benchmark._current_params]
    return {"parameters": parameters, "setup": ready - started, "body": done - ready, "skipped": skipped}
