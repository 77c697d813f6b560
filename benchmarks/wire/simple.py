"""The messages that carry no route: KEEPALIVE, NOTIFICATION, ROUTE-REFRESH."""

from struct import pack

from benchmarks.wire.iana import MessageType
from benchmarks.wire.message import MAX_SIZE, Message, NotificationTruth, RouteRefreshTruth, check_size


def keepalive() -> Message:
    """A KEEPALIVE (RFC 4271, section 4.4): 19 octets on the wire."""
    return Message(MessageType.KEEPALIVE, b"", None)


def notification(code: int, subcode: int, data: bytes = b"") -> Message:
    """A NOTIFICATION (RFC 4271, section 4.5): 21 octets on the wire, and the data.

    Raises ValueError for codes that do not fit an octet and for data beyond 4,075 octets.
    """
    body = _packed("NOTIFICATION code and subcode", "!BB", code, subcode) + data
    check_size(MessageType.NOTIFICATION, len(body), MAX_SIZE)
    return Message(MessageType.NOTIFICATION, body, NotificationTruth(code, subcode, data))


def route_refresh(afi: int, safi: int) -> Message:
    """A ROUTE-REFRESH for a family (RFC 2918, section 3): 23 octets on the wire.

    Raises ValueError for an AFI beyond 16 bits or a SAFI beyond 8.
    """
    body = _packed("AFI and SAFI", "!HxB", afi, safi)
    return Message(MessageType.ROUTE_REFRESH, body, RouteRefreshTruth(int(afi), int(safi)))


def _packed(names: str, layout: str, first: int, second: int) -> bytes:
    if not (0 <= first < 1 << (16 if layout[1] == "H" else 8) and 0 <= second < 256):
        raise ValueError(f"{names} {first} and {second} do not fit their octets")
    return pack(layout, first, second)
