"""How long measuring takes, from what it has taken."""

import math
from pathlib import Path

import pytest

from tests.stored import MACHINE, Stored
from tools.measuring.duration import in_words, share_measured, taken, work
from tools.numbers.stored import read

A, B = "message_parsing.UpdateDecoding.time_decode", "message_parsing.UpdateDecoding.track_decode_bytecodes"


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    made = Stored(tmp_path / "results")
    made.describe(A, "seconds", [1, 10])
    made.describe(B, "bytecodes/message", [1, 10])
    return made


def test_the_time_of_a_commit_is_what_others_have_taken(stored: Stored) -> None:
    assert taken(stored.conf, MACHINE, {A, B}) is None
    for commit, seconds in (("a", 2.0), ("b", 3.0), ("c", 100.0)):
        stored.write(commit * 40, {A: [1.0, 2.0], B: [1.0, 2.0]}, seconds=seconds)
    assert taken(stored.conf, MACHINE, {A, B}) == 6.0
    assert taken(stored.conf, MACHINE, {A}) == 3.0
    # Of two more benchmarks nothing is known: they are taken for as long.
    assert taken(stored.conf, MACHINE, {A, B, "new", "newer"}) == 12.0
    assert taken(stored.conf, MACHINE, {"new"}) is None


def test_what_failed_says_nothing_about_the_time(stored: Stored) -> None:
    stored.write("a" * 40, {A: [None, math.nan], B: [math.nan, math.nan]}, seconds=0.01)
    assert taken(stored.conf, MACHINE, {A, B}) is None
    stored.write("b" * 40, {A: [None, 1.0], B: [1.0, math.nan]}, seconds=5.0)
    assert taken(stored.conf, MACHINE, {A, B}) == 10.0


def test_what_has_been_measured_is_not_measured_again(stored: Stored) -> None:
    names = {A, B}
    assert share_measured(read(stored.write("a" * 40, {A: [1.0, math.nan]}), MACHINE), names) == 0.5
    assert share_measured(read(stored.write("b" * 40, {A: [1.0, 2.0], B: [1.0, 2.0]}), MACHINE), names) == 1
    # What failed is.
    assert share_measured(read(stored.write("c" * 40, {A: [1.0, None], B: [None, None]}), MACHINE), names) == 0
    # And what another Python has measured.
    assert share_measured(read(stored.write("d" * 40, {A: [1.0, 2.0]}, python="3.12"), MACHINE), names) == 0


def test_the_work_of_a_range_in_words() -> None:
    assert work(5452, None, 300.0).startswith("about 19 days, at 5 minutes each (a guess, ")
    assert work(3, 20.0, 300.0) == "about 60 seconds, at 20 seconds each (as here before)"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1.2, "1 second"),
        (90, "90 seconds"),
        (200, "3 minutes"),
        (3 * 3600, "3 hours"),
        (86400 * 3, "3 days"),
    ],
)
def test_durations_are_rough(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
