"""What changed between two commits, and whether it counts: the rules of the gate.

Counts come first: they are exact, so any growth over one per cent is a slow-down. Times come second. On a shared
machine seconds at half the speed come and go, so that medians, and U tests of all samples, say more of the machine than
of the code; but they only ever add to a time. So a time is slower when its least sample grew by a factor, and by more
than a clock can tell, and a U test of the faster halves says that this is no chance. The control benchmarks, which run
no ExaBGP code, say whether it was the machine that became slower.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from asv import _stats

from tools.results import Key, Kind, Number

# A count is exact; below this it is not worth stopping a change for.
COUNT_FACTOR = 1.01
# What the least sample of a time has to grow by, and by how many seconds: the resolution of what is timed.
TIME_FACTOR = 1.1
TIME_FLOOR = 1e-6
# Peak memory is of a process, allocator and all.
MEMORY_FACTOR = 1.05
MEMORY_FLOOR = 1 << 20
# Five samples a side, all of one below all of the other, are just enough.
P_VALUE = 0.01
# How far the controls may move before times mean nothing.
CONTROL_FACTOR = 1.07


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
    NOTHING = "no number"


# What a change must not do.
WORSE = (Outcome.SLOWER, Outcome.HEAVIER, Outcome.NEWLY_FAILING)


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
        return self.key.kind is Kind.TIME and _moved(self.ratio, TIME_FACTOR)


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


def machine_moved(compared: list[Change]) -> Iterator[Change]:
    """The controls that say that the machine, not ExaBGP, changed its speed."""
    for change in compared:
        if change.key.kind is Kind.CONTROL and _moved(change.ratio, CONTROL_FACTOR):
            yield change


def _moved(ratio: float, factor: float) -> bool:
    """Whether a ratio is off 1 by a factor, one way or the other; never where there is none."""
    return ratio > factor or ratio < 1 / factor


def _grew(kind: Kind, before: Number, after: Number) -> bool:
    assert before.least is not None
    assert after.least is not None
    growth = after.least - before.least
    if kind is Kind.COUNT:
        return after.least > before.least * COUNT_FACTOR
    if kind is Kind.MEMORY:
        return after.least > before.least * MEMORY_FACTOR and growth > MEMORY_FLOOR
    if kind is Kind.TIME:
        return after.least > before.least * TIME_FACTOR and growth > TIME_FLOOR and _significant(before, after)
    return False


def _significant(before: Number, after: Number) -> bool:
    _, p_value = _stats.mann_whitney_u(_faster_half(before), _faster_half(after))
    return bool(p_value < P_VALUE)


def _faster_half(number: Number) -> list[float]:
    samples = sorted(number.samples or [])
    return samples[: (len(samples) + 1) // 2]
