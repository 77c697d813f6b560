"""Whatever ends a tool or asv, at whatever moment: all that it has started ends as well, and ^C is always one line."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.command import PATIENCE, refused, wait_until
from tests.project import Project

# One that is there at each stage, and the one that hangs where it is.
SELECTED = "KeepaliveDecoding.track|Hanging"
BENCH = ("tools", "bench", "--bench", SELECTED, "good^!")
CONTINUOUS = ("tools", "continuous", "--counts", "--bench", SELECTED, "good", "other")
ASV = ("asv", "run", "--bench", SELECTED, "good^!")
LINE = "stopped; what was measured is saved, and the same command goes on from there\n"

HANG = """
from pathlib import Path as _Path
import sys as _sys, time as _time
if {condition}:
    _Path({marker!r}).touch()
    _time.sleep(3600)
"""
BENCHMARK = """
import subprocess
import time
from pathlib import Path


class Hanging:
    def track_hanging(self):
        subprocess.Popen(["sleep", "3600"], start_new_session=True)
        Path({marker!r}).touch()
        time.sleep(3600)
"""
# The stages of a run in which it can be made to hang: what is written into which file.
STAGES = {
    "the tool's imports": ("tools/numbers/summary.py", HANG.replace("{condition}", "True")),
    "asv's start": (
        "tools/asv_plugin/__init__.py",
        HANG.replace("{condition}", "_Path(_sys.argv[0]).parent.name == 'asv'"),
    ),
    "the install": ("tools/source/install_commit.py", HANG.replace("{condition}", "'install_commit' in _sys.argv[0]")),
    "a benchmark": ("benchmarks/hanging.py", BENCHMARK),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("lifetime"))
    made.commit("other")
    # asv's environment is made before: it takes long, and is not what is stopped here.
    made.run("tools.measuring.bench", "--quick", "--bench", "KeepaliveDecoding.track", "good^!").check_returncode()
    return made


@contextmanager
def hanging(project: Project, stage: str) -> Iterator[Path]:
    """Have whatever is run in the project hang at a stage. Gives the file that is there as soon as it does."""
    name, text = STAGES[stage]
    file, marker = project.folder / name, project.folder / "hangs"
    before = file.read_text() if file.exists() else ""
    marker.unlink(missing_ok=True)
    file.write_text(text.replace("{marker!r}", repr(str(marker))) + before)
    # The commit is installed anew.
    for status in project.folder.glob(".asv/env/*/asv-install-status.json"):
        status.unlink()
    try:
        yield marker
    finally:
        if before:
            file.write_text(before)
        else:
            file.unlink()
        for process in project.processes():
            process.kill()


def wait_for(marker: Path, process: subprocess.Popen[str]) -> None:
    wait_until(lambda: marker.exists() or process.poll() is not None)
    assert marker.exists(), process.communicate()


def all_end(project: Project) -> None:
    wait_until(lambda: not project.processes())


@pytest.mark.parametrize(
    ("command", "stage"),
    # One that is interrupted must not end with 1, which says that a commit is slower.
    [*((BENCH, stage) for stage in STAGES), (CONTINUOUS, "asv's start"), (CONTINUOUS, "the install")],
    ids=lambda of: of if isinstance(of, str) else of[1],
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_tool_that_is_asked_to_stop_ends_with_all_that_it_has_started(
    project: Project, command: tuple[str, ...], stage: str, number: signal.Signals
) -> None:
    with hanging(project, stage) as marker:
        tool = project.start(*command)
        wait_for(marker, tool)
        # ^C is of the terminal and so for all of the group, the other for one process.
        (os.killpg if number is signal.SIGINT else os.kill)(tool.pid, number)
        output, errors = tool.communicate(timeout=PATIENCE)
        assert tool.returncode == 130
        assert errors == ("interrupted\n" if stage == "the tool's imports" else LINE)
        assert "Traceback" not in output
        all_end(project)


@pytest.mark.parametrize("stage", STAGES)
def test_what_a_tool_has_started_ends_when_it_is_killed(project: Project, stage: str) -> None:
    with hanging(project, stage) as marker:
        tool = project.start(*BENCH)
        wait_for(marker, tool)
        tool.kill()
        all_end(project)
        tool.communicate(timeout=PATIENCE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_asv_has_started_ends_when_it_does(project: Project, number: signal.Signals) -> None:
    with hanging(project, "a benchmark") as marker:
        asv = project.start(*ASV)
        wait_for(marker, asv)
        asv.send_signal(number)
        all_end(project)
        asv.communicate(timeout=PATIENCE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_asv_that_is_ended_is_no_verdict(project: Project, number: signal.Signals) -> None:
    with hanging(project, "a benchmark") as marker:
        tool = project.start(*BENCH)
        wait_for(marker, tool)
        (asv,) = [process for process in psutil.Process(tool.pid).children() if "asv" in process.cmdline()]
        asv.send_signal(number)
        _, errors = tool.communicate(timeout=PATIENCE)
        assert tool.returncode == 2
        assert errors.startswith(f"error: asv was ended by {number.name}")
        assert errors.endswith(" The same command goes on\n")
        all_end(project)


def test_a_tool_ends_with_the_tox_that_has_started_it(project: Project) -> None:
    with hanging(project, "a benchmark") as marker:
        code = f"import subprocess, sys; subprocess.call([sys.executable, '-m', *{BENCH!r}])"
        command = [sys.executable, "-c", code]
        tox = subprocess.Popen(command, cwd=project.folder, env=project.environment | {"TOX_ENV_NAME": "bench"})
        wait_for(marker, tox)
        tox.kill()
        tox.wait(PATIENCE)
        all_end(project)


def test_one_measures_at_a_time(project: Project) -> None:
    with hanging(project, "a benchmark") as marker:
        tool = project.start(*BENCH)
        wait_for(marker, tool)
        words = f"somebody measures in {project.folder} already: wait until that has ended, or use another clone"
        refused(project.run("tools.measuring.bench", "--bench", "Keepalive", "good^!"), words)
        refused(project.run("tools.gate.continuous", "--bench", "Keepalive", "good", "other"), words)
        done = project.run("asv", "run", "--bench", "Keepalive", "good^!")
        assert done.returncode == 1
        assert words in done.stdout + done.stderr
        # What only reads is nobody's trouble.
        project.run("asv", "show").check_returncode()
        tool.kill()
        all_end(project)
        tool.communicate(timeout=PATIENCE)
    # However it ended.
    project.run("tools.measuring.bench", "--bench", "KeepaliveDecoding.track", "good^!").check_returncode()


def test_a_file_of_asv_is_whole_whatever_stops_it(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text('{"numbers": 1}')
    code = """
import json, os, sys
import tools.asv_plugin
from asv import util
json.dump = lambda data, stream, **options: (stream.write('{"num'), stream.flush(), os.kill(os.getpid(), 9))
util.write_json(sys.argv[1], {"numbers": 2})
"""
    assert project.run_code(code, str(file)).returncode == -signal.SIGKILL
    assert file.read_text() == '{"numbers": 1}'
