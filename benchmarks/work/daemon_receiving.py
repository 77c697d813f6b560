"""A daemon receives UPDATEs from a peer on loopback, and tells an API process of them or only keeps the routes."""

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from typing import Final, Literal, NamedTuple

from benchmarks.daemon_harness import API_READS, API_WRITES, Api, Daemon, Peer, Settings, Usage
from benchmarks.measure.statistics import percentile
from benchmarks.wire import Message, Session, UpdateTruth, large_updates, routes_in, simple_updates, update
from benchmarks.work.announced import prove_held
from benchmarks.work.daemon_chances import with_retries
from benchmarks.work.proof import WrongResultError
from benchmarks.work.shared_runs import shared
from benchmarks.work.told import prove_told
from benchmarks.work.traffic import SESSION, traffic

# Of an API process: it gets JSON of each UPDATE, or nothing, or there is none.
type Told = Literal["JSON", "nothing", "nobody"]
_RECEIVES: Final[dict[Told, str | None]] = {"JSON": API_READS, "nothing": API_WRITES, "nobody": None}

TRAFFIC = 5_000
# Seconds without a word of the daemon after which it has handled what it has read.
_SILENCE = 0.5
# Seconds between two looks whether the daemon has read everything.
_TICK = 0.002
# The last route of each stream, which no stream has: all others were told of when it is.
BARRIER = update(SESSION, announce=["192.0.2.0/24"])
BARRIER_TEXT = '"192.0.2.0/24"'
_NLRI = re.compile(r'"nlri": "([^"]+)"')
_HELD = re.compile(r" unicast (\S+/\d+)")


class Run(NamedTuple):
    """What is sent, how many messages that is, and what becomes of it."""

    messages: int
    made: Callable[[int], list[Message]]
    told: Told


_simple, _large = partial(simple_updates, SESSION), partial(large_updates, SESSION)
# UPDATEs by the number of them and of the routes of each, or traffic; told as JSON, or kept in the Adj-RIB-In only, by
# a daemon with an API process that asks for them later or with none. To answer with 100,000 takes ExaBGP minutes.
RUNS = {
    "10000 x 1, JSON": Run(10_000, _simple, "JSON"),
    "1000 x 100, JSON": Run(1_000, _large, "JSON"),
    "traffic, JSON": Run(TRAFFIC, traffic, "JSON"),
    "50000 x 1, JSON": Run(50_000, _simple, "JSON"),
    "10000 x 1, kept": Run(10_000, _simple, "nothing"),
    "traffic, kept": Run(TRAFFIC, traffic, "nothing"),
    "50000 x 1, kept": Run(50_000, _simple, "nothing"),
    "10000 x 1, no API": Run(10_000, _simple, "nobody"),
    "1000 x 100, no API": Run(1_000, _large, "nobody"),
    "traffic, no API": Run(TRAFFIC, traffic, "nobody"),
    "50000 x 1, no API": Run(50_000, _simple, "nobody"),
}


class Received(NamedTuple):
    """What a run came to. Times are in nanoseconds, from the first octet sent.

    `first` and `latencies`, of each UPDATE from its last octet sent to its line of JSON read, are 0 and empty where no
    API process is told. `used` is from the daemon's OPEN on, and `resets` how many runs before this one it ended by
    itself.
    """

    messages: int
    routes: int
    whole: int
    used: Usage
    first: int = 0
    latencies: tuple[int, ...] = ()
    resets: int = 0

    def prepare(self) -> None:
        """It has been run."""

    @property
    def us_per_route(self) -> float:
        """Microseconds for each route."""
        return round(self.whole / 1000 / self.routes, 3)

    @property
    def cpu_us_per_route(self) -> float:
        """Microseconds of CPU time of the daemon for each route."""
        return round(self.used.daemon / 1000 / self.routes, 3)

    def latency_ms(self, share: float) -> float:
        """The latency that `share` per cent of the UPDATEs do not exceed, in milliseconds."""
        return round(percentile(self.latencies, share) / 1e6, 3)


@shared
def receive(name: str) -> Received:
    """One of `RUNS`, by a daemon that was started for it.

    Raises WrongResultError where a route is lost or there twice, and DaemonError for what else a daemon does wrong;
    where it resets the session it gets another chance.
    """
    run = RUNS[name]
    messages, told = run.made(run.messages), run.told
    received, resets = with_retries(lambda: receive_once(told, messages))
    return received._replace(resets=resets)


def receive_once(told: Told, messages: Sequence[Message], session: Session = SESSION) -> Received:
    """The messages, received by a daemon that was started for them and has told everything, or holds everything."""
    with Daemon(Settings(session, api=_RECEIVES[told])) as daemon:
        (peer,), api = daemon.peers, daemon.api
        wire = [message.wire for message in messages]
        peer.send(b"".join([*wire, *([BARRIER.wire] if told == "JSON" else [])]))
        if api:
            api.watch_for(BARRIER_TEXT)
        daemon.start()
        if api:
            daemon.until(lambda: api.up_at, lambda: 0, "API processes started")
        daemon.until(lambda: peer.open_at, lambda: 0, "OPENs")
        before = daemon.used()
        count = sum(map(routes_in, messages))
        if api and told == "JSON":
            daemon.until(lambda: api.seen_at, lambda: api.octets_read, f"octets of JSON of {count:,} routes")
            return _told(messages, wire, peer, api, daemon.used().since(before))
        daemon.until(lambda: peer.established_at and not peer.unread, lambda: -peer.unread, "octets read", tick=_TICK)
        whole, used = time.monotonic_ns() - peer.first_sent_at, daemon.used().since(before)
        if api:
            found = _asked_for(daemon, api, len(_left_by(messages)))
        else:
            daemon.quiet(_SILENCE)
            found = daemon.held()
        _prove_kept(found, messages)
        return Received(len(messages), count, whole, used)


def prefixes_told(line: str) -> list[str]:
    """The prefixes, announced or withdrawn, of a line of JSON."""
    return _NLRI.findall(line)


def _told(messages: Sequence[Message], wire: Sequence[bytes], peer: Peer, api: Api, used: Usage) -> Received:
    """What the API process was told, proven."""
    lines = proven_lines(api, messages)
    ends = accumulate(map(len, wire))
    latencies = tuple(at - peer.sent_at(end - 1) for (at, _), end in zip(lines, ends, strict=True))
    sent = peer.first_sent_at
    whole, first = lines[-1][0] - sent, lines[0][0] - sent
    return Received(len(messages), sum(map(routes_in, messages)), whole, used, first, latencies)


def proven_lines(api: Api, messages: Sequence[Message]) -> list[tuple[int, str]]:
    """The lines but that of the barrier, each with the time at which it was read.

    Raises WrongResultError where a route of the messages is lost or there twice, or a line says something else.
    """
    lines = [(at, line) for at, line in api.lines() if BARRIER_TEXT not in line]
    found = Counter(prefix for _, line in lines for prefix in prefixes_told(line))
    expected = Counter(prefix for message in messages for prefix in _prefixes(message))
    lost, twice = (expected - found).total(), (found - expected).total()
    if lost or twice:
        raise WrongResultError(f"of {expected.total():,} routes {lost:,} are lost and {twice:,} are there twice")
    prove_told([[line] for _, line in lines], messages, "json")
    return lines


def _left_by(messages: Sequence[Message]) -> set[str]:
    """The prefixes that messages leave announced."""
    held: set[str] = set()
    for message in messages:
        assert isinstance(message.truth, UpdateTruth)
        held.difference_update(nlri.prefix for nlri in message.truth.withdrawn)
        held.update(nlri.prefix for nlri, _ in message.truth.announced)
    return held


def _asked_for(daemon: Daemon, api: Api, count: int) -> list[str]:
    """The prefixes of the Adj-RIB-In, for which the API process asks; `count` lines of routes are waited for."""
    api.write(["show adj-rib in"])
    daemon.until(lambda: api.lines_read >= count, lambda: api.lines_read, f"of {count:,} routes held")
    return [prefix for _, line in api.lines() for prefix in _HELD.findall(line)]


def _prove_kept(found: Sequence[str], messages: Sequence[Message]) -> None:
    """Raise WrongResultError unless the prefixes held are those that the messages leave announced, each once."""
    held = _left_by(messages)
    lost, twice = len(held - {*found}), len(found) - len({*found})
    if lost or twice:
        raise WrongResultError(f"of {len(held):,} routes {lost:,} are lost and {twice:,} are held twice")
    prove_held(found, messages)


def _prefixes(message: Message) -> list[str]:
    truth = message.truth
    assert isinstance(truth, UpdateTruth)
    return [nlri.prefix for nlri, _ in truth.announced] + [nlri.prefix for nlri in truth.withdrawn]
