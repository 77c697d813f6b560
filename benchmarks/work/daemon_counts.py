"""Instructions that a whole daemon executes in ExaBGP's package, counted in its process from outside."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from benchmarks.daemon_harness import API_READS, API_WRITES, Daemon, DaemonError, Settings
from benchmarks.wire import IPV4_UNICAST, Message, Session, commands, simple_updates, static_routes
from benchmarks.work.daemon_announcing import SESSION, complete, have_come, nlri_of
from benchmarks.work.daemon_chances import with_retries
from benchmarks.work.proof import WrongResultError
from benchmarks.work.shared_runs import shared
from benchmarks.work.told import prove_told

# As the daemon announces: what it is told by `SESSION` to be.
DAEMONS = Session(families=(IPV4_UNICAST,), local_as=SESSION.peer_as, peer_as=SESSION.local_as)
ROUTES = 1000
# Those before them: what is made once is made.
_FIRST = 10
# Fewer to read again: 4.2 compares each route with all others, which takes a minute of 1,000 while it is counted.
_RELOADED = 200

ROOMS: Final = {
    "message": "bgp/message/",
    "rib": "rib/",
    "response": "reactor/api/response/",
    "configuration": "configuration/",
}
"""Parts of the package, by the folder. Loop, peer and asyncio do more the longer it takes, so they are none."""


class Counted(NamedTuple):
    """What a run executed for some routes, by the code's path in the package and its name."""

    routes: int
    by_code: dict[str, int]

    @property
    def messages(self) -> int:
        """As many UPDATEs or commands as routes."""
        return self.routes

    def prepare(self) -> None:
        """It has been run."""

    def per_route(self, room: str) -> float:
        """Instructions of one of `ROOMS` for each route."""
        folder = ROOMS[room]
        return round(sum(n for name, n in self.by_code.items() if name.startswith(folder)) / self.routes, 3)


@shared
def received() -> Counted:
    """Routes received in UPDATEs of their own, in one write with the handshake, and told an API process as JSON.

    What the daemon does with the peer's OPEN is in the count. Raises WrongResultError where it tells something else.
    """
    counted, _ = with_retries(_received)
    return counted


def _received() -> Counted:
    messages = simple_updates(SESSION, ROUTES)
    with Daemon(Settings(SESSION, api=API_READS, counted=True)) as daemon:
        (peer,), api = daemon.peers, daemon.api
        assert api
        peer.send(b"".join(message.wire for message in messages))
        api.watch_for(f'"{nlri_of(messages)[-1].prefix}"')
        daemon.start()
        daemon.dialled()
        daemon.count()
        daemon.until(lambda: api.seen_at, lambda: api.octets_read, f"octets of JSON of {ROUTES:,} routes")
        by_code = daemon.counted()
        prove_told([[line] for _, line in api.lines()], messages, "json")
        return Counted(ROUTES, by_code)


@shared
def announced() -> Counted:
    """Routes announced by an API process, with attributes of their own, after the first ten.

    Raises WrongResultError where one is lost or there twice.
    """
    messages = simple_updates(DAEMONS, _FIRST + ROUTES)
    with Daemon(Settings(SESSION, api=API_WRITES, counted=True)) as daemon:
        daemon.start()
        daemon.establish()
        _announce(daemon, messages[:_FIRST])
        daemon.count()
        _announce(daemon, messages[_FIRST:])
        return Counted(ROUTES, daemon.counted())


@shared
def restarted() -> Counted:
    """Routes of the configuration, announced again to a peer that was away."""
    messages = simple_updates(DAEMONS, ROUTES)
    with Daemon(Settings(SESSION, static=tuple(static_routes(messages)), counted=True)) as daemon:
        (peer,) = daemon.peers
        peer.expect(announced=nlri_of(messages))
        daemon.start()
        daemon.establish()
        have_come(daemon, peer.announced)
        daemon.count()
        peer.close()
        peer.expect(announced=nlri_of(messages))
        daemon.establish()
        have_come(daemon, peer.announced)
        return Counted(ROUTES, daemon.counted())


@shared
def reloaded() -> Counted:
    """Routes of the configuration, read again with one more, which tells that the daemon has done it."""
    messages = simple_updates(DAEMONS, _RELOADED + 1)
    before, after = (Settings(SESSION, static=tuple(static_routes(m)), counted=True) for m in (messages[:-1], messages))
    with Daemon(before) as daemon:
        (peer,) = daemon.peers
        peer.expect(announced=nlri_of(messages[:-1]))
        daemon.start()
        daemon.establish()
        have_come(daemon, peer.announced)
        peer.expect(announced=nlri_of(messages[-1:]))
        daemon.count()
        daemon.configure(after)
        os.kill(daemon.pid, signal.SIGUSR1)
        have_come(daemon, peer.announced)
        return Counted(_RELOADED, daemon.counted())


def _announce(daemon: Daemon, messages: Sequence[Message]) -> None:
    (peer,), api = daemon.peers, daemon.api
    assert api
    peer.expect(announced=nlri_of(messages))
    api.write(commands(messages))
    complete(daemon, peer, peer.announced)


COURSES: Final[dict[str, Callable[[], Counted]]] = {"received": received, "announced": announced}
# What a daemon executes of these varies with the time that it takes, so they are no benchmark.
_OTHERS: Final[dict[str, Callable[[], Counted]]] = {"restarted": restarted, "reloaded": reloaded}


def every_course() -> Iterator[dict[str, object]]:
    """Of each course its name and its instructions by code, or why this daemon can't go it."""
    for name, course in (COURSES | _OTHERS).items():
        try:
            yield {"course": name, "by_code": course().by_code}
        except (DaemonError, NotImplementedError, WrongResultError) as error:
            yield {"course": name, "problem": str(error)}
