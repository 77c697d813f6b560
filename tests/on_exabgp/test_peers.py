"""Concurrent peers on the ExaBGP that this process imports: who read what, in which order, how fairly, how many."""

import resource
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

import benchmarks.peers as module
from benchmarks.exabgp_compat.mainloop import MainLoops, still_clock
from benchmarks.exabgp_compat.peers import BACKLOG_OCTETS, PeerReaders
from benchmarks.exabgp_compat.session import speakers
from benchmarks.limits import require_memory, require_open_files
from benchmarks.measure import count_bytecodes
from benchmarks.measure.statistics import growth_exponent, jain_index
from benchmarks.peers import MainLoopReading, ScheduledReading, prove_peers
from benchmarks.proof import WrongResultError
from benchmarks.schedules import by_priority, interleaved, one_after_another, round_robin, weighted
from benchmarks.wire import Message, Session, keepalive, notification, simple_update

SESSION = Session()
WORKS = [
    lambda streams: ScheduledReading(streams, round_robin([len(stream) for stream in streams]), SESSION),
    lambda streams: MainLoopReading(streams, SESSION),
]


def streams_of(*messages: int) -> list[list[Message]]:
    """So many UPDATEs for each peer, all different."""
    first = 0
    streams = []
    for count in messages:
        streams.append([simple_update(SESSION, index) for index in range(first, first + count)])
        first += count
    return streams


def wire(stream: list[Message]) -> bytes:
    return b"".join(message.wire for message in stream)


# The figures.


def test_jain_index() -> None:
    assert jain_index([7, 7, 7]) == 1
    assert jain_index([5, 0, 0, 0]) == 0.25
    assert jain_index([1, 2, 3]) == pytest.approx(36 / 42)
    with pytest.raises(ValueError, match="nobody"):
        jain_index([0, 0])


def test_growth_exponent() -> None:
    assert growth_exponent([10, 100], [3, 30]) == pytest.approx(1)
    assert growth_exponent([1, 2, 4, 8], [5, 20, 80, 320]) == pytest.approx(2)
    assert growth_exponent([10, 1000], [6, 6]) == pytest.approx(0)
    # Least squares by hand: logs to base 10 are (0, 1, 2) and (0, 1, 1), so the slope is 1/2.
    assert growth_exponent([1, 10, 100], [1, 10, 10]) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="two different sizes"):
        growth_exponent([5, 5], [1, 2])


# The schedules.


def test_schedules() -> None:
    assert one_after_another([2, 1]) == [0, 0, 1]
    assert round_robin([2, 1, 3]) == [0, 1, 2, 0, 2, 2]
    assert weighted([2, 4], [1, 2]) == [0, 1, 1, 0, 1, 1]
    assert weighted([3, 1], [2, 2]) == [0, 0, 1, 0]
    assert by_priority([2, 1, 1, 2], [1, 0, 1, 0]) == [1, 3, 3, 0, 2, 0]
    assert Counter(interleaved([3, 4])) == {0: 3, 1: 4}
    assert interleaved([3, 4]) == interleaved([3, 4]) != one_after_another([3, 4])


# Reading in the order of a schedule.


def test_each_peer_reads_its_own_messages_in_order() -> None:
    streams = [*streams_of(3, 1, 5), [keepalive(), simple_update(SESSION, 100), keepalive()]]
    all_speakers = speakers(SESSION, 4)
    schedule = interleaved([len(stream) for stream in streams])
    readers = PeerReaders(all_speakers, [wire(stream) for stream in streams], schedule)
    prove_peers(zip(schedule, readers.read(), strict=True), streams, all_speakers)
    prove_peers(zip(schedule, readers.read(), strict=True), streams, all_speakers)
    readers.close()


def test_schedule_that_leaves_messages_unread_is_refused() -> None:
    with pytest.raises(ValueError, match="schedule"):
        ScheduledReading(streams_of(2, 2), [0, 1, 0], SESSION)


def test_more_than_a_socket_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="peer 1 would send"):
        PeerReaders(speakers(SESSION, 2), [b"", bytes(BACKLOG_OCTETS + 1)], [])


# ExaBGP's own main loop.


def test_main_loops_fill_each_peers_adj_rib_in() -> None:
    streams = streams_of(4, 4, 1)
    loops = MainLoops(speakers(SESSION, 3), [wire(stream) + notification(6, 2).wire for stream in streams])
    for _ in range(2):
        loops.run()
        assert loops.prefixes() == [
            sorted(nlri.prefix for message in stream for nlri, _ in message.truth.announced) for stream in streams
        ]
    loops.close()


def test_main_loops_can_be_run_often() -> None:
    """What ExaBGP sends, End-of-RIB markers, must not fill the sockets."""
    (stream,) = streams_of(1)
    loops = MainLoops(speakers(SESSION, 1), [wire(stream) + notification(6, 2).wire])
    for _ in range(1000):
        loops.run()
    loops.close()


def test_recording_ends_with_the_run() -> None:
    streams = streams_of(2, 2)
    all_speakers = speakers(SESSION, 2)
    loops = MainLoops(all_speakers, [wire(stream) + notification(6, 2).wire for stream in streams])
    prove_peers(loops.recorded_run(), streams, all_speakers)
    assert all("read_message" not in vars(protocol) for protocol in loops._protocols)
    loops.close()


def test_main_loop_that_ends_otherwise_is_refused() -> None:
    """A message with another marker: ExaBGP answers it with a NOTIFICATION of its own, and that is no orderly end."""
    loops = MainLoops(speakers(SESSION, 1), [bytes(19)])
    with pytest.raises(RuntimeError, match="without a NOTIFICATION"):
        loops.run()
    loops.close()


def test_main_loops_share_fairly_what_one_loop_would_not() -> None:
    work = MainLoopReading(streams_of(8, 8, 8, 8), SESSION)
    # Not exactly 1: once a second ExaBGP's timers write to the log, and the peer that does so reads one message less.
    assert work.fairness() > 0.75
    work._order = one_after_another([8, 8, 8, 8])
    assert work.fairness() == 0.5


def test_count_of_main_loops_repeats_while_the_clock_is_still() -> None:
    # Of other AS numbers than the other tests: ExaBGP keeps a RIB by the neighbour's name as long as the process lives.
    session = Session(local_as=65100)
    work = MainLoopReading(streams_of(5, 5), session)
    with still_clock():
        assert len({count_bytecodes(work.run).measured for _ in range(3)}) == 1


# What is wrong is refused.


def swapped(streams: list[list[Message]]) -> list[list[Message]]:
    """Two messages of one peer in the other order."""
    return [streams[0], [streams[1][1], streams[1][0], *streams[1][2:]]]


def lost(streams: list[list[Message]]) -> list[list[Message]]:
    """A message of one peer replaced by one without routes, so that reading does not wait for ever."""
    return [streams[0], [*streams[1][:-1], keepalive()]]


def another_peers(streams: list[list[Message]]) -> list[list[Message]]:
    """A message of one peer sent by the other."""
    return [streams[0], [*streams[1][:-1], streams[0][-1]]]


@pytest.mark.parametrize("spoil", [swapped, lost, another_peers])
@pytest.mark.parametrize("work", WORKS, ids=["schedule", "main loops"])
def test_wrong_messages_are_refused(
    work: Callable[[Any], object],
    spoil: Callable[[list[list[Message]]], list[list[Message]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    streams = streams_of(3, 3)
    sent = iter(spoil(streams))
    monkeypatch.setattr(module, "_wire", lambda _: wire(next(sent)))
    with pytest.raises(WrongResultError, match="peer 1: message"):
        work(streams)


def test_lost_route_of_the_adj_rib_in_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    prefixes = MainLoops.prefixes
    monkeypatch.setattr(MainLoops, "prefixes", lambda self: [found[1:] for found in prefixes(self)])
    with pytest.raises(WrongResultError, match="peer 0: 2 routes in the Adj-RIB-In"):
        MainLoopReading(streams_of(3, 3), SESSION)


# What the system must allow.


def test_too_low_a_limit_of_open_files_is_not_applicable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 64))
    with pytest.raises(NotImplementedError, match=r"open files are needed, and the system allows 64"):
        require_open_files(1000)
    with pytest.raises(NotImplementedError, match="open files are needed"):
        ScheduledReading(streams_of(*[1] * 100), list(range(100)), SESSION)


def test_soft_limit_of_open_files_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    raised = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 100_000))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: raised.append(limits))
    require_open_files(1000)
    ((soft, hard),) = raised
    assert (soft > 1000, hard) == (True, 100_000)


def test_too_little_memory_is_not_applicable() -> None:
    require_memory(1)
    with pytest.raises(NotImplementedError, match="MB of memory are needed"):
        require_memory(1 << 40)
