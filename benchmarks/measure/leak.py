"""Measure what a cycle that should give everything back keeps instead."""

import tracemalloc
from array import array
from collections.abc import Callable
from itertools import pairwise

from benchmarks.measure.kept import allocated_bytes

# The least that a message can leave behind: its place in a list.
_REFERENCE = 8
# The least that something new in a message can leave in a table: its key and its value.
_ENTRY = 16


def leak_slope(cycle: Callable[[], object], cycles: int, messages: int) -> int:
    """Bytes that each message leaves behind in every cycle after the first, in whole bytes: 0 where nothing leaks.

    The first cycle fills caches and grows tables. Of the others the least counts: what comes and goes, as the last
    lines of a log that ExaBGP remembered until 2020, is no leak.
    """
    allocated = _allocated(cycle, cycles)
    slope = round(min(after - before for before, after in pairwise(allocated)) / messages)
    return slope if slope >= _REFERENCE else 0


def mean_slope(cycle: Callable[[], object], cycles: int, messages: int) -> int:
    """Whole bytes that a message leaves behind, on average of all cycles after four: what tables grow by is in it.

    For cycles that are not all alike. A table grows at once for many messages to come: in one cycle, and not in others.
    The first four are not: what they take the place of was allocated before anybody watched. 0 where it is less than
    a place in a table.
    """
    allocated = _allocated(cycle, cycles)[3:]
    slope = round((allocated[-1] - allocated[0]) / (messages * (cycles - 4)))
    return slope if slope >= _ENTRY else 0


def _allocated(cycle: Callable[[], object], cycles: int) -> "array[int]":
    """Bytes that are allocated after each cycle."""
    if cycles < 2:
        raise ValueError("a slope takes two cycles")
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        # No number is kept as an object of its own: it would be one more that is allocated.
        allocated = array("q", bytes(8 * cycles))
        for number in range(cycles):
            allocated[number] = _allocated_after(cycle)
        return allocated
    finally:
        if not tracing:
            tracemalloc.stop()


def _allocated_after(cycle: Callable[[], object]) -> int:
    cycle()
    return allocated_bytes()
