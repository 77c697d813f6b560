"""A BGP message and the truth about it: what a correct speaker must read out of its octets."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from benchmarks.wire.iana import MessageType

MARKER: Final = b"\xff" * 16
HEADER_SIZE: Final = 19
"""Octets of marker, length and type in front of each message (RFC 4271, section 4.1)."""

MAX_SIZE: Final = 4096
"""Largest message, header included, of RFC 4271."""

MAX_EXTENDED_SIZE: Final = 65535
"""Largest message, header included, once extended message was negotiated (RFC 8654)."""


class Nlri(NamedTuple):
    """One destination: the family, the prefix in canonical text, and with ADD-PATH its path identifier.

    `prefix` reads '192.0.2.0/24' or '2001:db8::/32'; `path_id` (RFC 7911) is a 32-bit number, or None on a
    session without ADD-PATH for the family. Routes of labelled families and of VPNs have a `label` of 20 bits
    (RFC 8277), which says nothing where they are withdrawn and is None there; those of VPNs a route distinguisher
    (RFC 4364) that reads '65000:1'.
    """

    afi: int
    safi: int
    prefix: str
    path_id: int | None = None
    label: int | None = None
    distinguisher: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateTruth:
    """What an UPDATE says.

    `announced` pairs each NLRI with its next hop as text, in wire order: the IPv4 NLRI field first, then
    MP_REACH_NLRI. `withdrawn` likewise: the withdrawn routes field, then MP_UNREACH_NLRI. (Where a message
    has both, the octets of MP_REACH_NLRI come before the NLRI field; the order of the truth does not change.)

    `attributes` maps the type code of each path attribute, in ascending order and without MP_REACH_NLRI and
    MP_UNREACH_NLRI, to its value:

    =================================  ===================================================
    ORIGIN, MULTI_EXIT_DISC,           int
    LOCAL_PREF
    AS_PATH, AS4_PATH                  tuple of (segment type, tuple of AS numbers)
    NEXT_HOP, ORIGINATOR_ID            IPv4 address as text
    ATOMIC_AGGREGATE                   True
    AGGREGATOR, AS4_AGGREGATOR         (AS number, IPv4 address as text)
    COMMUNITIES                        tuple of 32-bit ints
    CLUSTER_LIST                       tuple of IPv4 addresses as text
    EXTENDED_COMMUNITIES               tuple of bytes, 8 octets each
    LARGE_COMMUNITIES                  tuple of (int, int, int), 32 bits each
    any other                          the octets of the value
    =================================  ===================================================

    These are the attributes as they are on the wire: in a session with two-octet AS numbers AS_PATH has
    AS_TRANS where AS4_PATH has the number, and nothing is merged.
    """

    announced: tuple[tuple[Nlri, str], ...]
    withdrawn: tuple[Nlri, ...]
    attributes: Mapping[int, object]


@dataclass(frozen=True, slots=True)
class OpenTruth:
    """What an OPEN says: `asn` is the true AS number, `hold_time` is in seconds."""

    asn: int
    router_id: str
    hold_time: int
    families: tuple[tuple[int, int], ...]
    asn4: bool
    addpath: frozenset[tuple[int, int]]
    extended_message: bool


@dataclass(frozen=True, slots=True)
class NotificationTruth:
    """What a NOTIFICATION says (RFC 4271, section 4.5)."""

    code: int
    subcode: int
    data: bytes


@dataclass(frozen=True, slots=True)
class RouteRefreshTruth:
    """The family that a ROUTE-REFRESH asks for (RFC 2918)."""

    afi: int
    safi: int


class Route(NamedTuple):
    """The octets of an NLRI of any family, and the values in it that a speaker who knows it can name, as text."""

    octets: bytes
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoutesTruth:
    """What an UPDATE of any family says: its routes in wire order.

    `attributes` is their number, without MP_REACH_NLRI and MP_UNREACH_NLRI, and `says` has values in them.
    """

    family: tuple[int, int]
    announced: tuple[Route, ...]
    withdrawn: tuple[Route, ...]
    next_hop: str | None
    attributes: int
    says: tuple[str, ...] = ()


type Truth = UpdateTruth | RoutesTruth | OpenTruth | NotificationTruth | RouteRefreshTruth | None

# RFC 8654, section 4: extended message applies to all messages but these two.
_NEVER_EXTENDED: Final = frozenset({MessageType.OPEN, MessageType.KEEPALIVE})


@dataclass(frozen=True, slots=True)
class Message:
    """One BGP message: its type, its body without the 19-octet header, and what must come out of it.

    `truth` is None for KEEPALIVE, which says nothing. Raises ValueError for a message that no session can
    carry: above 65,535 octets, or 4,096 for OPEN and KEEPALIVE. The builders refuse what is too long for
    their session.
    """

    type: MessageType
    body: bytes
    truth: Truth

    def __post_init__(self) -> None:
        limit = MAX_SIZE if self.type in _NEVER_EXTENDED else MAX_EXTENDED_SIZE
        check_size(self.type, len(self.body), limit)

    @property
    def wire(self) -> bytes:
        """The octets on the wire: marker, length, type, body."""
        return frame(self.type, self.body)


def routes_in(message: Message) -> int:
    """Routes that a message announces or withdraws; none where it is no UPDATE."""
    truth = message.truth
    return len(truth.announced) + len(truth.withdrawn) if isinstance(truth, UpdateTruth) else 0


def check_size(kind: MessageType, body_size: int, limit: int) -> None:
    """Raise ValueError when header and body together have more than `limit` octets."""
    size = HEADER_SIZE + body_size
    if size > limit:
        raise ValueError(f"{kind.name} of {size} octets is longer than the {limit} that are allowed")


def frame(kind: MessageType, body: bytes) -> bytes:
    """Put the header in front of a message's body (RFC 4271, section 4.1)."""
    return MARKER + (HEADER_SIZE + len(body)).to_bytes(2) + kind.to_bytes(1) + body


def digest(messages: Iterable[Message]) -> str:
    """Fingerprint of the octets of all messages in their order: 16 hexadecimal digits of SHA-256.

    By it the tests tell streams apart, and see that each process makes the same ones.
    """
    sha = hashlib.sha256()
    for message in messages:
        sha.update(message.wire)
    return sha.hexdigest()[:16]
