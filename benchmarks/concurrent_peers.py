"""Concurrent peers: rows C01-C11 of the checklist.

Many real connections, each with its own protocol, neighbour and session, in one process, as ExaBGP runs them. Either a
schedule says which peer is asked for a message next, or ExaBGP's own main loop of each peer runs, and they have their
turns in the way of its reactor: one step of each generator, or tasks on one event loop in the asynchronous era. The
reactor's own loop, with its timers and its API, is not part of it.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.common import Benchmark, Size, bytecodes_by_message, size_of
from benchmarks.exabgp_compat.mainloop import still_clock
from benchmarks.measure import count_bytecodes
from benchmarks.measure.statistics import growth_exponent
from benchmarks.peers import MainLoopReading, ScheduledReading
from benchmarks.schedules import by_priority, one_after_another, round_robin, weighted
from benchmarks.traffic import SESSION
from benchmarks.wire import Message, digest, keepalive, simple_update, ten_route_update

type Streams = list[list[Message]]


def _streams(messages: list[int], mixed: bool = False) -> Streams:
    """So many messages for each peer; no two UPDATEs of one size have a prefix or an attribute set in common.

    Mixed: of five messages one is a KEEPALIVE and one an UPDATE of ten routes.
    """
    streams: Streams = []
    first = 0
    for count in messages:
        indices = range(first, first + count)
        streams.append([_mixed(index) if mixed else simple_update(SESSION, index) for index in indices])
        first += count
    return streams


def _mixed(index: int) -> Message:
    if index % 5 == 4:
        return keepalive()
    return ten_route_update(SESSION, index) if index % 5 == 2 else simple_update(SESSION, index)


class Scenario(NamedTuple):
    """How many messages each peer has, whether of mixed types, and who is asked next."""

    messages: list[int]
    schedule: Callable[[list[int]], list[int]]
    mixed: bool = False


_LEVELS = [peer % 3 for peer in range(15)]
_WEIGHTS = list(range(1, 11))

_SCENARIOS = {
    "10 peers x 100": Scenario([100] * 10, round_robin),
    "100 peers x 10, mixed types": Scenario([10] * 100, round_robin, mixed=True),
    "10 peers, a backlog of 500 each": Scenario([500] * 10, one_after_another),
    "15 peers x 50, 3 priorities": Scenario([50] * 15, functools.partial(by_priority, levels=_LEVELS)),
    "10 peers, weights 1 to 10": Scenario(
        [weight * 15 for weight in _WEIGHTS], functools.partial(weighted, weights=_WEIGHTS)
    ),
    "200 peers, 1 to 9 each": Scenario([1 + peer * 7 % 9 for peer in range(200)], round_robin),
}
_ROWS = ("C01", "C03", "C04", "C06", "C08", "C11")


def _counted(messages: list[int]) -> list[int]:
    """The part that is counted, which takes about ten times longer than running it."""
    return [min(max(count // 10, 1), 20) for count in messages[:20]]


@functools.cache
def _timed_work(scenario: str) -> ScheduledReading:
    messages, schedule, mixed = _SCENARIOS[scenario]
    return ScheduledReading(_streams(messages, mixed), schedule(messages), SESSION)


@functools.cache
def _counted_work(scenario: str) -> ScheduledReading:
    whole, schedule, mixed = _SCENARIOS[scenario]
    messages = _counted(whole)
    return ScheduledReading(_streams(messages, mixed), schedule(messages), SESSION)


class ScheduledPeers(Benchmark):
    """Peers read with ``Protocol.read_message()`` in the order of a schedule.

    Round-robin, each peer's backlog in one go, the peers of the highest of three priorities first, or as many messages
    a turn as the peer's weight (C01, C03, C04, C06, C08, C11). The order is this repository's: ExaBGP knows neither
    priorities nor weights of peers. Counted are a tenth of the messages, of 20
    peers and 20 of each at most.
    """

    rows = {row: (scenario,) for row, scenario in zip(_ROWS, _SCENARIOS, strict=True)}
    params = (list(_SCENARIOS),)
    param_names = ("peers",)
    repeat = (3, 10, 1.5)

    def fixture_digest(self) -> str:
        # The messages differ by their number alone, so the first stand for all: this is run in each process.
        schedules = [schedule(messages) for messages, schedule, _ in _SCENARIOS.values()]
        return digest([*_streams([100])[0], *_streams([100], mixed=True)[0]]) + repr(schedules)

    def size(self, scenario: str) -> Size:
        messages, _, mixed = _SCENARIOS[scenario]
        return size_of(message for stream in _streams(messages, mixed) for message in stream)

    def time_read_message(self, scenario: str) -> None:
        _timed_work(scenario).read()

    def track_read_message_bytecodes(self, scenario: str) -> float:
        messages = sum(_counted(_SCENARIOS[scenario].messages))
        return bytecodes_by_message(_counted_work(scenario).read, messages)

    time_read_message.setup = _timed_work
    track_read_message_bytecodes.setup = _counted_work
    track_read_message_bytecodes.unit = "bytecodes/message"


# Peers, and how many messages each has.
_LOADS = {10: 100, 20: 50, 50: 20, 500: 4, 1000: 2}
_COUNTED_LOADS = {10: 10, 20: 5, 50: 2}


@functools.cache
def _main_loops(peers: int, messages: int) -> MainLoopReading:
    return MainLoopReading(_streams([messages] * peers), SESSION)


def _prove_timed(peers: int) -> None:
    _main_loops(peers, _LOADS[peers])


def _prove_counted(peers: int) -> None:
    _main_loops(peers, _COUNTED_LOADS[peers])


class PeerMainLoops(Benchmark):
    """ExaBGP's own main loop of each of 10 to 1,000 peers, 1,000 to 2,000 UPDATEs in all (C02, C05, C07, C09, C10).

    All that the peers send waits in their sockets when the loops start: the backlog that they share. From there it
    goes through decoding and the session's timers into the peer's Adj-RIB-In. Counted are 100 UPDATEs: 10 peers with
    10 each, 20 with 5, 50 with 2, with the start of each peer's loop.

    Unfairness is 1 divided by Jain's index of how far each peer had come when half of all messages were read: 1 when
    all had come as far, 10 when one of the ten peers had all the attention.
    """

    rows = {"C02": (50,), "C05": (20,), "C07": (10,), "C09": (500,), "C10": (1000,)}
    params = (list(_LOADS),)
    param_names = ("peers",)
    repeat = (3, 10, 1.5)

    def fixture_digest(self) -> str:
        return digest(_streams([100])[0]) + repr((_LOADS, _COUNTED_LOADS))

    def size(self, peers: int) -> Size:
        return Size(peers * _LOADS[peers], peers * _LOADS[peers])

    def time_main_loop(self, peers: int) -> None:
        _main_loops(peers, _LOADS[peers]).run()

    def track_main_loop_bytecodes(self, peers: int) -> float:
        messages = _COUNTED_LOADS[peers]
        with still_clock():
            return bytecodes_by_message(_main_loops(peers, messages).run, peers * messages)

    def track_unfairness(self, peers: int) -> float:
        return round(1 / _main_loops(peers, _COUNTED_LOADS[peers]).fairness(), 3)

    time_main_loop.setup = _prove_timed
    track_main_loop_bytecodes.setup = track_unfairness.setup = _prove_counted
    track_main_loop_bytecodes.unit = "bytecodes/message"
    track_main_loop_bytecodes.params = (list(_COUNTED_LOADS),)
    track_unfairness.unit = "1/Jain's index"
    track_unfairness.params = ([10],)


class PeerGrowth(Benchmark):
    """How the cost of ExaBGP's main loops grows with the number of peers, each with 2 UPDATEs (C02, C09, C10).

    The exponent of bytecodes over 10 and 50 peers: 1 is linear. It sees no time spent in C; the times of
    ``PeerMainLoops`` do, up to 1,000 peers.
    """

    rows = {"C02": (), "C09": (), "C10": ()}
    peers = (10, 50)

    def fixture_digest(self) -> str:
        return digest(_streams([2 * max(self.peers)])[0]) + repr(self.peers)

    def setup(self) -> None:
        self.works = [_main_loops(peers, 2) for peers in self.peers]

    def track_growth_exponent(self) -> float:
        with still_clock():
            costs = [count_bytecodes(work.run).measured for work in self.works]
        return round(growth_exponent(self.peers, costs), 3)

    track_growth_exponent.unit = "exponent"
