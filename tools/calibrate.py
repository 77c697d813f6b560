"""Measure what the benchmarks notice: slow-downs and leaks put into ExaBGP one at a time, and equal code.

Writes docs/calibration.md, and all figures to .asv/calibration/results.json. What is done is kept, so a calibration
that was stopped goes on where it was; a change in the benchmarks or in the description begins it anew.
"""

import argparse
import json
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from tools import calibrate_alarms, calibrate_counts, calibrate_report, calibrate_times, releases, trees
from tools.asv_command import ROOT, UPSTREAM, check_writable
from tools.calibrate_jobs import DONE, Tree, sources
from tools.errors import ToolError, run
from tools.injections import INJECTIONS, Injection, Kind
from tools.releases import git
from tools.suite import check_expressions

PAGE = ROOT / "docs" / "calibration.md"
STEPS = ("counts", "repeats", "alarms", "times")
# The line that ended, the line that is maintained.
LINES = ("4.2", "5.0")


def main() -> None:
    """Calibrate, and write the report."""
    parser = argparse.ArgumentParser(
        prog="calibrate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--exabgp",
        action="append",
        metavar="NAME",
        help="a release, or a revision of upstream; default: newest 4.2 and 5.0, main with the real history",
    )
    parser.add_argument(
        "--step",
        action="append",
        choices=STEPS,
        help="only that: what counts see, whether they repeat, equal code, what times see; default: all",
    )
    parser.add_argument("--inject", action="append", metavar="NAME", help="only that injection; default: all")
    parser.add_argument("-b", "--bench", default="", metavar="RE", help="only benchmarks that match")
    parser.add_argument(
        "--comparisons", type=int, default=3, metavar="N", help="whole comparisons of equal code; default: %(default)s"
    )
    parser.add_argument(
        "--count-comparisons",
        type=int,
        default=0,
        metavar="N",
        help="so many more of counts only: quicker; default: %(default)s",
    )
    parser.add_argument("--page", type=Path, default=PAGE, metavar="FILE", help="where to write the report")
    options = parser.parse_args()
    check_expressions([options.bench])
    for name in ("comparisons", "count_comparisons"):
        if getattr(options, name) < 0:
            raise ToolError(f"--{name.replace('_', '-')} {getattr(options, name)}: a number from 0 on")
    if not options.page.absolute().parent.is_dir():
        raise ToolError(f"{options.page}: its folder is not there: make it first")
    options.page = options.page.absolute()
    unknown = [name for name in options.inject or [] if name not in INJECTIONS]
    if unknown:
        raise ToolError(f"no injection is called {unknown[0]!r}: tools/injections.py has their names")

    os.chdir(ROOT)
    check_writable(DONE)
    steps = options.step or STEPS
    wanted = [INJECTIONS[name] for name in options.inject or INJECTIONS]
    state = sources()
    results: dict[str, Any] = {
        "arguments": shlex.join(sys.argv[1:]),
        "python": calibrate_report.describe(),
        "cores": os.cpu_count(),
        "trees": {},
    }
    with Progress(console=Console(stderr=True)) as progress:
        if {*steps} - {"alarms"}:
            for tree in _trees(options.exabgp):
                results["trees"][tree.name] = _calibrate(tree, state, wanted, steps, options.bench, progress)
        if "alarms" in steps:
            selected = [options.bench] if options.bench else []
            wanted_alarms = [(number, False) for number in range(options.comparisons)]
            wanted_alarms += [(number, True) for number in range(options.count_comparisons)]
            results["alarms"] = [
                calibrate_alarms.comparison("HEAD", number, state, selected, counts_only)
                for number, counts_only in progress.track(wanted_alarms, description="equal code")
            ]
    (DONE / "results.json").write_text(json.dumps(results, indent=1))
    options.page.write_text(calibrate_report.page(results))
    print(f"{options.page}: {_summary(results)}")


def _summary(results: dict[str, Any]) -> str:
    rows = [row for tree in results["trees"].values() for row in tree["injections"].values()]
    seen = sum(any(level["seen"] for level in row.get("levels", [])) for row in rows)
    return f"{seen} of {len(rows)} injections seen, {len(results.get('alarms', []))} comparisons of equal code"


def _trees(names: list[str] | None) -> Iterator[Tree]:
    """The ExaBGPs to calibrate on, made one by one."""
    if not names:
        newest = releases.newest_of_each_minor(releases.available())
        names = [name for name in newest if name.rpartition(".")[0] in LINES]
        if _real_history():
            names.append("main")
    for name in names:
        if trees.is_release(name):
            folder = trees.release(name)
            yield Tree(folder.name, f"release {folder.name} of the package index", folder)
        else:
            try:
                folder = trees.commit(name, UPSTREAM)
            except ToolError:
                raise ToolError(f"{name}: no release, and no revision of the ExaBGP in upstream") from None
            date = git("log", "-1", "--format=%cs", folder.name, cwd=UPSTREAM)
            yield Tree(name, f"commit {folder.name[:9]} of {date}", folder)


def _real_history() -> bool:
    """Whether upstream is ExaBGP's own repository, whose main is no release."""
    try:
        return not git("tag", "--points-at", "main", cwd=UPSTREAM)
    except (ToolError, OSError):
        return False


def _calibrate(
    tree: Tree, state: str, wanted: list[Injection], steps: Sequence[str], bench: str, progress: Progress
) -> dict[str, Any]:
    """All injections on one ExaBGP."""
    task = progress.add_task(f"{tree.name}: what the benchmarks execute", total=None)
    profile = calibrate_counts.profile_of(tree, state, bench)
    if not profile:
        raise ToolError(f"no count matches {bench!r}")
    targets: calibrate_counts.Targets = tree.run("targets")[0]
    progress.update(task, total=len(wanted))
    rows: dict[str, Any] = {}
    for injection in wanted:
        progress.update(task, description=f"{tree.name}: {injection.name}")
        if injection.kind is not Kind.C and "counts" in steps:
            rows[injection.name] = calibrate_counts.sensitivity(tree, state, injection, profile, targets)
        elif injection.kind is Kind.C and "times" in steps:
            lines = calibrate_counts.executing(injection, profile, targets)
            rows[injection.name] = calibrate_times.sensitivity(tree, state, injection, lines)
        progress.advance(task)
    seeds = calibrate_counts.SEEDS if "repeats" in steps else calibrate_counts.SEEDS[:1]
    progress.update(task, description=f"{tree.name}: counts in fresh processes", total=None)
    profiles = [calibrate_counts.profile_of(tree, state, bench, seed) for seed in seeds]
    if "repeats" in steps:
        profiles.append(calibrate_counts.profile_under_load(tree, state, bench))
    progress.update(task, description=tree.name, total=len(wanted))
    counted = [line for line in profile if line["measured"]]
    return {
        "revision": tree.revision,
        "seeds": seeds,
        "counts": sum(isinstance(line["value"], int | float) for line in profile),
        "no number": [calibrate_counts.title(line) for line in profile if not isinstance(line["value"], int | float)],
        "varying": calibrate_counts.varying(profiles),
        "own": {calibrate_counts.title(line): line["own"] / (line["own"] + line["measured"]) for line in counted},
        "hot": calibrate_counts.hot(profile, targets),
        "injections": rows,
    }


if __name__ == "__main__":
    run(main)
