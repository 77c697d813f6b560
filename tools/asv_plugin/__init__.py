"""What this repository adds to asv, loaded by asv itself through "plugins" in asv.conf.json.

- Results are saved after each benchmark, not only after each commit: nothing measured is lost when a run is stopped.
- Parameters that were not selected are told from those that are not applicable, and measured when they are selected.
- Results of a quick run, one sample each, are kept apart: they are no measurement, and asv would store them as one.
  So are those of the tools that compare commits.
- Without a file of machines in the home directory asv asks questions and writes one there. Here it takes what it finds
  out by itself, kept in the clone.
- A recording is read before anything is measured. It may be named by a path from where asv was started: benchmarks run
  in folders of their own.
- ^C ends in one line, whenever it comes, and so does what git, pip or the system refuses.
- The site is served to this machine only, not on all interfaces.
- Environments and results have the exact version of Python (tools/asv_plugin/exact_python.py).
- An environment that has lost a package is made anew (tools/asv_plugin/whole_environment.py).
- The tags of the repository are read once, not once for each result.
"""

import argparse
import functools
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from asv import util
from asv.commands import run
from asv.commands.preview import Preview
from asv.plugins.git import Git
from asv.results import Results

from tools.arguments import expression
from tools.asv_plugin.exact_python import use_exact_python
from tools.asv_plugin.preview import preview
from tools.asv_plugin.whole_environment import use_whole_environments
from tools.asv_plugin.whole_files import write_whole_files
from tools.configuration import QUICK_RESULTS, RESULTS, use_machine_file
from tools.errors import ToolError
from tools.exclusive import begin_asv_run
from tools.recording import check_recording, locate_recording

write_whole_files()


class SavedResults(Results):  # type: ignore[misc]  # asv has no type hints
    """Results of one commit, written to disk each time a benchmark has ended."""

    # Where to write; None in a dry run.
    directory: str | None = None

    def add_result(
        self, benchmark: dict[str, Any], *args: Any, selected_idx: list[int] | None = None, **kwargs: Any
    ) -> None:
        """Add one benchmark's result, and save.

        asv stores parameters that were not selected as not applicable. Here they have an empty list of samples besides,
        by which they are told from what is.
        """
        name, combinations = benchmark["name"], list(itertools.product(*benchmark["params"]))
        left = self._never_run(benchmark, combinations).difference(
            range(len(combinations)) if selected_idx is None else selected_idx
        )
        super().add_result(benchmark, *args, selected_idx=selected_idx, **kwargs)
        if left:
            samples = self._samples[name] or [None] * len(combinations)
            self._samples[name] = [[] if index in left else of_one for index, of_one in enumerate(samples)]
        if self.directory is not None:
            self.save(self.directory)

    def _never_run(self, benchmark: dict[str, Any], combinations: list[tuple[str, ...]]) -> set[int]:
        """The indices of the parameters of which nothing is stored."""
        name = benchmark["name"]
        if name not in self._results or self._benchmark_version.get(name) != benchmark["version"]:
            return {*range(len(combinations))}
        known = {*itertools.product(*self.get_result_params(name))}
        samples = self.get_result_samples(name, benchmark["params"])
        return {index for index, of in enumerate(combinations) if of not in known or samples[index] == []}


class ResultsBefore(Results):  # type: ignore[misc]
    """What asv looks into for results that it need not measure again: of the parameters that are selected now.

    Those that were never run have no value, as what failed.
    """

    def get_result_keys(self, benchmarks: Any) -> Any:
        """The benchmarks that have results."""
        self._selection = benchmarks.benchmark_selection
        return super().get_result_keys(benchmarks)

    def get_result_value(self, key: str, params: Any) -> Any:
        """The values of a benchmark."""
        values, samples = super().get_result_value(key, params), self.get_result_samples(key, params)
        selected = self._selection[key]
        if selected is None:
            selected = range(len(values))
        return [None if samples[index] == [] else values[index] for index in selected]


def _before(iterate: Callable[..., Iterator[Results]]) -> Callable[..., Iterator[Results]]:
    def results(*args: Any) -> Iterator[Results]:
        for found in iterate(*args):
            found.__class__ = ResultsBefore
            yield found

    return results


def setup() -> None:
    """Hook of asv's plugin manager, called once, before the command."""
    run.Results = SavedResults
    run.iter_results_for_machine_and_hash = _before(run.iter_results_for_machine_and_hash)
    run_commits = run.Run.run.__func__

    def run_and_save(cls: type, conf: Any, *args: Any, **kwargs: Any) -> object:
        conf.results_dir = os.environ.get(RESULTS) or (QUICK_RESULTS if kwargs.get("quick") else conf.results_dir)
        SavedResults.directory = None if kwargs.get("dry_run") else conf.results_dir
        try:
            begin_asv_run()
            # Before an environment is made.
            check_recording()
            for text in kwargs.get("bench") or []:
                expression(text)
            return run_commits(cls, conf, *args, **kwargs)
        except (ToolError, argparse.ArgumentTypeError) as error:
            raise util.UserError(str(error)) from None
        except util.ProcessError as error:
            # A benchmark or a commit that fails raises nothing: this is pip or git.
            raise util.UserError(_in_words(error)) from error

    run.Run.run = classmethod(run_and_save)
    Preview.run = staticmethod(preview)

    locate_recording()
    use_machine_file()
    use_exact_python()
    use_whole_environments()
    # asv publish asks for all tags once for each result of a commit that is on no branch.
    Git.get_tags = functools.cache(Git.get_tags)
    sys.excepthook = _end


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
