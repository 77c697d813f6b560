"""docs/report.md: what it says is what the store has, and its plots are SVG."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.command import refused
from tools.history.lines import Commit, Line
from tools.history.store import Measured, Result
from tools.history.store import Series as StoredSeries
from tools.report.headlines import HEADLINES
from tools.report.written import swept
from tools.suite import Suite

SVG = "{http://www.w3.org/2000/svg}"


def report(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.report.written"]
    environment = os.environ | {"HOME": str(folder.parent)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def workspace(long_history: Path, tmp_path: Path) -> Path:
    folder = shutil.copytree(long_history, tmp_path / "benchmarks")
    (folder / "docs" / "report.md").unlink(missing_ok=True)
    return folder


def test_headlines_are_benchmarks() -> None:
    assert {headline.series for headline in HEADLINES} <= {name for name, _ in Suite().named(".")}


def test_how_far_the_history_was_counted_is_said() -> None:
    of = StoredSeries("module.Class.track_bytecodes", "1", "bytecodes/message")
    other = StoredSeries("module.Class.track_octets", "1", "octets")
    line = Line("main", tuple(Commit(f"{n:040x}", n, "", f"t{n}") for n in range(4)))
    numbers = {"t0": {of: 100.0, other: 1.0}, "t3": {of: 150.0, other: 1.0}, "t1": {of: 100.0}}
    known = {
        tree: Measured("c", {of: Result(value) for of, value in values.items()}) for tree, values in numbers.items()
    }
    said = swept([line], known, [of, other])
    assert "of 4 trees 2 have all of 2 counts, 1 those that changed around them, and 0 are broken. " in said
    assert "1 are not counted yet: between trees with equal numbers" in said
    assert "that counting more would locate is of 50.0 %, between 000000000 and 000000000 of main." in said
    assert swept([line], known | {"t2": Measured("c", broken="it ends")}, [of, other]).endswith("and 1 are broken.")


def test_report(workspace: Path) -> None:
    done = report(workspace)
    assert done.returncode == 0, done.stderr
    text = (workspace / "docs" / "report.md").read_text()
    assert "| what it costs | unit | 4.2.0 (" in text
    # Every table is one: a heading, a rule and lines, all of one width.
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        head, rule, *lines = block.splitlines()
        assert lines
        assert set(rule) <= set("|-:")
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in (head, rule, *lines)} == {head.count("|")}
    plots = re.findall(r"\]\((report/[\w-]+\.svg)\)", text)
    assert len(plots) == len(HEADLINES)
    for plot in plots:
        svg = ElementTree.parse(workspace / "docs" / plot).getroot()
        assert svg.tag == f"{SVG}svg"
        said = {element.text for element in svg.iter(f"{SVG}text")}
        assert {"main", "5.0", "4.2"} <= said
    assert text.count("by `python3 bootstrap.py history --bench ") == len(HEADLINES)
    ten = text.partition("## The ten largest steps")[2].partition("## Claims")[0]
    assert len(re.findall(r"^\| \d{4}-", ten, re.MULTILINE)) == 10
    assert "[A whole daemon](results.md#a-whole-daemon)" in text
    # The same numbers make the same files.
    files = {file: file.read_bytes() for file in (workspace / "docs").rglob("report*/*")}
    assert report(workspace).returncode == 0
    assert (workspace / "docs" / "report.md").read_text() == text
    assert {file: file.read_bytes() for file in (workspace / "docs").rglob("report*/*")} == files


def test_nothing_was_measured(workspace: Path) -> None:
    shutil.rmtree(workspace / "results")
    refused(report(workspace), "was measured", "python3 bootstrap.py history")
    assert not (workspace / "docs" / "report.md").exists()


def test_claims_are_judged_as_by_the_command(workspace: Path) -> None:
    # A number that no commit gives is no reason to say nothing of a claim.
    for file in workspace.glob("results/*/trees/*.json"):
        content = json.loads(file.read_text())
        if "values" in content:
            content["values"][0] = None
            file.write_text(json.dumps(content))
    report(workspace).check_returncode()
    command = [sys.executable, "-m", "tools.history.claims"]
    said = subprocess.run(command, cwd=workspace, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    claims = (workspace / "docs" / "report.md").read_text().partition("## Claims")[2].partition("\n## ")[0]
    verdicts = re.findall(r"\| (confirmed|refuted|invisible) \|", claims)
    assert verdicts
    assert all(f"{verdicts.count(verdict)} {verdict}" in said for verdict in ("confirmed", "refuted", "invisible"))
