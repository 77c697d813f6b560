"""Jobs that run benchmarks as asv's server does: a process is forked for each, with one set of parameters.

What a benchmark keeps open, such as sockets, is nothing to the next.
"""

import contextlib
import io
import re
import resource
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from benchmarks.common import UNITS, Benchmark, Exactness
from tools.children.forked import forked
from tools.children.interpreter import Line
from tools.children.lines import NOT_APPLICABLE
from tools.suite import Case, Suite, is_by_default, may_fail

# How asv prints that a benchmark is skipped, and why.
_SKIPPED = re.compile(r"asv: skipped: NotImplementedError\(([\"'])(.*)\1,?\)")


class Outcome(NamedTuple):
    """What became of a benchmark: its value, or why it has none; a time has neither."""

    value: float | None = None
    reason: str | None = None
    applicable: bool = True


def once(cases: list[Case]) -> Iterator[Line]:
    """Run each case once. `reason` is null where it gave a number, else it says in one line why not."""
    suite = Suite()
    for name, index in cases:
        yield {"name": name, "index": index, "reason": run_forked(suite.case((name, index))).reason}


def counts(bench: str) -> Iterator[Line]:
    """Every exact number of the benchmarks that match: its name as asv has it, its version, its unit, its value.

    Those of whole daemons and full tables are left out. The value is null where there is none; `reason` says why,
    `failed` says it where it is not that the commit lacks something. `may_fail` says whether the benchmark's class
    knows of commits that are wrong there.
    """
    for name, benchmark in Suite().named(bench):
        if is_count(benchmark):
            found = run_forked(benchmark)
            yield {
                "name": name,
                "version": benchmark.version,
                "unit": benchmark.unit,
                "value": found.value,
                "reason": found.reason,
                "failed": found.reason if found.applicable else None,
                "may_fail": may_fail(benchmark),
            }


def sizes(bench: str) -> Iterator[Line]:
    """The size of what each time, peak of memory and noisy track is of: messages and routes.

    Those of whole daemons and full tables are left out, and those of classes that say no size.
    """
    for name, benchmark in Suite().named(bench):
        of_class = benchmark.func.__self__
        if is_by_default(benchmark) and not is_count(benchmark) and type(of_class).size is not Benchmark.size:
            size = of_class.size(*benchmark._current_params)
            yield {"name": name, "version": benchmark.version, "size": list(size)}


def costs(bench: str) -> Iterator[Line]:
    """A line for each benchmark that matches, with each set of its parameters; none for daemons and full tables.

    It has the benchmark's name and unit, its parameters, the seconds that its setup and its body took, `cpu`, the CPU
    seconds of its process and of those that this one started, and `skipped`.
    """
    for (name, _), benchmark in Suite().cases(bench):
        if not is_by_default(benchmark):
            continue
        line = {"name": name, "unit": benchmark.unit}
        before = cpu_seconds()
        try:
            line |= forked(_measure, benchmark)
        except EOFError:
            line |= {"parameters": [], "setup": 0.0, "body": 0.0, "skipped": True}
        yield line | {"cpu": cpu_seconds() - before}


def is_count(benchmark: Any) -> bool:
    """Whether it is an exact number that the process of the benchmark comes to, measured by default.

    None is of whole daemons, where another process comes to it, or of full tables, which take minutes.
    """
    exactness = UNITS.get(benchmark.unit, Exactness.NOISY)
    return benchmark.type == "track" and exactness is not Exactness.NOISY and is_by_default(benchmark)


def cpu_seconds() -> float:
    """What the processes have used that were started here and have ended, with those that they started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_forked(benchmark: Any, run: Callable[[Any], Any] | None = None) -> Any:
    """Run a benchmark in a process of its own: its outcome, or what a function of it returns."""
    try:
        return forked(run or outcome_of, benchmark)
    except EOFError:
        return Outcome(reason="its process died")


def outcome_of(benchmark: Any) -> Outcome:
    """Run a benchmark in this process: its setup, and what it is of."""
    # asv prints why a benchmark is skipped.
    with contextlib.redirect_stdout(io.StringIO()) as said:
        try:
            if benchmark.do_setup():
                return Outcome(reason=f"{NOT_APPLICABLE}{_why(said.getvalue())}", applicable=False)
            value = benchmark.func(*benchmark._current_params)
            benchmark.do_teardown()
        except Exception as error:
            # Whatever a commit does wrong is a reason to be reported, and no reason to stop.
            return Outcome(reason=f"{type(error).__name__}: {' '.join(str(error).split())}")
    return Outcome(value)


def _why(said: str) -> str:
    """The reason in what asv prints of a benchmark that is skipped."""
    text = " ".join(said.split())
    found = _SKIPPED.fullmatch(text)
    return found[2] if found else text


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
