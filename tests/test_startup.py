"""A commit that can't be imported: the benchmarks are discovered all the same, and each fails with its error."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.paths import ROOT

# Fails when it is imported for the first time only: what a second import gives is nothing that the daemon ever runs.
FAILS_ONCE = """
import os
if "TRIED" not in os.environ:
    os.environ["TRIED"] = "1"
    {statement}
"""
RUN = """
from tools.suite import Suite
for _ in range(2):
    for (name, index), benchmark in Suite().cases("_bytecodes"):
        try:
            benchmark.do_setup()
        except BaseException as error:
            print(f"{type(error).__name__}: {error}")
        else:
            print(f"{name} is set up without ExaBGP")
"""


@pytest.mark.parametrize(
    ("statement", "error"),
    [("raise ValueError('no such thing')", "ValueError: no such thing"), ("raise SystemExit(3)", "SystemExit: 3")],
)
def test_every_setup_fails_with_what_the_import_raised(statement: str, error: str, tmp_path: Path) -> None:
    package = tmp_path / "exabgp" / "__init__.py"
    package.parent.mkdir()
    package.write_text(FAILS_ONCE.format(statement=statement))
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    errors = done.stdout.splitlines()
    assert {*errors} == {error}
    assert len(errors) > 100
