"""Backlog saturation: rows B01-B16 of the checklist.

Work waits in ExaBGP, up to 15,000 messages, and ExaBGP works it off. Its MAX_BACKLOG of 15,000 is a constant that
nothing has read since 2013; what really queues are UPDATEs at the peer, routes in the Adj-RIB-Out and, since
2025-11-19, lines for an API process (see `benchmarks.backlog`).
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.backlog import SHOWN, Backlog, Kind, Received, backlog, simple_updates, unproven
from benchmarks.common import Benchmark, Size, bytecodes_by_message, size_of
from benchmarks.measure import count_bytecodes, kept_bytes
from benchmarks.measure.statistics import growth_exponent
from benchmarks.saturation import Burst, Course, Cycling, Growth, Lines, Oscillation, Recovery, TwoTasks
from benchmarks.traffic import SESSION, traffic, traffic_digest
from benchmarks.wire import (
    AttributeCode,
    Message,
    UpdateTruth,
    digest,
    keepalive,
    large_update,
    simple_update,
    ten_route_update,
    update,
)

MAX_BACKLOG = 15000

_backlog = functools.cache(backlog)


class SaturationBenchmark(Benchmark):
    """Base of the benchmarks with thousands of messages in a call: few samples are enough, none is for warming up.

    (The proof in the setup has done the work once.)
    """

    warmup_time = 0
    min_run_count = 1
    repeat = (1, 4, 0.5)


class BacklogSize(SaturationBenchmark):
    """So many messages wait and are worked off: 10, 33, 67 and 100 % of 15,000, and 1,000 (B01-B04, B13).

    Received: one-route UPDATEs wait at the peer; ExaBGP reads and decodes them and keeps their routes in an empty
    Adj-RIB-In. Pending: routes, each with attributes of its own, wait in the Adj-RIB-Out; ExaBGP packs them into
    UPDATEs. A cost in proportion to the size is what one hopes for.
    """

    rows = {"B01": (1000,), "B02": (5000,), "B03": (10000,), "B04": (MAX_BACKLOG,), "B13": (MAX_BACKLOG, "pending")}
    params = ([1000, 1500, 5000, 10000, MAX_BACKLOG], ["received", "pending"])
    param_names = ("messages", "kind")

    def fixture_digest(self) -> str:
        return digest(simple_updates(SHOWN))

    def size(self, messages: int, kind: Kind) -> Size:
        return Size(messages, messages)

    def setup(self, messages: int, kind: Kind) -> None:
        self.work = _backlog(kind, messages)

    def time_drain(self, messages: int, kind: Kind) -> None:
        self.work.drain()


class BacklogCost(Benchmark):
    """What a message that waits costs, by kind of backlog, and how that grows with it (B01-B04, B08, B10, B13).

    The counts are by message in a backlog of 400, the kept bytes in one of 500: bytes that ExaBGP holds for each
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

    def fixture_digest(self) -> str:
        return digest(simple_updates(SHOWN))

    def size(self, kind: Kind) -> Size:
        return Size(max(self.counted), max(self.counted))

    def setup(self, kind: Kind) -> None:
        self.work = _backlog(kind, max(self.counted))

    def track_drain_bytecodes(self, kind: Kind) -> float:
        return self.bytecodes_per_message(lambda _: self.work.drain(), kind)

    def track_drain_growth(self, kind: Kind) -> float:
        return self._growth(kind, self.counted, lambda work: count_bytecodes(work.drain).measured)

    def track_kept_bytes(self, kind: Kind) -> float:
        return round(_kept(_backlog(kind, max(self.kept))) / max(self.kept), 1)

    def track_kept_growth(self, kind: Kind) -> float:
        return self._growth(kind, self.kept, _kept)

    def peakmem_drain(self, kind: Kind) -> None:
        # Not the proof, which takes more memory than ExaBGP does. The setup has proven a smaller one.
        unproven(kind, MAX_BACKLOG).drain()

    @staticmethod
    def _growth(kind: Kind, sizes: tuple[int, ...], cost: Callable[[Backlog], float]) -> float:
        return round(growth_exponent(sizes, [cost(backlog(kind, size)) for size in sizes]), 4)

    track_drain_bytecodes.unit = "bytecodes/message"
    track_drain_growth.unit = "exponent"
    track_kept_bytes.unit = "bytes/message"
    track_kept_growth.unit = "exponent"


def _kept(work: Backlog) -> int:
    work.empty()
    return kept_bytes(work.fill, release=work.empty)


def _large(messages: int) -> list[Message]:
    """UPDATEs of 100 routes; ten in a row share their attributes, as where a peer has a thousand routes alike."""
    batch: list[Message] = []
    for index in range(messages):
        shared = _attributes(large_update(SESSION, 100, index // 10 * 10))
        routes = _truth(large_update(SESSION, 100, index)).announced
        batch.append(update(SESSION, announce=[nlri for nlri, _ in routes], attributes=shared))
    return batch


def _attributes(message: Message) -> dict[int, object]:
    """The attributes of an UPDATE but its next hop, which `update` puts there."""
    return {code: value for code, value in _truth(message).attributes.items() if code != AttributeCode.NEXT_HOP}


def _truth(message: Message) -> UpdateTruth:
    assert isinstance(message.truth, UpdateTruth)
    return message.truth


def _mixed(messages: int) -> list[Message]:
    """UPDATEs of one, ten and a hundred routes and KEEPALIVEs, six to two to one to one."""
    builders = [simple_update] * 6 + [ten_route_update] * 2 + [lambda session, i: large_update(session, 100, i)]
    batch: list[Message] = []
    for index in range(messages):
        kind = index % 10
        # Each size has prefixes of its own: the numbers of different builders would overlap.
        batch.append(builders[kind](SESSION, index + 20000 * (kind > 7)) if kind < 9 else keepalive())
    return batch


# What is received: so many UPDATEs, all different, as often as makes the number asked for.
_RECEIVED: dict[str, Callable[[int], tuple[list[Message], int]]] = {
    "5000 UPDATEs of 100 routes": lambda messages: (_large(min(messages, 50)), max(messages // 50, 1)),
    "5000 messages of mixed sizes": lambda messages: (_mixed(min(messages, 500)), max(messages // 500, 1)),
    "20000 UPDATEs of traffic": lambda messages: (traffic(min(4 * messages, 2000)), max(4 * messages // 2000, 1)),
}


@functools.cache
def _received(scenario: str, messages: int) -> Received:
    return Received(*_RECEIVED[scenario](messages)).prove()


class ReceivedBacklog(SaturationBenchmark):
    """What the peer has to send waits, and ExaBGP reads, decodes and keeps it (B07, B09, B12).

    Large messages with a hundred routes; messages of mixed sizes; a steady stream of traffic. Up to 50, 500 and 2,000
    messages are all different, and come again and again until it is so many. The count is by message on 20 large
    ones, which come once, on 20 of mixed sizes and on 80 of traffic.
    """

    rows = {row: (scenario,) for row, scenario in zip(("B07", "B09", "B12"), _RECEIVED, strict=True)}
    params = (list(_RECEIVED),)
    param_names = ("scenario",)
    messages = 5000
    counted = 20

    def fixture_digest(self) -> str:
        return digest([*_large(SHOWN), *_mixed(SHOWN)]) + traffic_digest(SHOWN)

    def size(self, scenario: str) -> Size:
        messages, times = _RECEIVED[scenario](self.messages)
        one = size_of(messages)
        return Size(one.messages * times, one.routes * times)

    def time_drain(self, scenario: str) -> None:
        _received(scenario, self.messages).drain()

    def track_drain_bytecodes(self, scenario: str) -> float:
        messages, times = _RECEIVED[scenario](self.counted)
        work = _received(scenario, self.counted)
        return bytecodes_by_message(work.drain, len(messages) * times)

    # A count needs no more than the part that it counts.
    time_drain.setup = lambda scenario: _received(scenario, ReceivedBacklog.messages)
    track_drain_bytecodes.unit = "bytecodes/message"


class _Course(NamedTuple):
    """A course of events when so many messages wait at most: how many it works on, and the work."""

    messages: Callable[[int], int]
    build: Callable[[int], Course]


# All numbers keep their proportion to the most messages that wait.
_COURSES = {
    "1500 changes among 15000": _Course(lambda most: most // 10 * 2, lambda most: Cycling(most, most // 10)),
    "burst of 3000 on 7500": _Course(lambda most: most // 2 + most // 5, lambda most: Burst(most // 2, most // 5)),
    "from 15000 to 1500": _Course(lambda most: most - most // 10, lambda most: Recovery(most, most // 10)),
    "from 0 to 15000": _Course(lambda most: most, Growth),
    "5 oscillations up to 15000": _Course(lambda most: 5 * most, lambda most: Oscillation(most, 5)),
    "50000 added and removed by two tasks": _Course(lambda most: most // 3 * 10, lambda most: TwoTasks(most // 3, 10)),
    "15000 lines for an API process": _Course(lambda most: most, Lines),
}


@functools.cache
def _course(name: str, most: int) -> Course:
    return _COURSES[name].build(most)


class PendingBacklog(SaturationBenchmark):
    """What happens while routes wait in the Adj-RIB-Out (B05, B06, B11, B14-B16), and lines for an API process.

    Routes that wait are withdrawn and announced again; a burst comes in and all is worked off; a full backlog is
    worked off to a tenth; it grows from nothing; it fills and empties; one task adds while another works off, on one
    event loop. Every route has attributes of its own, so each makes an UPDATE. What is added ExaBGP
    has just parsed: it has not yet worked out how routes and attributes are indexed. The count is by message on a
    two-hundredth.
    """

    rows = {row: (name,) for row, name in zip(("B05", "B06", "B11", "B14", "B15", "B16"), _COURSES, strict=False)}
    params = (list(_COURSES),)
    param_names = ("course",)
    messages = MAX_BACKLOG
    counted = MAX_BACKLOG // 200

    def fixture_digest(self) -> str:
        return digest(simple_updates(SHOWN))

    def size(self, name: str) -> Size:
        messages = _COURSES[name].messages(self.messages)
        return Size(messages, messages)

    def time_run(self, name: str) -> None:
        _course(name, self.messages).run()

    def track_run_bytecodes(self, name: str) -> float:
        messages = _COURSES[name].messages(self.counted)
        return bytecodes_by_message(_course(name, self.counted).run, messages)

    time_run.setup = lambda name: _course(name, PendingBacklog.messages)
    track_run_bytecodes.setup = lambda name: _course(name, PendingBacklog.counted)
    track_run_bytecodes.unit = "bytecodes/message"
