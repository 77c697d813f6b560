"""Run in_browser.py, the site in a real browser, in a process of its own.

What drives the browser has ended processes that had run many other tests before, without a word.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import PATIENCE
from tools.paths import ROOT


def test_the_site_in_a_browser() -> None:
    tests = str(Path(__file__).with_name("in_browser.py"))
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-rs", "-p", "no:cacheprovider", tests]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        pytest.fail(done.stdout[-6000:] + done.stderr[-2000:], pytrace=False)
    if " passed" not in done.stdout:
        pytest.skip(done.stdout.splitlines()[-2])
