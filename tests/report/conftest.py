"""A small history with results, as asv saves them, and the site that is published of it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asv.results import Results
from asv.runner import BenchmarkResult

from tests.project import copy_repository
from tests.report.made_up import counts, fill, make_history
from tools.history import lines as lines_module
from tools.history.store import Store

DAY = 86_400
START = 1_700_000_000

MACHINE = {"machine": "bench", "arch": "x86_64", "cpu": "none", "num_cpu": "2", "os": "Linux", "ram": "1"}
TIME = "message_parsing.Updates.time_decode"
COUNT = "message_parsing.Updates.track_decode_bytecodes"
BENCHMARKS: dict[str, dict[str, Any]] = {
    TIME: {"name": TIME, "type": "time", "unit": "seconds", "params": [], "param_names": []},
    COUNT: {
        "name": COUNT,
        "type": "track",
        "unit": "bytecodes/message",
        "params": [["10", "1000"]],
        "param_names": ["routes"],
    },
}
for _benchmark in BENCHMARKS.values():
    _benchmark |= {"version": "1", "code": "def decode(self): ..."}

Publish = Callable[..., subprocess.CompletedProcess[str]]


class History:
    """An ExaBGP repository with nothing in its commits: 12 on main, where 4.2 and 5.0 leave it, 5 on each of these."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.on: dict[str, list[str]] = {"main": [self.commit(f"main {n}") for n in range(12)]}
        for branch, since in (("4.2", 1), ("5.0", 3)):
            self.git("checkout", "--quiet", "-b", branch, self.on["main"][since])
            self.on[branch] = [self.commit(f"{branch} {n}") for n in range(5)]
            self.git("tag", f"{branch}.0", self.on["main"][since])
        self.git("checkout", "--quiet", "main")

    def git(self, *arguments: str, **variables: str) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        who = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        command = ["git", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=environment | who | nothing | variables, check=True, stdout=subprocess.PIPE
        )
        return done.stdout.decode().strip()

    def commit(self, subject: str) -> str:
        date = f"{START + DAY * self.made} +0000"
        self.made += 1
        self.git("commit", "--quiet", "--allow-empty", "-m", subject, GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
        return self.git("rev-parse", "HEAD")


def save(results: Path, commit: str, date: int, time: float, counts: list[float]) -> None:
    """Save one commit's results through asv: ten samples of a time, and a count for each parameter."""
    parameters = MACHINE | {"python": "3.12", "psutil": "7.2.2"}
    environment = "virtualenv-py3.12-psutil7.2.2"
    of_commit = Results(parameters, {"psutil": "7.2.2"}, commit, date * 1000, "3.12", environment, {})
    of_commit.add_result(BENCHMARKS[TIME], BenchmarkResult([time], [[time] * 10], [1], 0, "", None))
    of_commit.add_result(BENCHMARKS[COUNT], BenchmarkResult(counts, [None] * 2, [None] * 2, 0, "", None))
    of_commit.save(str(results))


def save_all(results: Path, history: History) -> None:
    """Save results in which, halfway on main, the time grows by 5 % and the count of 1000 routes by 2 %."""
    (results / "bench").mkdir(parents=True)
    (results / "bench" / "machine.json").write_text(json.dumps(MACHINE | {"version": 1}))
    (results / "benchmarks.json").write_text(json.dumps(BENCHMARKS | {"version": 2}))
    for branch, base in (("main", 20_000.0), ("5.0", 15_000.0), ("4.2", 10_000.0)):
        for n, commit in enumerate(history.on[branch]):
            later = branch == "main" and n >= 6
            date = int(history.git("log", "-1", "--format=%ct", commit))
            save(results, commit, date, 0.00105 if later else 0.001, [5000.0, base * 1.02 if later else base])


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's tools, benchmarks and configuration, without upstream and results."""
    folder = tmp_path_factory.mktemp("empty") / "benchmarks"
    return copy_repository(folder, "tools", "benchmarks", "asv.conf.json", "docs")


@pytest.fixture(scope="session")
def measured(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a history and its results."""
    folder = tmp_path_factory.mktemp("measured") / "benchmarks"
    shutil.copytree(empty, folder)
    save_all(folder / ".asv" / "results", History(folder / "upstream"))
    return folder


@pytest.fixture
def workspace(measured: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    return shutil.copytree(measured, tmp_path / "benchmarks")


@pytest.fixture(scope="session")
def publish() -> Publish:
    """Run ``python -m tools.report.publish`` in a folder."""

    def run(folder: Path, *arguments: str, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        command = [*prefix, sys.executable, "-m", "tools.report.publish", *arguments]
        environment = os.environ | {"HOME": str(folder.parent), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def long_history(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As many commits as ExaBGP has, and the counts of all of them."""
    folder = shutil.copytree(empty, tmp_path_factory.mktemp("long") / "benchmarks")
    make_history(folder / "upstream")
    series = counts()
    store = Store(folder / "results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_module, "UPSTREAM", folder / "upstream")
        fill(store, lines_module.lines(), series)
    return folder


@pytest.fixture(scope="session")
def site(measured: Path, publish: Publish) -> Path:
    """The site of these results."""
    done = publish(measured)
    assert done.returncode == 0, done.stderr
    return measured / ".asv" / "html"
