"""Measure what a cycle that should give everything back keeps instead."""

import gc
import tracemalloc
from collections.abc import Callable


def leak_slope(cycle: Callable[[], object], cycles: int, messages: int) -> int:
    """Bytes kept by each message of each cycle after the first, in whole bytes: 0 where nothing leaks.

    The first of the cycles fills caches and grows tables; what is still allocated after the last one beyond that is
    spread over the messages of all the others. Negative where later cycles gave back more than they took.
    """
    if cycles < 2:
        raise ValueError("a slope takes two cycles")
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        start = _allocated(cycle)
        for _ in range(cycles - 2):
            cycle()
        kept = _allocated(cycle) - start
    finally:
        if not tracing:
            tracemalloc.stop()
    return round(kept / ((cycles - 1) * messages))


def _allocated(cycle: Callable[[], object]) -> int:
    cycle()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
