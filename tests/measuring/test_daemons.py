"""The table of repeated runs: what is printed of figures that are the same, differ, or are missing."""

import math

import pytest

from tools.measuring.daemons import Figure, headings, judged, rows, shown
from tools.numbers.kinds import Kind
from tools.numbers.stored import Key, Number

KEY = Key("daemon_sessions.Idle.track_cpu", (1,), Kind.OTHER, "CPU s/s")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([3.0, 3.0, 3.0], "3"),
        ([1.0, 3.0, 2.0], "2; least 1"),
        ([1.0, None, 3.0], "2; least 1; 1 of 3 failed"),
        ([1.0, math.nan], "1; 1 of 2 n/a"),
        ([None, None], "failed"),
        ([math.nan, math.nan], "n/a"),
        ([16900.0, 16900.0], "16,900"),
    ],
)
def test_a_figure_is_its_median_and_its_least(values: list[float | None], text: str) -> None:
    assert shown([Figure(Number(value)) for value in values]) == text


def test_the_last_commit_is_compared_with_the_first_by_medians() -> None:
    columns = {
        "old": [{KEY: Figure(Number(value))} for value in (1.0, 2.0, 9.0)],
        "new": [{KEY: Figure(Number(value))} for value in (3.0, 4.0, 5.0)],
    }
    assert headings(columns)[-2:] == ("new", "last / first")
    ((*_, old, new, ratio),) = rows(columns)
    assert (old, new, ratio) == ("2; least 1", "4; least 3", "2")


def test_what_has_no_number_has_no_ratio() -> None:
    columns = {"old": [{KEY: Figure(Number(None))}], "new": [{KEY: Figure(Number(1.0))}]}
    ((*_, ratio),) = rows(columns)
    assert ratio == ""


def test_one_commit_has_no_ratio() -> None:
    ((*_, last),) = rows({"only": [{KEY: Figure(Number(1.0))}]})
    assert last == "1"


def key(name: str, unit: str, parameters: tuple[object, ...] = (1,)) -> Key:
    return Key(f"daemon.Receiving.{name}", parameters, Kind.OTHER, unit)


WHOLE, UPDATES = key("track_whole", "ms"), key("track_updates", "UPDATEs")
TESTER, OTHERS = key("track_tester_cpu", "CPU s/s"), key("track_others_cpu", "CPU s/s")


@pytest.mark.parametrize(
    ("tester", "others", "why"),
    [(0.89, 0.2, ""), (0.2, 0.21, "disturbed"), (0.9, 0.0, "bound by the tester"), (math.nan, math.nan, "")],
)
def test_a_time_of_a_busy_machine_or_tester_is_not_compared(tester: float, others: float, why: str) -> None:
    of_others = {key("track_others_cpu", "CPU s/s", (2,)): Number(1.0)}
    run = judged({WHOLE: Number(5.0), UPDATES: Number(7), TESTER: Number(tester), OTHERS: Number(others)} | of_others)
    assert run[WHOLE] == Figure(Number(5.0), why)
    # What is exact is so on any machine, and what was used is what it was.
    assert not any(run[exact].why for exact in (UPDATES, TESTER, OTHERS))


def test_what_is_not_compared_is_in_no_median() -> None:
    disturbed, undisturbed = Figure(Number(50.0), "disturbed"), Figure(Number(4.0))
    assert shown([disturbed, undisturbed, disturbed]) == "4; 2 of 3 disturbed"
    assert shown([disturbed, disturbed]) == "50; 2 of 2 disturbed"
    ((*_, ratio),) = rows({"old": [{KEY: undisturbed}], "new": [{KEY: disturbed}]})
    assert ratio == ""
