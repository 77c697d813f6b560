"""What was counted, by the tree of ExaBGP: a small file for each, that says its numbers or why it has none.

A folder for each build of Python, as counts of two builds may differ, has `trees/KEY.json` and `series/ID.json`: the
benchmarks that the numbers of some trees are of, named after its content; `unknown` are those of them that were not
measured on a tree. So two stores, of two machines or of two branches in git, merge by copying files, but for a tree
that both have: `merge` and `put` keep the numbers of both.
"""

import argparse
import contextlib
import hashlib
import json
import platform
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from tools.children.lines import NOT_APPLICABLE
from tools.errors import ToolError
from tools.paths import ROOT, write_whole

RESULTS = ROOT / "results"


class Series(NamedTuple):
    """A benchmark with its parameters, as asv names it, its version and its unit: what numbers are compared within."""

    name: str
    version: str
    unit: str


class Result(NamedTuple):
    """A number, or why there is none."""

    value: float | None
    reason: str | None = None

    @property
    def failed(self) -> bool:
        """Whether there is none although the commit has what is counted, and does it wrong or can't be imported."""
        return self.reason is not None and not self.reason.startswith(NOT_APPLICABLE)


type Results = Mapping[Series, Result]


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a tree: of which commit it was measured, its numbers, and whether it is broken.

    `broken` is why its own daemon establishes no session. `fault` is set where that does and no benchmark works: it is
    a fault of the benchmarks.
    """

    commit: str
    results: Results = field(default_factory=dict)
    broken: str | None = None
    fault: bool = False


def add_store(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a store."""
    parser.add_argument(
        "--store", type=Path, default=RESULTS, metavar="FOLDER", help="where results are; default: results"
    )


def filled(folder: Path) -> "Store":
    """A store that has counts. Raises ToolError where it has none of this Python."""
    store = Store(folder)
    if not store.trees():
        raise ToolError(f"{folder} has no counts of Python {store.python}: python3 bootstrap.py history")
    return store


class Store:
    """Counts of one build of Python in a folder. Whatever ends this process, each file is whole."""

    def __init__(self, folder: Path = RESULTS, python: str = platform.python_version()) -> None:
        self.folder = folder
        self.python = python
        self._series: dict[str, tuple[Series, ...]] = {}
        self._ids: dict[tuple[Series, ...], str] = {}

    @property
    def _trees(self) -> Path:
        return self.folder / self.python / "trees"

    def trees(self) -> set[str]:
        """The keys of all trees that were measured or are broken."""
        return {file.stem for file in self._trees.glob("*.json")}

    def measured(self, tree: str) -> Measured | None:
        """What is known of a tree. Raises ToolError where its file is damaged: it is kept, under another name."""
        file = self._file(tree)
        if not file.exists():
            return None
        return sound(file, lambda: self._parse(json.loads(file.read_text())))

    def read(self) -> dict[str, Measured]:
        """All there is. Raises ToolError where a file is damaged, once all that are have been put aside."""
        found: dict[str, Measured] = {}
        damaged = []
        for tree in sorted(self.trees()):
            try:
                known = self.measured(tree)
            except ToolError as error:
                damaged.append(str(error))
                continue
            if known:
                found[tree] = known
        if damaged:
            raise ToolError(damaged[0] + (f"; {len(damaged) - 1} more are" if damaged[1:] else ""))
        return found

    def values(self, tree: str) -> dict[Series, float | None]:
        """The numbers of a tree, None where a benchmark gave none."""
        known = self.measured(tree)
        return {series: result.value for series, result in known.results.items()} if known else {}

    def put(self, tree: str, found: Measured) -> None:
        """Add what was found out. Numbers of other benchmarks stay; those of another version of one are replaced."""
        with self._locked():
            before = self.measured(tree)
            results = dict(before.results) if before else {}
            given = any(result.value is not None for result in results.values())
            if given and found.broken:
                # What has given numbers is not broken: the machine was.
                return
            new = dict(found.results)
            if given and found.fault:
                # Nor is this a fault of the benchmarks: what gave nothing is measured again.
                new = {series: result for series, result in new.items() if result.value is not None}
            names = {series.name for series in new}
            kept = {series: result for series, result in results.items() if series.name not in names}
            fault = found.fault and not given
            self._write(tree, Measured(found.commit, kept | new, found.broken, fault))

    def merge(self, other: "Store", series: Collection[Series]) -> int:
        """Add what another store knows and this one does not, and return how many trees are new.

        `series` are the benchmarks of today: of two versions of one the number of that version stays.
        """
        new = other.trees() - self.trees()
        for tree in sorted(other.trees()):
            found, here = other.measured(tree), self.measured(tree)
            if found and here:
                found = replace(found, results=_newer(here.results, found.results, series), broken=None, fault=False)
            if found and (found.results or not here):
                self.put(tree, found)
        return len(new)

    @contextlib.contextmanager
    def only_sweep(self, number: int, machines: int) -> Iterator[None]:
        """Keep another sweep of the same share K of N from this store meanwhile.

        Raises ToolError if there is one. Sweeps of other shares may write, too: each tree is written whole.
        """
        self._trees.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / self.python / f"{number}-of-{machines}.lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise ToolError(f"somebody sweeps in {self.folder} already: wait until that has ended") from None
        try:
            yield
        finally:
            lock.release()

    def _file(self, tree: str) -> Path:
        return self._trees / f"{tree}.json"

    def _locked(self) -> AbstractContextManager[Any]:
        self._trees.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / self.python / "lock")

    def _write(self, tree: str, found: Measured) -> None:
        content: dict[str, Any] = {"commit": found.commit}
        if found.broken is not None:
            content["broken"] = found.broken
        if found.fault:
            content["fault"] = True
        if found.results:
            reasons: dict[str, list[int]] = {}
            id_, series = self._list(found.results.keys())
            unknown = []
            for index, of in enumerate(series):
                if of not in found.results:
                    unknown.append(index)
                elif (reason := found.results[of].reason) is not None:
                    reasons.setdefault(reason, []).append(index)
            content["series"] = id_
            content["values"] = [found.results[of].value if of in found.results else None for of in series]
            content["reasons"] = reasons
            if unknown:
                content["unknown"] = unknown
        # A line for each of them, so that a change is read in a diff.
        lines = (f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in content.items())
        write_whole(self._file(tree), "{" + ",\n".join(lines) + "}\n")

    def _parse(self, content: dict[str, Any]) -> Measured:
        results: dict[Series, Result] = {}
        if "series" in content:
            reasons = {index: reason for reason, indices in content["reasons"].items() for index in indices}
            unknown = set(content.get("unknown", ()))
            for index, (series, value) in enumerate(
                zip(self._of_id(content["series"]), content["values"], strict=True)
            ):
                if index not in unknown:
                    results[series] = Result(value, reasons.get(index))
        return Measured(content["commit"], results, content.get("broken"), content.get("fault", False))

    def _list(self, series: Collection[Series]) -> tuple[str, tuple[Series, ...]]:
        """The shortest list of this store that has some benchmarks, and its id: a new one where none has them all.

        So trees of which only a part was measured share the list of those that are whole.
        """
        wanted = set(series)
        if not self._ids:
            for file in self._series_file("").parent.glob("*.json"):
                with contextlib.suppress(ValueError, TypeError):
                    # One that is damaged is written again by whoever needs it.
                    self._ids[self._of_id(file.stem)] = file.stem
        fitting = [known for known in self._ids if wanted <= set(known)]
        found = min(fitting, key=lambda known: (len(known), self._ids[known]), default=tuple(sorted(wanted)))
        return self._id(found), found

    def _id(self, series: tuple[Series, ...]) -> str:
        """The id of some benchmarks, whose file is there from now on."""
        if series not in self._ids:
            text = "[\n" + ",\n".join(json.dumps(of) for of in series) + "\n]\n"
            id_ = hashlib.sha256(text.encode()).hexdigest()[:16]
            file = self._series_file(id_)
            # One that is damaged, too.
            if not file.exists() or file.read_bytes() != text.encode():
                write_whole(file, text)
            self._ids[series] = id_
        return self._ids[series]

    def _of_id(self, id_: str) -> tuple[Series, ...]:
        if id_ not in self._series:
            self._series[id_] = tuple(Series(*of) for of in json.loads(self._series_file(id_).read_text()))
        return self._series[id_]

    def _series_file(self, id_: str) -> Path:
        return self.folder / self.python / "series" / f"{id_}.json"


def _newer(here: Results, there: Results, series: Collection[Series]) -> Results:
    """What one tree's results lack that others have: a benchmark, its version of today, or a number."""
    versions = {of.name: of for of in here}

    def is_newer(of: Series, result: Result) -> bool:
        known = versions.get(of.name)
        if known is None or known == of:
            return known is None or (here[of].value is None and result.value is not None)
        return of in series

    return {of: result for of, result in there.items() if is_newer(of, result)}


def sound[T](file: Path, parse: Callable[[], T]) -> T:
    """What is read from a file. One that is damaged is put aside, so that the next run goes on without it."""
    try:
        return parse()
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, FileNotFoundError):
        aside = file.with_suffix(".damaged")
        file.replace(aside)
        raise ToolError(
            f"{file} is damaged and was put aside as {aside.name}: git may bring it back, or the next sweep"
        ) from None
