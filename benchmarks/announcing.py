"""Announcing: rows X05, X17, X20-X24 and X27 of the checklist.

An API process announces and withdraws routes. ExaBGP's own handlers have made routes of its commands; from there on it
is measured, until the octets of the UPDATEs are written: neighbours found, next hops resolved, routes compared with
what the peer was told before, and packed. What the peer would read is compared with what was announced.

Beside times and counts there is what goes on the wire: UPDATEs, and their octets with headers.
"""

from typing import ClassVar

from benchmarks.common import Benchmark, InSizes, OnceASample, Size, bytecodes, bytecodes_per_message, on
from benchmarks.work.announcing import (
    EVENTS,
    SESSIONS,
    Announcing,
    Attributes,
    Family,
    ToNeighbors,
    Written,
    announcing,
    announcing_in_one,
    announcing_self,
    written_of,
)
from benchmarks.work.limits import require_memory

# Routes in a time, and in a count.
TIMED, COUNTED = 100, 12
# Bytes of a route, made and proven: half as many again as on any commit.
_ROUTE = 16 << 10


def _first(family: Family, attributes: Attributes) -> Announcing:
    return announcing("announced", family, attributes, TIMED).prove()


def _part_of_first(family: Family, attributes: Attributes) -> Announcing:
    return announcing("announced", family, attributes, COUNTED).prove()


class FirstAnnouncement(OnceASample):
    """Routes announced to a peer that knows none of them (X17, X22).

    All have the same attributes, or each has its own. Times are of 100 routes, counts per route of 12.
    """

    rows = {"X17": (), "X22": ()}
    params = (["ipv4", "ipv6"], ["shared", "distinct"])
    param_names = ("family", "attributes")

    def size(self, family: Family, attributes: Attributes) -> Size:
        return Size(TIMED, TIMED)

    @on(_first)
    def time_announce(self, work: Announcing) -> None:
        work.run()

    @on(_part_of_first, unit="bytecodes/route")
    def track_announce_bytecodes(self, work: Announcing) -> float:
        return bytecodes_per_message(work.run, work)


def _first_written(family: Family, attributes: Attributes) -> Written:
    if attributes == "shared" and family in FirstWritten.by_one_command:
        return written_of(announcing_in_one(SESSIONS[family], FirstWritten.by_one_command[family]))
    return written_of(announcing("announced", family, attributes, FirstWritten.routes))


class FirstWritten(Benchmark):
    """UPDATEs and octets that ExaBGP writes for 1,000 routes that a peer does not know, by family (X17, X22).

    All have the same attributes, or each has its own. Written are 1,000 IPv4 routes that share their attributes, which
    ExaBGP packs together, and 200 such IPv6 routes, by a command for all of them; and 50 routes else, of which each
    has an UPDATE of its own.
    """

    rows = {"X17": (), "X22": ()}
    params = (list(SESSIONS), ["shared", "distinct"])
    param_names = ("family", "attributes")
    by_one_command: ClassVar[dict[Family, int]] = {"ipv4": 1000, "ipv6": 200}
    routes = 50

    @on(_first_written, unit="UPDATEs/1,000 routes")
    def track_updates(self, work: Written) -> float:
        return work.of_thousand_routes(work.updates)

    @on(_first_written, unit="octets/1,000 routes")
    def track_octets(self, work: Written) -> float:
        return work.of_thousand_routes(work.octets)


def _of_family(family: Family, event: str) -> Announcing:
    return announcing(event, family, "distinct", TIMED).prove()


def _part_of_family(family: Family, event: str) -> Announcing:
    return announcing(event, family, "distinct", COUNTED).prove()


def _family_written(family: Family, event: str) -> Written:
    return written_of(announcing(event, family, "distinct", COUNTED))


class OtherFamilies(OnceASample):
    """Labelled IPv4 routes and routes of VPNs, announced and withdrawn (X05).

    Each has attributes of its own, a label and, in a VPN, a route distinguisher. Times are of 100 routes, counts per
    route of 12, octets those of 12.
    """

    rows = {"X05": ()}
    params = (["labelled", "vpnv4", "vpnv6"], ["announced", "withdrawn"])
    param_names = ("family", "event")

    def size(self, family: Family, event: str) -> Size:
        return Size(TIMED, TIMED)

    @on(_of_family)
    def time_run(self, work: Announcing) -> None:
        work.run()

    @on(_part_of_family, unit="bytecodes/route")
    def track_run_bytecodes(self, work: Announcing) -> float:
        return bytecodes_per_message(work.run, work)

    @on(_family_written, unit="octets")
    def track_octets(self, work: Written) -> int:
        return work.octets


def _event(event: str, attributes: Attributes) -> Announcing:
    return announcing(event, "ipv4", attributes, TIMED).prove()


def _part_of_event(event: str, attributes: Attributes) -> Announcing:
    return announcing(event, "ipv4", attributes, COUNTED).prove()


def _event_written(event: str) -> Written:
    return written_of(announcing(event, "ipv4", "shared", KnownRoutes.written))


class KnownRoutes(OnceASample):
    """IPv4 routes announced again, changed, withdrawn or sent again to a peer (X20, X21, X24).

    The peer was told of them before. Announced again as they are, nothing is to be written. With other attributes, each
    route is. A withdrawal may be of what the peer was never told, as that of a health check that begins with a service
    down. The command to clear the Adj-RIB-Out withdraws all that the peer was told, and on a ROUTE-REFRESH all that is
    written again. Times are of 100 routes, counts per route of 12, UPDATEs and octets those of 50 that share their
    attributes.
    """

    rows = {
        "X20": ("announced again",),
        "X21": ("withdrawn",),
        "X24": ("ROUTE-REFRESH",),
    }
    params = (list(EVENTS[1:]), ["shared", "distinct"])
    param_names = ("event", "attributes")
    # Those of what is written.
    events = {"params": (list(EVENTS[1:]),), "param_names": ("event",)}
    written = 50

    def size(self, event: str, attributes: Attributes) -> Size:
        return Size(TIMED, TIMED)

    @on(_event)
    def time_run(self, work: Announcing) -> None:
        work.run()

    @on(_part_of_event, unit="bytecodes/route")
    def track_run_bytecodes(self, work: Announcing) -> float:
        return bytecodes_per_message(work.run, work)

    @on(_event_written, unit="UPDATEs", **events)
    def track_updates(self, work: Written) -> int:
        return work.updates

    @on(_event_written, unit="octets", **events)
    def track_octets(self, work: Written) -> int:
        return work.octets


def _self(attributes: Attributes) -> Announcing:
    return announcing_self(attributes, TIMED).prove()


def _part_of_self(attributes: Attributes) -> Announcing:
    return announcing_self(attributes, COUNTED).prove()


def _self_written(attributes: Attributes) -> Written:
    return written_of(announcing_self(attributes, COUNTED))


class NextHopSelf(OnceASample):
    """IPv4 routes announced with "next-hop self", which ExaBGP resolves for each route (X23).

    Times are of 100 routes, counts per route of 12, UPDATEs those of 12.
    """

    rows = {"X23": ()}
    params = (["shared", "distinct"],)
    param_names = ("attributes",)

    def size(self, attributes: Attributes) -> Size:
        return Size(TIMED, TIMED)

    @on(_self)
    def time_announce(self, work: Announcing) -> None:
        work.run()

    @on(_part_of_self, unit="bytecodes/route")
    def track_announce_bytecodes(self, work: Announcing) -> float:
        return bytecodes_per_message(work.run, work)

    @on(_self_written, unit="UPDATEs")
    def track_updates(self, work: Written) -> int:
        return work.updates


def _cost(work: Announcing | ToNeighbors) -> int:
    return bytecodes(work.run, work)


def _many(family: Family, routes: int) -> Announcing:
    require_memory(routes * _ROUTE)
    return announcing("announced", family, "distinct", routes).prove()


def _growing(event: str, family: Family) -> InSizes:
    return InSizes([announcing(event, family, "distinct", routes).prove() for routes in AnnouncementGrowth.counted])


def _announced_growing(family: Family) -> InSizes:
    return _growing("announced", family)


def _withdrawn_growing(family: Family) -> InSizes:
    return _growing("withdrawn", family)


class AnnouncementGrowth(OnceASample):
    """How the cost of announcing and of withdrawing routes grows with their number, by family (X05).

    Each has attributes of its own. The exponent is that of the bytecodes of 8 and 64 routes: 1 is in proportion. Times
    are of 1,000 and of 50,000 routes.
    """

    rows = {"X05": ()}
    params = (["ipv4", "vpnv6"], [1000, 50000])
    param_names = ("family", "routes")
    long = (("ipv4", 50000), ("vpnv6", 50000))
    counted = (8, 64)
    repeat = (1, 2, 0.5)
    announced = {"params": (["ipv4", "ipv6", "vpnv4", "vpnv6"],), "param_names": ("family",)}
    withdrawn = {"params": (["ipv4", "vpnv6"],), "param_names": ("family",)}

    def size(self, family: Family, routes: int) -> Size:
        return Size(routes, routes)

    @on(_many)
    def time_announce(self, work: Announcing) -> None:
        work.run()

    @on(_announced_growing, unit="exponent", **announced)
    def track_announce_growth(self, work: InSizes) -> float:
        return work.exponent(_cost, 4)

    @on(_withdrawn_growing, unit="exponent", **withdrawn)
    def track_withdraw_growth(self, work: InSizes) -> float:
        return work.exponent(_cost, 4)


def _to_neighbors(addressed: str) -> ToNeighbors:
    return ToNeighbors(ManyNeighbors.timed, to_all=addressed == "all")


def _part_of_neighbors(addressed: str) -> ToNeighbors:
    return ToNeighbors(max(ManyNeighbors.counted), to_all=addressed == "all")


def _more_neighbors(addressed: str) -> InSizes:
    return InSizes([ToNeighbors(neighbors, to_all=addressed == "all") for neighbors in ManyNeighbors.counted])


class ManyNeighbors(OnceASample):
    """One route announced to all of many neighbours, or to the one that a selector names (X27).

    Measured is all that happens to a command, parsing included, and the UPDATEs written to all neighbours. Times are of
    100 neighbours, counts of 32. The exponent is that of the bytecodes of 4 and 32 neighbours.
    """

    rows = {"X27": ()}
    params = (["all", "one"],)
    param_names = ("addressed",)
    timed, counted = 100, (4, 32)

    def size(self, addressed: str) -> Size:
        return Size(self.timed, self.timed if addressed == "all" else 1)

    @on(_to_neighbors)
    def time_announce(self, work: ToNeighbors) -> None:
        work.run()

    @on(_part_of_neighbors, unit="bytecodes/command")
    def track_announce_bytecodes(self, work: ToNeighbors) -> int:
        return bytecodes(work.run, work)

    @on(_more_neighbors, unit="exponent")
    def track_growth(self, work: InSizes) -> float:
        return work.exponent(_cost, 4)
