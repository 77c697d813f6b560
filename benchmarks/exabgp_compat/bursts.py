"""Bursts: ExaBGP asks an empty socket for a message before each burst comes in."""

from collections.abc import Sequence
from typing import Any

from .connection import Chunk
from .protocol import ProtocolReader


class BurstReader(ProtocolReader):
    """ExaBGP's protocol, waiting for each burst of messages as it waits for a peer that has gone quiet.

    In the generator era ``read_message`` finds nothing, hands out its no-op and is asked again; in the asynchronous
    era the event loop watches the socket until the burst wakes it.
    """

    def _read(self, feed: Sequence[Chunk]) -> list[Any]:
        read_message, is_message = self.protocol.read_message, self._is_message
        messages: list[Any] = []
        for octets, count in feed:
            waiting = read_message()
            next(waiting)
            self._send(octets)
            messages.append(next(filter(is_message, waiting)))
            for _ in range(count - 1):
                messages.append(next(filter(is_message, read_message())))
        return messages

    def _read_async(self, feed: Sequence[Chunk]) -> list[Any]:
        loop = self._loop
        assert loop
        read_message = self.protocol.read_message

        async def read() -> list[Any]:
            messages: list[Any] = []
            for octets, count in feed:
                loop.call_soon(self._send, octets)
                for _ in range(count):
                    messages.append(await read_message())
            return messages

        return loop.run_until_complete(read())
