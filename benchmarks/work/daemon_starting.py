"""A daemon starts: how long until it has told its peers who it is, and until all sessions are established."""

from typing import NamedTuple

from benchmarks.daemon_harness import Daemon, Settings
from benchmarks.wire import Session, simple_updates, static_routes
from benchmarks.work.shared_runs import shared


class Started(NamedTuple):
    """Sessions that were established. Times are in nanoseconds, from the start of the daemon's process.

    `opened` is the first OPEN that a peer read, `first` the first session established and `whole` the last. `cpu` is
    the daemon's.
    """

    messages: int
    opened: int
    first: int
    whole: int
    cpu: int

    def prepare(self) -> None:
        """It has been run."""


@shared
def start(routes: int, peers: int = 1) -> Started:
    """A daemon with so many routes in the configuration of each of so many peers, until all sessions are established.

    Raises DaemonError where a session ends by itself before.
    """
    session = Session()
    static = tuple(static_routes(simple_updates(session, routes)))
    with Daemon(Settings(session, peers=peers, static=static)) as daemon:
        daemon.start()
        daemon.establish()
        cpu = daemon.cpu_ns()
        opened = min(peer.open_at for peer in daemon.peers)
        established = [peer.established_at for peer in daemon.peers]
    since = daemon.started_at
    return Started(peers, opened - since, min(established) - since, max(established) - since, cpu)
