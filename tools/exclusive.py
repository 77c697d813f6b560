"""What holds while asv measures: nobody else does so in this checkout, and whatever it starts ends when it does."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from tools.errors import ToolError
from tools.lifetime import STARTED_BY, end_children_with_this_process
from tools.paths import ASV, ROOT

_lock = FileLock(ASV / "lock")


@contextmanager
def measuring() -> Iterator[None]:
    """Be the only one to measure in this checkout: it has one environment, for the commit that is being measured.

    Raises ToolError where another does. May be entered again from within.
    """
    _acquire()
    try:
        yield
    finally:
        _lock.release()


def begin_asv_run() -> None:
    """Called in asv before it runs anything. Raises ToolError where somebody else measures in this checkout."""
    signal.signal(signal.SIGTERM, _end)
    if signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []):
        # A tool says what there is to say of ^C. What asv starts does not inherit that from a function.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    if STARTED_BY in os.environ:
        # The tool that has started asv has seen to the rest.
        return
    _acquire()
    end_children_with_this_process()


def _acquire() -> None:
    Path(_lock.lock_file).parent.mkdir(exist_ok=True)
    try:
        _lock.acquire(blocking=False)
    except Timeout:
        raise ToolError(
            f"somebody measures in {ROOT} already: wait until that has ended, or use another clone of this repository"
        ) from None


def _end(*_: object) -> None:
    """End without a word, but put away what there is: whoever asked for it has to say why."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    sys.exit(128 + signal.SIGTERM)
