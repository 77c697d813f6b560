"""What the system says about a process, and what a benchmark is where it says nothing."""

import sys
from collections.abc import Callable

import psutil
import pytest

from benchmarks.measure.process import available_bytes, cpu_seconds, open_files, resident_bytes


def test_figures_of_this_process() -> None:
    assert 1 << 20 < resident_bytes() < 1 << 40
    assert cpu_seconds() > 0
    assert available_bytes() > 0


@pytest.mark.parametrize("figure", [resident_bytes, cpu_seconds, open_files])
def test_platform_without_a_figure_is_not_applicable(
    figure: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise psutil.AccessDenied(1)

    for name in ("memory_info", "cpu_times", "num_fds"):
        monkeypatch.setattr(psutil.Process, name, refuse)
    with pytest.raises(NotImplementedError, match="psutil has no figure for"):
        figure()


def test_without_psutil_it_is_not_applicable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)
    with pytest.raises(NotImplementedError, match="psutil can't be imported"):
        resident_bytes()
