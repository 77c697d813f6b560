"""docs/scenarios.md says of every row of the checklist which benchmark measures it; asv must discover the same."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from asv_runner.discovery import disc_benchmarks

ROOT = Path(__file__).resolve().parents[1]
CHECKLIST = [
    f"{family}{number:02}"
    for family, rows in (("P", 14), ("T", 12), ("B", 16), ("C", 11), ("R", 12))
    for number in range(1, rows + 1)
]
BENCHMARKS = {benchmark.name: benchmark for benchmark in disc_benchmarks(str(ROOT / "benchmarks"))}
LINES = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (ROOT / "docs" / "scenarios.md").read_text().splitlines()
    if re.match(r"\| [A-Z]\d\d ", line)
]
NAME = re.compile(r"`(\w+\.\w+\.(?:time|track|peakmem)_\w+)`")


def offers(benchmark: object, row: str) -> bool:
    """Whether the benchmark has the parameters of a row: a count may be taken of fewer than a time."""
    leading = benchmark.func.__self__.rows[row]  # type: ignore[attr-defined]
    return all(value in offered for value, offered in zip(leading, benchmark._params, strict=False))  # type: ignore[attr-defined]


def rows_by_benchmark() -> dict[str, set[str]]:
    """The rows that each benchmark's own class claims, and it has the parameters of."""
    return {
        name: {row for row in getattr(benchmark.func.__self__, "rows", {}) if offers(benchmark, row)}
        for name, benchmark in BENCHMARKS.items()
    }


def test_every_row_of_the_checklist_is_there_once() -> None:
    assert [line[0] for line in LINES] == [*CHECKLIST, "X16"]
    assert all(len(line) == 5 and all(line) for line in LINES)


def test_the_table_names_what_the_classes_claim_and_nothing_else() -> None:
    documented: defaultdict[str, set[str]] = defaultdict(set)
    for row, benchmarks, *_ in LINES:
        for name in NAME.findall(benchmarks):
            documented[name].add(row)
    claimed = {name: rows for name, rows in rows_by_benchmark().items() if rows}
    assert dict(documented) == claimed


def test_every_row_of_a_class_has_a_benchmark() -> None:
    claimed = {row for benchmark in BENCHMARKS.values() for row in getattr(benchmark.func.__self__, "rows", {})}
    assert claimed == set().union(*rows_by_benchmark().values())


def test_every_benchmark_that_asv_discovers_is_described() -> None:
    text = (ROOT / "docs" / "scenarios.md").read_text()
    assert set(NAME.findall(text)) == set(BENCHMARKS)


@pytest.mark.parametrize("line", LINES, ids=[line[0] for line in LINES])
def test_parameters_and_metrics_are_those_of_the_benchmark(line: list[str]) -> None:
    row, benchmarks, parameters, metrics, _ = line
    for name in NAME.findall(benchmarks):
        benchmark = BENCHMARKS[name]
        leading = benchmark.func.__self__.rows[row]
        assert offers(benchmark, row), "asv offers no such parameter"
        assert all(str(value) in parameters for value in leading)
        metric = {"time": "time", "peakmemory": "peak memory"}.get(benchmark.type, benchmark.unit)
        assert metric in metrics.split("<br>")
