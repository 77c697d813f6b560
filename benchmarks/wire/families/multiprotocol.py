"""UPDATEs of any address family, by MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760)."""

from collections.abc import Iterable, Mapping, Sequence
from socket import AF_INET, AF_INET6, inet_pton
from struct import pack
from typing import Final

from benchmarks.wire.attributes import attribute, encoded, on_the_wire
from benchmarks.wire.iana import AttributeCode, MessageType, Origin, SegmentType
from benchmarks.wire.message import MAX_SIZE, Message, Route, RoutesTruth, check_size
from benchmarks.wire.session import Session

type Family = tuple[int, int]
"""AFI and SAFI."""

PEER_AS: Final = 65001


def session(family: Family) -> Session:
    """An external session that carries the family."""
    return Session(families=(family,), peer_as=PEER_AS)


def announcement(
    family: Family,
    routes: Sequence[Route],
    *,
    next_hop: str | None,
    attributes: Mapping[int, object],
    distinguished: bool = False,
    says: tuple[str, ...] = (),
) -> Message:
    """An UPDATE that announces routes of a family, with ORIGIN, AS_PATH and the attributes given.

    The next hop is an address as text, or None where the family has none; `distinguished` puts a route distinguisher of
    zero in front of it, as VPN families have it (RFC 4364, section 4.3.2). `says` has values of the attributes.
    """
    hop = b"" if next_hop is None else packed(next_hop)
    if distinguished:
        hop = bytes(8) + hop
    value = pack("!HBB", *family, len(hop)) + hop + b"\0" + b"".join(route.octets for route in routes)
    path = ((int(SegmentType.AS_SEQUENCE), (PEER_AS,)),)
    carried = {AttributeCode.ORIGIN: int(Origin.IGP), AttributeCode.AS_PATH: path} | dict(attributes)
    octets = attribute(AttributeCode.MP_REACH_NLRI, value) + encoded(on_the_wire(carried, asn4=True), asn4=True)
    return _message(octets, RoutesTruth(family, tuple(routes), (), next_hop, len(carried), says))


def withdrawal(family: Family, routes: Sequence[Route]) -> Message:
    """An UPDATE that withdraws routes of a family."""
    value = pack("!HB", *family) + b"".join(route.octets for route in routes)
    return _message(attribute(AttributeCode.MP_UNREACH_NLRI, value), RoutesTruth(family, (), tuple(routes), None, 0))


def packed(address: str) -> bytes:
    """Octets of an IPv4 or IPv6 address."""
    return inet_pton(AF_INET6 if ":" in address else AF_INET, address)


def prefix_octets(prefix: str) -> tuple[int, bytes]:
    """Length in bits and the octets that it takes, of a prefix as text."""
    address, _, length = prefix.partition("/")
    return int(length), packed(address)[: (int(length) + 7) // 8]


def route_distinguisher(number: int) -> tuple[bytes, str]:
    """A route distinguisher of type 0 (RFC 4364, section 4.2): its octets and its text."""
    return pack("!HHI", 0, 65000, number), f"65000:{number}"


def label_octets(label: int) -> bytes:
    """The one label of a route (RFC 8277, section 2.2): 20 bits, and the bit that says that it is the last."""
    return (label << 4 | 1).to_bytes(3)


def tlv(kind: int, value: bytes, layout: str = "!HH") -> bytes:
    """Type, length, value."""
    return pack(layout, kind, len(value)) + value


def targets(*numbers: int) -> tuple[bytes, ...]:
    """Route targets (RFC 4360, section 4)."""
    return tuple(pack("!HHI", 2, 65000, number) for number in numbers)


def _message(path_attributes: bytes, truth: RoutesTruth) -> Message:
    body = bytes(2) + len(path_attributes).to_bytes(2) + path_attributes
    check_size(MessageType.UPDATE, len(body), MAX_SIZE)
    return Message(MessageType.UPDATE, body, truth)


def batches(routes: Iterable[Route], size: int) -> list[list[Route]]:
    """Routes in as many lists as it takes, each of at most `size`."""
    routes = list(routes)
    return [routes[at : at + size] for at in range(0, len(routes), size)]
