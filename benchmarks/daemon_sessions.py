"""Sessions of the whole daemon: rows X03, X07, X09, X10, X12 and X19 of the checklist.

``python -m exabgp`` runs as a process of its own, with BGP speakers on loopback as its peers. How long until its
sessions are up and up again, what it sends anew, and what it does while nothing or much happens. A run that loses a
route or a session has no number. Times are of several processes on one machine: compare them only with others of that
machine, taken while it did nothing else.

These take long, so they run only when they are asked for: ``python3 bootstrap.py bench --daemon``.
"""

from benchmarks.common import DaemonBenchmark, Size, on, used_beside
from benchmarks.work.announcing import Attributes
from benchmarks.work.daemon_idling import Gap, Idle, Load, idle, keepalive_gap
from benchmarks.work.daemon_resets import Handled, Sent, resets
from benchmarks.work.daemon_restarting import Change, Reloaded, Resent, reload, resend
from benchmarks.work.daemon_starting import Started, start, start_many


class DaemonStart(DaemonBenchmark):
    """The daemon's process starts, with no routes in its configuration or 10,000 that share their attributes (X19).

    Times are from the start of the process to its OPEN read by the peer, and to the KEEPALIVE that establishes the
    session. The CPU time is that of all of it. That the routes were loaded is seen afterwards: all are announced.
    """

    rows = {"X19": ()}
    params = ([0, 10000],)
    param_names = ("routes",)
    # The routes had attributes of their own.
    revision = 2

    track_tester_cpu, track_others_cpu = used_beside(start)

    def size(self, routes: int) -> Size:
        return Size(1, routes)

    @on(start, unit="ms")
    def track_open(self, run: Started) -> float:
        return run.opened / 1e6

    @on(start, unit="ms")
    def track_established(self, run: Started) -> float:
        return run.whole / 1e6

    @on(start, unit="CPU ms")
    def track_cpu_time(self, run: Started) -> float:
        return run.used.daemon / 1e6


def _again(attributes: Attributes) -> Resent:
    return resend(DaemonResend.routes[attributes], attributes)


class DaemonResend(DaemonBenchmark):
    """A peer that has all routes of the configuration goes away and comes back, and gets them again (X03).

    10,000 routes that share their attributes, or 1,000 with attributes of their own. Back is the time from the end of
    the session to the KEEPALIVE that establishes the next, the whole is from there to the last route. The CPU time is
    of both.
    """

    rows = {"X03": ()}
    params = (["shared", "distinct"],)
    param_names = ("attributes",)
    routes = {"shared": 10_000, "distinct": 1_000}

    track_tester_cpu, track_others_cpu = used_beside(_again)

    def size(self, attributes: Attributes) -> Size:
        return Size(self.routes[attributes], self.routes[attributes])

    @on(_again, unit="ms")
    def track_back(self, run: Resent) -> float:
        return run.back / 1e6

    @on(_again, unit="ms")
    def track_whole(self, run: Resent) -> float:
        return run.whole / 1e6

    @on(_again, unit="µs/route")
    def track_route(self, run: Resent) -> float:
        return round(run.whole / 1000 / run.messages, 3)

    @on(_again, unit="CPU µs/route")
    def track_cpu_time(self, run: Resent) -> float:
        return round(run.used.daemon / 1000 / run.messages, 3)

    # Of routes that wait when the session comes up, not of commands that come one by one.
    @on(_again, unit="UPDATEs")
    def track_updates(self, run: Resent) -> int:
        return run.updates


def _reload(change: Change) -> Reloaded:
    return reload(DaemonReload.routes, change)


class DaemonReload(DaemonBenchmark):
    """SIGUSR1 to a daemon that has announced 1,000 routes of its configuration: the UPDATEs that it writes (X12).

    The file is as it was, or has one route more: 0 and 1 UPDATEs would be enough. Routes sent again are those that the
    peer had, and a new one that comes twice. A route that an API process announces afterwards tells when the daemon has
    loaded everything. The time is from the signal to the new route.
    """

    rows = {"X12": ()}
    params = (["nothing", "one route"],)
    param_names = ("changed",)
    routes = 1_000

    track_tester_cpu, track_others_cpu = used_beside(_reload)

    def size(self, _changed: Change) -> Size:
        return Size(self.routes, self.routes)

    @on(_reload, unit="UPDATEs")
    def track_updates(self, run: Reloaded) -> int:
        return run.updates

    @on(_reload, unit="routes")
    def track_routes_again(self, run: Reloaded) -> int:
        return run.again

    @on(_reload, unit="ms", params=(["one route"],))
    def track_whole(self, run: Reloaded) -> float:
        return run.whole / 1e6


class DaemonPeers(DaemonBenchmark):
    """The daemon starts with 100 peers: the first session established, all of them, and those that ended (X07).

    Times are from the start of the process. The hold time is three seconds, and the sessions are watched for four more.
    Resets are sessions that the daemon ended, or in which it said nothing for the hold time. Where not all get
    established, and are so in the end, there are no figures.
    """

    rows = {"X07": ()}
    params = ([100],)
    param_names = ("peers",)
    # The hold time was 180 seconds; the first session was that of those that lasted.
    revision = 3

    track_tester_cpu, track_others_cpu = used_beside(start_many)

    def size(self, peers: int) -> Size:
        return Size(peers, 0)

    @on(start_many, unit="ms")
    def track_first(self, run: Started) -> float:
        return run.first / 1e6

    @on(start_many, unit="ms")
    def track_all(self, run: Started) -> float:
        return run.whole / 1e6

    @on(start_many, unit="CPU ms")
    def track_cpu_time(self, run: Started) -> float:
        return run.used.daemon / 1e6

    @on(start_many, unit="session resets")
    def track_resets(self, run: Started) -> int:
        return run.flaps


class DaemonIdle(DaemonBenchmark):
    """Established sessions on which nothing happens for four seconds, with 1 peer and with 20 (X09).

    CPU seconds of the daemon for each second, and how often its threads went to sleep: few sleeps with little CPU time
    are a daemon that waits, few with much are one that never does.
    """

    rows = {"X09": ()}
    params = ([1, 20],)
    param_names = ("peers",)

    track_tester_cpu, track_others_cpu = used_beside(idle)

    def size(self, peers: int) -> Size:
        return Size(peers, 0)

    @on(idle, unit="CPU s/s")
    def track_cpu_share(self, run: Idle) -> float:
        return run.cpu_share

    @on(idle, unit="sleeps/s")
    def track_sleeps(self, run: Idle) -> float:
        return run.sleeps_per_second


def _busy(load: Load) -> Gap:
    return keepalive_gap(DaemonKeepalives.routes, load)


class DaemonKeepalives(DaemonBenchmark):
    """The longest time without a KEEPALIVE while 10,000 routes are received or announced (X10).

    The hold time is three seconds, so a KEEPALIVE is due each second. Routes received are told to an API process as
    JSON; those announced are its commands, and share their attributes. Resets are the runs that the daemon ended by a
    reset of the session before the one that is measured.
    """

    rows = {"X10": ()}
    params = (["receiving", "announcing"],)
    param_names = ("load",)
    routes = 10_000
    # From 2025-11-29 until 2026-08-20 the JSON of an UPDATE is invalid.
    faults = (("receiving",),)

    track_tester_cpu, track_others_cpu = used_beside(_busy)

    def size(self, _load: Load) -> Size:
        return Size(self.routes, self.routes)

    @on(_busy, unit="ms")
    def track_gap(self, run: Gap) -> float:
        return run.gap / 1e6

    @on(_busy, unit="session resets", params=(["receiving"],))
    def track_resets(self, run: Gap) -> int:
        return run.resets


class DaemonResets(DaemonBenchmark):
    """What any peer may send, and whether the daemon ends the session for it: 0 is healthy.

    An UPDATE whose second part comes half a second after the first; an End-of-RIB of IPv4, as each peer with graceful
    restart sends it; an UPDATE to a daemon that keeps no Adj-RIB-In and has no API process.
    """

    params = (["an UPDATE in two parts", "an End-of-RIB of IPv4", "an UPDATE that is not kept"],)
    param_names = ("sent",)

    def size(self, _sent: Sent) -> Size:
        return Size(1, 1)

    @on(resets, unit="session resets")
    def track_resets(self, run: Handled) -> int:
        return run.resets
