"""UPDATEs of address families other than IPv4 unicast, each by its name, with what ExaBGP must say of their routes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from struct import pack
from typing import Final

from benchmarks.wire.families import bgp_ls, flowspec, l2vpn, others, prefixes
from benchmarks.wire.families.multiprotocol import Family, announcement, batches, session, targets, withdrawal
from benchmarks.wire.families.prefixes import ipv4_prefix, ipv6_prefix
from benchmarks.wire.iana import AttributeCode
from benchmarks.wire.message import Message, Route
from benchmarks.wire.session import Session

_IPV4, _IPV6, _L2VPN, _BGP_LS = 1, 2, 25, 16388
_HOP4, _HOP6 = "192.0.2.1", "2001:db8::1"

ROUTES: Final = 10
"""Routes in an UPDATE."""


@dataclass(frozen=True, slots=True)
class FamilyUpdates:
    """A family: its number, its routes by their index, and the rest of its UPDATEs.

    `attributes` are those beside ORIGIN and AS_PATH, by the number of the UPDATE, and `says` values in them.
    """

    family: Family
    route: Callable[[int], Route]
    next_hop: str | None = _HOP4
    distinguished: bool = False
    withdrawn: bool = False
    routes: int = ROUTES
    attributes: Callable[[int], Mapping[int, object]] = lambda index: {AttributeCode.MULTI_EXIT_DISC: index}
    says: Callable[[int], tuple[str, ...]] = lambda index: (str(index),)

    @property
    def session(self) -> Session:
        """A session that carries it."""
        return session(self.family)

    def updates(self, messages: int) -> list[Message]:
        """UPDATEs whose routes are all different; no two have the same attributes."""
        all_routes = map(self.route, range(messages * self.routes))
        if self.withdrawn:
            return [withdrawal(self.family, routes) for routes in batches(all_routes, self.routes)]
        return [
            announcement(
                self.family,
                routes,
                next_hop=self.next_hop,
                attributes=self.attributes(index),
                distinguished=self.distinguished,
                says=self.says(index),
            )
            for index, routes in enumerate(batches(all_routes, self.routes))
        ]


def _with_targets(*more: bytes) -> Callable[[int], Mapping[int, object]]:
    return lambda index: {AttributeCode.EXTENDED_COMMUNITIES: (*targets(index), *more)}


def _target(index: int) -> tuple[str, ...]:
    return (f"target:65000:{index}",)


def _rate_text(index: int) -> tuple[str, ...]:
    return (f"rate-limit:{1000 * (index + 1)}",)


def _rate(index: int) -> Mapping[int, object]:
    return {AttributeCode.EXTENDED_COMMUNITIES: (flowspec.traffic_rate(1000.0 * (index + 1)),)}


def _ingress_replication(index: int) -> Mapping[int, object]:
    tunnel = pack("!BB", 0, 6) + (100 + index << 4).to_bytes(3) + bytes([192, 0, 2, 1])
    return {**_with_targets(l2vpn.ENCAPSULATION_VXLAN)(index), AttributeCode.PMSI_TUNNEL: tunnel}


_VPN4: Final = FamilyUpdates(
    (_IPV4, 128), partial(prefixes.vpn, ipv4_prefix), distinguished=True, attributes=_with_targets(), says=_target
)
_VPN6: Final = FamilyUpdates(
    (_IPV6, 128),
    partial(prefixes.vpn, ipv6_prefix),
    _HOP6,
    distinguished=True,
    attributes=_with_targets(),
    says=_target,
)

FAMILIES: Final[dict[str, FamilyUpdates]] = {
    "IPv6 unicast": FamilyUpdates((_IPV6, 1), partial(prefixes.plain, ipv6_prefix), _HOP6),
    "IPv6 unicast, withdrawn": FamilyUpdates((_IPV6, 1), partial(prefixes.plain, ipv6_prefix), withdrawn=True),
    "IPv4 multicast": FamilyUpdates((_IPV4, 2), partial(prefixes.plain, ipv4_prefix)),
    "IPv6 multicast": FamilyUpdates((_IPV6, 2), partial(prefixes.plain, ipv6_prefix), _HOP6),
    "IPv4 labelled": FamilyUpdates((_IPV4, 4), partial(prefixes.labelled, ipv4_prefix)),
    "IPv6 labelled": FamilyUpdates((_IPV6, 4), partial(prefixes.labelled, ipv6_prefix), _HOP6),
    "VPNv4": _VPN4,
    "VPNv6": _VPN6,
    "VPNv4, withdrawn": FamilyUpdates((_IPV4, 128), partial(prefixes.vpn, ipv4_prefix, withdrawn=True), withdrawn=True),
    "IPv4 FlowSpec": FamilyUpdates((_IPV4, 133), flowspec.rule, None, attributes=_rate, says=_rate_text),
    "IPv6 FlowSpec": FamilyUpdates(
        (_IPV6, 133), partial(flowspec.rule, ipv6=True), None, attributes=_rate, says=_rate_text
    ),
    "IPv4 FlowSpec VPN": FamilyUpdates(
        (_IPV4, 134), partial(flowspec.rule, distinguished=True), None, attributes=_rate, says=_rate_text
    ),
    "IPv6 FlowSpec VPN": FamilyUpdates(
        (_IPV6, 134), partial(flowspec.rule, ipv6=True, distinguished=True), None, attributes=_rate, says=_rate_text
    ),
    "EVPN": FamilyUpdates((_L2VPN, 70), l2vpn.evpn, attributes=_ingress_replication, says=_target),
    "VPLS": FamilyUpdates((_L2VPN, 65), l2vpn.vpls, routes=1, attributes=_with_targets(), says=_target),
    "BGP-LS nodes": FamilyUpdates(
        (_BGP_LS, 71),
        bgp_ls.node,
        routes=1,
        attributes=lambda index: {AttributeCode.BGP_LS: bgp_ls.node_attribute(index)},
        says=lambda index: (f"router{index}", f"192.0.2.{index}"),
    ),
    "BGP-LS links": FamilyUpdates(
        (_BGP_LS, 71),
        bgp_ls.link,
        routes=1,
        attributes=lambda index: {AttributeCode.BGP_LS: bgp_ls.link_attribute(index)},
        says=lambda index: (f"192.0.2.{index}", f"192.0.2.{index + 1}", str(10 + index)),
    ),
    "BGP-LS IPv4 prefixes": FamilyUpdates(
        (_BGP_LS, 71),
        bgp_ls.prefix,
        routes=1,
        attributes=lambda index: {AttributeCode.BGP_LS: bgp_ls.prefix_attribute(index)},
        says=lambda index: (str(10 + index),),
    ),
    "BGP-LS IPv6 prefixes": FamilyUpdates(
        (_BGP_LS, 71),
        partial(bgp_ls.prefix, ipv6=True),
        routes=1,
        attributes=lambda index: {AttributeCode.BGP_LS: bgp_ls.prefix_attribute(index)},
        says=lambda index: (str(10 + index),),
    ),
    "route targets": FamilyUpdates((_IPV4, 132), prefixes.route_target),
    "IPv4 mobile user plane": FamilyUpdates(
        (_IPV4, 85), others.segment_discovery, attributes=_with_targets(), says=_target
    ),
    "IPv6 mobile user plane": FamilyUpdates(
        (_IPV6, 85), partial(others.segment_discovery, ipv6=True), _HOP6, attributes=_with_targets(), says=_target
    ),
    "IPv4 mobile sessions": FamilyUpdates(
        (_IPV4, 85), others.session_transformed, attributes=_with_targets(), says=_target
    ),
    "IPv6 mobile sessions": FamilyUpdates(
        (_IPV6, 85), partial(others.session_transformed, ipv6=True), _HOP6, attributes=_with_targets(), says=_target
    ),
    "IPv4 SR policies": FamilyUpdates(
        (_IPV4, 73),
        others.sr_policy,
        routes=1,
        attributes=lambda index: {AttributeCode.TUNNEL_ENCAPSULATION: others.sr_policy_tunnel(index)},
        says=lambda index: (str(100 + index), *map(str, others.sr_labels(index))),
    ),
    "IPv6 SR policies": FamilyUpdates(
        (_IPV6, 73),
        partial(others.sr_policy, ipv6=True),
        _HOP6,
        routes=1,
        attributes=lambda index: {AttributeCode.TUNNEL_ENCAPSULATION: others.sr_policy_tunnel(index)},
        says=lambda index: (str(100 + index), *map(str, others.sr_labels(index))),
    ),
    "IPv4 multicast VPN": FamilyUpdates((_IPV4, 5), others.multicast_vpn, attributes=_with_targets(), says=_target),
}
"""Each by its name. BGP-LS and SR policies have an attribute that is about one route, so one route an UPDATE.

VPLS has one too: no ExaBGP reads more of it in an UPDATE.
"""
