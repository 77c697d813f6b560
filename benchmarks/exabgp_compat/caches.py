"""ExaBGP's caches of path attributes: put them back to how they are when the daemon has just started."""

import functools
from typing import Any

from .session import Speaker
from .startup import start


@functools.cache
def remember_fresh_caches() -> list[tuple[dict[Any, Any], dict[Any, Any]]]:
    """The caches of values with their contents now; to be called before the first UPDATE of the process is decoded."""
    start()
    from exabgp.bgp.message.update.attribute import Attribute
    from exabgp.bgp.message.update.attribute.community.initial.community import Community
    from exabgp.bgp.message.update.attribute.community.large.community import LargeCommunity

    caches = [*Attribute.cache.values(), Community.cache, LargeCommunity.cache]
    return [(cache, dict(cache)) for cache in caches]


def forget_attributes(speaker: Speaker) -> None:
    """Make the caches of attributes cold: those of the process, and what the session remembers. Never timed.

    Three kinds exist: the collection decoded last, which is handed out again when the next UPDATE has the same octets
    of attributes; decoded values by attribute type; single communities. (In 4.2.25, 5.0.13 and main of 2026-08-22
    decoding fills only the first: the second is switched off by ``Attribute.CACHING``, the third nobody asks for.)
    """
    owner, name = _last_collection(speaker)
    setattr(owner, name, None)
    for cache, fresh in remember_fresh_caches():
        cache.clear()
        cache.update(fresh)
        # ExaBGP's Cache class keeps the keys in order of arrival beside them.
        order = getattr(cache, "ordered", None)
        if order is not None:
            order.clear()


def _last_collection(speaker: Speaker) -> tuple[Any, str]:
    """The object that keeps the collection decoded last, and under which name."""
    # The session, since 5.0.14.
    if hasattr(speaker.negotiated, "cached_attributes"):
        return speaker.negotiated, "cached_attributes"
    import exabgp.bgp.message.update.attribute as package

    # The class of collections, which was renamed on 2025-12-06.
    return getattr(package, "AttributeCollection", None) or package.Attributes, "cached"
