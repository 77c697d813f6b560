"""Message parsing: rows P01-P14 of the checklist, and X16.

From octets to ExaBGP's objects: decoding alone, decoding and using the outcome, reading from a connection. Every
scenario has a time and a count of bytecodes; where ExaBGP's cache of path attributes matters, it is measured cold and
warm.
"""

from collections.abc import Callable
from typing import NamedTuple

from benchmarks.common import Benchmark, Size, bytecodes_per_message, on, size_of
from benchmarks.wire import (
    DAY,
    Message,
    keepalive,
    large_updates,
    mixed,
    notification,
    route_refresh,
    sharing_attributes,
    simple_updates,
    sized_update,
)
from benchmarks.work.decoding import Cache, Decoding, LinkLocalNextHop
from benchmarks.work.reading import ConnectionReading, ProtocolReading
from benchmarks.work.traffic import SESSION, traffic

# Counting is about ten times slower than running, and a count per message is as exact on a part of the traffic.
COUNTED = 300


def _update(routes: int, cache: Cache) -> Decoding:
    return Decoding([sized_update(SESSION, routes)], SESSION, cache)


class UpdateDecoding(Benchmark):
    """One UPDATE with one route, ten routes, a hundred routes (P01, P02, P03).

    With the cache warm the attributes are those of the UPDATE before, octet for octet, and ExaBGP reuses its last
    result; with the cache cold they have never been seen.
    """

    rows = {"P01": (1,), "P02": (10,), "P03": (100,)}
    params = ([1, 10, 100], ["cold", "warm"])
    param_names = ("routes", "cache")

    def size(self, routes: int, cache: Cache) -> Size:
        return Size(1, routes)

    @on(_update)
    def time_decode(self, work: Decoding) -> None:
        work.decode()

    @on(_update)
    def time_decode_and_use(self, work: Decoding) -> None:
        work.decode_and_use()

    @on(_update, unit="bytecodes/message")
    def track_decode_bytecodes(self, work: Decoding) -> float:
        return bytecodes_per_message(work.decode, work)

    @on(_update, unit="bytecodes/message")
    def track_decode_and_use_bytecodes(self, work: Decoding) -> float:
        return bytecodes_per_message(work.decode_and_use, work)


def _batch(messages: int, cache: Cache) -> Decoding:
    """One-route UPDATEs: with attributes of their own (cold), or all with those of the first (warm)."""
    batch = simple_updates(SESSION, messages)
    return Decoding(batch if cache == "cold" else sharing_attributes(SESSION, batch), SESSION, cache)


def _part_of_batch(messages: int, cache: Cache) -> Decoding:
    return _batch(min(messages, COUNTED), cache)


class UpdateBatch(Benchmark):
    """A batch of one-route UPDATEs (P04, P05).

    Cold: each has attributes of its own. Warm: all have the same, so that ExaBGP decodes them once. Counted are the
    first 300.
    """

    rows = {"P04": (100,), "P05": (1000,)}
    params = ([100, 1000], ["cold", "warm"])
    param_names = ("messages", "cache")

    def size(self, messages: int, cache: Cache) -> Size:
        return Size(messages, messages)

    @on(_batch)
    def time_decode(self, work: Decoding) -> None:
        work.decode()

    @on(_batch)
    def time_decode_and_use(self, work: Decoding) -> None:
        work.decode_and_use()

    @on(_part_of_batch, unit="bytecodes/message")
    def track_decode_bytecodes(self, work: Decoding) -> float:
        return bytecodes_per_message(work.decode, work)

    @on(_part_of_batch, unit="bytecodes/message")
    def track_decode_and_use_bytecodes(self, work: Decoding) -> float:
        return bytecodes_per_message(work.decode_and_use, work)


def _keepalives(messages: int) -> Decoding:
    return Decoding([keepalive()] * messages, SESSION, "warm")


class KeepaliveDecoding(Benchmark):
    """KEEPALIVEs through ExaBGP's own unpacking: one, a batch, a stress test (P06, P07, P12).

    One is measured as a hundred: it takes ExaBGP so few instructions that the call of a single one would be half.
    """

    rows = {"P06": (100,), "P07": (1000,), "P12": (10000,)}
    params = ([100, 1000, 10000],)
    param_names = ("messages",)

    def size(self, messages: int) -> Size:
        return Size(messages, 0)

    @on(_keepalives)
    def time_decode(self, work: Decoding) -> None:
        work.decode()

    @on(_keepalives, unit="bytecodes/message")
    def track_decode_bytecodes(self, work: Decoding) -> float:
        return bytecodes_per_message(work.decode, work)


def _mixed() -> list[Message]:
    """1,000 messages. A NOTIFICATION is the last message of any session, so one ends the batch."""
    return [*mixed(SESSION, 998, DAY), route_refresh(1, 1), notification(6, 2)]


class Reading(NamedTuple):
    """What is read, and how many messages the peer sends at once; None: as many as a socket takes."""

    build: Callable[[], list[Message]]
    at_once: int | None = None


_READINGS = {
    "1 UPDATE at a time": Reading(lambda: simple_updates(SESSION, 20), 1),
    "100 UPDATEs": Reading(lambda: simple_updates(SESSION, 100)),
    "1000 mixed messages": Reading(_mixed),
    "50 UPDATEs of 100 routes": Reading(lambda: large_updates(SESSION, 50)),
}


def _connection(scenario: str) -> ConnectionReading:
    build, at_once = _READINGS[scenario]
    return ConnectionReading(build(), SESSION, at_once)


class ConnectionReader(Benchmark):
    """Whole messages read with ``Connection.reader()`` from a socket: header checks, no decoding (P08-P11)."""

    rows = {row: (scenario,) for row, scenario in zip(("P08", "P09", "P10", "P11"), _READINGS, strict=True)}
    params = (list(_READINGS),)
    param_names = ("messages",)

    def size(self, scenario: str) -> Size:
        return Size(len(_READINGS[scenario].build()), 0)

    @on(_connection)
    def time_read(self, work: ConnectionReading) -> None:
        work.read()

    @on(_connection, unit="bytecodes/message")
    def track_read_bytecodes(self, work: ConnectionReading) -> float:
        return bytecodes_per_message(work.read, work)


class TrafficBenchmark(Benchmark):
    """Base of the benchmarks that run on traffic: the synthetic stream, or the recording in EXABGP_BENCH_MRT.

    Times are of all messages, counts of the first 300.
    """

    def size(self) -> Size:
        return size_of(traffic(self.traffic))


def _stress() -> Decoding:
    return Decoding(traffic(UpdateStress.traffic), SESSION, "cold")


def _part_of_stress() -> Decoding:
    return Decoding(traffic(COUNTED), SESSION, "cold")


class UpdateStress(TrafficBenchmark):
    """5,000 UPDATEs of traffic decoded in one go (P13)."""

    rows = {"P13": ()}
    long = ((),)
    traffic = 5000

    @on(_stress)
    def time_decode(self, work: Decoding) -> None:
        work.decode()

    @on(_stress)
    def time_decode_and_use(self, work: Decoding) -> None:
        work.decode_and_use()

    @on(_part_of_stress, unit="bytecodes/message")
    def track_decode_bytecodes(self, work: Decoding) -> float:
        return bytecodes_per_message(work.decode, work)

    @on(_part_of_stress, unit="bytecodes/message")
    def track_decode_and_use_bytecodes(self, work: Decoding) -> float:
        return bytecodes_per_message(work.decode_and_use, work)


def _stream() -> ConnectionReading:
    return ConnectionReading(traffic(ContinuousStream.traffic), SESSION)


def _part_of_stream() -> ConnectionReading:
    return ConnectionReading(traffic(COUNTED), SESSION)


class ContinuousStream(TrafficBenchmark):
    """1,000 UPDATEs of traffic read from a connection and decoded (P14)."""

    rows = {"P14": ()}
    traffic = 1000

    @on(_stream)
    def time_read_and_decode(self, work: ConnectionReading) -> None:
        work.read_and_decode()

    @on(_part_of_stream, unit="bytecodes/message")
    def track_read_and_decode_bytecodes(self, work: ConnectionReading) -> float:
        return bytecodes_per_message(work.read_and_decode, work)


def _protocol(messages: int) -> ProtocolReading:
    work = ProtocolReading(traffic(messages), SESSION)
    work.prove_used(traffic(messages))
    return work


def _traffic() -> ProtocolReading:
    return _protocol(Traffic.traffic)


def _part_of_traffic() -> ProtocolReading:
    return _protocol(COUNTED)


class Traffic(TrafficBenchmark):
    """1,000 UPDATEs of traffic through ``Protocol.read_message()``, as ExaBGP's reactor reads them (X16)."""

    rows = {"X16": ()}
    traffic = 1000

    @on(_traffic)
    def time_read_message(self, work: ProtocolReading) -> None:
        work.read()

    @on(_traffic)
    def time_read_message_and_use(self, work: ProtocolReading) -> None:
        work.read_and_use()

    @on(_part_of_traffic, unit="bytecodes/message")
    def track_read_message_bytecodes(self, work: ProtocolReading) -> float:
        return bytecodes_per_message(work.read, work)

    @on(_part_of_traffic, unit="bytecodes/message")
    def track_read_message_and_use_bytecodes(self, work: ProtocolReading) -> float:
        return bytecodes_per_message(work.read_and_use, work)


def _link_local() -> LinkLocalNextHop:
    return LinkLocalNextHop(SESSION)


class LinkLocalIPv6NextHop(Benchmark):
    """Routes that ExaBGP makes of one IPv6 NLRI whose next hop is a global and a link-local address (RFC 2545).

    4.2 and 5.0 make two routes of it, main makes one since 2025-12. So such UPDATEs are left out of every recording
    (see `benchmarks.wire.mrt`), and this one says what each commit makes of them.
    """

    @on(_link_local, unit="routes")
    def track_routes(self, work: LinkLocalNextHop) -> int:
        return work.routes()
