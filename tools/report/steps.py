"""Steps: what changed, one for a commit, whatever the number of series and branches that it changed.

A step is of exact numbers alone: each difference is one of ExaBGP's code. It is located where the commit before was
measured, else it lies between two commits. asv's own step detection is for times.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from tools.numbers.kinds import Kind
from tools.report.collected import Collected, Run, Series

# A change of a count that is worth a line.
LEAST = 0.001
# By how much of its growth a number may be short of what it was, and be called mended.
NEARLY = 0.1


@dataclass(frozen=True, slots=True)
class Change:
    """One number before and after."""

    series: Series
    before: float
    after: float

    @property
    def ratio(self) -> float:
        """After divided by before; infinite where it was nothing."""
        return self.after / self.before if self.before else math.inf

    @property
    def size(self) -> float:
        """How large it is, the same for a growth and for what takes it back; doubled is 1."""
        if self.before <= 0 or self.after <= 0:
            return 1.0
        return abs(math.log2(self.ratio))


@dataclass(slots=True)
class Step:
    """What changed between the last commit that was measured and the first with the new numbers, on one branch."""

    branch: str
    before: int
    place: int
    commit: str
    since: str
    subject: str
    date: int
    changes: list[Change] = field(default_factory=list)
    also_on: dict[str, str] = field(default_factory=dict)
    mended_by: "Step | None" = None
    gone: bool = False
    functions: list[tuple[str, float, float]] = field(default_factory=list)

    @property
    def located(self) -> bool:
        """Whether it is this commit's, and no commit's before it."""
        return self.place == self.before + 1

    @property
    def largest(self) -> Change:
        """The change that says most."""
        return max(self.changes, key=lambda change: change.size)

    @property
    def worse(self) -> int:
        """How many numbers grew."""
        return sum(change.after > change.before for change in self.changes)

    @property
    def better(self) -> int:
        """How many numbers fell."""
        return len(self.changes) - self.worse

    @property
    def effect(self) -> float:
        """Its size over all numbers: what doubles one of them is 1."""
        return sum(change.size for change in self.changes)


def steps(collected: Collected) -> list[Step]:
    """All steps, the latest first. One that several branches have, as their trees are the same, is there once."""
    found: dict[object, Step] = {}
    for line in collected.lines:
        of_branch: dict[tuple[int, int], Step] = {}
        for series in collected.series.values():
            if series.kind is not Kind.COUNT:
                continue
            of_series = collected.runs[series.name].get(line.branch, [])
            for before, after in _pairs(of_series):
                if not _is_step(before, after):
                    continue
                key = before.last, after.first
                step = of_branch.get(key)
                if step is None:
                    commit = line.commits[after.first]
                    since = line.commits[before.last].hash
                    of_branch[key] = step = Step(
                        line.branch, *key, commit.hash, since, commit.subject, commit.date
                    )
                assert before.value is not None and after.value is not None
                step.changes.append(Change(series, before.value, after.value))
        _mend(of_branch, collected)
        for (before_place, place), step in of_branch.items():
            commits = line.commits
            trees = commits[before_place].tree, commits[place].tree
            same = found.setdefault(trees if all(trees) else (step.since, step.commit), step)
            if same is not step:
                same.also_on.setdefault(step.branch, step.commit)
    return sorted(found.values(), key=lambda step: step.date, reverse=True)


def _pairs(runs: list[Run]) -> Iterator[tuple[Run, Run]]:
    """Each number with the one before it. Where there was none in between, nothing is said to have changed."""
    for before, after in zip(runs, runs[1:], strict=False):
        if before.value is not None and after.value is not None:
            yield before, after


def _is_step(before: Run, after: Run) -> bool:
    assert before.value is not None and after.value is not None
    return abs(after.value - before.value) > LEAST * abs(before.value)


def _mend(of_branch: dict[tuple[int, int], Step], collected: Collected) -> None:
    """Say of each step whether its largest change is still there, and what took it back."""
    by_place = {step.place: step for step in of_branch.values()}
    for step in of_branch.values():
        change = step.largest
        most = NEARLY * abs(change.after - change.before)
        for run in collected.runs[change.series.name][step.branch]:
            if run.first <= step.place or run.value is None:
                continue
            grew = change.after > change.before
            if run.value <= change.before + most if grew else run.value >= change.before - most:
                step.gone = True
                step.mended_by = by_place.get(run.first)
                break
