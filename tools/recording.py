"""The recording of real traffic that the benchmarks run on where EXABGP_BENCH_MRT names one."""

import os

from benchmarks.wire import MrtError, recording_digest, recording_updates
from benchmarks.work.traffic import RECORDING
from tools.errors import ToolError

# UPDATEs that most benchmarks of traffic run on. A benchmark that takes more says itself that they are not there.
NEEDED = 1000


def locate_recording() -> None:
    """Have the path lead there from any folder: benchmarks run in folders of their own, and no shell has seen a `~`."""
    if os.environ.get(RECORDING):
        # Those of pathlib end in an exception for the home directory of nobody.
        os.environ[RECORDING] = os.path.abspath(os.path.expanduser(os.environ[RECORDING]))  # noqa: PTH100, PTH111


def check_recording() -> str | None:
    """Read what the benchmarks will; return a line about it, or None where there is no recording.

    Called where the user is, before another folder is made the current one. Raises ToolError for a recording that can't
    be read or is too short.
    """
    locate_recording()
    path = os.environ.get(RECORDING)
    if not path:
        return None
    try:
        updates = recording_updates(path, NEEDED)
    except MrtError as error:
        raise ToolError(f"{RECORDING}: {error}") from None
    return f"{path}: left out on the way to {NEEDED:,} UPDATEs: {updates.left_out_in_words}"


def traffic_digest() -> str:
    """What tells this traffic from other traffic. Raises ToolError for a recording that can't be read."""
    path = os.environ.get(RECORDING)
    try:
        return recording_digest(path) if path else "fitted"
    except MrtError as error:
        raise ToolError(f"{RECORDING}: {error}") from None
