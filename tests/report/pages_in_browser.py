"""The site of a long history in a real browser: each page opens without an error, and asks for nothing elsewhere."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.report.conftest import Publish
from tests.report.in_browser import browser, playwright, pytestmark, served
from tools.report.headlines import HEADLINES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser", "playwright", "pytestmark"]

MESSAGE = "message_parsing.Traffic.track_read_message_and_use_bytecodes"
HELD = "resource_monitoring.HeldRoutes.track_kept_bytes"
PAGES = (
    "index.html",
    "steps.html",
    "releases.html",
    "benchmarks.html",
    "findings.html",
    "status.html",
    f"benchmarks/{MESSAGE}.html",
    f"benchmarks/{HELD}.html",
)
MOST_REQUESTS = 15
TELEPHONE, DESK = 375, 1280


@pytest.fixture(scope="module")
def long_site(long_history: Path, publish: Publish) -> Path:
    done = publish(long_history)
    assert done.returncode == 0, done.stderr
    return long_history / ".asv" / "html"


@pytest.fixture(scope="module")
def home(long_site: Path) -> Iterator[str]:
    with served(long_site) as address:
        yield address


@contextmanager
def opened(browser: "Browser", url: str, home: str, *, width: int = DESK, scheme: str = "light") -> Iterator["Page"]:
    """A page; in the end, nothing but the site was asked for anything, and nothing was said on the console."""
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(60_000)
        requests: list[str] = []
        said: list[str] = []
        context.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        context.route(lambda url: not url.startswith(home), lambda route: route.abort())
        page.goto(url)
        yield page
        page.wait_for_load_state("load")
        assert [url for url in requests if not url.startswith((home, "data:"))] == []
        assert len(requests) <= MOST_REQUESTS
        assert said == []


def scroll(page: "Page") -> None:
    """Go through a page, as charts are drawn when they are seen."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for at in range(0, height, 600):
        page.evaluate("at => scrollTo(0, at)", at)
        page.wait_for_timeout(30)


@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (TELEPHONE, "dark")])
@pytest.mark.parametrize("file", PAGES)
def test_page(browser: "Browser", home: str, file: str, width: int, scheme: str) -> None:
    with opened(browser, home + file, home, width=width, scheme=scheme) as page:
        scroll(page)
        assert page.locator("h1").count() == 1
        # Tables may be scrolled, the page may not.
        assert page.evaluate("document.documentElement.scrollWidth") == width
        red, green, blue = map(
            int, re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor"))[:3]
        )
        assert (red + green + blue > 600) == (scheme == "light")
        assert page.locator("figure.chart").count() == page.locator("figure.chart canvas:first-child").count()


def test_front_page(browser: "Browser", home: str) -> None:
    with opened(browser, home, home) as page:
        figures = page.locator("figure.chart")
        assert figures.count() == sum(headline.front for headline in HEADLINES) > 3
        for branch in ("main", "5.0", "4.2"):
            assert branch in figures.first.locator(".readout").inner_text()
        assert "compared with 5.0" in page.locator(".verdict").inner_text()
        for id_ in ("release", "lately", "largest"):
            table = page.locator(f"#{id_} ~ .scroll table").first
            assert table.locator("tbody tr").count() >= 10
        # What a chart shows of a commit leads there.
        figures.first.scroll_into_view_if_needed()
        figures.first.locator("canvas").first.wait_for()
        box = figures.first.locator(".plot").bounding_box()
        assert box
        for share in (0.4, 0.6):
            page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.5)
        link = figures.first.locator(".readout a")
        link.wait_for()
        assert re.fullmatch(
            r"https://github.com/Exa-Networks/exabgp/commit/[0-9a-f]{9}", link.get_attribute("href") or ""
        )


def test_from_a_folder(browser: "Browser", long_site: Path) -> None:
    """Without a web server."""
    home = long_site.as_uri()
    with opened(browser, f"{home}/index.html", home) as page:
        page.locator("figure.chart canvas").first.wait_for()
        page.get_by_role("link", name="Releases").click()
        page.locator("#releases tbody tr").first.wait_for()


def test_steps_are_searched_and_the_search_is_shared(browser: "Browser", home: str) -> None:
    with opened(browser, home + "steps.html", home) as page:
        rows = page.locator("table.steps tbody tr:visible")
        assert rows.count() == 100
        page.get_by_role("button", name="Show all").click()
        every = rows.count()
        assert every > 300
        page.get_by_label("Branch").select_option("4.2")
        of_branch = rows.count()
        assert 0 < of_branch < every
        assert all("4.2" in text for text in rows.locator("td:nth-child(2)").all_inner_texts())
        page.get_by_label("Search").fill("refactor kept")
        assert rows.count() < of_branch
        url, found = page.url, rows.count()
    with opened(browser, url, home) as page:
        assert page.locator("table.steps tbody tr:visible").count() == found


def test_any_two_releases(browser: "Browser", home: str) -> None:
    with opened(browser, home + "releases.html#4.2.1..5.0.3", home) as page:
        assert page.get_by_label("From").input_value() == "4.2.1"
        heads = page.locator("#releases th").all_inner_texts()
        assert heads[2:] == ["4.2.1", "5.0.3", "change"]
        page.get_by_label("Search").fill(HELD.lower() + " adj-rib-in ipv4 distinct")
        page.get_by_label("Changes").select_option("all numbers")
        page.locator("[name=to]").select_option("main")
        assert page.locator("#releases tbody tr").count() == 1
        assert "#4.2.1..main" in page.url
        # Its link leads to the chart of that number.
        page.locator("#releases tbody a").click()
        page.locator("figure:target canvas").first.wait_for()
        assert "Adj-RIB-In, ipv4, distinct" in page.locator("figure:target figcaption").inner_text()


def test_benchmarks_are_searched(browser: "Browser", home: str) -> None:
    with opened(browser, home + "benchmarks.html", home) as page:
        page.get_by_label("Search").fill(HELD.lower() + " adj-rib-in")
        assert page.locator("tbody tr:visible").count() == 1
        page.locator("tbody tr:visible a").first.click()
        assert page.locator("h1").inner_text() == HELD
        assert "garbage collector" in page.locator(".about").inner_text()
        assert page.locator(".row b").all_inner_texts() == ["X04"]


def test_a_table_is_copied_as_markdown(browser: "Browser", home: str) -> None:
    with opened(browser, f"{home}benchmarks/{MESSAGE}.html", home) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy as Markdown").first.click()
        page.get_by_role("button", name="Copied").wait_for()
        head, rule, line = page.evaluate("navigator.clipboard.readText()").splitlines()
        assert head.startswith("| parameters | 4.2.0 | ")
        assert rule.startswith("| --- | --: | --: |")
        assert line.startswith("| no parameters | ")
        page.get_by_role("button", name="Copy as Markdown").last.click()
        page.get_by_role("button", name="Copied").last.wait_for()
        step = page.evaluate("navigator.clipboard.readText()").splitlines()[2]
        assert re.search(r"\[[0-9a-f]{9}\]\(https://github.com/Exa-Networks/exabgp/commit/[0-9a-f]{40}\) ", step)
        assert r"\| of " in step
