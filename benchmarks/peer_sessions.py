"""Sessions of a peer: row X31 of the checklist, what a daemon executes for a session beside decoding and its RIBs.

ExaBGP's own ``Peer._run()`` has the session, from the OPENs to its end. It writes UPDATEs, KEEPALIVEs and End-of-RIB
markers with its own ``Protocol`` and ``Connection`` into a real socket. The other end sends KEEPALIVEs, one for each
turn of the peer's main loop: a loop that waits for a timer instead would take a tenth of a second a turn.
"""

from benchmarks.common import OnceASample, Size, bytecodes, bytecodes_per_message, on
from benchmarks.work.whole_sessions import OpenedSession, SentKeepalives, SentUpdates

# Routes that are timed, and that are counted: an UPDATE each.
TIMED, COUNTED = 1000, 30


def _sent() -> SentUpdates:
    return SentUpdates(TIMED)


def _part_of_sent() -> SentUpdates:
    return SentUpdates(COUNTED)


class UpdatesSent(OnceASample):
    """Routes announced on a session that is up, sent in UPDATEs of one route by the peer's main loop (X31).

    From the Adj-RIB-Out, in which they wait, to the socket: 25 at most in each turn. The time is that of 1,000 UPDATEs,
    the count is per UPDATE of 30, with the turns of the main loop and the end of the session.
    """

    rows = {"X31": ()}

    def size(self) -> Size:
        return Size(TIMED, TIMED)

    @on(_sent)
    def time_send(self, work: SentUpdates) -> None:
        work.run()

    @on(_part_of_sent, unit="bytecodes/message")
    def track_send_bytecodes(self, work: SentUpdates) -> float:
        return bytecodes_per_message(work.run, work)


def _keepalives() -> SentKeepalives:
    return SentKeepalives(KeepalivesExchanged.timed)


def _part_of_keepalives() -> SentKeepalives:
    return SentKeepalives(KeepalivesExchanged.counted)


class KeepalivesExchanged(OnceASample):
    """KEEPALIVEs received and sent on a session that is up: one is due in each turn of the peer's main loop (X31).

    A third of the hold time passes whenever a timer is looked at. The time is that of 500 KEEPALIVEs in each direction,
    the count is for one in each, of 20.
    """

    rows = {"X31": ()}
    timed, counted = 500, 20

    def size(self) -> Size:
        return Size(self.timed, 0)

    @on(_keepalives)
    def time_exchange(self, work: SentKeepalives) -> None:
        work.run()

    @on(_part_of_keepalives, unit="bytecodes/message")
    def track_exchange_bytecodes(self, work: SentKeepalives) -> float:
        return bytecodes_per_message(work.run, work)


def _opened() -> OpenedSession:
    return OpenedSession(0)


class SessionOpened(OnceASample):
    """A session without routes, from the connection to its end: nine messages in both directions (X31).

    Sent are OPEN, KEEPALIVE and an End-of-RIB marker; received are OPEN, four KEEPALIVEs and a NOTIFICATION.
    """

    rows = {"X31": ()}
    repeat = (10, 100, 0.5)

    def size(self) -> Size:
        return Size(9, 0)

    @on(_opened)
    def time_open(self, work: OpenedSession) -> None:
        work.run()

    @on(_opened, unit="bytecodes")
    def track_open_bytecodes(self, work: OpenedSession) -> int:
        return bytecodes(work.run, work)


def _restarted() -> OpenedSession:
    return OpenedSession(TIMED)


def _part_of_restarted() -> OpenedSession:
    return OpenedSession(COUNTED)


class SessionRestarted(OnceASample):
    """A session in which the peer is sent again what it was sent in the one before, in UPDATEs of one route (X31).

    From the connection to the end of the session. The time is of 1,000 routes, the count per route of 30.
    """

    rows = {"X31": ()}

    def size(self) -> Size:
        return Size(TIMED, TIMED)

    @on(_restarted)
    def time_restart(self, work: OpenedSession) -> None:
        work.run()

    @on(_part_of_restarted, unit="bytecodes/route")
    def track_restart_bytecodes(self, work: OpenedSession) -> float:
        return bytecodes_per_message(work.run, work)
