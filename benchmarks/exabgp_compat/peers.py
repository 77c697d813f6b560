"""ExaBGP's protocols of many peers in one process, each on a connection of its own, read in any order."""

import functools
import operator
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from .connection import Link
from .event_loop import event_loop
from .protocol import protocol_on
from .session import Speaker

# What a socket is sure to take at once for a reader in the same thread (Linux: 212,992 octets, with the kernel's own
# book-keeping counted in it).
BACKLOG_OCTETS = 64 * 1024


# The first file descriptor that select() does not take (FD_SETSIZE).
_SELECT_LIMIT = 1024


def links_of(count: int) -> list[Link]:
    """A link for each peer.

    Raises NotImplementedError where the commit waits for its sockets with select() and there are too many.
    """
    links = [Link(index) for index in range(count)]
    # Since 2019-12 a connection has pollers of its own.
    if not hasattr(links[-1].connection, "_rpoller") and links[-1].connection.io.fileno() >= _SELECT_LIMIT:
        for link in links:
            link.close()
        raise NotImplementedError(f"this ExaBGP waits with select(), which takes no {count} peers")
    return links


def feeder(links: Sequence[Link], streams: Sequence[bytes]) -> Callable[[], None]:
    """A function that sends each peer's stream down its link, all of it at once.

    Raises ValueError for a stream that a socket would not take without a reader.
    """
    for index, stream in enumerate(streams):
        if len(stream) > BACKLOG_OCTETS:
            raise ValueError(f"peer {index} would send {len(stream)} octets at once, {BACKLOG_OCTETS} at most")
    sends = [functools.partial(link.peer.sendall, stream) for link, stream in zip(links, streams, strict=True)]

    def feed() -> None:
        deque(map(operator.call, sends), maxlen=0)

    return feed


class PeerReaders:
    """One protocol for each speaker; ``read`` reads one message from each peer that the schedule names.

    The schedule is a list of peers, by number, in the order in which they are asked for a message.
    """

    def __init__(self, speakers: Sequence[Speaker], streams: Sequence[bytes], schedule: Sequence[int]) -> None:
        from exabgp.bgp.message import _NOP

        self._links = links_of(len(speakers))
        protocols = [protocol_on(link, speaker) for link, speaker in zip(self._links, speakers, strict=True)]
        self._turns = [protocols[index].read_message for index in schedule]
        self._feed = feeder(self._links, streams)
        self._is_message = functools.partial(operator.is_not, _NOP)
        self._loop = event_loop()
        self.read: Callable[[], list[Any]] = self._read_async if self._loop else self._read

    def close(self) -> None:
        """Close all connections, and the event loop where there is one."""
        for link in self._links:
            link.close()
        if self._loop:
            self._loop.close()

    def _read(self) -> list[Any]:
        self._feed()
        is_message = self._is_message
        return [next(filter(is_message, read_message())) for read_message in self._turns]

    def _read_async(self) -> list[Any]:
        assert self._loop
        self._feed()

        async def read() -> list[Any]:
            return [await read_message() for read_message in self._turns]

        return self._loop.run_until_complete(read())
