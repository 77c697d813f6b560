"""UPDATEs of which ExaBGP's eras make different routes: kept out of recordings, each a case of its own here."""

from benchmarks.wire.message import Message
from benchmarks.wire.session import Session
from benchmarks.wire.update import update


def link_local_next_hop_update(session: Session) -> Message:
    """One IPv6 route whose next hop has 32 octets: the global address, and behind it the link-local one.

    RFC 2545, section 3: a speaker sends the link-local address too when it shares a subnet with the next hop and with
    the peer it sends to. Both are addresses of one next hop of one route, and the global one is the route's; that is
    the truth here. ExaBGP 4.2, 5.0 and main until 2025-12-06 make two routes to the one prefix, one for each address,
    and announce both to API processes; main since 2025-12-07 (6a3ad2d9a) makes one, with the global address.

    Raises ValueError on a session without IPv6 unicast, or with ADD-PATH for it.
    """
    return update(session, announce=["2001:db8:1::/48"], next_hop6="2001:db8::1", link_local6="fe80::1")
