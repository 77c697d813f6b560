"""The injections: slow-downs and leaks that are put into ExaBGP to see whether the benchmarks notice.

A callable is given by its names in all eras; the first name that this ExaBGP has is taken. To calibrate another
callable, add a line to a list in `tools.calibrate.callables`.
"""

import importlib
from types import CodeType, FunctionType
from typing import Any

from tools.calibrate import behaviour
from tools.calibrate.callables import CALLABLES
from tools.calibrate.callables.injection import C_SHARES, Injection, Kind
from tools.errors import ToolError

_ATTRIBUTES = "exabgp.bgp.message.update.attribute."
_NETWORK = "exabgp.reactor.network.connection.Connection."
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
    for injection in CALLABLES
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
    injection.name: injection for injection in (*CALLABLES, *_BEHAVIOUR, *_LEAKS, *_IN_C)
}


def find(name: str) -> Injection:
    """The injection of a name, or ToolError."""
    try:
        return INJECTIONS[name]
    except KeyError:
        raise ToolError(
            f"no injection is called {name!r}: tools/calibrate/callables and injections.py beside it have the names"
        ) from None


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
        return _undecorated(found) if isinstance(found, FunctionType) else None
    return None


def _undecorated(function: FunctionType) -> FunctionType:
    """The function in its decorator's place: what the decorator returns has its code in common with others."""
    if "<locals>" in function.__code__.co_qualname:
        for cell in function.__closure__ or ():
            if isinstance(cell.cell_contents, FunctionType):
                return cell.cell_contents
    return function


def label(code: CodeType) -> str:
    """How a report calls a piece of code: the module's path in its package, and the name in it."""
    path = code.co_filename
    folder = "/exabgp/"
    place = path.rpartition(folder)[2] if folder in path else "Python's " + path.rpartition("/")[2]
    return f"{place} {code.co_qualname}"
