"""BGP-LS (RFC 9552): nodes, links and prefixes of a link-state protocol, with their attributes."""

from struct import pack

from benchmarks.wire.families.multiprotocol import packed, prefix_octets, tlv
from benchmarks.wire.message import Route

_NODE, _LINK, _IPV4_PREFIX, _IPV6_PREFIX = 1, 2, 3, 4
_OSPF_V2 = 3
_ASN, _DOMAIN, _AREA, _ROUTER = 512, 513, 514, 515


def node(index: int) -> Route:
    """A router."""
    return _nlri(_NODE, _descriptors(256, index), ("65000", f"192.0.2.{index}"))


def link(index: int) -> Route:
    """A link from one router to the next, by the addresses of its ends."""
    here, there = f"10.0.{index}.1", f"10.0.{index}.2"
    value = _descriptors(256, index) + _descriptors(257, index + 1) + tlv(259, packed(here)) + tlv(260, packed(there))
    return _nlri(_LINK, value, (here, there, f"192.0.2.{index}", f"192.0.2.{index + 1}"))


def prefix(index: int, *, ipv6: bool = False) -> Route:
    """A prefix that a router reaches."""
    text = f"2001:db8:{index + 1:x}::/48" if ipv6 else f"10.2.{index}.0/24"
    length, octets = prefix_octets(text)
    value = _descriptors(256, index) + tlv(265, length.to_bytes(1) + octets)
    return _nlri(_IPV6_PREFIX if ipv6 else _IPV4_PREFIX, value, (text, f"192.0.2.{index}"))


def node_attribute(index: int) -> bytes:
    """BGP-LS attribute of a node: flags, name, its IPv4 router identifier."""
    return tlv(1024, b"\x10") + tlv(1026, f"router{index}".encode()) + tlv(1028, packed(f"192.0.2.{index}"))


def link_attribute(index: int) -> bytes:
    """BGP-LS attribute of a link: router identifiers, group, bandwidths, metrics."""
    bandwidth = pack("!f", 1.25e9)
    return (
        tlv(1028, packed(f"192.0.2.{index}"))
        + tlv(1030, packed(f"192.0.2.{index + 1}"))
        + tlv(1088, pack("!I", 1 << index % 32))
        + tlv(1089, bandwidth)
        + tlv(1090, bandwidth)
        + tlv(1091, bandwidth * 8)
        + tlv(1092, pack("!I", 10 + index))
        + tlv(1095, (10 + index).to_bytes(3))
    )


def prefix_attribute(index: int) -> bytes:
    """BGP-LS attribute of a prefix: flags, metric."""
    return tlv(1152, b"\0") + tlv(1155, pack("!I", 10 + index))


def _descriptors(kind: int, index: int) -> bytes:
    """Descriptors of a node: AS, domain, area, router identifier."""
    return tlv(
        kind,
        tlv(_ASN, pack("!I", 65000))
        + tlv(_DOMAIN, pack("!I", 0))
        + tlv(_AREA, bytes(4))
        + tlv(_ROUTER, packed(f"192.0.2.{index}")),
    )


def _nlri(kind: int, descriptors: bytes, says: tuple[str, ...]) -> Route:
    value = pack("!BQ", _OSPF_V2, 0) + descriptors
    return Route(pack("!HH", kind, len(value)) + value, says)
