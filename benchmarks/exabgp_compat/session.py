"""A session as ExaBGP negotiates it, from its own configuration and two OPEN messages."""

import inspect
from dataclasses import dataclass
from typing import Any, Literal

from benchmarks.wire import MessageType, Session, open_message

from .configuration import neighbors
from .startup import start

# Documentation addresses (RFC 5737) would do, but ExaBGP asks the system for some; loopback exists everywhere.
LOCAL_ADDRESS = "127.0.0.1"
LOCAL_ROUTER_ID, PEER_ROUTER_ID = "192.0.2.1", "192.0.2.2"

_FAMILY = {
    (1, 1): "ipv4 unicast",
    (1, 4): "ipv4 nlri-mpls",
    (1, 128): "ipv4 mpls-vpn",
    (1, 133): "ipv4 flow",
    (2, 1): "ipv6 unicast",
    (2, 4): "ipv6 nlri-mpls",
    (2, 128): "ipv6 mpls-vpn",
}


@dataclass(frozen=True, slots=True)
class Speaker:
    """ExaBGP's view of one session: its neighbour, and what it negotiated with it."""

    session: Session
    neighbor: Any
    negotiated: Any
    # What a decoder is called with beside the message: (negotiated,), or (direction, negotiated) for 2021-03 to
    # 2025-11 on main and since 4.2.15.
    context: tuple[Any, ...]


def peer_address(index: int) -> str:
    """Address of the index-th peer, 0 to 65,535, in 127.0.0.0/8."""
    return f"127.1.{index >> 8}.{index & 0xFF}"


def neighbor_text(session: Session, index: int = 0, sections: str = "") -> str:
    """ExaBGP's configuration of one neighbour that will negotiate the session, with further sections in it."""
    families = ""
    # Without the statement it offers all families that it knows, among them those that the statement has no word for.
    if _FAMILY.keys() >= {*session.families}:
        families = f"family {{ {' '.join(f'{_FAMILY[family]};' for family in session.families)} }}"
    return f"""
neighbor {peer_address(index)} {{
    router-id {LOCAL_ROUTER_ID};
    local-address {LOCAL_ADDRESS};
    local-as {session.local_as};
    peer-as {session.peer_as};
    hold-time 180;
    {families}
    capability {{
        asn4 {"enable" if session.asn4 else "disable"};
        route-refresh enable;
        add-path {"send/receive" if session.addpath else "disable"};
        extended-message {"enable" if session.extended_message else "disable"};{" aigp enable;" * session.aigp}
    }}
    adj-rib-in true;{sections}
}}
"""


def speakers(session: Session, count: int = 1, direction: Literal["in", "out"] = "in") -> list[Speaker]:
    """As many of ExaBGP's speakers as asked for, each with a neighbour of its own from one configuration.

    The direction says what the session is for: to decode what the peer sends ("in") or to encode for it ("out").
    Raises AssertionError when ExaBGP does not negotiate what both OPENs ask for.
    """
    start()
    text = "".join(neighbor_text(session, index) for index in range(count))
    return [negotiate(session, neighbor, direction) for neighbor in neighbors(text)]


def speaker(session: Session, direction: Literal["in", "out"] = "in") -> Speaker:
    """One of ExaBGP's speakers, with the session negotiated."""
    return speakers(session, 1, direction)[0]


def negotiate(session: Session, neighbor: Any, direction: Literal["in", "out"]) -> Speaker:
    """Let ExaBGP decode both OPENs and negotiate; check that the outcome is the session."""
    from exabgp.bgp.message import Message
    from exabgp.bgp.message.open.capability import Negotiated

    way = _direction(direction)
    if "direction" in inspect.signature(Negotiated.__init__).parameters:
        negotiated = Negotiated(neighbor, way)
    else:
        negotiated = Negotiated(neighbor)
    context = (negotiated,)
    if "direction" in inspect.signature(Message.unpack).parameters:
        context = (way, negotiated)

    sent = open_message(session, session.local_as, LOCAL_ROUTER_ID).body
    received = open_message(session, session.peer_as, PEER_ROUTER_ID).body
    negotiated.sent(Message.unpack(MessageType.OPEN, sent, *context))
    negotiated.received(Message.unpack(MessageType.OPEN, received, *context))
    _check(session, negotiated)
    return Speaker(session, neighbor, negotiated, context)


def _direction(direction: Literal["in", "out"]) -> Any:
    """ExaBGP's own name for a direction; None on commits from before it had one."""
    import exabgp.bgp.message.direction as module

    directions = getattr(module, "Direction", None)
    return getattr(directions, direction.upper(), None)


def _check(session: Session, negotiated: Any) -> None:
    expected = {
        "families": sorted(session.families),
        "asn4": session.asn4,
        "add-path receive": sorted(session.addpath),
        "add-path send": sorted(session.addpath),
        "message size": session.max_message_size,
        "local AS": session.local_as,
        "peer AS": session.peer_as,
    }
    families = [(int(afi), int(safi)) for afi, safi in negotiated.families]
    found = {
        "families": sorted(families),
        "asn4": bool(negotiated.asn4),
        "add-path receive": sorted(
            (int(a), int(s)) for a, s in negotiated.families if negotiated.addpath.receive(a, s)
        ),
        "add-path send": sorted((int(a), int(s)) for a, s in negotiated.families if negotiated.addpath.send(a, s)),
        "message size": negotiated.msg_size,
        "local AS": int(negotiated.local_as),
        "peer AS": int(negotiated.peer_as),
    }
    for what, value in expected.items():
        if found[what] != value:
            raise AssertionError(f"ExaBGP negotiated {what} {found[what]}, both OPENs ask for {value}")
