"""Other sessions: row X25 of the checklist.

What other families of benchmarks run is on an external session with four-octet AS numbers. Here the same is received
and announced on an internal one (LOCAL_PREF, no AS number in front of the path), on one with two-octet AS numbers
(AS4_PATH, AS4_AGGREGATOR), with ADD-PATH in both directions, and with extended messages.
"""

from benchmarks.common import Benchmark, OnceASample, Size, bytecodes_per_message, on, size_of
from benchmarks.wire import (
    IPV4_UNICAST,
    IPV6_UNICAST,
    AttributeCode,
    Message,
    Session,
    fitted_stream,
    large_update,
    simple_update,
    wide_update,
)
from benchmarks.work.announcing import Announcing, Written, announcing_in_one, announcing_on, written_of
from benchmarks.work.proof import its_own_words
from benchmarks.work.reading import ProtocolReading

# UPDATEs in a time and in a count of what is received, and routes in those of what is announced.
TIMED, RECEIVED, ANNOUNCED = 100, 40, 12


_BOTH = frozenset({IPV4_UNICAST, IPV6_UNICAST})
_TWO_OCTETS = Session(asn4=False)
_SESSIONS = {
    "external": Session(),
    "internal": Session(local_as=65001),
    "two-octet AS numbers": _TWO_OCTETS,
    "ADD-PATH": Session(addpath=_BOTH),
}
# An UPDATE in which an AS number of four octets is the aggregator's.
_AGGREGATOR = "AS4_AGGREGATOR"


def _traffic(scenario: str, messages: int) -> list[Message]:
    """What the peer sends: UPDATEs with an AS4_AGGREGATOR, or traffic without one."""
    if scenario == _AGGREGATOR:
        return [wide_update(_TWO_OCTETS, index) for index in range(messages)]
    longer = fitted_stream(messages + messages // 10, _SESSIONS[scenario])
    return [message for message in longer if AttributeCode.AS4_AGGREGATOR not in message.truth.attributes][:messages]


def _reading(messages: list[Message], session: Session) -> ProtocolReading:
    with its_own_words():
        work = ProtocolReading(messages, session)
        work.prove_used(messages)
        return work


def _read(scenario: str, messages: int) -> ProtocolReading:
    return _reading(_traffic(scenario, messages), _SESSIONS.get(scenario, _TWO_OCTETS))


def _received(scenario: str) -> ProtocolReading:
    return _read(scenario, TIMED)


def _part_of_received(scenario: str) -> ProtocolReading:
    return _read(scenario, RECEIVED)


class Received(Benchmark):
    """UPDATEs of traffic through ``Protocol.read_message()``, on sessions of each kind (X25).

    With two-octet AS numbers many have an AS4_PATH. Apart from traffic there are UPDATEs that all have an AS4_PATH and
    an AS4_AGGREGATOR. Times are of 100 UPDATEs, counts of 40.
    """

    rows = {"X25": ()}
    params = ([*_SESSIONS, _AGGREGATOR],)
    param_names = ("session",)
    # 5.0 until 5.0.14, and main, refuse AS4_PATH; all but 5.0.14 and 5.0.15 get AS4_AGGREGATOR wrong.
    faults = (("two-octet AS numbers",), (_AGGREGATOR,))

    def size(self, scenario: str) -> Size:
        return size_of(_traffic(scenario, TIMED))

    @on(_received)
    def time_read_message_and_use(self, work: ProtocolReading) -> None:
        work.read_and_use()

    @on(_part_of_received, unit="bytecodes/message")
    def track_read_message_bytecodes(self, work: ProtocolReading) -> float:
        return bytecodes_per_message(work.read, work)

    @on(_part_of_received, unit="bytecodes/message")
    def track_read_message_and_use_bytecodes(self, work: ProtocolReading) -> float:
        return bytecodes_per_message(work.read_and_use, work)


def _announcing(session: str, routes: int) -> Announcing:
    route = simple_update if _SESSIONS[session].asn4 else wide_update
    messages = [route(_SESSIONS[session], index) for index in range(routes)]
    with its_own_words():
        return announcing_on(_SESSIONS[session], messages).prove()


def _announced(session: str) -> Announcing:
    return _announcing(session, TIMED)


def _part_of_announced(session: str) -> Announcing:
    return _announcing(session, ANNOUNCED)


def _announced_written(session: str) -> Written:
    return written_of(_announcing(session, ANNOUNCED))


class Announced(OnceASample):
    """IPv4 routes with attributes of their own, announced on sessions of each kind (X25).

    With two-octet AS numbers half of each path needs four, and each route has an AGGREGATOR. Times are of 100 routes,
    counts per route of 12, octets those of 12.
    """

    rows = {"X25": ()}
    params = (list(_SESSIONS),)
    param_names = ("session",)
    # Main refuses an AS path with an AS number of four octets, on any session.
    faults = (("two-octet AS numbers",),)

    def size(self, session: str) -> Size:
        return Size(TIMED, TIMED)

    @on(_announced)
    def time_announce(self, work: Announcing) -> None:
        work.run()

    @on(_part_of_announced, unit="bytecodes/route")
    def track_announce_bytecodes(self, work: Announcing) -> float:
        return bytecodes_per_message(work.run, work)

    @on(_announced_written, unit="octets")
    def track_octets(self, work: Written) -> int:
        return work.octets


_SIZES = {"messages of 4096 octets": Session(), "extended messages": Session(extended_message=True)}


def _largest(size: str) -> ProtocolReading:
    session = _SIZES[size]
    return _reading([large_update(session, LargestMessages.received[size])], session)


def _packed(size: str) -> Written:
    return written_of(announcing_in_one(_SIZES[size], LargestMessages.announced))


class LargestMessages(Benchmark):
    """The largest UPDATEs that a session carries: with extended messages, and without (X25).

    Received is one, of 100 routes, or of 600, which takes an extended message. Announced are 1,500 routes that share
    their attributes: more than 4,096 octets hold.
    """

    rows = {"X25": ("extended messages",)}
    params = (list(_SIZES),)
    param_names = ("size",)
    received = {"messages of 4096 octets": 100, "extended messages": 600}
    announced = 1500

    def size(self, size: str) -> Size:
        return Size(1, self.received[size])

    @on(_largest)
    def time_read_message_and_use(self, work: ProtocolReading) -> None:
        work.read_and_use()

    @on(_largest, unit="bytecodes/route")
    def track_read_message_and_use_bytecodes(self, work: ProtocolReading) -> float:
        return round(bytecodes_per_message(work.read_and_use, work) / work.routes, 3)

    @on(_packed, unit="UPDATEs")
    def track_updates(self, work: Written) -> int:
        return work.updates

    @on(_packed, unit="octets")
    def track_octets(self, work: Written) -> int:
        return work.octets
