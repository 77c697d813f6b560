"""Every benchmark that asv discovers: its setup and one run, on the ExaBGP that this process imports."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asv_runner.discovery import disc_benchmarks

from benchmarks import common
from benchmarks.measure import Bytecodes, profile_bytecodes
from benchmarks.work import traffic

BENCHMARKS = {benchmark.name: benchmark for benchmark in disc_benchmarks(str(Path("benchmarks").resolve()))}


def _runs() -> list[Any]:
    """Each benchmark with each set of parameters.

    Those whose time takes long, and runs the same code as shorter ones do, can be left out by `-k "not takes_long"`.
    """
    runs = []
    for name, benchmark in BENCHMARKS.items():
        for index, values in enumerate(itertools.product(*benchmark._params)):
            of_class = benchmark.func.__self__
            long = benchmark.type == "time" and any(values[: len(part)] == part for part in of_class.long)
            runs.append(pytest.param(name, index, id=f"{name}-{index}{'-takes_long' if long else ''}"))
    return runs


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Bytecodes]:
    """What a benchmark counts, as it counts it."""
    found: list[Bytecodes] = []

    def count(call: Callable[[], object], prepare: Callable[[], object]) -> int:
        found.append(profile_bytecodes(call, prepare))
        return found[-1].measured

    monkeypatch.setattr(common, "count_bytecodes", count)
    return found


class Traffic(list[Any]):
    """The messages of the traffic, which knows how many of them were asked for."""

    asked = 0

    def __getitem__(self, part: Any) -> Any:
        self.asked = max(self.asked, part.stop)
        return super().__getitem__(part)


TRAFFIC = traffic._known = Traffic(traffic._known)


@pytest.fixture(autouse=True)
def _no_work_of_another() -> None:
    """As asv runs it, in a process of its own: what all works together keep is hundreds of megabytes."""
    common._made.cache_clear()


@pytest.mark.parametrize(("name", "index"), _runs())
def test_setup_and_one_run(name: str, index: int, counted: list[Bytecodes]) -> None:
    benchmark = BENCHMARKS[name]
    if benchmark.params:
        benchmark.set_param_idx(index)
    parameters, of_class = benchmark._current_params, benchmark.func.__self__
    TRAFFIC.asked = 0
    try:
        works = [setup(*parameters) for setup in benchmark._setups]
    except NotImplementedError as reason:
        pytest.skip(str(reason))
    assert TRAFFIC.asked <= of_class.traffic, "a recording of as many UPDATEs as it says would be too short"
    value = benchmark.func(*parameters)
    if benchmark.type == "time" and not of_class.control:
        (work,) = works
        assert of_class.size(*parameters).messages == work.messages
    if name.endswith("_bytecodes"):
        assert value > 0
        assert counted, "it counts by other means than this test knows"
    for bytecodes in counted:
        assert bytecodes.own_share <= 0.1, "more than a tenth of what is measured is not ExaBGP"
