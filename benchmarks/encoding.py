"""What an API process is told of received messages: row X13 of what is beyond the checklist.

ExaBGP's own protocol has read and decoded each message and hands it on; its own encoders, JSON and text, make what an
API process reads. The JSON is parsed again and compared with what the bytes say.
"""

from collections.abc import Callable

from benchmarks.common import Benchmark, Size, bytecodes_per_message, on, size_of
from benchmarks.wire import (
    AFI,
    SAFI,
    Message,
    end_of_rib,
    keepalive,
    notification,
    open_message,
    route_refresh,
    sized_update,
    update,
)
from benchmarks.wire.families import FAMILIES
from benchmarks.work.encoding import Encoder, Encoding
from benchmarks.work.traffic import SESSION, traffic

# Messages of a kind in a call, for a clock to see.
MESSAGES = 20
# Counting is about ten times slower than running, and a count per message is as exact on a part of the traffic.
COUNTED = 100

ENCODERS: list[Encoder] = ["json", "text"]


def _sized(routes: int) -> list[Message]:
    return [sized_update(SESSION, routes, index) for index in range(MESSAGES)]


def _withdrawals() -> list[Message]:
    """UPDATEs that withdraw five IPv4 and five IPv6 routes each."""
    return [
        update(
            SESSION,
            withdraw=[f"10.{index}.{route}.0/24" for route in range(5)]
            + [f"2001:db8:{index:x}:{route}::/64" for route in range(5)],
        )
        for index in range(MESSAGES)
    ]


_KINDS: dict[str, Callable[[], list[Message]]] = {
    "UPDATEs of 1 route": lambda: _sized(1),
    "UPDATEs of 10 routes": lambda: _sized(10),
    "UPDATEs of 100 routes": lambda: _sized(100),
    "UPDATEs of 10 withdrawals": _withdrawals,
    "End-of-RIB": lambda: [end_of_rib(SESSION, AFI.IPV6, SAFI.UNICAST)] * MESSAGES,
    "OPEN": lambda: [open_message(SESSION, SESSION.peer_as, "192.0.2.2")] * MESSAGES,
    "KEEPALIVE": lambda: [keepalive()] * MESSAGES,
    "NOTIFICATION": lambda: [notification(1, 2, (4097).to_bytes(2))] * MESSAGES,
    "ROUTE-REFRESH": lambda: [route_refresh(AFI.IPV4, SAFI.UNICAST)] * MESSAGES,
}


class EncodingBenchmark(Benchmark):
    """Base of the benchmarks of the encoders: each call is on messages just decoded."""

    number, repeat, warmup_time = 1, (5, 30, 0.1), 0


def _kind(kind: str, encoder: Encoder) -> Encoding:
    return Encoding(_KINDS[kind](), SESSION, encoder)


class MessageEncoding(EncodingBenchmark):
    """Twenty messages of a kind as ExaBGP tells an API process of them, in JSON or as text (X13).

    An encoder that tells what the bytes do not say fails, and so does JSON that is not valid: of ROUTE-REFRESH on the
    commits before 2025-12 and some after, of all UPDATEs from 2025-11-29 until 2026-08-20, of an IPv6 End-of-RIB
    since 2025-12-15.
    """

    rows = {"X13": ()}
    faults = (("End-of-RIB", "json"), ("ROUTE-REFRESH", "json"))
    params = (list(_KINDS), ENCODERS)
    param_names = ("messages", "encoder")

    def size(self, kind: str, encoder: Encoder) -> Size:
        return size_of(_KINDS[kind]())

    @on(_kind)
    def time_encode(self, work: Encoding) -> None:
        work.encode()

    @on(_kind, unit="bytecodes/message")
    def track_encode_bytecodes(self, work: Encoding) -> float:
        return bytecodes_per_message(work.encode, work)


def _traffic(encoder: Encoder) -> Encoding:
    return Encoding(traffic(TrafficEncoding.traffic), SESSION, encoder)


def _part_of_traffic(encoder: Encoder) -> Encoding:
    return Encoding(traffic(COUNTED), SESSION, encoder)


class TrafficEncoding(EncodingBenchmark):
    """300 UPDATEs of traffic as ExaBGP tells an API process of them, in JSON or as text (X13).

    Counted are the first 100.
    """

    rows = {"X13": ()}
    traffic = 300
    params = (ENCODERS,)
    param_names = ("encoder",)

    def size(self, encoder: Encoder) -> Size:
        return size_of(traffic(self.traffic))

    @on(_traffic)
    def time_encode(self, work: Encoding) -> None:
        work.encode()

    @on(_part_of_traffic, unit="bytecodes/message")
    def track_encode_bytecodes(self, work: Encoding) -> float:
        return bytecodes_per_message(work.encode, work)


def _family(family: str, encoder: Encoder) -> Encoding:
    return Encoding(FAMILIES[family].updates(FamilyEncoding.messages), FAMILIES[family].session, encoder)


class FamilyEncoding(EncodingBenchmark):
    """Four UPDATEs of an address family, with up to ten routes each, as ExaBGP tells an API process of them (X13).

    Of many families its text does not name the routes: there it is not applicable.
    """

    rows = {"X13": ()}
    faults = (
        ("VPNv4, withdrawn",),
        ("route targets", "json"),
        ("IPv4 mobile sessions", "json"),
        ("IPv6 mobile sessions", "json"),
    )
    params = (list(FAMILIES), ENCODERS)
    param_names = ("family", "encoder")
    messages = 4

    def size(self, family: str, encoder: Encoder) -> Size:
        return Size(self.messages, self.messages * FAMILIES[family].routes)

    @on(_family)
    def time_encode(self, work: Encoding) -> None:
        work.encode()

    @on(_family, unit="bytecodes/message")
    def track_encode_bytecodes(self, work: Encoding) -> float:
        return bytecodes_per_message(work.encode, work)
