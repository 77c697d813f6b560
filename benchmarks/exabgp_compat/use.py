"""Use what ExaBGP decoded: read every prefix, every next hop and the value of every attribute.

Since 2025-12-03 a decoded prefix, AS path or community list is only a piece of the message; the work is done each
time somebody reads it. What counts for a user is the message decoded *and* read, so both are measured.
"""

from collections.abc import Callable
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

from .session import Speaker


class Texts(NamedTuple):
    """Everything in an UPDATE as text, as ExaBGP's API would write it. NLRI in ExaBGP's order."""

    prefixes: list[str]
    next_hops: list[str]
    attributes: list[str]


def collection_of(update: Any, speaker: Speaker) -> Any:
    """The decoded contents of an UPDATE: the object that has its NLRI and attributes.

    Until 2025-12-06 that is the message itself, since then the message is a wrapper around its bytes.
    """
    return update.parse(speaker.negotiated) if hasattr(update, "parse") else update


def text_reader(sample: Any, speaker: Speaker) -> Callable[[Any], Texts]:
    """A function that uses an UPDATE of this commit, in the way the sample shows to be right.

    The sample must announce at least one IPv4 or IPv6 unicast route.
    """
    collection = collection_of(sample, speaker)
    get_collection: Callable[[Any], Any] | None = None
    if collection is not sample:
        get_collection = methodcaller("parse", speaker.negotiated)
    get_prefix = methodcaller("prefix")

    if hasattr(_announced(collection)[0], "nlri"):
        # Since 2025-12-09 a next hop stands beside its NLRI, and withdrawn routes are bare NLRI.
        get_nlri, get_next_hop = attrgetter("nlri"), attrgetter("nexthop")

        def use(update: Any) -> Texts:
            contents = get_collection(update) if get_collection else update
            announces = contents.announces
            nlris = [*map(get_nlri, announces), *contents.withdraws]
            return Texts(
                list(map(get_prefix, nlris)),
                list(map(str, map(get_next_hop, announces))),
                list(map(str, contents.attributes.values())),
            )

    else:
        get_next_hop = attrgetter("nexthop")

        def use(update: Any) -> Texts:
            contents = get_collection(update) if get_collection else update
            nlris = contents.nlris
            return Texts(
                list(map(get_prefix, nlris)),
                list(map(str, map(get_next_hop, nlris))),
                list(map(str, contents.attributes.values())),
            )

    return use


def _announced(collection: Any) -> Any:
    """The announced routes of a collection that has nothing else; ExaBGP's own objects."""
    return collection.announces if hasattr(collection, "announces") else collection.nlris
