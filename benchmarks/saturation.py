"""What happens to routes that wait in the Adj-RIB-Out: they change, grow, are worked off, while more come in.

Each class is one course of events. `run` goes through it, the same way each time; the constructor has done so once and
raises WrongResultError when ExaBGP announced another set of routes than it was given.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import Protocol

from benchmarks.announced import prove_announced
from benchmarks.backlog import Pending, Written, simple_updates
from benchmarks.exabgp_compat.rib import commands, forgetter, parse
from benchmarks.proof import WrongResultError
from benchmarks.traffic import SESSION

# How many routes a task adds before it lets the other have its turn, as ExaBGP's reactor lets its peers.
_SLICE = 100


class Course(Protocol):
    """A course of events."""

    def run(self) -> None:
        """Go through it."""


class Growth:
    """Routes added to an empty Adj-RIB-Out until so many wait."""

    def __init__(self, waiting: int) -> None:
        pending = Pending(simple_updates(waiting))
        self.run = pending.grow
        self.run()
        pending.prove()


class Cycling:
    """So many routes wait; of some, one after the other, each is withdrawn and announced again."""

    def __init__(self, waiting: int, cycles: int) -> None:
        messages = simple_updates(waiting)
        self._pending = Pending(messages)
        # As in the daemon: a command for the same prefix becomes a route of its own.
        self._withdrawals = self._pending.rib.withdrawals(commands(messages[:cycles], "withdraw"))
        self._routes = parse(commands(messages[:cycles]))
        self._forget_withdrawals = forgetter(self._withdrawals, self._cycle_first)
        self.run()
        self._pending.prove(withdrawn=messages[:cycles])

    def _cycle_first(self) -> None:
        self._forget_routes = forgetter(self._routes, lambda: self._pending.rib.cycle(self._withdrawals, self._routes))

    def run(self) -> None:
        """Withdraw and announce."""
        self._pending.wait()
        self._forget_withdrawals()
        self._forget_routes()
        self._pending.rib.cycle(self._withdrawals, self._routes)


class Burst:
    """So many routes wait, others come in at once, and all are worked off."""

    def __init__(self, waiting: int, burst: int) -> None:
        messages = simple_updates(waiting + burst)
        self._pending = Pending(messages[:waiting])
        self._burst = parse(commands(messages[waiting:]))
        self._forget = forgetter(self._burst, lambda: deque(self._add_and_work_off(), maxlen=0))
        self._pending.wait_again()
        self._forget()
        prove_announced(self._add_and_work_off(), messages, SESSION)

    def _add_and_work_off(self) -> Iterator[bytes]:
        self._pending.rib.add(self._burst)
        return self._pending.rib.drain()

    def run(self) -> None:
        """Add the burst and work off everything."""
        self._pending.wait_again()
        self._forget()
        deque(self._add_and_work_off(), maxlen=0)


class Recovery:
    """So many routes wait and are worked off until so many are left."""

    def __init__(self, waiting: int, left: int) -> None:
        self._worked_off = waiting - left
        self._pending = Pending(simple_updates(waiting)).prove()

    def run(self) -> None:
        """Work off UPDATEs until the rest is left."""
        self._pending.drain_some(self._worked_off)


class Oscillation:
    """Routes added until so many wait, then worked off until none does, again and again."""

    def __init__(self, waiting: int, times: int) -> None:
        self._times = times
        self._pending = Pending(simple_updates(waiting))
        self._pending.grow()
        self._pending.prove()

    def run(self) -> None:
        """Grow and drain, so many times."""
        for _ in range(self._times):
            self._pending.grow()
            deque(self._pending.rib.drain(), maxlen=0)


class TwoTasks:
    """One task adds routes, a second works off what waits: both on one event loop, as in the daemon of today.

    The routes are added in slices, all of them as many times as asked for.
    """

    def __init__(self, routes: int, times: int) -> None:
        # First the loop: some ExaBGPs log what asyncio says when it makes one.
        self._loop = asyncio.new_event_loop()
        self._times = times
        updates = simple_updates(routes)
        self._pending = Pending(updates)
        starts = range(0, routes, _SLICE)
        self._slices = [self._pending.routes[start : start + _SLICE] for start in starts]
        written: list[bytes] = []
        self._run(2, written)
        if len(written) != 2 * routes:
            raise WrongResultError(f"ExaBGP wrote {len(written)} UPDATEs for {2 * routes} routes")
        for start in (0, routes):
            prove_announced(written[start : start + routes], updates, SESSION)

    def run(self) -> None:
        """Have both tasks finish."""
        self._run(self._times, deque(maxlen=0))

    def _run(self, times: int, written: list[bytes] | deque[bytes]) -> None:
        rib, forget = self._pending.rib, self._pending.forget
        adding = True
        rib.clear()

        async def add() -> None:
            nonlocal adding
            for _ in range(times):
                forget()
                for routes in self._slices:
                    rib.add(routes)
                    await asyncio.sleep(0)
            adding = False

        async def work_off() -> None:
            while adding:
                written.extend(rib.drain())
                await asyncio.sleep(0)
            written.extend(rib.drain())

        async def both() -> None:
            await asyncio.gather(add(), work_off())

        self._loop.run_until_complete(both())


class Lines:
    """So many lines are written for an API process, wait, and are read."""

    def __init__(self, waiting: int) -> None:
        self._written = Written(waiting).prove()

    def run(self) -> None:
        """Write all and read all."""
        self._written.fill()
        self._written.read()
