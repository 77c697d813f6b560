"""Routes that are prefixes: plain, labelled (RFC 8277), of VPNs (RFC 4364, RFC 4659), and route targets (RFC 4684)."""

from collections.abc import Callable
from struct import pack

from benchmarks.wire.families.multiprotocol import label_octets, prefix_octets, route_distinguisher
from benchmarks.wire.message import Route

_LABEL_BITS, _DISTINGUISHER_BITS = 24, 64
# In the place of a label where a labelled route is withdrawn (RFC 8277, section 2.4).
_WITHDRAWN_LABEL = b"\x80\0\0"


def ipv4_prefix(index: int) -> str:
    """The index-th /24 of 10.0.0.0/8."""
    return f"10.{index >> 8}.{index & 0xFF}.0/24"


def ipv6_prefix(index: int) -> str:
    """The index-th /48 of 2001:db8::/32, from 1 on."""
    return f"2001:db8:{index + 1:x}::/48"


Prefix = Callable[[int], str]


def plain(prefix: Prefix, index: int) -> Route:
    """A prefix as it is."""
    text = prefix(index)
    length, octets = prefix_octets(text)
    return Route(length.to_bytes(1) + octets, (text,))


def labelled(prefix: Prefix, index: int, *, withdrawn: bool = False) -> Route:
    """A prefix with a label."""
    text = prefix(index)
    length, octets = prefix_octets(text)
    label = 100 + index
    front = (length + _LABEL_BITS).to_bytes(1) + (_WITHDRAWN_LABEL if withdrawn else label_octets(label))
    return Route(front + octets, (text, *([] if withdrawn else [str(label)])))


def vpn(prefix: Prefix, index: int, *, withdrawn: bool = False) -> Route:
    """A prefix with a label and a route distinguisher."""
    text = prefix(index)
    length, octets = prefix_octets(text)
    label = 100 + index
    distinguisher, rd = route_distinguisher(index)
    front = (length + _LABEL_BITS + _DISTINGUISHER_BITS).to_bytes(1)
    front += (_WITHDRAWN_LABEL if withdrawn else label_octets(label)) + distinguisher
    return Route(front + octets, (text, rd, *([] if withdrawn else [str(label)])))


def route_target(index: int) -> Route:
    """Membership of a route target: the AS it comes from, and the target."""
    return Route(pack("!BI", 96, 65001) + pack("!HHI", 2, 65000, index), ("65001", f"target:65000:{index}"))
