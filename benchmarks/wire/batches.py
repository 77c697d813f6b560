"""Batches of messages: the streams that benchmarks run on, each written once."""

from collections.abc import Iterable, Sequence
from itertools import cycle, islice

from benchmarks.wire.iana import AttributeCode
from benchmarks.wire.message import Message, UpdateTruth
from benchmarks.wire.session import Session
from benchmarks.wire.simple import keepalive
from benchmarks.wire.sized import large_update, simple_update, ten_route_update
from benchmarks.wire.update import update

LARGE = 100
"""Routes in a large UPDATE."""

DAY = (1, 1, 0, 10, 1, 0, 1, LARGE, 1, 0)
"""What a session carries over a day: mostly UPDATEs of three sizes, and KEEPALIVEs."""

QUIET_DAY = (1, 1, 0, 10, 1, 0, 1, 10, 1, 0)
"""The same without large UPDATEs."""


def sized_update(session: Session, routes: int, index: int = 0) -> Message:
    """An UPDATE of one route, ten routes, or more, by the builder for that size."""
    if routes == 1:
        return simple_update(session, index)
    return ten_route_update(session, index) if routes == 10 else large_update(session, routes, index)


def simple_updates(session: Session, messages: int, first: int = 0) -> list[Message]:
    """UPDATEs of one route each, all different in route and attributes, from the number `first` on."""
    return [simple_update(session, index) for index in range(first, first + messages)]


def large_updates(session: Session, messages: int, sharing: int = 1) -> list[Message]:
    """UPDATEs of 100 routes, all different; as many in a row as `sharing` says have the attributes of the first."""
    batch = [large_update(session, LARGE, index) for index in range(messages)]
    if sharing == 1:
        return batch
    return [with_attributes_of(session, message, batch[i // sharing * sharing]) for i, message in enumerate(batch)]


def mixed(
    session: Session, messages: int, pattern: Sequence[int], first: int = 0, first_large: int = 0
) -> list[Message]:
    """UPDATEs of the numbers of routes that a repeating pattern gives, by their number from `first` on; 0: a KEEPALIVE.

    UPDATEs of different sizes share prefixes where their numbers are near, so large ones are numbered from
    `first_large` on where that matters.
    """
    batch = []
    for index in range(first, first + messages):
        routes = pattern[index % len(pattern)]
        number = index + first_large if routes >= LARGE else index
        batch.append(sized_update(session, routes, number) if routes else keepalive())
    return batch


def repeated(batch: Iterable[Message], messages: int) -> list[Message]:
    """A batch again and again, until there are `messages` of them."""
    return list(islice(cycle(batch), messages))


def with_attributes_of(session: Session, message: Message, other: Message, next_hop: str = "192.0.2.1") -> Message:
    """An UPDATE that announces the routes of one message with the attributes of another, IPv4 by this next hop."""
    routes, attributes = message.truth, other.truth
    assert isinstance(routes, UpdateTruth)
    assert isinstance(attributes, UpdateTruth)
    # The builder puts the next hop there.
    shared = {code: value for code, value in attributes.attributes.items() if code != AttributeCode.NEXT_HOP}
    return update(session, announce=[nlri for nlri, _ in routes.announced], attributes=shared, next_hop=next_hop)


def sharing_attributes(session: Session, batch: Sequence[Message]) -> list[Message]:
    """The UPDATEs of a batch, all with the attributes of the first."""
    return [with_attributes_of(session, message, batch[0]) for message in batch]
