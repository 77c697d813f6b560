"""Reading what asv has stored: what is a number, what is none and why, and of which Python."""

import math
from pathlib import Path

import pytest

from tests.stored import MACHINE, THIS, Stored
from tools.errors import ToolError
from tools.numbers.kinds import Kind
from tools.numbers.stored import NEVER_MEASURED, Key, Number, State, displayed, load

COMMIT, OTHER = "a" * 40, "b" * 40
TIME, COUNT = "message_parsing.UpdateDecoding.time_decode", "message_parsing.UpdateDecoding.track_decode_bytecodes"


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    made = Stored(tmp_path / "results")
    made.describe(TIME, "seconds", [1, 10], ["cold", "warm"])
    made.describe(COUNT, "bytecodes/message", [1, 10], ["cold", "warm"])
    return made


def words(stored: Stored, commit: str = COMMIT) -> dict[str, str]:
    return {str(key): displayed(number, key) for key, number in load(stored.conf, MACHINE, commit, []).items()}


def test_never_measured_not_applicable_and_failed_are_three_things(stored: Stored) -> None:
    stored.write(COMMIT, {COUNT: [1234.5, math.nan, None, 7.0]})
    assert words(stored) == {
        f"{COUNT}(1, cold)": "1,234.5",
        f"{COUNT}(1, warm)": "n/a",
        f"{COUNT}(10, cold)": "failed",
        f"{COUNT}(10, warm)": "7",
        **{f"{TIME}({size}, {cache})": "never measured" for size in (1, 10) for cache in ("cold", "warm")},
    }
    # All of a benchmark's are stored as one null where it failed as a whole.
    stored.write(OTHER, {TIME: [None] * 4})
    assert {text for name, text in words(stored, OTHER).items() if TIME in name} == {"failed"}
    assert {text for name, text in words(stored, OTHER).items() if COUNT in name} == {"never measured"}


def test_parameters_that_came_later_were_never_measured(stored: Stored) -> None:
    stored.write(COMMIT, {COUNT: [1.0, 2.0, 3.0, None]})
    stored.describe(COUNT, "bytecodes/message", [1, 10, 100], ["cold", "warm"])
    found = {name.removeprefix(COUNT): text for name, text in words(stored).items() if COUNT in name}
    assert found == {
        "(1, cold)": "1",
        "(1, warm)": "2",
        "(10, cold)": "3",
        "(10, warm)": "failed",
        "(100, cold)": "never measured",
        "(100, warm)": "never measured",
    }


def test_parameters_that_were_not_selected_were_never_measured(stored: Stored) -> None:
    def found() -> list[str]:
        return [text for name, text in words(stored).items() if COUNT in name]

    nan = math.nan
    stored.write(COMMIT, {COUNT: [nan, 2.0, nan, nan]}, selected=[1])
    assert found() == ["never measured", "2", "never measured", "never measured"]
    stored.write(COMMIT, {COUNT: [nan, nan, nan, nan]}, selected=[2])
    assert found() == ["never measured", "2", "n/a", "never measured"]
    stored.write(COMMIT, {COUNT: [None, nan, nan, nan]}, selected=[0])
    assert found() == ["failed", "2", "n/a", "never measured"]
    # asv measures again what has no value, so it measures all when all are selected.
    stored.write(COMMIT, {COUNT: [1.0, 2.0, 3.0, 4.0]}, selected=[0, 1, 2, 3])
    assert found() == ["1", "2", "3", "4"]
    stored.describe(COUNT, "bytecodes/message", [1, 10, 100], ["cold", "warm"])
    stored.write(COMMIT, {COUNT: [nan, nan, nan, nan, 5.0, nan]}, selected=[4])
    assert found() == ["1", "2", "3", "4", "5", "never measured"]


def test_the_state_of_a_number() -> None:
    assert Number(1.0).state is State.MEASURED
    assert Number(0.0).state is State.MEASURED
    assert Number(None).state is State.FAILED
    assert Number(math.nan).state is State.NOT_APPLICABLE
    assert NEVER_MEASURED.state is State.NEVER_MEASURED
    assert [number.measured for number in (Number(1.0), Number(None), Number(math.nan), NEVER_MEASURED)] == [True] + [
        False
    ] * 3


def test_numbers_of_another_build_of_python_are_none(stored: Stored) -> None:
    stored.write(COMMIT, {COUNT: [1.0] * 4}, python="3.12.99")
    stored.write(COMMIT, {TIME: [2.0] * 4})
    found = words(stored)
    assert found[f"{COUNT}(1, cold)"] == "never measured"
    assert found[f"{TIME}(1, cold)"] == "2.00s"


def test_a_commit_with_numbers_of_other_builds_only_is_told(stored: Stored) -> None:
    stored.write(COMMIT, {COUNT: [1.0] * 4}, python="3.12.99")
    # As asv writes it by itself: nobody knows which build that was.
    stored.write(COMMIT, {COUNT: [2.0] * 4}, python="3.12")
    with pytest.raises(ToolError) as told:
        load(stored.conf, MACHINE, COMMIT, [])
    assert f"{COMMIT[:9]} was measured with Python 3.12, 3.12.99 only, and this is {THIS}" in str(told.value)
    assert f"python3 bootstrap.py bench -- {COMMIT[:9]}" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_commit_without_results_has_no_numbers(stored: Stored) -> None:
    stored.write(OTHER, {COUNT: [1.0] * 4})
    # Of another commit whose hash begins with the same eight digits, by which asv names its files.
    stored.write(COMMIT[:-1] + "0", {COUNT: [1.0] * 4})
    assert set(words(stored).values()) == {"never measured"}


@pytest.mark.parametrize("content", [b"", b'{"commit_hash": "a', b"[]", b"{}", b'"text"', b"\xff\xfe\x00", b"null"])
def test_a_damaged_file_of_results_is_named(stored: Stored, content: bytes) -> None:
    path = stored.write(COMMIT, {COUNT: [1.0] * 4})
    whole = path.read_bytes()
    for damaged in (content, whole[: len(whole) // 2]):
        path.write_bytes(damaged)
        with pytest.raises(ToolError, match="is damaged: remove it, and measure again") as told:
            load(stored.conf, MACHINE, COMMIT, [])
        assert str(path) in str(told.value)
        assert "\n" not in str(told.value)
        assert path.read_bytes() == damaged
    # It says nothing about other commits.
    stored.write(OTHER, {COUNT: [1.0] * 4})
    assert words(stored, OTHER)[f"{COUNT}(1, cold)"] == "1"


@pytest.mark.parametrize("content", [b"", b'{"message_pars', b"[]", b'{"version": 2, "a": 1}', b"\xff"])
def test_a_damaged_list_of_benchmarks_is_named(stored: Stored, content: bytes) -> None:
    path = stored.folder / "benchmarks.json"
    path.write_bytes(content)
    with pytest.raises(ToolError, match="is damaged: remove it") as told:
        load(stored.conf, MACHINE, COMMIT, [])
    assert str(path) in str(told.value)
    path.unlink()
    with pytest.raises(ToolError, match="nothing has been measured here"):
        load(stored.conf, MACHINE, COMMIT, [])


def test_an_expression_selects_benchmarks_or_sets_of_parameters(stored: Stored) -> None:
    stored.write(COMMIT, {COUNT: [1.0, 2.0, 3.0, 4.0]})
    found = load(stored.conf, MACHINE, COMMIT, [r"bytecodes\(10, 'warm'"])
    assert {str(key): number.value for key, number in found.items()} == {f"{COUNT}(10, warm)": 4.0}
    with pytest.raises(ToolError, match="no benchmark matches nothing"):
        load(stored.conf, MACHINE, COMMIT, ["nothing"])


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (6600.113, "bytecodes/message", "6,600.113"),
        (123456789.125, "kept bytes/message", "123,456,789.1"),
        (0.07832, "seconds", "78.3ms"),
        (43600000.0, "bytes", "43.6M"),
        (1.0, "exponent", "1"),
    ],
)
def test_a_number_as_people_read_it(value: float, unit: str, text: str) -> None:
    key = Key("a.B.c", (), Kind.COUNT, unit)
    assert displayed(Number(value), key) == text
    assert displayed(Number(value * 2, [value * 2, value, value * 3]), key, least=True) == text
