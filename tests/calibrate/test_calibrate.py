"""The calibration as a tool: bad input, going on after a stop, equal commits, and work inside C."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.measure import count_bytecodes
from tools.calibrate import alarms, jobs
from tools.calibrate.kept import kept
from tools.git import git
from tools.paths import ROOT


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


def test_unknown_injection_is_one_line() -> None:
    command = [sys.executable, "-m", "tools.calibrate", "--step", "counts", "--inject", "nonsense"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    (line,) = filter(None, map(str.strip, done.stderr.splitlines()))
    assert "no injection is called 'nonsense'" in line


def test_commits_that_change_nothing_are_the_same_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarms, "UPSTREAM", tmp_path)
    git("init", "--quiet", "--initial-branch=main", tmp_path)
    (tmp_path / "file").write_text("content")
    git("add", "file", cwd=tmp_path)
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "first", cwd=tmp_path)
    refs = git("for-each-ref", cwd=tmp_path)
    base, branch = alarms.same_code("main", 3)
    assert alarms.same_code("main", 3) == (base, branch)
    assert not {base, branch} & {*alarms.same_code("main", 4)}
    assert git("rev-list", branch, cwd=tmp_path).split() == [branch, base, git("rev-parse", "main", cwd=tmp_path)]
    assert not git("diff", "main", branch, cwd=tmp_path)
    assert git("for-each-ref", cwd=tmp_path) == refs


@pytest.mark.parametrize("seconds", [2e-6, 1e-3])
def test_work_in_c_takes_the_time_that_is_asked_for(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine on which a step takes 2 ns, and every third measurement twice as long."""
    speeds = iter([2e-9, 2e-9, 4e-9] * 10)

    def repeat(work: Any, number: int, repeat: int) -> list[float]:
        (_, exponent, _) = work.args
        return [exponent.bit_length() * next(speeds) * number] * repeat

    monkeypatch.setattr(jobs.timeit, "repeat", repeat)
    assert jobs.steps_of(lambda: seconds) == pytest.approx(seconds / 2e-9, rel=0.01)


def test_work_in_c_is_no_bytecode() -> None:
    assert count_bytecodes(jobs.work_in_c(1000)) == 0
