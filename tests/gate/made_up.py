"""Comparisons that are made up."""

from collections.abc import Iterable

from tools.explain.differences import Explanation, Function, Made, Stacks
from tools.gate.reasons import Reasons
from tools.gate.rules import Change, changes
from tools.numbers.kinds import Kind, kind_of
from tools.numbers.stored import Key, Number
from tools.suite import Suite


def key(name: str, *parameters: object, kind: Kind = Kind.COUNT, unit: str = "bytecodes/message") -> Key:
    return Key(name, parameters, kind, unit)


def number(key: Key, value: float | None) -> Number:
    """A time as the gate has it, with samples; what is None failed."""
    if key.kind is Kind.TIME and value:
        return Number(value, [value * (1 + index / 1e6) for index in range(6)])
    return Number(value)


def compared(numbers: dict[Key, tuple[float | None, float | None]]) -> list[Change]:
    before, after = ({key: number(key, pair[side]) for key, pair in numbers.items()} for side in (0, 1))
    return changes(before, after)


def reasons(found: Iterable[Change], function: str = "CIDR.prefix") -> Reasons:
    """That one function, a method of each family's class, makes the difference."""
    by_name = {change.key.asv_name: change for change in found}

    def explain(names: list[str]) -> list[Explanation]:
        return [explained(by_name[name], function) for name in names]

    return Reasons([*by_name.values()], explain)


def explained(change: Change, function: str) -> Explanation:
    key, before, after = change.key, change.before.value, change.after.value
    assert before is not None and after is not None
    nothing = Made(0, None, key.unit, 1, [], [])
    functions = [Function(f"exabgp.{key.benchmark.partition('.')[0]}", function, 57, before, after)]
    return Explanation(key.asv_name, key.unit, before, after, functions, Stacks(nothing, nothing))


def all_changed(factor: float) -> list[Change]:
    """Each number of each benchmark, all of them another one now, with as many digits as counts have."""
    keys = [
        Key(name, tuple(benchmark._current_params), kind_of(name, benchmark.unit), benchmark.unit)
        for (name, _), benchmark in Suite().cases("")
    ]
    return compared({key: (12_345_678.25, 12_345_678.25 * factor) for key in keys if key.kind is not Kind.OTHER})
