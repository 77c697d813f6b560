"""All numbers of ExaBGP's branches in order: those kept by tree, and those that asv has stored.

A number of a series is kept as a run: the commits that have it, as far as it is known. What lies between two runs was
not measured. What stays the same takes no room, so that eight years of commits are read, compared and drawn in seconds.
"""

import itertools
import json
import math
import platform
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from asv.benchmarks import Benchmarks
from asv.config import Config
from asv.results import iter_results_paths

from tools.configuration import DAMAGE
from tools.errors import ToolError
from tools.git import git
from tools.history.lines import Line, lines, tags, tree_keys
from tools.history.store import RESULTS, Measured, Result, Store
from tools.history.store import Series as Counted
from tools.numbers.kinds import EXACT, Kind, kind_of
from tools.numbers.stored import read
from tools.paths import CACHE, UPSTREAM, write_whole
from tools.suite import Suite

_RELEASE = re.compile(r"v?\d+(\.\d+)+(-?\w+)?")
_EXTRACTED = CACHE / "site" / "results.json"

# Of one commit: the numbers of some series by their names; None where there is none, as it is n/a or has failed. What
# is not there was never measured.
type Values = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Series:
    """A benchmark with one set of parameters. Its name is asv's, with the parameters' reprs in brackets."""

    name: str
    benchmark: str
    parameters: tuple[str, ...]
    unit: str
    kind: Kind

    @property
    def exact(self) -> bool:
        """Whether it is the same in each run, so that each change is one of ExaBGP's code."""
        return self.kind in EXACT


class Run(NamedTuple):
    """The places on a branch of the first and the last commit that are known to have a value; None: it has none."""

    first: int
    last: int
    value: float | None


@dataclass(frozen=True, slots=True)
class Described:
    """What asv knows of a benchmark, and its class where there still is one."""

    name: str
    unit: str
    version: str
    param_names: Sequence[str]
    params: Sequence[Sequence[str]]
    cls: type | None
    known: Mapping[str, Any]

    def series(self) -> Iterator[Series]:
        """It with each set of its parameters, in asv's order."""
        kind = kind_of(self.name, self.unit)
        names = Suite.names(self.name, self.params)
        for name, values in zip(names, itertools.product(*self.params), strict=True):
            yield Series(name, self.name, values, self.unit, kind)


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of asv's results: of which commit, machine and environment, and its numbers."""

    commit: str
    params: dict[str, str]
    values: dict[str, float | None]
    # The names of those without a number that failed, and are not n/a.
    failed: list[str]


@dataclass
class Release:
    """A tag with its numbers."""

    name: str
    commit: str
    date: int
    values: Values
    failed: set[str]

    @property
    def version(self) -> tuple[int, ...]:
        """What sorts 4.2.9 before 4.2.10."""
        return tuple(map(int, re.findall(r"\d+", self.name)))


@dataclass
class Collected:
    """All there is to show."""

    lines: list[Line]
    benchmarks: dict[str, Described]
    stored: list[Stored]
    store: dict[str, Measured]
    python: str
    machine: str
    results: Path
    tags: dict[str, str] = field(default_factory=dict)
    dates: dict[str, int] = field(default_factory=dict)
    trees: dict[str, str | None] = field(default_factory=dict)
    # Of commits that have numbers by their tree and of asv's.
    _joined: dict[str, dict[str, float | None]] = field(default_factory=dict)

    @cached_property
    def series(self) -> dict[str, Series]:
        """All series that any commit of a branch has, by name, in the order of the benchmarks."""
        return {of.name: of for known in self.benchmarks.values() for of in known.series() if of.name in self.runs}

    @cached_property
    def runs(self) -> dict[str, dict[str, list[Run]]]:
        """The runs of each series by branch. Series without any number are left out."""
        found: dict[str, dict[str, list[Run]]] = defaultdict(dict)
        for line in self.lines:
            for name, of_series in runs_of(line, self.values).items():
                found[name][line.branch] = of_series
        return {
            name: by_branch
            for name, by_branch in found.items()
            if any(run.value is not None for of_branch in by_branch.values() for run in of_branch)
        }

    @cached_property
    def _by_commit(self) -> dict[str, dict[str, float | None]]:
        """The numbers of asv's results of the Python and the machine that are shown."""
        found: dict[str, dict[str, float | None]] = {}
        for of in filter(self._is_shown, self.stored):
            found.setdefault(of.commit, {}).update(of.values)
        return found

    @cached_property
    def _failed_by_commit(self) -> dict[str, set[str]]:
        """The names of those of asv's results that are shown that failed."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for of in filter(self._is_shown, self.stored):
            found[of.commit].update(of.failed)
        return found

    def _is_shown(self, of: Stored) -> bool:
        return of.params.get("python") == self.python and of.params.get("machine") == self.machine

    @cached_property
    def _versions(self) -> dict[str, str]:
        """The versions of today's series."""
        return {of.name: known.version for known in self.benchmarks.values() for of in known.series()}

    @cached_property
    def by_tree(self) -> dict[str, dict[str, float | None]]:
        """The numbers of each tree, of today's versions of the benchmarks."""
        return {
            tree: {series.name: result.value for series, result in self._of_today(known)}
            for tree, known in self.store.items()
        }

    def _of_today(self, known: Measured) -> Iterator[tuple[Counted, Result]]:
        versions = self._versions
        for series, result in known.results.items():
            if versions.get(series.name) == series.version:
                yield series, result

    def values(self, commit: str, tree: str | None) -> Values | None:
        """The numbers of a commit, None where it was never measured. What is kept by tree goes first.

        It is all there is where asv has nothing beside it: commits of one tree then have one set of numbers.
        """
        ours, of_tree = self._by_commit.get(commit), self.by_tree.get(tree or "") or None
        if not (ours and of_tree):
            return ours or of_tree
        if commit not in self._joined:
            beside = {name: value for name, value in ours.items() if name not in of_tree}
            self._joined[commit] = of_tree | beside if beside else of_tree
        return self._joined[commit]

    def failed(self, commit: str, tree: str | None) -> set[str]:
        """The names of the numbers that a commit lacks as they failed. What is kept by tree goes first."""
        known = self.store.get(tree or "")
        of_tree = {series.name: result.failed for series, result in self._of_today(known)} if known else {}
        of_asv = {name for name in self._failed_by_commit.get(commit, ()) if name not in of_tree}
        return of_asv.union(name for name, failed in of_tree.items() if failed)

    @cached_property
    def releases(self) -> list[Release]:
        """The tags that have numbers, oldest version first."""
        found = [
            Release(name, commit, self.dates[commit], values, self.failed(commit, self.trees[commit]))
            for commit, name in self.tags.items()
            if (values := self.values(commit, self.trees[commit]))
        ]
        return sorted(found, key=lambda release: release.version)

    def line(self, branch: str) -> Line:
        """A branch."""
        return next(line for line in self.lines if line.branch == branch)

    def newest(self, branch: str) -> tuple[int, Values] | None:
        """The place and the numbers of the last commit of a branch that was measured."""
        commits = self.line(branch).commits
        for place in reversed(range(len(commits))):
            if values := self.values(commits[place].hash, commits[place].tree):
                return place, values
        return None


def collect(conf: Config, wanted: set[str] | None = None, results: Path = RESULTS) -> Collected:
    """Read everything: the branches that asv.conf.json names, or of these the commits that are wanted."""
    of_branches = lines(conf.branches)
    if wanted is not None:
        of_branches = [
            Line(line.branch, tuple(commit for commit in line.commits if commit.hash in wanted)) for line in of_branches
        ]
    benchmarks = described(conf)
    stored = list(_stored(conf, benchmarks))
    python, machine = _shown(stored, results)
    store = Store(results, python)
    named = {commit: name for commit, name in tags().items() if _RELEASE.fullmatch(name)}
    if wanted is not None:
        named = {commit: name for commit, name in named.items() if commit in wanted}
    return Collected(
        of_branches,
        benchmarks,
        stored,
        store.read(),
        python,
        machine,
        results,
        named,
        _dates(named),
        tree_keys(list(named)),
    )


def runs_of(line: Line, values: Any) -> dict[str, list[Run]]:
    """The runs of each series on a branch, from the numbers of a commit and its tree."""
    found: dict[str, list[Run]] = {}
    # Of the last number of each series: the place where its run began, the last known place, the number.
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    current: dict[str, float | None] = {}
    commits = line.commits
    place = 0
    while place < len(commits):
        until = place
        numbers = values(commits[place].hash, commits[place].tree)
        # Commits of one tree have one set of numbers, which need not be compared with itself.
        while until + 1 < len(commits) and values(commits[until + 1].hash, commits[until + 1].tree) is numbers:
            until += 1
        for name, value in (numbers or {}).items():
            if name not in current or current[name] != value:
                if name in current:
                    found.setdefault(name, []).append(Run(first[name], last[name], current[name]))
                first[name], current[name] = place, value
            last[name] = until
        place = until + 1
    for name, value in current.items():
        found.setdefault(name, []).append(Run(first[name], last[name], value))
    return found


def described(conf: Config) -> dict[str, Described]:
    """The benchmarks of today, and those that only asv's results know."""
    found: dict[str, Described] = {}
    for (name, index), benchmark in Suite().cases("."):
        if index == 0:
            known = {
                "name": name,
                "type": benchmark.type,
                "unit": benchmark.unit,
                "version": benchmark.version,
                "params": [list(values) for values in benchmark.params],
                "param_names": list(benchmark.param_names),
                "code": benchmark.code,
                "timeout": benchmark.timeout,
            }
            found[name] = Described(
                name,
                benchmark.unit,
                benchmark.version,
                benchmark.param_names,
                benchmark.params,
                type(benchmark.func.__self__),
                known,
            )
    path = Path(Benchmarks.get_benchmark_file_path(conf.results_dir))
    if path.exists():
        try:
            asvs = dict(Benchmarks.load(conf))
        except DAMAGE:
            raise ToolError(f"{path} is damaged: remove it; what measures next writes it anew") from None
        for name, known in asvs.items():
            if name not in found:
                found[name] = Described(
                    name, known["unit"], known["version"], known["param_names"], known["params"], None, known
                )
    return dict(sorted(found.items()))


def _stored(conf: Config, benchmarks: Mapping[str, Described]) -> Iterator[Stored]:
    """What asv has stored. What was read before is not read again as long as its file is the same."""
    try:
        before = json.loads(_EXTRACTED.read_text())
    except (OSError, ValueError):
        before = {}
    # Names and versions decide what is taken from a file, and what is taken has to have all fields of today.
    shape = repr(
        [Stored.__annotations__, *((known.name, known.version, known.params) for known in benchmarks.values())]
    )
    kept = before.get("files", {}) if before.get("shape") == shape else {}
    files: dict[str, Any] = {}
    for folder, file, machine in sorted(iter_results_paths(conf.results_dir)):
        path = Path(folder, file)
        status = path.stat()
        stamp = [status.st_mtime_ns, status.st_size]
        name = str(path.relative_to(conf.results_dir))
        if name not in kept or kept[name]["stamp"] != stamp:
            files[name] = {"stamp": stamp} | _extract(path, machine, benchmarks)
        else:
            files[name] = kept[name]
    if files != kept or not before:
        write_whole(_EXTRACTED, json.dumps({"shape": shape, "files": files}, separators=(",", ":")))
    for of in files.values():
        yield Stored(of["commit"], of["params"], of["values"], of["failed"])


def _extract(path: Path, machine: str, benchmarks: Mapping[str, Described]) -> dict[str, Any]:
    """The numbers in one file of those benchmarks that are still what they were when it was written."""
    results = read(path, machine)
    values: dict[str, float | None] = {}
    failed: list[str] = []
    for name in results.get_result_keys({name: known.known for name, known in benchmarks.items()}):
        known = benchmarks[name]
        stored = results.get_result_value(name, known.params)
        samples = results.get_result_samples(name, known.params)
        # asv gives None to parameters that the benchmark did not have when it ran, as to what failed; an empty list of
        # samples is of what was not selected.
        ran = {*itertools.product(*results.get_result_params(name))}
        for series, value, of_one in zip(known.series(), stored, samples, strict=True):
            if series.parameters in ran and of_one != []:
                values[series.name] = None if value is None or math.isnan(value) else value
                failed += [series.name] if value is None else []
    params = {key: "" if value is None else str(value) for key, value in results.params.items()}
    variables = {f"env-{name}": str(value) for name, value in results.env_vars.items()}
    return {"commit": results.commit_hash, "params": params | variables, "values": values, "failed": failed}


def _shown(stored: Iterable[Stored], results: Path) -> tuple[str, str]:
    """The Python whose numbers are shown, and the machine: those at work here, else those with most results."""
    pythons = Counter(of.params.get("python", "") for of in stored)
    for folder in results.glob("*/trees"):
        pythons[folder.parent.name] += sum(1 for _ in folder.glob("*.json"))
    here = platform.python_version()
    python = here if here in pythons or not pythons else pythons.most_common(1)[0][0]
    machines = Counter(of.params.get("machine", "") for of in stored if of.params.get("python") == python)
    name = platform.node()
    return python, name if name in machines or not machines else machines.most_common(1)[0][0]


def _dates(commits: Iterable[str]) -> dict[str, int]:
    wanted = "".join(f"{commit}\n" for commit in commits)
    if not wanted:
        return {}
    listed = git("log", "--no-walk", "--stdin", "--format=%H %ct", cwd=UPSTREAM, stdin=wanted.encode())
    return {hash_: int(date) for hash_, date in (line.split() for line in listed.splitlines())}
