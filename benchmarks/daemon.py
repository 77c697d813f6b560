"""The whole daemon: rows X01 and X02 of the checklist, what an operator waits for.

``python -m exabgp`` runs as a process of its own, with a BGP speaker on loopback as its peer and an API process that it
starts itself. Each route is counted, in and out: a run in which one is lost, or is there twice, has no number, and says
how many. All figures of a run are of the same run. They are times of several processes on one machine, so they vary;
compare them only with others of that machine, taken while it did nothing else.

These take long, so they run only when they are asked for: ``python3 bootstrap.py bench --daemon``.
"""

from benchmarks.common import DaemonBenchmark, Size, on, used_beside
from benchmarks.work.announcing import Attributes
from benchmarks.work.daemon_announcing import OnTheWire, Source, announce, withdraw
from benchmarks.work.daemon_receiving import RUNS, TRAFFIC, Received, receive


class DaemonReceiving(DaemonBenchmark):
    """UPDATEs from a peer, by a daemon that tells an API process of them as JSON, or keeps the routes only (X01).

    They are UPDATEs of one route, all different, UPDATEs of 100 routes, and traffic fitted to what peers of route
    collectors send. All are sent at once, so an UPDATE waits for those before it: the latency is from its last octet
    sent to its line read. Where nothing is told, the run ends when the daemon has read everything, as the system says
    of its connection. Afterwards the API process asks for the Adj-RIB-In; where there is none, a signal has the daemon
    tell it. Resets are the runs that the daemon ended by a reset of the session before the one that is measured.
    """

    rows = {"X01": ()}
    traffic = TRAFFIC
    params = (list(RUNS),)
    param_names = ("run",)
    long = (("50000 x 1, JSON",), ("50000 x 1, kept",), ("50000 x 1, no API",))
    # From 2025-11-29 until 2026-08-20 the JSON of an UPDATE is invalid.
    faults = tuple((name,) for name, run in RUNS.items() if run.told == "JSON")

    told = {"params": ([name for name, run in RUNS.items() if run.told == "JSON"],)}

    track_tester_cpu, track_others_cpu = used_beside(receive)

    def size(self, run: str) -> Size:
        return Size(RUNS[run].messages, 0)

    @on(receive, unit="ms")
    def track_whole(self, run: Received) -> float:
        return run.whole / 1e6

    @on(receive, unit="µs/route")
    def track_route(self, run: Received) -> float:
        return run.us_per_route

    @on(receive, unit="CPU µs/route")
    def track_cpu_time(self, run: Received) -> float:
        return run.cpu_us_per_route

    @on(receive, unit="session resets")
    def track_resets(self, run: Received) -> int:
        return run.resets

    @on(receive, unit="ms", **told)
    def track_first(self, run: Received) -> float:
        return run.first / 1e6

    @on(receive, unit="ms", **told)
    def track_latency_p50(self, run: Received) -> float:
        return run.latency_ms(50)

    @on(receive, unit="ms", **told)
    def track_latency_p99(self, run: Received) -> float:
        return run.latency_ms(99)


class DaemonAnnouncing(DaemonBenchmark):
    """Routes announced to a peer, those of an API process or of the configuration (X02).

    Their attributes are shared by all or each route's own. Commands are written as fast as the pipe takes them; times
    are from the first one taken, or from the KEEPALIVE that establishes the session, to the first and the last route
    read by the peer. At the peak is the tenth of a second in which most routes came. The latency is that of a route,
    from its command taken.
    """

    rows = {"X02": ()}
    params = ([10000, 50000], ["API", "configuration"], ["shared", "distinct"])
    param_names = ("routes", "source", "attributes")
    # On main the distinct ones take 43 s for 10,000; from either source by the same code.
    long = ((50000,), (10000, "configuration", "distinct"))

    commanded = {"params": ([10000, 50000], ["API"], ["shared", "distinct"])}

    track_tester_cpu, track_others_cpu = used_beside(announce)

    def size(self, routes: int, _source: Source, _attributes: Attributes) -> Size:
        return Size(routes, routes)

    @on(announce, unit="ms")
    def track_first(self, run: OnTheWire) -> float:
        return run.first / 1e6

    @on(announce, unit="ms")
    def track_whole(self, run: OnTheWire) -> float:
        return run.whole / 1e6

    @on(announce, unit="µs/route")
    def track_route(self, run: OnTheWire) -> float:
        return run.us_per_route

    @on(announce, unit="µs/route")
    def track_route_at_peak(self, run: OnTheWire) -> float:
        return run.us_per_route_at_peak

    @on(announce, unit="CPU µs/route")
    def track_cpu_time(self, run: OnTheWire) -> float:
        return run.cpu_us_per_route

    @on(announce, unit="UPDATEs on the wire")
    def track_updates(self, run: OnTheWire) -> int:
        return run.updates

    @on(announce, unit="octets on the wire")
    def track_octets(self, run: OnTheWire) -> int:
        return run.octets

    @on(announce, unit="ms", **commanded)
    def track_latency_p50(self, run: OnTheWire) -> float:
        return run.latency_ms(50)

    @on(announce, unit="ms", **commanded)
    def track_latency_p99(self, run: OnTheWire) -> float:
        return run.latency_ms(99)


class DaemonWithdrawing(DaemonBenchmark):
    """Routes that share their attributes, withdrawn one by one by the API process that has announced them (X02)."""

    rows = {"X02": ()}
    params = ([10000, 50000],)
    param_names = ("routes",)
    long = ((50000,),)

    track_tester_cpu, track_others_cpu = used_beside(withdraw)

    def size(self, routes: int) -> Size:
        return Size(routes, routes)

    @on(withdraw, unit="ms")
    def track_whole(self, run: OnTheWire) -> float:
        return run.whole / 1e6

    @on(withdraw, unit="ms")
    def track_latency_p99(self, run: OnTheWire) -> float:
        return run.latency_ms(99)

    @on(withdraw, unit="UPDATEs on the wire")
    def track_updates(self, run: OnTheWire) -> int:
        return run.updates

    @on(withdraw, unit="octets on the wire")
    def track_octets(self, run: OnTheWire) -> int:
        return run.octets
