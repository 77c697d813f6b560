"""Write what a store knows as asv's own results, so that asv show, compare, find and publish know it, too.

Each commit that has a tree of the store gets its numbers: those that asv has measured itself stay beside them.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from asv.benchmarks import Benchmarks
from asv.config import Config
from asv.environment import get_env_name
from asv.machine import Machine
from asv.runner import BenchmarkResult

from tools.asv_plugin import SavedResults
from tools.configuration import configuration, this_machine
from tools.exclusive import measuring
from tools.git import git
from tools.history.lines import Commit, Line
from tools.history.measuring import without_recording
from tools.history.store import Measured, Series, Store
from tools.paths import ROOT, UPSTREAM
from tools.suite import Suite


def unpack(store: Store, lines: Sequence[Line]) -> int:
    """Write the numbers of all commits that have some, and return how many have."""
    without_recording()
    conf = configuration()
    conf.results_dir = str(ROOT / conf.results_dir)
    descriptions = Suite().descriptions()
    commits = {commit.hash: commit for line in lines for commit in line.commits}
    dates = _dates(commits)
    known = store.read()
    with measuring():
        files = _Files(conf, store.python)
        Benchmarks(conf, descriptions).save()
        written = 0
        for hash_, commit in commits.items():
            found = known.get(commit.tree or "")
            if found and found.results and not found.fault:
                files.write(hash_, dates[hash_], _numbers(found, descriptions))
                written += 1
    return written


class _Files:
    """The results of one machine and one environment."""

    def __init__(self, conf: Config, python: str) -> None:
        self._folder = conf.results_dir
        self._requirements = {name: versions[0] for name, versions in conf.matrix["req"].items()}
        machine = Machine.load(machine_name=this_machine(), interactive=False)
        machine.save(self._folder)
        self._params = machine.__dict__ | {"python": python} | self._requirements
        self._python = python
        self._environment = get_env_name(conf.environment_type, python, self._requirements, {})

    def write(self, commit: str, date: int, numbers: Sequence[tuple[dict[str, Any], dict[int, float | None]]]) -> None:
        """Add numbers to those of a commit, each benchmark's by the index of its parameters."""
        results = SavedResults(
            self._params, self._requirements, commit, date * 1000, self._python, self._environment, {}
        )
        results.load_data(self._folder)
        for benchmark, values in numbers:
            count = math.prod(map(len, benchmark["params"]))
            every = [values.get(index, math.nan) for index in range(count)]
            nothing = [None] * count
            results.add_result(
                benchmark,
                BenchmarkResult(every, nothing, nothing, 0, "", None),
                started_at=datetime.now(UTC),
                selected_idx=list(values),
            )
        results.save(self._folder)


def _numbers(
    found: Measured, descriptions: Sequence[dict[str, Any]]
) -> list[tuple[dict[str, Any], dict[int, float | None]]]:
    """What asv would store of each benchmark: a number, NaN where it is not applicable, None where it failed."""
    by_name: dict[str, tuple[Series, float | None]] = {}
    for series, result in found.results.items():
        value = math.nan if result.reason and not result.failed else result.value
        by_name[series.name] = series, value
    numbers = []
    for benchmark in descriptions:
        values = {
            index: by_name[name][1]
            for index, name in enumerate(Suite.names(benchmark["name"], benchmark["params"]))
            if name in by_name and by_name[name][0].version == benchmark["version"]
        }
        if values:
            numbers.append((benchmark, values))
    return numbers


def _dates(commits: Mapping[str, Commit]) -> dict[str, int]:
    """When each commit was written, which is the date that asv goes by."""
    asked = "".join(f"{hash_}\n" for hash_ in commits).encode()
    logged = git("log", "--no-walk", "--stdin", "--format=%H %at", cwd=UPSTREAM, stdin=asked)
    return {hash_: int(date) for hash_, date in (line.split() for line in logged.splitlines())}
