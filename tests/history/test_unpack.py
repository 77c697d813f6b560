"""What a sweep knows is in asv's own results, of all commits that have the tree, beside what asv has measured."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import Project
from tools.git import git
from tools.history import lines as history
from tools.history.lines import tree_keys
from tools.history.measuring import every_series
from tools.history.store import Measured, Result, Store

COUNT = "message_parsing.KeepaliveDecoding.track_decode_bytecodes"
OTHER = "message_parsing.Traffic.track_read_message_bytecodes"
TIME = "message_parsing.KeepaliveDecoding.time_decode"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Commits on main: good, same (of the same tree), slower."""
    made = Project(tmp_path_factory.mktemp("unpack"))
    made.commit("same")
    made.edit("bgp/message/keepalive.py", "        if data:\n", "        if data and data:\n")
    made.commit("slower")
    made.update()
    return made


@pytest.fixture
def keys(project: Project, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(history, "UPSTREAM", project.exabgp)
    found = {}
    for tag in ("good", "same", "slower"):
        (found[tag],) = tree_keys([git("rev-parse", tag, cwd=project.exabgp)]).values()
    assert found["good"] == found["same"] != found["slower"]
    return found


def asv(project: Project, *arguments: str) -> str:
    command = [sys.executable, "-m", "asv", *arguments]
    done = subprocess.run(
        command, cwd=project.folder, env=project.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_asv_shows_and_compares_what_was_swept(project: Project, keys: dict[str, str]) -> None:
    store = Store(project.folder / "results")
    of_100, of_1000, of_10000 = every_series(f"{COUNT}")
    (other,) = every_series(OTHER)
    lacks, failed = Result(None, "not applicable: it has no such thing"), Result(None, "ValueError: wrong")
    store.put(keys["good"], Measured("x", {of_100: Result(30.0), of_1000: lacks, of_10000: failed, other: failed}))
    store.put(keys["slower"], Measured("x", {of_100: Result(45.0)}))
    done = project.run("tools.history.sweep", "--unpack")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("3 commits have their counts in asv's results")
    results = project.results()
    values = results["good"][COUNT][0]
    assert results["same"][COUNT][0][0] == 30.0
    assert values[0] == 30.0
    assert math.isnan(values[1])
    assert values[2] is None
    assert results["good"][OTHER][0] is None
    assert OTHER not in results["slower"]
    shown = asv(project, "show", "slower")
    assert COUNT in shown
    assert "45" in shown
    (line,) = [line for line in asv(project, "compare", "good", "slower").splitlines() if f"{COUNT}(100)" in line]
    assert [cell.strip() for cell in line.split("|")[1:5]] == ["+", "30.0", "45.0", "1.50"]
    asv(project, "publish")
    graph = json.loads((project.folder / ".asv" / "html" / "graphs" / "summary" / f"{COUNT}.json").read_text())
    values = [value for _, value in graph]
    assert values[-1] > values[0]


def test_what_asv_has_measured_stays(project: Project, keys: dict[str, str]) -> None:
    store = Store(project.folder / "results")
    of_100, of_1000, _ = every_series(f"{COUNT}")
    store.put(keys["slower"], Measured("x", {of_100: Result(45.0)}))
    project.run("tools.history.sweep", "--unpack").check_returncode()
    commit = git("rev-parse", "slower", cwd=project.exabgp)
    (file,) = project.folder.glob(f".asv/results/*/{commit[:8]}-*.json")
    content = json.loads(file.read_text())
    content["results"][TIME] = [[0.5, 0.6, 0.7], [["100", "1000", "10000"]], "1", 0, 1.0]
    file.write_text(json.dumps(content))
    store.put(keys["slower"], Measured("x", {of_1000: Result(46.0)}))
    project.run("tools.history.sweep", "--unpack").check_returncode()
    results = project.results()["slower"]
    assert results[TIME][0] == [0.5, 0.6, 0.7]
    assert results[COUNT][0][:2] == [45.0, 46.0]
    # What was never measured is told from what is not applicable.
    assert results[COUNT][11][2] == []


def test_stores_are_merged_by_a_command(project: Project, keys: dict[str, str], tmp_path: Path) -> None:
    (series, *_) = every_series(COUNT)
    Store(tmp_path / "shard").put("other", Measured("x", {series: Result(1.0)}))
    done = project.run("tools.history.sweep", "--merge", str(tmp_path / "shard"))
    assert done.stdout.startswith("1 trees are new in ")
    assert Store(project.folder / "results").values("other") == {series: 1.0}
