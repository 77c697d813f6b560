"""A strict decoder of UPDATE, for the truth about messages that this package did not build.

It shares the IANA numbers with the builders and no other code, so that one checks the other.
"""

from collections.abc import Callable, Iterator
from socket import AF_INET, AF_INET6, inet_ntop
from struct import iter_unpack, unpack_from
from typing import Final

from benchmarks.wire.iana import (
    AFI,
    ATTRIBUTE_FLAGS,
    EXTENDED_LENGTH,
    OPTIONAL,
    PARTIAL,
    SAFI,
    TRANSITIVE,
    AttributeCode,
    SegmentType,
)
from benchmarks.wire.message import Nlri, UpdateTruth
from benchmarks.wire.session import IPV6_UNICAST, Session

# Octets of an IPv6 next hop that has a link-local address behind the global one.
_TWO_NEXT_HOPS: Final = 32


class MalformedMessage(ValueError):  # noqa: N818 (the term of RFC 7606)
    """Octets that are no valid BGP message of the session, with one line that says why."""


def decode_update(body: bytes, session: Session) -> UpdateTruth:
    """Read the body of an UPDATE (RFC 4271, section 4.3; RFC 4760), without the 19-octet header.

    Stricter than a speaker, which would repair by RFC 7606: raises MalformedMessage for lengths that do not
    add up, wrong flags, repeated or missing attributes, values out of range and families that the session
    does not have. Bits behind a prefix's length are ignored, as RFC 4271 wants. Of an IPv6 next hop with a
    link-local address (RFC 2545) the global one is the truth.
    """
    withdrawn_size = _u16(body, 0, "withdrawn routes length")
    attributes_at = 2 + withdrawn_size
    attributes_size = _u16(body, attributes_at, "path attributes length")
    nlri_at = attributes_at + 2 + attributes_size
    if nlri_at > len(body):
        raise MalformedMessage(f"path attributes of {attributes_size} octets overrun a body of {len(body)}")

    withdrawn = list(_nlri(body[2:attributes_at], AFI.IPV4, SAFI.UNICAST, session))
    announced4 = list(_nlri(body[nlri_at:], AFI.IPV4, SAFI.UNICAST, session))
    announced: list[tuple[Nlri, str]] = []
    attributes: dict[int, object] = {}
    seen = set()
    for flags, code, value in _split(body[attributes_at + 2 : nlri_at]):
        _check_flags(flags, code)
        if code in seen:
            raise MalformedMessage(f"{_name(code)} is there twice")
        seen.add(code)
        if code == AttributeCode.MP_REACH_NLRI:
            announced = _mp_reach(value, session)
        elif code == AttributeCode.MP_UNREACH_NLRI:
            withdrawn += _mp_unreach(value, session)
        else:
            attributes[code] = _value(code, value, session.asn4)

    if announced4:
        next_hop = attributes.get(AttributeCode.NEXT_HOP)
        if not isinstance(next_hop, str):
            raise MalformedMessage("NEXT_HOP is missing beside IPv4 routes")
        announced = [(nlri, next_hop) for nlri in announced4] + announced
    if announced:
        for code in (AttributeCode.ORIGIN, AttributeCode.AS_PATH):
            if code not in attributes:
                raise MalformedMessage(f"{code.name} is missing beside announced routes")
    return UpdateTruth(tuple(announced), tuple(withdrawn), {code: attributes[code] for code in sorted(attributes)})


def path_attributes(body: bytes) -> dict[int, bytes]:
    """The octets of each path attribute's value in the body of an UPDATE, by type code, whatever its families are."""
    attributes_at = 2 + _u16(body, 0, "withdrawn routes length")
    size = _u16(body, attributes_at, "path attributes length")
    found: dict[int, bytes] = {}
    for flags, code, value in _split(body[attributes_at + 2 : attributes_at + 2 + size]):
        _check_flags(flags, code)
        if code in found:
            raise MalformedMessage(f"{_name(code)} is there twice")
        found[code] = value
    return found


def link_local_next_hop(body: bytes) -> str | None:
    """The link-local address beside the global next hop (RFC 2545, section 3) of a valid UPDATE, if it has one."""
    attributes_at = 4 + int.from_bytes(body[:2])
    size = int.from_bytes(body[attributes_at - 2 : attributes_at])
    for _, code, value in _split(body[attributes_at : attributes_at + size]):
        if code == AttributeCode.MP_REACH_NLRI and value[3] == _TWO_NEXT_HOPS:
            return inet_ntop(AF_INET6, value[20:36])
    return None


def _u16(body: bytes, at: int, name: str) -> int:
    if at + 2 > len(body):
        raise MalformedMessage(f"{name} at octet {at} is outside a body of {len(body)} octets")
    return int.from_bytes(body[at : at + 2])


def _split(attributes: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(flags, type code, value) of each path attribute."""
    at = 0
    while at < len(attributes):
        header = 4 if attributes[at] & EXTENDED_LENGTH else 3
        if at + header > len(attributes):
            raise MalformedMessage(f"path attribute at octet {at} ends within its header")
        flags, code = attributes[at], attributes[at + 1]
        size = int.from_bytes(attributes[at + 2 : at + header])
        at += header
        if at + size > len(attributes):
            raise MalformedMessage(f"{_name(code)} of {size} octets overruns the path attributes")
        yield flags, code, attributes[at : at + size]
        at += size


def _check_flags(flags: int, code: int) -> None:
    kind = flags & (OPTIONAL | TRANSITIVE)
    if not kind & OPTIONAL and code not in ATTRIBUTE_FLAGS:
        raise MalformedMessage(f"{_name(code)} says it is well-known, but is not")
    if kind != ATTRIBUTE_FLAGS.get(code, kind):
        raise MalformedMessage(f"{_name(code)} has flags {flags:#04x}: wrong Optional or Transitive bit")
    if flags & PARTIAL and kind != OPTIONAL | TRANSITIVE:
        raise MalformedMessage(f"{_name(code)} is partial, but not optional transitive")


def _name(code: int) -> str:
    return AttributeCode(code).name if code in ATTRIBUTE_FLAGS else f"attribute {code}"


def _nlri(octets: bytes, afi: int, safi: int, session: Session) -> Iterator[Nlri]:
    """The NLRI in a field (RFC 4271, 4.3), with path identifiers where the session has ADD-PATH."""
    if octets and (afi, safi) not in session.families:
        raise MalformedMessage(f"routes of family {afi}/{safi}, which the session does not have")
    family, width = (AF_INET, 4) if afi == AFI.IPV4 else (AF_INET6, 16)
    afi, safi = int(afi), int(safi)
    addpath = (afi, safi) in session.addpath
    path_id = label = distinguisher = None
    at, end = 0, len(octets)
    while at < end:
        if addpath:
            if at + 5 > end:
                raise MalformedMessage(f"NLRI at octet {at} of its field ends within its path identifier")
            path_id = int.from_bytes(octets[at : at + 4])
            at += 4
        length, start = octets[at], at
        at += 1
        if safi in _BITS_BEFORE_PREFIX:
            length -= _BITS_BEFORE_PREFIX[safi]
            if length < 0 or at + _BITS_BEFORE_PREFIX[safi] // 8 > end:
                raise MalformedMessage(f"NLRI at octet {at} of its field ends before its prefix")
            label = _label(octets[at : at + 3])
            at += 3
        if safi == SAFI.VPN:
            distinguisher = _distinguisher(octets[at : at + 8])
            at += 8
        if length > 8 * width:
            raise MalformedMessage(f"prefix length {length} at octet {start} of the NLRI is above {8 * width}")
        size = (length + 7) // 8
        if at + size > end:
            raise MalformedMessage(f"prefix of {size} octets at octet {start} overruns the NLRI")
        prefix = octets[at : at + size]
        if length % 8:
            prefix = prefix[:-1] + (prefix[-1] & (0xFF00 >> length % 8)).to_bytes(1)
        yield Nlri(
            afi, safi, f"{inet_ntop(family, prefix.ljust(width, b'\0'))}/{length}", path_id, label, distinguisher
        )
        at += size


# Of a label, and of a route distinguisher.
_BITS_BEFORE_PREFIX: Final[dict[int, int]] = {SAFI.LABELLED: 24, SAFI.VPN: 24 + 64}
# In the place of a label where a route is withdrawn (RFC 8277, section 2.4; RFC 3107, section 3).
_NO_LABEL: Final = (b"\x80\0\0", b"\0\0\0")


def _label(octets: bytes) -> int | None:
    """The one label of a route (RFC 8277, section 2.2), or None."""
    if octets in _NO_LABEL:
        return None
    if not octets[2] & 1:
        raise MalformedMessage("a route has more than one label")
    return int.from_bytes(octets) >> 4


def _distinguisher(octets: bytes) -> str:
    """A route distinguisher of type 0 (RFC 4364, section 4.2)."""
    kind, asn, number = unpack_from("!HHI", octets)
    if kind:
        raise MalformedMessage(f"a route distinguisher has type {kind}, not 0")
    return f"{asn}:{number}"


def _mp_reach(value: bytes, session: Session) -> list[tuple[Nlri, str]]:
    """MP_REACH_NLRI (RFC 4760, section 3; next hops RFC 2545, section 3, and RFC 4364, section 4.3.2)."""
    if len(value) < 5:
        raise MalformedMessage(f"MP_REACH_NLRI of {len(value)} octets is too short")
    afi, safi, hop_size = unpack_from("!HBB", value)
    _check_family(AttributeCode.MP_REACH_NLRI, afi, safi)
    width = 16 if afi == AFI.IPV6 else 4
    before = 8 if safi == SAFI.VPN else 0
    sizes = (16, _TWO_NEXT_HOPS) if (afi, safi) == IPV6_UNICAST else (before + width,)
    if hop_size not in sizes:
        raise MalformedMessage(f"MP_REACH_NLRI has an IPv{6 if width == 16 else 4} next hop of {hop_size} octets")
    nlri_at = 4 + hop_size + 1
    if nlri_at > len(value):
        raise MalformedMessage(f"next hop of {hop_size} octets overruns MP_REACH_NLRI")
    if any(value[4 : 4 + before]):
        raise MalformedMessage("the next hop of VPN routes has a route distinguisher that is not zero")
    next_hop = inet_ntop(AF_INET6 if width == 16 else AF_INET, value[4 + before : 4 + before + width])
    announced = [(nlri, next_hop) for nlri in _nlri(value[nlri_at:], afi, safi, session)]
    if safi in _BITS_BEFORE_PREFIX and any(nlri.label is None for nlri, _ in announced):
        raise MalformedMessage("a route is announced without a label")
    return announced


def _mp_unreach(value: bytes, session: Session) -> list[Nlri]:
    """MP_UNREACH_NLRI (RFC 4760, section 4). A label that it has there says nothing (RFC 8277, section 2.4)."""
    if len(value) < 3:
        raise MalformedMessage(f"MP_UNREACH_NLRI of {len(value)} octets is too short")
    afi, safi = unpack_from("!HB", value)
    _check_family(AttributeCode.MP_UNREACH_NLRI, afi, safi)
    return [nlri._replace(label=None) for nlri in _nlri(value[3:], afi, safi, session)]


def _check_family(code: AttributeCode, afi: int, safi: int) -> None:
    if (afi, safi) != IPV6_UNICAST and (afi not in (AFI.IPV4, AFI.IPV6) or safi not in _BITS_BEFORE_PREFIX):
        raise MalformedMessage(f"{code.name} of family {afi}/{safi}: only IPv6 unicast, labels and VPNs are read here")


def _value(code: int, value: bytes, asn4: bool) -> object:
    if code in (AttributeCode.AS_PATH, AttributeCode.AS4_PATH):
        return _as_path(value, 4 if asn4 or code == AttributeCode.AS4_PATH else 2, _name(code))
    if code in (AttributeCode.AGGREGATOR, AttributeCode.AS4_AGGREGATOR):
        return _aggregator(value, 4 if asn4 or code == AttributeCode.AS4_AGGREGATOR else 2, _name(code))
    if code in _READERS:
        size, read = _READERS[code]
        if len(value) != size:
            raise MalformedMessage(f"{_name(code)} has {len(value)} octets, not {size}")
        return read(value)
    if code in _LIST_READERS:
        size, read_list = _LIST_READERS[code]
        if not value or len(value) % size:
            raise MalformedMessage(f"{_name(code)} has {len(value)} octets, not {size} or a multiple of it")
        return read_list(value)
    return value


def _origin(value: bytes) -> int:
    if value[0] > 2:
        raise MalformedMessage(f"ORIGIN is {value[0]}, not 0, 1 or 2")
    return value[0]


def _ipv4(value: bytes) -> str:
    return inet_ntop(AF_INET, value)


# Attributes of a fixed size in octets, and those that are lists of members of a fixed size.
_READERS: Final[dict[int, tuple[int, Callable[[bytes], object]]]] = {
    AttributeCode.ORIGIN: (1, _origin),
    AttributeCode.NEXT_HOP: (4, _ipv4),
    AttributeCode.MULTI_EXIT_DISC: (4, int.from_bytes),
    AttributeCode.LOCAL_PREF: (4, int.from_bytes),
    AttributeCode.ATOMIC_AGGREGATE: (0, lambda value: True),
    AttributeCode.ORIGINATOR_ID: (4, _ipv4),
}
_LIST_READERS: Final[dict[int, tuple[int, Callable[[bytes], object]]]] = {
    AttributeCode.COMMUNITIES: (4, lambda value: tuple([item for (item,) in iter_unpack("!I", value)])),
    AttributeCode.CLUSTER_LIST: (
        4,
        lambda value: tuple([_ipv4(item) for (item,) in iter_unpack("4s", value)]),
    ),
    AttributeCode.EXTENDED_COMMUNITIES: (8, lambda value: tuple([i for (i,) in iter_unpack("8s", value)])),
    AttributeCode.LARGE_COMMUNITIES: (12, lambda value: tuple(iter_unpack("!III", value))),
}


def _as_path(value: bytes, asn_size: int, name: str) -> tuple[tuple[int, tuple[int, ...]], ...]:
    segments = []
    at = 0
    while at < len(value):
        if at + 2 > len(value):
            raise MalformedMessage(f"{name} ends within the header of a segment")
        kind, count = value[at], value[at + 1]
        at += 2
        size = count * asn_size
        if kind not in _SEGMENT_TYPES or not count or at + size > len(value):
            raise MalformedMessage(f"{name} has a segment of type {kind} with {count} AS numbers that is not valid")
        asns = unpack_from(f"!{count}{'I' if asn_size == 4 else 'H'}", value, at)
        if 0 in asns:
            raise MalformedMessage(f"{name} holds AS 0")
        segments.append((kind, asns))
        at += size
    return tuple(segments)


_SEGMENT_TYPES: Final = frozenset(int(kind) for kind in SegmentType)


def _aggregator(value: bytes, asn_size: int, name: str) -> tuple[int, str]:
    if len(value) != asn_size + 4:
        raise MalformedMessage(f"{name} has {len(value)} octets, not {asn_size + 4}")
    asn = int.from_bytes(value[:asn_size])
    if not asn:
        raise MalformedMessage(f"{name} names AS 0")
    return asn, _ipv4(value[asn_size:])
