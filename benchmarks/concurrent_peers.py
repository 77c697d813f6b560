"""Concurrent peers: rows C01-C11 of the checklist.

Many real connections, each with its own protocol, neighbour and session, in one process, as ExaBGP runs them. Either a
schedule says which peer is asked for a message next, or ExaBGP's own main loop of each peer runs, and they have their
turns in the way of its reactor: one step of each generator, or tasks on one event loop in the asynchronous era. The
reactor's own loop, with its timers and its API, is not part of it.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.common import Benchmark, InSizes, Size, bytecodes, bytecodes_per_message, on, size_of
from benchmarks.wire import Message, mixed
from benchmarks.work.many_peers import MainLoopReading, ScheduledReading
from benchmarks.work.schedules import by_priority, one_after_another, round_robin, weighted
from benchmarks.work.traffic import SESSION

type Streams = list[list[Message]]

_ONE_ROUTE = (1,)
# Of five messages one is a KEEPALIVE and one an UPDATE of ten routes.
_MIXED = (1, 1, 10, 1, 0)


def _streams(messages: list[int], pattern: tuple[int, ...] = _ONE_ROUTE) -> Streams:
    """The messages of each peer; no two UPDATEs of one size have a prefix or an attribute set in common."""
    streams: Streams = []
    first = 0
    for count in messages:
        streams.append(mixed(SESSION, count, pattern, first))
        first += count
    return streams


class Scenario(NamedTuple):
    """How many messages each peer has, who is asked next, and of which sizes the messages are."""

    messages: list[int]
    schedule: Callable[[list[int]], list[int]]
    pattern: tuple[int, ...] = _ONE_ROUTE

    def work(self) -> ScheduledReading:
        """All messages of all peers, proven."""
        return self._work(self.messages)

    def part(self) -> ScheduledReading:
        """A tenth of the messages, of 20 peers and 20 of each at most: counting takes about ten times longer."""
        return self._work([min(max(count // 10, 1), 20) for count in self.messages[:20]])

    def _work(self, messages: list[int]) -> ScheduledReading:
        return ScheduledReading(_streams(messages, self.pattern), self.schedule(messages), SESSION)


_LEVELS = [peer % 3 for peer in range(15)]
_WEIGHTS = list(range(1, 11))

_SCENARIOS = {
    "10 peers x 100": Scenario([100] * 10, round_robin),
    "100 peers x 10, mixed types": Scenario([10] * 100, round_robin, _MIXED),
    "10 peers, a backlog of 500 each": Scenario([500] * 10, one_after_another),
    "15 peers x 50, 3 priorities": Scenario([50] * 15, functools.partial(by_priority, levels=_LEVELS)),
    "10 peers, weights 1 to 10": Scenario(
        [weight * 15 for weight in _WEIGHTS], functools.partial(weighted, weights=_WEIGHTS)
    ),
    "200 peers, 1 to 9 each": Scenario([1 + peer * 7 % 9 for peer in range(200)], round_robin),
}
_ROWS = ("C01", "C03", "C04", "C06", "C08", "C11")


def _scheduled(scenario: str) -> ScheduledReading:
    return _SCENARIOS[scenario].work()


def _part_of_scheduled(scenario: str) -> ScheduledReading:
    return _SCENARIOS[scenario].part()


class ScheduledPeers(Benchmark):
    """Peers read with ``Protocol.read_message()`` in the order of a schedule.

    Round-robin, each peer's backlog in one go, the peers of the highest of three priorities first, or as many messages
    a turn as the peer's weight (C01, C03, C04, C06, C08, C11). The order is this repository's: ExaBGP knows neither
    priorities nor weights of peers. Counted are a tenth of the messages, of 20 peers and 20 of each at most.
    """

    rows = {row: (scenario,) for row, scenario in zip(_ROWS, _SCENARIOS, strict=True)}
    long = (("10 peers, a backlog of 500 each",),)
    params = (list(_SCENARIOS),)
    param_names = ("peers",)
    repeat = (3, 10, 1.5)

    def size(self, scenario: str) -> Size:
        of = _SCENARIOS[scenario]
        return size_of(message for stream in _streams(of.messages, of.pattern) for message in stream)

    @on(_scheduled)
    def time_read_message(self, work: ScheduledReading) -> None:
        work.read()

    @on(_part_of_scheduled, unit="bytecodes/message")
    def track_read_message_bytecodes(self, work: ScheduledReading) -> float:
        return bytecodes_per_message(work.read, work)


# Peers, and how many messages each has: those that are timed, and those that are counted.
_LOADS = {10: 100, 20: 50, 50: 20, 500: 4, 1000: 2}
_COUNTED_LOADS = {10: 10, 20: 5, 50: 2}


def _main_loops(peers: int, messages: int) -> MainLoopReading:
    return MainLoopReading(_streams([messages] * peers), SESSION).prove()


def _loops(peers: int) -> MainLoopReading:
    return _main_loops(peers, _LOADS[peers])


def _part_of_loops(peers: int) -> MainLoopReading:
    return _main_loops(peers, _COUNTED_LOADS[peers])


class PeerMainLoops(Benchmark):
    """ExaBGP's own main loop of each of 10 to 1,000 peers, 1,000 to 2,000 UPDATEs in all (C02, C05, C07, C09, C10).

    All that the peers send waits in their sockets when the loops start: the backlog that they share. From there it
    goes through decoding and the session's timers into the peer's Adj-RIB-In. Counted are 100 UPDATEs: 10 peers with
    10 each, 20 with 5, 50 with 2, with the start of each peer's loop.

    Unfairness is 1 divided by Jain's index of how far each peer had come when half of all messages were read: 1 when
    all had come as far, 10 when one of the ten peers had all the attention.
    """

    rows = {"C02": (50,), "C05": (20,), "C07": (10,), "C09": (500,), "C10": (1000,)}
    long = ((500,), (1000,))
    params = (list(_LOADS),)
    param_names = ("peers",)
    repeat = (3, 10, 1.5)

    def size(self, peers: int) -> Size:
        return Size(peers * _LOADS[peers], peers * _LOADS[peers])

    @on(_loops)
    def time_main_loop(self, work: MainLoopReading) -> None:
        work.run()

    @on(_part_of_loops, unit="bytecodes/message", params=(list(_COUNTED_LOADS),))
    def track_main_loop_bytecodes(self, work: MainLoopReading) -> float:
        return bytecodes_per_message(work.run_counted, work)

    @on(_part_of_loops, unit="1/Jain's index", params=([10],))
    def track_unfairness(self, work: MainLoopReading) -> float:
        return round(1 / work.fairness(), 3)


def _growing_loops() -> InSizes:
    return InSizes([_main_loops(peers, 2) for peers in PeerGrowth.peers])


class PeerGrowth(Benchmark):
    """How the cost of ExaBGP's main loops grows with the number of peers, each with 2 UPDATEs (C02, C09, C10).

    The exponent of bytecodes over 10 and 50 peers: 1 is linear. It sees no time spent in C; the times of
    ``PeerMainLoops`` do, up to 1,000 peers.
    """

    rows = {"C02": (), "C09": (), "C10": ()}
    peers = (10, 50)

    @on(_growing_loops, unit="exponent")
    def track_growth_exponent(self, work: InSizes) -> float:
        return work.exponent(lambda loops: bytecodes(loops.run_counted, loops))
