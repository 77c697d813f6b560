"""Back-pressure of the whole daemon: row X08 of the checklist, commands as fast as the pipe takes them.

``python -m exabgp`` runs as a process of its own, with a BGP speaker on loopback as its peer and an API process that it
starts itself. A run in which a route is lost or comes twice in the end has no number.

It takes long, so it runs only when it is asked for: ``python3 bootstrap.py bench --daemon``.
"""

from benchmarks.common import DaemonBenchmark, Size, on, used_beside
from benchmarks.work.daemon_backpressure import Acknowledgements, Pressed, press


def _press(acknowledgements: Acknowledgements) -> Pressed:
    return press(DaemonBackpressure.commands, acknowledgements)


class DaemonBackpressure(DaemonBenchmark):
    """30,000 commands at once; the daemon acknowledges none, or all to an API process that reads that or not (X08).

    The routes share their attributes. Where the daemon freezes as nobody reads its acknowledgements, the commands held
    are those whose routes are not on the wire: it froze at 30,000 less them, and 0 are held where it did not freeze.
    Then they are read: recovery is from there to the last route, 0 where it did not freeze. A daemon that does not
    recover fails. A KEEPALIVE is due each second; the gap is the longest time without one, while commands are at work
    or the daemon stands still. It is taken to stand still after four seconds without a route.
    """

    rows = {"X08": ()}
    params = (["not read", "off", "read"],)
    param_names = ("acknowledgements",)
    commands = 30_000
    long = (("off",), ("read",))

    unread = {"params": (["not read"],)}

    track_tester_cpu, track_others_cpu = used_beside(_press)

    def size(self, _acknowledgements: Acknowledgements) -> Size:
        return Size(self.commands, self.commands)

    @on(_press, unit="commands", **unread)
    def track_held(self, run: Pressed) -> int:
        return run.held

    @on(_press, unit="commands", **unread)
    def track_refused(self, run: Pressed) -> int:
        return run.refused

    @on(_press, unit="ms", **unread)
    def track_recovery(self, run: Pressed) -> float:
        return run.recovery / 1e6

    @on(_press, unit="ms")
    def track_keepalive_gap(self, run: Pressed) -> float:
        return run.silence / 1e6

    @on(_press, unit="ms")
    def track_whole(self, run: Pressed) -> float:
        return run.whole / 1e6
