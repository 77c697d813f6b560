"""Which routes ExaBGP holds.

A daemon's process loads this file by its path, when it is asked for what its Adj-RIB-In holds, so nothing of this
repository is imported here.
"""

import gc
from collections.abc import Iterator
from itertools import chain
from typing import Any


def held_in(rib: Any) -> Iterator[Any]:
    """The routes that an Adj-RIB-In or an Adj-RIB-Out holds, ExaBGP's own objects."""
    return iter(rib.cached_routes() if hasattr(rib, "cached_routes") else rib.cached_changes())


def held_by_this_process() -> list[str]:
    """The prefixes of the routes in all Adj-RIBs-In of this process, as often as they are there."""
    from exabgp.rib.incoming import IncomingRIB

    ribs = [found for found in gc.get_objects() if type(found) is IncomingRIB]
    return [route.nlri.cidr.prefix() for route in chain.from_iterable(map(held_in, ribs))]
