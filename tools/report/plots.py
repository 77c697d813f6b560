"""Plots in SVG: what one thing costs, by date, on each branch."""

import datetime
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from tools.report.collected import Collected, Run, Series

COLOURS = ("#0b5cad", "#c2410c", "#15803d")
# The same numbers make the same file. Text is text, in whatever font its reader has.
mpl.rcParams |= {"svg.hashsalt": "report", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10}


def plot(collected: Collected, series: Series, file: Path) -> None:
    """Write the plot of a series."""
    figure = Figure(figsize=(8, 3), layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    branches = [line.branch for line in collected.lines]
    for line in reversed(collected.lines):
        runs = collected.runs[series.name].get(line.branch, [])
        dates = [commit.date for commit in line.commits]
        points = [point for run in runs for point in _ends(run, dates)]
        if points:
            colour = COLOURS[branches.index(line.branch) % len(COLOURS)]
            style = "o" if len(points) == 1 else "-"
            axes.plot(*zip(*points, strict=True), style, color=colour, linewidth=1.4, markersize=3, label=line.branch)
    for release in collected.releases:
        axes.axvline(
            _day(release.date),  # type: ignore[arg-type]
            color="#d3d9df",
            linewidth=0.6,
            zorder=0,
        )
    axes.set_ylim(bottom=0)
    axes.set_ylabel(series.unit)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="best")
    figure.savefig(file, format="svg", metadata={"Date": None, "Title": f"{series.name} ({series.unit})"})


def _ends(run: Run, dates: list[int]) -> list[tuple[datetime.datetime, float]]:
    """The points of a run; one without a number breaks the line."""
    value = float("nan") if run.value is None else run.value
    return [(_day(dates[place]), value) for place in dict.fromkeys((run.first, run.last))]


def _day(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
