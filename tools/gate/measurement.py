"""Two commits of ExaBGP, measured by asv as the gate needs it."""

import hashlib
import json
import re
import shutil
import subprocess
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from asv.config import Config
from asv.environment import get_environments

from tools.asv_command import measure
from tools.asv_plugin.exact_python import use_exact_python
from tools.configuration import configuration, this_machine
from tools.errors import ToolError
from tools.gate.rules import Change, changes
from tools.gate.timing import SAMPLES
from tools.numbers.kinds import Kind, kind_of
from tools.numbers.stored import load
from tools.paths import ASV, BENCHMARKS, TOOLS, check_writable
from tools.recording import traffic_digest
from tools.suite import Suite, exactly, fingerprint, is_by_default, is_long

KEPT = ASV / "gate"
# The file that says that a measurement is whole.
COMPLETE = "complete"
# What a benchmark is run by, beside asv itself.
RUN_BY = [*TOOLS.glob("asv_plugin/*.py"), TOOLS / "source/install_commit.py", TOOLS / "exclusive.py"]
# What of asv.conf.json is of results that are there already.
OF_RESULTS = (
    "project",
    "project_url",
    "show_commit_url",
    "branches",
    "hash_length",
    "results_dir",
    "html_dir",
    "regressions_first_commits",
    "regressions_thresholds",
)


class Case(NamedTuple):
    """A benchmark with one set of parameters: its name as asv has it, its kind, and whether it takes long.

    A count does not: the work is done once, where a time is of many runs. What is of whole daemons or full tables does.
    """

    name: str
    kind: Kind
    long: bool


class Gate:
    """One comparison: the two commits, where their results are, which benchmarks.

    Raises ToolError for a recording that can't be used.
    """

    def __init__(self, base: str, branch: str, selected: list[str]) -> None:
        self.base, self.branch, self.selected = base, branch, selected
        self.folder = KEPT / f"{base[:9]}-{branch[:9]}"
        self.machine = this_machine()
        self._circumstances = "\n".join([base, branch, self.machine, _circumstances()])

    @cached_property
    def _cases(self) -> list[Case]:
        return [
            Case(name, kind_of(benchmark.name, benchmark.unit), is_long(benchmark) or not is_by_default(benchmark))
            for name, benchmark in Suite().named("")
        ]

    def measure(self, kind: str, names: list[str], rounds: int | None = None) -> list[Change]:
        """Have asv measure these benchmarks on both commits, times in some rounds that take turns.

        What a comparison that was stopped has measured is not measured again. A measurement is kept when it is whole:
        one that was stopped may have a part of the rounds, one that was damaged a part of the numbers. Raises ToolError
        where nothing could be measured.
        """
        folder, expressions = self.folder / kind, [exactly(names)]
        options = _taking_turns(rounds) if rounds else ()
        asked = "\n".join([self._circumstances, *options, *expressions])
        complete = folder / COMPLETE
        if not complete.is_file() or complete.read_bytes() != _seal(folder, asked):
            shutil.rmtree(folder, ignore_errors=True)
            self._run(folder, expressions, options)
            complete.write_bytes(_seal(folder, asked))
        conf = configuration()
        conf.results_dir = str(folder)
        before, after = (load(conf, self.machine, commit, expressions) for commit in (self.base, self.branch))
        return changes(before, after)

    def _run(self, folder: Path, expressions: list[str], options: tuple[str, ...]) -> None:
        check_writable(folder)
        bench = [argument for expression in expressions for argument in ("--bench", expression)]
        measure([self.base, self.branch], *options, *bench, results=folder)

    def names(self, *kinds: Kind) -> list[str]:
        """The benchmarks of some kinds, as asv names them: those that are selected, or else all that take no long."""
        return [
            case.name
            for case in self._cases
            if case.kind in kinds and (self._is_selected(case.name) if self.selected else not case.long)
        ]

    def controls(self) -> list[str]:
        """The benchmarks that run no ExaBGP code."""
        return [case.name for case in self._cases if case.kind is Kind.CONTROL]

    def check_selection(self) -> None:
        """Raise ToolError where an expression selects nothing, or all of them together controls only."""
        every = [case.name for case in self._cases]
        for expression in self.selected:
            if not any(re.search(expression, name) for name in every):
                raise ToolError(f"no benchmark matches {expression}: docs/scenarios.md has their names")
        if self.selected and {name for name in every if self._is_selected(name)} <= {*self.controls()}:
            raise ToolError(
                f"{' and '.join(self.selected)} selects only controls, which run no ExaBGP code and so say nothing of "
                "it: select others beside them"
            )

    def _is_selected(self, name: str) -> bool:
        return any(re.search(expression, name) for expression in self.selected)

    def clear(self) -> None:
        """Forget what was measured: only a comparison that was stopped goes on where it was."""
        shutil.rmtree(self.folder)


def _taking_turns(rounds: int) -> tuple[str, ...]:
    attributes = f"rounds={rounds}", f"repeat={SAMPLES}"
    return "--interleave-rounds", "--record-samples", *(word for named in attributes for word in ("--attribute", named))


def _circumstances() -> str:
    """What a number depends on beside the commit, the benchmark and how often it is run: one line each."""
    conf = configuration()
    configured = {name: value for name, value in vars(conf).items() if name not in OF_RESULTS}
    return "\n".join(
        [
            fingerprint([*BENCHMARKS.rglob("*.py"), *RUN_BY]),
            f"traffic {traffic_digest()}",
            f"python {_python_build(conf)}",
            *(f"{name} {version(name)}" for name in ("asv", "asv-runner")),
            json.dumps(configured, sort_keys=True),
        ]
    )


def _python_build(conf: Config) -> str:
    """The exact Python that benchmarks run on: that of asv's environment, or the one that it will be made from."""
    # asv itself has it from its plugin.
    use_exact_python()
    (environment,) = get_environments(conf, [])
    python = Path(environment._path) / "bin" / "python"
    command = [python if python.exists() else environment._executable, "-c", "import sys; print(sys.version)"]
    return subprocess.check_output(command, text=True).strip()


def _seal(folder: Path, asked: str) -> bytes:
    """What says that a measurement is whole: what it is of, and a fingerprint of all that it has written."""
    written = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != COMPLETE:
            written.update(repr((str(file.relative_to(folder)), file.read_bytes())).encode())
    return f"{asked}\n{written.hexdigest()}\n".encode()
