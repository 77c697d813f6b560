"""Measure ExaBGP commits with asv, then print what was measured, where it is and what to type next.

A run that was stopped goes on where it was: what a commit already has a number for is not measured again. Everything
asv can do is there beside this: it works from the same configuration and results.
"""

import argparse
import os
import shutil
from pathlib import Path
from typing import Any

from asv.config import Config

from tools.arguments import add_bench
from tools.asv_command import measure
from tools.configuration import QUICK_RESULTS, configuration, this_machine
from tools.errors import ToolError, run
from tools.git import git
from tools.measuring.duration import MINUTES, QUICK_MINUTES, share_measured, taken, work
from tools.measuring.progress import progress_shown
from tools.numbers.stored import load, results_of
from tools.numbers.summary import print_summary, tally
from tools.paths import ROOT, UPSTREAM, check_writable
from tools.recording import check_recording
from tools.source.revisions import commits
from tools.suite import Suite, exactly, is_daemon, is_long, is_on_demand
from tools.terminal import report_console

# Exit status when a benchmark failed on a commit, beside those of tools.errors.
FAILED = 1
NEXT = (
    ("asv run --bench parsing 4.2^!", "one family, on the newest commit of a branch"),
    ("asv compare 4.2 main", "two commits that have been measured"),
    ("asv continuous 4.2 main", "measure both and say what became slower"),
    ("python3 bootstrap.py publish", "the history of all that was measured, as a web site"),
)


def main() -> int:
    """Parse the command line, check what can be checked, run asv, print the summary."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "revisions",
        nargs="*",
        default=["HEAD"],
        help="commits, or ranges of them (4.2.24..4.2.25), as git names them; default: HEAD, the commit checked out in"
        " upstream",
    )
    add_bench(parser, action="append", default=[])
    parser.add_argument("-q", "--quick", action="store_true", help="one sample each, to see that all work; not kept")
    parser.add_argument("--long", action="store_true", help="also times that take long and run the same code as others")
    parser.add_argument("--daemon", action="store_true", help="whole daemons instead: what an operator waits for")
    parser.add_argument("--full-table", action="store_true", help="the Internet's whole table instead: many minutes")
    parser.add_argument("--again", action="store_true", help="measure anew what has been measured before")
    options = parser.parse_args()
    recording = check_recording()
    if recording:
        print(recording)
    os.chdir(ROOT)
    hashes = commits(options.revisions)
    suite = Suite()
    selected = options.bench or [exactly(_default(suite, options))]
    names, part = _selected(suite, selected)
    conf = configuration()
    if options.quick:
        conf.results_dir = QUICK_RESULTS
        shutil.rmtree(QUICK_RESULTS, ignore_errors=True)
    check_writable(Path(conf.results_dir))
    machine = this_machine()
    # Read where one commit is measured, too: what can't be read is named before asv starts.
    done = [share_measured(results, names) for results in results_of(conf, machine, hashes)]
    if len(hashes) > 1:
        usual = part * 60 * (QUICK_MINUTES if options.quick else MINUTES)
        left = work(len(hashes) - (0 if options.again else sum(done)), taken(conf, machine, names), usual)
        print(f"{len(hashes):,} commits, {done.count(1):,} of them measured before: {left}", flush=True)

    arguments = [argument for expression in selected for argument in ("--bench", expression)]
    if options.quick:
        arguments.append("--quick")
    elif not options.again:
        arguments.append("--skip-existing-successful")
    with progress_shown():
        measure(hashes, *arguments)
    status = _report(conf, machine, hashes, selected)
    if not (options.bench or options.long or options.full_table):
        print("Times that take long are left out: --long measures them too.")
    return status


def _default(suite: Suite, options: argparse.Namespace) -> list[str]:
    """The names, with their parameters, of what is measured where nothing is selected: all but what is asked for."""
    # At once: a benchmark is set to its next parameters when it has been looked at.
    return [name for name, benchmark in suite.named("") if _is_meant(benchmark, options)]


def _is_meant(benchmark: Any, options: argparse.Namespace) -> bool:
    if options.full_table or is_on_demand(benchmark):
        return bool(options.full_table) and is_on_demand(benchmark)
    return is_daemon(benchmark) == options.daemon and (options.long or not is_long(benchmark))


def _selected(suite: Suite, expressions: list[str]) -> tuple[set[str], float]:
    """The names of the benchmarks that match, and how large a part they are of all.

    Raises ToolError where an expression matches none.
    """
    every = {name for (name, _), _ in suite.cases("")}
    found: set[str] = set()
    for expression in expressions:
        names = {name for (name, _), _ in suite.cases(expression)}
        if not names:
            raise ToolError(f"no benchmark matches {expression!r}: docs/scenarios.md has their names")
        found |= names
    return found or every, len(found or every) / len(every)


def _report(conf: Config, machine: str, hashes: list[str], selected: list[str]) -> int:
    """Print what was measured; return the exit status of the whole."""
    console = report_console()
    without, failed = [], False
    for commit in hashes:
        numbers = load(conf, machine, commit, selected)
        found = tally(numbers)
        name = git("log", "-1", "--format=%h %cs %s", commit, cwd=UPSTREAM)
        console.print(f"\nExaBGP {name}", highlight=False, soft_wrap=True)
        if found.measured:
            print_summary(console, numbers)
        else:
            without.append(name)
        console.print(str(found), highlight=False, soft_wrap=True)
        failed = failed or bool(found.failed)
    if len(without) == len(hashes):
        raise ToolError(f"{without[0]}: no benchmark has a number; what ExaBGP says is above")
    console.print(f"\nResults: {conf.results_dir}/{machine}/. Next, with asv on PATH by  . .tox/bench/bin/activate")
    for command, purpose in NEXT:
        console.print(f"  {command:46}{purpose}", highlight=False)
    return FAILED if failed else 0


if __name__ == "__main__":
    run(main)
