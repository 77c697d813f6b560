"""What to measure next: coarse to fine, so that at any time it is known how large a change can still hide where.

First the ends of the branches and the tags, with all numbers. Then each number's largest change is halved, with all
other numbers that changed as much around that tree; those that did not are not measured there. Once each change has
its commit, what lies between equal ends comes last.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tools.history.lines import Commit, Line
from tools.history.store import Measured, Series

type Values = Mapping[Series, float | None]

EQUAL = 1.0
# Changes of at least so much are located first, then those of so much, then all.
LEVELS = (1.02, 1.001, EQUAL)
_EXPONENT = "exponent"


class Task(NamedTuple):
    """A tree, and the numbers to be measured on it."""

    tree: str
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What lies between two commits of a branch with unlike numbers, and the trees in between that may have made it.

    `ratio` is how many times the one is the other, more than 1.
    """

    branch: str
    series: Series
    before: Commit
    after: Commit
    was: float
    became: float
    trees: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """How much the ends differ."""
        return ratio(self.series.unit, self.was, self.became)


def ratio(unit: str, before: float | None, after: float | None) -> float:
    """How many times the one is the other, from 1 on, whichever is larger. An exponent, and what was 0, differs by 1
    and the difference. What is not given in one of them is no change of a number.
    """
    if before is None or after is None or before == after:
        return EQUAL
    low, high = sorted((before, after))
    if unit == _EXPONENT or low <= 0:
        return EQUAL + high - low
    return high / low


class Share(NamedTuple):
    """The trees that one of several machines measures: the same on each of them, and about as many for all."""

    number: int = 1
    machines: int = 1

    def has(self, tree: str) -> bool:
        """Whether a tree is in it, by its key, which is a number of random digits."""
        return self.machines == 1 or int(tree, 16) % self.machines == self.number - 1


EVERYTHING = Share()


class Plan:
    """The trees of some branches, what is known of them, and which are being measured."""

    def __init__(
        self,
        lines: Sequence[Line],
        first: Collection[str],
        known: Mapping[str, Values | None],
        series: Collection[Series],
        share: Share = EVERYTHING,
    ) -> None:
        """`first` are commits to begin with, by hash; `known` are values by tree, None of what gives nothing."""
        self._share = share
        self._series = tuple(series)
        self._known = dict(known)
        self._taken: set[str] = set()
        self._nodes = {line.branch: list(nodes_of(line)) for line in lines}
        self.commits = {commit.tree: commit for nodes in self._nodes.values() for commit in nodes if commit.tree}
        ends = [commit for nodes in self._nodes.values() if nodes for commit in (nodes[-1], nodes[0])]
        named = {commit.hash: commit for line in lines for commit in line.commits}
        wanted = [named[hash_] for hash_ in first if hash_ in named]
        self._first = list(dict.fromkeys(commit.tree for commit in (*ends, *wanted) if commit.tree))

    @property
    def left(self) -> int:
        """How many numbers of the trees of this share nobody has measured."""
        return sum(len(self._missing(tree)) for tree in self.commits if self._share.has(tree))

    def take(self) -> Task | None:
        """What is to be measured next: the tree is in somebody's hand now. None where no tree is free."""
        task = self._next()
        if task:
            self._taken.add(task.tree)
        return task

    def put(self, tree: str, values: Values | None) -> None:
        """Numbers of a tree were measured; None: it gives nothing, now, of what is missing."""
        self._taken.discard(tree)
        before = self._known.get(tree) or {}
        if values is None and before:
            # It has given numbers, which stay: the others are not asked for again by who has this plan.
            values = dict.fromkeys(self._missing(tree))
        self._known[tree] = None if values is None else {**before, **values}

    def largest(self) -> Stretch | None:
        """The largest change that is not located. None where there is none."""
        return max(self.stretches(), key=lambda stretch: stretch.ratio, default=None)

    def stretches(self, least: float = EQUAL) -> Iterator[Stretch]:
        """The changes, larger than `least`, between two commits with trees between them that may have made them.

        Trees that give nothing at all are gone around. Where one gives some numbers and not this one, that ends the
        search: what fails, or is not there, does so on many trees in a row, and none of them says which it was.
        """
        for branch, nodes in self._nodes.items():
            last: dict[Series, tuple[int, float | None]] = {}
            for place, commit in enumerate(nodes):
                for series, value in (self._known.get(str(commit.tree)) or {}).items():
                    before, was = last.get(series, (place, None))
                    last[series] = place, value
                    if was is None or value is None or place - before < 2 or ratio(series.unit, was, value) <= least:
                        continue
                    between = (str(node.tree) for node in nodes[before + 1 : place])
                    trees = tuple(tree for tree in between if self._lacks(tree, series))
                    if trees:
                        yield Stretch(branch, series, nodes[before], commit, was, value, trees)

    def _next(self) -> Task | None:
        for tree in self._first:
            if self._free(tree):
                return self._whole(tree)
        # Where a branch begins or ends with what gives nothing, its end is the nearest that does.
        for nodes in self._nodes.values():
            for side in (nodes[::-1], nodes):
                for tree in (str(commit.tree) for commit in side):
                    if self._free(tree):
                        return self._whole(tree)
                    if self._known.get(tree) is not None or tree in self._taken:
                        break
        for level in LEVELS:
            task = self._halving(list(self.stretches(level)))
            if task:
                return task
        return self._rest()

    def _halving(self, stretches: Sequence[Stretch]) -> Task | None:
        """The middle of the largest change with a tree that is free, and what else changed around it."""
        for stretch in sorted(stretches, key=lambda stretch: -stretch.ratio):
            tree = self._middle(stretch.trees)
            if tree:
                changed = {other.series for other in stretches if tree in other.trees}
                return Task(tree, tuple(series for series in self._series if series in changed))
        return None

    def _rest(self) -> Task | None:
        """What is in the middle of the longest run of trees of which something is missing."""
        runs = (self._middle([str(node.tree) for node in nodes]) for nodes in self._nodes.values())
        return next((self._whole(tree) for tree in runs if tree), None)

    def _whole(self, tree: str) -> Task:
        return Task(tree, self._missing(tree))

    def _missing(self, tree: str) -> tuple[Series, ...]:
        return tuple(series for series in self._series if self._lacks(tree, series))

    def _lacks(self, tree: str, series: Series) -> bool:
        """Whether a number of a tree is to be found out."""
        known = self._known.get(tree, {})
        return known is not None and series not in known

    def _free(self, tree: str) -> bool:
        return tree not in self._taken and self._share.has(tree) and bool(self._missing(tree))

    def _middle(self, trees: Iterable[str]) -> str | None:
        """The middle of the longest run of trees of which none is in anybody's hand."""
        longest: list[str] = []
        run: list[str] = []
        for tree in trees:
            if not self._share.has(tree):
                continue
            run = [*run, tree] if self._free(tree) else []
            if len(run) > len(longest):
                longest = run
        return longest[len(longest) // 2] if longest else None


def known(measured: Mapping[str, Measured], series: Collection[Series]) -> dict[str, Values | None]:
    """What a store knows of each tree. A fault of the benchmarks may be mended by now."""
    return {tree: values_of(found, series) for tree, found in measured.items() if not found.fault}


def values_of(measured: Measured, series: Collection[Series]) -> Values | None:
    """The numbers of a tree of those that were measured; None: it gives nothing."""
    if measured.broken or measured.fault:
        return None
    return {of: measured.results[of].value for of in series if of in measured.results}


def nodes_of(line: Line) -> Iterator[Commit]:
    """The first commit of each run of commits that have one tree."""
    before: str | None = None
    for commit in line.commits:
        if commit.tree and commit.tree != before:
            before = commit.tree
            yield commit
