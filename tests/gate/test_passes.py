"""Which times the gate measures again, and which measurement pass counts."""

from dataclasses import dataclass, field

import pytest

from tools.gate.continuous import LEFT_OUT, compare
from tools.gate.passes import AT_ONCE, measure_times, times_of_same_counts
from tools.gate.rules import Change, Outcome, changes
from tools.gate.timing import PASSES
from tools.numbers.kinds import Kind
from tools.numbers.stored import Key, Number

TIME = Key("a.B.time_c", (10, "cold"), Kind.TIME, "seconds")
OTHER = Key("a.B.time_d", (), Kind.TIME, "seconds")
CONTROL = Key("controls.Control.time_c", (), Kind.CONTROL, "seconds")
MANY = [Key("a.Many.time_b", (number,), Kind.TIME, "seconds") for number in range(AT_ONCE + 2)]
QUICK, SLOW = Number(1.0, [1.0] * 12), Number(1.5, [1.5] * 12)

QUICK_ALL = dict.fromkeys([TIME, OTHER, CONTROL, *MANY], QUICK)
EVERY = [key.asv_name for key in QUICK_ALL]


@dataclass
class Scripted:
    """A gate whose passes find on the branch what is written here, by benchmark; the base is always quick."""

    passes: list[dict[Key, Number]]
    asked: list[list[str]] = field(default_factory=list)
    rounds: list[int] = field(default_factory=list)

    def measure(self, kind: str, names: list[str], rounds: int) -> list[Change]:
        branch = QUICK_ALL | self.passes[len(self.asked)]
        self.asked.append(names)
        self.rounds.append(rounds)
        keys = [key for key in branch if key.asv_name in names]
        return changes(dict.fromkeys(keys, QUICK), {key: branch[key] for key in keys})

    def controls(self) -> list[str]:
        return [CONTROL.asv_name]


def measured(gate: Scripted, *counts: Change) -> dict[Key, Outcome]:
    return {change.key: change.outcome for change in measure_times(gate, EVERY, [*counts])}  # type: ignore[arg-type]


def counted(before: float, after: float, parameters: tuple[object, ...] = TIME.parameters) -> Change:
    key = Key("a.B.track_c_bytecodes", parameters, Kind.COUNT, "bytecodes/message")
    (change,) = changes({key: Number(before)}, {key: Number(after)})
    return change


def again(*keys: Key) -> list[str]:
    return [key.asv_name for key in keys]


def decided(*keys: Key) -> list[str]:
    return again(*keys, CONTROL)


def test_what_looks_the_same_is_measured_once() -> None:
    gate = Scripted([{}])
    assert set(measured(gate).values()) == {Outcome.SAME}
    assert gate.asked == [EVERY]


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        ([SLOW, QUICK], Outcome.SAME),
        ([SLOW, SLOW, QUICK], Outcome.SAME),
        ([SLOW, SLOW, SLOW], Outcome.SLOWER),
    ],
)
def test_only_the_last_pass_counts(found: list[Number], outcome: Outcome) -> None:
    gate = Scripted([{TIME: number} for number in found])
    assert measured(gate)[TIME] is outcome
    assert gate.asked == [EVERY, again(TIME), decided(TIME)][: len(found)]
    assert tuple(gate.rounds) == PASSES[: len(found)]


def test_the_controls_are_those_of_the_last_pass() -> None:
    gate = Scripted([{TIME: SLOW, CONTROL: SLOW}, {TIME: SLOW}, {TIME: SLOW}])
    (control,) = [change for change in measure_times(gate, EVERY, []) if change.key is CONTROL]  # type: ignore[arg-type]
    assert control.ratio == 1


def test_a_few_are_measured_again_first_those_that_grew_most() -> None:
    slower = {key: Number(1.2 + key.parameters[0] / 10, [1.2 + key.parameters[0] / 10] * 12) for key in MANY}
    gate = Scripted([slower, slower, slower])
    found = measured(gate)
    first = MANY[: -AT_ONCE - 1 : -1]
    assert gate.asked == [EVERY, again(*first), decided(*first)]
    # The five say enough. What the others are is not known.
    assert {found[key] for key in first} == {Outcome.SLOWER}
    assert {found[key] for key in MANY if key not in first} == {Outcome.UNDECIDED}


def test_the_others_are_measured_again_where_the_first_were_the_machine() -> None:
    slower = dict.fromkeys(MANY, SLOW)
    gate = Scripted([slower, {}, {}])
    found = measured(gate)
    assert {found[key] for key in MANY} == {Outcome.SAME}
    assert gate.asked == [EVERY, again(*MANY[:AT_ONCE]), again(*MANY[AT_ONCE:])]


def test_what_looks_faster_decides_nothing_and_gets_what_room_there_is() -> None:
    quicker = dict.fromkeys(MANY, Number(0.5, [0.5] * 12))
    gate = Scripted([quicker | {TIME: SLOW}, {}])
    found = measured(gate)
    assert gate.asked == [EVERY, again(TIME, *MANY[: AT_ONCE - 1])]
    assert found[MANY[0]] is Outcome.SAME
    assert found[MANY[-1]] is Outcome.UNDECIDED


def test_what_is_faster_needs_no_third_pass() -> None:
    quicker = {TIME: Number(0.5, [0.5] * 12)}
    gate = Scripted([quicker, quicker])
    assert measured(gate)[TIME] is Outcome.FASTER
    assert gate.asked == [EVERY, again(TIME)]


def test_a_time_whose_count_says_the_same_needs_no_second_pass() -> None:
    gate = Scripted([{TIME: SLOW}])
    assert measured(gate, counted(100, 150))[TIME] is Outcome.SLOWER
    quicker = Scripted([{TIME: Number(0.5, [0.5] * 12)}])
    assert measured(quicker, counted(150, 100))[TIME] is Outcome.FASTER


@pytest.mark.parametrize("count", [counted(100, 100), counted(150, 100), counted(100, 150, (10, "warm"))])
def test_a_count_that_says_otherwise_explains_nothing(count: Change) -> None:
    assert measured(Scripted([{TIME: SLOW}, {}]), count)[TIME] is Outcome.SAME


def test_a_time_is_known_by_a_count_of_the_same_work_that_is_the_same_to_its_last_digit() -> None:
    other = counted(100, 101, (10, "warm"))
    assert times_of_same_counts([counted(100, 100), other]) == {TIME.asv_name}
    failed = {other.key: Number(None)}
    for counts in ([counted(100, 100.001)], [counted(101, 100)], changes(failed, failed)):
        assert not times_of_same_counts(counts)


@pytest.mark.parametrize(
    ("selected", "options", "expected"),
    [
        ([], {}, [OTHER, CONTROL]),
        ([], {"all_times": True}, [TIME, OTHER, CONTROL]),
        ([TIME.benchmark], {}, [TIME, OTHER, CONTROL]),
        ([], {"counts_only": True}, []),
    ],
)
def test_a_known_time_is_measured_only_when_asked_for(
    selected: list[str], options: dict[str, bool], expected: list[Key], capsys: pytest.CaptureFixture[str]
) -> None:
    gate = Whole(selected=selected)
    compare(gate, **options)  # type: ignore[arg-type]
    assert gate.timed == [key.asv_name for key in expected]
    said = f"{LEFT_OUT}: 1\n"
    assert capsys.readouterr().out == (said if expected == [OTHER, CONTROL] else "")


@dataclass
class Whole:
    """A gate of two times and a control, and one count, which is the same on both commits."""

    selected: list[str]
    timed: list[str] = field(default_factory=list)

    def check_selection(self) -> None:
        """Whatever is selected is there."""

    def names(self, *kinds: Kind) -> list[str]:
        return [key.asv_name for key in (counted(1, 1).key, TIME, OTHER, CONTROL) if key.kind in kinds]

    def measure(self, kind: str, names: list[str], rounds: int | None = None) -> list[Change]:
        if not rounds:
            return [counted(100, 100)]
        self.timed += names
        keys = [key for key in QUICK_ALL if key.asv_name in names]
        return changes(dict.fromkeys(keys, QUICK), dict.fromkeys(keys, QUICK))
