"""Run asv from a tool, with what can be wrong checked before it starts."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.asv_plugin import RESULTS
from tools.errors import INTERRUPTED, ToolError
from tools.releases import git

ROOT = Path(__file__).resolve().parent.parent
UPSTREAM = ROOT / "upstream"


def run_asv(*arguments: str, results: Path | None = None) -> int:
    """Run asv and return its exit status; on ^C let it end, and say how to go on.

    Raises ToolError where something killed it.
    """
    environment = os.environ | ({RESULTS: str(results)} if results else {})
    with subprocess.Popen([sys.executable, "-m", "asv", *arguments], cwd=ROOT, env=environment) as process:
        try:
            status = process.wait()
        except KeyboardInterrupt:
            try:
                # A terminal sends ^C to both.
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
                process.wait()
            print("stopped; what was measured is saved, and the same command goes on from there", file=sys.stderr)
            return INTERRUPTED
    if status < 0:
        raise ToolError(f"asv was ended by {signal.Signals(-status).name}: out of memory? The same command goes on")
    return status


def commits_of(revisions: str) -> list[str]:
    """Hashes of the commits that a range names, newest first."""
    try:
        commits = git("rev-list", "--first-parent", *revisions.split(), "--", cwd=UPSTREAM).split()
    except ToolError:
        raise ToolError(
            f"{revisions}: no revision of the ExaBGP in upstream: see git -C upstream log, tag and branch"
        ) from None
    if not commits:
        raise ToolError(f"{revisions} names no commit: one commit is written {revisions}^!")
    return commits


def check_writable(folder: Path) -> None:
    """Raise OSError now rather than after the first benchmark."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass
