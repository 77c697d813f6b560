"""The lines by which an API process asks ExaBGP to announce routes of some families: those of `FAMILIES`, by index.

All have the attributes of the first UPDATE. No ExaBGP has a command for EVPN, BGP-LS and route targets.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from benchmarks.wire.families.others import QFI, sr_endpoint, sr_labels, tunnel_source, user_plane
from benchmarks.wire.families.prefixes import ipv4_prefix, ipv6_prefix

_HOP4, _HOP6 = "next-hop 192.0.2.1", "next-hop 2001:db8::1"
_TARGET: Final = "extended-community [ target:65000:0 ]"


def _rule(index: int, *, ipv6: bool = False, distinguished: bool = False) -> str:
    prefix = ipv6_prefix if ipv6 else ipv4_prefix
    offset, protocol = ("/0", "next-header") if ipv6 else ("", "protocol")
    match = f"destination {prefix(index)}{offset}; source {prefix(5000 + index)}{offset}; {protocol} =tcp;"
    match += f" destination-port ={1000 + index};"
    if index % 2:
        match += " tcp-flags =syn; packet-length >200&<300;"
    distinguisher = f"rd 65000:{index}; " if distinguished else ""
    return f"announce flow route {{ {distinguisher}match {{ {match} }} then {{ rate-limit 1000; }} }}"


def _vpls(index: int) -> str:
    base = 1000 + 10 * index
    return f"announce vpls endpoint 5 base {base} offset 10 size 8 rd 65000:{index} {_HOP4} {_TARGET}"


def _mobile_user_plane(index: int, *, ipv6: bool = False) -> str:
    host, prefix = user_plane(index, ipv6)
    route = (
        f"mup-isd {prefix} rd 65000:{index}",
        f"mup-dsd {host} rd 65000:{index}",
        f"mup-t2st {host} rd 65000:{index} teid {1000 + index}/32",
    )[index % 3]
    return _of_user_plane(route, ipv6)


def _mobile_session(index: int, *, ipv6: bool = False) -> str:
    host, prefix = user_plane(index, ipv6)
    tunnel = f"teid {1000 + index} qfi {QFI} endpoint {host} source {tunnel_source(ipv6)}"
    return _of_user_plane(f"mup-t1st {prefix} rd 65000:{index} {tunnel}", ipv6)


def _of_user_plane(route: str, ipv6: bool) -> str:
    return f"announce {'ipv6' if ipv6 else 'ipv4'} mup {route} {_HOP6 if ipv6 else _HOP4} {_TARGET}"


def _sr_policy(index: int, *, ipv6: bool = False) -> str:
    afi, hop = ("ipv6", _HOP6) if ipv6 else ("ipv4", _HOP4)
    policy = f"distinguisher {index} color {100 + index} endpoint {sr_endpoint(index, ipv6)}"
    segments = " ".join(f"segment type-a mpls {label}" for label in sr_labels(0))
    return f"announce {afi} sr-policy {policy} {hop} preference 100 segment-list weight 1 {segments}"


def _multicast_vpn(index: int) -> str:
    addresses = f"10.5.0.{index} group 239.1.0.{index} rd 65000:{index}"
    route = (
        f"source-ad source {addresses}",
        f"shared-join rp {addresses} source-as 65000",
        f"source-join source {addresses} source-as 65000",
    )[index % 3]
    return f"announce ipv4 mcast-vpn {route} {_HOP4} {_TARGET}"


COMMANDS: Final[dict[str, Callable[[int], str]]] = {
    "IPv4 multicast": lambda index: f"announce ipv4 multicast {ipv4_prefix(index)} {_HOP4} med 0",
    "IPv6 multicast": lambda index: f"announce ipv6 multicast {ipv6_prefix(index)} {_HOP6} med 0",
    "IPv4 FlowSpec": _rule,
    "IPv6 FlowSpec": partial(_rule, ipv6=True),
    "IPv4 FlowSpec VPN": partial(_rule, distinguished=True),
    "IPv6 FlowSpec VPN": partial(_rule, ipv6=True, distinguished=True),
    "VPLS": _vpls,
    "IPv4 mobile user plane": _mobile_user_plane,
    "IPv6 mobile user plane": partial(_mobile_user_plane, ipv6=True),
    "IPv4 mobile sessions": _mobile_session,
    "IPv6 mobile sessions": partial(_mobile_session, ipv6=True),
    "IPv4 SR policies": _sr_policy,
    "IPv6 SR policies": partial(_sr_policy, ipv6=True),
    "IPv4 multicast VPN": _multicast_vpn,
}
"""The command for each route of a family. Others announce what is labelled, and what is of a VPN."""
