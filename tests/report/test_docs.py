"""The pages: their links lead somewhere, and the tools that they name are there."""

import configparser
import re
from pathlib import Path

import pytest

from tools.paths import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
TOX = configparser.ConfigParser()
TOX.read(ROOT / "tox.ini")
TOOLS = {section.removeprefix("testenv:") for section in TOX.sections() if section.startswith("testenv:")}


def anchors(page: Path) -> set[str]:
    """What can follow a # in a link to a page: its headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tools_that_a_page_names_are_there(page: Path) -> None:
    assert {*re.findall(r"bootstrap\.py ([a-z]+)", page.read_text())} <= TOOLS


def test_every_tool_is_explained() -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    explained = {name for line in re.findall(r"^\| (`.*?) \|", text, re.M) for name in re.findall(r"`([a-z]+)`", line)}
    assert explained >= TOOLS


def test_each_term_is_defined_once() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text()
    terms = [term for line in re.findall(r"^\| ([^|]+) \|", text, re.M) for term in line.split(", ")]
    terms = [term for term in terms if term not in ("term", "---")]
    assert len(terms) > 40
    assert len(terms) == len({*terms})
