"""A scripted BGP speaker: the daemon dials it, and it answers, sends what was prepared, and counts what it is sent."""

import errno
import fcntl
import select
import socket
import termios
import time
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from struct import pack, unpack

from benchmarks.daemon_harness.configuration import Settings
from benchmarks.daemon_harness.loop import Loop
from benchmarks.daemon_harness.queues import receive_queue
from benchmarks.daemon_harness.routes import Routes, split_update, wire_key
from benchmarks.wire import HEADER_SIZE, MessageType, Nlri, keepalive, open_message

_UPDATE, _OPEN, _KEEPALIVE = MessageType.UPDATE, MessageType.OPEN, MessageType.KEEPALIVE
_NOTIFICATION = MessageType.NOTIFICATION
# Octets of one read, and of one write.
_READ = 1 << 20
_WRITE = 1 << 18
# Of SO_LINGER: close at once with a RST, or with a FIN.
_ABORT, _ORDERLY = pack("ii", 1, 0), pack("ii", 0, 0)
# More than anything waits for the port of another: a port that is free on one address is taken on another.
_PORTS = 20


class Peer:
    """One BGP session with the daemon, from this end.

    What the daemon did is in nanoseconds (0: not yet): `connected_at`, `open_at` (its OPEN came), `established_at`
    (its KEEPALIVE came after that), `heard_at` (anything came last), and all of `keepalives_at`. `first_established_at`
    is of its first session, even if that ended.
    `updates` and `octets` are UPDATEs with routes, and their octets; `announced` and `withdrawn` are what they say of
    the routes of `expect`. `reset` is "", or says in words how the daemon ended the session. Where sessions may flap it
    stays "", and the daemon may dial anew: `flaps` are the sessions that it ended, or in which it said nothing for the
    hold time.

    What was given to `send` before goes out with the KEEPALIVE that ends the handshake, in the same write: some commits
    lose octets that come half a second later.
    """

    def __init__(self, loop: Loop, listener: socket.socket, router_id: str, settings: Settings) -> None:
        self._loop = loop
        self._hold_time, self._may_flap = settings.hold_time, settings.may_flap
        self._open = open_message(settings.session, settings.session.peer_as, router_id, settings.hold_time).wire
        self._listener = listener
        self._to_send = bytearray()
        self._prepared = b""
        self._prepared_is_sent = False
        self._more_follows = False
        # Of all octets given to send: how many the system has taken, and when.
        self._sent = 0
        self._sent_octets, self._sent_at = array("q"), array("q")
        self.announced, self.withdrawn = Routes(()), Routes(())
        self.written: list[bytes] = []
        self._keep = False
        self.flaps = 0
        self.first_established_at = 0
        self._forget_connection()
        loop.add(listener, self._accept)

    def _forget_connection(self) -> None:
        self._connection: socket.socket | None = None
        self._daemon_address = "", 0
        self._rest = b""
        self._last_keepalive = 0
        self.connected_at = self.open_at = self.established_at = self.heard_at = 0
        self.keepalives_at = array("q")
        self.updates = self.octets = 0
        self.reset = ""

    def expect(self, announced: Iterable[Nlri] = (), withdrawn: Iterable[Nlri] = (), *, keep: bool = False) -> None:
        """Count from now on these routes in UPDATEs, and the UPDATEs from 0; `keep` has them in `written`, whole."""
        self.announced, self.withdrawn = Routes(map(wire_key, announced)), Routes(map(wire_key, withdrawn))
        self.updates = self.octets = 0
        self.written, self._keep = [], keep

    def send(self, octets: bytes, *, more_follows: bool = False) -> None:
        """Send octets as fast as the daemon reads them; before the session is established: with the handshake.

        Where more of the last message follows, no KEEPALIVE goes out until that is given.
        """
        self._more_follows = more_follows
        if not self._prepared_is_sent:
            self._prepared += octets
        else:
            self._queue(octets)

    @property
    def _is_within_message(self) -> bool:
        return self._more_follows or bool(self._to_send)

    @property
    def unsent(self) -> int:
        """Octets given to `send` that the system has not taken."""
        return len(self._to_send) + (0 if self._prepared_is_sent else len(self._prepared))

    @property
    def unread(self) -> int:
        """Octets given to `send` that the daemon has not read: here, on the way, or in its receive queue.

        Raises NotImplementedError where the system does not say what is in that.
        """
        if not self._connection:
            return self.unsent
        (on_the_way,) = unpack("i", fcntl.ioctl(self._connection, termios.TIOCOUTQ, bytes(4)))
        queued = receive_queue(self.daemon_address, self.address)
        # A connection that is none any more can be read: that is its end.
        if queued is None and not _is_readable(self._connection):
            raise NotImplementedError("this system does not say what another process has not read of a connection")
        return self.unsent + int(on_the_way) + (queued or 0)

    @property
    def first_sent_at(self) -> int:
        """When the first octet given to `send` was taken by the system, or 0."""
        return self._sent_at[0] if self._sent_at else 0

    def sent_at(self, octet: int) -> int:
        """When the octet of that number, of those given to `send`, had been taken by the system, or 0."""
        index = bisect_left(self._sent_octets, octet + 1)
        return self._sent_at[index] if index < len(self._sent_at) else 0

    @property
    def is_dialled(self) -> bool:
        """Whether the daemon waits at its address to be answered."""
        return _is_readable(self._listener)

    @property
    def address(self) -> tuple[str, int]:
        """Address and port of this end of the connection."""
        return self._listener.getsockname()[:2]

    @property
    def daemon_address(self) -> tuple[str, int]:
        """Address and port of the daemon's end of the connection."""
        return self._daemon_address

    def close(self) -> None:
        """End the connection, as a router that goes away, and wait for the daemon to dial again."""
        if self._connection:
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ORDERLY)
            self._loop.remove(self._connection)
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Know of no session, and have nothing to send on it."""
        self._to_send.clear()
        self._prepared, self._prepared_is_sent, self._more_follows = b"", False, False
        self._forget_connection()

    def tick(self) -> None:
        """Send the KEEPALIVEs that are due: three in a hold time (RFC 4271, section 10)."""
        if self.established_at and not self.reset and self._hold_time:
            now = time.monotonic_ns()
            if self._may_flap and now - self.heard_at > self._hold_time * 10**9 and not _is_readable(self._connection):
                self._end("it sent nothing for the hold time")
            elif now - self._last_keepalive > self._hold_time * 10**9 // 3 and not self._is_within_message:
                self._last_keepalive = now
                self._queue(own=keepalive().wire)

    def _accept(self, _events: int) -> None:
        connection, (host, port) = self._listener.accept()
        if self._connection and not self.reset:
            # A daemon that has lost patience dials anew: one connection is the session.
            self._end("it dialled a second time")
        if self.reset:
            connection.close()
            return
        self.connected_at = time.monotonic_ns()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Or the port is taken for a minute after this process has ended.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        self._connection = connection
        # Now: a connection that was reset meanwhile has none.
        self._daemon_address = host, port
        self._loop.add(connection, self._ready)
        self._queue(own=self._open)

    def _queue(self, octets: bytes = b"", own: bytes = b"") -> None:
        """Send octets, behind some of the session's own, which do not count: they are sent where nothing waits."""
        self._sent -= len(own)
        self._to_send += own + octets
        self._write()

    def _ready(self, events: int) -> None:
        # Bits, of selectors: 1 is to be read, 2 can be written.
        if events & 2:
            self._write()
        if events & 1:
            self._read()

    def _write(self) -> None:
        connection = self._connection
        if connection is None or self.reset:
            return
        try:
            while self._to_send:
                # Before: once it is sent the daemon may be quicker than this process.
                now = time.monotonic_ns()
                count = connection.send(memoryview(self._to_send)[:_WRITE])
                del self._to_send[:count]
                self._sent += count
                if self._sent > 0:
                    self._sent_octets.append(self._sent)
                    self._sent_at.append(now)
        except BlockingIOError:
            self._loop.write(connection, True)
            return
        except ConnectionError as error:
            self._end(f"{error.strerror} as it was sent {self._sent:,} octets")
            return
        self._loop.write(connection, False)

    def _read(self) -> None:
        connection = self._connection
        if connection is None:
            # It could not be written to.
            return
        # Or the first routes wait for an acknowledgement of what came before: it would be delayed by 40 ms.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        try:
            octets = connection.recv(_READ)
        except BlockingIOError:
            return
        except ConnectionError as error:
            self._end(str(error.strerror))
            return
        self.heard_at = now = time.monotonic_ns()
        if not octets:
            self._end("it closed the connection")
            return
        self._messages(self._rest + octets if self._rest else octets, now)

    def _messages(self, octets: bytes, now: int) -> None:
        at, end = 0, len(octets)
        while end - at >= HEADER_SIZE:
            size = octets[at + 16] << 8 | octets[at + 17]
            if size < HEADER_SIZE:
                self._end(f"it sent a message of {size} octets")
                return
            if end - at < size:
                break
            kind = octets[at + 18]
            if kind == _UPDATE:
                self._take_update(octets[at : at + size], now)
            else:
                self._take(kind, octets[at + HEADER_SIZE : at + size], now)
            if self._connection is None:
                # That was the end of the session.
                return
            at += size
        self._rest = octets[at:]

    def _take_update(self, octets: bytes, now: int) -> None:
        announced, withdrawn = split_update(octets[HEADER_SIZE:])
        if announced or withdrawn:
            self.updates += 1
            self.octets += len(octets)
            if self._keep:
                self.written.append(octets)
            if announced:
                self.announced.take(announced, now)
            if withdrawn:
                self.withdrawn.take(withdrawn, now)

    def _take(self, kind: int, body: bytes, now: int) -> None:
        if kind == _OPEN:
            self.open_at = now
            self._last_keepalive = now
            self._prepared_is_sent = True
            self._queue(self._prepared, own=keepalive().wire)
            self._prepared = b""
        elif kind == _KEEPALIVE:
            self.keepalives_at.append(now)
            self.established_at = self.established_at or now
            self.first_established_at = self.first_established_at or now
        elif kind == _NOTIFICATION:
            self._end(f"NOTIFICATION {body[0]}/{body[1]} {body[2:].decode(errors='replace')!r}")

    def _end(self, words: str) -> None:
        connection = self._connection
        if connection:
            self._connection = None
            self._loop.remove(connection)
        if self._may_flap:
            self.flaps += 1
            self._begin_anew()
        else:
            # The first thing that was wrong is what there is to say.
            self.reset = self.reset or words


def _is_readable(sock: socket.socket | None) -> bool:
    return bool(sock and select.select([sock], [], [], 0)[0])


def listeners(addresses: list[str]) -> list[socket.socket]:
    """A socket for each address that the daemon can dial, all of one port that is free on all of them.

    Raises NotImplementedError where the machine has no such addresses.
    """
    for _ in range(_PORTS):
        found: list[socket.socket] = []
        try:
            for address in addresses:
                listener = socket.socket()
                found.append(listener)
                listener.setblocking(False)
                listener.bind((address, found[0].getsockname()[1]))
                listener.listen()
        except OSError as error:
            for listener in found:
                listener.close()
            if error.errno == errno.EADDRNOTAVAIL:
                raise NotImplementedError(f"this machine has no address {address}") from error
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return found
    raise NotImplementedError(f"no port is free on all of {len(addresses)} addresses")
