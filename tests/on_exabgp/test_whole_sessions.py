"""Sessions from the OPENs to their end: what is sent is what was to be sent, and a fault is seen."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest

from benchmarks.exabgp_compat.announcer import Announcer
from benchmarks.exabgp_compat.startup import start
from benchmarks.exabgp_compat.whole_session import WholeSession
from benchmarks.wire import IPV4_UNICAST, Session
from benchmarks.work import whole_sessions
from benchmarks.work.proof import WrongResultError
from benchmarks.work.whole_sessions import OpenedSession, SentKeepalives, SentUpdates

UPDATE, KEEPALIVE = 2, 4
WORKS: dict[str, tuple[Callable[[], Any], list[int]]] = {
    "UPDATEs": (lambda: SentUpdates(60), [UPDATE] * 60),
    # More than a socket pair holds, and no whole number of turns.
    "many UPDATEs": (lambda: SentUpdates(610), [UPDATE] * 610),
    "KEEPALIVEs": (lambda: SentKeepalives(7), [KEEPALIVE] * 7),
    "many KEEPALIVEs": (lambda: SentKeepalives(300), [KEEPALIVE] * 300),
    # The last is End-of-RIB.
    "a session": (lambda: OpenedSession(0), [1, KEEPALIVE, UPDATE]),
    "routes sent again": (lambda: OpenedSession(60), [1, KEEPALIVE] + [UPDATE] * 61),
}


@pytest.fixture(autouse=True)
def _started() -> None:
    start()


@pytest.mark.parametrize("name", WORKS)
def test_every_run_sends_the_same(name: str) -> None:
    make, kinds = WORKS[name]
    work = make()
    written = []
    for _ in range(2):
        # One that was begun and not run ends before the next.
        work.prepare()
        work.prepare()
        work.run()
        written.append(work._session.written())
    work.close()
    assert [octets[18] for octets in written[0]] == kinds
    assert written[0] == written[1]


def test_update_that_is_not_sent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from exabgp.rib.outgoing import OutgoingRIB

    real = OutgoingRIB.updates

    def updates(*arguments: Any, **named: Any) -> Iterator[Any]:
        return islice(real(*arguments, **named), 1, None)

    monkeypatch.setattr(OutgoingRIB, "updates", updates)
    with pytest.raises(WrongResultError, match=r"ExaBGP has lost .*: it announced 4 of 5 routes"):
        SentUpdates(5)
    with pytest.raises(WrongResultError, match=r"ExaBGP has lost .*: it announced 0 of 1 routes"):
        OpenedSession(1)


def test_keepalives_that_are_not_due_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_sessions, "_THIRD", 0)
    with pytest.raises(WrongResultError, match="ExaBGP wrote 0 messages for 5 KEEPALIVEs"):
        SentKeepalives(5)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda written: written[:-1], "of the types"),
        (lambda written: [written[0], *written[2:]], "of the types"),
        (lambda written: [written[0][:20] + b"\0\1" + written[0][22:], *written[1:]], "OPEN has 01040001"),
        (lambda written: [*written[:2], *written[3:]], "has lost"),
        (lambda written: [*written[:-1], *written[2:]], "once more"),
    ],
)
def test_session_opened_in_another_way_is_refused(change: Callable[[list[bytes]], list[bytes]], complaint: str) -> None:
    work = OpenedSession(3)
    written = work._session.written()
    work.close()
    whole_sessions.prove_opened(written, work._routes)
    with pytest.raises(WrongResultError, match=complaint):
        whole_sessions.prove_opened(change(written), work._routes)


def test_session_that_does_not_come_up_is_no_number() -> None:
    ours, theirs = Session(families=(IPV4_UNICAST,)), Session(families=(IPV4_UNICAST,), peer_as=65009)
    (peer,) = Announcer(ours).peers
    session = WholeSession(peer, theirs)
    with pytest.raises(RuntimeError, match="does not bring its session up"):
        session.begin()
    session.close()
