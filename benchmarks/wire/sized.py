"""UPDATEs of the sizes that the scenarios name: one route, ten routes, a hundred and more.

`index` numbers the messages of a batch: of one builder, different ones share no prefix and no attribute set.
On a session without IPv4 unicast the routes are of its first family and the messages longer.
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

# Above it an AS number takes four octets.
_WIDE: Final = 4_200_000_000

# The first that is not reserved (RFC 3032, section 2.1), and as many as fit 20 bits.
_FIRST_LABEL: Final = 16
_LABELS: Final = (1 << 20) - _FIRST_LABEL


def simple_update(session: Session, index: int = 0) -> Message:
    """One route with ORIGIN, a short AS_PATH, NEXT_HOP and two communities: 60-80 octets for IPv4."""
    attributes: dict[int, object] = {
        AttributeCode.ORIGIN: int(Origin.IGP),
        AttributeCode.AS_PATH: _path(session, index, 3 if session.internal else 4),
        AttributeCode.COMMUNITIES: _communities(index, 2),
    }
    return update(session, announce=_routes(session, index, 1), attributes=attributes)


def wide_update(session: Session, index: int = 0) -> Message:
    """One route with ORIGIN, NEXT_HOP, an AGGREGATOR and an AS_PATH of which half need AS numbers of four octets."""
    own = () if session.internal else (session.peer_as,)
    asns = own + tuple([_asn(index + 31 * hop) + hop % 2 * _WIDE for hop in range(6)])
    attributes: dict[int, object] = {
        AttributeCode.AS_PATH: ((int(SegmentType.AS_SEQUENCE), asns),),
        AttributeCode.AGGREGATOR: (_WIDE + _asn(index), "192.0.2.9"),
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
    """The `count` routes of message `index`, in the session's IPv4 unicast or else its first family."""
    first = index * count
    if index < 0 or first + count > _BLOCKS:
        raise ValueError(f"index {index} is not between 0 and {_BLOCKS // count - 1}")
    afi, safi = IPV4_UNICAST if IPV4_UNICAST in session.families else session.families[0]
    path_id = 1 + index % 8 if (afi, safi) in session.addpath else None
    prefix = _ipv4_prefix if afi == AFI.IPV4 else _ipv6_prefix
    numbers = range(first, first + count)
    if safi == SAFI.UNICAST:
        return [Nlri(afi, safi, prefix(n), path_id) for n in numbers]
    return [
        Nlri(afi, safi, prefix(n), path_id, _FIRST_LABEL + n % _LABELS, _distinguisher(n) if safi == SAFI.VPN else None)
        for n in numbers
    ]


def _distinguisher(number: int) -> str:
    """That of one of eight VPNs."""
    return f"65000:{1 + number % 8}"


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
