"""Measure what a cycle that should give everything back keeps instead."""

import tracemalloc
from collections.abc import Callable
from itertools import pairwise

from benchmarks.measure.kept import allocated_bytes

# The least that a message can leave behind: its place in a list.
_REFERENCE = 8


def leak_slope(cycle: Callable[[], object], cycles: int, messages: int) -> int:
    """Bytes that each message leaves behind in every cycle after the first, in whole bytes: 0 where nothing leaks.

    The first cycle fills caches and grows tables. Of the others the least counts: what comes and goes, as the last
    lines of a log that ExaBGP remembered until 2020, is no leak.
    """
    if cycles < 2:
        raise ValueError("a slope takes two cycles")
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        allocated = [_allocated_after(cycle) for _ in range(cycles)]
    finally:
        if not tracing:
            tracemalloc.stop()
    slope = round(min(after - before for before, after in pairwise(allocated)) / messages)
    return slope if slope >= _REFERENCE else 0


def _allocated_after(cycle: Callable[[], object]) -> int:
    cycle()
    return allocated_bytes()
