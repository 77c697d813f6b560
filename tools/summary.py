"""What was measured on one commit, as a table: time, rates and bytecodes, one line a scenario.

asv takes every higher number for worse, so what it stores are costs. The rates that people think in, messages and
routes per second, are worked out here.
"""

import ast
import importlib
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from asv.benchmarks import Benchmarks
from asv.config import Config
from asv.results import iter_results_for_machine_and_hash
from asv.util import human_time
from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.common import Benchmark


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
class Outcome:
    """All lines of one commit, and how many numbers there should be and are."""

    lines: list[Line]
    expected: int
    measured: int
    not_applicable: int
    failed: list[str]


def outcome(conf: Config, machine: str, commit: str, selected: list[str]) -> Outcome:
    """Read a commit's stored results of the benchmarks that match one of the regular expressions, or of all.

    Only results of the current versions of the benchmarks count.
    """
    benchmarks: dict[str, dict[str, Any]] = dict(Benchmarks.load(conf, regex=selected or None))
    values: dict[str, list[float | None]] = {
        name: [None] * len(_combinations(benchmark)) for name, benchmark in benchmarks.items()
    }
    for results in iter_results_for_machine_and_hash(conf.results_dir, machine, commit):
        for name in results.get_result_keys(benchmarks):
            values[name] = results.get_result_value(name, benchmarks[name]["params"])
    every = [value for of_one in values.values() for value in of_one]
    return Outcome(
        lines=sorted(_lines(benchmarks, values), key=lambda line: (line.row, line.method)),
        expected=len(every),
        measured=sum(value is not None and not math.isnan(value) for value in every),
        not_applicable=sum(value is not None and math.isnan(value) for value in every),
        failed=sorted(name for name, of_one in values.items() if None in of_one),
    )


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


def _lines(benchmarks: dict[str, dict[str, Any]], values: dict[str, list[float | None]]) -> Iterator[Line]:
    for name, benchmark in benchmarks.items():
        if benchmark["type"] != "time":
            continue
        module, cls, method = name.rsplit(".", 2)
        instance = cast(Benchmark, getattr(importlib.import_module(f"benchmarks.{module}"), cls)())
        counts = values.get(f"{module}.{cls}.{method.replace('time_', 'track_')}_bytecodes")
        for index, parameters in enumerate(_combinations(benchmark)):
            size = instance.size(*parameters)
            row = next(row for row, first in instance.rows.items() if parameters[: len(first)] == first)
            yield Line(
                row=row,
                method=f"{cls}.{method.removeprefix('time_')}",
                parameters=parameters,
                messages=size.messages,
                routes=size.routes,
                seconds=values[name][index],
                bytecodes=counts[index] if counts else None,
            )


def _combinations(benchmark: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The parameters of a benchmark, in the order of asv's results. asv keeps them as their repr."""
    return list(itertools.product(*[map(ast.literal_eval, values) for values in benchmark["params"]]))


def _cell(value: float | None, show: Any) -> str:
    if value is None:
        return "failed"
    return "" if math.isnan(value) else cast(str, show(value))
