"""Count through ExaBGP's history, coarse to fine, until every change of a count has its commit.

First the tags, then always the largest change that has no commit yet, with what else changed around that tree; what
lies between equal ends comes last. What is found is in `results/`, by the content of ExaBGP's package, so commits that
share it share a measurement: nothing is measured twice. It may be stopped at any time, by ^C or otherwise, and goes on
where it was; at most what is in hand is lost.
"""

import argparse
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from filelock import FileLock, Timeout
from rich.console import Console

from tools.arguments import add_bench, positive
from tools.errors import ToolError, run
from tools.history import lines as history
from tools.history.causes import merge_causes
from tools.history.claims import claims
from tools.history.lines import Commit
from tools.history.measuring import every_series
from tools.history.plan import EVERYTHING, Plan, Share, known, values_of
from tools.history.store import Measured, Series, Store, add_store, filled
from tools.history.tasks import Died, Done, Found
from tools.history.unpack import unpack
from tools.paths import CACHE
from tools.terminal import report_console

if TYPE_CHECKING:
    from tools.history.cluster import Cluster

WORK = CACHE / "sweep"


def main() -> None:
    """Sweep until all is measured or a limit is reached."""
    parser = argparse.ArgumentParser(prog="history", description=__doc__)
    add_bench(parser, default=".")
    parser.add_argument(
        "--branch", action="append", metavar="NAME", help=f"which branches; default: {' '.join(history.BRANCHES)}"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=positive, metavar="N", help="trees at once; default: one for each core")
    where.add_argument(
        "--scheduler",
        type=_address,
        metavar="ADDRESS",
        help="measure on the workers of a dask scheduler, as tcp://HOST:8786",
    )
    parser.add_argument("--trees", type=positive, metavar="N", help="measure at most N trees")
    parser.add_argument("--minutes", type=positive, metavar="N", help="begin no tree after N minutes")
    add_store(parser)
    parser.add_argument(
        "--shard", type=_share, default=EVERYTHING, metavar="K/N", help="only the trees of machine K of N, as 3/8"
    )
    parser.add_argument(
        "--claims", action="store_true", help="after the tags, commits that claim to change what it costs"
    )
    parser.add_argument(
        "--merge",
        type=Path,
        action="append",
        default=[],
        metavar="FOLDER",
        help="add what another store knows, and end",
    )
    parser.add_argument(
        "--unpack", action="store_true", help="write what is known as asv's own results, for all commits, and end"
    )
    options = parser.parse_args()
    if options.merge or options.unpack:
        _without_measuring(options)
        return
    series = every_series(options.bench)
    if not series:
        raise ToolError(f"no count is called {options.bench!r}: docs/scenarios.md has their names")
    store = Store(options.store)
    measured = store.read()
    lines = history.lines(options.branch or history.BRANCHES)
    first = [*history.tags()]
    if options.claims:
        first += [of.hash for claim in claims(lines) for of in (claim.before, claim.commit)]
    plan = Plan(lines, first, known(measured, series), series, options.shard)
    console = report_console()
    sweep = Sweep(plan, store, series, console)
    with _alone() as folder:
        if plan.left:
            with _workers(options, folder, store.python, console) as workers, store.only_sweep(*options.shard):
                sweep.run(workers, options.trees, options.minutes)
    _report(console, plan, store)
    if sweep.given_up:
        hashes = " ".join(commit.hash[:9] for commit in sweep.given_up)
        raise ToolError(f"not measured, as workers died with each of them: {hashes}; the same command tries again")


def _workers(
    options: argparse.Namespace, folder: Path, python: str, console: Console
) -> AbstractContextManager["Cluster"]:
    """Those of the scheduler that is named, or as many on this machine as are asked for."""
    # To import dask takes longer than all else.
    from tools.history.cluster import local, remote

    say = partial(_say, console)
    if options.scheduler:
        return remote(options.scheduler, python, say)
    return local(options.jobs or psutil.cpu_count() or 1, folder, python, say)


def _address(text: str) -> str:
    if not re.fullmatch(r"(tcp|tls)://.+:\d+", text):
        raise argparse.ArgumentTypeError(f"{text} is no address such as tcp://HOST:8786")
    return text


def _share(text: str) -> Share:
    number, slash, machines = text.partition("/")
    if not (slash and number.isdecimal() and machines.isdecimal() and 1 <= int(number) <= int(machines)):
        raise argparse.ArgumentTypeError(f"{text} is no share such as 3/8")
    return Share(int(number), int(machines))


def _without_measuring(options: argparse.Namespace) -> None:
    """Take over what other stores know, and give asv what this one does."""
    store = Store(options.store)
    series = every_series(".") if options.merge else ()
    for folder in options.merge:
        other = Store(folder)
        if not other.trees():
            raise ToolError(f"{folder} is no store of counts of Python {other.python}")
        print(f"{store.merge(other, series):,} trees are new in {store.folder}, of {len(other.trees()):,} in {folder}")
        merge_causes(store, other)
    if options.unpack:
        written = unpack(filled(options.store), history.lines(options.branch or history.BRANCHES))
        print(f"{written:,} commits have their counts in asv's results: asv show, compare, find and publish know them")


class Sweep:
    """Gives trees to workers, and keeps what they find."""

    def __init__(self, plan: Plan, store: Store, series: Sequence[Series], console: Console) -> None:
        self._plan = plan
        self._store = store
        self._series = series
        self._console = console
        self._seconds = 0.0
        self._counted = 0
        self.given_up: list[Commit] = []

    def run(self, workers: "Cluster", trees: int | None, minutes: int | None) -> None:
        """Measure what the plan says, as many trees at once as there are workers."""
        deadline = time.monotonic() + 60 * minutes if minutes else None
        in_hand = begun = 0
        while True:
            # One tree waits where there is no worker yet.
            size = max(1, workers.size())
            while (
                in_hand < size and (trees is None or begun < trees) and not (deadline and time.monotonic() > deadline)
            ):
                task = self._plan.take()
                if task is None:
                    break
                workers.submit(task.tree, self._plan.commits[task.tree], task.series, self._series)
                begun += 1
                in_hand += 1
            if not in_hand:
                return
            done = workers.wait()
            if done:
                in_hand -= 1
                self._keep(done, size)

    def _keep(self, done: Done, size: int) -> None:
        commit = self._plan.commits[done.tree]
        match done.found:
            case Found(measured, seconds):
                self._store.put(done.tree, measured)
            case Died(times):
                self._plan.put(done.tree, None)
                self.given_up.append(commit)
                _say(self._console, f"given up: {commit.hash[:9]} {commit.subject}: {times} workers died with it")
                return
            case ToolError() as error:
                raise ToolError(f"{commit.hash[:9]}: {error}") from None
            case error:
                raise error
        self._plan.put(done.tree, values_of(measured, self._series))
        self._seconds += seconds
        self._counted += len(measured.results)
        self._progress(commit, measured, seconds, size)

    def _progress(self, commit: Commit, found: Measured, seconds: float, size: int) -> None:
        said = f"{commit.hash[:9]} in {seconds:.0f} s"
        if found.broken:
            said += f": broken: {found.broken}"
        elif found.fault:
            said += ": a fault of the benchmarks: its daemon works"
        else:
            said += f", {len(found.results):,} counts"
        left = f"{self._plan.left:,} counts left"
        if self._counted:
            left += f", at most {self._plan.left * self._seconds / self._counted / size / 3600:.1f} hours"
        _say(self._console, "; ".join([said, left, *_not_located(self._plan)]))


def _report(console: Console, plan: Plan, store: Store) -> None:
    """What gives nothing, first what is no fault of the commit's; then what is not located."""
    here = {tree: found for tree, found in store.read().items() if tree in plan.commits}
    for tree, found in here.items():
        if found.fault:
            reasons = {result.reason for result in found.results.values() if result.reason}
            what = (
                f"a fault of the benchmarks: the daemon of {plan.commits[tree].hash[:9]} works, and none of them does"
            )
            _say(console, f"{what}: {min(reasons)}")
    for tree, found in here.items():
        if found.broken:
            _say(console, f"broken: {plan.commits[tree].hash[:9]} {plan.commits[tree].subject}: {found.broken}")
    measured = sum(not found.broken for found in here.values())
    left = f", {plan.left:,} counts left" if plan.left else ""
    parts = [f"{measured:,} of {len(plan.commits):,} trees measured{left}", *_not_located(plan)]
    _say(console, "; ".join(parts))


def _not_located(plan: Plan) -> Iterator[str]:
    change = plan.largest()
    if change:
        ends = f"{change.before.hash[:9]} and {change.after.hash[:9]} of {change.branch}"
        yield (
            f"the largest change not located is of {change.ratio:.3f} times, {change.series.name} from "
            f"{change.was:,.10g} to {change.became:,.10g} between {ends}, with {len(change.trees)} trees between them"
        )
    elif plan.left:
        yield "what is left lies between equal ends"
    else:
        yield "every change is located"


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True)


@contextmanager
def _alone() -> Iterator[Path]:
    """A folder to install commits in. Raises ToolError where another sweep of this checkout has it."""
    CACHE.mkdir(exist_ok=True)
    try:
        with FileLock(CACHE / "sweep.lock").acquire(blocking=False):
            # What one that was killed has left.
            shutil.rmtree(WORK, ignore_errors=True)
            WORK.mkdir()
            yield WORK
            shutil.rmtree(WORK, ignore_errors=True)
    except Timeout:
        raise ToolError("somebody sweeps in this checkout already: wait until that has ended") from None


if __name__ == "__main__":
    run(main)
