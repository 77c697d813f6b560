"""What happens to routes that wait in the Adj-RIB-Out: they change, grow, are drained, while more come in.

Each class is one course of events. `prepare` makes what it begins with, each time of routes that ExaBGP has just
parsed, as the commands of an API process become; `run` goes through it. The constructor has done so once and raises
WrongResultError when ExaBGP announced another set of routes than it was given. Two courses are too long for that: their
`prove` does it, to be called on shorter ones, and each run raises where the number of UPDATEs is wrong.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from itertools import batched, islice
from typing import Protocol, Self

from benchmarks.exabgp_compat.api import parse
from benchmarks.exabgp_compat.rib import OutgoingRib
from benchmarks.exabgp_compat.session import speaker
from benchmarks.wire import commands, simple_updates
from benchmarks.work.announced import prove_announced
from benchmarks.work.backlog import Pending, Written
from benchmarks.work.proof import WrongResultError
from benchmarks.work.traffic import SESSION

# Routes that a task adds before it lets the other have its turn, as ExaBGP's reactor lets its peers.
_SLICE = 100


class Course(Protocol):
    """A course of events, in which `messages` UPDATEs are made to wait or are written."""

    messages: int

    def prepare(self) -> None:
        """Make what it begins with."""

    def run(self) -> None:
        """Go through it."""


class Growth:
    """Routes are added to an empty Adj-RIB-Out until `waiting` wait."""

    def __init__(self, waiting: int) -> None:
        self.messages = waiting
        updates = simple_updates(SESSION, waiting)
        self._rib = OutgoingRib(speaker(SESSION, "out"))
        self._lines = commands(updates)
        self.prepare()
        self.run()
        prove_announced(self._rib.drain(), updates, SESSION)

    def prepare(self) -> None:
        """Parse the routes, and empty the Adj-RIB-Out."""
        self._rib.clear()
        self._routes = parse(self._lines)

    def run(self) -> None:
        """Add all routes."""
        self._rib.add(self._routes)


class Cycling:
    """`waiting` routes wait; of `cycles` of them, one after the other, each is withdrawn and announced again."""

    def __init__(self, waiting: int, cycles: int) -> None:
        # Each is withdrawn and announced.
        self.messages = 2 * cycles
        updates = simple_updates(SESSION, waiting)
        self._pending = Pending(updates)
        changed = updates[:cycles]
        # As in the daemon: a command for the same prefix becomes a route of its own.
        self._withdrawals, self._announcements = commands(changed, "withdraw"), commands(changed)
        self.prepare()
        self.run()
        prove_announced(self._pending.rib.drain(), updates, SESSION, withdrawn=changed)

    def prepare(self) -> None:
        """Have all routes wait, and parse the commands that withdraw and announce some of them."""
        self._pending.prepare()
        self._to_withdraw = self._pending.rib.withdrawals(self._withdrawals)
        self._to_announce = parse(self._announcements)

    def run(self) -> None:
        """Withdraw and announce."""
        self._pending.rib.cycle(self._to_withdraw, self._to_announce)


class Burst:
    """`waiting` routes wait, `burst` others come in at once, and all are drained."""

    def __init__(self, waiting: int, burst: int) -> None:
        self.messages = waiting + burst
        updates = simple_updates(SESSION, waiting + burst)
        self._pending = Pending(updates[:waiting])
        self._lines = commands(updates[waiting:])
        self.prepare()
        prove_announced(self._add_and_drain(), updates, SESSION)

    def prepare(self) -> None:
        """Have the first routes wait, and parse the burst."""
        self._pending.prepare()
        self._routes = parse(self._lines)

    def _add_and_drain(self) -> Iterator[bytes]:
        self._pending.rib.add(self._routes)
        return self._pending.rib.drain()

    def run(self) -> None:
        """Add the burst and drain everything."""
        deque(self._add_and_drain(), maxlen=0)


class Recovery:
    """`waiting` routes wait and are drained until `left` are left."""

    def __init__(self, waiting: int, left: int) -> None:
        self.messages = waiting - left
        self._pending = Pending(simple_updates(SESSION, waiting)).prove()
        self.prepare = self._pending.prepare

    def run(self) -> None:
        """Have ExaBGP write UPDATEs until the rest is left."""
        deque(islice(self._pending.rib.drain(), self.messages), maxlen=0)


class Oscillation:
    """Routes are added until `waiting` wait, then drained until none does, `times` times."""

    def __init__(self, waiting: int, times: int) -> None:
        self.messages = waiting * times
        self._times = times
        self._updates = simple_updates(SESSION, waiting)
        self._rib = OutgoingRib(speaker(SESSION, "out"))
        self._lines = commands(self._updates)

    def prove(self) -> Self:
        """Raise WrongResultError unless each time all routes are announced, once; the object itself otherwise."""
        self.prepare()
        for routes in self._rounds:
            self._rib.add(routes)
            prove_announced(self._rib.drain(), self._updates, SESSION)
        return self

    def prepare(self) -> None:
        """Parse the routes of each time, and empty the Adj-RIB-Out."""
        self._rib.clear()
        self._rounds = [parse(self._lines) for _ in range(self._times)]

    def run(self) -> None:
        """Grow and drain, again and again."""
        for routes in self._rounds:
            self._rib.add(routes)
            _drain(self._rib, len(routes))


class TwoTasks:
    """One task adds routes, a second drains what waits: both on one event loop, as in the daemon of today.

    The routes are added in slices, all of them `times` times.
    """

    def __init__(self, routes: int, times: int) -> None:
        self.messages = routes * times
        # First the loop: some ExaBGPs log what asyncio says when it makes one.
        self._loop = asyncio.new_event_loop()
        self._times = times
        self._rib = OutgoingRib(speaker(SESSION, "out"))
        self._updates = simple_updates(SESSION, routes)
        self._lines = commands(self._updates)

    def prove(self) -> Self:
        """Raise WrongResultError unless all routes are announced each time; the object itself otherwise."""
        self.prepare()
        written = self._run()
        for updates in batched(written, len(self._updates)):
            prove_announced(updates, self._updates, SESSION)
        return self

    def prepare(self) -> None:
        """Parse the routes of each time, and empty the Adj-RIB-Out."""
        self._rib.clear()
        self._slices = [routes for _ in range(self._times) for routes in batched(parse(self._lines), _SLICE)]

    def run(self) -> None:
        """Have both tasks finish."""
        self._run()

    def _run(self) -> list[bytes]:
        rib = self._rib
        adding = True
        written: list[bytes] = []

        async def add() -> None:
            nonlocal adding
            for routes in self._slices:
                rib.add(routes)
                await asyncio.sleep(0)
            adding = False

        async def drain() -> None:
            while adding:
                written.extend(rib.drain())
                await asyncio.sleep(0)
            written.extend(rib.drain())

        async def both() -> None:
            await asyncio.gather(add(), drain())

        self._loop.run_until_complete(both())
        _check(len(written), self.messages)
        return written


class Lines:
    """`waiting` lines are written for an API process, wait, and are read."""

    def __init__(self, waiting: int) -> None:
        self.messages = waiting
        self._written = Written(waiting).prove()
        self.prepare = self._written.empty

    def run(self) -> None:
        """Write all and read all."""
        self._written.fill()
        self._written.drain()


def _drain(rib: OutgoingRib, routes: int) -> None:
    """Have ExaBGP write all that waits, of which no two routes share an UPDATE."""
    ((written, _),) = deque(enumerate(rib.drain(), 1), maxlen=1)
    _check(written, routes)


def _check(written: int, routes: int) -> None:
    if written != routes:
        raise WrongResultError(f"ExaBGP wrote {written} UPDATEs for {routes} routes")
