"""The one loop that all sockets of the harness are read and written in, and its limit: time without progress."""

import os
import selectors
import socket
import time
from collections.abc import Callable

from benchmarks.daemon_harness.errors import DaemonError

# Seconds between two looks at what no socket tells: whether the daemon is alive, whether a KEEPALIVE is due.
TICK = 0.25

_BOTH = selectors.EVENT_READ | selectors.EVENT_WRITE


class Loop:
    """Runs what waits for sockets until something is so.

    `check` is called between, and raises what there is to say of a daemon that went wrong; `limit` is in seconds.
    """

    def __init__(self, limit: float, check: Callable[[], None]) -> None:
        self._selector = selectors.DefaultSelector()
        self._limit, self._check = limit, check

    def add(self, sock: socket.socket, ready: Callable[[int], None]) -> None:
        """Have `ready` called with the events when a socket can be read."""
        self._selector.register(sock, selectors.EVENT_READ, ready)

    def write(self, sock: socket.socket, wanted: bool) -> None:
        """Have it called when the socket can be written, too, or no more."""
        key = self._selector.get_key(sock)
        self._selector.modify(sock, _BOTH if wanted else selectors.EVENT_READ, key.data)

    def remove(self, sock: socket.socket) -> None:
        """Forget a socket, and close it."""
        self._selector.unregister(sock)
        sock.close()

    def until(self, done: Callable[[], object], progress: Callable[[], int], limit: float | None, tick: float) -> None:
        """Run until something is so. Raises DaemonError when the progress stays what it is for too long."""
        reached, since = progress(), time.monotonic()
        self._check()
        while not done():
            for key, events in self._selector.select(tick):
                key.data(events)
            self._check()
            now, at = time.monotonic(), progress()
            if at != reached:
                reached, since = at, now
            elif now - since > (limit or self._limit) * load():
                raise DaemonError(f"the daemon made no progress for {now - since:.0f} s")

    def close(self) -> None:
        """Close all sockets."""
        for key in list(self._selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            self.remove(key.fileobj)
        self._selector.close()


def load() -> float:
    """How many times as long things take, at least: processes that want to run, for each CPU."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
