"""What the script needs to draw: commits once for all pages, and of each series its runs by branch."""

import json
from typing import Any

from tools.report.collected import Collected, Series


def commits_script(collected: Collected) -> str:
    """A script with the commits of each branch and the releases: a page from a folder may load no other data."""
    branches = {
        line.branch: {
            "hash": [commit.hash[:9] for commit in line.commits],
            "date": [commit.date for commit in line.commits],
            "subject": [commit.subject for commit in line.commits],
        }
        for line in collected.lines
    }
    tags = [[release.name, release.date] for release in sorted(collected.releases, key=lambda release: release.date)]
    return f"const COMMITS = {_script(branches)};\nconst RELEASES = {_script(tags)};\n"


def chart(collected: Collected, series: Series) -> dict[str, Any]:
    """A series: for each branch that has it, the first and the last commit of each run, and its number."""
    runs = collected.runs[series.name]
    branches = {branch: [[run.first, run.last, run.value] for run in of_branch] for branch, of_branch in runs.items()}
    return {"unit": series.unit, "branches": branches}


def _script(value: Any) -> str:
    return (
        json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        .replace("</", "<\\/")
        .replace("\u2028", " ")
        .replace("\u2029", " ")
    )
