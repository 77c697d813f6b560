"""The full table: row X18 of the checklist, what a peer with the whole Internet's routes costs.

1,040,000 prefixes of IPv4 or 223,000 of IPv6, of lengths as the Internet's table has them, with attributes as in the
fitted traffic, in UPDATEs of 6 routes on average. ExaBGP receives each once; a run in which one is lost, or is there
twice, has no number.

It takes many minutes and gigabytes of memory, so it runs only when it is asked for: ``python3 bootstrap.py bench
--full-table``. Where memory is short it is not applicable. A run that was stopped goes on with the next number.
"""

from benchmarks.common import DaemonBenchmark, SharedRuns, on
from benchmarks.work.full_table import (
    Exact,
    Received,
    count_instructions,
    count_kept_bytes,
    receive,
    receive_by_daemon,
)


class _OnDemand(SharedRuns):
    on_demand = True
    rows = {"X18": ()}
    param_names = ("table",)
    # Seconds, as always for what hangs: the tables take minutes.
    timeout = 7200


class _FullTable(_OnDemand):
    @on(receive, unit="ms")
    def track_whole(self, run: Received) -> float:
        return run.whole / 1e6

    @on(receive, unit="µs/route")
    def track_route(self, run: Received) -> float:
        return run.us_per_route

    @on(receive, unit="CPU µs/route")
    def track_cpu_time(self, run: Received) -> float:
        return run.cpu_us_per_route

    @on(receive, unit="resident bytes")
    def track_resident(self, run: Received) -> int:
        return run.resident

    @on(count_kept_bytes, unit="kept bytes/route")
    def track_kept_bytes(self, kept: Exact) -> float:
        return kept.value

    @on(count_instructions, unit="bytecodes/route")
    def track_receive_bytecodes(self, counted: Exact) -> float:
        return counted.value


class FullTableIPv4(_FullTable):
    """1,040,000 IPv4 routes from a peer, read and kept in the Adj-RIB-In by ExaBGP's own main loop (X18).

    Kept bytes are those of all routes. Instructions are counted of the first 500 UPDATEs, which have the shares of all.
    """

    params = (["IPv4"],)


class FullTableIPv6(_FullTable):
    """223,000 IPv6 routes from a peer, read and kept in the Adj-RIB-In by ExaBGP's own main loop (X18)."""

    params = (["IPv6"],)


class _DaemonFullTable(_OnDemand, DaemonBenchmark):
    # From 2025-11-29 until 2026-08-20 the JSON of an UPDATE is invalid.
    faults = ((),)

    @on(receive_by_daemon, unit="ms")
    def track_whole(self, run: Received) -> float:
        return run.whole / 1e6

    @on(receive_by_daemon, unit="µs/route")
    def track_route(self, run: Received) -> float:
        return run.us_per_route

    @on(receive_by_daemon, unit="CPU µs/route")
    def track_cpu_time(self, run: Received) -> float:
        return run.cpu_us_per_route

    @on(receive_by_daemon, unit="resident bytes")
    def track_resident(self, run: Received) -> int:
        return run.resident

    @on(receive_by_daemon, unit="session resets")
    def track_resets(self, run: Received) -> int:
        return run.resets


class DaemonFullTableIPv4(_DaemonFullTable):
    """1,040,000 IPv4 routes from a peer, by a daemon that keeps them and tells an API process of them as JSON (X18).

    The time is from the first octet sent to the last line read; memory is what the daemon has grown by.
    """

    params = (["IPv4"],)


class DaemonFullTableIPv6(_DaemonFullTable):
    """223,000 IPv6 routes from a peer, by a daemon that keeps them and tells an API process of them as JSON (X18)."""

    params = (["IPv6"],)
