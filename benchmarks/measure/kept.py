"""Measure the memory that stays allocated after a call."""

import gc
import sys
import tracemalloc
from collections.abc import Callable


def allocated_bytes() -> int:
    """Bytes allocated now that somebody can still reach, of those made since tracemalloc was started."""
    gc.collect()
    # CPython remembers names that attributes were looked up by, in places that depend on where in memory they lie.
    sys._clear_type_cache()
    return tracemalloc.get_traced_memory()[0]


def kept_bytes(call: Callable[[], object], release: Callable[[], object] | None = None) -> int:
    """Bytes that are still allocated after the call while its result is held, on Python's own allocators.

    The call is run once before, so that what is made once (imports, caches) is not in the figure. Its result is
    dropped then, and what it has kept elsewhere is given back by `release`. Negative when the call has released more
    than it kept.
    """
    call()
    if release:
        release()
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        before = allocated_bytes()
        result = call()
        after = allocated_bytes()
        del result
    finally:
        if not tracing:
            tracemalloc.stop()
    return after - before
