"""One daemon at a time on a machine: two would take each other's time, and some are never idle."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NAME = "exabgp-benchmarks-daemon.lock"


@contextmanager
def turn() -> Iterator[int]:
    """Wait until no other process has a daemon, then keep them waiting.

    Yields a descriptor: whoever inherits it keeps the others waiting, too, until it has ended.
    """
    path = Path(tempfile.gettempdir()) / _NAME
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644))
    # Only read, so that everybody can: it may be another user's.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)
