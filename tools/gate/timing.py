"""When a time is slower: how often the gate takes it, and what it asks of the samples.

On a shared machine seconds at half the speed come and go, so that medians, and U tests of all samples, say more of the
machine than of the code. But they only ever add to a time: the least samples are those that the machine left alone. So
a time is slower when its least sample grew by a factor, and by more than a clock can tell, lies above a quarter of the
other side's samples, and a U test of the least few of both sides says that this is not the luck of one. The quarter is
what busy cores need: they leave a sample in ten alone, or none, and one side finds it and the other does not. The level
of the test is none for equal code, as the least are not a sample of all: how often equal code is called slower is
measured instead (docs/calibration.md).
"""

from collections.abc import Sequence

from asv import _stats

# Rounds of each measurement pass: of all times, few enough for ten minutes; then of those that look different, enough
# that the machine is likely to leave one alone.
PASSES = (2, 6, 6)
# What the least sample has to grow by, and by how many seconds: the resolution of what is timed.
TIME_FACTOR = 1.1
TIME_FLOOR = 1e-6
# How many samples of the side that has fewer, and the same share of the other's. Five are just enough for the
# level: when all of one are below all of the other.
LEAST = 5
P_VALUE = 0.01


def is_slower(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether the samples of a time, in seconds, became larger."""
    share = LEAST / max(min(len(before), len(after)), 1)
    old, new = (sorted(samples)[: round(len(samples) * share)] for samples in (before, after))
    if not old or not new or new[0] <= max(old[0] * TIME_FACTOR, old[0] + TIME_FLOOR, lower_quartile(before)):
        return False
    _, p_value = _stats.mann_whitney_u(old, new)
    return bool(p_value < P_VALUE)


def lower_quartile(samples: Sequence[float]) -> float:
    """What a quarter of the samples are below."""
    return sorted(samples)[len(samples) // 4]
