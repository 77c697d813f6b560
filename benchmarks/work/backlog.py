"""Backlogs of three kinds, filled and drained by ExaBGP.

What waits in ExaBGP is not bounded anywhere (its MAX_BACKLOG of 15,000 has been read by nothing since 2013). Work
waits in three places, each with a class here:

- received: UPDATEs wait as octets at the peer, which sends as many as the socket takes at once, and sends again when
  these are read;
- pending: routes wait in the Adj-RIB-Out until the session takes UPDATEs;
- written: lines wait for an API process to read them (since 2025-11-19; before, ExaBGP itself waits).
"""

from collections import deque
from collections.abc import Sequence
from typing import Literal, Protocol, Self

from benchmarks.exabgp_compat.api import parse
from benchmarks.exabgp_compat.main_loop import MainLoops, to_the_end
from benchmarks.exabgp_compat.rib import OutgoingRib
from benchmarks.exabgp_compat.session import speaker
from benchmarks.exabgp_compat.write_queue import WriteQueue
from benchmarks.wire import Message, Session, commands, simple_updates
from benchmarks.work.announced import prove_announced, prove_held
from benchmarks.work.proof import WrongResultError, prove_decoded
from benchmarks.work.traffic import SESSION

# Of a long backlog, as many messages are compared whole.
_COMPARED = 1000

type Kind = Literal["received", "pending", "written"]


class Backlog(Protocol):
    """Work that can wait in ExaBGP: `messages` of it."""

    messages: int

    def fill(self) -> None:
        """Have the whole backlog wait, or what it becomes be kept, in an ExaBGP that holds nothing of it."""

    def empty(self) -> None:
        """Throw away what waits, or what the backlog has left behind."""

    def prepare(self) -> None:
        """Have the whole backlog wait, as if it never had been drained."""

    def drain(self) -> None:
        """Have ExaBGP work through all that waits."""

    def drain_counted(self) -> None:
        """The same, to be counted: with ExaBGP's clock held where it looks at one."""

    def prove(self) -> Self:
        """Raise WrongResultError unless messages come out as they went in; the object itself otherwise."""


class Received:
    """UPDATEs that wait at the peer, read and kept in the Adj-RIB-In by ExaBGP's own main loop of a peer.

    The UPDATEs come `times` times: the same routes again.
    """

    def __init__(self, messages: Sequence[Message], times: int = 1, session: Session = SESSION) -> None:
        self.messages = len(messages) * times
        self._once = messages
        self._speaker = speaker(session)
        self._loop = MainLoops([self._speaker], [to_the_end([message.wire for message in messages] * times)])
        self.empty = self.prepare = self._loop.clear
        self.drain = self._loop.run
        self.fill = self.drain_counted = self._loop.run_while_the_clock_is_held

    def prove(self) -> Self:
        """Raise WrongResultError when what is read or kept is not what the octets say; the object itself otherwise.

        What the first thousand decode to is compared whole, of all of them the prefixes that ExaBGP holds.
        """
        compared = self._once[:_COMPARED]
        read = [message for _, message in self._loop.recorded_run(len(compared))]
        prove_decoded(read, compared, self._speaker)
        (prefixes,) = self._loop.prefixes()
        prove_held(prefixes, self._once)
        return self


class Pending:
    """Routes that wait in the Adj-RIB-Out, a route in an UPDATE, put there by API commands."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = len(messages)
        self._updates = messages
        self.rib = OutgoingRib(speaker(SESSION, "out"))
        self._lines = commands(messages)
        self.empty = self.rib.clear

    def prove(self) -> Self:
        """Raise WrongResultError unless draining announces each of the routes, once; the object itself otherwise."""
        self.prepare()
        prove_announced(self.rib.drain(), self._updates, SESSION)
        return self

    def fill(self) -> None:
        """Parse the commands and have their routes wait."""
        self.rib.add(parse(self._lines))

    def prepare(self) -> None:
        """Have all routes wait that ExaBGP has just parsed, and no other: it has made no octets of them yet."""
        self.rib.clear()
        self.fill()

    def drain(self) -> None:
        """Have ExaBGP write the UPDATEs of all that waits."""
        deque(self.rib.drain(), maxlen=0)

    drain_counted = drain


class Written:
    """Lines of JSON, as ExaBGP writes for each UPDATE received, that wait for an API process to read them."""

    def __init__(self, messages: int) -> None:
        self.messages = messages
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
        self.empty = self._queue.clear

    def prove(self) -> Self:
        """Raise WrongResultError when the process does not read what was written; the object itself otherwise."""
        self.prepare()
        read = b"".join(self._queue.drain()).decode().splitlines()
        if read != self._lines:
            raise WrongResultError(f"the API process reads {len(read)} lines, not the {len(self._lines)} written")
        return self

    def fill(self) -> None:
        """Have ExaBGP write all lines; none is read."""
        self._queue.write(self._lines)

    def prepare(self) -> None:
        """Have all lines wait, and no other."""
        self._queue.clear()
        self.fill()

    def drain(self) -> None:
        """Have the API process read all that waits."""
        self._queue.drain()

    drain_counted = drain


def unproven(kind: Kind, messages: int) -> Backlog:
    """A backlog of messages that are all different.

    Raises NotImplementedError where this ExaBGP has no such queue.
    """
    if kind == "written":
        return Written(messages)
    return (Received if kind == "received" else Pending)(simple_updates(SESSION, messages))


def backlog(kind: Kind, messages: int) -> Backlog:
    """The same, proven.

    Raises WrongResultError when messages do not come out of it as they went in.
    """
    return unproven(kind, messages).prove()
