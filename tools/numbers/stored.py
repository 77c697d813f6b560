"""The numbers that asv has stored, one by one: benchmark, parameters, value."""

import ast
import itertools
import math
import platform
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from asv.benchmarks import Benchmarks
from asv.config import Config
from asv.results import Results
from asv.util import human_value

from tools.configuration import DAMAGE
from tools.errors import ToolError
from tools.numbers.kinds import Kind, kind_of


class State(Enum):
    """Whether there is a number, and if not, why."""

    MEASURED = "measured"
    NOT_APPLICABLE = "n/a"
    FAILED = "failed"
    NEVER_MEASURED = "never measured"


@dataclass(frozen=True, slots=True)
class Number:
    """One result: the value (None failed, NaN none), a time's samples and statistics, and whether it was run at all."""

    value: float | None
    samples: list[float] | None = None
    stats: Mapping[str, float] | None = None
    run: bool = True

    @property
    def state(self) -> State:
        """Whether there is a number, and if not, why."""
        if not self.run:
            return State.NEVER_MEASURED
        if self.value is None:
            return State.FAILED
        return State.NOT_APPLICABLE if math.isnan(self.value) else State.MEASURED

    @property
    def measured(self) -> bool:
        """Whether there is a number at all."""
        return self.state is State.MEASURED

    @property
    def least(self) -> float | None:
        """The least sample of a time: what else the machine does only adds to it. The value where there are none."""
        return min(self.samples) if self.samples else self.value


NEVER_MEASURED = Number(math.nan, run=False)


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


def displayed(number: Number, key: Key, *, least: bool = False) -> str:
    """A number, or the least sample of it, as people read it: every digit of a count, a time with its unit."""
    value = number.least if least else number.value
    if not number.measured:
        return number.state.value
    if key.unit in ("seconds", "bytes"):
        return str(human_value(value, key.unit))
    return f"{value:,.10g}"


def unit_beside(key: Key) -> str:
    """The unit that a displayed number is short of."""
    return "" if key.unit == "seconds" else key.unit


def descriptions(conf: Config, selected: list[str]) -> Benchmarks:
    """What asv knew about the benchmarks when it last ran some. Raises ToolError where nothing matches."""
    path = Path(Benchmarks.get_benchmark_file_path(conf.results_dir))
    if not path.exists():
        raise ToolError("nothing has been measured here: python3 bootstrap.py bench")
    try:
        benchmarks = Benchmarks.load(conf, regex=selected or None)
    except DAMAGE:
        raise ToolError(f"{path} is damaged: remove it; what measures next writes it anew") from None
    if not benchmarks:
        raise ToolError(f"no benchmark matches {' or '.join(selected)}: docs/scenarios.md has their names")
    return benchmarks


def load(conf: Config, machine: str, commit: str, selected: list[str]) -> dict[Key, Number]:
    """All numbers of a commit, of the benchmarks that match one of the regular expressions, or of all.

    As with asv, an expression may match a benchmark or one set of its parameters. Numbers of another build of Python
    are none: raises ToolError where the commit has no others.
    """
    benchmarks = descriptions(conf, selected)
    keys: dict[str, dict[int, Key]] = {}
    for name, benchmark in benchmarks.items():
        every = [
            Key(name, values, kind_of(name, benchmark["unit"]), benchmark["unit"]) for values in combinations(benchmark)
        ]
        # The indices of the parameters that match; None where it has none.
        indices = benchmarks.benchmark_selection[name]
        keys[name] = {index: every[index] for index in ([0] if indices is None else indices)}
    found = {key: NEVER_MEASURED for of_benchmark in keys.values() for key in of_benchmark.values()}
    stored = list(results_of(conf, machine, [commit]))
    ours = list(filter(of_this_python, stored))
    if stored and not ours:
        others = ", ".join(sorted({results.params["python"] for results in stored}))
        raise ToolError(
            f"{commit[:9]} was measured with Python {others} only, and this is {platform.python_version()}, whose "
            f"numbers may differ: python3 bootstrap.py bench -- {commit[:9]}"
        )
    for results in ours:
        for name in results.get_result_keys(benchmarks):
            numbers = _numbers(results, benchmarks[name])
            found |= {key: numbers[index] for index, key in keys[name].items()}
    return found


def results_of(conf: Config, machine: str, commits: Collection[str]) -> Iterator[Results]:
    """What asv has stored of some commits. Raises ToolError for a file that is damaged."""
    prefixes = {commit[:8] for commit in commits}
    for path in sorted(Path(conf.results_dir, machine).glob("*-*.json")):
        if path.name.partition("-")[0] in prefixes:
            results = read(path, machine)
            if results.commit_hash in commits:
                yield results


def of_this_python(results: Results) -> bool:
    """Whether the Python that has measured is the one that runs now: counts of two builds may differ."""
    return bool(results.params["python"] == platform.python_version())


def read(path: Path, machine: str) -> Results:
    """One file of results. Raises ToolError where it is damaged."""
    try:
        results = Results.load(str(path), machine_name=machine)
        assert isinstance(results.params["python"], str)
    except (*DAMAGE, AssertionError):
        raise ToolError(f"{path} is damaged: remove it, and measure again what was in it") from None
    return results


def combinations(benchmark: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The parameters of a benchmark, in the order of asv's results. asv keeps them as their repr."""
    return list(itertools.product(*[map(ast.literal_eval, values) for values in benchmark["params"]]))


def _numbers(results: Results, benchmark: Mapping[str, Any]) -> list[Number]:
    """The numbers of a benchmark that has results, by the index of its parameters."""
    name, parameters = benchmark["name"], benchmark["params"]
    # asv gives None, as for what failed, to parameters that the benchmark did not have when it ran; an empty list of
    # samples is what SavedResults gives to those that were not selected.
    known = set(itertools.product(*results.get_result_params(name)))
    columns = (
        results.get_result_value(name, parameters),
        results.get_result_samples(name, parameters),
        results.get_result_stats(name, parameters),
    )
    return [
        NEVER_MEASURED if combination not in known or samples == [] else Number(value, samples, stats)
        for combination, value, samples, stats in zip(itertools.product(*parameters), *columns, strict=True)
    ]
