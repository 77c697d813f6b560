"""Every benchmark that asv discovers: its setup and one run, on the ExaBGP that this process imports."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import common
from benchmarks.measure import Bytecodes, profile_bytecodes
from benchmarks.work import traffic
from benchmarks.work.proof import WrongResultError
from tools.suite import Case, Suite, is_by_default, is_long, may_fail

SUITE = Suite()
# Times that are long can be left out by `-k "not is_long"`: they run the same code as shorter ones.
RUNS = [
    pytest.param(case, id="-".join([*map(str, case), *["is_long"] * is_long(benchmark)]))
    for case, benchmark in SUITE.cases("")
    # Theirs are run in small sizes by tests of their own.
    if is_by_default(benchmark)
]


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


@pytest.mark.parametrize("case", RUNS)
def test_setup_and_one_run(case: Case, counted: list[Bytecodes], capfd: pytest.CaptureFixture[str]) -> None:
    benchmark = SUITE.case(case)
    parameters, of_class = benchmark._current_params, benchmark.func.__self__
    TRAFFIC.asked = 0
    try:
        works = [setup(*parameters) for setup in benchmark._setups]
    except NotImplementedError as reason:
        pytest.skip(str(reason))
    except WrongResultError as reason:
        if not may_fail(benchmark):
            raise
        pytest.skip(f"this ExaBGP is wrong: {reason}")
    assert TRAFFIC.asked <= of_class.traffic, "a recording of as many UPDATEs as it says would be too short"
    capfd.readouterr()
    value = benchmark.func(*parameters)
    assert capfd.readouterr() == ("", ""), "to write what ExaBGP logs would be in the time"
    if benchmark.type == "time" and not of_class.control:
        (work,) = works
        assert of_class.size(*parameters).messages == work.messages
    # What a process of its own has counted the work knows.
    counted += [bytecodes for work in works for bytecodes in getattr(work, "counted", ())]
    if case[0].endswith("_bytecodes"):
        assert value > 0
        assert counted, "it counts by other means than this test knows"
    for bytecodes in counted:
        assert bytecodes.own_share <= 0.1, "more than a tenth of what is measured is not ExaBGP"
