"""The lines by which an API process asks ExaBGP to announce routes of some families: those of `FAMILIES`, by index.

All have the attributes of the first UPDATE. EVPN, BGP-LS and route targets are not announced by any ExaBGP.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

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


def _mobile_user_plane(index: int) -> str:
    route = (
        f"mup-isd 10.4.{index}.0/24 rd 65000:{index}",
        f"mup-dsd 10.3.0.{index} rd 65000:{index}",
        f"mup-t2st 10.3.0.{index} rd 65000:{index} teid {1000 + index}/32",
    )[index % 3]
    return f"announce ipv4 mup {route} {_HOP4} {_TARGET}"


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
    "IPv4 multicast VPN": _multicast_vpn,
}
"""The command for each route of a family. Others announce what is labelled, and what is of a VPN."""
