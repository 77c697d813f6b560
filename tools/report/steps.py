"""The events of the history, as the pages show them: what changed, by which commit, and whether it is still there."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tools.history import store
from tools.history.causes import Cause, kept
from tools.history.events import Event, events
from tools.history.lines import Commit, Line
from tools.history.plan import Values
from tools.history.store import Store
from tools.report.collected import Collected, Series


@dataclass(frozen=True, slots=True)
class Change:
    """One number before and after."""

    series: Series
    before: float
    after: float

    @property
    def size(self) -> float:
        """How large it is, the same for a growth and for what takes it back: what doubles a number is 1."""
        if self.before <= 0 or self.after <= 0:
            return min(1.0, abs(self.after - self.before))
        return abs(math.log2(self.after / self.before))


@dataclass(frozen=True)
class Step:
    """An event, with its numbers as the site has them, those that changed most first."""

    event: Event
    changes: list[Change]
    functions: tuple[Cause, ...]

    @property
    def commit(self) -> str:
        """The hash of the first commit with the new numbers."""
        return self.event.commit.hash

    @property
    def since(self) -> str:
        """The hash of the last commit with the old ones."""
        return self.event.before.hash

    @property
    def branches(self) -> tuple[str, ...]:
        """Those that have it."""
        return self.event.branches

    @property
    def date(self) -> int:
        """When its commit was made."""
        return self.event.commit.date

    @property
    def subject(self) -> str:
        """What its commit says."""
        return self.event.commit.subject

    @property
    def located(self) -> bool:
        """Whether it is this commit's, and no commit's before it."""
        return self.event.located

    @property
    def largest(self) -> Change:
        """The change that says most."""
        return self.changes[0]

    @property
    def worse(self) -> int:
        """How many numbers grew."""
        return sum(change.after > change.before for change in self.changes)

    @property
    def better(self) -> int:
        """How many numbers fell."""
        return len(self.changes) - self.worse

    @property
    def today(self) -> str:
        """Whether what it made worse is still so, in words."""
        if not self.worse:
            return ""
        return f"mended by {self.event.mended_by.hash[:9]}" if self.event.mended_by else "still there"

    @property
    def effect(self) -> float:
        """How much it changed all numbers together."""
        return self.event.effect


def effect_first(found: Iterable[Step]) -> list[Step]:
    """Those with the largest effect on all numbers together first."""
    return sorted(found, key=lambda step: -step.effect)


def steps(collected: Collected) -> list[Step]:
    """All steps of exact numbers, the latest first."""
    lines, known = as_swept(collected)
    counted = Store(collected.results, collected.python)
    # With the trees that they have: those of `lines` are the keys of what asv has measured.
    commits = {commit.hash: commit for line in collected.lines for commit in line.commits}
    found = []
    for event in events(lines, known):
        changes = [
            Change(collected.series[change.series.name], change.before, change.after) for change in event.changes
        ]
        changes.sort(key=lambda change: -change.size)
        name = changes[0].series.name
        functions = kept(counted, commits[event.before.hash], commits[event.commit.hash], name)
        found.append(Step(event, changes, functions))
    return sorted(found, key=lambda step: step.date, reverse=True)


def as_swept(collected: Collected) -> tuple[list[Line], dict[str, Values]]:
    """The branches and the exact numbers by tree: those kept by tree, and what asv alone has of any of its commits.

    A commit of a tree that is not kept has a tree of its own.
    """
    exact = {
        name: store.Series(name, collected.benchmarks[series.benchmark].version, series.unit)
        for name, series in collected.series.items()
        if series.exact
    }
    known: dict[str, Values] = {}

    def keyed(commits: tuple[Commit, ...]) -> Iterator[Commit]:
        for commit in commits:
            numbers = collected.values(commit.hash, commit.tree)
            of_tree = collected.by_tree.get(commit.tree or "")
            key = commit.hash if numbers and not of_tree else commit.tree
            if numbers and (numbers is not of_tree or key not in known):
                of_commit = {exact[name]: value for name, value in numbers.items() if name in exact}
                known[key or commit.hash] = {**of_commit, **known.get(key or commit.hash, {})}
            yield commit if key == commit.tree else replace(commit, tree=key)

    return [Line(line.branch, tuple(keyed(line.commits))) for line in collected.lines], known
