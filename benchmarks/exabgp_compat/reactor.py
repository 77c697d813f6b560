"""ExaBGP's reactor, made as the daemon makes it, with the peers of a configuration file; it does not run by itself."""

import inspect
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .startup import setting, start

# Those that a reactor answers to.
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2)


class Reactor:
    """ExaBGP's own reactor: `load` has it read its configuration file, at first and whenever the file has changed."""

    def __init__(self, path: str) -> None:
        start()
        from exabgp.configuration.configuration import Configuration
        from exabgp.reactor.api.processes import Processes
        from exabgp.reactor.loop import Reactor

        with process_as_it_was():
            # It makes its configuration itself, until 2021.
            makes_it = "configurations" in inspect.signature(Reactor.__init__).parameters
            self.reactor: Any = Reactor([path] if makes_it else Configuration([path]))
        self.reactor.processes = Processes()
        # A method of another name until 2020, and on 4.2.
        self._load = getattr(self.reactor, "load", None) or self.reactor.reload

    def load(self) -> None:
        """Have ExaBGP read its configuration, and tell its peers what has changed.

        Raises ValueError with ExaBGP's own words when it refuses the configuration, and NotImplementedError on the
        commits of two days in 2018 that can't read a file: what they do with it Python 3.7 has ended (PEP 479).
        """
        if self._load() is not True:
            error = str(self.reactor.configuration.error)
            if "generator raised StopIteration" in error:
                raise NotImplementedError("this ExaBGP can read no configuration file since Python 3.7: " + error)
            raise ValueError(f"ExaBGP refuses the configuration: {error}")

    @property
    def peers(self) -> list[Any]:
        """The peers, in the order of the configuration."""
        return list(peers_of(self.reactor).values())

    @property
    def neighbors(self) -> list[Any]:
        """The neighbours of the configuration that was read last, in its order."""
        return list(self.reactor.configuration.neighbors.values())

    def establish(self) -> None:
        """Have the sessions of all peers count as established: some commands ask for such peers only."""
        from exabgp.bgp.fsm import FSM

        for peer in self.peers:
            peer.fsm.change(FSM.ESTABLISHED)

    def forget_waiting(self) -> None:
        """Take all that waits in the Adj-RIBs-Out for granted to be sent."""
        for neighbor in self.neighbors:
            for _ in neighbor.rib.outgoing.updates(True):
                pass

    def forget_all(self) -> None:
        """Empty the Adj-RIBs-Out, and what else waits to be sent to the neighbours."""
        for neighbor in self.neighbors:
            neighbor.rib.outgoing.clear()
            neighbor.eor.clear()
            neighbor.refresh.clear()

    def waiting_markers(self) -> list[list[tuple[str, int, int]]]:
        """The families of End-of-RIB markers and of ROUTE-REFRESHes that wait to be sent, of each neighbour."""
        return [
            [(what, int(one.afi), int(one.safi)) for what in ("eor", "refresh") for one in getattr(neighbor, what)]
            for neighbor in self.neighbors
        ]


def peers_of(reactor: Any) -> dict[str, Any]:
    """The peers of ExaBGP's reactor, by name."""
    # Its `peers` is a method since 2019-10.
    peers: dict[str, Any] = reactor._peers if hasattr(reactor, "_peers") else reactor.peers
    return peers


def address_of(neighbor: Any) -> str:
    """The address of a neighbour: the second word of its name, in all eras."""
    address: str = neighbor.name().split()[1]
    return address


def forget_ribs() -> None:
    """Have ExaBGP know no RIB: it keeps those of a process by the neighbour's name."""
    start()
    from exabgp.rib import RIB

    RIB._cache.clear()


def runs_on_asyncio() -> bool:
    """Whether the daemon's reactor runs on an event loop by default; since 2025-11-21 it does."""
    start()
    from exabgp.reactor.loop import Reactor

    if not hasattr(Reactor, "run_async"):
        return False
    # For a day or two one could ask for it, and then until 2025-12-01 for the generators.
    return bool(setting("reactor", "asyncio", default=not setting("reactor", "legacy", default=False)))


@contextmanager
def process_as_it_was() -> Iterator[None]:
    """Give the process back what a reactor takes: its signals, the working directory, the mode of new files."""
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    directory, mask = Path.cwd(), os.umask(0)
    try:
        yield
    finally:
        os.umask(mask)
        os.chdir(directory)
        for number, handler in handlers.items():
            signal.signal(number, handler)


def addressed(command: str, peer: str | None = None) -> str:
    """A command of an API process to all neighbours, or to one by its address.

    It begins with the neighbours that it is for since 2025-12, where version 6 of the API is the default; before, what
    has no selector is for all.
    """
    if setting("api", "version", default=None) == 6:
        return f"peer {peer or '*'} {command}"
    return command if peer is None else f"neighbor {peer} {command}"
