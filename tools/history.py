"""Check that the benchmarks work through ExaBGP's history: on how many commits each gives a number, and why not.

Takes first-parent commits of main, 5.0 and 4.2 since the first that Python 3.12 can import, installs each as asv
would, and runs every benchmark once. Commits that are done are kept in a file, so that a check that was stopped goes
on when it is started again. Numbers are counted by row of the checklist.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tools.errors import ToolError, run
from tools.install_commit import install
from tools.releases import git
from tools.results import Key, Kind
from tools.suite import BENCHMARKS
from tools.summary import rows_of

ROOT = BENCHMARKS.parent
UPSTREAM = ROOT / "upstream"
DONE = ROOT / ".asv" / "history"

# main was rewritten, so that 5.0 and 4.2 share no commit with it: where each begins to be something of its own, which
# is also where the years before are main's.
RANGES = ("14803b8fb^..main", "946997262..5.0", "0517dc80b..4.2")


def main() -> None:
    """Run the check and print what it found."""
    parser = argparse.ArgumentParser(prog="python -m tools.history", description=__doc__)
    parser.add_argument("--sample", type=int, default=60, metavar="N", help="commits to check; default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="which sample; default: %(default)s")
    parser.add_argument("-b", "--bench", default=".", metavar="RE", help="only benchmarks that match")
    options = parser.parse_args()

    commits = _commits()
    sample = random.Random(options.seed).sample(commits, min(options.sample, len(commits)))
    found: dict[str, dict[str, Any]] = {}
    with Progress(console=Console(stderr=True)) as progress:
        for commit in progress.track(sample, description=f"{len(sample)} of {len(commits)} commits"):
            found[commit] = _check(commit, options.bench)
    _report(found)


def _commits() -> list[str]:
    """Every first-parent commit that can be expected to work, oldest branch last."""
    commits: list[str] = []
    for range_ in RANGES:
        try:
            commits += git("rev-list", "--first-parent", range_, "--", cwd=UPSTREAM).split()
        except ToolError:
            raise ToolError(f"upstream has no {range_}: ExaBGP's real history is needed, set EXABGP_REPO") from None
    return commits


def _check(commit: str, bench: str) -> dict[str, Any]:
    """Install one commit and run the benchmarks; or what a run before has found, with the same benchmarks."""
    kept = DONE / f"{commit}.json"
    state = {"bench": bench, "sources": _newest_source()}
    if kept.exists():
        before: dict[str, Any] = json.loads(kept.read_text())
        if before["state"] == state:
            return before
    with tempfile.TemporaryDirectory() as folder:
        checkout, site = Path(folder, "checkout"), Path(folder, "site")
        checkout.mkdir()
        site.mkdir()
        archive = subprocess.run(["git", "archive", commit], cwd=UPSTREAM, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "-x", "-C", checkout], input=archive, check=True)
        started = time.monotonic()
        install(checkout, site)
        seconds = time.monotonic() - started
        done = subprocess.run(
            [sys.executable, "-m", "tools.run_once", bench],
            env=os.environ | {"PYTHONPATH": f"{site}{os.pathsep}{ROOT}"},
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or not runs:
        raise ToolError(f"{commit}: {(done.stderr.splitlines() or ['no benchmark was run'])[-1]}")
    result = {"state": state, "install": seconds, "runs": runs}
    DONE.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(result))
    return result


def _newest_source() -> float:
    return max(path.stat().st_mtime for path in BENCHMARKS.rglob("*.py"))


def _report(found: dict[str, dict[str, Any]]) -> None:
    console = Console(width=None if sys.stdout.isatty() else 130)
    runs = [(commit[:9], run_) for commit, result in found.items() for run_ in result["runs"]]
    wanted: Counter[tuple[str, str]] = Counter()
    given: Counter[tuple[str, str]] = Counter()
    for commit, run_ in runs:
        key = Key(run_["name"], tuple(run_["parameters"]), Kind.OTHER, "")
        for row in rows_of(key) or [run_["name"].rpartition(".")[0]]:
            wanted[row, commit] += 1
            given[row, commit] += not run_["reason"]
    table = Table(title=f"Commits that give numbers, of {len(found)}", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("row", no_wrap=True)
    for heading in ("numbers", "all of them", "one or more"):
        table.add_column(heading, justify="right")
    for row in sorted({row for row, _ in wanted}):
        commits = [commit for other, commit in wanted if other == row]
        table.add_row(
            row,
            str(max(wanted[row, commit] for commit in commits)),
            str(sum(given[row, commit] == wanted[row, commit] for commit in commits)),
            str(sum(given[row, commit] > 0 for commit in commits)),
        )
    console.print(table)
    for line in sorted({f"{commit} {run_['reason']}" for commit, run_ in runs if run_["reason"]}):
        console.print(line, highlight=False, soft_wrap=True)
    whole = len(found) - len({commit for commit, run_ in runs if run_["reason"]})
    median = statistics.median(result["install"] for result in found.values())
    console.print(f"{whole} of {len(found)} commits give every number; installed in {median:.2f} s (median)")


if __name__ == "__main__":
    run(main)
