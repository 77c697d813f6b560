"""Path attributes that belong to families other than unicast, each kind alone on a route of such a family.

PMSI tunnels (RFC 6514), AIGP (RFC 7311), prefix SIDs (RFC 8669, RFC 9252), and SRv6 in BGP-LS (RFC 9514).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from struct import pack
from typing import Final

from benchmarks.wire.families import FamilyUpdates, bgp_ls, l2vpn, prefixes
from benchmarks.wire.families.multiprotocol import PEER_AS, Family, packed, tlv
from benchmarks.wire.families.prefixes import ipv4_prefix
from benchmarks.wire.iana import AttributeCode
from benchmarks.wire.message import Message, Route
from benchmarks.wire.session import Session

_LABELLED: Final = (1, 4), partial(prefixes.labelled, ipv4_prefix)
_VPN: Final = (1, 128), partial(prefixes.vpn, ipv4_prefix)
_LOOPBACK: Final = "192.0.2.1"
_INGRESS_REPLICATION: Final = 6

# Blocks of labels, and the parts of a segment identifier in bits: block, node, function, argument.
_FIRST_LABEL, _LABELS = 16000, 8000
_STRUCTURE: Final = (32, 16, 16, 0)
# What is done at the end of a segment (RFC 8986): End.X, End.DT4.
_END_X, _END_DT4 = 5, 19
# A flexible algorithm (RFC 9350).
_ALGORITHM = 128
_WEIGHT = 10


def _segment(index: int) -> str:
    """A segment identifier of SRv6."""
    return f"2001:db8:{index + 1:x}::5"


def _aigp(index: int) -> bytes:
    return pack("!BHQ", 1, 11, 100 + index)


def _pmsi_tunnel(index: int) -> bytes:
    return pack("!BB", 0, _INGRESS_REPLICATION) + (100 + index << 4).to_bytes(3) + packed(_LOOPBACK)


def _label_index(index: int) -> bytes:
    block = bytes(2) + _FIRST_LABEL.to_bytes(3) + _LABELS.to_bytes(3)
    return tlv(1, pack("!BHI", 0, 0, 100 + index), "!BH") + tlv(3, block, "!BH")


def _layer_3_service(index: int) -> bytes:
    structure = tlv(1, bytes([*_STRUCTURE, 0, 0]), "!BH")
    information = bytes(1) + packed(_segment(index)) + pack("!BHB", 0, _END_DT4, 0) + structure
    return tlv(5, bytes(1) + tlv(1, information, "!BH"), "!BH")


def _end_x(index: int) -> bytes:
    structure = tlv(1252, bytes(_STRUCTURE))
    return tlv(1106, pack("!HBBBB", _END_X, 0, _ALGORITHM, _WEIGHT, 0) + packed(_segment(index)) + structure)


def _locator(index: int) -> bytes:
    return tlv(1162, pack("!BBHI", 0, _ALGORITHM, 0, 100 + index))


@dataclass(frozen=True, slots=True)
class FamilyKind(FamilyUpdates):
    """UPDATEs of one route with ORIGIN, AS_PATH and one attribute more, by its code."""

    routes: int = 1
    code: AttributeCode | None = None
    srv6: bool = False

    @property
    def session(self) -> Session:
        """A session that carries the attribute."""
        return Session(families=(self.family,), peer_as=PEER_AS, aigp=self.code is AttributeCode.AIGP)

    def sharing(self, messages: int) -> list[Message]:
        """UPDATEs that all have the attributes of the first."""
        attributes, says = self.attributes(0), self.says(0)
        return replace(self, attributes=lambda _: attributes, says=lambda _: says).updates(messages)


def _kind(
    of_family: tuple[Family, Callable[[int], Route]],
    code: AttributeCode,
    value: Callable[[int], bytes],
    says: Callable[[int], tuple[str, ...]],
    *,
    distinguished: bool = False,
    srv6: bool = False,
) -> FamilyKind:
    family, route = of_family
    return FamilyKind(
        family,
        route,
        distinguished=distinguished,
        attributes=lambda index: {**_origin(index), code: value(index)},
        says=says,
        code=code,
        srv6=srv6,
    )


def _origin(index: int) -> Mapping[int, object]:
    """By ORIGIN they differ where there is nothing else to differ by."""
    return {AttributeCode.ORIGIN: index % 3}


FAMILY_KINDS: Final[dict[str, FamilyKind]] = {
    "none but the mandatory": FamilyKind(*_LABELLED, attributes=_origin, says=lambda _: ()),
    "AIGP": _kind(_LABELLED, AttributeCode.AIGP, _aigp, lambda index: (f"0x{100 + index:016x}",)),
    "PMSI_TUNNEL": _kind(
        ((25, 70), l2vpn.inclusive_multicast),
        AttributeCode.PMSI_TUNNEL,
        _pmsi_tunnel,
        lambda index: (str(100 + index), _LOOPBACK),
    ),
    "prefix SID by a label": _kind(
        _LABELLED,
        AttributeCode.PREFIX_SID,
        _label_index,
        lambda index: (str(100 + index), str(_FIRST_LABEL), str(_LABELS)),
    ),
    "prefix SID of SRv6": _kind(
        _VPN,
        AttributeCode.PREFIX_SID,
        _layer_3_service,
        lambda index: (_segment(index), f"0x{_END_DT4:x}", *map(str, _STRUCTURE)),
        distinguished=True,
        srv6=True,
    ),
    "BGP-LS End.X SID of SRv6": _kind(
        ((16388, 71), bgp_ls.link),
        AttributeCode.BGP_LS,
        _end_x,
        lambda index: (_segment(index), str(_END_X), str(_ALGORITHM), str(_WEIGHT)),
        srv6=True,
    ),
    "BGP-LS locator of SRv6": _kind(
        ((16388, 71), partial(bgp_ls.prefix, ipv6=True)),
        AttributeCode.BGP_LS,
        _locator,
        lambda index: (str(100 + index), str(_ALGORITHM)),
        srv6=True,
    ),
}
"""Each by its name, with its family. What an attribute of a labelled route costs is the difference to none."""
