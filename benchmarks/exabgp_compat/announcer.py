"""ExaBGP's daemon as an API process sees it: commands in, routes in the Adj-RIBs-Out of its neighbours, UPDATEs out."""

import inspect
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import batched
from operator import call
from typing import Any

from benchmarks.wire import Session

from .configuration import configuration_of
from .event_loop import event_loop
from .reactor import addressed, forget_ribs, peers_of, process_as_it_was
from .rib import OutgoingRib
from .session import negotiate, neighbor_text, peer_address
from .startup import start

_SERVICE = "benchmark"
# Commands that wait at once. A few commits walk through all that wait whenever they run some.
_AT_ONCE = 100

type Step = Callable[[], object]


class Announcer:
    """ExaBGP's reactor with neighbours whose sessions are negotiated, and an API process that is never started.

    Commands run through ExaBGP's own parser and handlers. What a handler then asks of the configuration, to announce
    a route to neighbours or to withdraw it, can be kept (`ask`) and done later: parsing is a cost of its own.
    """

    def __init__(self, session: Session, neighbors: int = 1) -> None:
        start()
        api = f" api {{ processes [ {_SERVICE} ]; }}"
        process = f"process {_SERVICE} {{ run {sys.executable}; encoder json; }}"
        text = process + "".join(neighbor_text(session, index, api) for index in range(neighbors))
        # ExaBGP keeps RIBs by the name of the neighbour, which does not tell of its families. A daemon that starts has
        # none, and nobody else in this process gets these.
        forget_ribs()
        self._configuration = configuration_of(text)
        forget_ribs()
        from exabgp.reactor.api.processes import Processes
        from exabgp.reactor.loop import Reactor
        from exabgp.reactor.peer import Peer

        with process_as_it_was():
            self._reactor = reactor = Reactor(self._configuration)
        # Until 2020 a reactor makes its own, of the names of files.
        reactor.configuration = self._configuration
        reactor.processes = Processes()
        _acknowledge_nothing(reactor.processes)
        peers = peers_of(reactor)
        peers.update({name: Peer(one, reactor) for name, one in self._configuration.neighbors.items()})
        # ExaBGP's own, in the order of the neighbours.
        self.peers = list(peers.values())
        self.ribs = [OutgoingRib(negotiate(session, peer.neighbor, "out")) for peer in self.peers]
        self._loop = event_loop()
        self._process = getattr(reactor.api, "process", None) or reactor.api.text

    def clear(self) -> None:
        """Empty the Adj-RIBs-Out: nothing was ever announced."""
        for rib in self.ribs:
            rib.clear()

    def addressed(self, command: str, index: int | None = None) -> str:
        """A command to all neighbours, or to the one of a number."""
        return addressed(command, None if index is None else peer_address(index))

    def command(self, lines: Iterable[str]) -> None:
        """Have ExaBGP handle commands, as it does where an API process has written these lines."""
        process, reactor = self._process, self._reactor
        for some in batched(lines, _AT_ONCE):
            for line in some:
                process(reactor, _SERVICE, line)
            self._run_commands()

    def ask(self, commands: Sequence[str], routes: int) -> list[Step]:
        """What the handlers of commands to all neighbours ask of the configuration: a call for each route.

        Raises ValueError with ExaBGP's own words where it refuses one.
        """
        asked = _Asked()
        self._reactor.configuration = asked
        try:
            self.command(map(self.addressed, commands))
        finally:
            self._reactor.configuration = self._configuration
        if len(asked.calls) != routes:
            error = self._refusal(commands)
            raise ValueError(f"ExaBGP makes {len(asked.calls)} routes of commands for {routes}: {error}")
        return [partial(getattr(self._configuration, name), *arguments) for name, arguments in asked.calls]

    def _refusal(self, commands: Sequence[str]) -> str:
        """Why ExaBGP refuses one of the commands: what its parser says, or raises where a handler only logs it."""
        api = self._reactor.api
        for command in commands:
            try:
                if not api.api_route(command):
                    break
            except Exception as error:
                return f"{type(error).__name__}: {error}"
        return str(api.configuration.error)

    def _run_commands(self) -> None:
        """Run what the handlers have put in ExaBGP's queue, as its reactor does."""
        queue = self._reactor.asynchronous
        if self._loop is None:
            while queue.run():
                pass
            return

        async def run() -> None:
            while await queue._run_async():
                pass

        self._loop.run_until_complete(run())


class _Asked:
    """In the place of the configuration while commands are handled: keeps what it is asked to do, and does nothing."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Callable[..., bool]:
        def keep(*arguments: Any) -> bool:
            self.calls.append((name, arguments))
            return True

        return keep


def carry_out(steps: Iterable[Step]) -> None:
    """Do what was asked of the configuration."""
    deque(map(call, steps), maxlen=0)


def require_command(command: str) -> None:
    """Raise NotImplementedError where this ExaBGP has no command for routes like these of an address family."""
    start()
    from exabgp.reactor.api import API

    _, what, *_ = command.split()
    if what in ("ipv4", "ipv6") and not hasattr(API, "api_announce_v4"):
        raise NotImplementedError(f"this ExaBGP has no command that begins with 'announce {what}'")
    if " mup-t1st " in command:
        from exabgp.bgp.message.update.nlri.mup import Type1SessionTransformedRoute as MobileSession

        # In 2023 it was added to them, nine months after the family.
        makers = (MobileSession.__init__, getattr(MobileSession, "make_t1st", None))
        if not any("source_ip" in inspect.signature(make).parameters for make in makers if make):
            raise NotImplementedError("this ExaBGP knows no source address of the sessions of mobile users")


def _acknowledge_nothing(processes: Any) -> None:
    """Have the API process told nothing of its commands: one that was never started reads nothing."""
    # One setting for all until 2020, one for each process since.
    if hasattr(processes, "ack"):
        processes.ack = False
    else:
        processes._ack[_SERVICE] = processes._ackjson[_SERVICE] = False
