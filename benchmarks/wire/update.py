"""UPDATE messages of IPv4 and IPv6: unicast, labelled and VPN routes (RFC 4271, section 4.3; RFC 4760)."""

from collections.abc import Iterable, Mapping
from socket import AF_INET, AF_INET6, inet_ntop
from struct import pack
from typing import Final

from benchmarks.wire.attributes import attribute, encoded, on_the_wire
from benchmarks.wire.iana import AFI, SAFI, AttributeCode, MessageType, Origin, SegmentType
from benchmarks.wire.message import Message, Nlri, UpdateTruth, check_size
from benchmarks.wire.prefix import address, encoded_nlri
from benchmarks.wire.session import IPV4_UNICAST, IPV6_UNICAST, Session

_WRITTEN_BY_UPDATE: Final = {
    AttributeCode.NEXT_HOP: "give next_hop=",
    AttributeCode.MP_REACH_NLRI: "announce IPv6 prefixes",
    AttributeCode.MP_UNREACH_NLRI: "withdraw IPv6 prefixes",
    AttributeCode.AS4_PATH: "a session with asn4=False adds it to AS_PATH where needed",
    AttributeCode.AS4_AGGREGATOR: "a session with asn4=False adds it to AGGREGATOR where needed",
}


def update(
    session: Session,
    *,
    announce: Iterable[str | Nlri] = (),
    withdraw: Iterable[str | Nlri] = (),
    attributes: Mapping[int, object] | None = None,
    next_hop: str = "192.0.2.1",
    next_hop6: str = "2001:db8::1",
    link_local6: str | None = None,
) -> Message:
    """An UPDATE that the peer of `session` sends.

    Prefixes are text ('192.0.2.0/24', '2001:db8::/32') or, where the session has ADD-PATH or is not of unicast
    families, `Nlri`. IPv4 unicast goes into the withdrawn routes and NLRI fields with NEXT_HOP `next_hop`, all else,
    of one family, into MP_UNREACH_NLRI and MP_REACH_NLRI: IPv6 with `next_hop6`, and behind that the link-local
    address `link_local6` if there is one (RFC 2545, section 3; the truth has the global one). `attributes` maps type
    codes to values as in `UpdateTruth`; what it lacks of ORIGIN (IGP), AS_PATH (the peer's AS; empty within one AS)
    and, within one AS, LOCAL_PREF (100) is added. An UPDATE that only withdraws has no attributes.

    MP_UNREACH_NLRI and MP_REACH_NLRI are the first attributes (RFC 7606, section 5.1), the others follow in
    ascending type code.

    Raises ValueError for prefixes and attribute values that are not valid, a family that the session does not
    have, a message without any route (see `end_of_rib`), and one longer than the session allows.
    """
    announced4, reach4, announced_mp, reach_mp = _by_field(session, announce)
    withdrawn4, unreach4, withdrawn_mp, unreach_mp = _by_field(session, withdraw)
    if not (announced4 or announced_mp or withdrawn4 or withdrawn_mp):
        raise ValueError("an UPDATE without a route is an End-of-RIB marker: use end_of_rib")

    if announced4 or announced_mp:
        carried = _path_attributes(session, attributes or {}, next_hop if announced4 else None)
    elif attributes:
        raise ValueError("an UPDATE that only withdraws routes has no path attributes")
    else:
        carried = {}

    path_attributes = encoded(carried, session.asn4)
    family = _family_of([*announced_mp, *withdrawn_mp])
    hop = address(
        family[0], next_hop6 if family[0] == AFI.IPV6 else next_hop, f"next_hop{6 * (family[0] == AFI.IPV6) or ''}"
    )
    if reach_mp:
        if family[1] != SAFI.UNICAST and any(nlri.label is None for nlri in announced_mp):
            raise ValueError(f"{announced_mp[0].prefix}: announced without a label")
        hops = hop + (address(AFI.IPV6, link_local6, "link_local6") if link_local6 else b"")
        if family[1] == SAFI.VPN:
            hops = bytes(8) + hops
        value = pack("!HBB", *family, len(hops)) + hops + b"\0" + reach_mp
        path_attributes = attribute(AttributeCode.MP_REACH_NLRI, value) + path_attributes
    if unreach_mp:
        path_attributes = _mp_unreach(family, unreach_mp) + path_attributes

    canonical_hop = inet_ntop(AF_INET6 if family[0] == AFI.IPV6 else AF_INET, hop)
    truth = UpdateTruth(
        announced=tuple([(nlri, next_hop) for nlri in announced4])
        + tuple([(nlri, canonical_hop) for nlri in announced_mp]),
        withdrawn=tuple(withdrawn4 + withdrawn_mp),
        attributes=carried,
    )
    return _message(session, unreach4, path_attributes, reach4, truth)


def end_of_rib(session: Session, afi: int, safi: int) -> Message:
    """The End-of-RIB marker of a family (RFC 4724, section 2): an UPDATE with no route.

    Raises ValueError for a family that the session does not have.
    """
    if (afi, safi) not in session.families:
        raise ValueError(f"the session does not carry family {afi}/{safi}")
    path_attributes = b"" if (afi, safi) == IPV4_UNICAST else _mp_unreach((afi, safi), b"")
    return _message(session, b"", path_attributes, b"", UpdateTruth((), (), {}))


def _by_field(session: Session, routes: Iterable[str | Nlri]) -> tuple[list[Nlri], bytes, list[Nlri], bytes]:
    """NLRI and their octets: those that have a field of their own, IPv4 unicast, and then all others."""
    if isinstance(routes, str | Nlri):
        raise ValueError(f"{routes!r} must be in a list")
    members: dict[bool, list[Nlri]] = {True: [], False: []}
    octets: dict[bool, list[bytes]] = {True: [], False: []}
    for route in routes:
        nlri, wire = encoded_nlri(route, session.addpath)
        if nlri[:2] not in session.families:
            raise ValueError(f"{nlri.prefix}: the session does not carry its family")
        members[nlri[:2] == IPV4_UNICAST].append(nlri)
        octets[nlri[:2] == IPV4_UNICAST].append(wire)
    return members[True], b"".join(octets[True]), members[False], b"".join(octets[False])


def _family_of(routes: Iterable[Nlri]) -> tuple[int, int]:
    """The one family of routes; IPv6 unicast where there is none."""
    families = {(nlri.afi, nlri.safi) for nlri in routes} or {IPV6_UNICAST}
    if len(families) > 1:
        raise ValueError(f"routes of families {sorted(families)} do not go into one UPDATE")
    return families.pop()


def _path_attributes(session: Session, given: Mapping[int, object], next_hop: str | None) -> dict[int, object]:
    """The given attributes made complete: what is on the wire, in ascending type code."""
    for code, advice in _WRITTEN_BY_UPDATE.items():
        if code in given:
            raise ValueError(f"{code.name} is not given as an attribute: {advice}")
    path = () if session.internal else ((int(SegmentType.AS_SEQUENCE), (session.peer_as,)),)
    complete: dict[int, object] = {AttributeCode.ORIGIN: int(Origin.IGP), AttributeCode.AS_PATH: path}
    if session.internal:
        complete[AttributeCode.LOCAL_PREF] = 100
    if next_hop is not None:
        complete[AttributeCode.NEXT_HOP] = next_hop
    return on_the_wire(complete | dict(given), session.asn4)


def _mp_unreach(family: tuple[int, int], withdrawn: bytes) -> bytes:
    return attribute(AttributeCode.MP_UNREACH_NLRI, pack("!HB", *family) + withdrawn)


def _message(session: Session, withdrawn: bytes, path_attributes: bytes, nlri: bytes, truth: UpdateTruth) -> Message:
    # The size is checked on the parts: their two length fields would not hold an oversized one.
    size = 4 + len(withdrawn) + len(path_attributes) + len(nlri)
    check_size(MessageType.UPDATE, size, session.max_message_size)
    body = pack("!H", len(withdrawn)) + withdrawn + pack("!H", len(path_attributes)) + path_attributes + nlri
    return Message(MessageType.UPDATE, body, truth)
