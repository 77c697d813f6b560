"""A session of one of ExaBGP's peers, from the OPENs to its end, by the peer's own ``Peer._run()``.

The other end is this process: ExaBGP's peer is handed one end of a socket pair as its listener hands it a connection.
What the other end says waits in the socket before ExaBGP reads it. So each turn of the peer's main loop reads a
message, then sends what there is to be sent, and none waits for a timer.
"""

import asyncio
import inspect
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count, islice, repeat
from types import SimpleNamespace
from typing import Any

from benchmarks.wire import HEADER_SIZE, Session, keepalive, notification, open_message

from .connection import Link
from .reactor import runs_on_asyncio
from .session import PEER_ROUTER_ID

# Messages that a socket pair holds while nobody reads: Linux charges some 800 octets of 212,992 for a small one.
_UNREAD = 200

UPDATES_A_TURN = 25
"""As many the main loop sends at most before it reads again."""

_KEEPALIVE = keepalive().wire
# Cease, administrative shutdown.
_END = notification(6, 2).wire
# Turns after which a session has come up and its End-of-RIB markers are sent.
_SETTLING = 5
# Steps of a generator, or of the event loop, in which these turns are done.
_STEPS = 200


class WholeSession:
    """Sessions with a peer of ExaBGP, one after the other; from one to the next the peer keeps its routes.

    `open` has ExaBGP accept a connection, `begin` has the session come up too. `run` goes on from either to the end.
    The other end reads between two steps of a generator. On an event loop, which would have to tell it, it reads only
    where there may be more `messages` than the socket pair holds.
    """

    def __init__(self, peer: Any, session: Session, messages: int = 0) -> None:
        from exabgp.bgp import timer

        self._peer, self._timer = peer, timer
        self._opening = open_message(session, session.peer_as, PEER_ROUTER_ID).wire + _KEEPALIVE
        self._reads = messages > _UNREAD
        self._now = 0.0
        self._octets = bytearray()
        self._link: Link | None = None
        # For ten days there were two, and the daemon ran this one.
        both = hasattr(peer, "_run_async")
        self._start = peer._run_async if both and runs_on_asyncio() else peer._run
        # A generator, or a task on the event loop.
        self._running: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        if inspect.iscoroutinefunction(self._start):
            self._loop = asyncio.new_event_loop()
            # Its clock stands still: ExaBGP gives up to read after a tenth of a second, and loses what is half read.
            self._loop.time = repeat(self._loop.time()).__next__  # type: ignore[method-assign]

    def close(self) -> None:
        """End the session, and close the event loop where there is one."""
        self._end()
        if self._link:
            self._link.close()
        if self._loop:
            self._loop.close()

    def open(self) -> None:
        """Have ExaBGP accept a connection, on which an OPEN and a KEEPALIVE wait to be read."""
        self._end()
        if self._link:
            self._link.close()
        self._octets.clear()
        self._now = time.time()
        self._link = Link()
        self._peer.handle_connection(self._link.connection)
        self._link.peer.sendall(self._opening)

    def begin(self) -> None:
        """Have a session come up and its End-of-RIB markers sent. Raises RuntimeError where it does not."""
        from exabgp.bgp.fsm import FSM

        self.open()
        assert self._link
        self._link.peer.sendall(_KEEPALIVE * _SETTLING)
        with self._clock(0):
            if self._loop:
                self._loop.run_until_complete(self._begin_async())
            else:
                self._running = iter(self._start())
                for _ in islice(self._running, _STEPS):
                    pass
        if self._peer.fsm != FSM.ESTABLISHED:
            if not self._peer.proto:
                self._running = None
            raise RuntimeError("ExaBGP's peer does not bring its session up")
        self._take()
        self._octets.clear()

    def _end(self) -> None:
        """End a session that was begun and not run."""
        if self._running is not None:
            self.say(0)
            self.run()

    async def _begin_async(self) -> None:
        self._running = asyncio.ensure_future(self._start())
        for _ in range(_STEPS):
            await asyncio.sleep(0)

    def say(self, turns: int) -> None:
        """Have as many KEEPALIVEs wait to be read, one for each turn of the main loop, and the end of the session."""
        assert self._link
        self._link.peer.sendall(_KEEPALIVE * turns + _END)

    def run(self, seconds: float = 0) -> None:
        """Run until the session has ended. As many seconds pass each time that one of ExaBGP's timers is looked at."""
        assert self._link
        with self._clock(seconds):
            if self._loop:
                self._run_async(self._loop, self._link.peer)
            else:
                # It is no longer said to be writable when a quarter of it is full.
                for _ in self._running or self._start():
                    self._take()
        self._running = None

    def _run_async(self, loop: asyncio.AbstractEventLoop, peer: socket.socket) -> None:
        if self._reads:
            loop.add_reader(peer, self._take)
        loop.run_until_complete(self._running or self._start())
        loop.remove_reader(peer)

    def written(self) -> list[bytes]:
        """The messages that ExaBGP has written since the session was opened, or had come up. Never timed.

        Raises RuntimeError where the session is still there.
        """
        if self._peer.proto:
            raise RuntimeError("ExaBGP's peer has not ended its session")
        self._take()
        return list(_messages(bytes(self._octets)))

    def _take(self) -> None:
        assert self._link
        with suppress(BlockingIOError):
            self._octets += self._link.peer.recv(1 << 20, socket.MSG_DONTWAIT)

    @contextmanager
    def _clock(self, seconds: float) -> Iterator[None]:
        """Have a clock in the place of the module ``time``, of which ExaBGP's timers use one function."""
        real = self._timer.time
        self._timer.time = SimpleNamespace(time=count(self._now, seconds).__next__)
        try:
            yield
        finally:
            self._timer.time = real


def _messages(octets: bytes) -> Iterator[bytes]:
    while octets:
        size = max(int.from_bytes(octets[16:18]), HEADER_SIZE)
        yield octets[:size]
        octets = octets[size:]
