"""What ExaBGP decoded, in the terms of `benchmarks.wire`, to be compared with what the bytes say.

Nothing here is ever timed. It reads the objects of every era, one attribute type at a time.
"""

import inspect
from collections.abc import Callable
from typing import Any, cast

from benchmarks.wire import AttributeCode, Nlri, UpdateTruth

from .session import Speaker
from .use import collection_of

# IN.WITHDRAWN and OUT.WITHDRAW until 2020, Action.WITHDRAW since.
WITHDRAW = 2

_SEGMENT_TYPES = {"SET": 1, "SEQUENCE": 2, "CONFED_SEQUENCE": 3, "CONFED_SET": 4}
# The same types by the list that holds their AS numbers on commits that keep a path as four lists.
_LISTS = {3: "as_cseq", 4: "as_cset", 2: "as_seq", 1: "as_set"}


_COMMUNITIES = {AttributeCode.COMMUNITIES, AttributeCode.EXTENDED_COMMUNITIES, AttributeCode.LARGE_COMMUNITIES}


def truth_of(update: Any, speaker: Speaker) -> UpdateTruth:
    """Everything in an UPDATE that ExaBGP decoded, in wire order, as plain values."""
    collection = collection_of(update, speaker)
    announced: list[tuple[Nlri, str]] = []
    withdrawn: list[Nlri] = []
    if hasattr(collection, "announces"):
        for route in collection.announces:
            nlri = getattr(route, "nlri", route)
            announced.append((_nlri(nlri), str(route.nexthop)))
        withdrawn += map(_nlri, collection.withdraws)
    else:
        for nlri in collection.nlris:
            if int(nlri.action) == WITHDRAW:
                withdrawn.append(_nlri(nlri))
            else:
                announced.append((_nlri(nlri), str(nlri.nexthop)))
    return UpdateTruth(tuple(announced), tuple(withdrawn), attributes_of(collection))


def attributes_of(decoded: Any) -> dict[int, object]:
    """The attributes of an UPDATE, or of a route, that ExaBGP decoded, as plain values."""
    # ExaBGP's no-op, an UPDATE that it did not decode, has an empty string there.
    attributes = decoded.attributes.items() if decoded.attributes else ()
    return {int(code): _value(int(code), value) for code, value in attributes}


def comparable(truth: UpdateTruth) -> UpdateTruth:
    """The truth about an UPDATE in the terms of `truth_of`, less what this commit can't tell.

    Communities are in ascending order, which some commits put them in: the order on the wire has no meaning. Until
    2021-10 ExaBGP keeps a path as four lists, one a segment type, and loses the order of the segments. With two-octet
    AS numbers AS4_PATH is to be put together with AS_PATH, and AS4_AGGREGATOR goes before AGGREGATOR (RFC 6793, section
    4.2.3).
    """
    from exabgp.bgp.message.update.attribute.aspath import ASPath

    attributes = dict(truth.attributes)
    for code in _COMMUNITIES & attributes.keys():
        attributes[code] = tuple(sorted(cast(tuple[Any, ...], attributes[code])))
    if AttributeCode.AS4_PATH in attributes:
        attributes[AttributeCode.AS_PATH] = attributes.pop(AttributeCode.AS4_PATH)
    if AttributeCode.AS4_AGGREGATOR in attributes:
        del attributes[AttributeCode.AGGREGATOR]
    path = cast(tuple[tuple[int, tuple[int, ...]], ...], attributes.get(AttributeCode.AS_PATH))
    if path and "as_sequence" in inspect.signature(ASPath.__init__).parameters:
        by_type = ((kind, tuple(asn for t, asns in path for asn in asns if t == kind)) for kind in _LISTS)
        attributes[AttributeCode.AS_PATH] = tuple((kind, asns) for kind, asns in by_type if asns)
    return UpdateTruth(truth.announced, truth.withdrawn, attributes)


def _nlri(nlri: Any) -> Nlri:
    path = bytes(nlri.path_info.path_info) if nlri.path_info else b""
    return Nlri(int(nlri.afi), int(nlri.safi), nlri.cidr.prefix(), int.from_bytes(path) if path else None)


def _value(code: int, attribute: Any) -> object:
    read = _VALUES.get(code)
    return read(attribute) if read else bytes(attribute.data)


def _as_path(attribute: Any) -> tuple[tuple[int, tuple[int, ...]], ...]:
    if hasattr(attribute, "aspath"):
        return tuple((_SEGMENT_TYPES[type(segment).__name__], tuple(map(int, segment))) for segment in attribute.aspath)
    lists = ((kind, getattr(attribute, name)) for kind, name in _LISTS.items())
    return tuple((kind, tuple(map(int, asns))) for kind, asns in lists if asns)


def _packed(item: Any) -> bytes:
    """The bytes of one community, whichever name an era gives to the method that packs it."""
    for name in ("community", "large_community"):
        value = getattr(item, name, None)
        if value is not None:
            return bytes(value)
    return bytes(item.pack_attribute(None) if hasattr(item, "pack_attribute") else item.pack())


def _communities(attribute: Any) -> tuple[int, ...]:
    return tuple(sorted(int.from_bytes(_packed(item)) for item in attribute.communities))


def _large_communities(attribute: Any) -> tuple[tuple[int, ...], ...]:
    packed = sorted(map(_packed, attribute.communities))
    return tuple(tuple(int.from_bytes(octets[i : i + 4]) for i in (0, 4, 8)) for octets in packed)


_VALUES: dict[int, Callable[[Any], object]] = {
    AttributeCode.ORIGIN: lambda attribute: int(attribute.origin),
    AttributeCode.AS_PATH: _as_path,
    AttributeCode.NEXT_HOP: str,
    AttributeCode.MULTI_EXIT_DISC: lambda attribute: int(attribute.med),
    AttributeCode.LOCAL_PREF: lambda attribute: int(attribute.localpref),
    AttributeCode.ATOMIC_AGGREGATE: lambda _: True,
    AttributeCode.AGGREGATOR: lambda attribute: (int(attribute.asn), str(attribute.speaker)),
    AttributeCode.AS4_AGGREGATOR: lambda attribute: (int(attribute.asn), str(attribute.speaker)),
    AttributeCode.COMMUNITIES: _communities,
    AttributeCode.ORIGINATOR_ID: str,
    AttributeCode.CLUSTER_LIST: lambda attribute: tuple(map(str, attribute.clusters)),
    AttributeCode.EXTENDED_COMMUNITIES: lambda attribute: tuple(sorted(map(_packed, attribute.communities))),
    AttributeCode.LARGE_COMMUNITIES: _large_communities,
}
