"""Write docs/report.md and its plots: what ExaBGP's work costs from 4.2.0 to today, and which commits made it so.

The numbers are those that `python3 bootstrap.py publish` shows. What was not measured is said to be so.
"""

import argparse
import shlex
import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.configuration import commits_url, configuration
from tools.errors import ToolError, run
from tools.history.claims import Judged, claims, judge
from tools.history.claims import row as claim_row
from tools.history.lines import Line
from tools.history.measuring import every_series
from tools.history.plan import Plan, known
from tools.history.store import Measured
from tools.history.store import Series as Counted
from tools.paths import ROOT, write_whole
from tools.report.collected import Collected, Series, collect
from tools.report.headlines import HEADLINES
from tools.report.pages import cell, render
from tools.report.plots import plot
from tools.report.site.html import amount, change_in_words, day
from tools.report.site.pages import Site, in_words
from tools.report.steps import effect_first, steps
from tools.suite import exactly

PAGE = ROOT / "docs" / "report.md"
PLOTS = ROOT / "docs" / "report"
TEMPLATE = Path(__file__).with_name("report.md.j2")
RENEW = "python3 bootstrap.py report"
TEN = 10


def main() -> None:
    """Write the page and its plots."""
    parser = argparse.ArgumentParser(prog="report", description=__doc__)
    parser.parse_args()
    conf = configuration()
    collected = collect(conf)
    shown = [headline for headline in HEADLINES if headline.series in collected.series]
    if not shown:
        raise ToolError("none of the numbers that the report is of was measured: python3 bootstrap.py history")
    site = Site(collected, steps(collected), conf.project_url, conf.show_commit_url)
    figures: list[dict[str, Any]] = [
        {
            "headline": headline,
            "series": (series := collected.series[headline.series]),
            "file": f"{_file(headline.title)}.svg",
            "command": f"python3 bootstrap.py history --bench {shlex.quote(exactly([series.name]))}",
            "row": _cells(site, series),
            "steps": _steps_of(site, series),
        }
        for headline in shown
    ]
    every = every_series(".")
    counted = known(collected.store, every)
    judged = judge(claims(collected.lines), {tree: of for tree, of in counted.items() if of}, every)
    text = render(
        TEMPLATE,
        renew=RENEW,
        python=collected.python,
        branches=_branches(collected),
        swept=swept(collected.lines, collected.store, every),
        columns=[(column.name, day(column.date)) for column in site.columns],
        last=site.last.name if site.last else "",
        subject=site.subject.name if site.subject else "",
        figures=figures,
        missing=[headline.title for headline in HEADLINES if headline not in shown],
        largest=effect_first(site.steps)[:TEN],
        all_steps=len(site.steps),
        claims=[_claim(of) for of in judged if of.changes is not None],
        unknown_claims=[of for of in judged if of.changes is None],
        commits=commits_url(),
        amount=amount,
        change=change_in_words,
        day=day,
        cell=cell,
        in_words=in_words,
    )
    PLOTS.parent.mkdir(exist_ok=True)
    # What is there is replaced when all of the new is written.
    with tempfile.TemporaryDirectory(dir=PLOTS.parent) as folder:
        for figure in figures:
            plot(collected, figure["series"], Path(folder, figure["file"]))
        shutil.rmtree(PLOTS, ignore_errors=True)
        PLOTS.mkdir()
        for file in sorted(Path(folder).iterdir()):
            shutil.copy(file, PLOTS)
    write_whole(PAGE, text)
    print(f"The report is {PAGE.relative_to(ROOT)}, with {len(figures)} plots in {PLOTS.relative_to(ROOT)}.")


def _cells(site: Site, series: Series) -> list[str]:
    """A number of each release that is a column, of the newest commit, and what became of it since the last release."""
    values = [column.shown(series) for column in site.columns]
    both = [column.values.get(series.name) if column else None for column in (site.last, site.subject)]
    return [*values, change_in_words(*both)]


def _steps_of(site: Site, series: Series) -> list[tuple[Any, Any]]:
    """The three largest steps of a series, by date."""
    found = [(step, of) for step in site.steps for of in step.changes if of.series is series]
    return sorted(sorted(found, key=lambda pair: -pair[1].size)[:3], key=lambda pair: pair[0].date)


def _branches(collected: Collected) -> list[str]:
    """The newest commit of each branch that was measured."""
    said = []
    for line in collected.lines:
        if found := collected.newest(line.branch):
            commit = line.commits[found[0]]
            measured = sum(bool(collected.values(of.hash, of.tree)) for of in line.commits)
            said.append(
                f"{line.branch} until [{commit.hash[:9]}]({commits_url()}{commit.hash}) of {day(commit.date)}"
                f" ({measured:,} of {len(line.commits):,} commits have numbers)"
            )
    return said


def swept(lines: Sequence[Line], measured: Mapping[str, Measured], every: Collection[Counted]) -> str:
    """How far the history was counted, in words: trees, and the largest change that has no commit yet."""
    plan = Plan(lines, (), known(measured, every), every)
    found = [measured[tree] for tree in plan.commits if tree in measured]
    whole = sum(of.results.keys() >= set(every) for of in found)
    broken = sum(bool(of.broken) for of in found)
    said = (
        f"Commits that share a tree share its numbers: of {len(plan.commits):,} trees {whole:,} have all of "
        f"{len(every):,} counts, {len(found) - whole - broken:,} those that changed around them, and {broken:,} are "
        "broken."
    )
    if rest := len(plan.commits) - len(found):
        said += f" {rest:,} are not counted yet: between trees with equal numbers, or where a change is not located."
    if change := plan.largest():
        said += (
            f" The largest change that counting more would locate is of {100 * (change.ratio - 1):.1f} %, between "
            f"{change.before.hash[:9]} and {change.after.hash[:9]} of {change.branch}. A larger one that is not "
            "located lies between commits of which none in between gives the number."
        )
    return said


def _claim(judged: Judged) -> list[str]:
    cells = [cell(text) for text in claim_row(judged)]
    cells[2] = f"[{cells[2]}]({commits_url()}{judged.claim.commit.hash})"
    cells[7] = f"`{cells[7]}`" if cells[7] else ""
    return cells


def _file(title: str) -> str:
    return title.lower().replace("'", "").replace(" ", "-")


if __name__ == "__main__":
    run(main)
