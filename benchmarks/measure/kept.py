"""Measure the memory that stays allocated after a call."""

import gc
import tracemalloc
from collections.abc import Callable


def kept_bytes(call: Callable[[], object], release: Callable[[], object] | None = None) -> int:
    """Bytes that are still allocated after the call while its result is held, on Python's own allocators.

    The call is run once before, so that what is made once (imports, caches) is not in the figure. Its result is
    dropped then, and what it has kept elsewhere is given back by `release`. Negative when the call has released more
    than it kept.
    """
    call()
    if release:
        release()
    gc.collect()
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        result = call()
        gc.collect()
        after = tracemalloc.get_traced_memory()[0]
        del result
    finally:
        if not tracing:
            tracemalloc.stop()
    return after - before
