"""Concurrent peers on the ExaBGP that this process imports: who read what, in which order, how fairly, how many."""

import asyncio
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

import benchmarks.work.many_peers as module
from benchmarks.exabgp_compat.main_loop import MainLoops
from benchmarks.exabgp_compat.peers import BACKLOG_OCTETS, PeerReaders
from benchmarks.exabgp_compat.session import speakers
from benchmarks.measure import count_bytecodes
from benchmarks.wire import Message, Session, keepalive, notification, simple_update, simple_updates
from benchmarks.work.many_peers import MainLoopReading, ScheduledReading, prove_peers
from benchmarks.work.proof import WrongResultError
from benchmarks.work.schedules import interleaved, one_after_another, round_robin

SESSION = Session()
WORKS = [
    lambda streams: ScheduledReading(streams, round_robin([len(stream) for stream in streams]), SESSION),
    lambda streams: MainLoopReading(streams, SESSION).prove(),
]


def streams_of(*messages: int) -> list[list[Message]]:
    """UPDATEs for each peer, all different."""
    first = 0
    streams = []
    for count in messages:
        streams.append(simple_updates(SESSION, count, first))
        first += count
    return streams


def wire(stream: list[Message]) -> bytes:
    return b"".join(message.wire for message in stream)


def until_the_end(stream: list[Message]) -> list[bytes]:
    """A stream for a main loop, in one chunk: a NOTIFICATION is its end."""
    return [wire([*stream, notification(6, 2)])]


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
    loops = MainLoops(speakers(SESSION, 3), list(map(until_the_end, streams)))
    for _ in range(2):
        loops.run()
        assert loops.prefixes() == [
            sorted(nlri.prefix for message in stream for nlri, _ in message.truth.announced) for stream in streams
        ]
    loops.close()


def test_nothing_is_left_of_main_loops_that_have_ended() -> None:
    """What is left is allocated, and how much it is depends on the clock and on where in memory it lies."""
    (stream,) = streams_of(1)
    loops = MainLoops(speakers(SESSION, 1), [until_the_end(stream)])
    if not loops._loop:
        pytest.skip("no asyncio runs the main loops of this ExaBGP")
    others = [type("Weak", (), {})() for _ in range(1000)]
    list(map(asyncio.tasks._scheduled_tasks.add, others))
    others.clear()
    loops.run()
    loops.forget_what_has_ended()
    assert sys.getsizeof(asyncio.tasks._scheduled_tasks.data) == sys.getsizeof(set())
    assert not loops._loop._scheduled
    loops.close()


def test_main_loops_can_be_run_often() -> None:
    """What ExaBGP sends, End-of-RIB markers, must not fill the sockets."""
    (stream,) = streams_of(1)
    loops = MainLoops(speakers(SESSION, 1), [until_the_end(stream)])
    for _ in range(1000):
        loops.run()
    loops.close()


def test_recording_ends_with_the_run() -> None:
    streams = streams_of(2, 2)
    all_speakers = speakers(SESSION, 2)
    loops = MainLoops(all_speakers, list(map(until_the_end, streams)))
    prove_peers(loops.recorded_run(), streams, all_speakers)
    assert all("read_message" not in vars(protocol) for protocol in loops._protocols)
    loops.close()


def test_main_loop_that_ends_otherwise_is_refused() -> None:
    """A message with another marker: ExaBGP answers it with a NOTIFICATION of its own, and that is no orderly end."""
    loops = MainLoops(speakers(SESSION, 1), [[bytes(19)]])
    with pytest.raises(RuntimeError, match="without a NOTIFICATION"):
        loops.run()
    loops.close()


def test_main_loops_share_fairly_what_one_loop_would_not() -> None:
    work = MainLoopReading(streams_of(8, 8, 8, 8), SESSION).prove()
    assert work.fairness() == 1
    work._order = one_after_another([8, 8, 8, 8])
    assert work.fairness() == 0.5


class Clock:
    """In the place of the module `time` in ExaBGP's timers: each reading is a fixed number of seconds later."""

    step = 0

    def __init__(self) -> None:
        self._now = time.time()

    def time(self) -> float:
        self._now += self.step
        return self._now


def test_clock_is_held_for_a_counted_run_and_for_that_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """ExaBGP's timers write a line to the log once a second."""
    (one,) = speakers(SESSION, 1)
    from exabgp.bgp import timer

    clock = Clock()
    monkeypatch.setattr(timer, "time", clock)
    loops = MainLoops([one], list(map(until_the_end, streams_of(5))))

    def counts(run: Callable[[], None]) -> set[int]:
        found = set()
        for clock.step in (0, 1):
            found.add(count_bytecodes(run, loops.clear))
        return found

    assert len(counts(loops.run)) == 2
    assert len(counts(loops.run_while_the_clock_is_held)) == 1
    assert timer.time is clock
    loops.close()


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
        MainLoopReading(streams_of(3, 3), SESSION).prove()
