"""A daemon starts: how long until it has told its peers who it is, and until all sessions are established."""

from typing import NamedTuple

from benchmarks.daemon_harness import Daemon, Settings, Usage
from benchmarks.wire import static_routes
from benchmarks.work.announced import prove_announced
from benchmarks.work.announcing import announced
from benchmarks.work.daemon_announcing import SESSION, complete, nlri_of
from benchmarks.work.daemon_idling import HOLD_TIME, wait
from benchmarks.work.shared_runs import shared

# Seconds for which sessions are watched once all are established, more than their hold time.
_WATCHED = 4.0


class Started(NamedTuple):
    """Sessions that were established. Times are in nanoseconds, from the start of the daemon's process.

    `opened` is the first OPEN of the sessions that were established at the end, `first` the first session established,
    even if it ended, and `whole` the time at which all were. `used` is until then. `flaps` are the sessions that ended
    by themselves.
    """

    messages: int
    opened: int
    first: int
    whole: int
    used: Usage
    flaps: int = 0

    def prepare(self) -> None:
        """It has been run."""


@shared
def start(routes: int) -> Started:
    """A daemon whose configuration has routes that share their attributes, until its session is established.

    Then all of them are announced, which is in no time: they were loaded. Raises WrongResultError where one is lost,
    wrong or there twice, DaemonError where the session ends by itself.
    """
    messages = announced(SESSION, "shared", routes)
    with Daemon(Settings(SESSION, static=tuple(static_routes(messages)))) as daemon:
        (peer,) = daemon.peers
        peer.expect(announced=nlri_of(messages), keep=True)
        started = _started(daemon)
        complete(daemon, peer, peer.announced)
        prove_announced(peer.written, messages, SESSION)
        return started


@shared
def start_many(peers: int) -> Started:
    """A daemon with a number of peers, until all sessions are established, and as long as they are watched then.

    Raises DaemonError where they are not all established at some time, and at the end.
    """
    with Daemon(Settings(SESSION, peers=peers, hold_time=HOLD_TIME, may_flap=True)) as daemon:
        started = _started(daemon)
        wait(daemon, _WATCHED)
        daemon.establish()
        return started._replace(flaps=sum(peer.flaps for peer in daemon.peers))


def _started(daemon: Daemon) -> Started:
    before = daemon.used()
    daemon.start()
    daemon.establish()
    used, since = daemon.used().since(before), daemon.started_at
    opened = min(peer.open_at for peer in daemon.peers)
    first = min(peer.first_established_at for peer in daemon.peers)
    last = max(peer.established_at for peer in daemon.peers)
    return Started(len(daemon.peers), opened - since, first - since, last - since, used)
