"""Running git: on one repository and no other, with what went wrong in one line."""

import os
import re
import subprocess
from pathlib import Path

from tools.errors import ToolError
from tools.paths import UPSTREAM

_NOT_THE_CALLERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NO_REPLACE_OBJECTS")


class GitError(ToolError):
    """Git ran and refused: there is no such revision, for instance. What keeps git from running is a ToolError."""


def git(*arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"") -> str:
    """Run git and return what it printed, as text without the white space around it."""
    return git_output(*arguments, cwd=cwd, stdin=stdin).decode(errors="replace").strip()


def git_output(*arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"") -> bytes:
    """Run git and return what it printed."""
    with start_git(*arguments, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            printed, said = process.communicate(stdin)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise failure(arguments[0], said)
    return printed


def start_git(
    *arguments: str | Path,
    cwd: Path | None = None,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
    new_session: bool = False,
) -> subprocess.Popen[bytes]:
    """Start git, with its standard error as a pipe and in English."""
    if cwd and not cwd.is_dir():
        if cwd == UPSTREAM:
            raise ToolError("upstream, the clone of ExaBGP, is not there: run python3 bootstrap.py upstream")
        raise ToolError(f"{cwd} is no folder")
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_THE_CALLERS}
    try:
        return subprocess.Popen(
            ["git", *arguments],
            cwd=cwd,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=environment | {"LC_ALL": "C"},
            start_new_session=new_session,
        )
    except FileNotFoundError:
        raise ToolError("git is not installed, or not on PATH: install it first") from None


def failure(command: str | Path, said: bytes) -> ToolError:
    """What to raise when a git command has failed and said this."""
    remedy = re.search(rb"git config --global --add safe\.directory (.+)", said)
    if remedy:
        path = remedy[1].decode(errors="replace")
        return ToolError(f"{path} belongs to another user, so git refuses it: {remedy[0].decode(errors='replace')}")
    return GitError(f"git {command} failed: {reason(said)}")


def reason(output: bytes) -> str:
    """Return the line of git's or pip's error output that tells most: its first error, else its last line."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("fatal:", "error:")) and not line.endswith(":")]
    return errors[0].partition(":")[2].strip() if errors else (lines or ["no message"])[-1]
