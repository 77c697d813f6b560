"""ExaBGP's own main loop of a peer, ``Peer._main()``, for many peers at once.

It is what the daemon does with an established session: read a message, see to the timers, store the routes in the
Adj-RIB-In, see what there is to send, and let the next peer have its turn.
"""

import asyncio
import functools
import inspect
import itertools
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any
from unittest import mock

from .peers import feeder, links_of
from .protocol import protocol_on
from .session import Speaker

# Collects what a peer reads: its number and the message.
Record = Callable[[tuple[int, Any]], object]


class MainLoops:
    """The main loops of the peers of all speakers, run until each peer has sent a NOTIFICATION.

    Every stream must end with one: it is how a session ends. The connections stay open, so that ``run`` can be called
    again and finds the peers as they were, down to an Adj-RIB-In which the main loop empties first.
    """

    def __init__(self, speakers: Sequence[Speaker], streams: Sequence[bytes]) -> None:
        from exabgp.bgp.message import Notification
        from exabgp.bgp.timer import ReceiveTimer
        from exabgp.reactor.peer import Peer

        self._notification = Notification
        self._links = links_of(len(speakers))
        self._protocols = [protocol_on(link, speaker) for link, speaker in zip(self._links, speakers, strict=True)]
        self._peers = [protocol.peer for protocol in self._protocols]
        for peer, link, speaker in zip(self._peers, self._links, speakers, strict=True):
            # Made by the daemon when the session comes up: hold timer expired is NOTIFICATION 4, 0.
            peer.recv_timer = ReceiveTimer(link.connection.session, speaker.negotiated.holdtime, 4, 0)
        self._feed = feeder(self._links, streams)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.run: Callable[[], None] = self._run
        if inspect.iscoroutinefunction(Peer._main):
            self._loop = asyncio.new_event_loop()
            self.run = self._run_async

    def close(self) -> None:
        """Close all connections, and the event loop where there is one."""
        for link in self._links:
            link.close()
        if self._loop:
            self._loop.close()

    def recorded_run(self) -> list[tuple[int, Any]]:
        """Run once, and tell which peer read which message, in the order in which they were read."""
        record: list[tuple[int, Any]] = []
        for index, protocol in enumerate(self._protocols):
            # A method of the class again once the attribute of the object is deleted.
            protocol.read_message = _recording(protocol.read_message, index, record.append)
        try:
            self.run()
        finally:
            for protocol in self._protocols:
                del protocol.read_message
        return record

    def prefixes(self) -> list[list[str]]:
        """The prefixes in each peer's Adj-RIB-In, sorted."""
        found = []
        for peer in self._peers:
            rib = peer.neighbor.rib.incoming
            cached = rib.cached_routes if hasattr(rib, "cached_routes") else rib.cached_changes
            found.append(sorted(route.nlri.prefix() for route in cached()))
        return found

    def _drain(self) -> None:
        """Take what ExaBGP has sent, End-of-RIB markers, before it fills the sockets."""
        for link in self._links:
            with suppress(BlockingIOError):
                link.peer.recv(65536, socket.MSG_DONTWAIT)

    def _run(self) -> None:
        """Give each peer a turn after the other, as the reactor does, while there is one left."""
        self._feed()
        running = [peer._main() for peer in self._peers]
        while running:
            running = [peer for peer in running if self._turn(peer)]
        self._drain()

    def _turn(self, peer: Iterator[Any]) -> bool:
        try:
            next(peer)
        except self._notification as end:
            self._check(end)
            return False
        return True

    def _check(self, end: BaseException | None) -> None:
        """The peer's NOTIFICATION, and not one that ExaBGP is about to send: its class derives from that one."""
        if type(end) is not self._notification:
            raise RuntimeError(f"a peer's main loop ended without a NOTIFICATION: {end!r}") from end

    def _run_async(self) -> None:
        assert self._loop
        self._feed()

        async def run() -> list[BaseException | None]:
            return await asyncio.gather(*[peer._main() for peer in self._peers], return_exceptions=True)

        for end in self._loop.run_until_complete(run()):
            self._check(end)
        self._drain()


@contextmanager
def still_clock() -> Iterator[None]:
    """Stop the clock of ExaBGP's timers.

    They write a line to the log once a second; a count of bytecodes must not depend on how many seconds it took.
    """
    import exabgp.bgp.timer as module

    # Nothing but C is called in place of the clock.
    now = itertools.repeat(module.time.time())
    with mock.patch.object(module, "time", SimpleNamespace(time=functools.partial(next, now))):
        yield


def _recording(read_message: Callable[[], Any], index: int, record: Record) -> Callable[[], Any]:
    from exabgp.bgp.message import _NOP

    if inspect.iscoroutinefunction(read_message):

        async def read_async() -> Any:
            message = await read_message()
            record((index, message))
            return message

        return read_async

    def read() -> Iterator[Any]:
        for message in read_message():
            if message is not _NOP:
                record((index, message))
            yield message

    return read
