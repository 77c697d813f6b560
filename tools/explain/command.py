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
from tools.explain.calls import counted_names, explain_calls
from tools.explain.differences import differences, is_explained
from tools.explain.flame import flame_graph
from tools.explain.folded import write_folded
from tools.explain.report import markdown, print_explanation
from tools.paths import ROOT, UPSTREAM, check_writable, write_whole
from tools.recording import check_recording
from tools.source import trees
from tools.source.revisions import commit
from tools.suite import Suite, exactly
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
    names = counted_names(options.bench) if options.calls else explained_names(options.bench)
    commits = [name if trees.is_release(name) else commit(name) for name in (options.base, options.branch)]
    if commits[0] == commits[1]:
        raise ToolError(f"{options.base} and {options.branch} are one commit, {commits[0][:9]}: nothing to explain")
    if options.folded:
        check_writable(options.folded)
    base, branch = (trees.named(name, UPSTREAM) for name in commits)
    if options.calls:
        explain_calls(base, branch, names, options.top, options.markdown)
        return
    compared, changed = differing(base, branch, names)
    if not changed:
        print(f"{compared:,} count{'' if compared == 1 else 's'} compared: none differs.")
        return
    found = differences(base, branch, changed)
    # Counted again they are the same, or what is said would be of other numbers.
    explained = [one for one in found if (one.before, one.after) == changed[one.name]]
    explained.sort(key=lambda explanation: -abs(explanation.ratio - 1))
    console = report_console()
    for explanation in explained:
        print_explanation(console, explanation, options.top)
    print(f"{compared:,} count{'' if compared == 1 else 's'} compared: {len(changed):,} differ.")
    if missing := changed.keys() - {one.name for one in explained}:
        print(f"Not explained, since they were others when they were counted again: {', '.join(sorted(missing))}.")
    if not explained:
        raise ToolError("no number that differs could be explained")
    if options.markdown:
        pages = [markdown(explanation, options.top) for explanation in explained]
        write_whole(options.markdown, "\n\n".join([f"## {options.base} → {options.branch}", *pages]) + "\n")
    if options.folded:
        for explanation in explained:
            write_folded(options.folded, explanation)
    if options.svg:
        write_whole(options.svg, flame_graph(explained[0]))


def explained_names(bench: str) -> list[str]:
    """The numbers that match and that are made of functions. Raises ToolError where there is none."""
    selected = list(Suite().named(bench))
    if not selected:
        raise ToolError(f"no benchmark matches {bench}: docs/scenarios.md has their names")
    names = [name for name, benchmark in selected if is_explained(benchmark)]
    if not names:
        raise ToolError(f"{bench} selects no count of bytecodes and no kept bytes, and nothing else has functions")
    return names


def differing(base: Path, branch: Path, names: list[str]) -> tuple[int, dict[str, tuple[float, float]]]:
    """How many of some numbers both have, and those that are not the same on both.

    Raises ToolError where there is none to compare.
    """
    values: list[dict[str, float | None]] = []
    failures: list[str] = []
    console = Console(stderr=True)
    # Where it is no terminal, it leaves an empty line.
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("benchmarks", total=2 * len(names))
        for tree in (base, branch):
            found = {}
            for line in Interpreter(tree).run(counts, exactly(names)):
                progress.update(task, description=line["name"], advance=1)
                found[line["name"]] = line["value"]
                if line["failed"]:
                    failures.append(f"{line['name']} on {tree.name[:9]}: {line['failed']}")
            values.append(found)
    before, after = values
    both = {
        name: (old, new)
        for name, old in before.items()
        for new in [after.get(name)]
        if old is not None and new is not None
    }
    if not both:
        raise ToolError(f"nothing that is selected has a count on both: {(failures or ['it is not applicable'])[0]}")
    return len(both), {name: (old, new) for name, (old, new) in both.items() if old != new}


if __name__ == "__main__":
    run(main)
