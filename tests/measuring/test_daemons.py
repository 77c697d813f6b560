"""The table of repeated runs: what is printed of figures that are the same, differ, or are missing."""

import math

import pytest

from tools.measuring.daemons import headings, rows, shown
from tools.numbers.kinds import Kind
from tools.numbers.stored import Key, Number

KEY = Key("daemon_sessions.Idle.track_cpu", (1,), Kind.OTHER, "CPU s/s")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([3.0, 3.0, 3.0], "3"),
        ([1.0, 3.0, 2.0], "2; least 1"),
        ([1.0, None, 3.0], "2; least 1; 1 of 3 failed"),
        ([None, None], "failed"),
        ([math.nan, math.nan], "n/a"),
        ([16900.0, 16900.0], "16,900"),
    ],
)
def test_a_figure_is_its_median_and_its_least(values: list[float | None], text: str) -> None:
    assert shown([Number(value) for value in values]) == text


def test_the_last_commit_is_compared_with_the_first_by_medians() -> None:
    columns = {
        "old": [{KEY: Number(value)} for value in (1.0, 2.0, 9.0)],
        "new": [{KEY: Number(value)} for value in (3.0, 4.0, 5.0)],
    }
    assert headings(columns)[-2:] == ("new", "last / first")
    ((*_, old, new, ratio),) = rows(columns)
    assert (old, new, ratio) == ("2; least 1", "4; least 3", "2.00")


def test_what_has_no_number_has_no_ratio() -> None:
    columns = {"old": [{KEY: Number(None)}], "new": [{KEY: Number(1.0)}]}
    ((*_, ratio),) = rows(columns)
    assert ratio == ""


def test_one_commit_has_no_ratio() -> None:
    ((*_, last),) = rows({"only": [{KEY: Number(1.0)}]})
    assert last == "1"
