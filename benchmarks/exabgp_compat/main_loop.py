"""ExaBGP's own main loop of a peer, ``Peer._main()``, for one peer or many at once.

It is what the daemon does with an established session: read a message, see to the timers, store the routes in the
Adj-RIB-In, see what there is to send, and let the next peer have its turn.
"""

import asyncio
import inspect
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, product
from typing import Any

from benchmarks.wire import notification

from .connection import chunks
from .peers import feeder, links_of
from .protocol import protocol_on
from .rib import held_in
from .session import Speaker
from .truth import attributes_of

# Collects what a peer reads: its number and the message.
Record = Callable[[tuple[int, Any]], object]


def to_the_end(messages: Iterable[bytes]) -> list[bytes]:
    """A stream for `MainLoops`: the octets of messages in chunks, and of the NOTIFICATION that ends the session."""
    # Cease, administrative shutdown (RFC 4486).
    return [chunk.octets for chunk in chunks(chain(messages, [notification(6, 2).wire]))]


class MainLoops:
    """The main loops of the peers of all speakers, run until each peer has sent a NOTIFICATION.

    Each peer sends its stream in chunks of whole messages, the first before the loops start and another whenever the
    one before is read. The last message of the last chunk must be a NOTIFICATION: it is how a session ends. The
    connections stay open, so that ``run`` can be called again and finds the peers as they were, down to an Adj-RIB-In
    which the main loop empties first.
    """

    def __init__(self, speakers: Sequence[Speaker], streams: Sequence[Sequence[bytes]]) -> None:
        from exabgp.bgp import timer
        from exabgp.bgp.message import _NOP, Notification
        from exabgp.reactor import peer as module

        self._notification = Notification
        self._links = links_of(len(speakers))
        self._protocols = [protocol_on(link, speaker) for link, speaker in zip(self._links, speakers, strict=True)]
        # For two weeks a coroutine stood beside the generator; on the last day the main loop called that.
        self._reading = [name for name in ("read_message", "read_message_async") if hasattr(self._protocols[0], name)]
        self._peers = [protocol.peer for protocol in self._protocols]
        for peer, link, speaker in zip(self._peers, self._links, speakers, strict=True):
            # Made by the daemon when the session comes up: hold timer expired is NOTIFICATION 4, 0.
            peer.recv_timer = timer.ReceiveTimer(link.connection.session, speaker.negotiated.holdtime, 4, 0)
        self.clear()
        self.give(streams)
        self._timer, self._held_clock = timer, HeldClock(timer.time.time())
        self._loop: asyncio.AbstractEventLoop | None = None
        self.run: Callable[[], None] = self._run
        if inspect.iscoroutinefunction(module.Peer._main):
            self._loop = asyncio.new_event_loop()
            self.run = self._run_async
        else:
            # What the generator says where it has found the socket empty: its no-op, and a number until 2025-11-28.
            self._idle = module.ACTION.LATER if hasattr(module, "ACTION") else _NOP

    def close(self) -> None:
        """Close all connections, and the event loop where there is one."""
        for link in self._links:
            link.close()
        if self._loop:
            self._loop.close()

    def give(self, streams: Sequence[Sequence[bytes]]) -> None:
        """Have the peers send these streams from now on."""
        self._feed = feeder(self._links, [stream[0] for stream in streams])
        self._rest = [stream[1:] for stream in streams]

    def run_while_the_clock_is_held(self) -> None:
        """Run once while the clock of ExaBGP's timers stands still, at the same time in each such run.

        They write a line to the log once a second; a count of bytecodes must not depend on how many seconds it took.
        """
        clock = self._timer.time
        self._timer.time = self._held_clock
        try:
            self.run()
        finally:
            self._timer.time = clock

    def recorded_run(self, at_most: int | None = None) -> list[tuple[int, Any]]:
        """Run once, and tell which peer read which message, in the order in which they were read; the first `at_most`.

        Never timed: what reads a message of the protocol is wrapped meanwhile. The clock is held: a peer whose timer
        writes to the log reads one message less in its turn.
        """
        record: list[tuple[int, Any]] = []

        def keep(read: tuple[int, Any]) -> None:
            if at_most is None or len(record) < at_most:
                record.append(read)

        for (index, protocol), name in product(enumerate(self._protocols), self._reading):
            # A method of the class again once the attribute of the object is deleted.
            setattr(protocol, name, _recording(getattr(protocol, name), index, keep))
        try:
            self.run_while_the_clock_is_held()
        finally:
            for protocol, name in product(self._protocols, self._reading):
                delattr(protocol, name)
        return record

    def prefixes(self) -> list[list[str]]:
        """The prefixes in each peer's Adj-RIB-In, sorted. Never timed."""
        return [
            sorted(route.nlri.cidr.prefix() for route in held_in(peer.neighbor.rib.incoming)) for peer in self._peers
        ]

    def routes(self) -> Iterator[tuple[str, dict[int, object]]]:
        """Each prefix in the Adj-RIBs-In of all peers, with its attributes as `truth_of` has them. Never timed."""
        for peer in self._peers:
            for route in held_in(peer.neighbor.rib.incoming):
                yield route.nlri.cidr.prefix(), attributes_of(route)

    def clear(self) -> None:
        """Empty each peer's RIBs: ExaBGP keeps them by the neighbour's name, whoever filled them in this process."""
        for peer in self._peers:
            peer.neighbor.rib.incoming.clear()
            peer.neighbor.rib.outgoing.clear()

    def forget_what_has_ended(self) -> None:
        """Have asyncio, where it runs the main loops, let go of what it keeps of those that have ended.

        It keeps the timers of the waits for a message, which last a tenth of a second, until the event loop turns
        again: how many there are depends on how long all took. And it keeps tasks in a set, whose table grows by where
        in memory they lay.
        """
        if self._loop:
            self._loop.run_until_complete(asyncio.sleep(0))
            asyncio.tasks._scheduled_tasks.clear()

    def _discard_sent(self) -> None:
        """Take what ExaBGP has sent, End-of-RIB markers and KEEPALIVEs, before it fills the sockets."""
        for link in self._links:
            with suppress(BlockingIOError):
                link.peer.recv(65536, socket.MSG_DONTWAIT)

    def _run(self) -> None:
        """Give each peer a turn after the other, as the reactor does, while there is one left."""
        self._feed()
        running = [
            (peer._main(), iter(rest), link.peer.sendall)
            for peer, rest, link in zip(self._peers, self._rest, self._links, strict=True)
        ]
        while running:
            running = [turn for turn in running if self._turn(*turn)]
        self._discard_sent()

    def _turn(self, peer: Iterator[Any], rest: Iterator[bytes], send: Callable[[bytes], object]) -> bool:
        """Give a peer a turn; where it finds its socket empty, the next chunk is sent. False when it has ended."""
        try:
            if next(peer) == self._idle:
                for chunk in rest:
                    send(chunk)
                    break
        except self._notification as end:
            self._check(end)
            return False
        return True

    def _check(self, end: BaseException | None) -> None:
        """The peer's NOTIFICATION, and not one that ExaBGP is about to send: its class derives from that one."""
        if type(end) is not self._notification:
            raise RuntimeError(f"a peer's main loop ended without a NOTIFICATION: {end!r}") from end

    def _run_async(self) -> None:
        loop = self._loop
        assert loop
        self._feed()
        writing = [(link.peer, rest) for link, rest in zip(self._links, self._rest, strict=True) if rest]
        for peer, rest in writing:
            loop.add_writer(peer, self._send_next, peer, iter(rest))

        async def run() -> list[BaseException | None]:
            return await asyncio.gather(*[peer._main() for peer in self._peers], return_exceptions=True)

        ends = loop.run_until_complete(run())
        for peer, _ in writing:
            loop.remove_writer(peer)
        for end in ends:
            self._check(end)
        self._discard_sent()

    def _send_next(self, peer: socket.socket, rest: Iterator[bytes]) -> None:
        """Send another chunk down a socket that the event loop has found to have room for one."""
        for chunk in rest:
            peer.sendall(chunk)
            return
        assert self._loop
        self._loop.remove_writer(peer)


class HeldClock:
    """In the place of the module ``time``, of which ExaBGP's timers use one function: it stands still."""

    def __init__(self, now: float) -> None:
        self._now = now

    def time(self) -> float:
        """Seconds since the epoch, always the same."""
        return self._now


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
