"""What two speakers negotiated, and the OPEN that negotiates it."""

from dataclasses import dataclass
from struct import pack

from benchmarks.wire.iana import AFI, AS_TRANS, SAFI, Capability, MessageType
from benchmarks.wire.message import MAX_EXTENDED_SIZE, MAX_SIZE, Message, OpenTruth
from benchmarks.wire.prefix import address

IPV4_UNICAST = (int(AFI.IPV4), int(SAFI.UNICAST))
IPV6_UNICAST = (int(AFI.IPV6), int(SAFI.UNICAST))

# Type of the optional parameter that holds capabilities (RFC 5492, section 4).
_CAPABILITIES = 2
_ADD_PATH_SEND_AND_RECEIVE = 3
_MAX_TWO_OCTET_ASN = 65535


@dataclass(frozen=True, slots=True)
class Session:
    """What two speakers agreed on and the octets of their messages depend on.

    `families` and `addpath` hold (AFI, SAFI) pairs; `addpath` (RFC 7911) is a part of `families` and works in
    both directions. `asn4` is four-octet AS numbers (RFC 6793), `extended_message` is RFC 8654.
    `aigp` is no capability: the speaker is configured to take AIGP from its peer (RFC 7311, section 3.1).
    `peer_as` is the speaker whose UPDATEs are built here, `local_as` the one that reads them.

    Raises ValueError for ADD-PATH outside the families, and for AS numbers that the session cannot carry.
    """

    asn4: bool = True
    addpath: frozenset[tuple[int, int]] = frozenset()
    extended_message: bool = False
    families: tuple[tuple[int, int], ...] = (IPV4_UNICAST, IPV6_UNICAST)
    aigp: bool = False
    local_as: int = 65000
    peer_as: int = 65001

    def __post_init__(self) -> None:
        if not self.families:
            raise ValueError("a session without a family carries no route")
        if not self.addpath <= frozenset(self.families):
            raise ValueError("ADD-PATH is negotiated for a family that the session does not have")
        for asn in (self.local_as, self.peer_as):
            self.check_asn(asn)

    def check_asn(self, asn: int) -> None:
        """Raise ValueError unless the AS number can be a speaker's own in this session."""
        highest = 0xFFFFFFFF if self.asn4 else _MAX_TWO_OCTET_ASN
        if not 0 < asn <= highest:
            raise ValueError(f"AS number {asn} is not between 1 and {highest}")

    @property
    def internal(self) -> bool:
        """Whether both speakers are in one AS, so that UPDATEs carry LOCAL_PREF (RFC 4271, section 5.1.5)."""
        return self.local_as == self.peer_as

    @property
    def max_message_size(self) -> int:
        """Largest message in octets, header included (RFC 8654)."""
        return MAX_EXTENDED_SIZE if self.extended_message else MAX_SIZE


def open_message(session: Session, asn: int, router_id: str, hold_time: int = 180) -> Message:
    """The OPEN (RFC 4271, section 4.2) by which AS `asn` asks for exactly this session.

    When both sides send one, they negotiate `session`. `router_id` is an IPv4 address as text, `hold_time`
    in seconds (0, or 3 to 65,535). Each capability has an optional parameter of its own, as most
    speakers send them (RFC 5492, section 4, allows that and one for all).
    Raises ValueError for a value out of range and for more families than an OPEN can hold.
    """
    session.check_asn(asn)
    if hold_time in (1, 2) or not 0 <= hold_time <= 65535:
        raise ValueError(f"hold time {hold_time} is neither 0 nor between 3 and 65535 seconds")

    capabilities = b"".join(
        _capability(Capability.MULTIPROTOCOL, pack("!HBB", afi, 0, safi)) for afi, safi in session.families
    )
    capabilities += _capability(Capability.ROUTE_REFRESH, b"")
    if session.extended_message:
        capabilities += _capability(Capability.EXTENDED_MESSAGE, b"")
    if session.asn4:
        capabilities += _capability(Capability.ASN4, asn.to_bytes(4))
    if session.addpath:
        value = b"".join(pack("!HBB", afi, safi, _ADD_PATH_SEND_AND_RECEIVE) for afi, safi in sorted(session.addpath))
        capabilities += _capability(Capability.ADD_PATH, value)
    if len(capabilities) > 255:
        raise ValueError(f"{len(session.families)} families do not fit the optional parameters of an OPEN")

    two_octet_asn = asn if asn <= _MAX_TWO_OCTET_ASN else AS_TRANS
    body = (
        pack("!BHH", 4, two_octet_asn, hold_time)
        + address(AFI.IPV4, router_id, "router id")
        + len(capabilities).to_bytes(1)
        + capabilities
    )
    truth = OpenTruth(
        asn, router_id, hold_time, session.families, session.asn4, session.addpath, session.extended_message
    )
    return Message(MessageType.OPEN, body, truth)


def _capability(code: Capability, value: bytes) -> bytes:
    return pack("!BBBB", _CAPABILITIES, len(value) + 2, code, len(value)) + value
