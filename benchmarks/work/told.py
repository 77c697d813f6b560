"""What ExaBGP tells an API process, JSON or text, read again and compared with what the bytes say.

The JSON is parsed with the standard library. Its terms have changed over the years: an AS path was a list for each
segment type and is an object of numbered segments.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NoReturn

from benchmarks.exabgp_compat.encoders import Encoder
from benchmarks.exabgp_compat.truth import comparable
from benchmarks.wire import (
    AttributeCode,
    Message,
    MessageType,
    Nlri,
    NotificationTruth,
    OpenTruth,
    RouteRefreshTruth,
    RoutesTruth,
    UpdateTruth,
)
from benchmarks.work.proof import WrongResultError, prove_named

_KINDS: Final = {
    MessageType.OPEN: "open",
    MessageType.UPDATE: "update",
    MessageType.NOTIFICATION: "notification",
    MessageType.KEEPALIVE: "keepalive",
    MessageType.ROUTE_REFRESH: "refresh",
}
_AFIS: Final = {1: "ipv4", 2: "ipv6"}
_SAFIS: Final = {1: "unicast"}
_FAMILIES: Final = {f"{afi} {safi}": (a, s) for a, afi in _AFIS.items() for s, safi in _SAFIS.items()}
_ORIGINS: Final = ("igp", "egp", "incomplete")
_SEGMENTS: Final = {"as-set": 1, "as-sequence": 2, "confederation-sequence": 3, "confederation-set": 4}
# Where a path is a list for each segment type: in the order in which `comparable` has them.
_LISTS: Final = {"confederation-path": 3, "confederation-set": 4, "as-path": 2, "as-set": 1}


def prove_told(told: Sequence[Sequence[str]], messages: Sequence[Message], encoder: Encoder) -> None:
    """Raise WrongResultError unless each message is told in one piece that says what its bytes say."""
    if len(told) != len(messages):
        raise WrongResultError(f"ExaBGP tells of {len(told)} messages, {len(messages)} were received")
    prove = _prove_json if encoder == "json" else _prove_text
    for number, (pieces, message) in enumerate(zip(told, messages, strict=True)):
        where = f"message {number} ({message.type.name})"
        if len(pieces) != 1:
            raise WrongResultError(f"{where}: ExaBGP tells {len(pieces)} times of it")
        prove(pieces[0], message, where)


def _wrong(where: str, what: str, found: object, expected: object) -> NoReturn:
    raise WrongResultError(f"{where}: ExaBGP tells {what} {found}, the bytes say {expected}")


def _same(where: str, what: str, found: object, expected: object) -> None:
    if found != expected:
        _wrong(where, what, found, expected)


def _prove_json(line: str, message: Message, where: str) -> None:
    try:
        said = json.loads(line)
    except ValueError as error:
        at = getattr(error, "pos", 0)
        raise WrongResultError(
            f"{where}: ExaBGP's JSON is invalid, {error}: {line[max(0, at - 30) : at + 30]!r}"
        ) from None
    _same(where, "type", said["type"], _KINDS[message.type])
    neighbor, truth = said["neighbor"], message.truth
    _same(where, "direction", neighbor["direction"], "receive")
    match truth:
        case UpdateTruth() if not (truth.announced or truth.withdrawn):
            family = neighbor["message"]["eor"]
            (expected,) = _end_of_rib(message)
            _same(where, "End-of-RIB", (family["afi"], family["safi"]), expected)
        case UpdateTruth():
            for what, found, expected in _differences(neighbor["message"]["update"], comparable(truth)):
                _wrong(where, what, found, expected)
        case RoutesTruth():
            _prove_routes_in_json(neighbor["message"]["update"], truth, where)
        case OpenTruth():
            found = neighbor["open"]
            _same(where, "version", found["version"], 4)
            for key, value in (("asn", truth.asn), ("hold_time", truth.hold_time), ("router_id", truth.router_id)):
                _same(where, key, found[key], value)
            families = [f"{_AFIS[afi]}/{_SAFIS[safi]}" for afi, safi in truth.families]
            _same(where, "families", found["capabilities"]["1"]["families"], families)
        case NotificationTruth():
            found = neighbor["notification"]
            expected = {"code": truth.code, "subcode": truth.subcode, "data": f"0x{truth.data.hex().upper()}"}
            _same(where, "notification", {key: found[key] for key in expected}, expected)
        case RouteRefreshTruth():
            found = neighbor["route-refresh"]
            _same(where, "family", (found["afi"], found["safi"]), (_AFIS[truth.afi], _SAFIS[truth.safi]))


def _end_of_rib(message: Message) -> Iterator[tuple[str, str]]:
    """The family whose End-of-RIB marker an UPDATE without routes is."""
    afi, safi = (1, 1) if len(message.body) == 4 else (int.from_bytes(message.body[-3:-1]), message.body[-1])
    yield _AFIS[afi], _SAFIS[safi]


def _differences(update: dict[str, Any], truth: UpdateTruth) -> Iterator[tuple[str, object, object]]:
    announced = Counter(
        (_nlri(_FAMILIES[family], route), hop)
        for family, hops in update.get("announce", {}).items()
        for hop, routes in hops.items()
        for route in routes
    )
    withdrawn = Counter(
        _nlri(_FAMILIES[family], route) for family, routes in update.get("withdraw", {}).items() for route in routes
    )
    for what, found, expected in (
        ("announced", announced, Counter(truth.announced)),
        ("withdrawn", withdrawn, Counter(truth.withdrawn)),
    ):
        if found != expected:
            yield what, sorted(found - expected)[:2], sorted(expected - found)[:2]
    attributes = _attributes(update.get("attribute", {}))
    for code in sorted({*attributes, *truth.attributes} - {AttributeCode.NEXT_HOP}):
        value, expected_value = attributes.get(code), truth.attributes.get(code)
        if value != expected_value:
            yield f"attribute {code} as", value, expected_value


def _prove_routes_in_json(update: dict[str, Any], truth: RoutesTruth, where: str) -> None:
    """Raise WrongResultError unless the JSON has each route, in order, and the values of the attributes."""
    announced = [
        (hop, route) for hops in update.get("announce", {}).values() for hop, routes in hops.items() for route in routes
    ]
    withdrawn = [route for routes in update.get("withdraw", {}).values() for route in routes]
    counts = len(announced), len(withdrawn)
    _same(where, "routes announced and withdrawn", counts, (len(truth.announced), len(truth.withdrawn)))
    for route, said in zip(
        (*truth.announced, *truth.withdrawn), [*(said for _, said in announced), *withdrawn], strict=True
    ):
        prove_named(where, json.dumps(said), route.says)
    prove_named(where, json.dumps(update.get("attribute", {})), truth.says)
    if truth.next_hop:
        _same(where, "next hops", {hop for hop, _ in announced}, {truth.next_hop})


def _prove_routes_in_text(text: str, truth: RoutesTruth, where: str) -> None:
    """Raise WrongResultError unless the text has a line for each route, in order, with its next hop and attributes.

    Raises NotImplementedError where it names no route: of many families ExaBGP's text has the family alone.
    """
    lines = re.findall(" update (announced|withdrawn) (.*)", text)
    routes = [("announced", route) for route in truth.announced] + [("withdrawn", route) for route in truth.withdrawn]
    _same(where, "routes", len(lines), len(routes))
    for (said, line), (action, route) in zip(lines, routes, strict=True):
        if line.startswith("afi "):
            raise NotImplementedError("the text of this ExaBGP does not name the routes of this family")
        _same(where, "routes", said, action)
        prove_named(where, line, (*route.says, *truth.says, *([truth.next_hop] if truth.next_hop else [])))


def _nlri(family: tuple[int, int], route: dict[str, Any]) -> Nlri:
    path = route.get("path-information")
    return Nlri(*family, route["nlri"], path and int.from_bytes(bytes(map(int, path.split(".")))))


def _attributes(said: dict[str, Any]) -> dict[int, object]:
    """Attributes by their type codes, less NEXT_HOP; what is unknown has the code 0 and makes a difference."""
    found: dict[int, object] = {}
    path = said.get("as-path")
    if isinstance(path, dict):
        segments = (path[number] for number in sorted(path, key=int))
        found[AttributeCode.AS_PATH] = tuple((_SEGMENTS[s["element"]], tuple(s["value"])) for s in segments)
    elif path is not None or _LISTS.keys() & said:
        found[AttributeCode.AS_PATH] = tuple(
            (kind, tuple(said[name])) for name, kind in _LISTS.items() if said.get(name)
        )
    for name, value in said.items():
        if name in _READ:
            code, read = _READ[name]
            found[code] = read(value)
        elif name != "next-hop" and name not in _LISTS:
            found[0] = name
    return found


def _aggregator(value: str) -> tuple[int, str]:
    asn, _, speaker = value.partition(":")
    return int(asn), speaker


_READ: Final[dict[str, tuple[int, Callable[[Any], object]]]] = {
    "origin": (AttributeCode.ORIGIN, _ORIGINS.index),
    "med": (AttributeCode.MULTI_EXIT_DISC, int),
    "local-preference": (AttributeCode.LOCAL_PREF, int),
    "atomic-aggregate": (AttributeCode.ATOMIC_AGGREGATE, bool),
    "aggregator": (AttributeCode.AGGREGATOR, _aggregator),
    "community": (AttributeCode.COMMUNITIES, lambda pairs: tuple(sorted((a << 16) + b for a, b in pairs))),
    "originator-id": (AttributeCode.ORIGINATOR_ID, str),
    "cluster-list": (AttributeCode.CLUSTER_LIST, tuple),
    "extended-community": (
        AttributeCode.EXTENDED_COMMUNITIES,
        lambda items: tuple(sorted(item["value"].to_bytes(8) for item in items)),
    ),
    "large-community": (AttributeCode.LARGE_COMMUNITIES, lambda items: tuple(sorted(map(tuple, items)))),
}

_ROUTE = re.compile(r" update (announced|withdrawn) (\S+)(?: path-information (\S+))?(?: next-hop (\S+))?(.*)")
# The words by which attributes begin in a text.
_WORDS: Final = {
    "origin": AttributeCode.ORIGIN,
    "as-path": AttributeCode.AS_PATH,
    "next-hop": AttributeCode.NEXT_HOP,
    "med": AttributeCode.MULTI_EXIT_DISC,
    "local-preference": AttributeCode.LOCAL_PREF,
    "atomic-aggregate": AttributeCode.ATOMIC_AGGREGATE,
    "aggregator": AttributeCode.AGGREGATOR,
    "community": AttributeCode.COMMUNITIES,
    "originator-id": AttributeCode.ORIGINATOR_ID,
    "cluster-list": AttributeCode.CLUSTER_LIST,
    "extended-community": AttributeCode.EXTENDED_COMMUNITIES,
    "large-community": AttributeCode.LARGE_COMMUNITIES,
}


def _prove_text(text: str, message: Message, where: str) -> None:
    match message.truth:
        case UpdateTruth() as truth if not (truth.announced or truth.withdrawn):
            (expected,) = _end_of_rib(message)
            _contains(where, text, " receive update route eor ", f"({' '.join(expected)})")
        case UpdateTruth() as truth:
            _prove_routes(text, truth, where)
        case RoutesTruth() as truth:
            _prove_routes_in_text(text, truth, where)
        case OpenTruth() as truth:
            words = (f"version 4 asn {truth.asn} hold_time {truth.hold_time} router_id {truth.router_id} capabilities",)
            _contains(where, text, " receive open ", *words)
        case NotificationTruth() as truth:
            words = (f"code {truth.code} subcode {truth.subcode} data 0x{truth.data.hex().upper()}",)
            _contains(where, text, " receive notification ", *words)
        case RouteRefreshTruth() as truth:
            words = (f"afi {_AFIS[truth.afi]} safi {_SAFIS[truth.safi]}",)
            _contains(where, text, " receive route-refresh ", *words)
        case None:
            _contains(where, text, " receive keepalive")


def _contains(where: str, text: str, *parts: str) -> None:
    for part in parts:
        if part not in text:
            _wrong(where, "", repr(text), part)


def _prove_routes(text: str, truth: UpdateTruth, where: str) -> None:
    """Raise WrongResultError unless the text has a line for each route, with the attributes that the bytes say.

    Of communities their number counts: a text has names for some of them.
    """
    announced: Counter[object] = Counter()
    withdrawn: Counter[object] = Counter()
    for action, prefix, path, hop, rest in _ROUTE.findall(text):
        nlri = Nlri(
            2 if ":" in prefix else 1, 1, prefix, int.from_bytes(bytes(map(int, path.split(".")))) if path else None
        )
        if action == "withdrawn":
            withdrawn[nlri] += 1
            continue
        announced[nlri, hop] += 1
        found = dict(_attributes_of_text(rest))
        expected = {
            code: _as_text(code, value) for code, value in truth.attributes.items() if code != AttributeCode.NEXT_HOP
        }
        _same(where, f"attributes of {prefix} as", found, expected)
    _same(where, "announced", announced, Counter(truth.announced))
    _same(where, "withdrawn", withdrawn, Counter(truth.withdrawn))


def _attributes_of_text(text: str) -> Iterator[tuple[int, object]]:
    parts = re.split(rf"(?:^|\s)({'|'.join(_WORDS)})(?=\s|$)", text)
    for word, words in zip(parts[1::2], parts[2::2], strict=True):
        items = re.sub(r"[][(),]", " ", words).split()
        yield _WORDS[word], len(items) if _WORDS[word] in _COUNTED else " ".join(items)


_COUNTED: Final = {AttributeCode.COMMUNITIES, AttributeCode.EXTENDED_COMMUNITIES, AttributeCode.LARGE_COMMUNITIES}


def _as_text(code: int, value: Any) -> object:
    if code in _COUNTED:
        return len(value)
    match code:
        case AttributeCode.ORIGIN:
            return _ORIGINS[value]
        case AttributeCode.AS_PATH:
            return " ".join(str(asn) for _, asns in value for asn in asns)
        case AttributeCode.ATOMIC_AGGREGATE:
            return ""
        case AttributeCode.AGGREGATOR:
            return f"{value[0]}:{value[1]}"
        case AttributeCode.CLUSTER_LIST:
            return " ".join(value)
    return str(value)
