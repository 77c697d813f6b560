"""What a whole daemon executes for a route: rows X01 and X02 of the checklist, counted instead of timed.

``python -m exabgp`` runs as a process of its own, and its bytecode instructions are counted in it, by parts of
ExaBGP's package. What depends on the time that it takes is left out: the loop, the peer, asyncio. These run only when
they are asked for: ``python3 bootstrap.py bench --daemon``.
"""

from benchmarks.common import DaemonBenchmark, Size, on
from benchmarks.work.daemon_counts import COURSES, ROUTES, Counted


def _counted(course: str) -> Counted:
    return COURSES[course]()


class DaemonInstructions(DaemonBenchmark):
    """Instructions in a daemon for each of 1,000 routes, received and told as JSON (X01), or announced (X02)."""

    rows = {"X01": ("received",), "X02": ("announced",)}
    params = (list(COURSES),)
    param_names = ("course",)
    # From 2025-11-29 until 2026-08-20 the JSON of an UPDATE is invalid.
    faults = (("received",),)

    def size(self, course: str) -> Size:
        return Size(ROUTES, ROUTES)

    # On main one run of five has executed 509 instructions more, of three million, of what is received.
    @on(_counted, unit="bytecodes/route, about")
    def track_message(self, run: Counted) -> float:
        return run.per_route("message")

    @on(_counted, unit="bytecodes/route, about")
    def track_rib(self, run: Counted) -> float:
        return run.per_route("rib")

    @on(_counted, unit="bytecodes/route", params=(["received"],))
    def track_response(self, run: Counted) -> float:
        return run.per_route("response")

    @on(_counted, unit="bytecodes/route", params=(["announced"],))
    def track_configuration(self, run: Counted) -> float:
        return run.per_route("configuration")
