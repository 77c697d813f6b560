"""How the tests run a tool and wait for what it does, and what one line of error is."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tools.paths import ROOT

# Seconds until something is taken to hang. A machine may have other work, so nothing is proved by time.
PATIENCE = 600

Tool = Callable[..., subprocess.CompletedProcess[str]]


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until something is so, and fail where it never is."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def run_tests(*selected: str, seconds: float = PATIENCE, **variables: str) -> str:
    """Run tests in a process of their own, in an environment with these variables; fail with what it prints."""
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *selected]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, timeout=seconds, check=False
    )
    if done.returncode:
        pytest.fail(done.stdout[-6000:] + done.stderr[-2000:], pytrace=False)
    return done.stdout


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Assert that a tool ended with one line of error that has these words."""
    assert done.returncode == 2, done
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("error: ")
    for word in words:
        assert word in lines[0]
