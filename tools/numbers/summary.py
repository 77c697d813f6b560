"""What was measured on one commit: times with their rates and the bytecodes beside, then all other numbers.

asv takes every higher number for worse, so what it stores are costs. The rates that people think in, messages and
routes per second, are worked out here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console

from benchmarks.common import Size
from tools.numbers.kinds import class_of, count_beside
from tools.numbers.stored import Key, Number, State, displayed, unit_beside
from tools.suite import begin_with, is_named
from tools.terminal import Row, print_table

type Numbers = Mapping[Key, Number]

TIMES = ("row", "benchmark", "parameters", "time", "messages/s", "routes/s", "bytecodes/message")
OTHERS = ("row", "benchmark", "parameters", "unit", "number")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many numbers of one commit there should be, how many there are, and why not the others."""

    expected: int
    measured: int
    not_applicable: int
    never_measured: int
    failed: list[str]
    # Those that fail where their classes know of commits that are wrong.
    known_faults: list[str]

    def __str__(self) -> str:
        said = f"{self.measured} of {self.expected} numbers measured, {self.not_applicable} not applicable, "
        if self.never_measured:
            said += f"{self.never_measured} never measured, "
        said += f"{len(self.failed)} benchmarks failed{_named(self.failed)}"
        if self.known_faults:
            said += f", {len(self.known_faults)} where ExaBGP is known to be wrong{_named(self.known_faults)}"
        return said


def _named(benchmarks: list[str]) -> str:
    return f": {', '.join(benchmarks)}" if benchmarks else ""


def tally(numbers: Numbers) -> Tally:
    """Count the numbers of one commit."""
    states = [number.state for number in numbers.values()]
    failed = [key for key, number in numbers.items() if number.state is State.FAILED]
    return Tally(
        expected=len(states),
        measured=states.count(State.MEASURED),
        not_applicable=states.count(State.NOT_APPLICABLE),
        never_measured=states.count(State.NEVER_MEASURED),
        failed=sorted({key.benchmark for key in failed if not _is_known_fault(key)}),
        known_faults=sorted({key.benchmark for key in failed if _is_known_fault(key)}),
    )


def print_summary(console: Console, numbers: Numbers) -> None:
    """Print every number of one commit."""
    keys = {(key.benchmark, key.parameters): key for key in numbers}
    # The count of the same work is shown in the line of a time.
    times = {key: keys.get((count_beside(key.benchmark), key.parameters)) for key in numbers if key.unit == "seconds"}
    others = [key for key in numbers if key not in times and key not in times.values()]
    if times:
        rows = [_time(key, numbers[key], count, numbers) for key, count in times.items()]
        print_table(console, TIMES, sorted(rows, key=_place), texts=3)
    if others:
        print_table(console, OTHERS, sorted([_other(key, numbers[key]) for key in others], key=_place), texts=4)


def _place(row: Row) -> tuple[str, str]:
    """By row of the checklist, then by name; parameters stay in their order."""
    return row[0], row[1]


def _time(key: Key, time: Number, count: Key | None, numbers: Numbers) -> Row:
    cls = class_of(key.benchmark)
    size = cls().size(*key.parameters) if cls else Size(0, 0)
    rate = 1 / time.value if time.measured and time.value else 0
    return (
        *_texts(key, key.benchmark.rpartition(".")[2].removeprefix("time_")),
        displayed(time, key),
        f"{size.messages * rate:,.0f}" if rate and size.messages else "",
        f"{size.routes * rate:,.0f}" if rate and size.routes else "",
        displayed(numbers[count], count) if count else "",
    )


def _other(key: Key, number: Number) -> Row:
    return *_texts(key, key.benchmark.rpartition(".")[2]), unit_beside(key), displayed(number, key)


def _texts(key: Key, method: str) -> Row:
    cls = key.benchmark.split(".")[-2]
    return next(iter(rows_of(key)), ""), f"{cls}.{method}", ", ".join(map(str, key.parameters))


def rows_of(key: Key) -> list[str]:
    """The rows of the checklist that a number belongs to; none where the benchmark is no more."""
    rows = getattr(class_of(key.benchmark), "rows", {})
    return [row for row, leading in rows.items() if begin_with(key.parameters, leading)]


def _is_known_fault(key: Key) -> bool:
    """Whether the benchmark's class knows of commits that are wrong with these parameters."""
    return is_named(class_of(key.benchmark), "faults", key.parameters)
