"""What changed between two commits, and whether it counts: the rules of the gate.

Counts come first: they are exact, so any growth over one per cent is a slow-down; how they grow with size has a floor
of its own. Times come second, by a rule of their own (`tools.gate.timing`). The control benchmarks, which run no ExaBGP
code, say whether it was the machine that became slower.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from tools.gate.timing import TIME_FACTOR, is_slower, of_processes
from tools.numbers.kinds import Kind
from tools.numbers.stored import Key, Number

# A count is exact; below this it is not worth stopping a change for.
COUNT_FACTOR = 1.01
# How a cost grows with size is exact too. But an exponent also rises where small sizes become cheaper, so it has to
# rise by what makes each of ten times as many cost an eighth more.
GROWTH_FLOOR = 0.05
# Peak memory is of a process, allocator and all.
MEMORY_FACTOR = 1.05
MEMORY_FLOOR = 1 << 20


class Outcome(Enum):
    """What became of a number."""

    SLOWER = "slower"
    HEAVIER = "heavier"
    NEWLY_FAILING = "newly failing"
    NEWLY_SKIPPED = "newly skipped"
    FASTER = "faster"
    LIGHTER = "lighter"
    NEW = "new"
    SAME = "same"
    UNDECIDED = "undecided"
    NOTHING = "no number"


# What a change must not do.
WORSE = (Outcome.SLOWER, Outcome.HEAVIER, Outcome.NEWLY_FAILING)
BETTER = (Outcome.FASTER, Outcome.LIGHTER)


@dataclass(frozen=True, slots=True)
class Change:
    """One number before and after."""

    key: Key
    before: Number
    after: Number
    outcome: Outcome

    @property
    def ratio(self) -> float:
        """After divided by before; above 1 is worse. NaN where there is none."""
        if self.before.measured and self.after.measured and self.before.least:
            assert self.after.least is not None
            return self.after.least / self.before.least
        return math.nan

    @property
    def suspect(self) -> bool:
        """Whether this is a time that looks different, and should be measured again before it is called so."""
        return self.key.kind is Kind.TIME and (self.ratio > TIME_FACTOR or self.ratio < 1 / TIME_FACTOR)


def changes(before: Mapping[Key, Number], after: Mapping[Key, Number]) -> list[Change]:
    """Compare every number of two commits."""
    nothing = Number(math.nan)
    keys = sorted({*before, *after}, key=str)
    return [
        Change(key, old, new, compare(key.kind, old, new))
        for key in keys
        for old, new in [(before.get(key, nothing), after.get(key, nothing))]
    ]


def compare(kind: Kind, before: Number, after: Number) -> Outcome:
    """Say what became of one number."""
    if not before.measured:
        return Outcome.NEW if after.measured else Outcome.NOTHING
    if after.value is None:
        return Outcome.NEWLY_FAILING
    if not after.measured:
        return Outcome.NEWLY_SKIPPED
    if _grew(kind, before, after):
        return Outcome.HEAVIER if kind is Kind.MEMORY else Outcome.SLOWER
    if _grew(kind, after, before):
        return Outcome.LIGHTER if kind is Kind.MEMORY else Outcome.FASTER
    return Outcome.SAME


def machine_moved(compared: Iterable[Change]) -> Iterator[Change]:
    """The controls that say that the machine, not ExaBGP, changed its speed: they did what a slower time does."""
    for change in compared:
        old, new = change.before, change.after
        if change.key.kind is Kind.CONTROL and (_is_slower(old, new) or _is_slower(new, old)):
            yield change


def _is_slower(before: Number, after: Number) -> bool:
    return is_slower(of_processes(before.samples or []), of_processes(after.samples or []))


def _grew(kind: Kind, before: Number, after: Number) -> bool:
    assert before.least is not None
    assert after.least is not None
    if kind is Kind.COUNT:
        return after.least > before.least * COUNT_FACTOR
    if kind is Kind.GROWTH:
        return after.least > before.least + GROWTH_FLOOR
    if kind is Kind.MEMORY:
        return after.least > before.least * MEMORY_FACTOR and after.least - before.least > MEMORY_FLOOR
    return kind is Kind.TIME and _is_slower(before, after)
