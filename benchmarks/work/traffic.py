"""The traffic that the traffic benchmarks run on: fitted to reality, or a recording of it."""

import functools
import os

from benchmarks.wire import Message, MrtError, Session, fitted_stream, recording_updates
from benchmarks.wire import recording_digest as digest_of

# A recording to use in place of the synthetic stream: an MRT file of BGP4MP messages, plain, gzip or bzip2.
RECORDING = "EXABGP_BENCH_MRT"

SESSION = Session()


# The longest beginning that was asked for: a shorter one is its beginning.
_known: list[Message] = []


def traffic(messages: int) -> list[Message]:
    """The first UPDATEs of the recording that EXABGP_BENCH_MRT names, or else of the stream fitted to real traffic.

    Raises MrtError, in one line, for a recording that can't be read or that has fewer.
    """
    if len(_known) < messages:
        path = os.environ.get(RECORDING)
        _known[:] = recording_updates(path, messages).messages if path else fitted_stream(messages, SESSION)
    return _known[:messages]


@functools.cache
def recording_digest() -> str | None:
    """Fingerprint of the recording, so that results on different recordings are never mixed; None without one.

    Works on a file that is no recording, too: the benchmarks must be discovered before one of them can report it.
    """
    path = os.environ.get(RECORDING)
    if not path:
        return None
    try:
        return digest_of(path)[:16]
    except MrtError as error:
        return str(error)
