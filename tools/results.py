"""The numbers that asv has stored, one by one: benchmark, parameters, value."""

import ast
import itertools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from asv.benchmarks import Benchmarks
from asv.config import Config
from asv.results import iter_results_for_machine_and_hash
from asv.util import human_value

# Names of the tracks that are exact: instructions, kept bytes, how both grow.
COUNTS = r"\.track_(.*bytecodes|.*growth|kept|leak)"


class Kind(Enum):
    """What a number is, which decides how two of them are compared."""

    COUNT = "count"
    GROWTH = "growth"
    TIME = "time"
    MEMORY = "memory"
    CONTROL = "control"
    OTHER = "other"


# What is the same in each run.
EXACT = (Kind.COUNT, Kind.GROWTH)


@dataclass(frozen=True, slots=True)
class Number:
    """One result: the value (None failed, NaN not applicable), and a time's samples and statistics."""

    value: float | None
    samples: list[float] | None = None
    stats: Mapping[str, float] | None = None

    @property
    def measured(self) -> bool:
        """Whether there is a number at all."""
        return self.value is not None and not math.isnan(self.value)

    @property
    def least(self) -> float | None:
        """The least sample of a time: what else the machine does only adds to it. The value where there are none."""
        return min(self.samples) if self.samples else self.value


@dataclass(frozen=True, slots=True)
class Key:
    """A benchmark with one set of parameters."""

    benchmark: str
    parameters: tuple[Any, ...]
    kind: Kind
    unit: str

    @property
    def asv_name(self) -> str:
        """What asv's ``--bench`` is matched against."""
        parameters = f"({', '.join(map(repr, self.parameters))})" if self.parameters else ""
        return f"{self.benchmark}{parameters}"

    def __str__(self) -> str:
        parameters = f"({', '.join(map(str, self.parameters))})" if self.parameters else ""
        return f"{self.benchmark}{parameters}"


def kind_of(benchmark: Mapping[str, Any]) -> Kind:
    """The kind of a benchmark, from asv's description of it."""
    if ".Control" in benchmark["name"]:
        return Kind.CONTROL
    if benchmark["type"] == "time":
        return Kind.TIME
    if benchmark["type"] == "peakmemory":
        return Kind.MEMORY
    if not re.search(COUNTS, benchmark["name"]):
        return Kind.OTHER
    return Kind.GROWTH if benchmark["unit"] == "exponent" else Kind.COUNT


def displayed(value: float | None, key: Key) -> str:
    """A number as people read it; a time or memory with its unit, a count without."""
    if value is None:
        return "failed"
    if math.isnan(value):
        return "n/a"
    if key.kind in (*EXACT, Kind.OTHER):
        return f"{value:,.10g}"
    return str(human_value(value, key.unit))


def load(conf: Config, machine: str, commit: str, selected: list[str]) -> dict[Key, Number]:
    """All numbers of a commit, of the benchmarks that match one of the regular expressions, or of all.

    As with asv, an expression may match a benchmark or one set of its parameters.
    """
    benchmarks = Benchmarks.load(conf, regex=selected or None)
    keys: dict[str, dict[int, Key]] = {}
    for name, benchmark in benchmarks.items():
        every = [Key(name, values, kind_of(benchmark), benchmark["unit"]) for values in combinations(benchmark)]
        # The indices of the parameters that match; None where it has none.
        indices = benchmarks.benchmark_selection[name]
        keys[name] = {index: every[index] for index in ([0] if indices is None else indices)}
    found = {key: Number(None) for of_benchmark in keys.values() for key in of_benchmark.values()}
    for results in iter_results_for_machine_and_hash(conf.results_dir, machine, commit):
        for name in results.get_result_keys(benchmarks):
            parameters = benchmarks[name]["params"]
            values = results.get_result_value(name, parameters)
            samples = results.get_result_samples(name, parameters)
            stats = results.get_result_stats(name, parameters)
            for index, key in keys[name].items():
                found[key] = Number(values[index], samples[index], stats[index])
    return found


def combinations(benchmark: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The parameters of a benchmark, in the order of asv's results. asv keeps them as their repr."""
    return list(itertools.product(*[map(ast.literal_eval, values) for values in benchmark["params"]]))
