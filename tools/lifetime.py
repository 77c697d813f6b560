"""Processes that end with the one that started them, however that ends: by a signal, by ``kill -9``, by a defect.

asv gives each child a process group of its own, and asv's server forks a process for each benchmark, so no signal and
no terminal reaches them all. They have one thing in common: a variable, which they inherit. A guard, a process of its
own, waits until the process that it guards has ended, and kills what still has that variable.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from signal import SIGTERM

import psutil

# Names whose children a process is.
STARTED_BY = "EXABGP_BENCH_STARTED_BY"
# Of the guard's answers, and of a parent's end, in seconds.
POLL = 0.5

_guards: list[subprocess.Popen[bytes]] = []


def end_children_with_this_process() -> None:
    """Have all that is started from now on end when this process does.

    Nothing is to be done where a process of this repository has started this one: it has seen to its children's
    children, too.
    """
    if STARTED_BY in os.environ:
        return
    name = uuid.uuid4().hex
    command = [sys.executable, "-P", str(Path(__file__).resolve()), name]
    nowhere = subprocess.DEVNULL
    # Deaf to ^C. The pipe closes when this process ends.
    _guards.append(
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, cwd="/", start_new_session=True
        )
    )
    os.environ[STARTED_BY] = name


def end_children_with_this_process_alone() -> None:
    """The same for a process that may be killed while the one of this repository that has started it goes on."""
    os.environ.pop(STARTED_BY, None)
    end_children_with_this_process()


def end_with_parent() -> None:
    """Have this process stop, as if it were asked to, when the one that has started it is there no more."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(POLL)
        os.kill(os.getpid(), SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _started_by(name: str) -> list[psutil.Process]:
    """All processes that are there, parents first: asv would store a benchmark that is killed as one that failed."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(STARTED_BY) == name:
                found.append((process.create_time(), process))
    return [process for _, process in sorted(found, key=lambda pair: pair[0])]


def main() -> None:
    """Be the guard: wait for the end of standard input, then kill."""
    sys.stdin.read()
    while left := _started_by(sys.argv[1]):
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=POLL)


if __name__ == "__main__":
    main()
