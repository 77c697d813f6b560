"""Sessions of one of ExaBGP's peers: routes sent while they are up, KEEPALIVEs, their opening, and routes sent again.

ExaBGP's own `Peer._run()` has them, on a socket pair.
"""

from collections import deque
from collections.abc import Sequence

from benchmarks.exabgp_compat.announcer import Announcer, carry_out
from benchmarks.exabgp_compat.session import LOCAL_ROUTER_ID
from benchmarks.exabgp_compat.whole_session import UPDATES_A_TURN, WholeSession
from benchmarks.wire import IPV4_UNICAST, Message, MessageType, Session, commands, simple_updates
from benchmarks.work.announced import prove_announced
from benchmarks.work.proof import WrongResultError, its_own_words

_SESSION = Session(families=(IPV4_UNICAST,))
# Turns of the main loop beside those in which it sends: to begin, to find nothing left, to send End-of-RIB.
_FURTHER = 3
# So that a third of the hold time, in which a KEEPALIVE is due, has passed whenever a timer is looked at.
_THIRD = 60
# Of a session without routes: OPEN, KEEPALIVE and End-of-RIB sent, OPEN, KEEPALIVE, one a turn and the end received.
_NINE = 6 + _FURTHER
# A KEEPALIVE, and an End-of-RIB marker of IPv4 unicast, whole.
_KEEPALIVE = b"\xff" * 16 + b"\0\x13\4"
_END_OF_RIB = b"\xff" * 16 + b"\0\x17\2\0\0\0\0"


class _Sessions:
    """A peer of a reactor, with the routes that API commands announce to it, each with attributes of its own."""

    def __init__(self, routes: int, messages: int) -> None:
        self.messages = messages
        self._routes = simple_updates(_SESSION, routes)
        self._lines = commands(self._routes)
        self._announcer = Announcer(_SESSION)
        (self._rib,), (peer,) = self._announcer.ribs, self._announcer.peers
        self._session = WholeSession(peer, _SESSION, messages)
        self.close = self._session.close

    def _announce(self) -> None:
        carry_out(self._announcer.ask(self._lines, len(self._lines)))


class SentUpdates(_Sessions):
    """Routes that are announced while a session is up, sent in an UPDATE each.

    The peer sends a KEEPALIVE for each turn of the main loop. The constructor raises WrongResultError when a peer that
    reads what is written holds other routes.
    """

    def __init__(self, routes: int) -> None:
        super().__init__(routes, routes)
        self.run = self._session.run
        with its_own_words():
            self.prepare()
            self.run()
        prove_announced(self._session.written(), self._routes, _SESSION)

    def prepare(self) -> None:
        """Bring a session up, and have the routes wait to be sent."""
        self._announcer.clear()
        self._session.begin()
        self._announce()
        self._session.say(-(-self.messages // UPDATES_A_TURN) + _FURTHER)


class SentKeepalives(_Sessions):
    """KEEPALIVEs sent and received on a session that is up: in each turn of the main loop one is due.

    The constructor raises WrongResultError when others are sent.
    """

    def __init__(self, keepalives: int) -> None:
        super().__init__(0, keepalives)
        with its_own_words():
            self.prepare()
            self.run()
        written = self._session.written()
        if written != [_KEEPALIVE] * keepalives:
            raise WrongResultError(f"ExaBGP wrote {len(written)} messages for {keepalives} KEEPALIVEs that were due")

    def prepare(self) -> None:
        """Bring a session up."""
        self._session.begin()
        self._session.say(self.messages)

    def run(self) -> None:
        """Exchange the KEEPALIVEs, and end the session."""
        self._session.run(_THIRD)


class OpenedSession(_Sessions):
    """A session from the OPENs of both sides to its end; routes that the peer had in the session before are sent again.

    The constructor raises WrongResultError when anything else is written than an OPEN, a KEEPALIVE, the routes and an
    End-of-RIB marker.
    """

    def __init__(self, routes: int) -> None:
        super().__init__(routes, routes or _NINE)
        self.run = self._session.run
        with its_own_words():
            self.prepare()
            self.run()
        prove_opened(self._session.written(), self._routes)

    def prepare(self) -> None:
        """Have ExaBGP know what it has sent before, and the peer connect again."""
        self._announcer.clear()
        self._announce()
        deque(self._rib.drain(), maxlen=0)
        self._session.open()
        self._session.say(-(-len(self._lines) // UPDATES_A_TURN) + _FURTHER)


def prove_opened(written: Sequence[bytes], routes: Sequence[Message]) -> None:
    """Raise WrongResultError unless a session was opened as it was to be, and exactly the routes were announced."""
    if len(written) < 3 or written[1] != _KEEPALIVE or written[-1] != _END_OF_RIB:
        kinds = [octets[18] for octets in written]
        raise WrongResultError(f"ExaBGP wrote messages of the types {kinds[:3]} … {kinds[-1:]} to open a session")
    sent = written[0]
    # Its type, version, AS number, hold time and identifier (RFC 4271, section 4.2).
    expected = (
        bytes([MessageType.OPEN, 4])
        + _SESSION.local_as.to_bytes(2)
        + (180).to_bytes(2)
        + bytes(map(int, LOCAL_ROUTER_ID.split(".")))
    )
    if sent[18:28] != expected:
        raise WrongResultError(f"ExaBGP's OPEN has {sent[18:28].hex()}, it was to have {expected.hex()}")
    prove_announced(written[2:], routes, _SESSION)
