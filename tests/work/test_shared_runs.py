"""Figures of one run are of one run where asv shares a folder, and of a run each where nothing is shared."""

from pathlib import Path

import pytest

from benchmarks.work.shared_runs import begin_sharing, shared

made: list[int] = []


@shared
def run(number: int) -> int:
    made.append(number)
    if number < 0:
        raise NotImplementedError("none is below 0")
    return number * 2


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made.clear()


def test_a_run_is_made_each_time() -> None:
    assert [run(1), run(1)] == [2, 2]
    assert made == [1, 1]


def test_a_run_is_shared_by_its_parameters_and_so_is_its_failure() -> None:
    begin_sharing()
    assert [run(1), run(1), run(2)] == [2, 2, 4]
    for _ in range(2):
        with pytest.raises(NotImplementedError, match=r"^none is below 0$"):
            run(-1)
    assert made == [1, 2, -1]
