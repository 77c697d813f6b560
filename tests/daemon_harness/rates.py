"""Say at which rates a daemon announces to BIRD and to the harness's speaker, and receives from each.

    PYTHONPATH=TREE python -m tests.daemon_harness.rates [ROUTES [RUNS]]

BIRD is a second tester, which others wrote: where the rates differ by more than a tenth, ours is not to be trusted. It
is run when somebody asks, and is no test: the machine's other work decides, too. Routes have one set of attributes
each; a rate is of all but the first, from the first to the last.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.daemon_harness import API_READS, API_WRITES, Api, Daemon, Settings
from benchmarks.wire import IPV4_UNICAST, Session, commands, simple_updates
from benchmarks.work.daemon_announcing import nlri_of
from tests.wire.bird import router

SESSION = Session(families=(IPV4_UNICAST,))
DAEMONS = Session(families=(IPV4_UNICAST,), local_as=SESSION.peer_as, peer_as=SESSION.local_as)


def rate(times: Sequence[float]) -> float:
    """Routes in a second, where these are the seconds at which each came."""
    return (len(times) - 1) / (max(times) - min(times))


def _told(daemon: Daemon, api: Api, routes: int) -> float:
    lines = daemon.folder / "lines"
    daemon.until(lambda: lines.read_bytes().count(b'"nlri"') == routes, lambda: api.octets_read, "octets of JSON")
    return rate([at / 1e9 for at, line in api.lines() if '"nlri"' in line])


def announced_to_bird(routes: int) -> float:
    """By the times at which BIRD had the routes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        router(Path(folder), SESSION) as bird,
        Daemon(Settings(SESSION, api=API_WRITES, speaker=bird.port)) as daemon,
    ):
        daemon.start()
        daemon.establish()
        assert daemon.api
        daemon.api.write(commands(simple_updates(DAEMONS, routes)))
        daemon.until(lambda: bird.counts()[0] == routes, lambda: bird.counts()[0], f"of {routes} routes")
        return rate(bird.times())


def announced_to_speaker(routes: int) -> float:
    """By the times at which our speaker had them."""
    messages = simple_updates(DAEMONS, routes)
    with Daemon(Settings(SESSION, api=API_WRITES)) as daemon:
        (peer,) = daemon.peers
        daemon.start()
        daemon.establish()
        peer.expect(announced=nlri_of(messages))
        assert daemon.api
        daemon.api.write(commands(messages))
        daemon.until(lambda: peer.announced.complete, lambda: peer.announced.seen, f"of {routes} routes")
        return rate([at / 1e9 for at in peer.announced.at])


def received_from_bird(routes: int) -> float:
    """By the times at which the API process had read them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        router(Path(folder), SESSION, simple_updates(SESSION, routes)) as bird,
        Daemon(Settings(SESSION, api=API_READS, speaker=bird.port)) as daemon,
    ):
        daemon.start()
        daemon.establish()
        assert daemon.api
        return _told(daemon, daemon.api, routes)


def received_from_speaker(routes: int) -> float:
    """The same."""
    with Daemon(Settings(SESSION, api=API_READS)) as daemon:
        (peer,) = daemon.peers
        peer.send(b"".join(message.wire for message in simple_updates(SESSION, routes)))
        daemon.start()
        daemon.establish()
        assert daemon.api
        return _told(daemon, daemon.api, routes)


def main(routes: int = 3000, runs: int = 3) -> None:
    """Print the medians of some runs, BIRD's and ours in turn."""
    directions: dict[str, tuple[Callable[[int], float], Callable[[int], float]]] = {
        "announced": (announced_to_bird, announced_to_speaker),
        "received": (received_from_bird, received_from_speaker),
    }
    for name, testers in directions.items():
        rates = [[measure(routes) for measure in testers] for _ in range(runs)]
        bird, speaker = map(statistics.median, zip(*rates, strict=True))
        print(f"{routes:,} routes {name}: BIRD {bird:,.0f}/s, our speaker {speaker:,.0f}/s, {speaker / bird:.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
