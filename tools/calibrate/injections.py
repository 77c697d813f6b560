"""The injections: slow-downs and leaks that are put into ExaBGP to see whether the benchmarks notice.

A callable is given by its names in all eras; the first name that this ExaBGP has is taken. To calibrate another
callable, add a line.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import CodeType, FunctionType
from typing import Any

from tools.calibrate import behaviour
from tools.errors import ToolError


class Kind(Enum):
    """How the work or the memory is added, and what is expected to notice it."""

    BYTECODES = "bytecodes"
    BEHAVIOUR = "behaviour"
    LEAK = "leak"
    C = "C"


# What is added, as shares of the scenario's count and of its time.
SHARES = (0.01, 0.03, 0.1, 0.5, 1.0)
C_SHARES = (0.1, 0.2, 0.5)


@dataclass(frozen=True, slots=True)
class Injection:
    """A way to make ExaBGP worse: in which callable, how, and by how much."""

    name: str
    targets: tuple[str, ...]
    kind: Kind = Kind.BYTECODES
    levels: tuple[float, ...] = SHARES
    # For behaviours and leaks: takes a level and returns what each call of the callable calls first.
    make: Callable[[float], Callable[[], object]] | None = None


_ATTRIBUTES = "exabgp.bgp.message.update.attribute."
_NLRI = "exabgp.bgp.message.update.nlri."
_COMMUNITY = _ATTRIBUTES + "community."
_NETWORK = "exabgp.reactor.network.connection.Connection."

_RECEIVING = [
    Injection("message dispatch", ("exabgp.bgp.message.Message.unpack",)),
    Injection("message class lookup", ("exabgp.bgp.message.Message.klass",)),
    Injection("UPDATE decode", ("exabgp.bgp.message.update.Update.unpack_message",)),
    Injection(
        "UPDATE contents",
        (
            "exabgp.bgp.message.update.UpdateCollection._parse_payload",
            "exabgp.bgp.message.update.Update.unpack_message",
        ),
    ),
    Injection(
        "UPDATE split",
        ("exabgp.bgp.message.update.UpdateCollection.split", "exabgp.bgp.message.update.Update.split"),
    ),
    Injection("KEEPALIVE decode", ("exabgp.bgp.message.keepalive.KeepAlive.unpack_message",)),
    Injection("NOTIFICATION decode", ("exabgp.bgp.message.notification.Notification.unpack_message",)),
    Injection("ROUTE-REFRESH decode", ("exabgp.bgp.message.refresh.RouteRefresh.unpack_message",)),
    Injection("NLRI decode, any family", (_NLRI + "nlri.NLRI.unpack_nlri",)),
    Injection(
        "NLRI decode, IPv4 and IPv6 unicast", (_NLRI + "inet.INETBase.unpack_nlri", _NLRI + "inet.INET.unpack_nlri")
    ),
    Injection("prefix decode", (_NLRI + "cidr.CIDR.decode",)),
    Injection("prefix made", (_NLRI + "cidr.CIDR.__init__",)),
    Injection("prefix as text", (_NLRI + "inet.INETBase.prefix", _NLRI + "inet.INET.prefix")),
    Injection(
        "MP_REACH_NLRI", (_ATTRIBUTES + "mprnlri.MPRNLRI.unpack_attribute", _ATTRIBUTES + "mprnlri.MPRNLRI.unpack")
    ),
    Injection(
        "MP_UNREACH_NLRI",
        (_ATTRIBUTES + "mpurnlri.MPURNLRI.unpack_attribute", _ATTRIBUTES + "mpurnlri.MPURNLRI.unpack"),
    ),
    Injection("attributes, whole", (_ATTRIBUTES + "AttributeCollection.unpack", _ATTRIBUTES + "Attributes.unpack")),
    Injection("attributes, one by one", (_ATTRIBUTES + "AttributeCollection.parse", _ATTRIBUTES + "Attributes.parse")),
    Injection("attributes, added", (_ATTRIBUTES + "AttributeCollection.add", _ATTRIBUTES + "Attributes.add")),
    Injection("attribute, by type", (_ATTRIBUTES + "Attribute.unpack",)),
    Injection("attribute flags", (_ATTRIBUTES + "Attribute.registered",)),
    Injection("ORIGIN", (_ATTRIBUTES + "origin.Origin.unpack_attribute", _ATTRIBUTES + "origin.Origin.unpack")),
    Injection("AS_PATH", (_ATTRIBUTES + "aspath.ASPath.unpack_attribute", _ATTRIBUTES + "aspath.ASPath.unpack")),
    Injection(
        "AS_PATH segments",
        (_ATTRIBUTES + "aspath.ASPath._unpack_segments_static", _ATTRIBUTES + "aspath.ASPath._new_aspaths"),
    ),
    Injection("AS_PATH as text", (_ATTRIBUTES + "aspath.ASPath.string",)),
    Injection("NEXT_HOP", (_ATTRIBUTES + "nexthop.NextHop.unpack_attribute", _ATTRIBUTES + "nexthop.NextHop.unpack")),
    Injection("MULTI_EXIT_DISC", (_ATTRIBUTES + "med.MED.unpack_attribute", _ATTRIBUTES + "med.MED.unpack")),
    Injection(
        "LOCAL_PREF",
        (_ATTRIBUTES + "localpref.LocalPreference.unpack_attribute", _ATTRIBUTES + "localpref.LocalPreference.unpack"),
    ),
    Injection(
        "ATOMIC_AGGREGATE",
        (
            _ATTRIBUTES + "atomicaggregate.AtomicAggregate.unpack_attribute",
            _ATTRIBUTES + "atomicaggregate.AtomicAggregate.unpack",
        ),
    ),
    Injection(
        "AGGREGATOR",
        (_ATTRIBUTES + "aggregator.Aggregator.unpack_attribute", _ATTRIBUTES + "aggregator.Aggregator.unpack"),
    ),
    Injection(
        "communities",
        (
            _COMMUNITY + "initial.communities.Communities.unpack_attribute",
            _COMMUNITY + "initial.communities.Communities.unpack",
        ),
    ),
    Injection("community", (_COMMUNITY + "initial.community.Community.__init__",)),
    Injection(
        "large communities",
        (
            _COMMUNITY + "large.communities.LargeCommunities.unpack_attribute",
            _COMMUNITY + "large.communities.LargeCommunities.unpack",
        ),
    ),
    Injection(
        "extended communities",
        (
            _COMMUNITY + "extended.communities.ExtendedCommunities.unpack_attribute",
            _COMMUNITY + "extended.communities.ExtendedCommunities.unpack",
        ),
    ),
    Injection("IP address as text", ("exabgp.protocol.ip.IP.ntop",)),
    Injection("numbers with names", ("exabgp.protocol.resource.Resource.__new__",)),
    Injection("protocol reads a message", ("exabgp.reactor.protocol.Protocol.read_message",)),
    Injection("connection reads a message, header checks", (_NETWORK + "reader_async", _NETWORK + "reader")),
    Injection("connection reads octets", (_NETWORK + "_reader_async", _NETWORK + "_reader")),
    Injection("log call that logs nothing", ("exabgp.logger._log.debug", "exabgp.logger.Logger.debug")),
    Injection("API command put in the queue", ("exabgp.reactor.asynchronous.ASYNC.schedule",)),
    Injection(
        "API command run from the queue",
        ("exabgp.reactor.asynchronous.ASYNC._run_async", "exabgp.reactor.asynchronous.ASYNC.run"),
    ),
    Injection("route kept in the Adj-RIB-In", ("exabgp.rib.cache.Cache.update_cache",)),
    Injection("route put in the Adj-RIB-Out", ("exabgp.rib.outgoing.OutgoingRIB.add_to_rib",)),
    Injection("UPDATEs made of the Adj-RIB-Out", ("exabgp.rib.outgoing.OutgoingRIB.updates",)),
    # Found hot by tracing.
    Injection(
        "KEEPALIVE made", ("exabgp.bgp.message.keepalive.KeepAlive.__init__", "exabgp.bgp.message.Message.__init__")
    ),
    Injection("log level looked up", ("exabgp.logger.option.option.log_enabled", "exabgp.logger.Logger._report")),
    Injection("connection waits for octets", (_NETWORK + "reading",)),
    Injection("attribute class lookup", (_ATTRIBUTES + "Attribute.klass",)),
    Injection("large communities compared", (_COMMUNITY + "large.community.LargeCommunity.__eq__",)),
    Injection("AFI looked up", ("exabgp.protocol.family.AFI.from_int", "exabgp.protocol.family.AFI.create")),
    Injection("family of an NLRI", ("exabgp.protocol.family.Family.__init__",)),
    Injection("unicast NLRI made", (_NLRI + "inet.INETBase.from_cidr", _NLRI + "inet.INET.__init__")),
    Injection("NLRI index", (_NLRI + "inet.INETBase.index", _NLRI + "inet.INET.index")),
    Injection(
        "attributes as text",
        (_ATTRIBUTES + "AttributeCollection._generate_text", _ATTRIBUTES + "Attributes._generate_text"),
    ),
    Injection(
        "attributes encoded", (_ATTRIBUTES + "AttributeCollection.pack_attribute", _ATTRIBUTES + "Attributes.pack")
    ),
    Injection("attribute header encoded", (_ATTRIBUTES + "Attribute._attribute",)),
    Injection(
        "UPDATE encoded",
        ("exabgp.bgp.message.update.UpdateCollection.messages", "exabgp.bgp.message.update.Update.messages"),
    ),
    Injection(
        "Adj-RIB-Out updated", ("exabgp.rib.outgoing.OutgoingRIB._update_rib", "exabgp.rib.cache.Cache.in_cache")
    ),
    Injection("line written for an API process", ("exabgp.reactor.api.processes.Processes.write",)),
    Injection("lines flushed to an API process", ("exabgp.reactor.api.processes.Processes.flush_write_queue",)),
    Injection("main loop of a peer", ("exabgp.reactor.peer.Peer._main",)),
    Injection("log message made later", ("exabgp.logger.format.lazymsg", "exabgp.logger.LazyFormat.__init__")),
    Injection("log octets formatted later", ("exabgp.logger.format.lazyformat",)),
    Injection("log call passed on", ("exabgp.logger.log.logger",)),
    Injection(
        "attribute class by number", (_ATTRIBUTES + "Attribute.klass_by_id", _ATTRIBUTES + "Attribute._registry_key")
    ),
    Injection("single attribute", (_ATTRIBUTES + "Attributes._parse_one",)),
    Injection("communities sorted", (_COMMUNITY + "initial.community.Community.__lt__",)),
    Injection("large communities sorted", (_COMMUNITY + "large.community.LargeCommunity.__lt__",)),
    Injection("extended communities sorted", (_COMMUNITY + "extended.community.ExtendedCommunityBase.__lt__",)),
    Injection("community as text", (_COMMUNITY + "initial.community.Community._get_string",)),
    Injection("attributes index", (_ATTRIBUTES + "Attributes.index",)),
    Injection("route index", ("exabgp.rib.change.Change.index",)),
    Injection(
        "UPDATE encoded, NLRI of IPv4",
        ("exabgp.bgp.message.update.Update._native_messages", _NLRI + "cidr.CIDR.pack_nlri"),
    ),
    Injection("UPDATE encoded, split", ("exabgp.bgp.message.update.Update._split_nlris",)),
    Injection("prefix of IPv4 octets", (_NLRI + "cidr.CIDR.from_ipv4",)),
    Injection("prefix size", (_NLRI + "cidr.CIDR.size",)),
    Injection("SAFI looked up", ("exabgp.protocol.family.SAFI.from_int", "exabgp.protocol.family.SAFI.create")),
    Injection("route withdrawn from the Adj-RIB-Out", ("exabgp.rib.outgoing.OutgoingRIB._del_from_rib_impl",)),
    Injection("connection named", (_NETWORK + "session",)),
    Injection("API command, coroutine or not", ("exabgp.reactor.asynchronous.ASYNC._is_coroutine",)),
    Injection("octet as number", ("exabgp.util.ordinal",)),
    Injection("number as octet", ("exabgp.util.character",)),
    Injection("AS number encoded", ("exabgp.bgp.message.open.asn.ASN.pack",)),
    Injection("AS number as text", ("exabgp.bgp.message.open.asn.ASN.__str__",)),
    Injection("AS_PATH shown", (_ATTRIBUTES + "aspath.ASPath.__repr__",)),
    Injection("AS_PATH segment encoded", (_ATTRIBUTES + "aspath.ASPath._segment",)),
    Injection("communities as text", (_COMMUNITY + "initial.communities.Communities.__repr__",)),
    Injection("communities listed", (_COMMUNITY + "initial.communities.Communities.communities",)),
    Injection("large communities of octets", (_COMMUNITY + "large.communities.LargeCommunities.from_packet",)),
    Injection("family asked for", ("exabgp.protocol.family.Family.family",)),
    Injection("address of a prefix as text", (_NLRI + "cidr.CIDR.top",)),
    Injection("address and length of a prefix as text", (_NLRI + "cidr.CIDR.prefix",)),
    Injection("NLRI as text", (_NLRI + "inet.INETBase.extensive", _NLRI + "inet.INET.extensive")),
    Injection("NLRI packed", ("exabgp.bgp.message.update.Update._packed_nlris",)),
    Injection("octets joined", ("exabgp.util.concat_bytes",)),
    Injection("length of an IP address", ("exabgp.protocol.ip.IP.length",)),
    Injection("warning logged", ("exabgp.logger._log.warning", "exabgp.logger.Logger.warning")),
    Injection("API commands run in one turn", ("exabgp.reactor.asynchronous.ASYNC.run",)),
]

_OF_A_MESSAGE = ("exabgp.bgp.message.Message.unpack",)

_BEHAVIOUR = [
    Injection(
        "cache of attribute values turned off (nothing reads it: Attribute.CACHING is False)",
        (_ATTRIBUTES + "Attribute.unpack",),
        Kind.BEHAVIOUR,
        (1,),
        behaviour.attribute_values_forgotten,
    ),
    Injection(
        "attribute cache never hits: the last attributes are decoded again",
        (_ATTRIBUTES + "AttributeCollection.unpack", _ATTRIBUTES + "Attributes.unpack"),
        Kind.BEHAVIOUR,
        (1,),
        behaviour.last_attributes_forgotten,
    ),
    Injection(
        "socket read a few octets at a time",
        (_NETWORK + "_reader_async", _NETWORK + "_reader"),
        Kind.BEHAVIOUR,
        (64, 16, 4),
        behaviour.small_reads,
    ),
    Injection(
        "message headers checked twice",
        _OF_A_MESSAGE,
        Kind.BEHAVIOUR,
        (1,),
        behaviour.header_checked_again,
    ),
    Injection(
        "log messages formatted though not logged",
        ("exabgp.logger._log.debug", "exabgp.logger.Logger.debug"),
        Kind.BEHAVIOUR,
        (1,),
        behaviour.eager_log,
    ),
    Injection(
        "whole queue walked for each new API command",
        ("exabgp.reactor.asynchronous.ASYNC.schedule",),
        Kind.BEHAVIOUR,
        (1,),
        behaviour.linear_queue,
    ),
    Injection(
        "all pending routes walked for each new route",
        ("exabgp.rib.outgoing.OutgoingRIB.add_to_rib",),
        Kind.BEHAVIOUR,
        (1,),
        behaviour.linear_rib,
    ),
    Injection(
        "routes announced again written again",
        ("exabgp.rib.cache.Cache.in_cache",),
        Kind.BEHAVIOUR,
        (1,),
        behaviour.suppression_taken_out,
    ),
    Injection(
        "an UPDATE for each route",
        ("exabgp.rib.outgoing.OutgoingRIB.updates",),
        Kind.BEHAVIOUR,
        (1,),
        behaviour.grouping_taken_out,
    ),
]

_LEAKS = [
    Injection("octets kept for each message", _OF_A_MESSAGE, Kind.LEAK, (64, 1024), behaviour.keep_octets),
    Injection(
        "reference kept to each UPDATE",
        ("exabgp.bgp.message.update.Update.__init__",),
        Kind.LEAK,
        (1,),
        behaviour.keep_object,
    ),
    Injection(
        "reference kept to each collection of attributes",
        (_ATTRIBUTES + "AttributeCollection.__init__", _ATTRIBUTES + "Attributes.__init__"),
        Kind.LEAK,
        (1,),
        behaviour.keep_object,
    ),
    Injection(
        "octets kept for each message read",
        ("exabgp.reactor.protocol.Protocol.read_message",),
        Kind.LEAK,
        (64, 1024),
        behaviour.keep_octets,
    ),
]

_IN_C = [
    Injection(f"in C: {injection.name}", injection.targets, Kind.C, C_SHARES)
    for injection in _RECEIVING
    if injection.name
    in {
        "UPDATE decode",
        "NLRI decode, IPv4 and IPv6 unicast",
        "attributes, one by one",
        "AS_PATH segments",
        "communities",
        "protocol reads a message",
        "connection reads octets",
        "route put in the Adj-RIB-Out",
    }
]

INJECTIONS: dict[str, Injection] = {
    injection.name: injection for injection in (*_RECEIVING, *_BEHAVIOUR, *_LEAKS, *_IN_C)
}


def find(name: str) -> Injection:
    """The injection of a name, or ToolError."""
    try:
        return INJECTIONS[name]
    except KeyError:
        raise ToolError(f"no injection is called {name!r}: tools/calibrate/injections.py has their names") from None


def resolve(injection: Injection) -> FunctionType | None:
    """The function to be made worse, in the ExaBGP that this process imports; None where it has none of the names."""
    return next((found for target in injection.targets if (found := _function(target)) is not None), None)


def _function(dotted: str) -> FunctionType | None:
    """A function by its module and name, whatever descriptor it is wrapped in; of a class that defines it itself."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            try:
                found = vars(found)[part]
            except (KeyError, TypeError):
                return None
        found = getattr(found, "__func__", getattr(found, "fget", found))
        return found if isinstance(found, FunctionType) else None
    return None


def label(code: CodeType) -> str:
    """How a report calls a piece of code: the module's path in its package, and the name in it."""
    path = code.co_filename
    folder = "/exabgp/"
    place = path.rpartition(folder)[2] if folder in path else "Python's " + path.rpartition("/")[2]
    return f"{place} {code.co_qualname}"
