"""The process that keeps a daemon's folder, and leaves nothing of either behind: ``python -I -S keeper.py``.

It makes the folder and prints its path. When its standard input ends, because the harness closed it or is there no
more, it kills every process that has the folder in its environment, and removes the folder. That is the one way in
which a daemon ends. Nothing but the standard library is imported: the daemon waits for this to be up.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

# The daemon has it in its environment, and its API process inherits it.
FOLDER = "EXABGP_BENCH_DAEMON"
_POLL = 0.01


def processes_of(folder: str) -> list[int]:
    """All processes that are alive and have the folder in their environment."""
    marker = f"{FOLDER}={folder}\0".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if marker in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            # It has ended, or is another user's.
            continue
    return found


def main() -> None:
    """Keep a folder until nobody needs it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    folder = tempfile.mkdtemp(prefix="exabgp-daemon-")
    try:
        print(folder, flush=True)
        sys.stdin.buffer.read()
    finally:
        while left := processes_of(folder):
            for process in left:
                try:
                    os.kill(process, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            time.sleep(_POLL)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
