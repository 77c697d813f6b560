"""Measure what the benchmarks notice: slow-downs and leaks put into ExaBGP one at a time, and equal code.

Writes docs/calibration.md, and all figures to .asv/calibration/results.json. What is done is kept: a calibration that
was stopped goes on where it was, and a change in the benchmarks or in the injections begins it anew.
"""

import argparse
import json
import os
import platform
import shlex
import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.progress import Progress

from tools.arguments import add_bench, natural, new_file
from tools.calibrate import alarms, counts, coverage, jobs, report, times
from tools.calibrate.callables.injection import Injection, Kind
from tools.calibrate.injections import INJECTIONS, find
from tools.calibrate.kept import DONE, sources
from tools.calibrate.subjects import Subject, subjects
from tools.errors import ToolError, run
from tools.paths import ROOT, check_writable

PAGE = ROOT / "docs" / "calibration.md"
# Those that run by default, and what starts whole daemons.
STEPS, DAEMON = ("counts", "repeats", "alarms", "times"), "daemon"


def main() -> None:
    """Calibrate, and write the report."""
    options = _options()
    os.chdir(ROOT)
    check_writable(DONE)
    steps = options.step or STEPS
    wanted = [INJECTIONS[name] for name in options.inject or INJECTIONS]
    state = sources()
    results: dict[str, Any] = {
        "arguments": shlex.join(sys.argv[1:]),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "trees": {},
    }
    with Progress(console=Console(stderr=True)) as progress:
        if {*steps} - {"alarms"}:
            for subject in subjects(options.exabgp):
                results["trees"][subject.name] = _calibrate(subject, state, wanted, steps, options.bench, progress)
        if "alarms" in steps:
            selected = [options.bench] if options.bench else []
            comparisons = [(number, False) for number in range(options.comparisons)]
            comparisons += [(number, True) for number in range(options.count_comparisons)]
            results["alarms"] = [
                alarms.comparison("HEAD", number, state, selected, counts_only)
                for number, counts_only in progress.track(comparisons, description="equal code")
            ]
    (DONE / "results.json").write_text(json.dumps(results, indent=1))
    options.page.write_text(report.page(results))
    print(f"{options.page}: {_summary(results)}")


def _options() -> argparse.Namespace:
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
        choices=(*STEPS, DAEMON),
        help="only that: what counts see, whether they repeat, equal code, what times see, or what whole daemons "
        "execute that no count does; default: all but the last",
    )
    parser.add_argument("--inject", action="append", metavar="NAME", help="only that injection; default: all")
    add_bench(parser, default="")
    parser.add_argument(
        "--comparisons",
        type=natural,
        default=3,
        metavar="N",
        help="whole comparisons of equal code; default: %(default)s",
    )
    parser.add_argument(
        "--count-comparisons",
        type=natural,
        default=0,
        metavar="N",
        help="N more, of counts only, which are quicker; default: %(default)s",
    )
    parser.add_argument("--page", type=new_file, default=PAGE, metavar="FILE", help="where to write the report")
    options = parser.parse_args()
    for name in options.inject or []:
        find(name)
    return options


def _summary(results: dict[str, Any]) -> str:
    rows = [row for tree in results["trees"].values() for row in tree["injections"].values()]
    seen = sum(any(level["seen"] for level in row.get("levels", [])) for row in rows)
    return f"{seen} of {len(rows)} injections seen, {len(results.get('alarms', []))} comparisons of equal code"


def _calibrate(
    subject: Subject, state: str, wanted: list[Injection], steps: Sequence[str], bench: str, progress: Progress
) -> dict[str, Any]:
    """All injections on one ExaBGP."""
    task = progress.add_task(f"{subject.name}: what the benchmarks execute", total=None)
    profile = coverage.profile_of(subject, state, bench)
    if not profile:
        raise ToolError(f"no count matches {bench!r}")
    (targets,) = subject.run(jobs.targets)
    progress.update(task, total=len(wanted))
    rows: dict[str, Any] = {}
    for injection in wanted:
        progress.update(task, description=f"{subject.name}: {injection.name}")
        if injection.kind is not Kind.C and "counts" in steps:
            rows[injection.name] = counts.sensitivity(subject, state, injection, profile, targets)
        elif injection.kind is Kind.C and "times" in steps:
            lines = coverage.executing(injection, profile, targets)
            rows[injection.name] = times.sensitivity(subject, state, injection, lines)
        progress.advance(task)
    seeds = coverage.SEEDS if "repeats" in steps else coverage.SEEDS[:1]
    progress.update(task, description=f"{subject.name}: counts in fresh processes", total=None)
    profiles = [coverage.profile_of(subject, state, bench, seed) for seed in seeds]
    if "repeats" in steps:
        profiles.append(coverage.profile_under_load(subject, state, bench))
    progress.update(task, description=subject.name, total=len(wanted))
    counted = [line for line in profile if line["measured"]]
    return {
        "revision": subject.revision,
        "seeds": seeds,
        "counts": sum(isinstance(line["value"], int | float) for line in profile),
        "not applicable": [coverage.title(line) for line in profile if line["value"] is None],
        "failing": {coverage.title(line): line["value"] for line in profile if isinstance(line["value"], str)},
        "varying": coverage.varying(profiles),
        "own": {coverage.title(line): line["own"] / (line["own"] + line["measured"]) for line in counted},
        "hot": coverage.hot(profile, targets),
        "daemon": coverage.uncovered(profile, coverage.daemon_of(subject, state)) if DAEMON in steps else None,
        "injections": rows,
    }


if __name__ == "__main__":
    run(main)
