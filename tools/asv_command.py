"""Run asv from a tool, with what can be wrong checked before it starts."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tools.configuration import RESULTS
from tools.errors import ToolError, stop_listening
from tools.exclusive import measuring
from tools.lifetime import end_children_with_this_process
from tools.paths import ROOT

# Seconds that asv gets to put away what it is at.
PATIENCE = 10


def run_asv(*arguments: str, results: Path | None = None) -> int:
    """Run asv and return its exit status; on ^C let it end, and say how to go on.

    Raises ToolError where something killed it, or somebody measures in this checkout already.
    """
    with measuring():
        end_children_with_this_process()
        sys.stdout.flush()
        environment = os.environ | ({RESULTS: str(results)} if results else {})
        # A terminal sends ^C to both. asv begins with it blocked, and so it stays: what there is to say is said here.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        status = _status_of(subprocess.Popen([sys.executable, "-m", "asv", *arguments], cwd=ROOT, env=environment))
    if status < 0 or status > 128:
        ended_by = signal.Signals(-status if status < 0 else status - 128)
        why = ": out of memory?" if ended_by is signal.SIGKILL else "."
        raise ToolError(f"asv was ended by {ended_by.name}{why} The same command goes on")
    return status


def measure(commits: Iterable[str], *arguments: str, results: Path | None = None) -> None:
    """Have asv measure some commits, by their hashes. Raises ToolError where it has measured nothing."""
    with tempfile.NamedTemporaryFile("w", suffix=".commits") as file:
        file.write("\n".join(commits))
        file.flush()
        status = run_asv("run", "--show-stderr", *arguments, f"HASHFILE:{file.name}", results=results)
    if status == 1:
        raise ToolError("nothing was measured: asv says why above")


def _status_of(asv: subprocess.Popen[bytes]) -> int:
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        return asv.wait()
    except KeyboardInterrupt:
        stop_listening()
        asv.terminate()
        try:
            asv.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            asv.kill()
            asv.wait()
        raise KeyboardInterrupt(
            "stopped; what was measured is saved, and the same command goes on from there"
        ) from None
