"""Writes MRT records (RFC 6396, RFC 8050) for the tests."""

from ipaddress import ip_address
from struct import pack

BGP4MP, BGP4MP_ET = 16, 17
MESSAGE, MESSAGE_AS4, MESSAGE_LOCAL, MESSAGE_AS4_LOCAL = 1, 4, 6, 7
MESSAGE_ADDPATH, MESSAGE_AS4_ADDPATH, MESSAGE_LOCAL_ADDPATH, MESSAGE_AS4_LOCAL_ADDPATH = 8, 9, 10, 11
STATE_CHANGE, STATE_CHANGE_AS4 = 0, 5
FOUR_OCTET_SUBTYPES = {MESSAGE_AS4, MESSAGE_AS4_LOCAL, MESSAGE_AS4_ADDPATH, MESSAGE_AS4_LOCAL_ADDPATH, STATE_CHANGE_AS4}
ADDPATH_SUBTYPES = {
    MESSAGE_ADDPATH,
    MESSAGE_AS4_ADDPATH,
    MESSAGE_LOCAL_ADDPATH,
    MESSAGE_AS4_LOCAL_ADDPATH,
}
MESSAGE_SUBTYPES = sorted(
    {MESSAGE, MESSAGE_AS4, MESSAGE_LOCAL, MESSAGE_AS4_LOCAL} | ADDPATH_SUBTYPES,
)


def record(
    payload: bytes,
    subtype: int = MESSAGE_AS4,
    *,
    seconds: int = 1_546_300_800,
    microseconds: int | None = None,
    peer_as: int = 65001,
    peer_ip: str = "192.0.2.1",
) -> bytes:
    """A BGP4MP record of a message (or of the two states of a state change); BGP4MP_ET with microseconds."""
    peer = ip_address(peer_ip)
    body = pack("!II" if subtype in FOUR_OCTET_SUBTYPES else "!HH", peer_as, 65000)
    body += pack("!HH", 0, 1 if peer.version == 4 else 2) + peer.packed + bytes(len(peer.packed)) + payload
    if microseconds is None:
        return mrt(BGP4MP, subtype, body, seconds)
    return mrt(BGP4MP_ET, subtype, pack("!I", microseconds) + body, seconds)


def mrt(kind: int, subtype: int, body: bytes, seconds: int = 1_546_300_800) -> bytes:
    return pack("!IHHI", seconds, kind, subtype, len(body)) + body
