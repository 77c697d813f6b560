"""The gate: measure two ExaBGP commits, interleaved, and say what the second made slower.

Exit status: 0 nothing became slower; 1 something did, or fails that worked before; 2 nothing could be measured;
3 only times became slower, and not by more than those of the control benchmarks moved: the machine did, ask again.
"""

import argparse
import math
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from asv.config import Config
from asv.machine import Machine
from rich.box import MARKDOWN, SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tools.asv_command import ROOT, UPSTREAM, check_writable, commits_of, run_asv
from tools.asv_plugin import use_machine_file
from tools.errors import INTERRUPTED, ToolError, run
from tools.releases import git
from tools.results import COUNTS, Key, Kind, Number, displayed, load
from tools.timing import ROUNDS, ROUNDS_AGAIN, TIME_FACTOR
from tools.verdict import WORSE, Change, Outcome, changes, machine_moved

NOTHING_SLOWER, SLOWER, INCONCLUSIVE = 0, 1, 3
RESULTS = Path(".asv/gate")
# Times that take seconds to set up and run the same code of ExaBGP as shorter ones do. Their counts are compared; the
# times themselves only when somebody selects benchmarks.
LONG = (
    r"Stress|ReceivedBacklog|PendingBacklog.*(changes|from|oscillations|tasks)"
    r"|BacklogSize.*\((1500|5000|10000|15000)|MainLoops.*\((500|1000)"
)
SHOWN = (*WORSE, Outcome.NEWLY_SKIPPED, Outcome.FASTER, Outcome.LIGHTER, Outcome.NEW)


class Gate:
    """One comparison: the two commits, where their results are, which benchmarks."""

    def __init__(self, base: str, branch: str, selected: list[str]) -> None:
        self.base, self.branch, self.selected = base, branch, selected
        self.folder = RESULTS / f"{base[:9]}-{branch[:9]}"
        use_machine_file()
        self.machine: str = Machine.load().machine

    def measure(self, kind: str, expressions: list[str], *options: str) -> Mapping[Key, tuple[Number, Number]] | int:
        """Have asv measure both commits; return each number of the base and of the branch, or the status of a stop."""
        folder = self.folder / kind
        check_writable(folder)
        commits = folder / "commits"
        commits.write_text(f"{self.base}\n{self.branch}\n")
        bench = [argument for expression in expressions for argument in ("--bench", expression)]
        status = run_asv(
            "run",
            "--show-stderr",
            "--skip-existing-successful",
            *options,
            *bench,
            f"HASHFILE:{commits}",
            results=folder,
        )
        if status == INTERRUPTED:
            return status
        if status == 1:
            raise ToolError("nothing was measured: asv says why above")
        conf = Config.load("asv.conf.json")
        conf.results_dir = str(folder)
        before = load(conf, self.machine, self.base, expressions)
        after = load(conf, self.machine, self.branch, expressions)
        return {key: (before[key], after[key]) for key in before}


def main() -> int:
    """Parse the command line, measure, report."""
    parser = argparse.ArgumentParser(
        prog="continuous", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", nargs="?", default="main", help="the commit to compare with; default: %(default)s")
    parser.add_argument("branch", nargs="?", default="HEAD", help="the commit to judge; default: %(default)s")
    parser.add_argument("--merge-base", action="store_true", help="compare with where the branch left the base")
    parser.add_argument("-b", "--bench", action="append", default=[], metavar="RE", help="only benchmarks that match")
    parser.add_argument("--counts", action="store_true", help="only counts: exact, and quicker")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there, too, for a pull request")
    options = parser.parse_args()

    os.chdir(ROOT)
    branch = _commit(options.branch)
    base = _commit(options.base)
    if options.merge_base:
        base = git("merge-base", base, branch, cwd=UPSTREAM)
    if base == branch:
        raise ToolError(f"{options.base} and {options.branch} are one commit, {base[:9]}: nothing to compare")
    gate = Gate(base, branch, options.bench)
    compared = _measure(gate, options.counts)
    if isinstance(compared, int):
        return compared
    status, verdict = judge(compared)
    _report(compared, verdict, gate, options.markdown)
    shutil.rmtree(gate.folder)
    return status


def _commit(revision: str) -> str:
    return commits_of(f"{revision}^!")[0]


def _measure(gate: Gate, counts_only: bool) -> list[Change] | int:
    """Counts, then times; a time that looks different is measured again, and only the second look counts."""
    counts = gate.measure("counts", _both(gate.selected, COUNTS))
    if isinstance(counts, int) or counts_only:
        return counts if isinstance(counts, int) else _changes(counts)
    times = gate.measure(
        "times",
        _both(gate.selected, r"\.(time|peakmem)_", LONG),
        "--interleave-rounds",
        "--record-samples",
        "--attribute",
        f"rounds={ROUNDS}",
    )
    if isinstance(times, int):
        return times
    found = _changes(times)
    suspects = [change.key for change in found if change.suspect]
    if suspects:
        print(f"measuring again what looks different: {', '.join(map(str, suspects))}", flush=True)
        expressions = [rf"^{re.escape(key.asv_name)}$" for key in suspects] + [r"\.Control"]
        again = gate.measure(
            "again", expressions, "--interleave-rounds", "--record-samples", "--attribute", f"rounds={ROUNDS_AGAIN}"
        )
        if isinstance(again, int):
            return again
        second = {change.key: change for change in _changes(again)}
        found = [second[change.key] if change.suspect else change for change in found]
        found += [change for change in second.values() if change.key.kind is Kind.CONTROL]
    return [*_changes(counts), *found]


def _both(selected: list[str], kind: str, but: str = "") -> list[str]:
    """Expressions for the benchmarks of a kind, of those selected; of all but some where none are selected."""
    if not selected:
        return [f"^(?!.*(?:{but}))(?=.*(?:{kind}))" if but else kind]
    return [f"^(?=.*(?:{expression}))(?=.*(?:{kind}))" for expression in selected]


def _changes(numbers: Mapping[Key, tuple[Number, Number]]) -> list[Change]:
    return changes({k: before for k, (before, _) in numbers.items()}, {k: after for k, (_, after) in numbers.items()})


def judge(compared: list[Change]) -> tuple[int, str]:
    """The exit status, and the verdict in words.

    Raises ToolError when there is nothing to judge by.
    """
    if not any(change.before.measured for change in compared):
        raise ToolError("no benchmark has a number on the base: what ExaBGP says is above")
    if not any(change.after.measured for change in compared):
        raise ToolError("no benchmark has a number on the branch: what ExaBGP says is above")
    worse = [change for change in compared if change.outcome in WORSE and change.key.kind is not Kind.CONTROL]
    if not worse:
        return NOTHING_SLOWER, "nothing became slower"
    only_times = all(change.outcome is Outcome.SLOWER and change.key.kind is Kind.TIME for change in worse)
    moved = list(machine_moved(compared))
    if only_times and moved:
        most = max(max(change.ratio, 1 / change.ratio) for change in moved)
        if not any(change.ratio > most * TIME_FACTOR for change in worse):
            names = ", ".join(f"{change.key} {change.ratio:.2f}" for change in moved)
            return (
                INCONCLUSIVE,
                f"inconclusive: times grew, but those that run no ExaBGP code changed too ({names}); run it again",
            )
    return SLOWER, f"{len(worse)} numbers became worse"


def _report(compared: list[Change], verdict: str, gate: Gate, markdown: Path | None) -> None:
    names = [git("log", "-1", "--format=%h %s", commit, cwd=UPSTREAM) for commit in (gate.base, gate.branch)]
    shown = sorted(
        (change for change in compared if change.outcome in SHOWN and change.key.kind is not Kind.OTHER),
        key=lambda change: (SHOWN.index(change.outcome), -change.ratio if not math.isnan(change.ratio) else 0.0),
    )
    measured = sum(change.before.measured and change.after.measured for change in compared)
    lines = [f"{names[0]}  →  {names[1]}", f"{measured} numbers compared: {verdict}."]
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print()
    if shown:
        console.print(_table(shown, SIMPLE_HEAD))
    console.print("\n".join(lines), highlight=False, soft_wrap=True)
    if markdown:
        with markdown.open("w") as file:
            page = Console(file=file, width=1000)
            page.print("\n\n".join(["## ExaBGP benchmarks", *lines]), highlight=False, soft_wrap=True)
            if shown:
                page.print(_table(shown, MARKDOWN))


def _table(shown: list[Change], box: object) -> Table:
    table = Table(box=box)  # type: ignore[arg-type]
    table.add_column("", no_wrap=True)
    table.add_column("benchmark", overflow="fold")
    for heading in ("before", "after", "after / before"):
        table.add_column(heading, justify="right", no_wrap=True)
    for change in shown:
        table.add_row(
            change.outcome.value,
            str(change.key),
            displayed(change.before.least, change.key),
            displayed(change.after.least, change.key),
            "" if math.isnan(change.ratio) else f"{change.ratio:.3f}",
        )
    return table


if __name__ == "__main__":
    run(main)
