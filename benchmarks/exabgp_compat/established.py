"""Sessions of a reactor's peers, established: ExaBGP's main loop of each peer runs turn by turn.

What a daemon writes on its sessions is read here, never timed.
"""

import asyncio
import inspect
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from benchmarks.wire import Session, keepalive

from .connection import Link
from .reactor import Reactor, runs_on_asyncio
from .session import negotiate

_KEEPALIVE = keepalive().wire
_CEASE = 6

# Of a main loop that is a generator, in each turn.
_STEPS = 4
# Of the event loop, at most, until a message is read and what follows is done.
_ITERATIONS = 1000


class EstablishedSessions:
    """A session, on a socket pair, with each peer of a reactor: what the reactor does to its peers shows on them."""

    def __init__(self, reactor: Reactor, session: Session) -> None:
        from exabgp.bgp import timer
        from exabgp.reactor.peer import Peer
        from exabgp.reactor.protocol import Protocol

        peers = reactor.peers
        self._links = [Link(index) for index in range(len(peers))]
        self._unread = [0] * len(peers)
        self._asking = [False] * len(peers)
        for peer, link in zip(peers, self._links, strict=True):
            peer.proto = protocol = Protocol(peer)
            protocol.connection = link.connection
            protocol.negotiated = negotiate(session, peer.neighbor, "out").negotiated
            link.connection.msg_size = protocol.negotiated.msg_size
            # Hold timer expired is NOTIFICATION 4, 0.
            peer.recv_timer = timer.ReceiveTimer(link.connection.session, protocol.negotiated.holdtime, 4, 0)
        reactor.establish()
        # For ten days there were two, and the daemon ran this one.
        main = Peer._main_async if runs_on_asyncio() and hasattr(Peer, "_main_async") else Peer._main
        self._loop: asyncio.AbstractEventLoop | None = None
        if inspect.iscoroutinefunction(main):
            self._loop = asyncio.new_event_loop()
            # Its clock stands still: ExaBGP gives up to read after a tenth of a second, and loses what is half read.
            now = self._loop.time()
            self._loop.time = lambda: now  # type: ignore[method-assign]
            for index, peer in enumerate(peers):
                name = "read_message_async" if hasattr(Protocol, "read_message_async") else "read_message"
                setattr(peer.proto, name, self._watched(getattr(peer.proto, name), index))
        # Generators, or tasks on the event loop.
        start = self._loop.create_task if self._loop else iter
        self._running: dict[int, Any] = {index: start(main(peer)) for index, peer in enumerate(peers)}

    def close(self) -> None:
        """End the main loops, and close all connections."""
        if self._loop:
            for task in self._running.values():
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*self._running.values(), return_exceptions=True))
            self._loop.close()
        for link in self._links:
            link.close()

    @property
    def closed(self) -> list[int]:
        """The peers, by number, whose main loop has ended to close the session."""
        return [index for index in range(len(self._links)) if index not in self._running]

    def written(self, turns: int) -> list[list[bytes]]:
        """What ExaBGP writes to each peer in as many turns of its main loop: whole messages, header included.

        In each turn there is a KEEPALIVE to be read. Where there is none an asynchronous main loop waits, and that of
        5.0 does not see that its configuration has changed.
        """
        written = [bytearray() for _ in self._links]
        for _ in range(turns):
            for index in self._running:
                self._unread[index] += 1
                self._links[index].peer.sendall(_KEEPALIVE)
            if self._loop:
                self._loop.run_until_complete(self._turn_async())
            else:
                self._turn()
            for octets, link in zip(written, self._links, strict=True):
                with suppress(BlockingIOError):
                    octets += link.peer.recv(1 << 20, socket.MSG_DONTWAIT)
        return [list(_messages(bytes(octets))) for octets in written]

    def _turn(self) -> None:
        for index, main_loop in list(self._running.items()):
            try:
                # The header is read, and the rest, and what there is to be sent is sent.
                for _ in range(_STEPS):
                    next(main_loop)
            except Exception as end:
                self._end(index, end)

    async def _turn_async(self) -> None:
        for index, main_loop in list(self._running.items()):
            for _ in range(_ITERATIONS):
                if main_loop.done():
                    self._end(index, main_loop.exception())
                    break
                if self._asking[index] and not self._unread[index]:
                    break
                await asyncio.sleep(0)
            else:
                raise RuntimeError(f"the main loop of peer {index} does not read what is sent")

    def _end(self, index: int, end: BaseException | None) -> None:
        """A main loop ends where its peer is to be connected to anew: with a NOTIFICATION, Cease."""
        from exabgp.bgp.message import Notify

        if not (isinstance(end, Notify) and end.code == _CEASE):
            raise RuntimeError(f"a peer's main loop ended without a Cease: {end!r}") from end
        del self._running[index]

    def _watched(self, read_message: Callable[[], Any], index: int) -> Callable[[], Any]:
        """What reads a message, and tells what has been read and whether a further one is being asked for."""

        async def read() -> Any:
            self._asking[index] = True
            message = await read_message()
            self._unread[index] -= 1
            self._asking[index] = False
            return message

        return read


def _messages(octets: bytes) -> Iterator[bytes]:
    while octets:
        size = int.from_bytes(octets[16:18])
        yield octets[:size]
        octets = octets[size:]
