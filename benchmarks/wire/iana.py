"""The numbers that IANA assigned to BGP, as far as this package writes or reads them."""

from enum import IntEnum
from typing import Final

AS_TRANS: Final = 23456
"""The two-octet stand-in for an AS number that does not fit two octets (RFC 6793, section 9)."""


class MessageType(IntEnum):
    """Type of a BGP message (RFC 4271, section 4.1; ROUTE-REFRESH is RFC 2918)."""

    OPEN = 1
    UPDATE = 2
    NOTIFICATION = 3
    KEEPALIVE = 4
    ROUTE_REFRESH = 5


class AFI(IntEnum):
    """Address family identifier (RFC 4760)."""

    IPV4 = 1
    IPV6 = 2


class SAFI(IntEnum):
    """Subsequent address family identifier (RFC 4760)."""

    UNICAST = 1
    LABELLED = 4
    VPN = 128


class Origin(IntEnum):
    """Value of the ORIGIN attribute (RFC 4271, section 4.3)."""

    IGP = 0
    EGP = 1
    INCOMPLETE = 2


class SegmentType(IntEnum):
    """Type of a segment of AS_PATH (RFC 4271, section 4.3; the confederation ones are RFC 5065)."""

    AS_SET = 1
    AS_SEQUENCE = 2
    AS_CONFED_SEQUENCE = 3
    AS_CONFED_SET = 4


class AttributeCode(IntEnum):
    """Type code of a path attribute that this package knows the flags of."""

    ORIGIN = 1
    AS_PATH = 2
    NEXT_HOP = 3
    MULTI_EXIT_DISC = 4
    LOCAL_PREF = 5
    ATOMIC_AGGREGATE = 6
    AGGREGATOR = 7
    COMMUNITIES = 8
    ORIGINATOR_ID = 9
    CLUSTER_LIST = 10
    MP_REACH_NLRI = 14
    MP_UNREACH_NLRI = 15
    EXTENDED_COMMUNITIES = 16
    AS4_PATH = 17
    AS4_AGGREGATOR = 18
    PMSI_TUNNEL = 22
    TUNNEL_ENCAPSULATION = 23
    AIGP = 26
    BGP_LS = 29
    LARGE_COMMUNITIES = 32
    PREFIX_SID = 40


class Capability(IntEnum):
    """Code of a capability in OPEN (RFC 5492)."""

    MULTIPROTOCOL = 1
    ROUTE_REFRESH = 2
    EXTENDED_MESSAGE = 6
    ASN4 = 65
    ADD_PATH = 69


# Bits of the attribute flags octet (RFC 4271, section 4.3).
OPTIONAL: Final = 0x80
TRANSITIVE: Final = 0x40
PARTIAL: Final = 0x20
EXTENDED_LENGTH: Final = 0x10

_WELL_KNOWN: Final = TRANSITIVE
_OPTIONAL_TRANSITIVE: Final = OPTIONAL | TRANSITIVE
_OPTIONAL_NON_TRANSITIVE: Final = OPTIONAL

ATTRIBUTE_FLAGS: Final[dict[int, int]] = {
    AttributeCode.ORIGIN: _WELL_KNOWN,
    AttributeCode.AS_PATH: _WELL_KNOWN,
    AttributeCode.NEXT_HOP: _WELL_KNOWN,
    AttributeCode.MULTI_EXIT_DISC: _OPTIONAL_NON_TRANSITIVE,
    AttributeCode.LOCAL_PREF: _WELL_KNOWN,
    AttributeCode.ATOMIC_AGGREGATE: _WELL_KNOWN,
    AttributeCode.AGGREGATOR: _OPTIONAL_TRANSITIVE,
    AttributeCode.COMMUNITIES: _OPTIONAL_TRANSITIVE,
    AttributeCode.ORIGINATOR_ID: _OPTIONAL_NON_TRANSITIVE,
    AttributeCode.CLUSTER_LIST: _OPTIONAL_NON_TRANSITIVE,
    AttributeCode.MP_REACH_NLRI: _OPTIONAL_NON_TRANSITIVE,
    AttributeCode.MP_UNREACH_NLRI: _OPTIONAL_NON_TRANSITIVE,
    AttributeCode.EXTENDED_COMMUNITIES: _OPTIONAL_TRANSITIVE,
    AttributeCode.AS4_PATH: _OPTIONAL_TRANSITIVE,
    AttributeCode.AS4_AGGREGATOR: _OPTIONAL_TRANSITIVE,
    AttributeCode.PMSI_TUNNEL: _OPTIONAL_TRANSITIVE,
    AttributeCode.TUNNEL_ENCAPSULATION: _OPTIONAL_TRANSITIVE,
    AttributeCode.AIGP: _OPTIONAL_NON_TRANSITIVE,
    AttributeCode.BGP_LS: _OPTIONAL_NON_TRANSITIVE,
    AttributeCode.LARGE_COMMUNITIES: _OPTIONAL_TRANSITIVE,
    AttributeCode.PREFIX_SID: _OPTIONAL_TRANSITIVE,
}
"""Optional and Transitive bits that each known attribute must have."""

UNKNOWN_ATTRIBUTE_FLAGS: Final = _OPTIONAL_TRANSITIVE
"""What an attribute that is not in `ATTRIBUTE_FLAGS` is sent with: only optional ones may be unknown."""
