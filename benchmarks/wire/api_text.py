"""The lines by which an API process asks ExaBGP to announce or to withdraw what UPDATEs announce."""

from collections.abc import Iterable
from typing import Any, Final

from benchmarks.wire.iana import AttributeCode
from benchmarks.wire.message import Message, UpdateTruth

_ORIGINS: Final = ("igp", "egp", "incomplete")


def commands(messages: Iterable[Message], action: str = "announce") -> list[str]:
    """A line for each route that the UPDATEs announce, to announce it or, with the action "withdraw", to withdraw it.

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
