"""Measure one tree of ExaBGP: its counts, and where none of them works, whether its own daemon does."""

import os
import shutil
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.work.traffic import RECORDING
from tools.children import Interpreter
from tools.children.jobs import counts, is_count
from tools.errors import ToolError
from tools.history.jobs import session
from tools.history.lines import Commit
from tools.history.store import Measured, Result, Series
from tools.numbers.kinds import Kind, kind_of
from tools.paths import UPSTREAM
from tools.source.install_commit import install
from tools.source.trees import archive, lay_out
from tools.suite import Suite, exactly

# Seconds for all benchmarks of a commit, on a machine with nothing else to do one or two minutes: one of them hangs.
LIMIT = 3600.0
# Modules are compiled in this process, one at a time: what keeps Python's warnings quiet is the whole process's.
_installing = threading.Lock()


def without_recording() -> None:
    """Have all that follows be of the traffic that is made here, whatever recording the user has."""
    os.environ.pop(RECORDING, None)


def every_series(expression: str) -> tuple[Series, ...]:
    """The counts of the benchmarks that match."""
    without_recording()
    return tuple(
        Series(name, benchmark.version, benchmark.unit)
        for name, benchmark in Suite().named(expression)
        if is_count(benchmark)
    )


def measure(commit: Commit, missing: Sequence[Series], every: Sequence[Series], folder: Path) -> Measured:
    """Count some benchmarks on a commit, installed into a folder that keeps what the next commit shares with it.

    Where none of them works, `every` benchmark says whether it is the tree or these.
    """
    checkout, site = folder / "checkout", folder / "site"
    shutil.rmtree(checkout, ignore_errors=True)
    site.mkdir(parents=True, exist_ok=True)
    lay_out(archive(UPSTREAM, commit.hash), checkout)
    with _installing:
        install(checkout, site)
    interpreter = Interpreter(site, limit=LIMIT)
    results, failed = _counted(interpreter, missing, site)
    if not (failed or gives_nothing(results.items())):
        return Measured(commit.hash, results)
    (found,) = interpreter.run(session)
    if found["reason"]:
        return Measured(commit.hash, broken=_without_folder(found["reason"], site))
    if not failed:
        # A few may all fail where the others work.
        others, failed = _counted(interpreter, [of for of in every if of not in results], site)
        results |= others
    return Measured(commit.hash, results, fault=failed or gives_nothing(results.items()))


def _counted(interpreter: Interpreter, missing: Sequence[Series], site: Path) -> tuple[dict[Series, Result], bool]:
    """What some benchmarks give, and whether the process that forks them failed."""
    results: dict[Series, Result] = {}
    if not missing:
        return results, False
    try:
        for line in interpreter.run(counts, exactly(series.name for series in missing)):
            reason = line["reason"] and _without_folder(line["reason"], site)
            results[Series(line["name"], line["version"], line["unit"])] = Result(line["value"], reason)
    except ToolError as error:
        # Not of one benchmark: of that process.
        return {series: Result(None, str(error)) for series in missing} | results, True
    return results, False


def _without_folder(reason: str, site: Path) -> str:
    """A reason that is the same on each commit and machine that has it."""
    return reason.replace(f"{site}{os.sep}", "")


def gives_nothing(results: Iterable[tuple[Series, Result]]) -> bool:
    """Whether benchmarks fail and none of them gives a number, those aside that run no code of ExaBGP."""
    of_exabgp = [
        result for series, result in results if kind_of(series.name.partition("(")[0], series.unit) is not Kind.CONTROL
    ]
    failed = [result for result in of_exabgp if result.failed]
    return bool(failed) and all(result.value is None for result in of_exabgp)
