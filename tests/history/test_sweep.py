"""A sweep of a small history: nothing is measured twice, whatever ends it, and what is broken is known as such."""

import os
import re
import shutil
import signal
from pathlib import Path

import pytest

from tests.command import refused, wait_until
from tests.project import Project
from tools.git import git
from tools.history.store import Measured, Store

KEEPALIVE = "bgp/message/keepalive.py"
ARGUMENTS = ("history", "--bench", "KeepaliveDecoding.track", "--jobs", "1")
NAME = "message_parsing.KeepaliveDecoding.track_decode_bytecodes(100)"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Commits on main: good, readme, comment, slower, unimportable, mended: six commits, five trees."""
    made = Project(tmp_path_factory.mktemp("sweep"))
    (made.exabgp / "README").write_text("x")
    made.commit("readme")
    made.edit(KEEPALIVE, "        # This can not", "        # It can not")
    made.commit("comment")
    made.edit(KEEPALIVE, "        if data:\n", "        for _ in range(10):\n            pass\n        if data:\n")
    made.commit("slower", "speed up KEEPALIVE")
    made.edit(KEEPALIVE, "        return cls()\n", "        return cls(\n")
    made.commit("unimportable")
    made.edit(KEEPALIVE, "        return cls(\n", "        return cls()\n")
    made.edit(KEEPALIVE, "range(10)", "range(11)")
    made.commit("mended")
    made.update()
    return made


@pytest.fixture
def results(project: Project) -> Path:
    folder = project.folder / "results"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def tags(project: Project) -> dict[str, str]:
    named = git("for-each-ref", "--format=%(objectname) %(refname:short)", "refs/tags", cwd=project.exabgp)
    return dict(line.split(" ") for line in named.splitlines())


def found(project: Project, results: Path) -> dict[str, Measured | None]:
    """What the store knows, by the tag of the commit that was measured."""
    store, named = Store(results), tags(project)
    known = {tree: store.measured(tree) for tree in store.trees()}
    return {named[of.commit]: of for of in known.values() if of}


def measured(said: str) -> list[str]:
    return re.findall(r"^(\w{9}) in \d+ s", said, re.MULTILINE)


def test_all_is_measured_once_and_not_again(project: Project, results: Path) -> None:
    done = project.run("tools", *ARGUMENTS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(measured(done.stdout)) == 5
    known = found(project, results)
    values = {
        tag: [result.value for series, result in of.results.items() if series.name == NAME]
        for tag, of in known.items()
        if of
    }
    assert set(known) >= {"comment", "slower", "unimportable", "mended"}
    assert values["slower"][0] > values["comment"][0]
    assert values["mended"][0] > values["slower"][0]
    broken = known["unimportable"]
    assert broken
    assert re.search("the daemon ended with status 1.*SyntaxError", broken.broken or "")
    assert re.search("^broken: .* unimportable: the daemon ended", done.stdout, re.MULTILINE)
    assert "every change is located" in done.stdout
    again = project.run("tools", *ARGUMENTS)
    assert measured(again.stdout) == []
    assert again.returncode == 0
    # Other benchmarks: these, and no others.
    more = project.run("tools", "history", "--bench", "KeepaliveDecoding|Traffic.track_read_message_b", "--trees", "1")
    assert len(measured(more.stdout)) == 1
    after = found(project, results)
    assert sorted(len(of.results) for of in after.values() if of)[-1] > len(next(iter(values.values())))


def test_what_is_measured_survives_kill_9(project: Project, results: Path) -> None:
    sweep = project.start("tools", *ARGUMENTS)
    wait_until(lambda: len(list(results.glob("*/trees/*.json"))) >= 2 or sweep.poll() is not None)
    os.kill(sweep.pid, signal.SIGKILL)
    sweep.wait()
    wait_until(lambda: not project.processes())
    kept = len(list(results.glob("*/trees/*.json")))
    assert kept >= 2
    before = {file: file.read_bytes() for file in results.glob("*/trees/*.json")}
    done = project.run("tools", *ARGUMENTS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(measured(done.stdout)) == 5 - kept
    assert {file: file.read_bytes() for file in before} == before


def test_an_interrupt_is_one_line_and_a_second_sweep_another(project: Project, results: Path) -> None:
    sweep = project.start("tools", *ARGUMENTS)
    wait_until(lambda: [*results.glob("*/trees/*.json")] or sweep.poll() is not None)
    refused(project.run("tools.history.sweep", *ARGUMENTS[1:]), "somebody sweeps in this checkout")
    said = project.stop(sweep, lambda: True)
    assert sweep.returncode == 130
    assert said == "interrupted\n"
    wait_until(lambda: not project.processes())


def test_a_store_is_filled_by_one_sweep_for_each_share(project: Project, results: Path) -> None:
    with Store(results).only_sweep(1, 1):
        refused(project.run("tools.history.sweep", *ARGUMENTS[1:]), f"somebody sweeps in {results} already")
        other = project.run("tools", *ARGUMENTS, "--shard", "1/2", "--trees", "1")
        assert other.returncode == 0, other.stdout + other.stderr


def test_a_limit_of_trees_is_kept(project: Project, results: Path) -> None:
    done = project.run("tools", *ARGUMENTS, "--trees", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(measured(done.stdout)) == len(list(results.glob("*/trees/*.json"))) == 2


def test_where_the_daemon_works_the_fault_is_ours_and_tried_again(project: Project, results: Path) -> None:
    compat = project.folder / "benchmarks" / "exabgp_compat" / "decode.py"
    sound = compat.read_text()
    begin = "    from exabgp.bgp.message import Message as ExaBGPMessage\n"
    assert begin in sound
    try:
        compat.write_text(sound.replace(begin, f"    raise ValueError('a defect of the benchmarks')\n{begin}"))
        done = project.run("tools", *ARGUMENTS, "--trees", "1")
    finally:
        compat.write_text(sound)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^a fault of the benchmarks: the daemon of \w{9} works", done.stdout, re.MULTILINE)
    (of,) = found(project, results).values()
    assert of
    assert of.fault
    mended = project.run("tools", *ARGUMENTS, "--trees", "1")
    assert len(measured(mended.stdout)) == 1
    (of,) = found(project, results).values()
    assert of
    assert not of.fault
    assert all(result.value for result in of.results.values())
