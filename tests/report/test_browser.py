"""Run in_browser.py, the site in a real browser, in a process of its own.

What drives the browser has ended processes that had run many other tests before, without a word.
"""

from pathlib import Path

import pytest

from tests.command import run_tests


def test_the_site_in_a_browser() -> None:
    printed = run_tests("-n", "0", str(Path(__file__).with_name("in_browser.py")))
    if " passed" not in printed:
        pytest.skip(printed.splitlines()[-2])
