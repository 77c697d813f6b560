"""Write docs/scenarios.md: every row of the checklist and the benchmarks that measure it, as their classes say.

The rows' texts are in docs/checklist.toml. What a benchmark does is the first sentence of its class's docstring.
"""

import argparse
import importlib
import inspect
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.errors import ToolError, run
from tools.paths import BENCHMARKS, ROOT
from tools.report.pages import cell, render
from tools.suite import Suite, begin_with

DOCS = ROOT / "docs"
CHECKLIST = DOCS / "checklist.toml"
PAGE = DOCS / "scenarios.md"
TEMPLATE = Path(__file__).with_name("scenarios.md.j2")
RENEW = "python3 bootstrap.py scenarios"

# What a table calls what asv measures without saying a unit.
METRICS = {"time": "time", "peakmemory": "peak memory"}


@dataclass(slots=True)
class Measurement:
    """What one class measures of a row: its benchmarks with their metrics, and the sets of parameters of each."""

    cls: type
    metrics: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    @property
    def names(self) -> str:
        """The benchmarks, one below the other."""
        return "<br>".join(f"`{name}`" for name in self.metrics)

    @property
    def units(self) -> str:
        """The metric of each of them, in the same order."""
        return "<br>".join(map(cell, self.metrics.values()))

    @property
    def values(self) -> str:
        """The parameters, those of benchmarks that are offered different ones below each other."""
        distinct = dict.fromkeys(_axes(sets) for sets in self.parameters.values())
        return "<br>".join(map(cell, distinct))

    @property
    def sentence(self) -> str:
        """What the class does."""
        return cell(first_sentence(self.cls))


def main() -> None:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(prog="scenarios", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, and fail where the page is an old one")
    options = parser.parse_args()
    text = page()
    if not options.check:
        PAGE.write_text(text)
    elif PAGE.read_text() != text:
        raise ToolError(f"{PAGE.relative_to(ROOT)} is not what the benchmarks say: {RENEW} writes it")


def page() -> str:
    """The whole page. Raises ToolError where the checklist and the benchmarks don't fit together."""
    families = tomllib.loads(CHECKLIST.read_text())["family"]
    rows, beside = measurements()
    known = [row for family in families for row in family["rows"]]
    for row, found in rows.items():
        if row not in known:
            raise ToolError(f"{CHECKLIST.name} has no row {row}, which {found[0].cls.__name__} measures: add it there")
    for row in known:
        if row not in rows:
            raise ToolError(f"no benchmark measures row {row} of {CHECKLIST.name}: name it in the rows of a class")
    return render(TEMPLATE, families=families, rows=rows, beside=beside, about=_about, renew=RENEW)


def measurements() -> tuple[dict[str, list[Measurement]], list[Measurement]]:
    """What measures each row of the checklist, and what measures none."""
    of_row: dict[str, dict[type, Measurement]] = {}
    beside: dict[type, Measurement] = {}
    claimed: dict[tuple[str, type], tuple[Any, ...]] = {}
    for (name, _), benchmark in Suite().cases("."):
        cls = type(benchmark.func.__self__)
        claimed |= {(row, cls): leading for row, leading in cls.rows.items()}
        parameters = tuple(benchmark._current_params)
        rows = [row for row, leading in cls.rows.items() if begin_with(parameters, leading)]
        for found in [of_row.setdefault(row, {}) for row in rows] or [beside]:
            measurement = found.setdefault(cls, Measurement(cls))
            measurement.metrics[name] = METRICS.get(benchmark.type, benchmark.unit)
            measurement.parameters.setdefault(name, []).append(parameters)
    for (row, cls), leading in claimed.items():
        if cls not in of_row.get(row, {}):
            raise ToolError(f"{cls.__name__} measures row {row} with {leading}, which none of its benchmarks has")
    return {row: [*found.values()] for row, found in of_row.items()}, [*beside.values()]


def _axes(sets: list[tuple[Any, ...]]) -> str:
    """Sets of parameters, axis by axis."""
    return ", ".join(" · ".join(dict.fromkeys(map(str, axis))) for axis in zip(*sets, strict=True)) or "none"


def first_sentence(cls: type) -> str:
    """The first sentence of a class's docstring, without the rows in brackets, which the table has in a column."""
    text = " ".join(inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0].split())
    if not text:
        raise ToolError(f"{cls.__module__}.{cls.__name__} has no docstring: the table of scenarios needs one")
    sentence = re.split(r"(?<=[.!?]) (?=[A-Z])", text)[0]
    return re.sub(r" \([A-Z]\d\d(?:[-, ]+[A-Z]\d\d)*\)", "", sentence).replace("``", "`")


def _about(family: dict[str, Any]) -> list[str]:
    """The paragraphs of the docstring of a family's module, without its title."""
    if "module" not in family:
        return []
    module = importlib.import_module(f"{BENCHMARKS.name}.{family['module']}")
    return [paragraph.replace("``", "`") for paragraph in inspect.cleandoc(module.__doc__ or "").split("\n\n")[1:]]


if __name__ == "__main__":
    run(main)
