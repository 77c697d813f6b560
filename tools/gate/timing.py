"""When a time is slower: how often the gate takes it, and what it asks of the samples.

On a shared machine a time depends on the process that takes it: the samples of one process lie close together, and
those of the next, of the same code, at half or at twice that. So a process counts once, by its least sample, as what
else a machine does only ever adds to a time. A time is slower when no process of the branch is as fast as the faster
half of the base's. For equal code that is luck, whatever the machine does, as long as both take turns on it: that the
four fastest of six and six processes are all of the base has a chance of 3 %, the seven fastest of twelve and twelve
0.2 %, and the gate asks for both.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median_high

# Rounds of each measurement pass, a process in each: of all times, few enough for ten minutes; then of those that look
# different; then of those that are.
PASSES = (2, 6, 12)
# What the least sample has to grow by, and by how many seconds: the resolution of what is timed.
TIME_FACTOR = 1.1
TIME_FLOOR = 1e-6


def is_slower(before: Sequence[float], after: Sequence[float], rounds: int) -> bool:
    """Whether the samples of a time, in seconds, became larger, given in how many rounds they were taken."""
    old, new = of_processes(before, rounds), of_processes(after, rounds)
    if len(old) < rounds or not new:
        return False
    return min(new) > max(min(old) * TIME_FACTOR, min(old) + TIME_FLOOR, median_high(old))


def of_processes(samples: Sequence[float], rounds: int) -> list[float]:
    """The least sample of each process, of samples in the order of the rounds, in each of which about as many are."""
    bounds = [len(samples) * number // rounds for number in range(rounds + 1)]
    return [min(samples[start:end]) for start, end in pairwise(bounds) if start < end]
