"""Why numbers changed, as the gate says it: which of them are asked for, and how they are merged by their cause."""

import math

from tools.errors import ToolError
from tools.explain.differences import Explanation, Function, Made, Stacks
from tools.gate import reasons
from tools.gate.reasons import Reasons
from tools.gate.rules import Change, Outcome, changes
from tools.numbers.kinds import Kind
from tools.numbers.stored import Key, Number

PREFIX = "CIDR.prefix"


def key(name: str, *parameters: object) -> Key:
    return Key(f"family.Class.{name}", parameters, Kind.COUNT, "bytecodes/message")


def compared(numbers: dict[Key, tuple[float, float]]) -> list[Change]:
    before, after = ({key: Number(pair[side]) for key, pair in numbers.items()} for side in (0, 1))
    return changes(before, after)


def explained(key: Key, before: float, after: float, name: str = PREFIX) -> Explanation:
    nothing = Made(0, None, key.unit, 1, [], [])
    functions = [
        Function("exabgp.cidr", name, 57, before - 50, after - 50),
        Function("exabgp.cidr", "CIDR.other", 80, 50, 50),
    ]
    return Explanation(key.asv_name, key.unit, before, after, functions, Stacks(nothing, nothing))


def of(numbers: dict[Key, tuple[float, float]], asked: list[str] | None = None) -> Reasons:
    def explain(names: list[str]) -> list[Explanation]:
        if asked is not None:
            asked.extend(names)
        return [explained(key, *pair) for key, pair in numbers.items() if key.asv_name in names]

    return Reasons(compared(numbers), explain)


def test_a_number_that_became_worse_has_its_functions() -> None:
    numbers = {key("track_a"): (1000.0, 1100.0), key("track_b"): (1000.0, 900.0)}
    worse, better = compared(numbers)
    found = of(numbers)
    assert list(found.of(worse)) == [f"{PREFIX} +100 (exabgp.cidr:57)"]
    assert list(found.of(better)) == []
    assert list(found.worse()) == [f"{PREFIX} +100 instructions (exabgp.cidr:57): 1 number, +10.0 %"]
    assert list(found.below()) == []


def test_what_changed_by_less_is_merged_by_its_cause() -> None:
    numbers = {key("track_a", index): (1000.0 * index, 1000.0 * index + 8) for index in (1, 2, 4)}
    (cause,) = of(numbers).below()
    assert cause == f"{PREFIX} +8 instructions (exabgp.cidr:57): 3 numbers, +0.2 to +0.8 %"


def test_what_changed_by_next_to_nothing_is_not_asked_for() -> None:
    asked: list[str] = []
    numbers = {key("track_a"): (10000.0, 10009.0), key("track_b"): (1000.0, 1000.0), key("track_c"): (1000.0, 995.0)}
    (cause,) = of(numbers, asked).below()
    assert asked == ["family.Class.track_c"]
    assert cause == f"{PREFIX} -5 instructions (exabgp.cidr:57): 1 number, -0.5 %"


def test_nothing_is_asked_where_nothing_changed() -> None:
    def explain(_names: list[str]) -> list[Explanation]:
        raise AssertionError("asked")

    assert list(Reasons(compared({key("track_a"): (5.0, 5.0)}), explain).below()) == []


def test_of_many_one_of_each_benchmark_is_asked_for_first() -> None:
    asked: list[str] = []
    numbers = {key("track_a", index): (100.0, 300.0 + index) for index in range(30)} | {key("track_b"): (100.0, 102.0)}
    of(numbers, asked)
    assert len(asked) == reasons.MOST_WORSE
    assert asked[:3] == [
        "family.Class.track_a(29)", "family.Class.track_b", "family.Class.track_a(28)"
    ]  # fmt: skip


def test_a_number_that_is_not_that_of_the_gate_is_not_explained() -> None:
    numbers = {key("track_a"): (1000.0, 1100.0), key("track_b"): (1000.0, 1005.0)}
    found = Reasons(compared(numbers), lambda _: [explained(key, old, new + 1) for key, (old, new) in numbers.items()])
    worse, _ = compared(numbers)
    assert list(found.of(worse)) == []
    assert list(found.worse()) == ["1 number, +10.0 %, not explained, family.Class.track_a for one"]
    assert list(found.below()) == ["1 number, +0.5 %, not explained, family.Class.track_b for one"]


def test_what_can_not_be_explained_says_why_and_stops_nothing() -> None:
    def explain(_names: list[str]) -> list[Explanation]:
        raise ToolError("the process was ended by SIGKILL")

    found = Reasons(compared({key("track_a"): (0.0, 1100.0)}), explain)
    assert found.problem == "Not explained: the process was ended by SIGKILL."
    assert list(found.worse()) == ["1 number, not explained, family.Class.track_a for one"]
    (change,) = compared({key("track_a"): (0.0, 1100.0)})
    assert math.isnan(change.ratio)
    assert change.outcome is Outcome.SLOWER
