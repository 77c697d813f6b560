"""Run every benchmark as asv does, on the ExaBGP that this process imports; print one line of JSON for each.

Called by tools.cost. A process is forked for each set of parameters, as asv's server does. A line has the benchmark's
name and type, its parameters, the seconds that its setup and its body took, and ``skipped``.
"""

import argparse
import contextlib
import io
import json
import math
import re
import time
from typing import Any

from asv_runner.discovery import disc_benchmarks

from tools.forked import forked
from tools.run_once import BENCHMARKS


def main() -> None:
    """Run the benchmarks whose names match."""
    parser = argparse.ArgumentParser(prog="python -m tools.cost_child", description=__doc__)
    parser.add_argument("bench", help="regular expression of the benchmarks to run")
    expression = re.compile(parser.parse_args().bench)
    # All of them first: a benchmark that runs imports modules, in the midst of which they would be looked for.
    for benchmark in list(disc_benchmarks(str(BENCHMARKS))):
        if not expression.search(benchmark.name):
            continue
        for index in range(math.prod(map(len, benchmark.params))):
            line = {"name": benchmark.name, "type": benchmark.type}
            try:
                line |= forked(_measure, benchmark, index)
            except EOFError:
                line |= {"parameters": [], "setup": 0.0, "body": 0.0, "skipped": True}
            print(json.dumps(line), flush=True)


def _measure(benchmark: Any, index: int) -> dict[str, Any]:
    if benchmark.params:
        benchmark.set_param_idx(index)
    started = time.perf_counter()
    # What a benchmark prints is no line of this protocol.
    with contextlib.redirect_stdout(io.StringIO()):
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
