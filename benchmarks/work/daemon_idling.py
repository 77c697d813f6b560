"""A daemon with nothing to do, and one with so much that its KEEPALIVEs may wait."""

import time
from itertools import pairwise
from typing import Literal, NamedTuple

from benchmarks.daemon_harness import API_READS, API_WRITES, Daemon, Settings, Usage
from benchmarks.wire import commands, simple_updates
from benchmarks.work.announced import prove_announced
from benchmarks.work.announcing import announced
from benchmarks.work.daemon_announcing import SESSION, complete, nlri_of
from benchmarks.work.daemon_chances import with_retries
from benchmarks.work.daemon_receiving import BARRIER, BARRIER_TEXT, proven_lines
from benchmarks.work.shared_runs import shared

type Load = Literal["receiving", "announcing"]

# Seconds that an established daemon gets to come to rest, and for which it is watched then.
_REST, _WATCHED = 1.0, 4.0
# Seconds; a KEEPALIVE is due in each third of it. None are shorter (RFC 4271, section 4.2).
HOLD_TIME = 3


class Idle(NamedTuple):
    """What a daemon uses that has nothing to do, and how often it slept meanwhile."""

    messages: int
    used: Usage
    sleeps: int

    def prepare(self) -> None:
        """It has been run."""

    @property
    def cpu_share(self) -> float:
        """CPU seconds for each second."""
        return round(self.used.daemon / self.used.time, 4)

    @property
    def sleeps_per_second(self) -> float:
        """Voluntary context switches for each second."""
        return round(self.sleeps / self.used.time * 1e9, 1)


class Gap(NamedTuple):
    """The longest time without a KEEPALIVE while the daemon was busy, in nanoseconds.

    `used` is while it was busy, `resets` are the runs before this one that the daemon ended by a reset of the session.
    """

    messages: int
    gap: int
    used: Usage
    resets: int = 0

    def prepare(self) -> None:
        """It has been run."""


@shared
def idle(peers: int) -> Idle:
    """Sessions with a number of peers are established, and nobody has anything to say."""
    with Daemon(Settings(SESSION, peers=peers)) as daemon:
        daemon.start()
        daemon.establish()
        wait(daemon, _REST)
        before, sleeps = daemon.used(), daemon.sleeps()
        wait(daemon, _WATCHED)
        return Idle(peers, daemon.used().since(before), daemon.sleeps() - sleeps)


@shared
def keepalive_gap(routes: int, load: Load) -> Gap:
    """Routes are received and told to an API process, or announced by one; a KEEPALIVE is due each second.

    Raises WrongResultError where a route is lost, wrong or there twice, and DaemonError where the session ends, for
    which those that receive get another chance.
    """
    if load == "announcing":
        return _announce(routes)
    gap, resets = with_retries(lambda: _receive(routes))
    return gap._replace(resets=resets)


def _receive(routes: int) -> Gap:
    messages = simple_updates(SESSION, routes)
    with Daemon(Settings(SESSION, api=API_READS, hold_time=HOLD_TIME)) as daemon:
        (peer,), api = daemon.peers, daemon.api
        assert api
        peer.send(b"".join(message.wire for message in [*messages, BARRIER]))
        api.watch_for(BARRIER_TEXT)
        daemon.start()
        daemon.establish()
        before = daemon.used()
        daemon.until(lambda: api.seen_at, lambda: api.octets_read, f"octets of JSON of {routes:,} routes")
        used = daemon.used().since(before)
        # The one that established the session may have been read after all lines were: it ends no time without one.
        daemon.until(
            lambda: len(peer.keepalives_at) > 1 and peer.keepalives_at[-1] > api.seen_at,
            lambda: len(peer.keepalives_at),
            "KEEPALIVEs",
        )
        proven_lines(api, messages)
        return _gap(routes, list(peer.keepalives_at), api.seen_at, used)


def _announce(routes: int) -> Gap:
    messages = announced(SESSION, "shared", routes)
    with Daemon(Settings(SESSION, api=API_WRITES, hold_time=HOLD_TIME)) as daemon:
        (peer,), api = daemon.peers, daemon.api
        assert api
        daemon.start()
        daemon.establish()
        peer.expect(announced=nlri_of(messages), keep=True)
        before = daemon.used()
        api.write(commands(messages))
        used = complete(daemon, peer, peer.announced).since(before)
        last = peer.announced.last_at
        daemon.until(lambda: peer.keepalives_at[-1] > last, lambda: len(peer.keepalives_at), "KEEPALIVEs")
        # Not before: nothing is read meanwhile.
        prove_announced(peer.written, messages, SESSION)
        return _gap(routes, list(peer.keepalives_at), last, used)


def _gap(routes: int, keepalives: list[int], busy_until: int, used: Usage) -> Gap:
    """The longest between two KEEPALIVEs of which the first came while the daemon was busy, or began the session."""
    first, *later = pairwise(keepalives)
    gap = max(after - before for before, after in [first, *(pair for pair in later if pair[0] < busy_until)])
    return Gap(routes, gap, used)


def wait(daemon: Daemon, seconds: float) -> None:
    """Look after an established daemon for some seconds."""
    since = time.monotonic_ns()

    def passed() -> int:
        return time.monotonic_ns() - since

    daemon.until(lambda: passed() >= seconds * 1e9, passed, "ns passed")
