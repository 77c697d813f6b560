"""When a time is slower: how often the gate takes it, and what it asks of the samples.

On a shared machine a time depends on the process that takes it: the samples of one process lie close together, and
those of the next, of the same code, at half or at twice that. So a process counts once, by its least sample, as what
else a machine does only ever adds to a time. A time is slower when no process of the branch is as fast as the fourth
fastest of six of the base's, and then as the seventh fastest of twelve. Where both take turns on a machine that is not
in step with them, equal code does the first in 3 % and the second in 0.2 % of times: one in 14,000 does both.
"""

from collections.abc import Sequence
from itertools import batched
from statistics import median_high

# Rounds of each measurement pass, a process in each: of all times, few enough for ten minutes; then of those that look
# different; then of those that look slower.
PASSES = (2, 6, 12)
# Samples of each process: asv's default, and most benchmarks', has fewer where a process is slow, so that nothing tells
# where in all of them a process begins.
SAMPLES = 3
# What the least sample has to grow by, and by how many seconds: the resolution of what is timed.
TIME_FACTOR = 1.1
TIME_FLOOR = 1e-6


def is_slower(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether a time became larger, given the seconds of each process of both commits, as many of one as of the other.

    False where they are not as many: a process of one has failed.
    """
    if not before or len(before) != len(after):
        return False
    least = min(before)
    return min(after) > max(least * TIME_FACTOR, least + TIME_FLOOR, median_high(before))


def of_processes(samples: Sequence[float]) -> list[float]:
    """The least sample of each process, of samples in the order of the rounds."""
    return [min(of_one) for of_one in batched(samples, SAMPLES)]
