"""High load throughput: rows T01-T12 of the checklist.

``Protocol.read_message()`` on a real connection with a negotiated session: from the socket to decoded objects. And the
queue in which ExaBGP's API commands wait until the reactor runs them.
"""

from collections.abc import Callable
from typing import NamedTuple

from benchmarks.common import Benchmark, InSizes, Size, bytecodes, bytecodes_per_message, on, size_of
from benchmarks.wire import (
    DAY,
    QUIET_DAY,
    Message,
    large_updates,
    mixed,
    repeated,
    route_refresh,
    sharing_attributes,
    simple_updates,
)
from benchmarks.work.command_queue import CommandQueueing
from benchmarks.work.many_peers import ScheduledReading
from benchmarks.work.reading import BurstReading, ProtocolReading
from benchmarks.work.schedules import interleaved
from benchmarks.work.traffic import SESSION, traffic

type Build = Callable[[int], list[Message]]

# Counting is about ten times slower than running, and a count per message is as exact on a part of many messages.
COUNTED = 100


def _updates(messages: int) -> list[Message]:
    """One-route UPDATEs, each with attributes of its own."""
    return simple_updates(SESSION, messages)


def _day(messages: int, pattern: tuple[int, ...] = DAY) -> list[Message]:
    """What a session carries over a day, a ROUTE-REFRESH at its end; where there are many, again after a thousand.

    No NOTIFICATION: it would end the session.
    """
    return repeated([*mixed(SESSION, min(messages, 1000) - 1, pattern), route_refresh(1, 1)], messages)


def _quiet_day(messages: int) -> list[Message]:
    return _day(messages, QUIET_DAY)


def _light(messages: int) -> list[Message]:
    """One-route UPDATEs that share their attributes, as the many UPDATEs of one large change do."""
    return repeated(sharing_attributes(SESSION, simple_updates(SESSION, min(messages, 1000))), messages)


def _large(messages: int) -> list[Message]:
    """UPDATEs of 100 routes; they repeat after a hundred."""
    return repeated(large_updates(SESSION, min(messages, 100)), messages)


class Reading(NamedTuple):
    """What is read, how many messages are timed and how many counted, and how many the peer sends at once."""

    build: Build
    timed: int
    counted: int = COUNTED
    at_once: int | None = None

    def work(self, messages: int) -> ProtocolReading:
        """Proven work of that many messages."""
        return ProtocolReading(self.build(messages), SESSION, self.at_once)


_READINGS = {
    "1 UPDATE at a time": Reading(_updates, 20, 20, 1),
    "100 UPDATEs": Reading(_updates, 100),
    "1000 mixed messages": Reading(_day, 1000),
    "500 UPDATEs of traffic": Reading(traffic, 500),
    "10000 UPDATEs": Reading(_light, 10000),
    "10000 mixed messages": Reading(_quiet_day, 10000),
    "1000 UPDATEs of 100 routes": Reading(_large, 1000, 10),
}
_STRESS = ("10000 UPDATEs", "10000 mixed messages", "1000 UPDATEs of 100 routes")
_SUSTAINED = tuple(name for name in _READINGS if name not in _STRESS)


def _timed(scenario: str) -> ProtocolReading:
    return _READINGS[scenario].work(_READINGS[scenario].timed)


def _counted(scenario: str) -> ProtocolReading:
    return _READINGS[scenario].work(_READINGS[scenario].counted)


class _ReadingBenchmark(Benchmark):
    """Base of the benchmarks of `_READINGS`: asv looks for none in a class whose name begins with an underscore."""

    param_names = ("messages",)

    def size(self, scenario: str) -> Size:
        reading = _READINGS[scenario]
        return size_of(reading.build(reading.timed))

    @on(_timed)
    def time_read_message(self, work: ProtocolReading) -> None:
        work.read()

    @on(_counted, unit="bytecodes/message")
    def track_read_message_bytecodes(self, work: ProtocolReading) -> float:
        return bytecodes_per_message(work.read, work)


class ProtocolThroughput(_ReadingBenchmark):
    """Messages read with ``Protocol.read_message()``: one, a batch, mixed types, sustained traffic (T01-T04).

    One is measured as twenty, each sent when the one before has been read. Counted are a hundred at most.
    """

    rows = {row: (scenario,) for row, scenario in zip(("T01", "T02", "T03", "T04"), _SUSTAINED, strict=True)}
    params = (list(_SUSTAINED),)
    traffic = 500


class ProtocolStress(_ReadingBenchmark):
    """10,000 UPDATEs with the same attributes, 10,000 messages of mixed types, 1,000 of 100 routes (T10, T11, T12).

    The counts, per message and per route, are of a part, which is all that is proven before.
    """

    rows = {row: (scenario,) for row, scenario in zip(("T10", "T11", "T12"), _STRESS, strict=True)}
    long = ((),)
    params = (list(_STRESS),)
    # A call takes up to three seconds.
    number, repeat, warmup_time = 1, (2, 5, 2.0), 0

    @on(_counted, unit="bytecodes/route", params=(["1000 UPDATEs of 100 routes"],))
    def track_bytecodes_per_route(self, work: ProtocolReading) -> float:
        return round(bytecodes(work.read, work) / work.routes, 3)


def _bursts() -> BurstReading:
    return BurstReading(_updates(Bursts.bursts * Bursts.messages), SESSION, Bursts.messages)


def _one_burst() -> BurstReading:
    return BurstReading(_updates(Bursts.messages), SESSION, Bursts.messages)


class Bursts(Benchmark):
    """Ten bursts of a hundred UPDATEs, each after ExaBGP has found the socket empty and waits for it (T09)."""

    rows = {"T09": ()}
    bursts, messages = 10, 100

    def size(self) -> Size:
        return Size(self.bursts * self.messages, self.bursts * self.messages)

    @on(_bursts)
    def time_read_message(self, work: BurstReading) -> None:
        work.read()

    @on(_one_burst, unit="bytecodes/message")
    def track_read_message_bytecodes(self, work: BurstReading) -> float:
        return bytecodes_per_message(work.read, work)


_STREAMS, _EACH = 5, 200


def _interleaved(each: int) -> ScheduledReading:
    """A stream of UPDATEs for each peer; no two have a prefix or an attribute set in common."""
    updates = _updates(_STREAMS * each)
    return ScheduledReading(
        [updates[peer::_STREAMS] for peer in range(_STREAMS)], interleaved([each] * _STREAMS), SESSION
    )


def _streams() -> ScheduledReading:
    return _interleaved(_EACH)


def _part_of_streams() -> ScheduledReading:
    return _interleaved(COUNTED // _STREAMS)


class InterleavedStreams(Benchmark):
    """The streams of five peers, 200 UPDATEs each, read in the order in which they come in (T08)."""

    rows = {"T08": ()}

    def size(self) -> Size:
        return Size(_STREAMS * _EACH, _STREAMS * _EACH)

    @on(_streams)
    def time_read_message(self, work: ScheduledReading) -> None:
        work.read()

    @on(_part_of_streams, unit="bytecodes/message")
    def track_read_message_bytecodes(self, work: ScheduledReading) -> float:
        return bytecodes_per_message(work.read, work)


class Queue(NamedTuple):
    """Commands, how many of them are counted, and how many are put in the queue before it is run; None: it never is."""

    commands: int
    counted: int
    at_once: int | None


_QUEUES = {
    "1000 in": Queue(1000, 1000, None),
    "1000 in and out, 100 at a time": Queue(1000, 1000, 100),
    "10000 in, then out": Queue(10000, 400, 10000),
}


def _queue(pattern: str) -> CommandQueueing:
    return CommandQueueing(_QUEUES[pattern].commands, _QUEUES[pattern].at_once)


def _part_of_queue(pattern: str) -> CommandQueueing:
    return CommandQueueing(_QUEUES[pattern].counted, _QUEUES[pattern].at_once)


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

    def size(self, pattern: str) -> Size:
        return Size(_QUEUES[pattern].commands, 0)

    @on(_queue)
    def time_queue(self, work: CommandQueueing) -> None:
        work.run()

    @on(_part_of_queue, unit="bytecodes/message")
    def track_queue_bytecodes(self, work: CommandQueueing) -> float:
        return bytecodes_per_message(work.run, work)


def _growing_queues() -> InSizes:
    return InSizes([CommandQueueing(commands, commands) for commands in CommandQueueGrowth.commands])


class CommandQueueGrowth(Benchmark):
    """How the cost of many commands that wait grows with their number (T07).

    The exponent of bytecodes over commands put in and then run: 1 is linear.
    """

    rows = {"T07": ()}
    commands = (100, 400)

    @on(_growing_queues, unit="exponent")
    def track_growth_exponent(self, work: InSizes) -> float:
        return work.exponent(lambda queue: bytecodes(queue.run, queue))
