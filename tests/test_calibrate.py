"""The calibration: an injected slow-down is seen, equal code is not, and nothing is left out in silence."""

import json
import subprocess
import sys
import timeit
from pathlib import Path
from typing import Any

import pytest

from benchmarks.measure import count_bytecodes
from tests import trees
from tools import calibrate_child, calibrate_counts, calibrate_jobs, calibrate_report
from tools.calibrate_jobs import Line, Tree, kept
from tools.injections import INJECTIONS, Injection
from tools.injections import Kind as Injected
from tools.results import Kind, Number
from tools.verdict import Outcome, compare

BENCH = r"UpdateDecoding\.track_decode_bytecodes"


@pytest.fixture(scope="module")
def tree() -> Tree:
    return Tree("4.2.25", "release", trees.release("4.2.25"))


@pytest.fixture(scope="module")
def profile(tree: Tree) -> list[Line]:
    return tree.run("profile", BENCH)


@pytest.fixture(scope="module")
def targets(tree: Tree) -> dict[str, str | None]:
    (found,) = tree.run("targets")
    return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(calibrate_jobs, "DONE", tmp_path)
    return tmp_path


def test_three_per_cent_are_seen_by_a_count(tree: Tree, profile: list[Line], targets: dict[str, str | None]) -> None:
    row = calibrate_counts.sensitivity(tree, "", INJECTIONS["AS_PATH"], profile, targets)
    assert [level["level"] for level in row["levels"]] == [0.01, 0.03, 0.1, 0.5, 1.0]
    for level in row["levels"][1:]:
        assert level["seen"]
        assert level["growth"] == pytest.approx(level["level"], rel=0.1)


def test_equal_code_is_not_flagged(tree: Tree, profile: list[Line]) -> None:
    again = tree.run("profile", BENCH, seed="7")
    for one, other in zip(profile, again, strict=True):
        assert compare(Kind.COUNT, Number(one["value"]), Number(other["value"])) is Outcome.SAME
    assert calibrate_counts.varying([profile, again]) == {}


def test_a_count_that_varies_is_named(profile: list[Line]) -> None:
    other = [dict(line) for line in profile]
    other[0]["value"] += 1
    (name,) = calibrate_counts.varying([profile, other])
    assert name == calibrate_counts.title(profile[0])


def test_an_unknown_callable_is_reported(tree: Tree, profile: list[Line]) -> None:
    injection = Injection("gone", ("exabgp.gone.function",))
    row = calibrate_counts.sensitivity(tree, "", injection, profile, {"gone": None})
    assert "- this ExaBGP has no such callable: gone" in calibrate_report._bytecodes({"gone": row})


def test_a_callable_that_nothing_executes_is_reported(
    tree: Tree, profile: list[Line], targets: dict[str, str | None]
) -> None:
    row = calibrate_counts.sensitivity(tree, "", INJECTIONS["KEEPALIVE decode"], profile, targets)
    assert "- no benchmark executes it: KEEPALIVE decode (`bgp/message/keepalive.py KeepAlive.unpack_message`)" in (
        calibrate_report._bytecodes({"KEEPALIVE decode": row})
    )


def test_hot_callables_without_an_injection_are_named(profile: list[Line], targets: dict[str, str | None]) -> None:
    label = targets["attributes, one by one"]
    assert label not in calibrate_counts.hot(profile, targets)
    without = {name: None if found == label else found for name, found in targets.items()}
    assert label in calibrate_counts.hot(profile, without)


def test_what_was_interrupted_is_done_again_and_what_was_done_is_not(folder: Path) -> None:
    calls: list[str] = []

    def work() -> str:
        calls.append("once")
        return "result"

    def stopped() -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept("tree/job", "state", stopped)
    assert kept("tree/job", "state", work) == kept("tree/job", "state", stopped) == "result"
    assert calls == ["once"]
    assert kept("tree/job", "another state", work) == "result"
    assert calls == ["once", "once"]
    assert [file.name for file in folder.rglob("*.*")] == ["job.json"]


def test_a_child_that_fails_is_one_line(tree: Tree) -> None:
    with pytest.raises(calibrate_jobs.ToolError, match="no injection is called 'nonsense'"):
        tree.run("count", "nonsense", json.dumps([]))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--inject", "nonsense"], "no injection is called 'nonsense'"),
        (["--exabgp", "nonsense"], "no release, and no revision"),
        (["--comparisons", "-1"], "--comparisons -1: a number from 0 on"),
        (["--count-comparisons", "-1"], "--count-comparisons -1: a number from 0 on"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], words: str) -> None:
    command = [sys.executable, "-m", "tools.calibrate", "--step", "counts", *arguments]
    done = subprocess.run(command, cwd=trees.ROOT, capture_output=True, text=True, check=False)
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert done.returncode == 2
    assert len(lines) == 1
    assert words in lines[0]


@pytest.mark.parametrize("seconds", [2e-6, 1e-3])
def test_work_in_c_takes_the_time_that_is_asked_for(seconds: float) -> None:
    work = calibrate_child._work_in_c(calibrate_child._steps(lambda: seconds))
    number = max(1, round(1e-3 / seconds))
    assert min(timeit.repeat(work, number=number, repeat=50)) / number == pytest.approx(seconds, rel=0.25)


def test_work_in_c_is_no_bytecode() -> None:
    assert count_bytecodes(calibrate_child._work_in_c(1000)).measured == 0


@pytest.mark.parametrize(("seen_at", "met"), [((0.1, 0.2), 1), ((0.2,), 1), ((0.1,), 0), ((0.5,), 0)])
def test_a_goal_is_met_at_its_own_level(seen_at: tuple[float, ...], met: int) -> None:
    levels = [{"level": level, "seen": level in seen_at} for level in (0.1, 0.2, 0.5)]
    rows = {"in C": {"kind": Injected.C.value, "callable": "read", "levels": levels}}
    assert calibrate_report._share(rows, Injected.C, 0.2) == f"{met} of 1"


@pytest.mark.parametrize(
    ("events", "trials", "bound"), [(0, 0, 1), (0, 1, 0.95), (0, 100, 0.0295), (5, 100, 0.1023), (3, 3, 1)]
)
def test_what_so_many_comparisons_rule_out(events: int, trials: int, bound: float) -> None:
    assert calibrate_report.upper_bound(events, trials) == pytest.approx(bound, abs=5e-5)
