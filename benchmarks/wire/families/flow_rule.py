"""FlowSpec rules of one destination prefix whose traffic is to be dropped (RFC 8955), as text and as octets."""

from typing import Final

from benchmarks.wire.families.flowspec import traffic_rate
from benchmarks.wire.families.multiprotocol import announcement
from benchmarks.wire.iana import AttributeCode, SegmentType
from benchmarks.wire.message import Route
from benchmarks.wire.prefix import encoded_nlri
from benchmarks.wire.session import Session

IPV4_FLOW: Final = (1, 133)
"""The family of FlowSpec rules for IPv4 (RFC 8955, section 4)."""

# Component type 1: the destination prefix.
_DESTINATION: Final = b"\x01"


def flow_command(prefix: str) -> str:
    """The line by which an API process asks ExaBGP to announce the rule for a prefix."""
    return f"announce flow route {{ match {{ destination {prefix}; }} then {{ discard; }} }}"


def flow_update(session: Session, prefix: str) -> bytes:
    """The UPDATE, header included, by which the local speaker of an external session announces the rule for a prefix.

    It has no other attributes than ORIGIN, AS_PATH, the extended community that says so, and MP_REACH_NLRI.
    """
    _, destination = encoded_nlri(prefix, frozenset())
    rule = _DESTINATION + destination
    attributes: dict[int, object] = {
        AttributeCode.AS_PATH: ((int(SegmentType.AS_SEQUENCE), (session.local_as,)),),
        # Traffic-rate-bytes of 0 (RFC 8955, section 7.1).
        AttributeCode.EXTENDED_COMMUNITIES: (traffic_rate(0),),
    }
    # A rule has no next hop (RFC 8955, section 4).
    return announcement(IPV4_FLOW, [Route(bytes([len(rule)]) + rule, ())], next_hop=None, attributes=attributes).wire
