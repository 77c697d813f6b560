"""The gate: measure two ExaBGP commits, interleaved, and say what the second made slower.

Exit status: 0 nothing became slower; 1 something did, or fails that worked before; 2 nothing could be measured;
3 only times became slower, and not by more than those of the control benchmarks moved: the machine did, ask again.
"""

import argparse
import os

from tools.arguments import add_bench, new_file
from tools.errors import ToolError, run
from tools.exclusive import measuring
from tools.explain.causes import numbers
from tools.gate.comment import comment
from tools.gate.measurement import Gate
from tools.gate.passes import measure_times, times_of_same_counts
from tools.gate.reasons import SMALL, Reasons, reasons
from tools.gate.rows import HEADINGS, TEXTS, measured, rows_of, shown, undecided
from tools.gate.rules import WORSE, Change, Outcome, machine_moved
from tools.gate.timing import TIME_FACTOR
from tools.git import GitError, git
from tools.numbers.kinds import EXACT, Kind
from tools.numbers.stored import State
from tools.paths import ROOT, UPSTREAM
from tools.recording import check_recording
from tools.source.revisions import commit
from tools.terminal import print_table, report_console

NOTHING_SLOWER, SLOWER, INCONCLUSIVE = 0, 1, 3
LEFT_OUT = "times not measured, as the counts beside them are the same (--all-times measures them)"


def main() -> int:
    """Parse the command line, measure, report."""
    parser = argparse.ArgumentParser(
        prog="continuous", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", nargs="?", default="main", help="the commit to compare with; default: %(default)s")
    parser.add_argument("branch", nargs="?", default="HEAD", help="the commit to judge; default: %(default)s")
    parser.add_argument("--merge-base", action="store_true", help="compare with where the branch left the base")
    add_bench(parser, action="append", default=[])
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--counts", action="store_true", help="only counts: exact, and quicker")
    which.add_argument("--all-times", action="store_true", help="also times beside counts that are the same")
    parser.add_argument(
        "--markdown", type=new_file, metavar="FILE", help="write what a comment on a pull request is to say"
    )
    options = parser.parse_args()
    recording = check_recording()
    if recording:
        print(recording)
    os.chdir(ROOT)
    base, branch = commit(options.base), commit(options.branch)
    if options.merge_base:
        base = _merge_base(base, branch, options.base, options.branch)
    if base == branch:
        raise ToolError(f"{options.base} and {options.branch} are one commit, {base[:9]}: nothing to compare")
    gate = Gate(base, branch, options.bench)
    with measuring():
        compared = compare(gate, counts_only=options.counts, all_times=options.all_times)
        try:
            status, verdict = judge(compared)
        except ToolError:
            # Asked again, it measures again, and shows again what ExaBGP says.
            gate.clear()
            raise
        why = reasons(compared, base, branch)
        _report(compared, verdict, gate, why)
        if options.markdown:
            page = comment(compared, verdict, base, branch, why)
            options.markdown.write_text(page, encoding="utf-8")
        gate.clear()
    return status


def _merge_base(base: str, branch: str, base_name: str, branch_name: str) -> str:
    """Where a branch left the base."""
    try:
        found = git("merge-base", base, branch, cwd=UPSTREAM)
    except GitError:
        shallow = git("rev-parse", "--is-shallow-repository", cwd=UPSTREAM) == "true"
        remedy = "git -C upstream fetch --unshallow" if shallow else "name the branch it left, or two commits"
        why = ", which is a shallow clone" if shallow else ""
        raise ToolError(f"{base_name} and {branch_name} have no common ancestor in upstream{why}: {remedy}") from None
    if found == branch:
        raise ToolError(f"{branch_name} has no commit that {base_name} lacks: nothing to compare")
    return found


def compare(gate: Gate, *, counts_only: bool = False, all_times: bool = False) -> list[Change]:
    """Counts, then times, of those that are selected.

    A time is left out where the count beside it is the same, unless it is selected or all are asked for. Raises
    ToolError when nothing is selected, and when an expression selects nothing.
    """
    gate.check_selection()
    counts, times = gate.names(*EXACT), gate.names(Kind.TIME, Kind.MEMORY, Kind.CONTROL)
    found = gate.measure("counts", counts) if counts else []
    if times and not counts_only:
        if not gate.selected and not all_times:
            known = times_of_same_counts(found).intersection(times)
            times = [name for name in times if name not in known]
            if known:
                print(f"{LEFT_OUT}: {len(known)}", flush=True)
        found += measure_times(gate, times, found)
    if not found:
        what = "count" if counts_only else "count, time or peak of memory"
        raise ToolError(f"no {what} matches {' or '.join(gate.selected)}: docs/scenarios.md has their names")
    return found


def judge(compared: list[Change]) -> tuple[int, str]:
    """The exit status, and the verdict in words.

    Raises ToolError when there is nothing to judge by.
    """
    # Controls say nothing about ExaBGP.
    ours = [change for change in compared if change.key.kind is not Kind.CONTROL]
    if not any(change.before.measured for change in ours):
        raise ToolError("no benchmark has a number on the base: what ExaBGP says is above")
    if not any(change.after.measured for change in ours):
        raise ToolError("no benchmark has a number on the branch: what ExaBGP says is above")
    worse = [change for change in ours if change.outcome in WORSE]
    if not worse:
        return NOTHING_SLOWER, "nothing became slower"
    only_times = all(change.outcome is Outcome.SLOWER and change.key.kind is Kind.TIME for change in worse)
    moved = {change.key: max(change.ratio, 1 / change.ratio) for change in machine_moved(compared)}
    if only_times and moved:
        most = max(moved.values())
        if not any(change.ratio > most * TIME_FACTOR for change in worse):
            controls = ", ".join(f"{key} {factor:.2f} times" for key, factor in moved.items())
            return INCONCLUSIVE, (
                f"inconclusive: times grew, but those that run no ExaBGP code changed too ({controls}); run it again"
            )
    return SLOWER, f"{numbers(len(worse))} became worse"


def _report(compared: list[Change], verdict: str, gate: Gate, why: Reasons) -> None:
    commits = [git("log", "-1", "--format=%h %s", commit, cwd=UPSTREAM) for commit in (gate.base, gate.branch)]
    lines = [f"{commits[0]}  →  {commits[1]}", f"{numbers(len(measured(compared)))} compared: {verdict}."]
    nowhere = [change for change in compared if change.outcome is Outcome.NOTHING]
    for said, state in (
        ("Fails", State.FAILED),
        ("Not applicable", State.NOT_APPLICABLE),
        ("Never measured", State.NEVER_MEASURED),
    ):
        names = [str(change.key) for change in nowhere if change.after.state is state]
        if names:
            lines.append(f"{said}, and without a number on the base: {', '.join(names)}.")
    lines += undecided(compared)
    console = report_console()
    console.print()
    rows = [row for change in shown(compared) for row in rows_of(change, why)]
    if rows:
        print_table(console, HEADINGS, rows, texts=TEXTS)
    if why.problem:
        console.print(why.problem, highlight=False, soft_wrap=True)
    if why.small:
        console.print("\n   ".join([f"{SMALL}:", *why.below()]) + "\n", highlight=False, soft_wrap=True)
    console.print("\n".join(lines), highlight=False, soft_wrap=True)


if __name__ == "__main__":
    run(main)
