"""What a daemon sends again: when a session comes back, and when its configuration is loaded again."""

import os
import signal
import time
from typing import Literal, NamedTuple

from benchmarks.daemon_harness import API_WRITES, Daemon, Settings, Usage
from benchmarks.wire import commands, static_routes
from benchmarks.work.announced import prove_announced, prove_left
from benchmarks.work.announcing import Attributes, announced
from benchmarks.work.daemon_announcing import SESSION, complete, nlri_of
from benchmarks.work.proof import WrongResultError
from benchmarks.work.shared_runs import shared

type Change = Literal["nothing", "one route"]

# Seconds of silence after which what a reload sends has come, and seconds in which there must be that silence.
_SILENCE, _PATIENCE = 1.0, 20.0
_TICK = 0.05


class Resent(NamedTuple):
    """Routes that came once more. Times are in nanoseconds.

    `back` is from the end of the session to the KEEPALIVE that establishes the next one, `whole` from there to the last
    route. `used` is in both.
    """

    messages: int
    back: int
    whole: int
    used: Usage
    updates: int

    def prepare(self) -> None:
        """It has been run."""


class Reloaded(NamedTuple):
    """What a reload wrote: UPDATEs with routes, and how many routes in them the peer had or got already.

    `whole` is in nanoseconds from the signal to the new route, 0 where there is none. `used` is from the signal until
    that and the barrier have come.
    """

    messages: int
    updates: int
    again: int
    whole: int
    used: Usage

    def prepare(self) -> None:
        """It has been run."""


@shared
def resend(routes: int, attributes: Attributes) -> Resent:
    """Routes of the configuration, announced anew to a peer that goes away when it has all of them, and comes back.

    Raises WrongResultError where one is lost, wrong or there twice.
    """
    messages = announced(SESSION, attributes, routes)
    with Daemon(Settings(SESSION, static=tuple(static_routes(messages)))) as daemon:
        (peer,) = daemon.peers
        peer.expect(announced=nlri_of(messages))
        daemon.start()
        daemon.establish()
        complete(daemon, peer, peer.announced)
        before, since = daemon.used(), time.monotonic_ns()
        peer.close()
        peer.expect(announced=nlri_of(messages), keep=True)
        daemon.establish()
        used = complete(daemon, peer, peer.announced).since(before)
        prove_announced(peer.written, messages, SESSION)
        back, whole = peer.established_at - since, peer.announced.last_at - peer.established_at
        return Resent(routes, back, whole, used, peer.updates)


@shared
def reload(routes: int, change: Change) -> Reloaded:
    """A configuration of a number of routes is loaded again, as it was or with one route more.

    When the daemon has begun, the API process announces a route: the daemon gets to that when it has loaded all. Then
    it is waited until nothing comes any more. Raises WrongResultError where a route is withdrawn, where the peer does
    not end with all of them and their attributes, and where it comes to no end.
    """
    messages = announced(SESSION, "distinct", routes + 2)
    *configured, new, barrier = messages
    if change == "one route":
        configured.append(new)
    before, after = (
        Settings(SESSION, api=API_WRITES, static=tuple(static_routes(part))) for part in (messages[:-2], configured)
    )
    with Daemon(before) as daemon:
        (peer,), api = daemon.peers, daemon.api
        assert api
        peer.expect(announced=nlri_of(messages[:-2]), keep=True)
        daemon.start()
        daemon.establish()
        complete(daemon, peer, peer.announced)
        prove_announced(peer.written, messages[:-2], SESSION)
        written = peer.written
        peer.expect(announced=nlri_of([*configured[routes:], barrier]), keep=True)
        daemon.reread(after)
        before_reload = daemon.used()
        since = time.monotonic_ns()
        os.kill(daemon.pid, signal.SIGUSR1)
        daemon.until(daemon.is_reread, lambda: 0, "reloads begun", tick=_TICK)
        api.write(commands([barrier]))
        daemon.until(lambda: peer.announced.complete, lambda: peer.announced.seen, f"of {len(peer.announced)} routes")
        used = daemon.used().since(before_reload)
        _end(daemon)
        if peer.withdrawn.unexpected:
            raise WrongResultError(f"the reload withdrew {peer.withdrawn.unexpected:,} routes")
        prove_left([*written, *peer.written], [*configured, barrier], SESSION)
        # That of the barrier is none of the reload's.
        updates = peer.updates - 1
        whole = peer.announced.at[0] - since if change == "one route" else 0
        return Reloaded(routes, updates, peer.announced.unexpected + peer.announced.twice, whole, used)


def _end(daemon: Daemon) -> None:
    """Wait until nothing comes any more."""
    (peer,) = daemon.peers
    since = time.monotonic_ns()

    def silence() -> int:
        return time.monotonic_ns() - max(since, peer.heard_at)

    def passed() -> int:
        return time.monotonic_ns() - since

    daemon.until(
        lambda: silence() > _SILENCE * 1e9 or passed() > _PATIENCE * 1e9, passed, "ns since the reload", tick=_TICK
    )
    if silence() <= _SILENCE * 1e9:
        raise WrongResultError(f"after a reload the daemon had sent {peer.updates:,} UPDATEs, and came to no end")
