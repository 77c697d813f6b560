"""Which times the gate looks at again, and which look counts."""

import re
from dataclasses import dataclass, field

import pytest

from tools.looks import measure_times, time_beside
from tools.results import Key, Kind, Number
from tools.timing import LOOKS
from tools.verdict import Change, Outcome, changes

TIME = Key("a.B.time_c", (10, "cold"), Kind.TIME, "seconds")
OTHER = Key("a.B.time_d", (), Kind.TIME, "seconds")
CONTROL = Key("controls.Control.time_c", (), Kind.CONTROL, "seconds")
QUICK, SLOW = Number(1.0, [1.0] * 10), Number(1.5, [1.5] * 10)


@dataclass
class Scripted:
    """A gate whose looks find on the branch what is written here; the base is always quick."""

    looks: list[Number]
    asked: list[list[str]] = field(default_factory=list)

    def measure(self, kind: str, expressions: list[str], *options: str) -> list[Change]:
        assert kind == f"look-{len(self.asked)}"
        assert options[-1] == f"rounds={LOOKS[len(self.asked)]}"
        self.asked.append(expressions)
        keys = [key for key in (TIME, OTHER, CONTROL) if any(re.search(one, key.asv_name) for one in expressions)]
        branch = {key: self.looks[len(self.asked) - 1] if key is TIME else QUICK for key in keys}
        return changes(dict.fromkeys(keys, QUICK), branch)


def looked_at(gate: Scripted, *counts: Change) -> dict[Key, Outcome]:
    return {change.key: change.outcome for change in measure_times(gate, ["time_"], [*counts])}  # type: ignore[arg-type]


def counted(before: float, after: float, parameters: tuple[object, ...] = TIME.parameters) -> Change:
    key = Key("a.B.track_c_bytecodes", parameters, Kind.COUNT, "bytecodes/message")
    (change,) = changes({key: Number(before)}, {key: Number(after)})
    return change


def test_what_looks_the_same_is_looked_at_once() -> None:
    gate = Scripted([QUICK])
    assert looked_at(gate) == {TIME: Outcome.SAME, OTHER: Outcome.SAME, CONTROL: Outcome.SAME}
    assert gate.asked == [["time_"]]


@pytest.mark.parametrize(
    ("looks", "outcome"),
    [
        ([SLOW, QUICK], Outcome.SAME),
        ([SLOW, SLOW, QUICK], Outcome.SAME),
        ([SLOW, SLOW, SLOW], Outcome.SLOWER),
    ],
)
def test_only_the_last_look_counts(looks: list[Number], outcome: Outcome) -> None:
    gate = Scripted(looks)
    assert looked_at(gate)[TIME] is outcome
    again = [r"^a\.B\.time_c\(10,\ 'cold'\)$", r"\.Control"]
    assert gate.asked == [["time_"], *[again] * (len(looks) - 1)]


def test_every_look_has_its_controls() -> None:
    found = measure_times(Scripted([SLOW, SLOW, SLOW]), ["time_"], [])  # type: ignore[arg-type]
    assert sum(change.key is CONTROL for change in found) == 3


def test_a_time_whose_count_says_the_same_needs_no_second_look() -> None:
    gate = Scripted([SLOW])
    assert looked_at(gate, counted(100, 150))[TIME] is Outcome.SLOWER


@pytest.mark.parametrize("count", [counted(100, 100), counted(150, 100), counted(100, 150, (10, "warm"))])
def test_a_count_that_says_otherwise_explains_nothing(count: Change) -> None:
    assert looked_at(Scripted([SLOW, QUICK]), count)[TIME] is Outcome.SAME


def test_the_time_beside_a_count() -> None:
    assert time_beside("a.B.track_read_message_bytecodes") == "a.B.time_read_message"
