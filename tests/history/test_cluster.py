"""A sweep on workers that die, that would count something else, or lose their scheduler: each tree is counted once."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psutil
import pytest
from distributed import Client

from tests.command import PATIENCE, refused, wait_until
from tests.project import Project, copy_repository
from tools.git import git
from tools.history.store import Measured, Store

BENCH = ("--bench", "KeepaliveDecoding.track")
SWEEP = ("tools", "history", *BENCH)
MEASURE = "def measure(commit: Commit, missing: Sequence[Series], every: Sequence[Series], folder: Path) -> Measured:\n"
END_OF_DOCSTRING = '    """\n'
SLOWER = ("one", "two", "three", "four")
TREES = len(SLOWER) + 1
# What a worker runs before all else, to be one of another Python.
OTHER_PYTHON = "import platform\nplatform.python_version = lambda: '3.12.99'\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Five commits on main, each slower than the one before."""
    made = Project(tmp_path_factory.mktemp("cluster"))
    made.edit(
        "bgp/message/keepalive.py",
        "        if data:\n",
        "        for _ in range(0):\n            pass\n        if data:\n",
    )
    for number, name in enumerate(SLOWER):
        made.edit("bgp/message/keepalive.py", f"range({number})", f"range({number + 1})")
        made.commit(name)
    made.update()
    return made


@pytest.fixture(scope="module")
def expected(project: Project) -> dict[str, Measured | None]:
    """What a sweep finds that nothing disturbs."""
    folder = project.folder / "undisturbed"
    done = project.run(*SWEEP, "--jobs", "2", "--store", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert len({*counted(done.stdout)}) == len(counted(done.stdout)) == TREES
    # Of dask as well.
    wait_until(lambda: not project.processes())
    assert not (project.folder / ".cache" / "sweep").exists()
    assert [*project.home.iterdir()] == []
    return known(folder)


@pytest.fixture
def results(project: Project) -> Path:
    folder = project.folder / "results"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def known(folder: Path) -> dict[str, Measured | None]:
    store = Store(folder)
    return {tree: store.measured(tree) for tree in store.trees()}


def counted(said: str) -> list[str]:
    return re.findall(r"^(\w{9}) in \d+ s", said, re.MULTILINE)


def files(results: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in results.glob("*/trees/*.json")}


def measuring(project: Project) -> list[psutil.Process]:
    """Processes that count on a tree: each was started by a worker."""
    found = []
    for process in project.processes():
        try:
            if "tools.children.child" in process.cmdline():
                found.append(process)
        except psutil.Error:
            # It has ended meanwhile.
            continue
    return found


def kill_a_worker(project: Project) -> None:
    """Kill a worker with a tree in hand, and see what it had started for that end."""
    child = measuring(project)[0]
    worker = psutil.Process(child.ppid())
    assert "spawn_main" in " ".join(worker.cmdline())
    worker.kill()
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_worker_that_is_killed_costs_no_tree(
    project: Project, results: Path, expected: dict[str, Measured | None]
) -> None:
    sweep = project.start(*SWEEP, "--jobs", "2", DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="3")
    wait_until(lambda: (files(results) and measuring(project)) or sweep.poll() is not None)
    before = files(results)
    kill_a_worker(project)
    assert len(files(results)) < TREES
    said, errors = sweep.communicate(timeout=PATIENCE)
    assert sweep.returncode == 0, errors
    assert errors == ""
    assert len({*counted(said)}) == len(counted(said)) == TREES
    assert known(results) == expected
    after = files(results)
    assert {file: after[file] for file in before} == before
    assert counted(project.run(*SWEEP).stdout) == []


def test_a_tree_that_kills_its_workers_is_given_up_and_tried_again(
    project: Project, results: Path, expected: dict[str, Measured | None]
) -> None:
    module = project.folder / "tools" / "history" / "measuring.py"
    sound = module.read_text()
    assert MEASURE in sound
    body, rest = sound.split(MEASURE)
    docstring, code = rest.split(END_OF_DOCSTRING, 1)
    kill = "    if commit.subject == 'two':\n        os.kill(os.getpid(), 9)\n"
    try:
        module.write_text(f"{body}{MEASURE}{docstring}{END_OF_DOCSTRING}{kill}{code}")
        done = project.run(*SWEEP, "--jobs", "2", DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
    finally:
        module.write_text(sound)
    refused(done, "not measured, as workers died with each of them: ", "the same command tries again")
    assert re.search(r"^given up: \w{9} two: 2 workers died with it$", done.stdout, re.MULTILINE)
    assert len(files(results)) == TREES - 1
    again = project.run(*SWEEP)
    assert again.returncode == 0, again.stderr
    assert len(counted(again.stdout)) == 1
    assert known(results) == expected


# A scheduler of somebody's


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


class Scheduler:
    """A scheduler and its workers, as the documentation has them."""

    def __init__(self, project: Project, folder: Path) -> None:
        self._project = project
        self._started: list[subprocess.Popen[bytes]] = []
        port = str(free_port())
        self.address = f"tcp://127.0.0.1:{port}"
        self.process = self._dask(folder, "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")

    def worker(self, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a worker in a checkout."""
        scratch = ("--local-directory", str(self._project.folder.parent / "scratch"))
        return self._dask(folder, "worker", self.address, "--nthreads", "1", "--no-dashboard", *scratch, *arguments)

    def wait_for_workers(self, number: int) -> None:
        with Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(number, timeout=PATIENCE)

    def _dask(self, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            cwd=folder,
            env=self._project.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._started.append(process)
        return process

    def end(self) -> None:
        for process in reversed(self._started):
            process.send_signal(signal.SIGTERM)
        for process in self._started:
            process.wait(PATIENCE)


@contextmanager
def scheduler_of(project: Project, folder: Path | None = None) -> Iterator[Scheduler]:
    scheduler = Scheduler(project, folder or project.folder)
    try:
        yield scheduler
    finally:
        scheduler.end()
        wait_until(lambda: not project.processes())


def test_workers_that_would_count_something_else_are_refused(
    project: Project, results: Path, expected: dict[str, Measured | None], tmp_path: Path
) -> None:
    other = copy_repository(tmp_path / "other_benchmarks")
    family = other / "benchmarks" / "message_parsing.py"
    whole, begin = family.read_text(), 'rows = {"P06": (100,)'
    assert whole.count(begin) == 1
    family.write_text(whole.replace(begin, f"revision = 99\n    {begin}"))
    older = copy_repository(tmp_path / "older_upstream")
    git("init", "--quiet", older / "upstream")
    (other / "upstream").symlink_to(project.exabgp)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    preload = tmp_path / "other_python.py"
    preload.write_text(OTHER_PYTHON)
    # A scheduler has to know nothing of all that.
    with scheduler_of(project, elsewhere) as scheduler:
        scheduler.worker(elsewhere)
        scheduler.worker(other)
        scheduler.worker(older)
        scheduler.worker(project.folder, "--preload", str(preload))
        scheduler.worker(project.folder)
        scheduler.wait_for_workers(5)
        done = project.run(*SWEEP, "--scheduler", scheduler.address)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    lines = sorted(re.findall(r"^refused the worker at tcp://127\.0\.0\.1:\d+: (.*)$", done.stdout, re.MULTILINE))
    assert len(lines) == 4, done.stdout
    assert re.match(r"it has Python 3\.12\.99, and the sweep 3\.12\.\d+$", lines[0])
    assert lines[1] == "it was not started in a checkout of this repository"
    assert re.match("its benchmarks are not those of the sweep, as .*KeepaliveDecoding", lines[2])
    assert re.match(r"its upstream lacks \w{9}: ", lines[3])
    assert len({*counted(done.stdout)}) == len(counted(done.stdout)) == TREES
    assert known(results) == expected


def test_without_workers_or_scheduler_it_ends_and_goes_on(
    project: Project, results: Path, expected: dict[str, Measured | None]
) -> None:
    with scheduler_of(project) as scheduler:
        worker = scheduler.worker(project.folder)
        sweep = project.start(*SWEEP, "--scheduler", scheduler.address)
        wait_until(lambda: files(results) or sweep.poll() is not None)
        worker.terminate()
        said, errors = sweep.communicate(timeout=PATIENCE)
        assert (
            errors
            == f"error: the scheduler at {scheduler.address} has no worker: nothing is lost, start some and go on\n"
        )
        assert sweep.returncode == 2
        first = files(results)
        assert len(counted(said)) == len(first) < TREES
        # The next run, and the scheduler is killed.
        scheduler.worker(project.folder)
        sweep = project.start(*SWEEP, "--scheduler", scheduler.address)
        wait_until(lambda: len(files(results)) > len(first) or sweep.poll() is not None)
        os.kill(scheduler.process.pid, signal.SIGKILL)
        said, errors = sweep.communicate(timeout=PATIENCE)
        second = files(results)
        assert len(counted(said)) == len(second) - len(first)
        assert (
            errors
            == f"error: the scheduler at {scheduler.address} is gone: nothing is lost, and the same command goes on\n"
        )
        assert sweep.returncode == 2
    last = project.run(*SWEEP)
    assert last.returncode == 0, last.stderr
    assert len(counted(last.stdout)) == TREES - len(second)
    assert known(results) == expected


def test_a_scheduler_that_does_not_answer_is_one_line(project: Project, results: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    refused(project.run(*SWEEP, "--scheduler", address), f"no scheduler answers at {address}: ")
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        for kind in ("tcp", "tls"):
            address = f"{kind}://127.0.0.1:{other.server_port}"
            refused(project.run(*SWEEP, "--scheduler", address), f"no scheduler answers at {address}: ")
        other.shutdown()
    assert not results.exists()
