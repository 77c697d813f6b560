"""Path attributes one kind at a time, and address families other than IPv4 unicast: rows X14 and X15.

Each UPDATE is decoded, and decoded and used: since 2025-12 most of the work is done when somebody asks for a value.

Announced are routes of all families that some ExaBGP can announce. EVPN, BGP-LS and route targets are not among them:
neither a command of the API nor a section of the configuration makes such routes, in 4.2, in 5.0 and in main. The
commands for multicast, mobile users and multicast VPNs came in 2023 and 2024, those for SR policies in June 2026.
"""

from collections.abc import Callable
from typing import NamedTuple

from benchmarks.common import Benchmark, Size, bytecodes_per, bytecodes_per_message, on
from benchmarks.wire import (
    IPV4_UNICAST,
    IPV6_UNICAST,
    AttributeCode,
    Message,
    Session,
    sharing_attributes,
    ten_route_update,
    update,
)
from benchmarks.wire.families import FAMILIES
from benchmarks.wire.families.commands import COMMANDS
from benchmarks.wire.families.kinds import FAMILY_KINDS
from benchmarks.wire.kinds import ATTRIBUTE_KINDS
from benchmarks.work.announcing import Announcing
from benchmarks.work.any_family import FamilyDecoding, family_kind
from benchmarks.work.decoding import Cache, Decoding
from benchmarks.work.family_announcing import announcing_family

# UPDATEs in a call, of one route and of ten.
MESSAGES, FAMILY_MESSAGES = 20, 5


def _kind(kind: str, cache: Cache) -> Decoding:
    of_kind = ATTRIBUTE_KINDS[kind]
    updates = of_kind.updates(MESSAGES)
    return Decoding(
        updates if cache == "cold" else sharing_attributes(of_kind.session, updates), of_kind.session, cache
    )


class OneByOne(Benchmark):
    """Base of the benchmarks of many kinds, each of little work: a tenth of a second a time is enough."""

    sample_time, repeat, warmup_time = 0.005, (5, 15, 0.1), 0


class AttributeKinds(OneByOne):
    """Twenty UPDATEs of one route with the mandatory attributes and one more kind, decoded, and used (X15).

    Cold: no two in a row have the same attributes. Warm: all have the same, so that ExaBGP decodes them once. What an
    attribute costs is the difference to none but the mandatory ones.
    """

    rows = {"X15": ()}
    params = (list(ATTRIBUTE_KINDS), ["cold", "warm"])
    param_names = ("attributes", "cache")

    def size(self, kind: str, cache: Cache) -> Size:
        return Size(MESSAGES, MESSAGES)

    @on(_kind)
    def time_decode(self, work: Decoding) -> None:
        work.decode()

    @on(_kind)
    def time_decode_and_use(self, work: Decoding) -> None:
        work.decode_and_use()

    # Of attributes that the cache has, every kind costs the same.
    @on(_kind, unit="bytecodes/message", params=(list(ATTRIBUTE_KINDS), ["cold"]))
    def track_decode_bytecodes(self, work: Decoding) -> float:
        return bytecodes_per_message(work.decode, work)

    @on(_kind, unit="bytecodes/message")
    def track_decode_and_use_bytecodes(self, work: Decoding) -> float:
        return bytecodes_per_message(work.decode_and_use, work)


def _family_kind(kind: str, cache: Cache) -> FamilyDecoding:
    return family_kind(FAMILY_KINDS[kind], FAMILY_MESSAGES, cache)


class FamilyAttributeKinds(OneByOne):
    """Five UPDATEs of one route of the family that an attribute is for, with that attribute, decoded, and used (X15).

    Used are the texts of the attributes, cold and warm are as above. PMSI_TUNNEL is on an EVPN route, a prefix SID of
    SRv6 on one of a VPN, and AIGP and a prefix SID by a label on a labelled one: there the attribute costs the
    difference to none but the mandatory ones.
    """

    rows = {"X15": ()}
    # Until 2020 ExaBGP drops AIGP where it is configured to take it, and until 2025 it fails on it. In 2025 End.X SIDs
    # had no text.
    faults = (("AIGP",), ("BGP-LS End.X SID of SRv6",))
    params = (list(FAMILY_KINDS), ["cold", "warm"])
    param_names = ("attributes", "cache")

    def size(self, kind: str, cache: Cache) -> Size:
        return Size(FAMILY_MESSAGES, FAMILY_MESSAGES)

    @on(_family_kind)
    def time_decode(self, work: FamilyDecoding) -> None:
        work.decode()

    @on(_family_kind)
    def time_decode_and_use(self, work: FamilyDecoding) -> None:
        work.decode_and_use()

    # Of attributes that the cache has, every kind costs the same.
    @on(_family_kind, unit="bytecodes/message", params=(list(FAMILY_KINDS), ["cold"]))
    def track_decode_bytecodes(self, work: FamilyDecoding) -> float:
        return bytecodes_per_message(work.decode, work)

    @on(_family_kind, unit="bytecodes/message")
    def track_decode_and_use_bytecodes(self, work: FamilyDecoding) -> float:
        return bytecodes_per_message(work.decode_and_use, work)


def _family(family: str) -> FamilyDecoding:
    of_family = FAMILIES[family]
    return FamilyDecoding(of_family.updates(FAMILY_MESSAGES), of_family.session)


class Families(OneByOne):
    """Five UPDATEs of an address family, with up to ten routes each, decoded, and used (X14).

    Used: what ExaBGP's JSON says of each NLRI, of its next hop and of the attributes. EVPN, the mobile user plane and
    multicast VPNs have their route types in turns.
    """

    rows = {"X14": ()}
    faults = (("VPNv4, withdrawn",), ("IPv4 mobile sessions",), ("IPv6 mobile sessions",))
    params = (list(FAMILIES),)
    param_names = ("family",)

    def size(self, family: str) -> Size:
        return Size(FAMILY_MESSAGES, FAMILY_MESSAGES * FAMILIES[family].routes)

    @on(_family)
    def time_decode(self, work: FamilyDecoding) -> None:
        work.decode()

    @on(_family)
    def time_decode_and_use(self, work: FamilyDecoding) -> None:
        work.decode_and_use()

    @on(_family, unit="bytecodes/route")
    def track_decode_bytecodes(self, work: FamilyDecoding) -> float:
        return bytecodes_per(work.routes, work.decode, work)

    @on(_family, unit="bytecodes/route")
    def track_decode_and_use_bytecodes(self, work: FamilyDecoding) -> float:
        return bytecodes_per(work.routes, work.decode_and_use, work)


class Stream(NamedTuple):
    """UPDATEs of ten routes: their session, and each by its number."""

    session: Session
    build: Callable[[Session, int], Message]


def _communities_changed(session: Session, index: int) -> Message:
    """The same routes each time, by the same path, with other communities."""
    prefixes = [f"10.0.{route}.0/24" for route in range(10)]
    return update(
        session, announce=prefixes, attributes={AttributeCode.COMMUNITIES: (65001 << 16 | index, 65001 << 16 | 1000)}
    )


_ADD_PATH = Session(addpath=frozenset({IPV4_UNICAST, IPV6_UNICAST}))
_STREAMS = {
    "IPv4 with ADD-PATH": Stream(_ADD_PATH, ten_route_update),
    "IPv6 with ADD-PATH": Stream(
        Session(addpath=frozenset({IPV6_UNICAST}), families=(IPV6_UNICAST,)), ten_route_update
    ),
    "only communities change": Stream(Session(), _communities_changed),
}


def _stream(stream: str) -> Decoding:
    session, build = _STREAMS[stream]
    return Decoding([build(session, index) for index in range(FAMILY_MESSAGES)], session, "cold")


class UnicastStreams(OneByOne):
    """Five UPDATEs of ten unicast routes with path identifiers, or of routes of which only communities change (X14)."""

    rows = {"X14": ()}
    params = (list(_STREAMS),)
    param_names = ("updates",)
    routes = 10 * FAMILY_MESSAGES

    def size(self, stream: str) -> Size:
        return Size(FAMILY_MESSAGES, self.routes)

    @on(_stream)
    def time_decode(self, work: Decoding) -> None:
        work.decode()

    @on(_stream)
    def time_decode_and_use(self, work: Decoding) -> None:
        work.decode_and_use()

    @on(_stream, unit="bytecodes/route")
    def track_decode_bytecodes(self, work: Decoding) -> float:
        return bytecodes_per(self.routes, work.decode, work)

    @on(_stream, unit="bytecodes/route")
    def track_decode_and_use_bytecodes(self, work: Decoding) -> float:
        return bytecodes_per(self.routes, work.decode_and_use, work)


def _announced(family: str) -> Announcing:
    return announcing_family(family, FamiliesAnnounced.routes)


class FamiliesAnnounced(OneByOne):
    """Twenty routes of an address family that an API process announces, on their way to the peer (X14).

    The commands are parsed before: what is measured is the way through the configuration to the Adj-RIB-Out and into
    UPDATEs. (Unicast routes, and those that are labelled or of VPNs, are announced elsewhere.)
    """

    rows = {"X14": ()}
    faults = (("IPv4 multicast",), ("IPv6 multicast",))
    params = (list(COMMANDS),)
    param_names = ("family",)
    routes = 20
    # Once it has run there is nothing left to announce.
    number = 1

    def size(self, family: str) -> Size:
        return Size(self.routes, self.routes)

    @on(_announced)
    def time_announce(self, work: Announcing) -> None:
        work.run()

    @on(_announced, unit="bytecodes/route")
    def track_announce_bytecodes(self, work: Announcing) -> float:
        return bytecodes_per(self.routes, work.run, work)
