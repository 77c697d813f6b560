"""bootstrap.py on a folder that has nothing yet: from any Python 3 to the command."""

import ast
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

import bootstrap
from tests.command import PATIENCE, wait_until
from tools.paths import ROOT

TOX_INI = """
[tox]
no_package = true
[testenv]
base_python = python3.12
deps = iniconfig
[testenv:show]
description = say what is there
"""
# In place of this repository's: says how it was started, or ends with the status that it is told.
COMMAND = """
import json, os, signal, sys
if sys.argv[2:3] == ["status"]:
    sys.exit(int(sys.argv[3]))
import iniconfig
blocked = [int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, [])]
print(json.dumps([sys.argv[1:], os.getcwd(), sys.prefix, blocked, {**os.environ}]))
"""
OTHER_PYTHON = "import sys, runpy; sys.executable = '/none'; runpy.run_path('bootstrap.py', run_name='__main__')"
"""Starts bootstrap.py as a Python would that isn't the one wanted."""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    (folder / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "bootstrap.py", folder)
    (folder / "tox.ini").write_text(TOX_INI)
    (folder / "pyproject.toml").touch()
    (folder / "tools" / "__main__.py").write_text(COMMAND)
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


def environment(clone: Path, **variables: str) -> dict[str, str]:
    # What a bootstrap that runs these tests has set for itself.
    inherited = {name: value for name, value in os.environ.items() if name not in bootstrap.CACHES}
    return inherited | {"HOME": str(clone.parent / "home"), "PYENV_ROOT": str(clone / "none")} | variables


def start(clone: Path, *arguments: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd or clone,
        env=environment(clone, **variables),
        capture_output=True,
        text=True,
        check=False,
    )


def test_whole_way_in_a_hostile_environment(clone: Path, tmp_path: Path) -> None:
    """What an interruption left in .venv, and variables that lead elsewhere, change nothing."""
    (clone / ".venv").mkdir()
    (clone / ".venv" / "left").touch()
    (clone / "hostile").mkdir()
    (clone / "hostile" / "tox.py").write_text("raise SystemExit('the wrong tox')")
    hostile = dict.fromkeys(("VIRTUAL_ENV", "PIP_TARGET", "TOX_WORK_DIR"), str(clone.parent / "none"))
    hostile |= {"PYTHONPATH": str(clone / "hostile"), "PIP_USER": "1", "PYTHONOPTIMIZE": "1", "TOX_ENV_NAME": "x"}
    hostile |= {"exabgp_log_enable": "true"}

    done = start(clone, "bootstrap.py", "show", "--", "one", "--two words", **hostile, EXABGP_REPO="a repository")

    if "No matching distribution" in done.stderr:
        index = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(clone / "t"), bootstrap.TOX]
        if subprocess.run(index, check=False, capture_output=True).returncode:
            pytest.skip("the package index can't be reached")
    assert done.returncode == 0, done.stderr
    *said, last = done.stdout.splitlines()
    assert said == ["making .venv with tox, once", "making .tox/show, once"]
    arguments, folder, prefix, blocked, variables = json.loads(last)
    assert arguments == ["show", "one", "--two words"]
    assert folder == str(clone)
    assert prefix == str(clone / ".tox" / "show")
    # Before Python listens, ^C would end in its traceback.
    assert {*blocked} >= {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    # What tox would put there; next comes the python3.12 that is known to run.
    assert variables["PATH"].startswith(f"{clone}/.tox/show/bin:{clone}/.venv/bin:")
    assert variables["EXABGP_REPO"] == "a repository"
    assert not {*hostile} & {*variables}
    assert not (clone / ".venv" / "left").exists()
    assert not (clone.parent / "none").exists()
    assert {path.name for path in clone.iterdir()} == {
        *("bootstrap.py", "tox.ini", "pyproject.toml", "tools", "hostile"),
        *(".venv", ".tox", ".cache"),
    }
    # pip asks rustc for its version, and where that is rustup's it makes a folder of its own.
    assert {path.name for path in (clone.parent / "home").glob("*")} <= {".rustup"}

    # All is there: nothing is made, and the command is started where its user is.
    done = start(clone, str(clone / "bootstrap.py"), "show", "--two", "words", cwd=tmp_path)
    arguments, folder, *_ = json.loads(done.stdout)
    assert arguments == ["show", "--two", "words"]
    assert folder == str(tmp_path)
    assert start(clone, "bootstrap.py", "show", "status", "7").returncode == 7

    # What lacks a part is made again.
    shutil.rmtree(next(clone.glob(".tox/show/lib/*/site-packages/iniconfig")))
    assert start(clone, "bootstrap.py", "show").stdout.startswith("making .tox/show, once\n[")
    shutil.rmtree(next(clone.glob(".venv/lib/*/site-packages/tox")))
    assert start(clone, "bootstrap.py", "show").stdout.startswith("making .venv with tox, once\n")

    # What is wanted has changed.
    with (clone / "tox.ini").open("a") as file:
        file.write("set_env = ONE=1\n")
    assert start(clone, "bootstrap.py", "show").stdout.startswith("bringing .tox/show up to date\n[")


@pytest.mark.parametrize(
    ("damage", "whole"),
    [
        (lambda folder: None, True),
        (lambda folder: (folder / "lib" / "more.py").touch(), True),
        (lambda folder: (folder / "lib" / "package" / "module.py").unlink(), False),
        (lambda folder: (folder / "lib" / "package" / "module.py").write_text("cut"), False),
        (lambda folder: shutil.rmtree(folder / "lib"), False),
        (lambda folder: (folder / "bin" / "python").unlink(), False),
        (lambda folder: (folder / "whole").unlink(), False),
        (lambda folder: (folder / "whole").write_text(""), False),
        (lambda folder: (folder / "whole").write_text("made of this\nno such line"), False),
        (lambda folder: (folder / "whole").write_bytes(b"\xff\n"), False),
    ],
)
def test_what_lacks_a_part_is_not_whole(tmp_path: Path, damage: Callable[[Path], object], whole: bool) -> None:
    for name in ("lib/package/module.py", "lib/package/a name with spaces", "bin/python"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    bootstrap.note_whole(tmp_path, "made of this")
    damage(tmp_path)
    assert bootstrap.whole(tmp_path) == ("made of this" if whole else None)


def test_an_interrupt_while_python_started_is_one_line(clone: Path) -> None:
    def interrupted() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        signal.raise_signal(signal.SIGINT)

    done = subprocess.run(
        [sys.executable, "bootstrap.py", "show"], cwd=clone, capture_output=True, text=True, preexec_fn=interrupted
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_is_being_made_ends_when_it_is_stopped(clone: Path, programs: Path, number: signal.Signals) -> None:
    pid = clone / "pid"
    script(
        programs / "python3.12",
        f"""
        case "$*" in
        *"-m venv"*) /bin/sleep 1000 & echo $! > {pid}.new; /bin/mv {pid}.new {pid}; wait ;;
        *) echo "cpython 3.12 {programs}/python3.12" ;;
        esac
        """,
    )
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER_PYTHON, "show"],
        cwd=clone,
        env=environment(clone, PATH=str(programs)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(pid.exists)
    process.send_signal(number)
    assert process.communicate(timeout=PATIENCE) == ("making .venv with tox, once\n", "interrupted\n")
    assert process.returncode == 130
    wait_until(lambda: not psutil.pid_exists(int(pid.read_text())))


def test_two_that_start_together_make_one_environment(clone: Path, programs: Path) -> None:
    script(
        programs / "python3.12",
        f"""
        case "$*" in
        *"-m venv"*) echo made >> {clone}/made; exit 1 ;;
        *) echo "cpython 3.12 {programs}/python3.12" ;;
        esac
        """,
    )
    (clone / ".cache").mkdir()
    with (clone / ".cache" / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [sys.executable, "-c", OTHER_PYTHON, "show"],
            cwd=clone,
            env=environment(clone, PATH=str(programs)),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        assert process.stdout.readline() == "waiting: another bootstrap.py makes something\n"
        assert not (clone / "made").exists()
    process.communicate(timeout=PATIENCE)
    assert (clone / "made").exists()


def test_no_git(clone: Path) -> None:
    done = start(clone, "bootstrap.py", "show", PATH=str(clone))
    assert done.returncode == 2
    assert done.stderr == "error: git is not installed, or not on PATH: install it first\n"


def test_no_python_that_will_do(clone: Path, programs: Path) -> None:
    script(programs / "python3.12", "echo 'pyenv: python3.12: command not found' >&2; exit 127")
    done = start(clone, "-c", OTHER_PYTHON, "show", PATH=str(programs))
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
    done = start(clone, "-c", OTHER_PYTHON, "show", PATH=str(programs))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "lacks ensurepip" in line
    assert "apt install python3.12-venv" in line


def test_no_package_index(clone: Path) -> None:
    done = start(clone, "bootstrap.py", "show", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(clone), PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "No matching distribution found for tox" in line
    assert not (clone / ".venv" / "whole").exists()


def test_usage(clone: Path) -> None:
    done = start(clone, "bootstrap.py", "--help")
    assert done.returncode == 0
    assert "python3 bootstrap.py COMMAND [ARGUMENTS]" in done.stdout
    assert "  show        say what is there\n" in done.stdout


@pytest.mark.parametrize("arguments", [[], ["-e", "show"], ["no-such"]])
def test_no_command(clone: Path, arguments: list[str]) -> None:
    done = start(clone, "bootstrap.py", *arguments)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert not (clone / ".venv").exists()


def test_any_python_3_can_start_it() -> None:
    """The oldest that distributions still have."""
    ast.parse((ROOT / "bootstrap.py").read_text(), feature_version=(3, 6))


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

    def test_pyenv_where_nobody_may_look(self, monkeypatch: pytest.MonkeyPatch, programs: Path) -> None:
        """As it is a name that can't be, this is so for root as well."""
        monkeypatch.setenv("PYENV_ROOT", "/" + 5000 * "x")
        script(programs / "uv", f"echo {script(programs / 'found', self.answer('by uv'))}")
        assert bootstrap.find_python() == "by uv"

    def test_no_home(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("PYENV_ROOT")
        monkeypatch.setenv("HOME", "")
        with pytest.raises(bootstrap.BootstrapError):
            bootstrap.find_python()

    @pytest.mark.parametrize(("version", "kind"), [("3.11", "cpython"), ("3.12", "pypy")])
    def test_another_python_of_that_name(self, programs: Path, version: str, kind: str) -> None:
        script(programs / "python3.12", self.answer("other", version, kind))
        with pytest.raises(bootstrap.BootstrapError):
            bootstrap.find_python()
