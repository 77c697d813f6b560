"""Path attributes: from values to octets."""

from collections.abc import Callable, Mapping
from struct import pack
from typing import Final

from benchmarks.wire.iana import (
    AFI,
    AS_TRANS,
    ATTRIBUTE_FLAGS,
    EXTENDED_LENGTH,
    UNKNOWN_ATTRIBUTE_FLAGS,
    AttributeCode,
    Origin,
    SegmentType,
)
from benchmarks.wire.prefix import address

type Segments = tuple[tuple[int, tuple[int, ...]], ...]
"""An AS path: (segment type, AS numbers) of each segment."""

_MAX_TWO_OCTET_ASN: Final = 65535
_SEGMENT_TYPES: Final = frozenset(SegmentType)
# RFC 6793, section 3: confederation segments stay out of AS4_PATH.
_CONFEDERATION: Final = frozenset({SegmentType.AS_CONFED_SEQUENCE, SegmentType.AS_CONFED_SET})


def attribute(code: int, value: bytes) -> bytes:
    """One path attribute: flags, type code, length (two octets when above 255), value (RFC 4271, 4.3)."""
    flags = ATTRIBUTE_FLAGS.get(code, UNKNOWN_ATTRIBUTE_FLAGS)
    if len(value) > 255:
        return pack("!BBH", flags | EXTENDED_LENGTH, code, len(value)) + value
    return pack("!BBB", flags, code, len(value)) + value


def on_the_wire(attributes: Mapping[int, object], asn4: bool) -> dict[int, object]:
    """The attributes that a session carries for these, in ascending type code.

    With two-octet AS numbers, those that do not fit become AS_TRANS in AS_PATH and AGGREGATOR, and AS4_PATH
    and AS4_AGGREGATOR carry the true ones (RFC 6793, section 4.2.2). Raises ValueError for values of the
    wrong shape.
    """
    carried = {int(code): value for code, value in attributes.items()}
    if not asn4:
        if AttributeCode.AS_PATH in carried:
            path = _segments(carried[AttributeCode.AS_PATH])
            narrow = tuple((kind, tuple(_two_octet(asn) for asn in asns)) for kind, asns in path)
            if narrow != path:
                carried[AttributeCode.AS_PATH] = narrow
                carried[AttributeCode.AS4_PATH] = tuple(s for s in path if s[0] not in _CONFEDERATION)
        if AttributeCode.AGGREGATOR in carried:
            asn, speaker = _aggregator(carried[AttributeCode.AGGREGATOR])
            if asn > _MAX_TWO_OCTET_ASN:
                carried[AttributeCode.AGGREGATOR] = (AS_TRANS, speaker)
                carried[AttributeCode.AS4_AGGREGATOR] = (asn, speaker)
    return {int(code): carried[code] for code in sorted(carried)}


def encoded(attributes: Mapping[int, object], asn4: bool) -> bytes:
    """Octets of the attributes in the order given, AS numbers in four octets or two.

    Values are as in `UpdateTruth`. Raises ValueError for a value of the wrong shape.
    """
    return b"".join([attribute(code, _value(code, value, asn4)) for code, value in attributes.items()])


def _value(code: int, value: object, asn4: bool) -> bytes:
    if code in _ENCODERS:
        return _ENCODERS[code](value)
    if code in (AttributeCode.AS_PATH, AttributeCode.AS4_PATH):
        return _as_path(value, 4 if asn4 or code == AttributeCode.AS4_PATH else 2)
    if code in (AttributeCode.AGGREGATOR, AttributeCode.AS4_AGGREGATOR):
        asn, speaker = _aggregator(value)
        size = 4 if asn4 or code == AttributeCode.AS4_AGGREGATOR else 2
        return asn.to_bytes(size) + address(AFI.IPV4, speaker, "AGGREGATOR")
    if not 0 < code < 256:
        raise ValueError(f"attribute type code {code} is not between 1 and 255")
    if not isinstance(value, bytes):
        raise _wrong_shape(f"attribute {code}", "bytes", value)
    return value


def _origin(value: object) -> bytes:
    if not isinstance(value, int) or value not in list(Origin):
        raise _wrong_shape("ORIGIN", "0, 1 or 2", value)
    return value.to_bytes(1)


def _number(name: str) -> Callable[[object], bytes]:
    def encode(value: object) -> bytes:
        return _u32(value, name).to_bytes(4)

    return encode


def _ipv4(name: str) -> Callable[[object], bytes]:
    def encode(value: object) -> bytes:
        if not isinstance(value, str):
            raise _wrong_shape(name, "an IPv4 address as text", value)
        return address(AFI.IPV4, value, name)

    return encode


def _atomic_aggregate(value: object) -> bytes:
    if value is not True:
        raise _wrong_shape("ATOMIC_AGGREGATE", "True", value)
    return b""


def _communities(value: object) -> bytes:
    items = _items(value, "COMMUNITIES", "32-bit integers")
    return b"".join([_u32(item, "community").to_bytes(4) for item in items])


def _cluster_list(value: object) -> bytes:
    encode = _ipv4("CLUSTER_LIST")
    return b"".join([encode(item) for item in _items(value, "CLUSTER_LIST", "IPv4 addresses as text")])


def _extended_communities(value: object) -> bytes:
    octets = []
    for item in _items(value, "EXTENDED_COMMUNITIES", "8 octets each"):
        if not isinstance(item, bytes) or len(item) != 8:
            raise _wrong_shape("extended community", "8 octets", item)
        octets.append(item)
    return b"".join(octets)


def _large_communities(value: object) -> bytes:
    octets = []
    for item in _items(value, "LARGE_COMMUNITIES", "three 32-bit integers each"):
        if not isinstance(item, tuple) or len(item) != 3:
            raise _wrong_shape("large community", "three 32-bit integers", item)
        octets += [_u32(part, "large community").to_bytes(4) for part in item]
    return b"".join(octets)


_ENCODERS: Final[dict[int, Callable[[object], bytes]]] = {
    AttributeCode.ORIGIN: _origin,
    AttributeCode.NEXT_HOP: _ipv4("NEXT_HOP"),
    AttributeCode.MULTI_EXIT_DISC: _number("MULTI_EXIT_DISC"),
    AttributeCode.LOCAL_PREF: _number("LOCAL_PREF"),
    AttributeCode.ATOMIC_AGGREGATE: _atomic_aggregate,
    AttributeCode.COMMUNITIES: _communities,
    AttributeCode.ORIGINATOR_ID: _ipv4("ORIGINATOR_ID"),
    AttributeCode.CLUSTER_LIST: _cluster_list,
    AttributeCode.EXTENDED_COMMUNITIES: _extended_communities,
    AttributeCode.LARGE_COMMUNITIES: _large_communities,
}


def _as_path(value: object, asn_size: int) -> bytes:
    octets = []
    for kind, asns in _segments(value):
        octets.append(pack("!BB", kind, len(asns)))
        octets += [asn.to_bytes(asn_size) for asn in asns]
    return b"".join(octets)


def _segments(value: object) -> Segments:
    """The value of AS_PATH when its shape is right: known segment types with 1 to 255 AS numbers each."""
    shape = "a tuple of (segment type 1-4, tuple of 1 to 255 AS numbers)"
    if not isinstance(value, tuple):
        raise _wrong_shape("AS_PATH", shape, value)
    for segment in value:
        match segment:
            case (int(kind), tuple(asns)) if kind in _SEGMENT_TYPES and 0 < len(asns) < 256:
                for asn in asns:
                    _asn(asn)
            case _:
                raise _wrong_shape("AS_PATH", shape, value)
    return value


def _aggregator(value: object) -> tuple[int, str]:
    match value:
        case (asn, str(speaker)):
            return _asn(asn), speaker
    raise _wrong_shape("AGGREGATOR", "(AS number, IPv4 address as text)", value)


def _asn(value: object) -> int:
    # RFC 7607: AS 0 is in no path.
    if not isinstance(value, int) or not 0 < value < 1 << 32:
        raise _wrong_shape("AS number", "an integer between 1 and 4294967295", value)
    return value


def _two_octet(asn: int) -> int:
    return asn if asn <= _MAX_TWO_OCTET_ASN else AS_TRANS


def _u32(value: object, name: str) -> int:
    if not isinstance(value, int) or not 0 <= value < 1 << 32:
        raise _wrong_shape(name, "a 32-bit integer", value)
    return value


def _items(value: object, name: str, what: str) -> tuple[object, ...]:
    # RFC 7606, section 7: these attributes have at least one member.
    if not isinstance(value, tuple) or not value:
        raise _wrong_shape(name, f"a tuple with members, {what}", value)
    return value


def _wrong_shape(name: str, shape: str, value: object) -> ValueError:
    return ValueError(f"{name} must be {shape}, not {value!r:.80}")
