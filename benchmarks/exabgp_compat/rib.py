"""ExaBGP's Adj-RIB-Out of one neighbour: routes that wait to be announced."""

import inspect
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from operator import methodcaller
from typing import Any

from .api import parse
from .held import held_in
from .session import Speaker


class Announcements:
    """What waits in a speaker's Adj-RIB-Out, to be written as UPDATEs."""

    def __init__(self, speaker: Speaker) -> None:
        self._rib = speaker.neighbor.rib.outgoing
        self._messages = methodcaller("messages", speaker.negotiated)

    def drain(self) -> Iterator[bytes]:
        """The UPDATEs of all that waits, header included, one at a time as they are asked for."""
        return chain.from_iterable(map(self._messages, self._rib.updates(True)))


class OutgoingRib(Announcements):
    """A speaker's Adj-RIB-Out, empty at first: routes are added or withdrawn, wait, and are written."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(speaker)
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

    def resend(self, family: tuple[int, int]) -> None:
        """Have all routes of a family that were announced wait again, as on a ROUTE-REFRESH of the peer."""
        resend = self._rib.resend
        (theirs,) = (one for one in self._rib.families if (int(one[0]), int(one[1])) == family)
        # Until 2024-10 it takes a list of families.
        several = "families" in inspect.signature(resend).parameters
        resend(enhanced_refresh=False, **({"families": [theirs]} if several else {"family": theirs}))

    def withdraw_all(self) -> None:
        """Have all routes that were announced withdrawn, as on the command to clear the Adj-RIB-Out.

        Raises NotImplementedError where there is no such command.
        """
        withdraw = getattr(self._rib, "withdraw", None)
        if withdraw is None:
            raise NotImplementedError("this ExaBGP has no command that clears the Adj-RIB-Out")
        # Until 2022-05 it asks whether the neighbour is configured for route refresh. Of one that is, ExaBGP fails.
        withdraw(None, *[False] * ("enhanced_refresh" in inspect.signature(withdraw).parameters))

    def prefixes(self) -> list[str]:
        """The prefixes that were announced and are held, sorted. Never timed."""
        return sorted(route.nlri.cidr.prefix() for route in held_in(self._rib))
