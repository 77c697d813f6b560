"""Run the tests in on_exabgp/, which import ExaBGP, on releases and on commits of every era."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import trees
from tests.command import run_tests


def run_on(tree: Path, *selected: str) -> None:
    """Run tests in a process that imports ExaBGP from the tree; fail with what it prints."""
    run_tests(*selected, seconds=1500, EXABGP_TREE=str(tree), PYTHONPATH=str(tree))


ON_EXABGP = trees.ROOT / "tests" / "on_exabgp"
# These are run on fewer trees, below.
ON_FEW = {"test_benchmarks", "test_wrong_results", "test_recipes", "test_recordings", "test_system"}
# Whole daemons: one after the other, whichever process of the tests starts them.
DAEMONS = ("test_bird", "test_daemon", "test_daemon_counts", "test_daemon_full_table", "test_daemon_sessions")
CAPABILITIES = sorted(str(path) for path in ON_EXABGP.glob("test_*.py") if path.stem not in {*ON_FEW, *DAEMONS})


@pytest.mark.parametrize("name", trees.RELEASES)
def test_capabilities_on_release(name: str) -> None:
    run_on(trees.release(name), *CAPABILITIES)


@pytest.mark.parametrize("revision", trees.COMMITS)
def test_capabilities_on_commit(revision: str) -> None:
    run_on(trees.commit(revision), *CAPABILITIES)


@pytest.mark.parametrize("module", DAEMONS)
@pytest.mark.parametrize("name", ["4.2.25", "newest"])
def test_daemons_on_release(name: str, module: str) -> None:
    run_on(trees.release(name), str(ON_EXABGP / f"{module}.py"))


@pytest.mark.parametrize("module", DAEMONS)
def test_daemons_on_main(module: str) -> None:
    run_on(trees.commit("main"), str(ON_EXABGP / f"{module}.py"))


MODULES = sorted(
    path.stem
    for path in (trees.ROOT / "benchmarks").glob("*.py")
    if re.search(r"^    def (time|track|peakmem)_", path.read_text(), re.MULTILINE)
    # Whole daemons and full tables have tests of their own.
    and not path.stem.startswith(("daemon", "full_table"))
)


def _benchmarks_of(module: str, *, long: bool) -> tuple[str, ...]:
    """What to give pytest for the benchmarks of a module: all, or those whose time does not take long."""
    return str(ON_EXABGP / "test_benchmarks.py"), "-k", module if long else f"{module} and not is_long"


# A family at a time: none is run in the midst of what all the others keep.
@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize(("name", "long"), [("4.2.0", False), ("newest", True)])
def test_every_benchmark_on_release(name: str, long: bool, module: str) -> None:
    run_on(trees.release(name), *_benchmarks_of(module, long=long))


@pytest.mark.parametrize("module", MODULES)
def test_every_benchmark_on_main(module: str) -> None:
    run_on(trees.commit("main"), *_benchmarks_of(module, long=True))


@pytest.mark.parametrize("name", ["4.2.25", "newest"])
def test_wrong_results_are_refused(name: str) -> None:
    run_on(trees.release(name), str(ON_EXABGP / "test_wrong_results.py"))


def test_wrong_results_are_refused_on_main() -> None:
    run_on(trees.commit("main"), str(ON_EXABGP / "test_wrong_results.py"))


@pytest.mark.parametrize("what", ["recipes", "recordings", "system"])
def test_what_no_tree_changes(what: str) -> None:
    run_on(trees.release("newest"), str(ON_EXABGP / f"test_{what}.py"))


def link_local_routes(tree: Path) -> int:
    """Routes that an ExaBGP makes of one UPDATE, as the benchmark says."""
    script = """
from benchmarks.message_parsing import LinkLocalIPv6NextHop as benchmark
benchmark.track_routes.setup()
print(benchmark().track_routes())
"""
    environment = os.environ | {"PYTHONPATH": f"{tree}{os.pathsep}{trees.ROOT}"}
    command = [sys.executable, "-c", script]
    return int(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize("name", ["4.2.25", "5.0.15"])
def test_releases_make_two_routes_of_a_link_local_next_hop(name: str) -> None:
    assert link_local_routes(trees.release(name)) == 2


def test_main_makes_one_route_of_a_link_local_next_hop() -> None:
    assert link_local_routes(trees.commit("main")) == 1


def counts(tree: Path, seed: str, interrupts: str = "default") -> str:
    """Counts of bytecodes and kept bytes, from a fresh process whose SIGINT is as it says: default or ignore."""
    environment = os.environ | {"PYTHONPATH": f"{tree}{os.pathsep}{trees.ROOT}", "PYTHONHASHSEED": seed}
    script = str(trees.ROOT / "tests" / "on_exabgp" / "count.py")
    command = ["env", f"--{interrupts}-signal=INT", sys.executable, script]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


SEEDS = ("0", "1", "2", "42", "random")


@pytest.mark.parametrize("name", ["4.2.25", "newest"])
def test_counts_repeat_exactly_on_release(name: str) -> None:
    tree = trees.release(name)
    # A shell tells what it starts in the background to ignore SIGINT.
    assert len({*(counts(tree, seed) for seed in SEEDS), counts(tree, "0", "ignore")}) == 1


def test_counts_repeat_exactly_on_main() -> None:
    tree = trees.commit("main")
    assert len({*(counts(tree, seed) for seed in SEEDS), counts(tree, "0", "ignore")}) == 1
