"""The site in a real browser, which reaches nothing but the site."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.report.conftest import COUNT, TIME

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright, which drives the browser, is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no browser: apt-get install chromium")

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PIXELS_OF = """(canvas, [red, green, blue]) => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let pixels = 0;
    for (let i = 0; i < data.length; i += 4)
        if (data[i] == red && data[i + 1] == green && data[i + 2] == blue && data[i + 3] == 255)
            pixels++;
    return pixels;
}"""
FIRST_CURVE, SECOND_CURVE = (0x2D, 0xD4, 0xBF), (0x38, 0xBD, 0xF8)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(site: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield f"{address}explorer/"


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: "Browser", address: str) -> Iterator["Page"]:
    """asv-tachyon's page; in the end, no request has left the site and no script has failed."""
    with browser.new_context(viewport={"width": 1400, "height": 1000}, color_scheme="light") as context:
        page = context.new_page()
        # A machine may have other work.
        page.set_default_timeout(60_000)
        requests: list[str] = []
        errors: list[str] = []
        context.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        context.route(lambda url: not url.startswith(address), lambda route: route.abort())
        page.goto(address)
        yield page
        page.wait_for_load_state("networkidle")
        assert address in requests
        assert [url for url in requests if not url.startswith(address)] == []
        assert errors == []


def open_graph(page: "Page", name: str) -> "Locator":
    """Click a benchmark in the overview and return the canvas of its graph."""
    page.get_by_text(name, exact=True).click()
    canvas = page.locator(".chart-wrap canvas")
    canvas.wait_for()
    page.wait_for_load_state("networkidle")
    return canvas


def test_overview_lists_the_benchmarks(page: "Page") -> None:
    for name in (TIME, COUNT):
        page.get_by_text(name, exact=True).wait_for()
    assert page.get_by_text("2 benchmarks", exact=True).count()
    assert page.title() == "ExaBGP · asv tachyon"
    assert page.locator("select").last.input_value() == "main"


def test_time(page: "Page") -> None:
    canvas = open_graph(page, TIME)
    assert canvas.evaluate(PIXELS_OF, FIRST_CURVE) > 500
    assert page.get_by_text("1.050ms").count()


def test_count(page: "Page") -> None:
    """A curve for each parameter, and numbers with their unit."""
    canvas = open_graph(page, COUNT)
    assert canvas.evaluate(PIXELS_OF, FIRST_CURVE) > 500
    assert canvas.evaluate(PIXELS_OF, SECOND_CURVE) > 500
    # Nothing says here that a higher count is better.
    assert page.locator("h1 + p .chip").all_inner_texts() == ["track", "bytecodes/message", "2 param series"]
    page.get_by_role("button", name="routes=10", exact=True).click()
    page.get_by_text("2.040e+4 bytecodes/message").first.wait_for()


def test_commits(page: "Page", site: Path) -> None:
    """Releases are marked, and a commit leads to GitHub."""
    open_graph(page, TIME)
    assert page.locator(".tag-chip").all_inner_texts() == ["4.2", "5.0"]
    link = page.get_by_role("link", name="open commit").get_attribute("href")
    assert link is not None
    url, _, commit = link.rpartition("/")
    assert url == "https://github.com/Exa-Networks/exabgp/commit"
    assert commit in (site / "explorer" / "commits.json").read_text()


def test_branches(page: "Page") -> None:
    open_graph(page, COUNT)
    page.get_by_role("button", name="routes=10", exact=True).click()
    for branch, latest in (("5.0", "1.500e+4"), ("4.2", "1.000e+4"), ("main", "2.040e+4")):
        page.get_by_label("branch").select_option(branch)
        page.locator(".stat .v", has_text=f"{latest} bytecodes/message").first.wait_for()


def test_regressions(page: "Page", address: str) -> None:
    """All that asv has found are shown where the factor is 1; the page begins with a higher one."""
    page.goto(f"{address}#view=regressions&factor=1")
    page.reload()
    row = page.locator("tbody tr")
    row.wait_for()
    assert COUNT in row.inner_text()
    row.click()
    page.locator(".chart-wrap canvas").wait_for()
    assert page.get_by_role("heading", name=COUNT).count()
