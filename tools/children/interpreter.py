"""Start a process that imports a tree of ExaBGP, and read what it finds out, line by line."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tools.errors import ToolError
from tools.lifetime import end_children_with_this_process
from tools.paths import ROOT

type Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Processes on one tree of ExaBGP.

    `seed` is their hash seed, `limit` how many seconds one may take, `without` the variables of the environment that
    they don't get to know.
    """

    tree: Path
    seed: str = "0"
    limit: float | None = None
    without: tuple[str, ...] = ()

    def run[**P](self, job: Callable[P, Iterator[Line]], *args: P.args, **kwargs: P.kwargs) -> Iterator[Line]:
        """What a job yields, line by line as it comes. The arguments have to be what JSON can carry.

        Raises ToolError, with the last words of the process, when it fails or takes too long. The process ends when
        its lines are no longer read, and when this process ends, by whatever way.
        """
        end_children_with_this_process()
        command = [sys.executable, "-m", "tools.children.child"]
        command += [job.__module__, job.__name__, json.dumps([args, kwargs])]
        with (
            tempfile.TemporaryFile("w+", errors="replace") as errors,
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                # With what it forks and starts itself: all of them are ended together.
                process_group=0,
            ) as child,
        ):
            with _limited(child, self.limit) as expired, _ended(child):
                assert child.stdout
                # The last one is a part, where it was ended in the midst of it.
                yield from (json.loads(line) for line in child.stdout if line.endswith("\n"))
            if expired.is_set():
                raise ToolError(f"{job.__name__} took more than {self.limit:g} s")
            if child.wait():
                raise ToolError(_last_words(child.returncode, errors))

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in self.without}
        return inherited | {"PYTHONPATH": f"{self.tree}{os.pathsep}{ROOT}", "PYTHONHASHSEED": self.seed}


@contextlib.contextmanager
def _ended(child: subprocess.Popen[str]) -> Iterator[None]:
    """Leave no process behind: neither this one, whatever happens here, nor what it has started, when it has ended."""

    def end_the_others() -> None:
        # Nobody has waited for it yet, so its number is its own and that of its group. Where it was killed, what it has
        # forked would go on, and keep the pipe open that its lines are read from.
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        _kill(child)

    watcher = threading.Thread(target=end_the_others)
    watcher.start()
    try:
        yield
    except BaseException:
        _kill(child)
        raise
    finally:
        watcher.join()


@contextlib.contextmanager
def _limited(child: subprocess.Popen[str], seconds: float | None) -> Iterator[threading.Event]:
    """Kill a process after some seconds; the event says that it was."""
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        _kill(child)

    timer = threading.Timer(seconds or threading.TIMEOUT_MAX, expire)
    timer.daemon = True
    if seconds:
        timer.start()
    try:
        yield expired
    finally:
        timer.cancel()


def _kill(child: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _last_words(status: int, errors: IO[str]) -> str:
    if status < 0:
        return f"the process was ended by {signal.Signals(-status).name}"
    errors.seek(0)
    lines = [line.strip() for line in errors if line.strip()]
    return lines[-1].removeprefix("error: ") if lines else f"the process ended with status {status} and said nothing"
