"""Addresses and prefixes: from text to octets (reading them back is `decode`'s, written apart from this)."""

from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

from benchmarks.wire.iana import AFI, SAFI
from benchmarks.wire.message import Nlri

# In the place of a label where a route is withdrawn (RFC 8277, section 2.4).
_NO_LABEL = b"\x80\0\0"
_LAST_LABEL = 1


def address(afi: int, text: str, name: str) -> bytes:
    """Octets of an address given as text: 4 for AFI 1, 16 for AFI 2.

    Raises ValueError, naming `name`, for what is no address of that family.
    """
    try:
        return inet_pton(AF_INET6 if afi == AFI.IPV6 else AF_INET, text)
    except (OSError, TypeError, ValueError):
        raise ValueError(f"{name} {text!r} is not an IPv{6 if afi == AFI.IPV6 else 4} address") from None


def encoded_nlri(route: str | Nlri, addpath: frozenset[tuple[int, int]]) -> tuple[Nlri, bytes]:
    """The NLRI in canonical text, and its octets: path identifier (RFC 7911), length in bits, label, RD, prefix.

    `route` is a prefix as text or an `Nlri` of a unicast, labelled or VPN family; `addpath` says which families
    carry path identifiers. Raises ValueError for what is no prefix, has host bits set, or has a path identifier,
    a label or a route distinguisher where the session or the family has none or the other way round.
    """
    if isinstance(route, str):
        route = Nlri(AFI.IPV6 if ":" in route else AFI.IPV4, SAFI.UNICAST, route)
    afi, safi, text, path_id, label, distinguisher = route
    if afi not in (AFI.IPV4, AFI.IPV6) or safi not in (SAFI.UNICAST, SAFI.LABELLED, SAFI.VPN):
        raise ValueError(f"{text}: family {afi}/{safi} is neither unicast, labelled nor VPN, of IPv4 or IPv6")
    if (distinguisher is not None) != (safi == SAFI.VPN) or (label is not None and safi == SAFI.UNICAST):
        raise ValueError(f"{text}: family {afi:d}/{safi:d} asks for another label or route distinguisher")
    if (path_id is not None) != ((afi, safi) in addpath):
        what = "has no path identifier despite" if path_id is None else "has a path identifier without"
        raise ValueError(f"{text} {what} ADD-PATH for family {afi:d}/{safi:d}")

    host, _, digits = text.partition("/")
    network = address(afi, host, "prefix")
    size = 8 * len(network)
    length = int(digits) if digits.isascii() and digits.isdigit() else size + 1
    if length > size:
        raise ValueError(f"prefix {text!r} has no length between 0 and {size}")
    if int.from_bytes(network) & ((1 << (size - length)) - 1):
        raise ValueError(f"prefix {text!r} has host bits set behind its {length} bits")
    canonical = inet_ntop(AF_INET6 if afi == AFI.IPV6 else AF_INET, network)
    octets = network[: (length + 7) // 8]
    if distinguisher is not None:
        octets = _distinguisher(distinguisher) + octets
    if safi != SAFI.UNICAST:
        octets = (_NO_LABEL if label is None else (label << 4 | _LAST_LABEL).to_bytes(3)) + octets
    octets = (length + 8 * (len(octets) - (length + 7) // 8)).to_bytes(1) + octets
    if path_id is not None:
        if not 0 <= path_id < 1 << 32:
            raise ValueError(f"path identifier {path_id} of {text} does not fit 32 bits")
        octets = path_id.to_bytes(4) + octets
    return Nlri(int(afi), int(safi), f"{canonical}/{length}", path_id, label, distinguisher), octets


def _distinguisher(text: str) -> bytes:
    """A route distinguisher of type 0 (RFC 4364, section 4.2): AS number and number."""
    asn, _, number = text.partition(":")
    return bytes(2) + int(asn).to_bytes(2) + int(number).to_bytes(4)
