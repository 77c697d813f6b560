"""Find the commit that made a count worse: SERIES is its name with its parameters, or an expression that one matches.

GOOD and BAD are commits of one branch. What a sweep has measured is not measured again; commits that give no number
are gone around. In the end it says the commit, its date, by how much, and which functions make the difference.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.arguments import expression
from tools.errors import ToolError, run
from tools.git import git
from tools.history.causes import causes
from tools.history.events import day
from tools.history.lines import Commit, line_between
from tools.history.measuring import every_series, measure
from tools.history.plan import nodes_of, ratio
from tools.history.store import Measured, Series, Store, add_store
from tools.paths import CACHE, UPSTREAM
from tools.source.revisions import commit as hash_of


def main() -> None:
    """Search, and say what was found."""
    parser = argparse.ArgumentParser(prog="bisect", description=__doc__)
    parser.add_argument("series", type=expression, metavar="SERIES", help="a count: docs/scenarios.md has their names")
    parser.add_argument("good", metavar="GOOD", help="a commit at which it was lower")
    parser.add_argument("bad", metavar="BAD", help="a later commit at which it is higher")
    add_store(parser)
    options = parser.parse_args()
    series = one_series(options.series)
    good, bad = hash_of(options.good), hash_of(options.bad)
    store = Store(options.store)
    nodes = list(nodes_of(line_between(good, bad)))
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, ignore_cleanup_errors=True) as folder:
        search = Search(series, store, Path(folder))
        before, after = search.first_bad(nodes, options.good, options.bad)
    _say(search, before, after, nodes)


def one_series(text: str) -> Series:
    """The count that is called so, or the only one that matches."""
    found = every_series(text)
    exact = [series for series in every_series(".") if series.name == text] if len(found) != 1 else found
    if len(exact) == 1:
        return exact[0]
    if not found:
        raise ToolError(f"no count is called {text!r}: docs/scenarios.md has their names")
    raise ToolError(f"{len(found)} counts match {text!r}, {found[0].name} and others: name one")


@dataclass
class Search:
    """The numbers of one series by commit, from the store or measured."""

    series: Series
    store: Store
    folder: Path
    measured: int = 0
    without: list[Commit] = field(default_factory=list)
    _read: dict[str, Measured | None] = field(default_factory=dict)

    def value(self, commit: Commit) -> float | None:
        """The number at a commit, None where it gives none."""
        known = self.known(commit)
        if not known or not (known.broken or self.series in known.results):
            self.measured += 1
            print(f"measuring {commit.hash[:9]} of {day(commit)}", file=sys.stderr)
            tree = str(commit.tree)
            self.store.put(tree, measure(commit, [self.series], [self.series], self.folder))
            known = self._read[tree] = self.store.measured(tree)
        return _number(known, self.series)

    def known(self, commit: Commit) -> Measured | None:
        """What the store has of a commit: a search asks for it again and again."""
        tree = str(commit.tree)
        if tree not in self._read:
            self._read[tree] = self.store.measured(tree)
        return self._read[tree]

    def first_bad(self, nodes: Sequence[Commit], good: str, bad: str) -> tuple[Commit, Commit]:
        """The last commit without the change and the first with it, of those that give a number."""
        lowest, highest = self._end(nodes[0], good), self._end(nodes[-1], bad)
        if lowest == highest:
            raise ToolError(f"{self.series.name} is {lowest:,.10g} at {good} and at {bad}: nothing to find")
        if lowest > highest:
            raise ToolError(
                f"{self.series.name} is {lowest:,.10g} at {good} and {highest:,.10g} at {bad}, and less is better: "
                "is it the other way round?"
            )
        middle = (lowest + highest) / 2
        between = list(nodes)
        while len(between) > 2:
            place = self._place(between)
            value = self.value(between[place])
            if value is None:
                self.without.append(between.pop(place))
            elif value < middle:
                del between[:place]
            else:
                del between[place + 1 :]
        return between[0], between[1]

    def _end(self, commit: Commit, named: str) -> float:
        value = self.value(commit)
        if value is None:
            known = self.known(commit)
            result = known and known.results.get(self.series)
            reason = (known and known.broken) or (result.reason if result else "it was not measured")
            raise ToolError(f"{self.series.name} has no number at {named}: {reason}")
        return value

    def _place(self, between: Sequence[Commit]) -> int:
        """Where to look next: in the middle of those that were measured; only where none was, of all."""
        stored = [place for place in range(1, len(between) - 1) if self._is_stored(between[place])]
        return stored[len(stored) // 2] if stored else len(between) // 2

    def _is_stored(self, commit: Commit) -> bool:
        return _number(self.known(commit), self.series) is not None


def _number(known: Measured | None, series: Series) -> float | None:
    found = known and known.results.get(series)
    return found.value if found else None


def _say(search: Search, before: Commit, after: Commit, nodes: Sequence[Commit]) -> None:
    name = search.series.name
    was, became = search.value(before), search.value(after)
    assert was is not None
    assert became is not None
    places = {commit.tree: place for place, commit in enumerate(nodes)}
    skipped = [commit for commit in search.without if places[before.tree] < places[commit.tree] < places[after.tree]]
    size = ratio(search.series.unit, was, became)
    print(f"{after.hash} {after.subject}")
    print(f"{day(after)}: {name} from {was:,.10g} to {became:,.10g} {search.series.unit}, {size:.3f} times")
    if skipped:
        hashes = " ".join(commit.hash[:9] for commit in skipped)
        print(f"or one before it that gives no number, of {len(skipped)}: {hashes}")
    for cause in causes(search.store, before, after, name):
        print(f"  {cause}")
    git_range = git("rev-list", "--count", "--first-parent", f"{nodes[0].hash}..{nodes[-1].hash}", cwd=UPSTREAM)
    print(f"{git_range} commits of {len(nodes):,} trees, {search.measured} measured now", file=sys.stderr)


if __name__ == "__main__":
    run(main)
