"""ExaBGP's own reactor, made of a configuration as its daemon makes it, whose own loop runs turn by turn.

``Reactor.run()`` never returns: it runs in a thread of its own, and waits for leave at the beginning of each turn,
where it asks its listener for connections. Until 2025-11 the loop gives each peer's generator a step in each turn;
since then it is a coroutine, the peers are tasks beside it, and nothing says how often they run in a turn.
"""

import asyncio
import inspect
import os
import pwd
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import filterfalse, repeat
from operator import call, itemgetter
from queue import SimpleQueue
from typing import Any

from .main_loop import HeldClock
from .reactor import forget_ribs, peers_of, process_as_it_was
from .startup import settings, start


class Stopped(BaseException):
    """Ends the reactor's loop: it catches exceptions of other kinds."""


class TurnByTurn:
    """A reactor that runs as many turns as it is told to. Raises RuntimeError when it ends by itself."""

    def __init__(self, configuration: str) -> None:
        start()
        _as_the_daemon_is_configured()
        self._reactor = reactor = _reactor(configuration)
        self._leave: SimpleQueue[Callable[[], bool]] = SimpleQueue()
        self._arrived: SimpleQueue[None] = SimpleQueue()
        self._stopping = False
        self._ended: BaseException | str | None = None
        self._event_loop: asyncio.AbstractEventLoop | None = None
        reactor.listener.incoming = _gated(reactor.listener.incoming, self._leave.get)
        # Until 2020 it is told whether to do nothing but to validate the configuration, and which folder is its own.
        arguments = (False, "/") if inspect.signature(reactor.run).parameters else ()
        self._thread = threading.Thread(target=self._run, args=arguments, daemon=True)
        self._thread.start()
        self.turns(1)

    def turns(self, number: int) -> None:
        """Have the loop run a number of turns."""
        leave = self._leave.put
        deque(map(leave, repeat(bool, number)), maxlen=0)
        leave(self._arrive)
        self._arrived.get()
        if self._ended is not None:
            raise RuntimeError(f"ExaBGP's reactor has ended: {self._ended!r}")

    def established(self) -> int:
        """How many peers have a session."""
        from exabgp.bgp.fsm import FSM

        return sum(peer.fsm == FSM.ESTABLISHED for peer in self._peers())

    def neighbors(self) -> list[Any]:
        """ExaBGP's neighbours, as its peers have them."""
        return [peer.neighbor for peer in self._peers()]

    def output_of(self, process: str) -> int:
        """The descriptor from which ExaBGP reads what an API process writes."""
        return int(self._reactor.processes._process[process].stdout.fileno())

    def hold_the_clock(self) -> None:
        """Have time stand still for ExaBGP's timers and its event loop until the end: no timer elapses any more."""
        from exabgp.bgp import timer

        timer.time = HeldClock(time.time())
        if self._event_loop:
            self._event_loop.time = repeat(self._event_loop.time()).__next__  # type: ignore[method-assign]

    def close(self) -> None:
        """End the reactor where it waits, and the API processes that it has started."""
        self._stopping = True
        self._leave.put(self._arrive)
        self._thread.join()
        from exabgp.bgp import timer

        timer.time = time
        for process in list(self._reactor.processes._process.values()):
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
        for peer in self._peers():
            if peer.proto:
                peer.proto.connection.close()

    def _peers(self) -> list[Any]:
        return list(peers_of(self._reactor).values())

    def _run(self, *arguments: Any) -> None:
        try:
            self._ended = f"status {self._reactor.run(*arguments)}"
        except BaseException as error:
            self._ended = error
        self._arrived.put(None)

    def _arrive(self) -> bool:
        """Called where the loop has run its turns and waits for leave; it is not given yet."""
        if self._stopping:
            raise Stopped
        self._event_loop = asyncio._get_running_loop()
        self._arrived.put(None)
        return True


def _gated(incoming: Callable[[], Any], leave: Callable[[], Callable[[], bool]]) -> Callable[[], Any]:
    """What the listener says, when there is leave for another turn: what is asked for leave must not return True.

    All of it is C: what is measured is ExaBGP.
    """
    nothing = object()
    given = filterfalse(call, iter(leave, nothing))
    return partial(next, map(itemgetter(1), zip(given, iter(incoming, nothing), strict=False)))


def _as_the_daemon_is_configured() -> None:
    """The settings of a daemon that stays in the foreground, as this user, and never sleeps.

    By default a turn with nothing to do ends with waiting for input, 10 ms at most.
    """
    environment = settings()
    environment.tcp.bind = []
    environment.daemon.user = pwd.getpwuid(os.getuid()).pw_name
    environment.daemon.drop = environment.daemon.daemonize = False
    environment.api.cli = False
    environment.reactor.speed = 0


def _reactor(text: str) -> Any:
    from exabgp.configuration.configuration import Configuration
    from exabgp.reactor.loop import Reactor

    # ExaBGP keeps RIBs by the name of the neighbour, whoever filled them in this process.
    forget_ribs()
    configuration = Configuration([text], text=True)
    with process_as_it_was():
        reactor = Reactor(configuration)
    # Until 2020 a reactor makes its own, of the names of files.
    reactor.configuration = configuration
    return reactor
