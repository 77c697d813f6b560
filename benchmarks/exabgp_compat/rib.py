"""ExaBGP's RIBs of one neighbour: routes that wait to be announced (Adj-RIB-Out), and routes received (Adj-RIB-In)."""

import functools
import inspect
import operator
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, repeat
from operator import attrgetter, methodcaller
from typing import Any

from benchmarks.wire import AttributeCode, Message, UpdateTruth

from .session import Speaker
from .use import collection_of

_ORIGINS = ("igp", "egp", "incomplete")


def commands(messages: Iterable[Message], action: str = "announce") -> list[str]:
    """Lines by which an API process asks ExaBGP to announce (or withdraw) what the UPDATEs announce, a line a route.

    Of attributes it knows those of `simple_update`: ORIGIN, one AS_SEQUENCE, NEXT_HOP, COMMUNITIES.
    """
    return [
        f"{action} route {nlri.prefix} next-hop {next_hop}{_attributes(truth)}"
        for truth in (message.truth for message in messages)
        if isinstance(truth, UpdateTruth)
        for nlri, next_hop in truth.announced
    ]


def _attributes(truth: UpdateTruth) -> str:
    values: Any = truth.attributes
    ((_, path),) = values[AttributeCode.AS_PATH]
    communities = " ".join(f"{value >> 16}:{value & 0xFFFF}" for value in values[AttributeCode.COMMUNITIES])
    origin = _ORIGINS[values[AttributeCode.ORIGIN]]
    return f" origin {origin} as-path [ {' '.join(map(str, path))} ] community [ {communities} ]"


def parse(lines: Sequence[str]) -> list[Any]:
    """ExaBGP's routes, one for each line, by its own parser of API commands.

    Raises ValueError for a line that it refuses.
    """
    from exabgp.reactor.api import API

    parse_route = API(None).api_route
    parsed = list(map(parse_route, lines))
    for line, routes in zip(lines, parsed, strict=True):
        if len(routes) != 1:
            raise ValueError(f"ExaBGP makes {len(routes)} routes of {line!r}")
    return [route for (route,) in parsed]


class OutgoingRib:
    """A speaker's Adj-RIB-Out: routes are added or withdrawn, wait, and are worked off into UPDATEs."""

    def __init__(self, speaker: Speaker) -> None:
        self._rib = speaker.neighbor.rib.outgoing
        self._messages = methodcaller("messages", speaker.negotiated)
        self._withdraw = getattr(self._rib, "del_from_rib", None) or self._rib.add_to_rib
        # Neighbours of equal configuration share one RIB.
        self.clear = self._rib.clear
        self.clear()

    def withdrawals(self, lines: Sequence[str]) -> list[Any]:
        """Routes to be withdrawn, as the daemon makes them of API commands."""
        routes = parse(lines)
        if not hasattr(self._rib, "del_from_rib"):
            # Until 2019-07 a withdrawal is a route that says so.
            from exabgp.bgp.message import OUT

            for route in routes:
                route.nlri.action = OUT.WITHDRAW
        return routes

    def add(self, routes: Iterable[Any]) -> None:
        """Have routes wait for their announcement, whatever was announced before, as on a reload."""
        deque(map(self._rib.add_to_rib, routes, repeat(True)), maxlen=0)

    def cycle(self, withdrawals: Iterable[Any], routes: Iterable[Any]) -> None:
        """Withdraw a route and add one, in turns."""
        withdraw, add = self._withdraw, self._rib.add_to_rib
        for withdrawal, route in zip(withdrawals, routes, strict=True):
            withdraw(withdrawal)
            add(route, True)

    def drain(self) -> Iterator[bytes]:
        """Work off what waits: the UPDATEs, header included, one at a time as they are asked for."""
        return chain.from_iterable(map(self._messages, self._rib.updates(True)))

    def keep(self) -> Callable[[], None]:
        """A function that has wait again, as often as called, what waits now. It is nothing but calls into C.

        When it works routes off ExaBGP puts new dictionaries in the place of those that hold them and leaves these
        as they are; copies keep them so when routes are added.
        """
        state = vars(self._rib)
        waiting = {name: value for name, value in state.items() if isinstance(value, dict) and value}
        # What was announced before is no part of what waits.
        waiting.pop("_seen", None)

        def restore() -> None:
            state.update(zip(waiting, map(dict, waiting.values()), strict=True))

        return restore


def forgetter(routes: Sequence[Any], work: Callable[[], object]) -> Callable[[], None]:
    """A function that makes routes as they were before the work: whatever it made ExaBGP remember in them is gone.

    ExaBGP works out the index of a route and of an attribute collection, the text of an AS path and, until 2021-10-21,
    its octets, once and keeps it in the object, under names that differ by era. The work must be the first of its kind
    that uses the routes, and all have the same types of attributes. The function is nothing but calls into C, so it can
    be part of what is timed.
    """
    parts: list[Callable[[Any], Any]] = [lambda route: route, attrgetter("nlri"), attrgetter("attributes")]
    parts += [functools.partial(_attribute, code) for code in routes[0].attributes]
    sample = [part(routes[0]) for part in parts]
    before = [_state(part) for part in sample]
    # What is remembered in a dictionary leaves the object the same.
    entries = [{name: dict(value) for name, value in state.items() if type(value) is dict} for state in before]
    work()
    steps: list[Callable[[], object]] = []
    for part, old, old_entries, now in zip(parts, before, entries, map(_state, sample), strict=True):
        objects = list(map(part, routes))
        for name in now:
            if name not in old:
                steps.append(functools.partial(_run, delattr, objects, name))
            elif now[name] is not old[name]:
                if not old[name]:
                    steps.append(functools.partial(_run, setattr, objects, name, old[name]))
            elif name in old_entries and now[name] != old_entries[name]:
                owned = list(map(attrgetter(name), objects))
                steps.append(functools.partial(_run, dict.clear, owned))
                steps.append(functools.partial(_run, dict.update, owned, old_entries[name]))

    def forget() -> None:
        deque(map(operator.call, steps), maxlen=0)

    return forget


def _attribute(code: int, route: Any) -> Any:
    return route.attributes[code]


def _run(change: Callable[..., object], objects: list[Any], *values: Any) -> None:
    deque(map(change, objects, *map(repeat, values)), maxlen=0)


def _state(item: Any) -> dict[str, Any]:
    """All attributes of an object, in its dictionary and in its slots."""
    state = dict(getattr(item, "__dict__", {}))
    for cls in type(item).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for slot in [slots] if isinstance(slots, str) else slots:
            name = f"_{cls.__name__.lstrip('_')}{slot}" if slot.startswith("__") and not slot.endswith("__") else slot
            if name not in {"__dict__", "__weakref__"} and hasattr(item, name):
                state[name] = getattr(item, name)
    return state


class IncomingRib:
    """A speaker's Adj-RIB-In: routes of decoded UPDATEs are kept, by the calls that ExaBGP's peer makes for each."""

    def __init__(self, speaker: Speaker, sample: Any) -> None:
        """The sample is a decoded UPDATE that announces a route; it shows the style of the commit."""
        self._rib = speaker.neighbor.rib.incoming
        self.clear = self._rib.clear
        self.clear()
        self._store = self._storer(speaker, sample)

    def store(self, updates: Iterable[Any]) -> None:
        """Keep the routes that UPDATEs announce, drop those that they withdraw; other messages have none."""
        deque(map(self._store, updates), maxlen=0)

    def prefixes(self) -> list[str]:
        """All prefixes held. Never timed."""
        cached = getattr(self._rib, "cached_changes", None) or self._rib.cached_routes
        return [route.nlri.cidr.prefix() for route in cached()]

    def _storer(self, speaker: Speaker, sample: Any) -> Callable[[Any], None]:
        contents = collection_of(sample, speaker)
        parse_update = methodcaller("parse", speaker.negotiated) if contents is not sample else None
        is_update = methodcaller("__eq__", sample.ID)
        get_id = attrgetter("ID")
        update_cache = self._rib.update_cache
        route_class = _route_class()

        if not hasattr(contents, "announces"):
            # Until 2025-12-06: an NLRI says itself whether it is withdrawn.
            def store(update: Any) -> None:
                if is_update(get_id(update)):
                    found = parse_update(update) if parse_update else update
                    attributes = repeat(found.attributes)
                    deque(map(update_cache, map(route_class, found.nlris, attributes)), maxlen=0)

            return store

        drop = self._rib.update_cache_withdraw
        routed = hasattr(contents.announces[0], "nlri")
        get_nlri, get_next_hop = attrgetter("nlri"), attrgetter("nexthop")
        parameters = inspect.signature(update_cache).parameters
        if len(parameters) > 1:
            # For a few days in 2025-12 no route was made for it.
            from exabgp.bgp.message import Action

            def keep(announces: Any, attributes: Any) -> Iterator[Any]:
                nlris = map(get_nlri, announces) if routed else announces
                arguments = [repeat(attributes), repeat(Action.ANNOUNCE)]
                if "nexthop" in parameters:
                    arguments.append(map(get_next_hop, announces))
                return map(update_cache, nlris, *arguments)

        else:
            make = _with_next_hop(route_class)

            def keep(announces: Any, attributes: Any) -> Iterator[Any]:
                nlris = map(get_nlri, announces)
                return map(update_cache, map(make, nlris, repeat(attributes), map(get_next_hop, announces)))

        def store(update: Any) -> None:
            if is_update(get_id(update)):
                found = parse_update(update) if parse_update else update
                deque(keep(found.announces, found.attributes), maxlen=0)
                deque(map(drop, found.withdraws), maxlen=0)

        return store


def _route_class() -> Any:
    """ExaBGP's class of a route, named Change until 2025-12-06."""
    try:
        from exabgp.rib.route import Route
    except ImportError:
        from exabgp.rib.change import Change as Route
    return Route


def _with_next_hop(route_class: Any) -> Any:
    """The class as something that takes NLRI, attributes and next hop by position."""
    names = [name for name in inspect.signature(route_class.__init__).parameters if name != "self"]
    if names[:3] != ["nlri", "attributes", "nexthop"]:
        raise NotImplementedError(f"this ExaBGP makes a route of {', '.join(names)}")
    return route_class
