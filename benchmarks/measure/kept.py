"""Measure what stays after a call: memory that is allocated, objects that the garbage collector walks."""

import gc
import sys
import tracemalloc
from collections.abc import Callable
from typing import NamedTuple


def allocated_bytes() -> int:
    """Bytes allocated now that somebody can still reach, of those made since tracemalloc was started."""
    gc.collect()
    # CPython remembers names that attributes were looked up by, in places that depend on where in memory they lie.
    sys._clear_type_cache()
    return tracemalloc.get_traced_memory()[0]


def kept_bytes(
    call: Callable[[], object],
    release: Callable[[], object] | None = None,
    before: Callable[[], object] | None = None,
) -> int:
    """Bytes that are still allocated after the call while its result is held, on Python's own allocators.

    The call, or `before` where it takes long, is run once before, so that what is made once (imports, caches) is not in
    the figure. Its result is dropped then, and what it has kept elsewhere is given back by `release`. Negative when the
    call has released more than it kept.
    """
    return _kept(call, release, before or call, _see_nothing)[0]


class Kept(NamedTuple):
    """Kept bytes, and what was allocated before and after."""

    octets: int
    before: tracemalloc.Snapshot
    after: tracemalloc.Snapshot


def kept_snapshots(call: Callable[[], object], release: Callable[[], object] | None, frames: int) -> Kept:
    """The same, with who has allocated it, by that many frames. The snapshots themselves are in no figure."""
    return Kept(*_kept(call, release, call, tracemalloc.take_snapshot, frames))


def _see_nothing() -> None:
    """See nothing but the sum."""


def _kept[Seen](
    call: Callable[[], object],
    release: Callable[[], object] | None,
    at_first: Callable[[], object],
    see: Callable[[], Seen],
    frames: int = 1,
) -> tuple[int, Seen, Seen]:
    _run_once(at_first, release)
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start(frames)
    try:
        first = see()
        before = allocated_bytes()
        result = call()
        after = allocated_bytes()
        last = see()
        del result
    finally:
        if not tracing:
            tracemalloc.stop()
    return after - before, first, last


def kept_objects(call: Callable[[], object], release: Callable[[], object] | None = None) -> int:
    """Objects that the garbage collector walks after the call, while its result is held, and did not walk before.

    Each collection of the oldest generation takes time in proportion to them. The call is run once before, as for
    `kept_bytes`.
    """
    _run_once(call, release)
    before = _walked_objects()
    result = call()
    after = _walked_objects()
    del result
    return after - before


def _run_once(call: Callable[[], object], release: Callable[[], object] | None) -> None:
    call()
    if release:
        release()


def _walked_objects() -> int:
    # It stops walking tuples and dictionaries that hold nothing to be walked when it meets them: those within others
    # may take one more collection.
    number, before = 0, -1
    while number != before:
        gc.collect()
        before, number = number, len(gc.get_objects())
    return number
