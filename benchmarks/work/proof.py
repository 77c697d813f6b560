"""Compare what ExaBGP made of a message with what its bytes say. A number for wrong work is worse than none."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

from benchmarks.exabgp_compat.session import Speaker
from benchmarks.exabgp_compat.startup import start
from benchmarks.exabgp_compat.truth import comparable, truth_of
from benchmarks.exabgp_compat.use import Texts
from benchmarks.wire import Message, MessageType, Nlri, UpdateTruth


class WrongResultError(AssertionError):
    """ExaBGP's outcome differs from the truth about the bytes; the message says where, in words."""


@contextmanager
def its_own_words() -> Iterator[None]:
    """Have WrongResultError say what ExaBGP raises for what it should be able to do, once it is up."""
    start()
    try:
        yield
    except (NotImplementedError, WrongResultError):
        raise
    except Exception as error:
        raise WrongResultError(f"ExaBGP fails with {type(error).__name__}: {error}") from error


def announces(message: Message) -> bool:
    """Whether the message is an UPDATE with a route in it."""
    return isinstance(message.truth, UpdateTruth) and bool(message.truth.announced)


def prove_decoded(decoded: Iterable[Any], messages: Iterable[Message], speaker: Speaker) -> None:
    """Raise WrongResultError unless ExaBGP's messages say what the bytes say, one by one.

    That they differ from each other as the messages do rules out the no-op that ExaBGP hands out, shared, for an
    UPDATE which nobody wants decoded.
    """
    nothing = object()
    for number, (found, message) in enumerate(zip_longest(decoded, messages, fillvalue=nothing)):
        if found is nothing or message is nothing:
            raise WrongResultError(f"message {number} is {'missing' if found is nothing else 'one too many'}")
        where = f"message {number} ({message.type.name})"
        if int(found.ID) != message.type:
            raise WrongResultError(f"{where}: ExaBGP takes it for a message of type {int(found.ID)}")
        if message.type is MessageType.UPDATE:
            for difference in _differences(truth_of(found, speaker), comparable(message.truth)):
                raise WrongResultError(f"{where}: {difference}")


def prove_used(used: Iterable[Texts], messages: Iterable[Message]) -> None:
    """Raise WrongResultError unless the texts name every prefix and next hop, and there is one for each attribute."""
    for number, (texts, message) in enumerate(zip(used, messages, strict=True)):
        truth = message.truth
        assert isinstance(truth, UpdateTruth)
        announced = [_text(nlri) for nlri, _ in truth.announced]
        expected = {
            "prefixes": sorted([*announced, *map(_text, truth.withdrawn)]),
            "next hops": sorted({hop for _, hop in truth.announced}),
            "attributes": len(comparable(truth).attributes),
        }
        found = {
            "prefixes": sorted(texts.prefixes),
            "next hops": sorted(set(texts.next_hops) - {"no-nexthop"}),
            "attributes": len(texts.attributes),
        }
        for what, value in expected.items():
            if found[what] != value:
                raise WrongResultError(
                    f"message {number}: ExaBGP's text has {what} {found[what]}, the bytes say {value}"
                )


def prove_read(read: Iterable[tuple[Any, ...]], messages: Iterable[Message]) -> None:
    """Raise WrongResultError unless the connection handed on each message's length, type and body, without an error."""
    for number, ((length, kind, header, body, error), message) in enumerate(zip(read, messages, strict=True)):
        if error:
            raise WrongResultError(f"message {number}: ExaBGP reports {error}")
        if (length, kind, bytes(header) + bytes(body)) != (len(message.wire), message.type, message.wire):
            raise WrongResultError(f"message {number}: ExaBGP read {length} octets of type {kind}, not what was sent")


def prove_named(where: str, text: str, values: Iterable[str]) -> None:
    """Raise WrongResultError unless a text of ExaBGP, JSON if it begins like it, has all values in it, each whole.

    Raises NotImplementedError where ExaBGP says itself that it has not parsed a route, as its type is not known to it.
    """
    if '"parsed": false' in text:
        raise NotImplementedError("this ExaBGP does not know the type of these routes")
    if text.startswith("{"):
        try:
            json.loads(text)
        except ValueError as error:
            raise WrongResultError(f"{where}: ExaBGP's JSON is invalid, {error}: {text[:200]!r}") from None
    for value in values:
        if not re.search(rf"(?<![\w.]){re.escape(value)}(?![\w.])", text, re.IGNORECASE):
            raise WrongResultError(f"{where}: the bytes say {value}, ExaBGP {text[:200]!r}")


def _differences(found: UpdateTruth, expected: UpdateTruth) -> Iterator[str]:
    for what in ("announced", "withdrawn"):
        ours, theirs = getattr(expected, what), getattr(found, what)
        if len(ours) != len(theirs):
            yield f"ExaBGP has {len(theirs)} routes {what}, the bytes {len(ours)}"
        for left, right in zip(theirs, ours, strict=False):
            if left != right:
                yield f"ExaBGP has {what} {left}, the bytes say {right}"
    for code in sorted({*found.attributes, *expected.attributes}):
        value, truth = found.attributes.get(code), expected.attributes.get(code)
        if value != truth:
            yield f"ExaBGP has attribute {code} as {value}, the bytes say {truth}"


def _text(nlri: Nlri) -> str:
    """An NLRI as ExaBGP writes it."""
    if nlri.path_id is None:
        return nlri.prefix
    return f"{nlri.prefix} path-information {'.'.join(map(str, nlri.path_id.to_bytes(4)))}"
