"""High load throughput: rows T01-T12 of the checklist.

``Protocol.read_message()`` on a real connection with a negotiated session: from the socket to decoded objects. And the
queue in which ExaBGP's API commands wait until the reactor runs them.
"""

import functools
from collections.abc import Callable
from itertools import cycle, islice

from benchmarks.common import Benchmark, Size, bytecodes_by_message, size_of
from benchmarks.measure import count_bytecodes
from benchmarks.measure.statistics import growth_exponent
from benchmarks.peers import ScheduledReading
from benchmarks.queueing import Queueing
from benchmarks.receiving import BurstReceiving, Receiving
from benchmarks.schedules import interleaved
from benchmarks.traffic import SESSION, traffic, traffic_digest
from benchmarks.wire import (
    AttributeCode,
    Message,
    digest,
    keepalive,
    large_update,
    route_refresh,
    simple_update,
    ten_route_update,
    update,
)

Build = Callable[[int], list[Message]]

# Counting is about ten times slower than running, and a count by message is as exact on a part of many messages.
_COUNTED = 100


def _updates(messages: int) -> list[Message]:
    """One-route UPDATEs, each with attributes of its own."""
    return [simple_update(SESSION, index) for index in range(messages)]


def _mixed(messages: int, largest: int = 100) -> list[Message]:
    """What a session carries over a day: mostly UPDATEs of up to three sizes, KEEPALIVEs, now and then a ROUTE-REFRESH.

    Where there are many they repeat after a thousand. No NOTIFICATION: it would end the session.
    """
    pattern = [1, 1, 0, 10, 1, 0, 1, largest, 1, 0]
    build = {1: simple_update, 10: ten_route_update, 100: functools.partial(large_update, routes=100)}
    batch = [
        build[routes](SESSION, index=index) if (routes := pattern[index % 10]) else keepalive()
        for index in range(min(messages, 1000) - 1)
    ]
    return list(islice(cycle([*batch, route_refresh(1, 1)]), messages))


def _light(messages: int) -> list[Message]:
    """One-route UPDATEs that share their attributes, as the many UPDATEs of one large change do."""
    shared = dict(simple_update(SESSION).truth.attributes)
    del shared[AttributeCode.NEXT_HOP]
    batch = [
        update(SESSION, announce=[nlri for nlri, _ in simple_update(SESSION, index).truth.announced], attributes=shared)
        for index in range(min(messages, 1000))
    ]
    return list(islice(cycle(batch), messages))


def _large(messages: int) -> list[Message]:
    """UPDATEs of 100 routes; they repeat after a hundred."""
    batch = [large_update(SESSION, 100, index) for index in range(min(messages, 100))]
    return list(islice(cycle(batch), messages))


# What is read, and how many messages the peer sends at once.
_READINGS: dict[str, tuple[Build, int, int | None]] = {
    "1 UPDATE at a time": (_updates, 20, 1),
    "100 UPDATEs": (_updates, 100, None),
    "1000 mixed messages": (_mixed, 1000, None),
    "500 UPDATEs of traffic": (traffic, 500, None),
}


@functools.cache
def _read(scenario: str, at_most: int) -> Receiving:
    build, messages, at_once = _READINGS[scenario]
    return Receiving(build(min(messages, at_most)), SESSION, at_once)


class ProtocolThroughput(Benchmark):
    """Messages read with ``Protocol.read_message()``: one, a batch, mixed types, sustained traffic (T01-T04).

    One is measured as twenty, each sent when the one before has been read. Counted are a hundred at most.
    """

    rows = {row: (scenario,) for row, scenario in zip(("T01", "T02", "T03", "T04"), _READINGS, strict=True)}
    params = (list(_READINGS),)
    param_names = ("messages",)

    def fixture_digest(self) -> str:
        # The rest differ by their number alone, so the first stand for all: this is run in each process.
        return digest([*_updates(100), *_mixed(100)]) + traffic_digest(500)

    def size(self, scenario: str) -> Size:
        build, messages, _ = _READINGS[scenario]
        return size_of(build(messages))

    def time_read_message(self, scenario: str) -> None:
        _read(scenario, _READINGS[scenario][1]).read()

    def track_read_message_bytecodes(self, scenario: str) -> float:
        messages = min(_READINGS[scenario][1], _COUNTED)
        return bytecodes_by_message(_read(scenario, messages).read, messages)

    time_read_message.setup = lambda scenario: _read(scenario, _READINGS[scenario][1])
    track_read_message_bytecodes.setup = lambda scenario: _read(scenario, min(_READINGS[scenario][1], _COUNTED))
    track_read_message_bytecodes.unit = "bytecodes/message"


@functools.cache
def _read_bursts(bursts: int, messages: int) -> BurstReceiving:
    return BurstReceiving(_updates(bursts * messages), SESSION, messages)


class Bursts(Benchmark):
    """Ten bursts of a hundred UPDATEs, each after ExaBGP has found the socket empty and waits for it (T09)."""

    rows = {"T09": ()}
    bursts, messages = 10, 100

    def fixture_digest(self) -> str:
        return digest(_updates(self.messages)) + repr(self.bursts)

    def size(self) -> Size:
        return Size(self.bursts * self.messages, self.bursts * self.messages)

    def time_read_message(self) -> None:
        _read_bursts(self.bursts, self.messages).read()

    def track_read_message_bytecodes(self) -> float:
        return bytecodes_by_message(_read_bursts(1, self.messages).read, self.messages)

    time_read_message.setup = lambda: _read_bursts(Bursts.bursts, Bursts.messages)
    track_read_message_bytecodes.setup = lambda: _read_bursts(1, Bursts.messages)
    track_read_message_bytecodes.unit = "bytecodes/message"


_STREAMS, _EACH = 5, 200


def _streams(each: int) -> list[list[Message]]:
    """A stream of UPDATEs for each peer; no two have a prefix or an attribute set in common."""
    updates = _updates(_STREAMS * each)
    return [updates[peer::_STREAMS] for peer in range(_STREAMS)]


@functools.cache
def _read_interleaved(each: int) -> ScheduledReading:
    return ScheduledReading(_streams(each), interleaved([each] * _STREAMS), SESSION)


class InterleavedStreams(Benchmark):
    """The streams of five peers, 200 UPDATEs each, read in the order in which they come in (T08)."""

    rows = {"T08": ()}

    def fixture_digest(self) -> str:
        return digest(_updates(100)) + repr(interleaved([_EACH] * _STREAMS))

    def size(self) -> Size:
        return Size(_STREAMS * _EACH, _STREAMS * _EACH)

    def time_read_message(self) -> None:
        _read_interleaved(_EACH).read()

    def track_read_message_bytecodes(self) -> float:
        return bytecodes_by_message(_read_interleaved(_COUNTED // _STREAMS).read, _COUNTED)

    time_read_message.setup = lambda: _read_interleaved(_EACH)
    track_read_message_bytecodes.setup = lambda: _read_interleaved(_COUNTED // _STREAMS)
    track_read_message_bytecodes.unit = "bytecodes/message"


def _mixed_light(messages: int) -> list[Message]:
    return _mixed(messages, 10)


# What is read, how many messages of it are timed, and how many counted.
_STRESS: dict[str, tuple[Build, int, int]] = {
    "10000 UPDATEs": (_light, 10000, _COUNTED),
    "10000 mixed messages": (_mixed_light, 10000, _COUNTED),
    "1000 UPDATEs of 100 routes": (_large, 1000, 10),
}


@functools.cache
def _stress(scenario: str, messages: int) -> Receiving:
    return Receiving(_STRESS[scenario][0](messages), SESSION)


def _prove_timed(scenario: str) -> None:
    _stress(scenario, _STRESS[scenario][1])


def _prove_counted(scenario: str) -> None:
    _stress(scenario, _STRESS[scenario][2])


class ProtocolStress(Benchmark):
    """10,000 UPDATEs with the same attributes, 10,000 messages of mixed types, 1,000 of 100 routes (T10, T11, T12).

    The counts, by message and by route, are of a part, which is all that is proven before.
    """

    rows = {row: (scenario,) for row, scenario in zip(("T10", "T11", "T12"), _STRESS, strict=True)}
    params = (list(_STRESS),)
    param_names = ("messages",)
    # A call takes up to three seconds.
    number, repeat, warmup_time = 1, (2, 5, 2.0), 0

    def fixture_digest(self) -> str:
        return digest([*_light(100), *_mixed_light(100), *_large(10)]) + repr(list(_STRESS))

    def size(self, scenario: str) -> Size:
        build, messages, _ = _STRESS[scenario]
        return size_of(build(messages))

    def time_read_message(self, scenario: str) -> None:
        _stress(scenario, _STRESS[scenario][1]).read()

    def track_read_message_bytecodes(self, scenario: str) -> float:
        messages = _STRESS[scenario][2]
        return bytecodes_by_message(_stress(scenario, messages).read, messages)

    def track_bytecodes_per_route(self, scenario: str) -> float:
        messages = _STRESS[scenario][2]
        return bytecodes_by_message(_stress(scenario, messages).read, 100 * messages)

    time_read_message.setup = _prove_timed
    track_read_message_bytecodes.setup = track_bytecodes_per_route.setup = _prove_counted
    track_read_message_bytecodes.unit = "bytecodes/message"
    track_bytecodes_per_route.unit = "bytecodes/route"
    track_bytecodes_per_route.params = (["1000 UPDATEs of 100 routes"],)


# Commands, and how many are put in the queue before it is worked off; None: never.
_QUEUES: dict[str, tuple[int, int | None]] = {
    "1000 in": (1000, None),
    "1000 in and out, 100 at a time": (1000, 100),
    "10000 in, then out": (10000, 10000),
}
_COUNTED_QUEUES = _QUEUES | {"10000 in, then out": (400, 400)}


@functools.cache
def _queue(commands: int, at_once: int | None) -> Queueing:
    return Queueing(commands, at_once)


class CommandQueue(Benchmark):
    """ExaBGP's queue of API commands: put in, put in and run, many put in and then run (T05, T06, T07).

    The commands do nothing, so that the queue is what is measured; the reactor's own function runs them. How long a
    deque takes for the same is measured by ``ControlDeque``. Of 10,000 commands 400 are counted: in 5.0 a command costs
    the more the more of them wait, which ``CommandQueueGrowth`` shows.
    """

    rows = {row: (pattern,) for row, pattern in zip(("T05", "T06", "T07"), _QUEUES, strict=True)}
    params = (list(_QUEUES),)
    param_names = ("commands",)
    # A call takes from one millisecond to more than a second.
    repeat = (3, 10, 1.0)

    def fixture_digest(self) -> str:
        return repr((_QUEUES, _COUNTED_QUEUES))

    def size(self, pattern: str) -> Size:
        return Size(_QUEUES[pattern][0], 0)

    def time_queue(self, pattern: str) -> None:
        _queue(*_QUEUES[pattern]).run()

    def track_queue_bytecodes(self, pattern: str) -> float:
        commands, at_once = _COUNTED_QUEUES[pattern]
        return bytecodes_by_message(_queue(commands, at_once).run, commands)

    time_queue.setup = lambda pattern: _queue(*_QUEUES[pattern])
    track_queue_bytecodes.setup = lambda pattern: _queue(*_COUNTED_QUEUES[pattern])
    track_queue_bytecodes.unit = "bytecodes/message"


class CommandQueueGrowth(Benchmark):
    """How the cost of many commands that wait grows with their number (T07).

    The exponent of bytecodes over commands put in and then run: 1 is linear.
    """

    rows = {"T07": ()}
    commands = (100, 400)

    def fixture_digest(self) -> str:
        return repr(self.commands)

    def setup(self) -> None:
        self.works = [_queue(commands, commands) for commands in self.commands]

    def track_growth_exponent(self) -> float:
        costs = [count_bytecodes(work.run).measured for work in self.works]
        return round(growth_exponent(self.commands, costs), 3)

    track_growth_exponent.unit = "exponent"
