import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import bootstrap

ROOT = Path(__file__).resolve().parents[2]
TOX_INI = """
[testenv]
skip_install = true
[testenv:show]
commands = python -c "import os, sys; print('shown', sys.argv[1:], os.environ['PATH'])" {posargs}
[testenv:fails]
commands = python -c "raise SystemExit(7)"
"""
OTHER_PYTHON = "import sys, runpy; sys.executable = '/none'; runpy.run_path('bootstrap.py', run_name='__main__')"
"""Starts bootstrap.py as a Python would that isn't the one wanted."""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    folder.mkdir()
    shutil.copy(ROOT / "bootstrap.py", folder)
    (folder / "tox.ini").write_text(TOX_INI)
    return folder


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH with git and nothing else."""
    folder = tmp_path / "programs"
    folder.mkdir()
    git = shutil.which("git")
    assert git is not None
    (folder / "git").symlink_to(git)
    return folder


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + textwrap.dedent(text))
    path.chmod(0o755)
    return path


def start(clone: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # What a bootstrap that runs these tests has set for itself.
    inherited = {name: value for name, value in os.environ.items() if name not in bootstrap.CACHES}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=clone,
        env=inherited | {"HOME": str(clone.parent / "home"), "PYENV_ROOT": str(clone / "none")} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_whole_way_in_a_hostile_environment(clone: Path) -> None:
    """What an interruption left in .venv, and variables that lead elsewhere, change nothing."""
    (clone / ".venv").mkdir()
    (clone / ".venv" / "left").touch()
    (clone / "hostile").mkdir()
    (clone / "hostile" / "tox.py").write_text("raise SystemExit('the wrong tox')")
    hostile = dict.fromkeys(("VIRTUAL_ENV", "PIP_TARGET", "TOX_WORK_DIR"), str(clone.parent / "none"))
    hostile |= {"PYTHONPATH": str(clone / "hostile"), "PIP_USER": "1"}

    done = start(clone, "bootstrap.py", "show", "--", "one", "two words", **hostile)

    if "-m pip install" in done.stderr:
        index = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(clone / "t"), bootstrap.TOX]
        if subprocess.run(index, check=False, capture_output=True).returncode:
            pytest.skip("the package index can't be reached")
    assert done.returncode == 0, done.stderr
    assert "shown ['one', 'two words']" in done.stdout
    # tox puts its environment before everything; next comes the python3.12 that is known to run
    assert f"/.tox/show/bin:{clone}/.venv/bin:" in done.stdout
    assert not (clone / ".venv" / "left").exists()
    assert not (clone.parent / "none").exists()
    assert {path.name for path in clone.iterdir()} == {"bootstrap.py", "tox.ini", "hostile", ".venv", ".tox", ".cache"}
    # pip asks rustc for its version, and where that is rustup's it makes a folder of its own.
    assert {path.name for path in (clone.parent / "home").glob("*")} <= {".rustup"}

    # .venv is there: whatever python3 is, it is used; tox's status is passed on, from any folder
    done = start(clone.parent, str(clone / "bootstrap.py"), "fails")
    assert done.returncode == 7
    assert "making .venv" not in done.stdout

    # an .venv made for another tox is made again
    (clone / ".venv" / "complete").write_text("tox>=1")
    assert "making .venv" in start(clone, "bootstrap.py", "fails").stdout


def test_no_git(clone: Path) -> None:
    done = start(clone, "bootstrap.py", "bench", PATH=str(clone))
    assert done.returncode == 2
    assert done.stderr == "error: git is not installed, or not on PATH: install it first\n"


def test_no_python_that_will_do(clone: Path, programs: Path) -> None:
    script(programs / "python3.12", "echo 'pyenv: python3.12: command not found' >&2; exit 127")
    done = start(clone, "-c", OTHER_PYTHON, "bench", PATH=str(programs))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: no Python 3.12 that runs")
    assert "pyenv install 3.12" in line
    assert not (clone / ".venv").exists()


def test_no_ensurepip(clone: Path, programs: Path) -> None:
    script(
        programs / "python3.12",
        f"""
        case "$*" in
        *"-m venv"*) echo "it was not created because ensurepip is not available."; exit 1 ;;
        *) echo "cpython 3.12 {programs}/python3.12" ;;
        esac
        """,
    )
    done = start(clone, "-c", OTHER_PYTHON, "bench", PATH=str(programs))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "lacks ensurepip" in line
    assert "apt install python3.12-venv" in line


def test_no_package_index(clone: Path) -> None:
    done = start(
        clone, "bootstrap.py", "bench", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(clone), PIP_CONFIG_FILE=os.devnull
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "No matching distribution found for tox" in line
    assert not (clone / ".venv" / "complete").exists()


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["-e", "bench"]])
def test_usage(clone: Path, arguments: list[str]) -> None:
    done = start(clone, "bootstrap.py", *arguments)
    assert done.returncode == (0 if arguments in (["--help"], ["-h"]) else 2)
    assert "bootstrap.py TOXENV [-- ARGUMENTS]" in done.stdout


class TestFindPython:
    """Each place that is asked, with nothing in the others."""

    @pytest.fixture(autouse=True)
    def nothing_elsewhere(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, programs: Path) -> None:
        monkeypatch.setattr(sys, "executable", "/none")
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin")
        monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
        # /usr/bin is needed by scripts; a python3.12 there must not answer
        script(programs / "python3.12", "exit 127")
        script(programs / "py", "exit 1")
        script(programs / "uv", "exit 1")

    @staticmethod
    def answer(name: str, version: str = "3.12", kind: str = "cpython") -> str:
        return f"echo '{kind} {version} {name}'"

    def test_nowhere(self) -> None:
        with pytest.raises(bootstrap.BootstrapError):
            bootstrap.find_python()

    def test_the_interpreter_itself(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(sys, "executable", str(script(tmp_path / "python3", self.answer("itself"))))
        assert bootstrap.find_python() == "itself"

    def test_on_path(self, programs: Path) -> None:
        script(programs / "python3.12", self.answer("/on path/python"))
        assert bootstrap.find_python() == "/on path/python"

    def test_py_launcher(self, programs: Path) -> None:
        script(programs / "py", f'[ "$1" = -3.12 ] && {self.answer("by py")}')
        assert bootstrap.find_python() == "by py"

    def test_pyenv_version_behind_a_dead_shim(self, tmp_path: Path) -> None:
        script(tmp_path / "pyenv" / "versions" / "3.12.1" / "bin" / "python", self.answer("by pyenv"))
        assert bootstrap.find_python() == "by pyenv"

    def test_uv(self, programs: Path, tmp_path: Path) -> None:
        found = script(tmp_path / "uv python", self.answer("by uv"))
        script(programs / "uv", f'[ "$*" = "python find 3.12" ] && echo "{found}"')
        assert bootstrap.find_python() == "by uv"

    @pytest.mark.parametrize(("version", "kind"), [("3.11", "cpython"), ("3.12", "pypy")])
    def test_another_python_of_that_name(self, programs: Path, version: str, kind: str) -> None:
        script(programs / "python3.12", self.answer("other", version, kind))
        with pytest.raises(bootstrap.BootstrapError):
            bootstrap.find_python()
