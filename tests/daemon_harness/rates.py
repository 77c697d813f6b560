"""Say at which rates a daemon announces to BIRD and to the harness's speaker, and receives from each.

    PYTHONPATH=TREE python -m tests.daemon_harness.rates [ROUTES [RUNS]]

BIRD is a second tester, which others wrote: where the rates differ by more than a tenth, ours is not to be trusted. It
is run when somebody asks, and is no test: the machine's other work decides, too. Routes have one set of attributes
each; a rate is of all but the first, from the first to the last. Beside it is the CPU time that the daemon took for a
route, and that the tester did: a tester that takes as long as the daemon would be what is measured.

Both testers do the same. Of what BIRD makes of the same routes the octets are equal, but their order is BIRD's own, so
they are recorded, and our speaker sends them in that order. And BIRD 2.0 leaves the last part of what it has to send
for its next event, for which it waits three seconds where nothing else happens, so it is woken.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from benchmarks.daemon_harness import API_READS, API_WRITES, Daemon, Settings
from benchmarks.wire import IPV4_UNICAST, Session, commands, simple_updates
from benchmarks.work.daemon_announcing import nlri_of
from tests.wire.bird import router, sent_by_router

SESSION = Session(families=(IPV4_UNICAST,))
DAEMONS = Session(families=(IPV4_UNICAST,), local_as=SESSION.peer_as, peer_as=SESSION.local_as)
# Seconds between two looks, at each of which BIRD is woken.
TICK = 0.05


class Rate(NamedTuple):
    """Routes in a second, and CPU microseconds for each of the daemon and of the tester."""

    rate: float
    daemon: float
    tester: float


def measured(times: Sequence[float], daemon_ns: int, tester_ns: int, before: int = 0) -> Rate:
    """What came at these times, in seconds; all but some before at the cost of so many nanoseconds of CPU time."""
    routes, thousands = len(times), 1000 * (len(times) - before)
    return Rate((routes - 1) / (max(times) - min(times)), daemon_ns / thousands, tester_ns / thousands)


def _told(daemon: Daemon, routes: int, tester_ns: Callable[[], int], wake: Callable[[], object]) -> Rate:
    """The rate at which routes were read as JSON. CPU times are from the first on: some daemons are never idle."""
    api = daemon.api
    assert api
    daemon.until(lambda: api.octets_read, lambda: 0, "octets of JSON", tick=TICK / 10)
    told, before, testers = api.lines_read, daemon.used(), tester_ns()
    lines = daemon.folder / "lines"

    def all_read() -> bool:
        wake()
        return api.lines_read >= routes and lines.read_bytes().count(b'"nlri"') == routes

    daemon.until(all_read, lambda: api.octets_read, "octets of JSON", tick=TICK)
    used, of_tester = daemon.used().since(before).daemon, tester_ns() - testers
    return measured([at / 1e9 for at, line in api.lines() if '"nlri"' in line], used, of_tester, told)


def announced_to_bird(routes: int) -> Rate:
    """By the times at which BIRD had the routes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        router(Path(folder), SESSION) as bird,
        Daemon(Settings(SESSION, api=API_WRITES, speaker=bird.port)) as daemon,
    ):
        daemon.start()
        daemon.establish()
        assert daemon.api
        before, testers = daemon.used(), bird.cpu_ns()
        daemon.api.write(commands(simple_updates(DAEMONS, routes)))
        daemon.until(lambda: bird.counts()[0] == routes, lambda: bird.counts()[0], f"of {routes} routes")
        return measured(bird.times(), daemon.used().since(before).daemon, bird.cpu_ns() - testers)


def announced_to_speaker(routes: int) -> Rate:
    """By the times at which our speaker had them."""
    messages = simple_updates(DAEMONS, routes)
    with Daemon(Settings(SESSION, api=API_WRITES)) as daemon:
        (peer,) = daemon.peers
        daemon.start()
        daemon.establish()
        peer.expect(announced=nlri_of(messages))
        assert daemon.api
        before, own = daemon.used(), time.process_time_ns()
        daemon.api.write(commands(messages))
        daemon.until(lambda: peer.announced.complete, lambda: peer.announced.seen, f"of {routes} routes")
        used, own = daemon.used().since(before).daemon, time.process_time_ns() - own
        return measured([at / 1e9 for at in peer.announced.at], used, own)


def received_from_bird(routes: int) -> Rate:
    """By the times at which the API process had read them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        router(Path(folder), SESSION, simple_updates(SESSION, routes)) as bird,
        Daemon(Settings(SESSION, api=API_READS, speaker=bird.port)) as daemon,
    ):
        daemon.start()
        return _told(daemon, routes, bird.cpu_ns, bird.wake)


def received_from_speaker(routes: int) -> Rate:
    """The same, of the same octets in the same order."""
    octets = _birds(routes)
    with Daemon(Settings(SESSION, api=API_READS)) as daemon:
        (peer,) = daemon.peers
        peer.send(octets)
        daemon.start()
        return _told(daemon, routes, time.process_time_ns, lambda: None)


@cache
def _birds(routes: int) -> bytes:
    """The UPDATEs that BIRD sends of the routes."""
    with tempfile.TemporaryDirectory() as folder:
        return b"".join(sent_by_router(Path(folder), SESSION, simple_updates(SESSION, routes)))


def main(routes: int = 6000, runs: int = 5) -> None:
    """Print the ratio of the rates of some runs, BIRD's and ours in turn, and the medians.

    The best run of each is the one that others disturbed least; the ratios of each turn say how much they did. The
    ratio by the daemon's CPU time, which is what a rate is bound by, suffers least from them.
    """
    directions: dict[str, tuple[Callable[[int], Rate], Callable[[int], Rate]]] = {
        "announced": (announced_to_bird, announced_to_speaker),
        "received": (received_from_bird, received_from_speaker),
    }
    for name, testers in directions.items():
        bird: list[Rate] = []
        speaker: list[Rate] = []
        for turn in range(runs):
            # By turns the one or the other is the first.
            for measure, found in list(zip(testers, (bird, speaker), strict=True))[:: 1 - 2 * (turn % 2)]:
                found.append(measure(routes))
        ratios = sorted(ours.rate / theirs.rate for theirs, ours in zip(bird, speaker, strict=True))
        best = max(speaker).rate / max(bird).rate
        by_cpu = statistics.median(run.daemon for run in bird) / statistics.median(run.daemon for run in speaker)
        print(
            f"{routes:,} routes {name}, our speaker to BIRD: {best:.3f} by the best of {runs} runs, by turns"
            f" {statistics.median(ratios):.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f}), by the daemon's CPU time"
            f" {by_cpu:.3f}"
        )
        for tester, found in (("BIRD", bird), ("our speaker", speaker)):
            rate, daemon, own = map(statistics.median, zip(*found, strict=True))
            print(
                f"  {tester}: {max(found).rate:,.0f}/s, median {rate:,.0f}/s;"
                f" CPU for a route {daemon:.0f} µs of the daemon, {own:.0f} µs of the tester"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
