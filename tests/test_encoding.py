"""Terminals and pipes that lack a character."""

import os
import subprocess
import sys

import pytest

from tools.paths import ROOT


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("ascii", "3.1us +-0.2 -> caf? ..."), ("latin-1", "3.1us ±0.2 -> café ..."), ("utf-8", "3.1μs ±0.2 → café …")],
)
def test_what_an_encoding_lacks_is_replaced(encoding: str, words: str) -> None:
    code = "from tools.errors import run\nrun(lambda: print('3.1μs ±0.2 → café …'))"
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode(encoding) == f"{words}\n"
