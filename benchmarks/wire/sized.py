"""UPDATEs of the sizes that the scenarios name: one route, ten routes, a hundred and more.

`index` numbers the messages of a batch: of one builder, different ones share no prefix and no attribute set.
On a session without IPv4 the routes are IPv6 and the messages longer by the longer prefixes.
"""

from typing import Final

from benchmarks.wire.iana import AFI, SAFI, AttributeCode, Origin, SegmentType
from benchmarks.wire.message import Message, Nlri
from benchmarks.wire.session import IPV4_UNICAST, Session
from benchmarks.wire.update import update

# Prefix number n lies in the n-th /22 of 1.0.0.0-126.255.255.255 (or the n-th /32 of 2400::/6), so no two
# overlap whatever their lengths. The lengths repeat in this order: real tables are half /24 and /48.
_IPV4_LENGTHS: Final = (24, 24, 22, 24, 23, 24, 24, 22, 24, 23)
_IPV6_LENGTHS: Final = (48, 48, 32, 48, 36, 48, 32, 48, 40, 48)
_BLOCKS: Final = 126 << 14


def simple_update(session: Session, index: int = 0) -> Message:
    """One route with ORIGIN, a short AS_PATH, NEXT_HOP and two communities: 60-80 octets for IPv4."""
    attributes: dict[int, object] = {
        AttributeCode.ORIGIN: int(Origin.IGP),
        AttributeCode.AS_PATH: _path(session, index, 3 if session.internal else 4),
        AttributeCode.COMMUNITIES: _communities(index, 2),
    }
    return update(session, announce=_routes(session, index, 1), attributes=attributes)


def ten_route_update(session: Session, index: int = 0) -> Message:
    """Ten routes with MED, AGGREGATOR, standard and large communities: 200-500 octets for IPv4."""
    attributes: dict[int, object] = {
        AttributeCode.ORIGIN: int(Origin.IGP),
        AttributeCode.AS_PATH: _path(session, index, 6),
        AttributeCode.MULTI_EXIT_DISC: index % 1000,
        AttributeCode.AGGREGATOR: (_asn(index), "192.0.2.9"),
        AttributeCode.COMMUNITIES: _communities(index, 8),
        AttributeCode.LARGE_COMMUNITIES: _large_communities(index, 6),
    }
    return update(session, announce=_routes(session, index, 10), attributes=attributes)


def large_update(session: Session, routes: int = 100, index: int = 0) -> Message:
    """Many routes: 2,000-4,000 octets for 100 to 200 of IPv4.

    The prefixes of 100 routes are 400 octets; the rest are attributes as a route server at an exchange hands
    them on: a prepended path of 24 ASes and, of the communities by which it and its members mark routes,
    56 standard, 40 extended and 84 large ones.
    """
    attributes: dict[int, object] = {
        AttributeCode.ORIGIN: int(Origin.INCOMPLETE),
        AttributeCode.AS_PATH: _path(session, index, 24),
        AttributeCode.MULTI_EXIT_DISC: index % 1000,
        AttributeCode.COMMUNITIES: _communities(index, 56),
        AttributeCode.EXTENDED_COMMUNITIES: _route_targets(index, 40),
        AttributeCode.LARGE_COMMUNITIES: _large_communities(index, 84),
    }
    return update(session, announce=_routes(session, index, routes), attributes=attributes)


def _routes(session: Session, index: int, count: int) -> list[Nlri]:
    """The `count` routes of message `index`, in the session's IPv4 or else IPv6 unicast family."""
    first = index * count
    if index < 0 or first + count > _BLOCKS:
        raise ValueError(f"index {index} is not between 0 and {_BLOCKS // count - 1}")
    afi = AFI.IPV4 if IPV4_UNICAST in session.families else AFI.IPV6
    path_id = 1 + index % 8 if (afi, SAFI.UNICAST) in session.addpath else None
    prefix = _ipv4_prefix if afi == AFI.IPV4 else _ipv6_prefix
    return [Nlri(int(afi), int(SAFI.UNICAST), prefix(n), path_id) for n in range(first, first + count)]


def _ipv4_prefix(number: int) -> str:
    base = (1 << 24) + (number << 10)
    return f"{base >> 24}.{base >> 16 & 255}.{base >> 8 & 255}.0/{_IPV4_LENGTHS[number % 10]}"


def _ipv6_prefix(number: int) -> str:
    return f"{0x2400 + (number >> 16):x}:{number & 0xFFFF:x}::/{_IPV6_LENGTHS[number % 10]}"


def _asn(number: int) -> int:
    """A two-octet AS number below the private ones, the same for the same number modulo 64,000."""
    return 1 + number * 7919 % 64000


def _path(session: Session, index: int, length: int) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """One AS_SEQUENCE of that length; across an AS border the peer's AS comes first."""
    own = () if session.internal else (session.peer_as,)
    asns = own + tuple([_asn(index + 31 * hop) for hop in range(length - len(own))])
    return ((int(SegmentType.AS_SEQUENCE), asns),)


def _communities(index: int, count: int) -> tuple[int, ...]:
    """Communities in ascending order. The first alone tells messages apart."""
    first = (1000 + (index >> 8) << 16) + ((index & 0xFF) << 8)
    return tuple([first + n for n in range(count)])


def _large_communities(index: int, count: int) -> tuple[tuple[int, int, int], ...]:
    return tuple([(_asn(index), n, index) for n in range(count)])


def _route_targets(index: int, count: int) -> tuple[bytes, ...]:
    """Two-octet AS specific route targets (RFC 4360, section 4)."""
    start = b"\x00\x02" + _asn(index).to_bytes(2)
    return tuple([start + n.to_bytes(4) for n in range(count)])
