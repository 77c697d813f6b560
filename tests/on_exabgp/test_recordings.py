"""Benchmarks on a recording in the place of the fitted traffic: one that is too short gives no number."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import common
from benchmarks.backlog_saturation import ReceivedBacklog
from benchmarks.high_load_throughput import ProtocolThroughput
from benchmarks.measure import count_bytecodes
from benchmarks.message_parsing import ContinuousStream, Traffic, UpdateStress
from benchmarks.resource_monitoring import CpuTime
from benchmarks.wire import Message, MrtError, Session, fitted_stream, keepalive, link_local_next_hop_update
from benchmarks.work import traffic
from benchmarks.work.reading import ProtocolReading
from tests.wire.mrt_writer import record

SESSION = Session()

# What needs how many UPDATEs.
ON_TRAFFIC: list[tuple[Any, tuple[str, ...], int]] = [
    (Traffic.time_read_message, (), 1000),
    (Traffic.track_read_message_bytecodes, (), 300),
    (UpdateStress.time_decode_and_use, (), 5000),
    (ContinuousStream.time_read_and_decode, (), 1000),
    (ProtocolThroughput.time_read_message, ("500 UPDATEs of traffic",), 500),
    (ProtocolThroughput.track_read_message_bytecodes, ("500 UPDATEs of traffic",), 100),
    (ReceivedBacklog.time_drain, ("20000 UPDATEs of traffic",), 2000),
    (CpuTime.track_cpu_time, ("5000 UPDATEs of traffic decoded",), 100),
]


@pytest.fixture
def run_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[list[Message]], None]]:
    """Have the benchmarks run on a recording of some messages."""

    def forget() -> None:
        traffic._known.clear()
        traffic.recording_digest.cache_clear()
        common._made.cache_clear()

    def run(messages: list[Message]) -> None:
        file = tmp_path / "updates.mrt"
        file.write_bytes(b"".join(record(message.wire) for message in messages))
        monkeypatch.setenv("EXABGP_BENCH_MRT", str(file))
        forget()

    yield run
    forget()


@pytest.mark.parametrize(("method", "parameters", "needed"), ON_TRAFFIC)
def test_too_short_a_recording_is_refused(
    method: Any, parameters: tuple[str, ...], needed: int, run_on: Callable[[list[Message]], None]
) -> None:
    # A message that is no UPDATE, and one that is left out, as ExaBGPs differ on it.
    run_on([*fitted_stream(48, SESSION), keepalive(), link_local_next_hop_update(SESSION)])
    with pytest.raises(MrtError, match=rf"^updates\.mrt: has 48 UPDATEs .*, {needed} are needed \(left out: 1 "):
        method.setup(*parameters)


def test_what_is_counted_of_a_recording_is_what_was_handled(run_on: Callable[[list[Message]], None]) -> None:
    # Not the beginning of the fitted traffic.
    messages = fitted_stream(1300, SESSION)[100:]
    run_on(messages)
    for method, handled in ((Traffic.time_read_message, 1000), (Traffic.track_read_message_bytecodes, 300)):
        work = method.setup()
        assert work.messages == len(work._reader.read(work._feed)) == handled
    expected = count_bytecodes(ProtocolReading(messages[:300], SESSION).read)
    assert Traffic().track_read_message_bytecodes() == round(expected / 300, 3)
    Traffic().time_read_message()
