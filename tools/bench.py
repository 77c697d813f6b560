"""Measure ExaBGP commits with asv, then print what was measured, where it is and what to type next.

A run that was stopped goes on where it was: what a commit already has a number for is not measured again. Everything
asv can do is there beside this: it works from the same configuration and results.
"""

import argparse
import os
import shutil
from pathlib import Path

from asv.config import Config
from asv.machine import Machine

from tools.asv_command import check_writable, commits_of, run_asv
from tools.asv_plugin import QUICK_RESULTS, use_machine_file
from tools.errors import INTERRUPTED, ToolError, run
from tools.recording import check_recording
from tools.releases import git
from tools.results import load
from tools.suite import check_expressions
from tools.summary import summary, table
from tools.terminal import report_console

ROOT = Path(__file__).resolve().parent.parent
# Exit status when a benchmark failed on a commit, beside those of tools.errors.
FAILED = 1
NEXT = (
    ("asv run --bench parsing 4.2^!", "one family, on the newest commit of a branch"),
    ("asv compare 4.2 main", "two commits that have been measured"),
    ("asv continuous 4.2 main", "measure both and say what became slower"),
    ("python3 bootstrap.py publish", "the history of all that was measured, as a web site"),
)


def main() -> int:
    """Parse the command line, run asv, print the summary."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "revisions",
        nargs="?",
        default="HEAD^!",
        help="as git names them; default: %(default)s, the commit checked out in upstream",
    )
    parser.add_argument("-b", "--bench", action="append", default=[], metavar="RE", help="only benchmarks that match")
    parser.add_argument("-q", "--quick", action="store_true", help="one sample each, to see that all work; not kept")
    parser.add_argument("--again", action="store_true", help="measure anew what has been measured before")
    options = parser.parse_args()
    check_expressions(options.bench)
    recording = check_recording()
    if recording:
        print(recording)
    os.chdir(ROOT)
    commits = commits_of(options.revisions)
    conf = Config.load("asv.conf.json")
    if options.quick:
        conf.results_dir = QUICK_RESULTS
        shutil.rmtree(QUICK_RESULTS, ignore_errors=True)
    check_writable(Path(conf.results_dir))

    command = ["run", "--show-stderr", options.revisions]
    command += [argument for expression in options.bench for argument in ("--bench", expression)]
    if options.quick:
        command.append("--quick")
    elif not options.again:
        command.append("--skip-existing-successful")
    status = run_asv(*command)
    if status == INTERRUPTED:
        return status
    if status == 1:
        raise ToolError("nothing was measured: asv says why above")
    return _report(conf, commits, options.bench)


def _report(conf: Config, commits: list[str], selected: list[str]) -> int:
    """Print what was measured; return the exit status of the whole."""
    console = report_console()
    use_machine_file()
    machine = Machine.load().machine
    status = 0
    for commit in commits:
        found = summary(load(conf, machine, commit, selected))
        name = git("log", "-1", "--format=%h %cs %s", commit, cwd=Path("upstream"))
        console.print()
        console.print(table(found.lines, f"ExaBGP {name}"))
        console.print(
            f"{found.measured} of {found.expected} numbers measured, {found.not_applicable} not applicable, "
            f"{len(found.failed)} benchmarks failed{': ' if found.failed else ''}{', '.join(found.failed)}"
        )
        if not found.measured:
            raise ToolError(f"{name}: no benchmark has a number; what ExaBGP says is above")
        status = status or (FAILED if found.failed else 0)
    console.print(f"\nResults: {conf.results_dir}/{machine}/. Next, with asv on PATH by  . .tox/bench/bin/activate")
    for command, purpose in NEXT:
        console.print(f"  {command:46}{purpose}", highlight=False)
    return status


if __name__ == "__main__":
    run(main)
