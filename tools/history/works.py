"""Check that the benchmarks work through ExaBGP's history: on how many commits each gives a number, and why not.

Takes first-parent commits of main, 5.0 and 4.2 since the first that Python 3.12 can import, installs each as asv
would, and runs every benchmark once. What is done is kept in a file by commit, so that a check that was stopped goes on
when it is started again, and one of some benchmarks is no work lost for one of all. Numbers are counted by row of the
checklist.
"""

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import Progress

from tools.arguments import add_bench, new_file, positive
from tools.children import Interpreter, jobs
from tools.errors import ToolError, run
from tools.git import GitError, git
from tools.history.shares import markdown, print_shares
from tools.numbers.kinds import EXACT, kind_of
from tools.paths import ASV, BENCHMARKS, UPSTREAM, write_whole
from tools.source.install_commit import install
from tools.source.trees import archive, lay_out
from tools.suite import Case, Suite, fingerprint, is_daemon
from tools.terminal import report_console

DONE = ASV / "history"

# main was rewritten, so that 5.0 and 4.2 share no commit with it: where each begins to be something of its own, which
# is also where the years before are main's.
RANGES = ("14803b8fb^..main", "946997262..5.0", "0517dc80b..4.2")


# The expression that selects what nobody has selected otherwise.
EVERYTHING = "."


class Checked(NamedTuple):
    """One commit: seconds to install it, and for each benchmark why it gave no number, or None."""

    install: float
    reasons: dict[Case, str | None]


def main() -> None:
    """Run the check and print what it found."""
    parser = argparse.ArgumentParser(prog="works", description=__doc__)
    parser.add_argument(
        "--sample", type=positive, default=60, metavar="N", help="commits to check; default: %(default)s"
    )
    parser.add_argument("--seed", type=int, default=1, help="which sample; default: %(default)s")
    add_bench(parser, default=EVERYTHING)
    parser.add_argument("--counts", action="store_true", help="only counts: quicker, as nothing large is run")
    parser.add_argument("--markdown", type=new_file, metavar="FILE", help="write the tables there, too")
    options = parser.parse_args()
    cases = _cases(options.bench, counts=options.counts)
    if not cases:
        raise ToolError(f"no benchmark is called {options.bench!r}: docs/scenarios.md has their names")
    commits = _commits()
    sample = random.Random(options.seed).sample(commits, min(options.sample, len(commits)))
    found: dict[str, Checked] = {}
    with Progress(console=Console(stderr=True)) as progress:
        for commit in progress.track(sample, description=f"{len(sample)} of {len(commits)} commits"):
            found[commit] = _check(commit, list(cases))
    _report(found, cases)
    if options.markdown:
        options.markdown.write_text(markdown(_reasons(found), cases), encoding="utf-8")


def _cases(expression: str, *, counts: bool) -> dict[Case, tuple[Any, ...]]:
    """The benchmarks that match, or those of them that are exact, with their parameters.

    Whole daemons only where somebody selects them.
    """
    return {
        case: tuple(benchmark._current_params)
        for case, benchmark in Suite().cases(expression)
        if (expression != EVERYTHING or not is_daemon(benchmark))
        and (not counts or kind_of(benchmark.name, benchmark.unit) in EXACT)
    }


def _commits() -> list[str]:
    """Every first-parent commit that can be expected to work, oldest branch last."""
    commits: list[str] = []
    for range_ in RANGES:
        try:
            commits += git("rev-list", "--first-parent", range_, "--", cwd=UPSTREAM).split()
        except GitError:
            raise ToolError(f"upstream has no {range_}: ExaBGP's real history is needed, set EXABGP_REPO") from None
    return commits


def _check(commit: str, cases: list[Case]) -> Checked:
    """Install one commit and run the benchmarks that no run before has run there."""
    kept = DONE / f"{commit}.json"
    sources = fingerprint(BENCHMARKS.rglob("*.py"))
    before = json.loads(kept.read_text()) if kept.exists() else {}
    reasons: dict[Case, str | None] = {}
    if before.get("sources") == sources:
        reasons = {(name, index): reason for name, index, reason in before["runs"]}
    missing = [case for case in cases if case not in reasons]
    if not missing:
        return Checked(before["install"], {case: reasons[case] for case in cases})
    with tempfile.TemporaryDirectory() as folder:
        checkout, site = Path(folder, "checkout"), Path(folder, "site")
        site.mkdir()
        lay_out(archive(UPSTREAM, commit), checkout)
        started = time.monotonic()
        install(checkout, site)
        seconds = time.monotonic() - started
        try:
            lines = list(Interpreter(site).run(jobs.once, missing))
        except ToolError as error:
            raise ToolError(f"{commit}: {error}") from None
    for line in lines:
        # Without the folder, which is gone, a reason is the same on each commit that has it.
        reasons[line["name"], line["index"]] = line["reason"] and line["reason"].replace(f"{site}{os.sep}", "")
    runs = [[*case, reason] for case, reason in reasons.items()]
    write_whole(kept, json.dumps({"sources": sources, "install": seconds, "runs": runs}))
    return Checked(seconds, {case: reasons[case] for case in cases})


def _report(found: dict[str, Checked], cases: dict[Case, tuple[Any, ...]]) -> None:
    console = report_console()
    console.print(f"Commits that give numbers, of {len(found)}, by row of the checklist")
    print_shares(console, _reasons(found), cases)
    whole = sum(not any(checked.reasons.values()) for checked in found.values())
    median = statistics.median(checked.install for checked in found.values())
    console.print(f"{whole} of {len(found)} commits give every number; installed in {median:.2f} s (median)")


def _reasons(found: dict[str, Checked]) -> dict[str, dict[Case, str | None]]:
    return {commit: checked.reasons for commit, checked in found.items()}


if __name__ == "__main__":
    run(main)
