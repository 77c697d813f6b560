"""Message parsing: rows P01-P14 of the checklist, and X16.

From bytes to ExaBGP's objects: decoding alone, decoding and using the outcome, reading from a connection. Every
scenario has a time and a count of bytecodes; where ExaBGP's cache of path attributes matters, it is measured cold and
warm.
"""

import functools
from collections.abc import Callable
from typing import Any

from benchmarks.common import Benchmark, Size, bytecodes_by_message, size_of
from benchmarks.decoding import Cache, Decoding
from benchmarks.reading import ConnectionReading, ProtocolReading
from benchmarks.traffic import SESSION, traffic, traffic_digest
from benchmarks.wire import (
    AttributeCode,
    Message,
    digest,
    keepalive,
    large_update,
    notification,
    route_refresh,
    simple_update,
    ten_route_update,
    update,
)

# Counting is about ten times slower than running, and a count by message is as exact on a part of the traffic.
COUNTED_MESSAGES = 300


def _update(routes: int, index: int = 0) -> Message:
    if routes == 1:
        return simple_update(SESSION, index)
    return ten_route_update(SESSION, index) if routes == 10 else large_update(SESSION, routes, index)


@functools.cache
def _decode_one(routes: int, cache: Cache) -> Decoding:
    return Decoding([_update(routes)], SESSION, cache)


class UpdateDecoding(Benchmark):
    """One UPDATE with one route, ten routes, a hundred routes (P01, P02, P03).

    With the cache warm the attributes are those of the UPDATE before, byte for byte, and ExaBGP reuses its last
    result; with the cache cold they have never been seen.
    """

    rows = {"P01": (1,), "P02": (10,), "P03": (100,)}
    params = ([1, 10, 100], ["cold", "warm"])
    param_names = ("routes", "cache")

    def fixture_digest(self) -> str:
        return digest(map(_update, self.params[0]))

    def size(self, routes: int, cache: Cache) -> Size:
        return Size(1, routes)

    def setup(self, routes: int, cache: Cache) -> None:
        self.work = _decode_one(routes, cache)

    def time_decode(self, routes: int, cache: Cache) -> None:
        self.work.decode()

    def time_decode_and_use(self, routes: int, cache: Cache) -> None:
        self.work.decode_and_use()

    def track_decode_bytecodes(self, routes: int, cache: Cache) -> float:
        return self.bytecodes_per_message(self.time_decode, routes, cache)

    def track_decode_and_use_bytecodes(self, routes: int, cache: Cache) -> float:
        return self.bytecodes_per_message(self.time_decode_and_use, routes, cache)

    track_decode_bytecodes.unit = "bytecodes/message"
    track_decode_and_use_bytecodes.unit = "bytecodes/message"


def _batch(messages: int, cache: Cache) -> list[Message]:
    """One-route UPDATEs: with attributes of their own (cold), or all with those of the first (warm)."""
    batch = [simple_update(SESSION, index) for index in range(messages)]
    if cache == "cold":
        return batch
    shared = {code: value for code, value in batch[0].truth.attributes.items() if code != AttributeCode.NEXT_HOP}
    return [
        update(SESSION, announce=[nlri for nlri, _ in message.truth.announced], attributes=shared) for message in batch
    ]


@functools.cache
def _decode_batch(messages: int, cache: Cache) -> Decoding:
    return Decoding(_batch(messages, cache), SESSION, cache)


def _counted_batch(messages: int, cache: Cache) -> Decoding:
    return _decode_batch(min(messages, COUNTED_MESSAGES), cache)


class UpdateBatch(Benchmark):
    """A batch of one-route UPDATEs (P04, P05).

    Cold: each has attributes of its own. Warm: all have the same, so that ExaBGP decodes them once. Counted are the
    first 300.
    """

    rows = {"P04": (100,), "P05": (1000,)}
    params = ([100, 1000], ["cold", "warm"])
    param_names = ("messages", "cache")

    def fixture_digest(self) -> str:
        # The rest differ by their number alone, so the first stand for all: this is run in each process.
        return digest(message for cache in self.params[1] for message in _batch(100, cache))

    def size(self, messages: int, cache: Cache) -> Size:
        return Size(messages, messages)

    def time_decode(self, messages: int, cache: Cache) -> None:
        _decode_batch(messages, cache).decode()

    def time_decode_and_use(self, messages: int, cache: Cache) -> None:
        _decode_batch(messages, cache).decode_and_use()

    def track_decode_bytecodes(self, messages: int, cache: Cache) -> float:
        return bytecodes_by_message(_counted_batch(messages, cache).decode, min(messages, COUNTED_MESSAGES))

    def track_decode_and_use_bytecodes(self, messages: int, cache: Cache) -> float:
        return bytecodes_by_message(_counted_batch(messages, cache).decode_and_use, min(messages, COUNTED_MESSAGES))

    time_decode.setup = time_decode_and_use.setup = _decode_batch
    track_decode_bytecodes.setup = track_decode_and_use_bytecodes.setup = _counted_batch
    track_decode_bytecodes.unit = "bytecodes/message"
    track_decode_and_use_bytecodes.unit = "bytecodes/message"


@functools.cache
def _decode_keepalives(messages: int) -> Decoding:
    return Decoding([keepalive()] * messages, SESSION, "warm")


class KeepaliveDecoding(Benchmark):
    """KEEPALIVEs through ExaBGP's own unpacking: one, a batch, a stress test (P06, P07, P12).

    One is measured as a hundred: it takes ExaBGP so few instructions that the call of a single one would be half.
    """

    rows = {"P06": (100,), "P07": (1000,), "P12": (10000,)}
    params = ([100, 1000, 10000],)
    param_names = ("messages",)

    def fixture_digest(self) -> str:
        return digest([keepalive()])

    def size(self, messages: int) -> Size:
        return Size(messages, 0)

    def setup(self, messages: int) -> None:
        self.work = _decode_keepalives(messages)

    def time_decode(self, messages: int) -> None:
        self.work.decode()

    def track_decode_bytecodes(self, messages: int) -> float:
        return self.bytecodes_per_message(self.time_decode, messages)

    track_decode_bytecodes.unit = "bytecodes/message"


def _mixed(messages: int) -> list[Message]:
    """What a session carries over a day: mostly UPDATEs of three sizes, KEEPALIVEs, now and then a ROUTE-REFRESH.

    A NOTIFICATION is the last message of any session, so one ends the batch.
    """
    pattern = [1, 1, 0, 10, 1, 0, 1, 100, 1, 0]
    batch = [
        _update(routes, index) if (routes := pattern[index % len(pattern)]) else keepalive()
        for index in range(messages - 2)
    ]
    return [*batch, route_refresh(1, 1), notification(6, 2)]


# What is read, and how many messages the peer sends at once.
_READINGS: dict[str, tuple[Callable[[], list[Message]], int | None]] = {
    "1 UPDATE at a time": (lambda: [_update(1, index) for index in range(20)], 1),
    "100 UPDATEs": (lambda: [_update(1, index) for index in range(100)], None),
    "1000 mixed messages": (lambda: _mixed(1000), None),
    "50 UPDATEs of 100 routes": (lambda: [_update(100, index) for index in range(50)], None),
}


@functools.cache
def _read(scenario: str) -> ConnectionReading:
    build, at_once = _READINGS[scenario]
    return ConnectionReading(build(), SESSION, at_once)


class ConnectionReader(Benchmark):
    """Whole messages read with ``Connection.reader()`` from a socket: header checks, no decoding (P08-P11)."""

    rows = {row: (scenario,) for row, scenario in zip(("P08", "P09", "P10", "P11"), _READINGS, strict=True)}
    params = (list(_READINGS),)
    param_names = ("messages",)

    def fixture_digest(self) -> str:
        return digest(message for build, _ in _READINGS.values() for message in build())

    def size(self, scenario: str) -> Size:
        return Size(len(_READINGS[scenario][0]()), 0)

    def setup(self, scenario: str) -> None:
        self.work = _read(scenario)

    def time_read(self, scenario: str) -> None:
        self.work.read()

    def track_read_bytecodes(self, scenario: str) -> float:
        return self.bytecodes_per_message(self.time_read, scenario)

    track_read_bytecodes.unit = "bytecodes/message"


@functools.cache
def _decode_traffic(messages: int) -> Decoding:
    return Decoding(traffic(messages), SESSION, "cold")


@functools.cache
def _read_traffic(messages: int) -> ConnectionReading:
    return ConnectionReading(traffic(messages), SESSION)


@functools.cache
def _traffic_through_protocol(messages: int) -> ProtocolReading:
    return ProtocolReading(traffic(messages), SESSION)


def _preparation(prepare: Callable[[int], Any], messages: int) -> Callable[[], None]:
    def setup() -> None:
        prepare(messages)

    return setup


class TrafficBenchmark(Benchmark):
    """Base of the benchmarks that run on traffic: the synthetic stream, or the recording in EXABGP_BENCH_MRT.

    Times are of all messages, counts of the first 300.
    """

    messages: int
    # Makes proven work of so many messages.
    prepare: Callable[[int], Any]

    def fixture_digest(self) -> str:
        return traffic_digest(self.messages)

    def size(self) -> Size:
        return size_of(traffic(self.messages))

    def __init_subclass__(cls) -> None:
        """Have the setup of each method prove what it runs on: of a time all messages, of a count those counted."""
        for name, method in vars(cls).items():
            if name.startswith(("time_", "track_")):
                method.setup = _preparation(cls.prepare, cls.messages if "time_" in name else COUNTED_MESSAGES)

    def counted(self, work: str) -> float:
        """Bytecodes by message of a method of the work."""
        return bytecodes_by_message(getattr(self.prepare(COUNTED_MESSAGES), work), COUNTED_MESSAGES)


class UpdateStress(TrafficBenchmark):
    """5,000 UPDATEs of traffic decoded in one go (P13)."""

    rows = {"P13": ()}
    messages = 5000
    prepare = staticmethod(_decode_traffic)

    def time_decode(self) -> None:
        self.prepare(self.messages).decode()

    def time_decode_and_use(self) -> None:
        self.prepare(self.messages).decode_and_use()

    def track_decode_bytecodes(self) -> float:
        return self.counted("decode")

    def track_decode_and_use_bytecodes(self) -> float:
        return self.counted("decode_and_use")

    track_decode_bytecodes.unit = "bytecodes/message"
    track_decode_and_use_bytecodes.unit = "bytecodes/message"


class ContinuousStream(TrafficBenchmark):
    """1,000 UPDATEs of traffic read from a connection and decoded (P14)."""

    rows = {"P14": ()}
    messages = 1000
    prepare = staticmethod(_read_traffic)

    def time_read_and_decode(self) -> None:
        self.prepare(self.messages).read_and_decode()

    def track_read_and_decode_bytecodes(self) -> float:
        return self.counted("read_and_decode")

    track_read_and_decode_bytecodes.unit = "bytecodes/message"


class Traffic(TrafficBenchmark):
    """1,000 UPDATEs of traffic through ``Protocol.read_message()``, as ExaBGP's reactor reads them (X16)."""

    rows = {"X16": ()}
    messages = 1000
    prepare = staticmethod(_traffic_through_protocol)

    def time_read_message(self) -> None:
        self.prepare(self.messages).read()

    def time_read_message_and_use(self) -> None:
        self.prepare(self.messages).read_and_use()

    def track_read_message_bytecodes(self) -> float:
        return self.counted("read")

    def track_read_message_and_use_bytecodes(self) -> float:
        return self.counted("read_and_use")

    track_read_message_bytecodes.unit = "bytecodes/message"
    track_read_message_and_use_bytecodes.unit = "bytecodes/message"
