"""The traffic that the traffic benchmarks run on: fitted to reality, or a recording of it."""

import functools
import os

from benchmarks.wire import Message, MrtError, Session, digest, fitted_stream, recording_digest, recording_updates

# A recording to use in place of the synthetic stream: an MRT file of BGP4MP messages, plain, gzip or bzip2.
RECORDING = "EXABGP_BENCH_MRT"

SESSION = Session()


@functools.cache
def traffic(messages: int) -> list[Message]:
    """The first UPDATEs of the recording that EXABGP_BENCH_MRT names, or else of the stream fitted to real traffic.

    Raises MrtError, in one line, for a recording that can't be read or that has fewer.
    """
    path = os.environ.get(RECORDING)
    return recording_updates(path, messages).messages if path else fitted_stream(messages, SESSION)


def traffic_digest(messages: int) -> str:
    """Fingerprint of the traffic, so that results on different recordings are never mixed.

    Works on a file that is no recording, too: the benchmarks must be discovered before one of them can report it.
    """
    path = os.environ.get(RECORDING)
    if not path:
        return digest(traffic(messages))
    try:
        return recording_digest(path)
    except MrtError as error:
        return str(error)
