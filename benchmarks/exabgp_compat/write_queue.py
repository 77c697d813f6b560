"""ExaBGP's queue of what it writes to an API process, which exists since 2025-11-19."""

import asyncio
import os
from collections import deque
from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple

from .startup import start

_NAME = "api"
# Larger than the buffer of any pipe, so that one read empties it.
_READ_OCTETS = 1 << 20


class _ApiProcess(NamedTuple):
    """What ExaBGP's queue sees of a process that it has started: the end of a pipe."""

    stdin: Any

    def poll(self) -> None:
        """Say that it is still running."""


class WriteQueue:
    """Lines that wait for an API process: queued by ExaBGP's ``write``, flushed into a real pipe by its own flush.

    The process at the other end is this one, which empties the pipe between two flushes. Raises NotImplementedError
    on commits whose ``write`` blocks until the process has read.
    """

    def __init__(self) -> None:
        start()
        from exabgp.reactor.api.processes import Processes

        flush = getattr(Processes, "flush_write_queue", None) or getattr(Processes, "flush_write_queue_async", None)
        if flush is None:
            raise NotImplementedError("this ExaBGP has no queue of writes to an API process: it writes and waits")
        self._output, feed = os.pipe()
        os.set_blocking(feed, False)
        self._feed = os.fdopen(feed, "wb", buffering=0)
        self._processes = Processes()
        self._loop = asyncio.new_event_loop()
        self._processes._async_mode = True
        self._processes._process[_NAME] = _ApiProcess(self._feed)
        self._queues: dict[str, deque[bytes]] = self._processes._write_queue
        self._flush = flush

    def close(self) -> None:
        """Close the event loop and both ends of the pipe."""
        self._loop.close()
        self._feed.close()
        os.close(self._output)

    def write(self, lines: Sequence[str]) -> None:
        """Queue lines."""
        deque(map(self._processes.write, repeat(_NAME), lines), maxlen=0)

    def clear(self) -> None:
        """Throw away what waits."""
        self._queues.clear()

    def drain(self) -> list[bytes]:
        """Flush all lines that wait, and return what the API process reads."""
        queues, flush, processes, output = self._queues, self._flush, self._processes, self._output
        read = os.read
        parts: list[bytes] = []

        async def flush_all() -> None:
            # The names are looked up anew: ExaBGP drops a queue that is empty, on some commits.
            while queues.get(_NAME):
                await flush(processes)
                parts.append(read(output, _READ_OCTETS))

        self._loop.run_until_complete(flush_all())
        return parts
