"""Mobile user plane (draft-ietf-bess-mup-safi), SR policies (RFC 9830), multicast VPNs (RFC 6514)."""

import re
from struct import pack
from typing import Final

from benchmarks.wire.families.multiprotocol import packed, prefix_octets, route_distinguisher, tlv
from benchmarks.wire.message import Route

_ARCHITECTURE_3GPP_5G = 1

# Type, length, flags and reserved octet of a segment of type A, two octets of its label, and the one that has the bit.
_LABEL_OF_SEGMENT: Final = re.compile(rb"(\x01\x06\0\0..)(.)", re.DOTALL)

QFI: Final = 9
"""The QoS flow of all sessions of users."""


def segment_discovery(index: int, *, ipv6: bool = False) -> Route:
    """Routes of types 1, 2 and 4, in turns: an interwork and a direct segment, a session by an end of its tunnel."""
    host, prefix = user_plane(index, ipv6)
    length, octets = prefix_octets(prefix)
    rd, text = route_distinguisher(index)
    tunnel = 1000 + index
    kind, value, says = (
        (1, length.to_bytes(1) + octets, (prefix.partition("/")[0], str(length))),
        (2, packed(host), (host,)),
        (4, bytes([8 * len(packed(host)) + 32]) + packed(host) + pack("!I", tunnel), (host, str(tunnel))),
    )[index % 3]
    return _mobile_user_plane(kind, rd + value, (text, *says))


def session_transformed(index: int, *, ipv6: bool = False) -> Route:
    """A route of type 3: a session by the prefix of a user, with the ends of its tunnel."""
    host, prefix = user_plane(index, ipv6)
    source = tunnel_source(ipv6)
    length, octets = prefix_octets(prefix)
    rd, text = route_distinguisher(index)
    tunnel, bits = 1000 + index, 8 * len(packed(host))
    value = (
        rd
        + length.to_bytes(1)
        + octets
        + pack("!IBB", tunnel, QFI, bits)
        + packed(host)
        + bytes([bits])
        + packed(source)
    )
    return _mobile_user_plane(
        3, value, (text, prefix.partition("/")[0], str(length), str(tunnel), str(QFI), host, source)
    )


def user_plane(index: int, ipv6: bool) -> tuple[str, str]:
    """A host of the user plane, and a prefix behind it."""
    if ipv6:
        return f"2001:db8::{index + 1:x}", f"2001:db8:{index + 1:x}::/48"
    return f"10.3.0.{index}", f"10.4.{index}.0/24"


def tunnel_source(ipv6: bool) -> str:
    """Where the tunnels of all sessions of users begin."""
    return "2001:db8::ffff" if ipv6 else "10.3.1.1"


def _mobile_user_plane(kind: int, value: bytes, says: tuple[str, ...]) -> Route:
    return Route(pack("!BHB", _ARCHITECTURE_3GPP_5G, kind, len(value)) + value, says)


def sr_policy(index: int, *, ipv6: bool = False) -> Route:
    """A candidate path: its distinguisher, a color and an endpoint (RFC 9830, section 2.1)."""
    endpoint = sr_endpoint(index, ipv6)
    value = pack("!II", index, 100 + index) + packed(endpoint)
    says = (str(index), str(100 + index), endpoint)
    return Route(bytes([8 * len(value)]) + value, says)


def sr_endpoint(index: int, ipv6: bool) -> str:
    """Where a policy leads to."""
    return f"2001:db8::{index + 1:x}" if ipv6 else f"192.0.2.{index}"


def sr_labels(index: int) -> range:
    """The labels of the segments of a candidate path."""
    return range(16000 + index, 16003 + index)


def sr_policy_tunnel(index: int) -> bytes:
    """The tunnel encapsulation attribute of a candidate path: preference, and a list of three segments (type A)."""
    segments = b"".join(bytes([1, 6, 0, 0]) + (label << 12).to_bytes(4) for label in sr_labels(index))
    weight = bytes([9, 6, 0, 0]) + pack("!I", 1)
    preference = bytes([12, 6, 0, 0]) + pack("!I", 100 + index)
    list_ = b"\0" + weight + segments
    return tlv(15, preference + b"\x80" + len(list_).to_bytes(2) + list_)


def without_bottom_of_stack(tunnel: bytes) -> bytes:
    """A candidate path with no label marked as the last: that bit is ignored (RFC 9830, section 2.4.4.2.1)."""
    return _LABEL_OF_SEGMENT.sub(lambda found: found[1] + bytes([found[2][0] & 0xFE]), tunnel)


def multicast_vpn(index: int) -> Route:
    """Routes of types 5 to 7 (source active, shared and source tree join), in turns."""
    rd, text = route_distinguisher(index)
    kind = 5 + index % 3
    # Of a shared tree the root, in the place of the source.
    source, group = f"10.5.0.{index}", f"239.1.0.{index}"
    joined = b"" if kind == 5 else pack("!I", 65000)
    value = rd + joined + b"\x20" + packed(source) + b"\x20" + packed(group)
    return Route(bytes([kind, len(value)]) + value, (text, source, group))
