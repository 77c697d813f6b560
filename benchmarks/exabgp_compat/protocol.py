"""ExaBGP's protocol on a connection: read_message, in the generator era and in the asynchronous one."""

import functools
import operator
from collections.abc import Callable, Sequence
from typing import Any

from .connection import Chunk, Link
from .event_loop import event_loop
from .session import Speaker


def protocol_on(link: Link, speaker: Speaker) -> Any:
    """ExaBGP's own peer and protocol of a speaker, with its session negotiated, on a link."""
    from exabgp.reactor.peer import Peer
    from exabgp.reactor.protocol import Protocol

    # The reactor is needed only to reach API processes, and no neighbour here has any.
    peer = Peer(speaker.neighbor, None)
    peer.proto = protocol = Protocol(peer)
    protocol.connection = link.connection
    protocol.negotiated = speaker.negotiated
    link.connection.msg_size = speaker.negotiated.msg_size
    return protocol


class ProtocolReader:
    """ExaBGP's own peer and protocol of a speaker, reading from a link.

    ``read_message`` was a generator that yields a no-op until a message is there, and is a coroutine since 2025-12-01.
    """

    def __init__(self, speaker: Speaker, link: Link) -> None:
        from exabgp.bgp.message import _NOP

        self.protocol = protocol_on(link, speaker)
        self._send = link.peer.sendall
        self._is_message = functools.partial(operator.is_not, _NOP)
        self._loop = event_loop()
        self.read: Callable[[Sequence[Chunk]], list[Any]] = self._read_async if self._loop else self._read

    def close(self) -> None:
        """Close the event loop, where there is one. The link is the caller's."""
        if self._loop:
            self._loop.close()

    def _read(self, feed: Sequence[Chunk]) -> list[Any]:
        read_message, is_message = self.protocol.read_message, self._is_message
        messages: list[Any] = []
        for octets, count in feed:
            self._send(octets)
            for _ in range(count):
                messages.append(next(filter(is_message, read_message())))
        return messages

    def _read_async(self, feed: Sequence[Chunk]) -> list[Any]:
        assert self._loop
        read_message = self.protocol.read_message

        async def read() -> list[Any]:
            messages: list[Any] = []
            for octets, count in feed:
                self._send(octets)
                for _ in range(count):
                    messages.append(await read_message())
            return messages

        return self._loop.run_until_complete(read())
