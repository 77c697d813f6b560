"""Backlog saturation: rows B01-B16 of the checklist.

Work waits in ExaBGP, up to 15,000 messages, and ExaBGP drains it. Its MAX_BACKLOG of 15,000 is a constant that nothing
has read since 2013; what really queues are UPDATEs at the peer, routes in the Adj-RIB-Out and, since 2025-11-19, lines
for an API process (see `benchmarks.work.backlog`).
"""

from collections.abc import Callable
from typing import NamedTuple

from benchmarks.common import Benchmark, InSizes, Size, bytecodes, bytecodes_per_message, on, size_of
from benchmarks.measure import kept_bytes
from benchmarks.wire import LARGE, Message, large_updates, mixed
from benchmarks.work.backlog import Backlog, Kind, Received, backlog, unproven
from benchmarks.work.outgoing_courses import Burst, Course, Cycling, Growth, Lines, Oscillation, Recovery, TwoTasks
from benchmarks.work.traffic import SESSION, traffic

MAX_BACKLOG = 15000


class SaturationBenchmark(Benchmark):
    """Base of the benchmarks with thousands of messages in a call: few samples are enough, none is for warming up.

    (The proof in the setup has done the work once.)
    """

    warmup_time = 0
    min_run_count = 1
    repeat = (1, 4, 0.5)


def _backlog(messages: int, kind: Kind) -> Backlog:
    return backlog(kind, messages)


class BacklogSize(SaturationBenchmark):
    """Messages wait and are drained: 10, 33, 67 and 100 % of 15,000, and 1,000 (B01-B04, B13).

    Received: one-route UPDATEs wait at the peer; ExaBGP's main loop of the peer reads and decodes them and keeps their
    routes in an empty Adj-RIB-In. Pending: routes, each with attributes of its own, wait in the Adj-RIB-Out; ExaBGP
    packs them into UPDATEs. A cost in proportion to the size is what one hopes for.
    """

    rows = {"B01": (1000,), "B02": (5000,), "B03": (10000,), "B04": (MAX_BACKLOG,), "B13": (MAX_BACKLOG, "pending")}
    long = ((1500,), (5000,), (10000,), (MAX_BACKLOG,))
    params = ([1000, 1500, 5000, 10000, MAX_BACKLOG], ["received", "pending"])
    param_names = ("messages", "kind")

    def size(self, messages: int, kind: Kind) -> Size:
        return Size(messages, messages)

    @on(_backlog)
    def time_drain(self, work: Backlog) -> None:
        work.drain()


def _cost(work: Backlog) -> int:
    return bytecodes(work.drain_counted, work)


def _kept(work: Backlog) -> int:
    work.empty()
    return kept_bytes(work.fill, release=work.empty)


def _counted(kind: Kind) -> Backlog:
    return backlog(kind, max(BacklogCost.counted))


def _growing(kind: Kind) -> InSizes:
    return InSizes([backlog(kind, messages) for messages in BacklogCost.counted])


def _kept_backlog(kind: Kind) -> Backlog:
    return backlog(kind, max(BacklogCost.kept))


def _kept_growing(kind: Kind) -> InSizes:
    return InSizes([backlog(kind, messages) for messages in BacklogCost.kept])


class Peak(NamedTuple):
    """A backlog that is made where its memory is measured; a small one of its kind has been proven."""

    kind: Kind
    messages: int = MAX_BACKLOG

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def drain(self) -> None:
        """Make the backlog and drain it. Not the proof of it, which takes more memory than ExaBGP does."""
        work = unproven(self.kind, self.messages)
        work.prepare()
        work.drain()


def _peak(kind: Kind) -> Peak:
    _counted(kind)
    return Peak(kind)


class BacklogCost(Benchmark):
    """What a message that waits costs, by kind of backlog, and how that grows with it (B01-B04, B08, B10, B13).

    The counts are per message in a backlog of 400, the kept bytes in one of 500: bytes that ExaBGP holds for each
    received route in its Adj-RIB-In, each pending route in its Adj-RIB-Out and each line in its queue. Growth is the
    exponent of the cost over 50 and 400 messages and of the bytes over 125 and 500: 1 is in proportion, and then the
    count of a message in a backlog of any size is that of 400.
    The peak of memory is that of the whole process, with a backlog of 15,000.
    """

    rows = dict.fromkeys(("B01", "B02", "B03", "B04", "B08", "B10"), ()) | {"B13": ("pending",)}
    params = (["received", "pending", "written"],)
    param_names = ("kind",)
    counted = (50, 400)
    kept = (125, 500)

    def size(self, kind: Kind) -> Size:
        return Size(max(self.counted), max(self.counted))

    @on(_counted, unit="bytecodes/message")
    def track_drain_bytecodes(self, work: Backlog) -> float:
        return bytecodes_per_message(work.drain_counted, work)

    @on(_growing, unit="exponent")
    def track_drain_growth(self, work: InSizes) -> float:
        return work.exponent(_cost, 4)

    @on(_kept_backlog, unit="kept bytes/message")
    def track_kept_bytes(self, work: Backlog) -> float:
        return round(_kept(work) / work.messages, 1)

    @on(_kept_growing, unit="exponent")
    def track_kept_growth(self, work: InSizes) -> float:
        return work.exponent(_kept, 4)

    @on(_peak)
    def peakmem_drain(self, work: Peak) -> None:
        work.drain()


# Six UPDATEs of one route, two of ten, one of a hundred, and a KEEPALIVE.
_SIZES = (1, 1, 1, 1, 1, 1, 10, 10, LARGE, 0)


def _mixed(messages: int) -> list[Message]:
    # Each size has prefixes of its own.
    return mixed(SESSION, messages, _SIZES, first_large=20000)


class Stream(NamedTuple):
    """What is received: the batch of a number of messages, how often it comes, and the part of it that is counted."""

    build: Callable[[int], list[Message]]
    distinct: int
    times: int
    counted: int

    def work(self) -> Received:
        """All of it, proven."""
        return Received(self.build(self.distinct), self.times).prove()

    def part(self) -> Received:
        """What is counted, which comes once, proven."""
        return Received(self.build(self.counted)).prove()


_RECEIVED = {
    # Ten in a row share their attributes, as where a peer has a thousand routes alike.
    "5000 UPDATEs of 100 routes": Stream(lambda messages: large_updates(SESSION, messages, 10), 50, 100, 20),
    "5000 messages of mixed sizes": Stream(_mixed, 500, 10, 20),
    "20000 UPDATEs of traffic": Stream(traffic, 2000, 10, 80),
}


def _stream(scenario: str) -> Received:
    return _RECEIVED[scenario].work()


def _part_of_stream(scenario: str) -> Received:
    return _RECEIVED[scenario].part()


class ReceivedBacklog(SaturationBenchmark):
    """What the peer has to send waits, and ExaBGP's main loop reads, decodes and keeps it (B07, B09, B12).

    Large messages with a hundred routes; messages of mixed sizes; a steady stream of traffic. Up to 50, 500 and 2,000
    messages are all different, and come again and again. The count is per message on 20 large ones, which come once, on
    20 of mixed sizes and on 80 of traffic.
    """

    rows = {row: (scenario,) for row, scenario in zip(("B07", "B09", "B12"), _RECEIVED, strict=True)}
    long = ((),)
    params = (list(_RECEIVED),)
    param_names = ("scenario",)
    traffic = 2000

    def size(self, scenario: str) -> Size:
        stream = _RECEIVED[scenario]
        once = size_of(stream.build(stream.distinct))
        return Size(once.messages * stream.times, once.routes * stream.times)

    @on(_stream)
    def time_drain(self, work: Received) -> None:
        work.drain()

    @on(_part_of_stream, unit="bytecodes/message")
    def track_drain_bytecodes(self, work: Received) -> float:
        return bytecodes_per_message(work.drain_counted, work)


class CourseOf(NamedTuple):
    """How a course of events is made of the most routes that wait in it, and how many messages it is about."""

    build: Callable[[int], Course]
    messages: Callable[[int], int]


# Routes of which a course is compared whole, where it has more than that again and again.
_PROVEN = 1500


def _oscillation(most: int) -> Oscillation:
    shorter = Oscillation(min(most, _PROVEN), 5).prove()
    return shorter if most <= _PROVEN else Oscillation(most, 5)


def _two_tasks(most: int) -> TwoTasks:
    shorter = TwoTasks(min(most, _PROVEN) // 3, 10).prove()
    return shorter if most <= _PROVEN else TwoTasks(most // 3, 10)


_COURSES = {
    "1500 changes among 15000": CourseOf(lambda most: Cycling(most, most // 10), lambda most: most // 10 * 2),
    "burst of 3000 on 7500": CourseOf(lambda most: Burst(most // 2, most // 5), lambda most: most // 2 + most // 5),
    "from 15000 to 1500": CourseOf(lambda most: Recovery(most, most // 10), lambda most: most - most // 10),
    "from 0 to 15000": CourseOf(Growth, lambda most: most),
    "5 oscillations up to 15000": CourseOf(_oscillation, lambda most: 5 * most),
    "50000 added and removed by two tasks": CourseOf(_two_tasks, lambda most: most // 3 * 10),
    "15000 lines for an API process": CourseOf(Lines, lambda most: most),
}


def _course(name: str) -> Course:
    return _COURSES[name].build(MAX_BACKLOG)


def _part_of_course(name: str) -> Course:
    return _COURSES[name].build(MAX_BACKLOG // 200)


class PendingBacklog(SaturationBenchmark):
    """What happens while routes wait in the Adj-RIB-Out (B05, B06, B11, B14-B16), and lines for an API process.

    Routes that wait are withdrawn and announced again; a burst comes in and all is drained; a full backlog is drained
    to a tenth; it grows from nothing; it fills and empties; one task adds while another drains, on one event loop.
    Every route has attributes of its own, so each makes an UPDATE. What is added ExaBGP has just parsed: it has not yet
    worked out how routes and attributes are indexed. The count is per message on a two-hundredth.
    """

    rows = {row: (name,) for row, name in zip(("B05", "B06", "B11", "B14", "B15", "B16"), _COURSES, strict=False)}
    long = (
        ("1500 changes among 15000",),
        ("from 15000 to 1500",),
        ("from 0 to 15000",),
        ("5 oscillations up to 15000",),
        ("50000 added and removed by two tasks",),
    )
    params = (list(_COURSES),)
    param_names = ("course",)

    def size(self, name: str) -> Size:
        messages = _COURSES[name].messages(MAX_BACKLOG)
        return Size(messages, messages)

    @on(_course)
    def time_run(self, work: Course) -> None:
        work.run()

    @on(_part_of_course, unit="bytecodes/message")
    def track_run_bytecodes(self, work: Course) -> float:
        return bytecodes_per_message(work.run, work)
