"""Every benchmark that asv discovers: its setup and one run, on the ExaBGP that this process imports."""

import gc
import math
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from asv_runner.discovery import disc_benchmarks

from benchmarks.common import Benchmark
from benchmarks.measure import Bytecodes, count_bytecodes

BENCHMARKS = {benchmark.name: benchmark for benchmark in disc_benchmarks(str(Path("benchmarks").resolve()))}
RUNS = [
    (name, index)
    for name, benchmark in BENCHMARKS.items()
    for index in range(math.prod(len(values) for values in benchmark.params))
]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Bytecodes]:
    """What a benchmark counts, as it counts it."""
    found: list[Bytecodes] = []

    def count(call: Callable[[], object]) -> Bytecodes:
        found.append(count_bytecodes(call))
        return found[-1]

    for module in {sys.modules[type(benchmark.func.__self__).__module__] for benchmark in BENCHMARKS.values()}:
        if hasattr(module, "count_bytecodes"):
            monkeypatch.setattr(module, "count_bytecodes", count)
    monkeypatch.setattr("benchmarks.common.count_bytecodes", count)
    return found


@pytest.mark.parametrize(("name", "index"), RUNS)
def test_setup_and_one_run(name: str, index: int, counted: list[Bytecodes]) -> None:
    benchmark = BENCHMARKS[name]
    if benchmark.params:
        benchmark.set_param_idx(index)
    if benchmark.do_setup():
        pytest.skip("not applicable to this ExaBGP")
    # What benchmarks before keep for their own next call is not walked in each collection.
    gc.freeze()
    value = benchmark.func(*benchmark._current_params)
    benchmark.do_teardown()
    if name.endswith("_bytecodes"):
        assert value > 0
        assert counted, "it counts by other means than this test knows"
    for bytecodes in counted:
        assert bytecodes.own_share <= 0.1, "more than a tenth of what is measured is not ExaBGP"


def test_every_time_has_a_count() -> None:
    """In its module: what a backlog costs to drain is counted by kind, its times are by kind and size."""
    times = {name for name, benchmark in BENCHMARKS.items() if benchmark.type == "time" and ".Control" not in name}
    counts = {(name.split(".")[0], name.split(".")[-1]) for name in BENCHMARKS}
    for name in times:
        module, _, method = name.split(".")
        assert (module, f"{method.replace('time_', 'track_')}_bytecodes") in counts


def test_versions_follow_the_fixture(monkeypatch: pytest.MonkeyPatch) -> None:
    benchmark = BENCHMARKS["message_parsing.UpdateDecoding.time_decode"]
    instance = benchmark.func.__self__
    assert isinstance(instance, Benchmark)
    before = instance.version
    assert instance.version == before == benchmark.version
    monkeypatch.setattr(type(instance), "fixture_digest", lambda _: "another")
    assert instance.version != before
