"""Run the tests in on_exabgp/, which import ExaBGP, on releases and on commits of every era."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import trees


def run_on(tree: Path, *selected: str) -> None:
    """Run tests in a process that imports ExaBGP from the tree; fail with what it prints."""
    environment = os.environ | {"EXABGP_TREE": str(tree), "PYTHONPATH": str(tree)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *selected]
    done = subprocess.run(
        command, cwd=trees.ROOT, env=environment, capture_output=True, text=True, timeout=1500, check=False
    )
    if done.returncode:
        pytest.fail(done.stdout[-6000:] + done.stderr[-2000:], pytrace=False)


CAPABILITIES = sorted(
    path.relative_to(trees.ROOT).as_posix()
    for path in (trees.ROOT / "tests" / "on_exabgp").glob("test_*.py")
    if path.stem not in ("test_benchmarks", "test_wrong_results")
)


@pytest.mark.parametrize("name", trees.RELEASES)
def test_capabilities_on_release(name: str) -> None:
    run_on(trees.release(name), *CAPABILITIES)


@pytest.mark.parametrize("revision", trees.COMMITS)
def test_capabilities_on_commit(revision: str) -> None:
    run_on(trees.commit(revision), *CAPABILITIES)


MODULES = sorted(
    path.stem
    for path in (trees.ROOT / "benchmarks").glob("*.py")
    if re.search(r"^    def (time|track|peakmem)_", path.read_text(), re.MULTILINE)
)


def _benchmarks_of(module: str) -> tuple[str, ...]:
    """What to give pytest for the benchmarks of a module, and for what is asked of all together."""
    return "tests/on_exabgp/test_benchmarks.py", "-k", f"{module} or not setup_and_one_run"


# A family at a time: none is run in the midst of what all the others keep.
@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("name", ["4.2.0", "newest"])
def test_every_benchmark_on_release(name: str, module: str) -> None:
    run_on(trees.release(name), *_benchmarks_of(module))


@pytest.mark.parametrize("module", MODULES)
def test_every_benchmark_on_main(module: str) -> None:
    run_on(trees.commit("main"), *_benchmarks_of(module))


@pytest.mark.parametrize("name", ["4.2.25", "newest"])
def test_wrong_results_are_refused(name: str) -> None:
    run_on(trees.release(name), "tests/on_exabgp/test_wrong_results.py")


def test_wrong_results_are_refused_on_main() -> None:
    run_on(trees.commit("main"), "tests/on_exabgp/test_wrong_results.py")


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
