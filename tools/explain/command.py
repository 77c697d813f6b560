"""Say which functions of ExaBGP make counts of two commits differ: instructions, or bytes kept, before and after.

BASE and BRANCH are releases, or revisions of upstream. A function has what it calls of Python's library in it; what
benchmarks call of that themselves is the line "benchmark". What is kept in memory is told by the line of ExaBGP that
allocated it.

Exit status: 0 it was said, or nothing differs; 2 nothing could be measured.
"""

import argparse
import os
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tools.arguments import add_bench, new_file, new_folder, positive
from tools.children import Interpreter
from tools.children.jobs import counts
from tools.errors import ToolError, run
from tools.explain.calls import explain_calls
from tools.explain.differences import differences, is_explained
from tools.explain.flame import flame_graph
from tools.explain.folded import write_folded
from tools.explain.report import markdown, print_explanation
from tools.paths import ROOT, UPSTREAM, check_writable, write_whole
from tools.recording import check_recording
from tools.source import trees
from tools.suite import Suite
from tools.terminal import report_console

TOP = 10


def main() -> None:
    """Measure both, explain what differs, print and write."""
    parser = argparse.ArgumentParser(
        prog="explain", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", help="the commit to compare with")
    parser.add_argument("branch", help="the commit to explain")
    add_bench(parser, default=".")
    parser.add_argument(
        "--top", type=positive, default=TOP, metavar="N", help="functions a number; default: %(default)s"
    )
    parser.add_argument("--calls", action="store_true", help="calls into C, which counts don't see, and their time")
    parser.add_argument("--markdown", type=new_file, metavar="FILE", help="write it there, too")
    parser.add_argument("--folded", type=new_folder, metavar="FOLDER", help="write folded stacks, before and after")
    parser.add_argument("--svg", type=new_file, metavar="FILE", help="draw the number that changed most")
    options = parser.parse_args()
    if options.calls and (options.folded or options.svg):
        parser.error("--calls has no stacks to be written: leave --folded and --svg out")
    recording = check_recording()
    if recording:
        print(recording)
    os.chdir(ROOT)
    base, branch = (trees.named(name, UPSTREAM) for name in (options.base, options.branch))
    if base == branch:
        raise ToolError(f"{options.base} and {options.branch} are one commit, {base.name[:9]}: nothing to explain")
    if options.folded:
        check_writable(options.folded)
    if options.calls:
        explain_calls(base, branch, options.bench, options.top, options.markdown)
        return
    compared, names = differing(base, branch, options.bench)
    if not names:
        print(f"{compared:,} count{'' if compared == 1 else 's'} compared: none differs.")
        return
    explained = differences(base, branch, names)
    explained.sort(key=lambda explanation: -abs(explanation.ratio - 1))
    console = report_console()
    for explanation in explained:
        print_explanation(console, explanation, options.top)
    print(f"{compared:,} count{'' if compared == 1 else 's'} compared: {len(explained):,} differ.")
    if options.markdown:
        pages = [markdown(explanation, options.top) for explanation in explained]
        write_whole(options.markdown, "\n\n".join([f"## {options.base} → {options.branch}", *pages]) + "\n")
    if options.folded:
        for explanation in explained:
            write_folded(options.folded, explanation)
    if options.svg:
        write_whole(options.svg, flame_graph(explained[0]))


def differing(base: Path, branch: Path, bench: str) -> tuple[int, list[str]]:
    """How many numbers were compared that functions explain, and the names of those that are not the same on both.

    Raises ToolError where there is none to compare.
    """
    selected = list(Suite().named(bench))
    if not selected:
        raise ToolError(f"no benchmark matches {bench}: docs/scenarios.md has their names")
    if not any(is_explained(name, benchmark.unit) for name, benchmark in selected):
        raise ToolError(f"{bench} selects no count of bytecodes and no kept bytes, and only those have functions")
    units = {name: benchmark.unit for name, benchmark in selected}
    values: list[dict[str, float | None]] = []
    why = ""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("benchmarks", total=None)
        for tree in (base, branch):
            found = {}
            for line in Interpreter(tree).run(counts, bench):
                progress.update(task, description=line["name"], advance=1)
                if is_explained(line["name"], units[line["name"]]):
                    found[line["name"]] = line["value"]
                    why = why or (
                        f": {line['name']} failed on {tree.name[:9]}: {line['failed']}" if line["failed"] else ""
                    )
            values.append(found)
    before, after = values
    both = [name for name, value in before.items() if value is not None and after.get(name) is not None]
    if not both:
        raise ToolError(f"no benchmark that {bench} selects has a count on both{why}")
    return len(both), [name for name in both if before[name] != after[name]]


if __name__ == "__main__":
    run(main)
