"""Another chance for a daemon that resets its session: some commits lose octets, by when they come."""

from collections.abc import Callable

from benchmarks.daemon_harness import SessionReset

# How many runs may end with a session that the daemon reset before one is taken for a failure.
_RETRIES = 3


def with_retries[T](run: Callable[[], T]) -> tuple[T, int]:
    """What a run comes to, and how many before it the daemon ended by a reset of the session.

    Raises SessionReset where there are too many.
    """
    for resets in range(_RETRIES):
        try:
            return run(), resets
        except SessionReset:
            continue
    return run(), _RETRIES
