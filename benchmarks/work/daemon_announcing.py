"""A daemon announces routes to a peer on loopback: those of an API process, or those of its configuration."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from benchmarks.daemon_harness import API_WRITES, Daemon, Peer, Routes, Settings, Usage
from benchmarks.measure.statistics import most_within, percentile
from benchmarks.wire import IPV4_UNICAST, Message, Nlri, Session, UpdateTruth, commands, static_routes
from benchmarks.work.announced import prove_announced, prove_withdrawn
from benchmarks.work.announcing import Attributes, announced
from benchmarks.work.proof import WrongResultError
from benchmarks.work.shared_runs import shared

type Source = Literal["API", "configuration"]

SESSION = Session(families=(IPV4_UNICAST,))
# Seconds of silence after which nothing comes any more.
_SILENCE = 0.5
# Nanoseconds: the peak is of the tenth of a second in which most routes came.
_WINDOW = 10**8


class OnTheWire(NamedTuple):
    """What of routes came to the peer. Times are in nanoseconds.

    They are from the first command that the daemon's pipe has taken, or from the KEEPALIVE that establishes the
    session. `latencies` are of each route, from its command taken to its UPDATE read, none for those of the
    configuration. `peak` is the most routes in a tenth of a second, `used` is from before them until all had come.
    """

    routes: int
    first: int
    whole: int
    peak: int
    used: Usage
    updates: int
    octets: int
    latencies: tuple[int, ...]

    @property
    def messages(self) -> int:
        """As many commands as routes."""
        return self.routes

    def prepare(self) -> None:
        """It has been run."""

    @property
    def us_per_route(self) -> float:
        """Microseconds for each route."""
        return round(self.whole / 1000 / self.routes, 3)

    @property
    def us_per_route_at_peak(self) -> float:
        """Microseconds for each route in the tenth of a second in which most came."""
        return round(_WINDOW / 1000 / self.peak, 3)

    @property
    def cpu_us_per_route(self) -> float:
        """Microseconds of CPU time of the daemon for each route."""
        return round(self.used.daemon / 1000 / self.routes, 3)

    def latency_ms(self, share: float) -> float:
        """The latency that `share` per cent of the routes do not exceed, in milliseconds."""
        return round(percentile(self.latencies, share) / 1e6, 3)


def announce(routes: int, source: Source, attributes: Attributes) -> OnTheWire:
    """Routes announced to a peer. Raises WrongResultError where one is lost, wrong or there twice."""
    if source == "configuration":
        return announce_configured(routes, attributes)
    if attributes == "shared":
        return announce_and_withdraw(routes)[0]
    return announce_commanded(routes)


def withdraw(routes: int) -> OnTheWire:
    """Routes that share their attributes, withdrawn again by a command for each, once all of them were announced."""
    return announce_and_withdraw(routes)[1]


@shared
def announce_commanded(routes: int) -> OnTheWire:
    """Routes with attributes of their own that an API process announces as fast as its pipe takes the commands."""
    messages = announced(SESSION, "distinct", routes)
    with Daemon(Settings(SESSION, api=API_WRITES)) as daemon:
        daemon.start()
        daemon.establish()
        return _announce(daemon, messages)


@shared
def announce_and_withdraw(routes: int) -> tuple[OnTheWire, OnTheWire]:
    """Routes with shared attributes that an API process announces and then withdraws, as fast as its pipe takes it."""
    messages = announced(SESSION, "shared", routes)
    with Daemon(Settings(SESSION, api=API_WRITES)) as daemon:
        (peer,) = daemon.peers
        daemon.start()
        daemon.establish()
        there = _announce(daemon, messages)
        peer.expect(withdrawn=nlri_of(messages), keep=True)
        gone = _commanded(daemon, peer, commands(messages, "withdraw"), peer.withdrawn)
        prove_withdrawn(peer.written, messages, SESSION)
        return there, gone


@shared
def announce_configured(routes: int, attributes: Attributes) -> OnTheWire:
    """Routes of the configuration, announced when the session is established."""
    messages = announced(SESSION, attributes, routes)
    with Daemon(Settings(SESSION, static=tuple(static_routes(messages)))) as daemon:
        (peer,) = daemon.peers
        peer.expect(announced=nlri_of(messages), keep=True)
        daemon.start()
        daemon.until(lambda: peer.established_at, lambda: 0, "sessions established")
        before = daemon.used()
        used = complete(daemon, peer, peer.announced).since(before)
        prove_announced(peer.written, messages, SESSION)
        return _figures(peer, peer.announced, peer.established_at, used, ())


def _announce(daemon: Daemon, messages: Sequence[Message]) -> OnTheWire:
    (peer,) = daemon.peers
    peer.expect(announced=nlri_of(messages), keep=True)
    there = _commanded(daemon, peer, commands(messages), peer.announced)
    prove_announced(peer.written, messages, SESSION)
    return there


def _commanded(daemon: Daemon, peer: Peer, lines: Sequence[str], routes: Routes) -> OnTheWire:
    api = daemon.api
    assert api
    taken_before, before = api.commands_taken, daemon.used()
    api.write(lines)
    used = complete(daemon, peer, routes).since(before)
    taken = api.commands_taken_at()[taken_before:]
    latencies = tuple(at - command for at, command in zip(routes.at, taken, strict=True))
    return _figures(peer, routes, taken[0], used, latencies)


def complete(daemon: Daemon, peer: Peer, routes: Routes) -> Usage:
    """Wait until all routes `have_come`, and return what was used until then.

    Raises WrongResultError where one came twice, or another came.
    """
    used = have_come(daemon, routes)
    other = peer.withdrawn if routes is peer.announced else peer.announced
    if routes.lost or routes.twice or routes.unexpected or other.unexpected:
        unexpected = routes.unexpected + other.unexpected
        raise WrongResultError(
            f"of {len(routes):,} routes {routes.lost:,} are lost, {routes.twice:,} came twice, and {unexpected:,} came"
            " that nobody asked for"
        )
    return used


def have_come(daemon: Daemon, routes: Routes) -> Usage:
    """Wait for all routes, and for what may come after them; return what was used when they had come."""
    daemon.until(lambda: routes.complete, lambda: routes.seen, f"of {len(routes):,} routes on the wire")
    used = daemon.used()
    daemon.quiet(_SILENCE)
    return used


def _figures(peer: Peer, routes: Routes, since: int, used: Usage, latencies: tuple[int, ...]) -> OnTheWire:
    whole, peak = routes.last_at - since, most_within(routes.at, _WINDOW)
    first = routes.first_at - since
    return OnTheWire(len(routes), first, whole, peak, used, peer.updates, peer.octets, latencies)


def nlri_of(messages: Sequence[Message]) -> list[Nlri]:
    """The routes that messages announce."""
    truths = [message.truth for message in messages]
    return [nlri for truth in truths if isinstance(truth, UpdateTruth) for nlri, _ in truth.announced]
