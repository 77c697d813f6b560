"""Run benchmarks once on the ExaBGP that this process imports; print one line of JSON for each.

Called by tools.history with a commit's tree on PYTHONPATH. Each runs in a process of its own, as asv has it: what one
keeps open, such as sockets, is nothing to the next. A line has the benchmark's name, the index of its
parameters, and ``reason``: null where it gave a number, else in one line why not.
"""

import argparse
import contextlib
import io
import json

from tools.children.forked import forked
from tools.children.lines import json_lines
from tools.suite import Suite


def main() -> None:
    """Run the benchmarks that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.run_once", description=__doc__)
    parser.add_argument("cases", help="JSON: benchmarks and the indices of their parameters")
    options, write = parser.parse_args(), json_lines()
    suite = Suite()
    for name, index in json.loads(options.cases):
        benchmark = suite.case((name, index))
        try:
            reason = forked(_run, benchmark)
        except EOFError:
            reason = "its process died"
        write({"name": name, "index": index, "reason": reason})


def _run(benchmark) -> str | None:  # type: ignore[no-untyped-def]  # asv_runner has no type hints
    # asv prints why a benchmark is skipped.
    with contextlib.redirect_stdout(io.StringIO()) as said:
        try:
            if benchmark.do_setup():
                return f"not applicable: {' '.join(said.getvalue().split())}"
            benchmark.func(*benchmark._current_params)
            benchmark.do_teardown()
        except Exception as error:
            # Whatever a commit does wrong is a reason to be reported, and no reason to stop.
            return f"{type(error).__name__}: {' '.join(str(error).split())}"
    return None


if __name__ == "__main__":
    main()
