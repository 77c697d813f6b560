"""Tools in a copy of this repository, run as a user runs them, with real git and pip and no network."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import Tool
from tests.project import copy_repository

GITHUB = "https://github.com/"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables of a user whose git, pip and home hold nothing, and who reaches neither GitHub nor an index."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PIP_", "EXABGP_"))}
    home = tmp_path / "home"
    home.mkdir()
    return kept | {
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{tmp_path}/github/.insteadOf",
        "GIT_CONFIG_VALUE_0": GITHUB,
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path / "index"),
    }


@pytest.fixture
def git(environment: dict[str, str]) -> Callable[..., str]:
    def run(*arguments: object, cwd: Path) -> str:
        command = ["git", *map(str, arguments)]
        return subprocess.run(
            command, cwd=cwd, env=environment, check=True, capture_output=True, text=True
        ).stdout.strip()

    return run


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with the tools and asv.conf.json, and nothing made by them yet."""
    return copy_repository(tmp_path / "benchmarks", "tools", "asv.conf.json")


@pytest.fixture
def tool(workspace: Path, environment: dict[str, str]) -> Tool:
    """Run ``python -m tools.source.NAME`` in the workspace; keyword arguments are environment variables."""

    def run(name: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", f"tools.source.{name}", *arguments]
        done = subprocess.run(
            command, cwd=workspace, env=environment | variables, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr
        return done

    return run
