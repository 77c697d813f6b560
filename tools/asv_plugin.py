"""What this repository adds to asv, loaded by asv itself through "plugins" in asv.conf.json.

- Results are saved after each benchmark, not only after each commit: nothing measured is lost when a run is stopped.
- Results of a quick run, one sample each, are kept apart: they are no measurement, and asv would store them as one.
  So are those of the tools that compare commits.
- Without a file of machines in the home directory asv asks questions and writes one there. Here it takes what it finds
  out by itself, kept in the clone.
- A recording is read before anything is measured. It may be named by a path from where asv was started: benchmarks run
  in folders of their own.
- ^C ends in one line, whenever it comes, and so does what git, pip or the system refuses.
- The site is served to this machine only, not on all interfaces.
- Environments and results have the exact version of Python (tools/exact_python.py).
- The tags of the repository are read once, not once for each result.
"""

import functools
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from asv import machine, util
from asv.commands import run
from asv.commands.preview import Preview
from asv.plugins.git import Git
from asv.results import Results

from tools.errors import ToolError
from tools.exact_python import use_exact_python
from tools.expressions import check_expressions
from tools.preview import preview
from tools.recording import check_recording, locate_recording

QUICK_RESULTS = ".asv/quick"
# By this variable a tool has asv keep its results in another folder.
RESULTS = "EXABGP_BENCH_RESULTS"
_MACHINES = Path(".asv/machines.json")


class SavedResults(Results):  # type: ignore[misc]  # asv has no type hints
    """Results of one commit, written to disk each time a benchmark has ended."""

    # Where to write; None in a dry run.
    directory: str | None = None

    def add_result(self, *args: Any, **kwargs: Any) -> None:
        """Add one benchmark's result, and save."""
        super().add_result(*args, **kwargs)
        if self.directory is not None:
            self.save(self.directory)


def setup() -> None:
    """Hook of asv's plugin manager, called once, before the command."""
    run.Results = SavedResults
    run_commits = run.Run.run.__func__

    def run_and_save(cls: type, conf: Any, *args: Any, **kwargs: Any) -> object:
        conf.results_dir = os.environ.get(RESULTS) or (QUICK_RESULTS if kwargs.get("quick") else conf.results_dir)
        SavedResults.directory = None if kwargs.get("dry_run") else conf.results_dir
        try:
            # Before an environment is made.
            check_recording()
            check_expressions(kwargs.get("bench") or [])
            return run_commits(cls, conf, *args, **kwargs)
        except ToolError as error:
            raise util.UserError(str(error)) from None
        except util.ProcessError as error:
            # A benchmark or a commit that fails raises nothing: this is pip or git.
            raise util.UserError(_in_words(error)) from error

    run.Run.run = classmethod(run_and_save)
    Preview.run = staticmethod(preview)

    locate_recording()
    use_machine_file()
    use_exact_python()
    # asv publish asks for all tags once for each result of a commit that is on no branch.
    Git.get_tags = functools.cache(Git.get_tags)
    sys.excepthook = _end


def use_machine_file() -> None:
    """Have asv keep what it knows about this machine in the clone, unless its user has told it once and for all."""
    if Path(machine.MachineCollection.get_machine_file_path()).exists():
        return
    machine.MachineCollection.get_machine_file_path = staticmethod(lambda: str(_MACHINES))
    if not _MACHINES.exists():
        _MACHINES.parent.mkdir(exist_ok=True)
        this = machine.Machine.get_defaults()
        machine.MachineCollection.save(this["machine"], this)


def _end(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if kind is KeyboardInterrupt:
        # What asv says itself when ^C comes while a benchmark is running.
        print("Interrupted.", file=sys.stderr)
    elif isinstance(error, util.ProcessError | OSError):
        print(f"error: {_in_words(error)}", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, traceback)


def _in_words(error: BaseException) -> str:
    match error:
        case util.ProcessError():
            said = [line.strip() for line in str(error.stderr or error.stdout).splitlines() if line.strip()]
            return f"{error}: {said[-1] if said else 'no message'}"
    return str(error)
