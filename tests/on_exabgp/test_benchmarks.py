"""Every benchmark that asv discovers: its setup and one run, on the ExaBGP that this process imports."""

import itertools
import math
from pathlib import Path

import pytest
from asv_runner.discovery import disc_benchmarks

from benchmarks.common import Benchmark
from benchmarks.measure import count_bytecodes

BENCHMARKS = {benchmark.name: benchmark for benchmark in disc_benchmarks(str(Path("benchmarks").resolve()))}
RUNS = [
    (name, index)
    for name, benchmark in BENCHMARKS.items()
    for index in range(math.prod(len(values) for values in benchmark.params))
]


@pytest.mark.parametrize(("name", "index"), RUNS)
def test_setup_and_one_run(name: str, index: int) -> None:
    benchmark = BENCHMARKS[name]
    if benchmark.params:
        benchmark.set_param_idx(index)
    assert benchmark.do_setup() is not True, "not applicable to this ExaBGP"
    value = benchmark.func(*benchmark._current_params)
    benchmark.do_teardown()
    if benchmark.type == "track":
        assert value > 0


def test_own_frames_are_at_most_a_tenth_of_each_timed_method(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the smallest of several sizes, where what is done once a call weighs most."""
    shares = {}
    for name, benchmark in BENCHMARKS.items():
        if benchmark.type != "time":
            continue
        instance = benchmark.func.__self__
        if hasattr(instance, "messages"):
            monkeypatch.setattr(type(instance), "messages", 100)
        for index, parameters in enumerate(itertools.product(*benchmark._params)):
            size = parameters[0] if parameters else None
            if isinstance(size, int) and size > min(benchmark._params[0]):
                continue
            if parameters:
                benchmark.set_param_idx(index)
            benchmark.do_setup()
            shares[name, parameters] = count_bytecodes(lambda b=benchmark: b.func(*b._current_params)).own_share
    assert shares
    assert {key: f"{share:.1%}" for key, share in shares.items() if share > 0.1} == {}


def test_versions_follow_the_fixture(monkeypatch: pytest.MonkeyPatch) -> None:
    benchmark = BENCHMARKS["message_parsing.UpdateDecoding.time_decode"]
    instance = benchmark.func.__self__
    assert isinstance(instance, Benchmark)
    before = instance.version
    assert instance.version == before == benchmark.version
    monkeypatch.setattr(type(instance), "fixture_digest", lambda _: "another")
    assert instance.version != before
