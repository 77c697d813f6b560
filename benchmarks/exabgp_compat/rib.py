"""ExaBGP's Adj-RIB-Out of one neighbour: routes that wait to be announced."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from operator import methodcaller
from typing import Any

from .api import parse
from .session import Speaker


class OutgoingRib:
    """A speaker's Adj-RIB-Out: routes are added or withdrawn, wait, and are written as UPDATEs."""

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
        """The UPDATEs of all routes that wait, header included, one at a time as they are asked for."""
        return chain.from_iterable(map(self._messages, self._rib.updates(True)))
