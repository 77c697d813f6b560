"""Run every benchmark as asv does, on the ExaBGP that this process imports; print one line of JSON for each.

Called by tools.cost. A process is forked for each set of parameters, as asv's server does. A line has the benchmark's
name and type, its parameters, the seconds that its setup and its body took, and ``skipped``.
"""

import argparse
import time
from typing import Any

from tools.children.forked import forked
from tools.children.lines import json_lines
from tools.suite import Suite


def main() -> None:
    """Run the benchmarks whose names match."""
    parser = argparse.ArgumentParser(prog="python -m tools.cost_child", description=__doc__)
    parser.add_argument("bench", help="regular expression of the benchmarks to run")
    options, write = parser.parse_args(), json_lines()
    for (name, _), benchmark in Suite().cases(options.bench):
        line = {"name": name, "type": benchmark.type}
        try:
            line |= forked(_measure, benchmark)
        except EOFError:
            line |= {"parameters": [], "setup": 0.0, "body": 0.0, "skipped": True}
        write(line)


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


if __name__ == "__main__":
    main()
