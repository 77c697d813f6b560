"""What is said of ExaBGP can be run again: the benchmarks that the pages name are there; each issue has its line."""

import re
import tomllib
from pathlib import Path

import pytest

from tools.report.scenarios import CHECKLIST, DOCS
from tools.suite import Suite

ISSUES = DOCS / "upstream-issues.md"
PAGES = (ISSUES, DOCS / "findings.md")
BENCHMARK = re.compile(r"(?<![\w.])[a-z_]+\.[A-Z]\w+\.(?:time|track|peakmem)_\w+(?:\([^)]*\))?")
# Of a line of the page: the issues that it links to, and what follows them.
LINE = re.compile(r"^\| (\[#.*?) \| (.*)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_benchmarks_that_a_page_names_are_there_with_their_parameters(page: Path) -> None:
    # Without quotes, as the tools print them.
    names = {name.replace("'", "") for name, _ in Suite().named("")}
    names |= {name.partition("(")[0] for name in names}
    found = set(BENCHMARK.findall(page.read_text()))
    assert len(found) > 10
    assert not found - names


def test_each_issue_of_the_checklist_has_its_line_beside_its_row() -> None:
    issues = tomllib.loads(CHECKLIST.read_text())["issues"]
    expected = {(row, number) for row, numbers in issues.items() for number in numbers}
    found = {
        (row, int(number))
        for links, what in LINE.findall(ISSUES.read_text())
        for row in re.findall(r"X\d\d", what.partition(":")[0])
        for number in re.findall(r"\[#(\d+)\]", links)
    }
    assert len(expected) > 30
    assert not expected - found


def test_each_issue_is_linked_to_by_its_number() -> None:
    links = re.findall(r"\[#(\d+)\]\(([^)]*)\)", ISSUES.read_text())
    assert links
    assert all(
        re.fullmatch(rf"https://github.com/Exa-Networks/exabgp/(issues|pull)/{number}", link) for number, link in links
    )


def test_each_finding_is_in_the_table_of_them() -> None:
    text = (DOCS / "findings.md").read_text()
    headings = re.findall(r"^### (.+)$", text, re.MULTILINE)
    linked = re.findall(r"^\| \[(.+?)\]\(#", text, re.MULTILINE)
    assert linked
    assert sorted(linked) == sorted(headings)
