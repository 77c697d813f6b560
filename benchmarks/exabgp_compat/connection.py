"""ExaBGP's connection around one end of a socket pair, read message by message."""

import socket
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from .event_loop import event_loop
from .session import LOCAL_ADDRESS, peer_address


class Chunk(NamedTuple):
    """Messages that the peer sends at once: their bytes on the wire, and how many they are."""

    octets: bytes
    messages: int


# Small enough for a socket buffer at its default size (212,992 octets on Linux, with the kernel's own book-keeping
# counted in it), so that a blocking send never waits for a reader that runs in the same thread.
CHUNK_OCTETS = 32 * 1024


def chunks(messages: Iterable[bytes], at_most: int | None = None) -> list[Chunk]:
    """Cut a stream of messages on the wire into chunks that a socket takes at once, each of `at_most` messages."""
    result: list[Chunk] = []
    pending: list[bytes] = []
    size = 0
    for message in messages:
        if pending and (size + len(message) > CHUNK_OCTETS or len(pending) == at_most):
            result.append(Chunk(b"".join(pending), len(pending)))
            pending, size = [], 0
        pending.append(message)
        size += len(message)
    if pending:
        result.append(Chunk(b"".join(pending), len(pending)))
    return result


class Link:
    """A real socket pair: ExaBGP's connection on one end, the peer on the other."""

    def __init__(self, index: int = 0) -> None:
        from exabgp.protocol.family import AFI
        from exabgp.reactor.network.connection import Connection

        local, self.peer = socket.socketpair()
        local.setblocking(False)
        self.connection = Connection(AFI.ipv4, peer_address(index), LOCAL_ADDRESS)
        self.connection.io = local
        # A debugging aid that raises errors at random; on by default where no settings are loaded.
        self.connection.defensive = False

    def close(self) -> None:
        """Close both ends."""
        self.connection.close()
        self.peer.close()


class ConnectionReader:
    """Read whole messages from a link with ``Connection.reader()``, in the style of the commit's own protocol.

    Where the protocol is asynchronous its connection is read with ``reader_async()`` on an event loop that is made
    once; elsewhere with the generator.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._loop = event_loop()
        self.read: Callable[[Sequence[Chunk]], list[tuple[Any, ...]]] = self._read_async if self._loop else self._read

    def close(self) -> None:
        """Close the event loop, where there is one. The link is the caller's."""
        if self._loop:
            self._loop.close()

    def _read(self, feed: Sequence[Chunk]) -> list[tuple[Any, ...]]:
        send, reader = self._link.peer.sendall, self._link.connection.reader
        complete = itemgetter(0)
        messages: list[tuple[Any, ...]] = []
        for octets, count in feed:
            send(octets)
            for _ in range(count):
                messages.append(next(filter(complete, reader())))
        return messages

    def _read_async(self, feed: Sequence[Chunk]) -> list[tuple[Any, ...]]:
        assert self._loop
        send, reader = self._link.peer.sendall, self._link.connection.reader_async

        async def read() -> list[tuple[Any, ...]]:
            messages: list[tuple[Any, ...]] = []
            for octets, count in feed:
                send(octets)
                for _ in range(count):
                    messages.append(await reader())
            return messages

        return self._loop.run_until_complete(read())
