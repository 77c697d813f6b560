"""Counts the histograms of `benchmarks.wire.traffic` in a recording."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from benchmarks.wire import AttributeCode, Nlri, SegmentType, Session, UpdateTruth, decode_update, traffic
from benchmarks.wire.iana import MessageType
from benchmarks.wire.mrt import RecordedMessage, read_recording

FAMILIES = (1, 2)


def recorded_updates(path: Path) -> list[tuple[RecordedMessage, UpdateTruth]]:
    session = Session()
    return [
        (message, decode_update(message.body, session))
        for message in read_recording(path)
        if message.type == MessageType.UPDATE
    ]


def count(updates: Iterable[tuple[RecordedMessage, UpdateTruth]]) -> dict[str, object]:
    """Histograms by the name they have in `traffic`."""
    c: dict[str, Counter] = defaultdict(Counter)
    family: dict[str, dict[int, Counter]] = defaultdict(lambda: {afi: Counter() for afi in FAMILIES})
    classes: dict[int, Counter] = defaultdict(Counter)
    peers: dict[tuple[int, str], _Peer] = defaultdict(_Peer)
    tally: Counter = Counter()
    transit: Counter = Counter()
    origins: Counter = Counter()
    for message, truth in updates:
        routes = [nlri for nlri, _ in truth.announced]
        afi = (routes or truth.withdrawn)[0].afi
        c["KINDS"][afi, bool(routes), bool(truth.withdrawn)] += 1
        if truth.withdrawn:
            family["WITHDRAWN_PER_UPDATE"][afi][len(truth.withdrawn)] += 1
        if not routes:
            continue
        attributes = truth.attributes
        family["PREFIX_LENGTHS"][afi].update(int(nlri.prefix.partition("/")[2]) for nlri in routes)
        size = traffic.ANNOUNCED_UP_TO[bisect_left(traffic.ANNOUNCED_UP_TO, len(routes))]
        family["ANNOUNCED_PER_UPDATE"][afi][size] += 1
        family["ATTRIBUTE_TYPES"][afi][tuple(attributes)] += 1

        path = attributes[AttributeCode.AS_PATH]
        asns = [asn for kind, members in path for asn in members if kind == SegmentType.AS_SEQUENCE]
        family["PATH_LENGTHS"][afi][sum(len(members) for _, members in path)] += 1
        transit.update(asns[1:-1])
        origins[asns[-1]] += 1
        tally["neighbours"] += len(asns) - 2
        tally["prepended"] += sum(a == b for a, b in pairwise(asns[1:]))

        c["ORIGINS"][attributes[AttributeCode.ORIGIN]] += 1
        if (med := attributes.get(AttributeCode.MULTI_EXIT_DISC)) is not None:
            c["MEDS"][med if med in traffic.MEDS else None] += 1
        if aggregator := attributes.get(AttributeCode.AGGREGATOR):
            c["AGGREGATOR_IS_FOUR_OCTET"][aggregator[0] > 65535] += 1
        if communities := attributes.get(AttributeCode.COMMUNITIES):
            c["COMMUNITIES"][len(communities)] += 1
        if communities := attributes.get(AttributeCode.LARGE_COMMUNITIES):
            c["LARGE_COMMUNITIES"][len(communities)] += 1
        if communities := attributes.get(AttributeCode.EXTENDED_COMMUNITIES):
            c["EXTENDED_COMMUNITIES"][len(communities)] += 1
            c["EXTENDED_COMMUNITY_TYPES"].update(community[:2] for community in communities)

        peer = peers[message.peer_as, message.peer_ip]
        peer.add(truth, routes, classes[size], tally, c)

    shares = {
        "PREPENDED": tally["prepended"] / tally["neighbours"],
        "FRESH_LIST_NEW_PREFIXES": {
            known: tally["new prefixes", known] / tally["prefixes", known] for known in (False, True)
        },
        "NEW_VALUES": {
            code: tally["new", code] / (tally["new", code] + tally["known", code]) for code in traffic.NEW_VALUES
        },
    }
    return {
        **c,
        **family,
        **shares,
        "RECURRENCE": dict(classes),
        "TRANSIT_AS": _bands(transit),
        "ORIGIN_AS": _bands(origins),
    }


class _Peer:
    """What one peer has announced so far: attribute sets and prefixes are only ever shared within a peer."""

    def __init__(self) -> None:
        self.position = 0
        self.sets: dict[object, int] = {}
        self.lists: dict[object, int] = {}
        self.messages: set[object] = set()
        self.prefixes: set[Nlri] = set()
        self.values: set[object] = set()

    def add(
        self,
        truth: UpdateTruth,
        routes: list[Nlri],
        classes: Counter,
        tally: Counter,
        c: dict[str, Counter],
    ) -> None:
        hop6 = {hop for nlri, hop in truth.announced if nlri.afi == 2}
        attribute_set = (tuple(truth.attributes.items()), tuple(hop6))
        nlri = tuple(routes)
        set_known = attribute_set in self.sets
        list_known = (attribute_set, nlri) in self.messages if set_known else nlri in self.lists
        classes[set_known, list_known] += 1
        if set_known:
            c["SET_DISTANCES"][_power_of_two(self.position - self.sets[attribute_set])] += 1
        elif list_known:
            c["LIST_DISTANCES"][_power_of_two(self.position - self.lists[nlri])] += 1
        if not list_known:
            tally["prefixes", set_known] += len(routes)
            tally["new prefixes", set_known] += sum(route not in self.prefixes for route in routes)
        if not set_known:
            for code in traffic.NEW_VALUES:
                if code in truth.attributes:
                    value = (code, truth.attributes[code])
                    tally["known" if value in self.values else "new", code] += 1
                    self.values.add(value)
        self.sets[attribute_set] = self.lists[nlri] = self.position
        self.messages.add((attribute_set, nlri))
        self.prefixes.update(routes)
        self.position += 1


def _power_of_two(distance: int) -> int:
    """The smallest power of two that is not below the distance."""
    return 1 << (distance - 1).bit_length()


def _bands(asns: Counter) -> dict[int, tuple[int, float]]:
    """By rank: how often the AS numbers down to it occur, and the share of four-octet ones among those."""
    ranked = asns.most_common()
    bands, first = {}, 0
    for last in (1, 3, 10, 30, 100, 300, 1000, len(ranked)):
        band = ranked[first:last]
        if not band:
            break
        occurrences = sum(n for _, n in band)
        bands[last] = (occurrences, sum(n for asn, n in band if asn > 65535) / occurrences)
        first = last
    return bands
