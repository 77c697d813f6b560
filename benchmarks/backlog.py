"""Backlogs of three kinds, filled and worked off by ExaBGP; proven once, worked off as often as a clock wants.

What waits in ExaBGP is not bounded anywhere (its MAX_BACKLOG of 15,000 has been read by nothing since 2013). Work
waits in three places, each with a class here:

- received: UPDATEs wait as bytes at the peer, which sends as many as the socket takes at once, and sends again when
  these are read;
- pending: routes wait in the Adj-RIB-Out until the session takes UPDATEs;
- written: lines wait for an API process to read them (since 2025-11-19; before, ExaBGP itself waits).
"""

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Literal, Protocol, Self

from benchmarks.announced import prove_announced, prove_held
from benchmarks.exabgp_compat.connection import Chunk, Link, chunks
from benchmarks.exabgp_compat.processes import WriteQueue
from benchmarks.exabgp_compat.protocol import ProtocolReader
from benchmarks.exabgp_compat.rib import IncomingRib, OutgoingRib, commands, forgetter, parse
from benchmarks.exabgp_compat.session import Speaker, speaker
from benchmarks.proof import WrongResultError, announces, prove_decoded
from benchmarks.traffic import SESSION
from benchmarks.wire import Message, simple_update

# Messages that show in a fixture's digest: asv works it out in each benchmark's process, and thousands would cost more
# time and memory than what is measured.
SHOWN = 50

_COMPARED = 1000

type Kind = Literal["received", "pending", "written"]


class Backlog(Protocol):
    """Work that can wait in ExaBGP."""

    def fill(self) -> None:
        """Make the backlog from nothing, with everything that ExaBGP keeps of it."""

    def empty(self) -> None:
        """Throw away what waits, or what the backlog has left behind."""

    def drain(self) -> None:
        """Work off the whole backlog, which waits again each time."""

    def prove(self) -> Self:
        """Raise WrongResultError unless messages come out as they went in; the object itself otherwise."""


def simple_updates(messages: int) -> list[Message]:
    """So many UPDATEs of one route each, all different in route and attributes."""
    return [simple_update(SESSION, index) for index in range(messages)]


class Received:
    """UPDATEs that wait at the peer, read with ``Protocol.read_message()`` and kept in the Adj-RIB-In.

    The UPDATEs come as often as `times` says: as many messages, the same routes again.
    """

    def __init__(self, messages: Sequence[Message], times: int = 1, one: Speaker | None = None) -> None:
        self._speaker = one or speaker(SESSION)
        self._messages = messages
        self._reader = ProtocolReader(self._speaker, Link())
        first = next(message for message in messages if announces(message))
        (sample,) = self._reader.read(chunks([first.wire]))
        self._rib = IncomingRib(self._speaker, sample)
        # A chunk at a time: what the socket takes at once. What is decoded is dropped when its routes are kept.
        self._once = [[chunk] for chunk in chunks([message.wire for message in messages])]
        self._feed = self._once * times
        self.empty = self._rib.clear

    def prove(self) -> Self:
        """Raise WrongResultError when what is read or kept is not what the bytes say; the object itself otherwise.

        What the first thousand decode to is compared whole, of all of them the prefixes that ExaBGP holds.
        """
        compared = self._messages[:_COMPARED]
        prove_decoded(self._reader.read(chunks([message.wire for message in compared])), compared, self._speaker)
        self._read(self._once)
        prove_held(self._rib.prefixes(), self._messages)
        return self

    def _read(self, feed: Sequence[Sequence[Chunk]]) -> None:
        read, store = self._reader.read, self._rib.store
        for chunk in feed:
            store(read(chunk))

    def fill(self) -> None:
        """Read all that waits into an Adj-RIB-In as it is."""
        self._read(self._feed)

    def drain(self) -> None:
        """Read all that waits into an empty Adj-RIB-In."""
        self._rib.clear()
        self._read(self._feed)


class Pending:
    """Routes that wait in the Adj-RIB-Out, a route in an UPDATE, put there by API commands."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages = messages
        self.rib = OutgoingRib(speaker(SESSION, "out"))
        self._lines = commands(messages)
        self.routes = parse(self._lines)
        self._forget_added = forgetter(self.routes, lambda: self.rib.add(self.routes))
        self.wait = self.rib.keep()
        self._forget_written = forgetter(self.routes, lambda: deque(self.rib.drain(), maxlen=0))
        self.wait()
        self.empty = self.rib.clear

    def prove(self, withdrawn: Sequence[Message] = ()) -> Self:
        """Work off what waits now; raise WrongResultError unless that announces each of the routes, once."""
        prove_announced(self.rib.drain(), self._messages, SESSION, withdrawn=withdrawn)
        return self

    def fill(self) -> None:
        """Parse the commands and have their routes wait."""
        self.rib.add(parse(self._lines))

    def forget(self) -> None:
        """Make the routes as they were when parsed: ExaBGP has neither put them anywhere nor made octets of them."""
        self._forget_added()
        self._forget_written()

    def wait_again(self) -> None:
        """Have all routes wait that were worked off, as if they never had been."""
        self.wait()
        self._forget_written()

    def grow(self) -> None:
        """Have routes wait that ExaBGP has just parsed, in an empty Adj-RIB-Out."""
        self.rib.clear()
        self.forget()
        self.rib.add(self.routes)

    def drain(self) -> None:
        """Work off all that waits into UPDATEs."""
        self.wait_again()
        deque(self.rib.drain(), maxlen=0)

    def drain_some(self, messages: int) -> None:
        """Work off so many UPDATEs."""
        self.wait_again()
        deque(islice(self.rib.drain(), messages), maxlen=0)


class Written:
    """Lines of JSON, as ExaBGP writes for each UPDATE received, that wait for an API process to read them."""

    def __init__(self, messages: int) -> None:
        self._queue = WriteQueue()
        self._lines = [
            f'{{ "exabgp": "6.0.0", "time": 1700000000.{number:06}, "host": "speaker", "pid": 4711, "ppid": 1, '
            f'"counter": {number}, "type": "update", "neighbor": {{ "address": {{ "local": "127.0.0.1", '
            f'"peer": "127.1.0.0" }}, "asn": {{ "local": 65000, "peer": 65001 }}, "direction": "receive", '
            f'"message": {{ "update": {{ "attribute": {{ "origin": "igp", "as-path": [ 65001, {number} ] }}, '
            f'"announce": {{ "ipv4 unicast": {{ "192.0.2.1": [ {{ "nlri": "10.0.{number & 255}.0/24" }} ] }} }} '
            f"}} }} }} }}"
            for number in range(messages)
        ]
        self.fill()
        self._restore = self._queue.keep()

    def prove(self) -> Self:
        """Raise WrongResultError when the process does not read what was written; the object itself otherwise."""
        self._restore()
        read = b"".join(self._queue.drain()).decode().splitlines()
        if read != self._lines:
            raise WrongResultError(f"the API process reads {len(read)} lines, not the {len(self._lines)} written")
        return self

    def fill(self) -> None:
        """Have ExaBGP write all lines; none is read."""
        self._queue.write(self._lines)

    def empty(self) -> None:
        """Throw away what waits."""
        self._queue.clear()

    def read(self) -> None:
        """Have the API process read all that waits."""
        self._queue.drain()

    def drain(self) -> None:
        """Have the API process read all lines, which wait again each time."""
        self._restore()
        self._queue.drain()


def unproven(kind: Kind, messages: int) -> Backlog:
    """A backlog of so many messages, all different.

    Raises NotImplementedError where this ExaBGP has no such queue.
    """
    if kind == "written":
        return Written(messages)
    return (Received if kind == "received" else Pending)(simple_updates(messages))


def backlog(kind: Kind, messages: int) -> Backlog:
    """The same, proven.

    Raises WrongResultError when messages do not come out of it as they went in.
    """
    return unproven(kind, messages).prove()
