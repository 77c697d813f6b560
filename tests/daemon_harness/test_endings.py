"""Of a daemon nothing is left, at whatever stage it is and however its harness ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from benchmarks.daemon_harness.keeper import processes_of
from tests import trees
from tests.command import PATIENCE, wait_until
from tests.daemon_harness.stages import FAILURE, HANGING, STAGES, SUCCESS, TIMEOUT
from tools.paths import ROOT

RELEASES = ("4.2.25", "5.0.15")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)


@pytest.fixture
def place() -> Iterator[Path]:
    """Where temporary files go. A path that is short enough for a socket, which pytest's are not."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def start(release: str, place: Path, *arguments: str) -> subprocess.Popen[str]:
    tree = trees.release(release)
    environment = os.environ | {"PYTHONPATH": f"{tree}{os.pathsep}{ROOT}", "TMPDIR": str(place)}
    command = [sys.executable, "-m", "tests.daemon_harness.stages", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True)


def nothing_is_left(place: Path, found: dict) -> None:
    wait_until(lambda: not Path(found["folder"]).exists())
    assert not processes_of(found["folder"])
    assert not psutil.pid_exists(found["pid"]) or psutil.Process(found["pid"]).status() == psutil.STATUS_ZOMBIE
    # That of the turn stays: a file that others may have open can't be removed.
    assert [path.suffix for path in place.iterdir()] == [".lock"]
    # Nobody listens there any more, and nobody is connected: the port is free.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", found["port"]))


@pytest.mark.parametrize("ending", [SUCCESS, FAILURE, TIMEOUT])
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("release", RELEASES)
def test_nothing_is_left_when_its_block_ends(release: str, stage: str, ending: str, place: Path) -> None:
    harness = start(release, place, stage, ending)
    out, errors = harness.communicate(timeout=PATIENCE)
    found, *left = map(json.loads, out.splitlines())
    assert left == [{"left": True}] * (ending == SUCCESS), errors
    if ending == FAILURE:
        assert errors.endswith("\nValueError: a defect\n")
    if ending == TIMEOUT:
        assert "DaemonError: the daemon made no progress for" in errors.splitlines()[-1]
    # It is so when the block has ended, not a while later.
    assert not Path(found["folder"]).exists()
    nothing_is_left(place, found)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("release", RELEASES)
def test_nothing_is_left_when_a_signal_ends_it(release: str, stage: str, number: signal.Signals, place: Path) -> None:
    harness = start(release, place, stage, HANGING)
    assert harness.stdout
    found = json.loads(harness.stdout.readline())
    harness.send_signal(number)
    harness.communicate(timeout=PATIENCE)
    assert harness.returncode == -number
    nothing_is_left(place, found)


def test_a_second_daemon_waits_its_turn(place: Path) -> None:
    first = start(RELEASES[0], place, "established", HANGING)
    assert first.stdout
    found = json.loads(first.stdout.readline())
    second = start(RELEASES[1], place, "established", SUCCESS)
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(2)
    # It has not even a keeper.
    assert not psutil.Process(second.pid).children()
    assert [path.name for path in place.iterdir() if path.is_dir()] == [Path(found["folder"]).name]
    first.kill()
    first.communicate(timeout=PATIENCE)
    out, errors = second.communicate(timeout=PATIENCE)
    assert out.endswith('{"left": true}\n'), errors
    nothing_is_left(place, found)


def test_what_a_keeper_is_asked_to_does_not_end_it(place: Path) -> None:
    harness = start(RELEASES[1], place, "established", HANGING)
    assert harness.stdout
    found = json.loads(harness.stdout.readline())
    (keeper,) = [child for child in psutil.Process(harness.pid).children() if "keeper.py" in " ".join(child.cmdline())]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        keeper.send_signal(number)
    assert keeper.is_running()
    harness.kill()
    harness.communicate(timeout=PATIENCE)
    nothing_is_left(place, found)
