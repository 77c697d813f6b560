"""What ExaBGP decoded, in the terms of `benchmarks.wire`, to be compared with what the bytes say.

Nothing here is ever timed. It reads the objects of every era, one attribute type at a time.
"""

from collections.abc import Callable
from typing import Any

from benchmarks.wire import AttributeCode, Nlri, UpdateTruth

from .session import Speaker
from .use import collection_of

# IN.WITHDRAWN and OUT.WITHDRAW until 2020, Action.WITHDRAW since.
_WITHDRAW = 2

_SEGMENT_TYPES = {"SET": 1, "SEQUENCE": 2, "CONFED_SEQUENCE": 3, "CONFED_SET": 4}


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
            if int(nlri.action) == _WITHDRAW:
                withdrawn.append(_nlri(nlri))
            else:
                announced.append((_nlri(nlri), str(nlri.nexthop)))
    attributes = {int(code): _value(int(code), value) for code, value in collection.attributes.items()}
    return UpdateTruth(tuple(announced), tuple(withdrawn), attributes)


def _nlri(nlri: Any) -> Nlri:
    path = bytes(nlri.path_info.path_info) if nlri.path_info else b""
    return Nlri(int(nlri.afi), int(nlri.safi), nlri.cidr.prefix(), int.from_bytes(path) if path else None)


def _value(code: int, attribute: Any) -> object:
    read = _VALUES.get(code)
    return read(attribute) if read else bytes(attribute.data)


def _as_path(attribute: Any) -> tuple[tuple[int, tuple[int, ...]], ...]:
    if hasattr(attribute, "aspath"):
        return tuple(
            (_SEGMENT_TYPES[type(segment).__name__], tuple(map(int, segment))) for segment in attribute.aspath
        )
    # Until 2020-11 a path is four lists, one a segment type; their order on the wire is lost.
    parts = (
        (3, attribute.as_cseq),
        (4, attribute.as_cset),
        (2, attribute.as_seq),
        (1, attribute.as_set),
    )
    return tuple((kind, tuple(map(int, asns))) for kind, asns in parts if asns)


def _packed(item: Any) -> bytes:
    """The bytes of one community, whichever name an era gives to the method that packs it."""
    for name in ("community", "large_community"):
        value = getattr(item, name, None)
        if value is not None:
            return bytes(value)
    return bytes(item.pack_attribute(None) if hasattr(item, "pack_attribute") else item.pack())


def _communities(attribute: Any) -> tuple[int, ...]:
    return tuple(int.from_bytes(_packed(item)) for item in attribute.communities)


def _large_communities(attribute: Any) -> tuple[tuple[int, ...], ...]:
    packed = map(_packed, attribute.communities)
    return tuple(tuple(int.from_bytes(octets[i : i + 4]) for i in (0, 4, 8)) for octets in packed)


_VALUES: dict[int, Callable[[Any], object]] = {
    AttributeCode.ORIGIN: lambda attribute: int(attribute.origin),
    AttributeCode.AS_PATH: _as_path,
    AttributeCode.NEXT_HOP: str,
    AttributeCode.MULTI_EXIT_DISC: lambda attribute: int(attribute.med),
    AttributeCode.LOCAL_PREF: lambda attribute: int(attribute.localpref),
    AttributeCode.ATOMIC_AGGREGATE: lambda _: True,
    AttributeCode.AGGREGATOR: lambda attribute: (int(attribute.asn), str(attribute.speaker)),
    AttributeCode.COMMUNITIES: _communities,
    AttributeCode.ORIGINATOR_ID: str,
    AttributeCode.CLUSTER_LIST: lambda attribute: tuple(map(str, attribute.clusters)),
    AttributeCode.EXTENDED_COMMUNITIES: lambda attribute: tuple(map(_packed, attribute.communities)),
    AttributeCode.LARGE_COMMUNITIES: _large_communities,
}
