"""Routes that ExaBGP holds: received ones in the Adj-RIB-In, announced ones in the Adj-RIB-Out."""

from collections import deque
from collections.abc import Sequence
from typing import Literal

from benchmarks.exabgp_compat.announcer import Announcer
from benchmarks.wire import Message, Session, commands
from benchmarks.work.announced import prove_announced, prove_held
from benchmarks.work.announcing import SESSIONS, Attributes, Family, announced
from benchmarks.work.backlog import Received

type Rib = Literal["Adj-RIB-In", "Adj-RIB-Out"]


class Announced:
    """Routes that an API process has announced, of which UPDATEs were written: the Adj-RIB-Out holds them.

    The commands go through ExaBGP's own parser and handlers. The constructor raises WrongResultError when another set
    of routes is written or held.
    """

    def __init__(self, messages: Sequence[Message], session: Session) -> None:
        self.messages = len(messages)
        self._announcer = Announcer(session)
        (self._rib,) = self._announcer.ribs
        self._lines = [self._announcer.addressed(line) for line in commands(messages)]
        self.empty = self.prepare = self._announcer.clear
        self._announcer.command(self._lines)
        prove_announced(self._rib.drain(), messages, session)
        prove_held(self._rib.prefixes(), messages)
        self.empty()

    def fill(self) -> None:
        """Have ExaBGP handle all commands, and write what there is to write."""
        self._announcer.command(self._lines)
        deque(self._rib.drain(), maxlen=0)


class ReceivedAlone(Received):
    """UPDATEs received, and nothing kept but what they have become."""

    def __init__(self, messages: Sequence[Message], session: Session) -> None:
        super().__init__(messages, session=session)
        self.fill = self._fill

    def _fill(self) -> None:
        self.drain_counted()
        self._loop.forget_what_has_ended()


def holding(rib: Rib, family: Family, attributes: Attributes, routes: int) -> Announced | Received:
    """Routes to be held, proven: each in an UPDATE, or of a command, of its own."""
    session = SESSIONS[family]
    messages = announced(session, attributes, routes)
    if rib == "Adj-RIB-Out":
        return Announced(messages, session)
    return ReceivedAlone(messages, session).prove()
