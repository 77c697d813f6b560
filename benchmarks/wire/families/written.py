"""Read the routes and attributes of an UPDATE that a speaker wrote, as octets."""

from collections.abc import Mapping
from socket import AF_INET, AF_INET6, inet_ntop
from struct import unpack_from

from benchmarks.wire.attributes import encoded
from benchmarks.wire.families.others import without_bottom_of_stack
from benchmarks.wire.iana import EXTENDED_LENGTH, AttributeCode
from benchmarks.wire.message import HEADER_SIZE


def attributes_of(message: bytes) -> dict[int, bytes]:
    """The octets of the value of each path attribute, by its type code, of an UPDATE with its header."""
    at = HEADER_SIZE + 2 + int.from_bytes(message[HEADER_SIZE : HEADER_SIZE + 2])
    end = at + 2 + int.from_bytes(message[at : at + 2])
    at += 2
    found = {}
    while at < end:
        flags, code = message[at], message[at + 1]
        header = 4 if flags & EXTENDED_LENGTH else 3
        size = int.from_bytes(message[at + 2 : at + header])
        found[code] = message[at + header : at + header + size]
        at += header + size
    return found


def comparable(attributes: Mapping[int, bytes]) -> dict[int, bytes]:
    """Attributes by the octets of their values, without what says nothing to a peer."""
    return {
        code: without_bottom_of_stack(value) if code == AttributeCode.TUNNEL_ENCAPSULATION else value
        for code, value in attributes.items()
    }


def octets_of(attributes: Mapping[int, object]) -> dict[int, bytes]:
    """The octets of the value of each attribute, by its type code."""
    return {code: encoded({code: value}, asn4=True)[3:] for code, value in attributes.items()}


def routes_in_update(reach: bytes) -> tuple[tuple[int, int], str, bytes]:
    """Family, next hop as text, and the octets of all NLRI in MP_REACH_NLRI."""
    afi, safi, size = unpack_from("!HBB", reach)
    hop = reach[4 : 4 + size]
    text = inet_ntop(AF_INET6 if size == 16 else AF_INET, hop) if size else ""
    return (afi, safi), text, reach[5 + size :]
