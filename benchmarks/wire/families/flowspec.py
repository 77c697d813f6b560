"""FlowSpec rules for IPv4 (RFC 8955), IPv6 (RFC 8956) and VPNs."""

from struct import pack

from benchmarks.wire.families.multiprotocol import prefix_octets, route_distinguisher
from benchmarks.wire.families.prefixes import ipv4_prefix, ipv6_prefix
from benchmarks.wire.message import Route

_DESTINATION, _SOURCE, _PROTOCOL, _PORT, _DESTINATION_PORT = 1, 2, 3, 4, 5
_TCP_FLAGS, _LENGTH, _DSCP = 9, 10, 11

# Operators (RFC 8955, section 4.2.1.1).
_END, _AND, _LESS, _GREATER, _EQUAL = 0x80, 0x40, 0x04, 0x02, 0x01
_TWO_OCTETS = 0x10


def rule(index: int, *, ipv6: bool = False, distinguished: bool = False) -> Route:
    """A rule: from one prefix to another, TCP, a destination port, a range of lengths; each second one with more."""
    prefix = ipv6_prefix if ipv6 else ipv4_prefix
    destination, source = prefix(index), prefix(5000 + index)
    port = 1000 + index
    components = _prefix(_DESTINATION, destination, ipv6) + _prefix(_SOURCE, source, ipv6)
    components += bytes([_PROTOCOL, _END | _EQUAL, 6])
    components += pack("!BBH", _DESTINATION_PORT, _END | _TWO_OCTETS | _EQUAL, port)
    # An offset, which IPv6 has, is a part of the text there.
    offset = "/0" if ipv6 else ""
    says: tuple[str, ...] = (f"{destination}{offset}", f"{source}{offset}", "=tcp", f"={port}")
    if index % 2:
        components += bytes([_TCP_FLAGS, _END | _EQUAL, 0x02])
        components += pack("!BBBBH", _LENGTH, _GREATER, 200, _END | _AND | _TWO_OCTETS | _LESS, 300)
        says += ("=syn", ">200&<300")
    distinguisher = b""
    if distinguished:
        distinguisher, text = route_distinguisher(index)
        says += (text,)
    value = distinguisher + components
    return Route(len(value).to_bytes(1) + value, says)


def traffic_rate(octets_per_second: float) -> bytes:
    """The extended community that limits matching traffic (RFC 8955, section 7.1); of no AS."""
    return pack("!HHf", 0x8006, 0, octets_per_second)


def _prefix(kind: int, prefix: str, ipv6: bool) -> bytes:
    length, octets = prefix_octets(prefix)
    return bytes([kind, length, *([0] if ipv6 else [])]) + octets
