"""The site of eight years: what it costs, and that it says of each change what the store does."""

import json
import resource
import shutil
from pathlib import Path

from tests.report.conftest import Publish
from tests.report.made_up import SIZES
from tools.history.store import Measured, Store

# CPU seconds. A machine that does much else has been seen to need twice as many.
MOST = 30


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_site_of_eight_years(long_history: Path, publish: Publish, tmp_path: Path) -> None:
    folder = shutil.copytree(long_history, tmp_path / "benchmarks", symlinks=True)
    before = cpu_seconds()
    done = publish(folder)
    assert done.returncode == 0, done.stderr
    assert cpu_seconds() - before < MOST
    site = folder / ".asv" / "html"
    commits = (site / "data" / "commits.js").read_text().splitlines()[0]
    found = json.loads(commits.removeprefix("const COMMITS = ").removesuffix(";").replace("<\\/", "</"))
    assert {branch: len(of["hash"]) for branch, of in found.items()} == {
        "main": SIZES["main"],
        "5.0": SIZES["5.0"],
        "4.2": SIZES["4.2"] + 600,
    }
    steps = (site / "steps.html").read_text()
    assert steps.count("<tr id=") > 500
    # A subject is text.
    assert "&lt;b&gt;part" in steps
    assert "<b>part" not in steps


def test_a_store_that_knows_little(long_history: Path, publish: Publish, tmp_path: Path) -> None:
    """Every page is there, and says what is not."""
    folder = shutil.copytree(long_history, tmp_path / "benchmarks", symlinks=True)
    whole = Store(folder / "results")
    some = {tree: whole.measured(tree) for tree in sorted(whole.trees())[:40:20]}
    shutil.rmtree(folder / "results")
    for tree, known in some.items():
        assert known
        Store(folder / "results").put(tree, known)
    Store(folder / "results").put("ab" * 8, Measured("c0ffee", broken="<i>SyntaxError"))
    assert publish(folder).returncode == 0
    site = folder / ".asv" / "html"
    assert "not measured" in (site / "status.html").read_text()
    assert "&lt;i&gt;SyntaxError" in (site / "status.html").read_text()
