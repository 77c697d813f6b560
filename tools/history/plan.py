"""Which tree to measure next: coarse to fine, so that at any time it is known how large a change can still hide where.

First the ends of the branches and the tags, then always the middle of the stretch whose ends differ most; what lies
between equal ends comes last.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tools.history.lines import Commit, Line
from tools.history.store import Series

type Values = Mapping[Series, float | None]

EQUAL = 1.0
_EXPONENT = "exponent"


@dataclass(frozen=True, slots=True)
class Difference:
    """How much two trees differ at most: by which ratio, from 1 on, and in which number."""

    ratio: float = EQUAL
    name: str = ""
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """What lies between two commits of a branch that were measured, with trees that were not: those in between."""

    branch: str
    before: Commit
    after: Commit
    trees: tuple[str, ...]
    difference: Difference


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


def difference(before: Values, after: Values) -> Difference:
    """The number in which two trees differ most."""
    largest = Difference()
    for series, value in before.items():
        other = after.get(series)
        found = ratio(series.unit, value, other)
        if found > largest.ratio:
            largest = Difference(found, series.name, value, other)
    return largest


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
        share: Share = EVERYTHING,
    ) -> None:
        """`first` are commits to begin with, by hash; `known` are values by tree, None of what gives nothing."""
        self._share = share
        self._known = dict(known)
        self._taken: set[str] = set()
        self._differences: dict[tuple[str, str], Difference] = {}
        self._nodes = {line.branch: list(nodes_of(line)) for line in lines}
        self.commits = {commit.tree: commit for nodes in self._nodes.values() for commit in nodes if commit.tree}
        ends = [commit for nodes in self._nodes.values() if nodes for commit in (nodes[-1], nodes[0])]
        named = {commit.hash: commit for line in lines for commit in line.commits}
        wanted = [named[hash_] for hash_ in first if hash_ in named]
        self._first = list(dict.fromkeys(commit.tree for commit in (*ends, *wanted) if commit.tree))

    @property
    def left(self) -> int:
        """How many trees of this share nobody has measured."""
        return sum(tree not in self._known and self._share.has(tree) for tree in self.commits)

    def take(self) -> str | None:
        """The tree to be measured next: it is in somebody's hand now. None where no tree is free."""
        tree = self._next()
        if tree:
            self._taken.add(tree)
        return tree

    def put(self, tree: str, values: Values | None) -> None:
        """A tree was measured; None: it gives nothing."""
        self._taken.discard(tree)
        self._known[tree] = values

    def largest(self) -> Stretch | None:
        """The stretch whose ends differ most, of those with trees that were not measured. None where there is none."""
        return max(self.stretches(), key=lambda stretch: stretch.difference.ratio, default=None)

    def stretches(self) -> Iterator[Stretch]:
        """What lies between commits that were measured, where there are trees that were not."""
        for branch, nodes in self._nodes.items():
            before: Commit | None = None
            between: list[str] = []
            for commit in nodes:
                tree = str(commit.tree)
                if tree not in self._known:
                    between.append(tree)
                elif self._known[tree] is not None:
                    if before and between:
                        yield Stretch(branch, before, commit, tuple(between), self._between(before, commit))
                    before, between = commit, []

    def _next(self) -> str | None:
        for tree in self._first:
            if self._free(tree):
                return tree
        # Where a branch begins or ends with what gives nothing, its end is the nearest that does.
        for nodes in self._nodes.values():
            for side in (nodes[::-1], nodes):
                for tree in (str(commit.tree) for commit in side):
                    if self._free(tree):
                        return tree
                    if self._known.get(tree) is not None or tree in self._taken:
                        break
        ordered = sorted(self.stretches(), key=lambda stretch: -stretch.difference.ratio)
        shares = ([tree for tree in stretch.trees if self._share.has(tree)] for stretch in ordered)
        return next(filter(None, (_middle(trees, self._taken) for trees in shares)), None)

    def _free(self, tree: str) -> bool:
        return tree not in self._known and tree not in self._taken and self._share.has(tree)

    def _between(self, before: Commit, after: Commit) -> Difference:
        ends = str(before.tree), str(after.tree)
        if ends not in self._differences:
            one, other = (self._known[end] for end in ends)
            assert one is not None
            assert other is not None
            self._differences[ends] = difference(one, other)
        return self._differences[ends]


def nodes_of(line: Line) -> Iterator[Commit]:
    """The first commit of each run of commits that have one tree."""
    before: str | None = None
    for commit in line.commits:
        if commit.tree and commit.tree != before:
            before = commit.tree
            yield commit


def _middle(trees: Sequence[str], taken: Collection[str]) -> str | None:
    """The middle of the longest run of trees of which none is taken."""
    longest: list[str] = []
    run: list[str] = []
    for tree in trees:
        run = [] if tree in taken else [*run, tree]
        if len(run) > len(longest):
            longest = run
    return longest[len(longest) // 2] if longest else None
