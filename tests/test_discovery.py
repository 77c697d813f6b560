"""What asv makes of the benchmarks when it discovers them. No ExaBGP is needed for that."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asv_runner.discovery import disc_benchmarks

from benchmarks.common import UNITS, Benchmark
from benchmarks.wire import Session, fitted_stream
from benchmarks.work.traffic import recording_digest
from tests.wire.mrt_writer import record
from tools.paths import BENCHMARKS
from tools.suite import is_daemon

DISCOVERED = list(disc_benchmarks(str(BENCHMARKS)))
CLASSES = {type(benchmark.func.__self__) for benchmark in DISCOVERED}


def test_asv_checks_them_all_without_a_complaint(capsys: pytest.CaptureFixture[str]) -> None:
    assert all(benchmark.check(str(BENCHMARKS)) for benchmark in DISCOVERED)
    assert capsys.readouterr().out == ""


def test_every_unit_says_what_kind_its_number_is() -> None:
    assert {benchmark.unit for benchmark in DISCOVERED if benchmark.type == "track"} <= {*UNITS}


def test_every_time_has_a_count() -> None:
    """In its module: what a backlog costs to drain is counted by kind, its times are by kind and size."""
    counts = {(name.split(".")[0], name.split(".")[-1]) for name in (benchmark.name for benchmark in DISCOVERED)}
    for benchmark in DISCOVERED:
        module, _, method = benchmark.name.split(".")
        if benchmark.type == "time" and not benchmark.func.__self__.control:
            assert (module, f"{method.replace('time_', 'track_')}_bytecodes") in counts


def test_what_takes_long_is_measured() -> None:
    """A misspelt set of parameters would be none that takes long."""
    for cls in CLASSES:
        timed = [values for b in DISCOVERED for values in _parameters(b) if _is_timed(b) and _is_of(b, cls)]
        for long in cls.long:
            assert any(values[: len(long)] == long for values in timed), f"{cls.__name__} times nothing at {long}"


def _is_timed(benchmark: Any) -> bool:
    return benchmark.type == "time" or is_daemon(benchmark)


def _is_of(benchmark: Any, cls: type) -> bool:
    return type(benchmark.func.__self__) is cls


def _parameters(benchmark: Any) -> list[tuple[Any, ...]]:
    return list(itertools.product(*benchmark._params))


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The fingerprint of a short recording, which the benchmarks are to run on."""
    file = tmp_path / "updates.mrt"
    file.write_bytes(b"".join(record(message.wire) for message in fitted_stream(2, Session())))
    monkeypatch.setenv("EXABGP_BENCH_MRT", str(file))
    recording_digest.cache_clear()
    yield str(recording_digest())
    recording_digest.cache_clear()


def test_the_recording_is_in_the_version_of_what_runs_on_it_and_of_nothing_else(recording: str) -> None:
    on_traffic = {cls for cls in CLASSES if cls.traffic}
    assert 0 < len(on_traffic) < len(CLASSES)
    for cls in CLASSES:
        assert issubclass(cls, Benchmark)
        expected = f"{cls.revision} on {recording}" if cls in on_traffic else f"{cls.revision}"
        assert cls().version == expected


def test_version_is_the_revision_where_there_is_no_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXABGP_BENCH_MRT", raising=False)
    recording_digest.cache_clear()
    for cls in CLASSES:
        assert cls().version == str(cls.revision)
        with monkeypatch.context() as patch:
            patch.setattr(cls, "revision", cls.revision + 1)
            assert cls().version == str(cls.revision)
