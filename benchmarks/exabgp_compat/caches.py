"""ExaBGP's caches of path attributes: put them back to how they are when the daemon has just started."""

import functools
import operator
from collections import deque
from collections.abc import Callable
from typing import Any

from .session import Speaker

Step = Callable[[], object]


@functools.cache
def remember_fresh_caches() -> list[tuple[dict[Any, Any], dict[Any, Any]]]:
    """The caches of values with their contents now; to be called before the first UPDATE of the process is decoded."""
    from exabgp.bgp.message.update.attribute import Attribute
    from exabgp.bgp.message.update.attribute.community.initial.community import Community
    from exabgp.bgp.message.update.attribute.community.large.community import LargeCommunity

    caches = [*Attribute.cache.values(), Community.cache, LargeCommunity.cache]
    return [(cache, dict(cache)) for cache in caches]


def forgetter(work: Callable[[], object], speaker: Speaker) -> Callable[[], object]:
    """A function that makes the caches cold again, as cheap as it can be for this work.

    It runs the work once and then takes care of just those caches that the work has filled. Three kinds exist: the
    collection decoded last, which is handed out again when the next UPDATE has the same attribute bytes; decoded
    values by attribute type; single communities. (In 4.2.25, 5.0.13 and main of 2026-08-22 decoding fills only the
    first: the second is switched off by ``Attribute.CACHING``, the third nobody asks for.) It runs inside timed code,
    so it is nothing but calls into C.
    """
    caches = remember_fresh_caches()
    _restore(caches)
    work()
    steps: list[Step] = [functools.partial(setattr, *_last_collection(speaker), None)]
    for cache, fresh in caches:
        if cache.keys() != fresh.keys():
            steps += _restoring(cache, fresh)
    return functools.partial(_run, steps)


def _last_collection(speaker: Speaker) -> tuple[Any, str]:
    """The object that keeps the collection decoded last, and under which name."""
    # The session, since 5.0.14.
    if hasattr(speaker.negotiated, "cached_attributes"):
        return speaker.negotiated, "cached_attributes"
    import exabgp.bgp.message.update.attribute as package

    # The class of collections, which was renamed on 2025-12-06.
    return getattr(package, "AttributeCollection", None) or package.Attributes, "cached"


def _restore(caches: list[tuple[dict[Any, Any], dict[Any, Any]]]) -> None:
    for cache, fresh in caches:
        _run(_restoring(cache, fresh))


def _restoring(cache: dict[Any, Any], fresh: dict[Any, Any]) -> list[Step]:
    steps: list[Step] = [cache.clear, functools.partial(cache.update, fresh)]
    # ExaBGP's Cache class keeps the keys in order of arrival beside them.
    order = getattr(cache, "ordered", None)
    if order is not None:
        steps.append(order.clear)
    return steps


def _run(steps: list[Step]) -> None:
    deque(map(operator.call, steps), maxlen=0)
