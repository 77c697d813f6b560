"""The ExaBGPs to calibrate on: releases, and commits of upstream."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.work.traffic import RECORDING
from tools.children import Interpreter, Line
from tools.errors import ToolError
from tools.git import git
from tools.paths import UPSTREAM
from tools.source import releases, trees

# A process that takes longer hangs: an injection can make ExaBGP do so.
LIMIT = 1200
# The branch that ended, and the one that is maintained.
BRANCHES = ("4.2", "5.0")


@dataclass(frozen=True, slots=True)
class Subject:
    """An ExaBGP: what it is called, its revision in words, and the folder that it imports from."""

    name: str
    revision: str
    folder: Path

    def run[**P](self, job: Callable[P, Iterator[Line]], *args: P.args, **kwargs: P.kwargs) -> list[Line]:
        """All lines that a job yields in a process on this ExaBGP. Raises ToolError when it fails."""
        return self.run_with_seed("0", job, *args, **kwargs)

    def run_with_seed[**P](
        self, seed: str, job: Callable[P, Iterator[Line]], *args: P.args, **kwargs: P.kwargs
    ) -> list[Line]:
        """The same with another hash seed."""
        return self._lines(seed, LIMIT, job, *args, **kwargs)

    def run_daemons(self, job: Callable[[], Iterator[Line]]) -> list[Line]:
        """The same of a job that starts whole daemons: it waits its turn, and gives up one that makes no progress."""
        return self._lines("0", None, job)

    def _lines[**P](
        self, seed: str, limit: float | None, job: Callable[P, Iterator[Line]], *args: P.args, **kwargs: P.kwargs
    ) -> list[Line]:
        # The calibration is of the synthetic traffic.
        interpreter = Interpreter(self.folder, seed, limit, without=(RECORDING,))
        try:
            return list(interpreter.run(job, *args, **kwargs))
        except ToolError as error:
            raise ToolError(f"{self.name}: {error}") from None


def subjects(names: list[str] | None) -> Iterator[Subject]:
    """Those of the names, made one by one; without names the newest 4.2 and 5.0, and main where that is no release."""
    if not names:
        newest = releases.newest_of_each_minor(releases.available())
        names = [name for name in newest if name.rpartition(".")[0] in BRANCHES]
        if _has_main():
            names.append("main")
    for name in names:
        if trees.is_release(name):
            folder = trees.release(name)
            yield Subject(folder.name, f"release {folder.name} of the package index", folder)
        else:
            folder = trees.commit(name, UPSTREAM)
            date = git("log", "-1", "--format=%cs", folder.name, cwd=UPSTREAM)
            yield Subject(name, f"commit {folder.name[:9]} of {date}", folder)


def _has_main() -> bool:
    """Whether upstream is ExaBGP's own repository, whose main is no release."""
    try:
        return not git("tag", "--points-at", "main", cwd=UPSTREAM)
    except ToolError:
        return False
