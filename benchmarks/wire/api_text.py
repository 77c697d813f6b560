"""The lines by which an API process asks ExaBGP to announce or to withdraw what UPDATEs announce."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from benchmarks.wire.iana import AttributeCode
from benchmarks.wire.message import Message, Nlri, UpdateTruth

_ORIGINS: Final = ("igp", "egp", "incomplete")


def commands(messages: Iterable[Message], action: str = "announce", next_hop: str | None = None) -> list[str]:
    """A line for each route that the UPDATEs announce, to announce it or, with the action "withdraw", to withdraw it.

    The next hop is the route's, or what is given in its place, as "self". Of attributes it knows those of
    `simple_update` and `wide_update`: ORIGIN, one AS_SEQUENCE, NEXT_HOP, AGGREGATOR, COMMUNITIES.
    """
    return [
        f"{action} route {nlri.prefix}{_labels(nlri)} next-hop {next_hop or hop}{_attributes(truth)}"
        for truth in (message.truth for message in messages)
        if isinstance(truth, UpdateTruth)
        for nlri, hop in truth.announced
    ]


def attributes_command(messages: Sequence[Message], action: str = "announce") -> str:
    """One line for all routes of UPDATEs that have the attributes of the first, to announce or to withdraw them."""
    truths = [message.truth for message in messages if isinstance(message.truth, UpdateTruth)]
    prefixes = " ".join(nlri.prefix for truth in truths for nlri, _ in truth.announced)
    ((_, next_hop), *_) = truths[0].announced
    return f"{action} attributes next-hop {next_hop}{_attributes(truths[0])} nlri {prefixes}"


def _labels(nlri: Nlri) -> str:
    """What tells a destination from others of its prefix, and its label."""
    texts = []
    if nlri.path_id is not None:
        texts.append(f" path-information {'.'.join(map(str, nlri.path_id.to_bytes(4)))}")
    if nlri.distinguisher is not None:
        texts.append(f" rd {nlri.distinguisher}")
    if nlri.label is not None:
        texts.append(f" label {nlri.label}")
    return "".join(texts)


def _attributes(truth: UpdateTruth) -> str:
    values: Any = truth.attributes
    # On a session of two-octet AS numbers these have the true ones.
    path = values.get(AttributeCode.AS4_PATH, values[AttributeCode.AS_PATH])
    aggregator = values.get(AttributeCode.AS4_AGGREGATOR, values.get(AttributeCode.AGGREGATOR))
    ((_, asns),) = path
    communities = " ".join(f"{value >> 16}:{value & 0xFFFF}" for value in values[AttributeCode.COMMUNITIES])
    origin = _ORIGINS[values[AttributeCode.ORIGIN]]
    text = f" origin {origin} as-path [ {' '.join(map(str, asns))} ] community [ {communities} ]"
    return text if aggregator is None else f"{text} aggregator ( {aggregator[0]}:{aggregator[1]} )"


def static_routes(messages: Iterable[Message]) -> list[str]:
    """The routes as ExaBGP's configuration has them, without the semicolon behind each; the attributes as above."""
    return [line.removeprefix("announce ") for line in commands(messages)]
