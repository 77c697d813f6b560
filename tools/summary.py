"""What was measured on one commit, as a table: time, rates and bytecodes, one line a scenario.

asv takes every higher number for worse, so what it stores are costs. The rates that people think in, messages and
routes per second, are worked out here.
"""

import importlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from asv.util import human_time
from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.common import Benchmark
from tools.results import Key, Kind, Number


@dataclass(frozen=True, slots=True)
class Line:
    """One timed method with one set of parameters. Times in seconds; None is not measured, NaN not applicable."""

    row: str
    method: str
    parameters: tuple[Any, ...]
    messages: int
    routes: int
    seconds: float | None
    bytecodes: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """All lines of one commit, and how many numbers there should be and are."""

    lines: list[Line]
    expected: int
    measured: int
    not_applicable: int
    failed: list[str]


def summary(numbers: Mapping[Key, Number]) -> Summary:
    """Sum up the numbers of one commit."""
    measured = sum(number.measured for number in numbers.values())
    failed = {key.benchmark for key, number in numbers.items() if number.value is None}
    not_applicable = sum(number.value is not None and not number.measured for number in numbers.values())
    lines = sorted(_lines(numbers), key=lambda line: (line.row, line.method))
    return Summary(lines, len(numbers), measured, not_applicable, sorted(failed))


def table(lines: list[Line], title: str) -> Table:
    """Lay the lines out."""
    result = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for heading in ("row", "benchmark", "parameters"):
        result.add_column(heading, no_wrap=True)
    for heading in ("time", "messages/s", "routes/s", "bytecodes/message"):
        result.add_column(heading, justify="right")
    for line in lines:
        rate = 1 / line.seconds if line.seconds else math.nan
        result.add_row(
            line.row,
            line.method,
            ", ".join(map(str, line.parameters)),
            _cell(line.seconds, human_time),
            _cell(line.messages * rate, "{:,.0f}".format),
            _cell(line.routes * rate if line.routes else math.nan, "{:,.0f}".format),
            _cell(line.bytecodes, "{:,.1f}".format),
        )
    return result


def _lines(numbers: Mapping[Key, Number]) -> Iterator[Line]:
    values = {(key.benchmark, key.parameters): number.value for key, number in numbers.items()}
    for key, number in numbers.items():
        if key.kind is not Kind.TIME:
            continue
        cls, _, method = key.benchmark.rpartition(".")
        size = _class_of(key)().size(*key.parameters)
        count = f"{cls}.{method.replace('time_', 'track_')}_bytecodes"
        yield Line(
            row=next(iter(rows_of(key)), ""),
            method=f"{cls.rpartition('.')[2]}.{method.removeprefix('time_')}",
            parameters=key.parameters,
            messages=size.messages,
            routes=size.routes,
            seconds=number.value,
            bytecodes=values.get((count, key.parameters), math.nan),
        )


def rows_of(key: Key) -> list[str]:
    """The rows of the checklist that a number belongs to."""
    rows = _class_of(key).rows
    return [row for row, leading in rows.items() if key.parameters[: len(leading)] == leading]


def _class_of(key: Key) -> type[Benchmark]:
    module, cls, _ = key.benchmark.rsplit(".", 2)
    return cast(type[Benchmark], getattr(importlib.import_module(f"benchmarks.{module}"), cls))


def _cell(value: float | None, show: Any) -> str:
    if value is None:
        return "failed"
    return "" if math.isnan(value) else cast(str, show(value))
