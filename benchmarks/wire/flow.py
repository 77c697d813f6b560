"""FlowSpec rules of one destination prefix whose traffic is to be dropped (RFC 8955), as text and as octets."""

from struct import pack
from typing import Final

from benchmarks.wire.attributes import attribute, encoded
from benchmarks.wire.iana import AttributeCode, MessageType, Origin, SegmentType
from benchmarks.wire.message import frame
from benchmarks.wire.prefix import encoded_nlri
from benchmarks.wire.session import Session

IPV4_FLOW: Final = (1, 133)
"""The family of FlowSpec rules for IPv4 (RFC 8955, section 4)."""

# Component type 1: the destination prefix.
_DESTINATION: Final = b"\x01"
# Traffic-rate-bytes of 0 (RFC 8955, section 7.1), of no AS in particular.
_DISCARD: Final = b"\x80\x06" + bytes(6)


def flow_command(prefix: str) -> str:
    """The line by which an API process asks ExaBGP to announce the rule for a prefix."""
    return f"announce flow route {{ match {{ destination {prefix}; }} then {{ discard; }} }}"


def flow_update(session: Session, prefix: str) -> bytes:
    """The UPDATE, header included, by which the local speaker of an external session announces the rule for a prefix.

    It has no other attributes than ORIGIN, AS_PATH, the extended community that says so, and MP_REACH_NLRI.
    """
    path = ((int(SegmentType.AS_SEQUENCE), (session.local_as,)),)
    values: dict[int, object] = {
        AttributeCode.ORIGIN: int(Origin.IGP),
        AttributeCode.AS_PATH: path,
        AttributeCode.EXTENDED_COMMUNITIES: (_DISCARD,),
    }
    _, destination = encoded_nlri(prefix, frozenset())
    rule = _DESTINATION + destination
    # A rule has no next hop (RFC 8955, section 4).
    reach = pack("!HBBBB", *IPV4_FLOW, 0, 0, len(rule)) + rule
    attributes = attribute(AttributeCode.MP_REACH_NLRI, reach) + encoded(values, session.asn4)
    return frame(MessageType.UPDATE, pack("!HH", 0, len(attributes)) + attributes)
