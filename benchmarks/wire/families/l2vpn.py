"""Layer 2 VPNs: EVPN (RFC 7432, RFC 9136) and VPLS (RFC 4761)."""

from collections.abc import Callable
from struct import pack
from typing import Final

from benchmarks.wire.families.multiprotocol import label_octets, packed, route_distinguisher
from benchmarks.wire.message import Route

_LOOPBACK: Final = "192.0.2.1"
# Ethernet segment identifier of type 0 (RFC 7432, section 5).
_SEGMENT: Final = bytes(1) + bytes(range(1, 10))
_SEGMENT_TEXT: Final = ":".join(f"{octet:02x}" for octet in _SEGMENT)

ENCAPSULATION_VXLAN: Final = bytes.fromhex("030c000000000008")
"""The extended community that says VXLAN (RFC 8365, section 5.1.2)."""


def ethernet_auto_discovery(index: int) -> Route:
    """Route type 1."""
    rd, text = route_distinguisher(index)
    value = rd + _SEGMENT + pack("!I", index) + label_octets(100 + index)
    return _evpn(1, value, (text, _SEGMENT_TEXT, str(index), str(100 + index)))


def mac_advertisement(index: int) -> Route:
    """Route type 2: a MAC address and an IPv4 address."""
    rd, text = route_distinguisher(index)
    mac = bytes.fromhex("0200c0a8") + index.to_bytes(2)
    address = f"10.0.{index >> 8}.{index & 0xFF}"
    value = rd + bytes(10) + pack("!IB", index, 48) + mac + b"\x20" + packed(address) + label_octets(100 + index)
    says = (text, "-", str(index), mac.hex(":").upper(), str(100 + index), address)
    return _evpn(2, value, says)


def inclusive_multicast(index: int) -> Route:
    """Route type 3."""
    rd, text = route_distinguisher(index)
    value = rd + pack("!IB", index, 32) + packed(_LOOPBACK)
    return _evpn(3, value, (text, str(index), _LOOPBACK))


def ethernet_segment(index: int) -> Route:
    """Route type 4."""
    rd, text = route_distinguisher(index)
    value = rd + _SEGMENT + b"\x20" + packed(_LOOPBACK)
    return _evpn(4, value, (text, _SEGMENT_TEXT, _LOOPBACK))


def ip_prefix(index: int) -> Route:
    """Route type 5 of an IPv4 prefix (RFC 9136)."""
    rd, text = route_distinguisher(index)
    network = f"10.1.{index & 0xFF}.0"
    value = rd + bytes(10) + pack("!IB", index, 24) + packed(network) + packed(_LOOPBACK) + label_octets(100 + index)
    says = (text, str(index), network, "24", _LOOPBACK, str(100 + index))
    return _evpn(5, value, says)


EVPN_ROUTES: Final[tuple[Callable[[int], Route], ...]] = (
    ethernet_auto_discovery,
    mac_advertisement,
    inclusive_multicast,
    ethernet_segment,
    ip_prefix,
)


def evpn(index: int) -> Route:
    """Routes of types 1 to 5, in turns."""
    return EVPN_ROUTES[index % len(EVPN_ROUTES)](index)


def vpls(index: int) -> Route:
    """A block of labels of a VPLS edge (RFC 4761, section 3.2.2)."""
    rd, text = route_distinguisher(index)
    value = rd + pack("!HHH", 5, 10, 8) + label_octets(1000 + 10 * index)
    says = (text, "5", "10", "8", str(1000 + 10 * index))
    return Route(len(value).to_bytes(2) + value, says)


def _evpn(kind: int, value: bytes, says: tuple[str, ...]) -> Route:
    return Route(bytes([kind, len(value)]) + value, says)
