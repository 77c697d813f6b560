"""Jobs for the processes of the tests: each does one thing that a job may do."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tools.children import Line
from tools.children.forked import forked
from tools.errors import ToolError


def says_where_it_is(variable: str) -> Iterator[Line]:
    print("what ExaBGP prints")
    yield {"path": sys.path, "seed": os.environ["PYTHONHASHSEED"], "variable": os.environ.get(variable)}


def waits_for(file: str) -> Iterator[Line]:
    yield {"line": 1}
    while not Path(file).exists():
        time.sleep(0.01)
    yield {"line": 2}


def refuses() -> Iterator[Line]:
    yield {"line": 1}
    raise ToolError("no such thing: name another")


def is_defective() -> Iterator[Line]:
    yield {"line": 1}
    raise ValueError("a defect")


def is_killed() -> Iterator[Line]:
    yield {"line": 1}
    os.kill(os.getpid(), signal.SIGSEGV)


def is_killed_in_a_line() -> Iterator[Line]:
    yield {"line": 1}
    # Where lines of JSON go: what a job prints itself goes elsewhere.
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            if descriptor.readlink().name.startswith("pipe:"):
                os.write(int(descriptor.name), b'{"line": ')
    os.kill(os.getpid(), signal.SIGKILL)


def ends(status: int) -> Iterator[Line]:
    yield {"line": 1}
    os._exit(status)


def hangs(file: str) -> Iterator[Line]:
    """Write the numbers of this process and of one that it forks to a file; both hang."""
    forked(_hang, file, os.getpid())
    yield {}


def _hang(file: str, parent: int) -> None:
    partial = Path(file + ".partial")
    partial.write_text(f"{parent} {os.getpid()}")
    partial.rename(file)
    while True:
        time.sleep(60)
