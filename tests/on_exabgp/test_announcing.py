"""Routes announced by the daemon's own path: what is lost, doubled or wrong is refused; what costs more is counted."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import announcing as family
from benchmarks import common
from benchmarks.exabgp_compat.announcer import Announcer
from benchmarks.exabgp_compat.startup import start
from benchmarks.wire import commands, simple_updates
from benchmarks.work.announced import prove_announced, prove_withdrawn
from benchmarks.work.announcing import EVENTS, SESSIONS, ToNeighbors, announcing, announcing_in_one, announcing_self
from benchmarks.work.proof import WrongResultError

ROUTES = 12
# Those in which each route is written.
WRITING = [event for event in EVENTS if event != "announced again"]


@pytest.fixture(autouse=True)
def _started() -> None:
    start()


def value(method: Any, *parameters: Any) -> Any:
    """What a benchmark says now, of work made now."""
    common._made.cache_clear()
    method.setup(*parameters)
    return method(*parameters)


def applicable[Result](make: Callable[[], Result]) -> Result:
    """What is made, on an ExaBGP that can."""
    try:
        return make()
    except NotImplementedError as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("attributes", ["shared", "distinct"])
@pytest.mark.parametrize("of", SESSIONS)
@pytest.mark.parametrize("event", EVENTS)
def test_what_is_announced_is_written(event: str, of: Any, attributes: Any) -> None:
    written = applicable(lambda: announcing(event, of, attributes, ROUTES).written())
    assert bool(written) == (event != "announced again")


@pytest.fixture
def _many_in_one() -> None:
    """On 2025-12-03 ExaBGP could not say which routes a command for several is about, and gave up after the first."""
    try:
        announcing_in_one(SESSIONS["ipv4"], 2).written()
    except ValueError as reason:
        pytest.skip(f"this ExaBGP is wrong: {reason}")


@pytest.mark.usefixtures("_many_in_one")
def test_routes_of_one_command_are_packed() -> None:
    assert len(announcing_in_one(SESSIONS["ipv4"], 600).written()) == 1
    # Of 1,100 routes, 4 octets each, no message of 4,096 octets holds all.
    assert len(announcing_in_one(SESSIONS["ipv4"], 1100).written()) == 2


def test_next_hop_self_is_the_address_of_the_session() -> None:
    assert len(announcing_self("distinct", ROUTES).prove().written()) == ROUTES
    with pytest.raises(WrongResultError, match="it was given"):
        prove_announced(announcing_self("shared", 1).written(), simple_updates(SESSIONS["ipv4"], 1), SESSIONS["ipv4"])


@pytest.mark.parametrize("to_all", [True, False])
def test_a_command_reaches_the_neighbors_that_it_names(to_all: bool) -> None:
    work = ToNeighbors(5, to_all=to_all)
    for _ in range(2):
        work.prepare()
        assert [len(list(written)) for written in work._begun()] == ([1] * 5 if to_all else [0, 0, 1, 0, 0])


def test_a_reactor_leaves_the_process_as_it_was() -> None:
    before = Path.cwd(), signal.getsignal(signal.SIGTERM)
    mask = os.umask(0o22)
    os.umask(mask)
    Announcer(SESSIONS["ipv4"])
    assert (Path.cwd(), signal.getsignal(signal.SIGTERM)) == before
    assert os.umask(mask) == mask


def test_command_that_exabgp_refuses_is_refused() -> None:
    announcer = Announcer(SESSIONS["ipv4"])
    good, bad = (
        commands(simple_updates(SESSIONS["ipv4"], 1))[0],
        "announce route 10.0.0.0/8 next-hop 192.0.2.1 nonsense",
    )
    with pytest.raises(ValueError, match="makes 1 routes of commands for 2"):
        announcer.ask([good, bad], 2)


def _last_lost(items: list[Any]) -> list[Any]:
    return items[:-1]


def _last_twice(items: list[Any]) -> list[Any]:
    return [*items, items[-1]]


@pytest.mark.parametrize("event", WRITING)
@pytest.mark.parametrize(("spoil", "words"), [(_last_lost, "has lost|has not withdrawn"), (_last_twice, "once more")])
def test_lost_and_doubled_routes_are_refused(
    event: str, spoil: Callable[[list[Any]], list[Any]], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from exabgp.rib.outgoing import OutgoingRIB

    if event == "withdrawn, never announced" and spoil is _last_lost:
        pytest.skip("a peer that never knew of a route does not miss its withdrawal")
    real = OutgoingRIB.updates

    def updates(self: Any, *arguments: Any) -> Iterator[Any]:
        found = list(real(self, *arguments))
        return iter(spoil(found) if found else found)

    work = announcing(event, "ipv4", "distinct", ROUTES)
    work.prepare()
    monkeypatch.setattr(OutgoingRIB, "updates", updates)
    with pytest.raises(WrongResultError, match=words):
        work._proof(applicable(lambda: list(work._begun())))


def test_routes_with_wrong_attributes_are_refused() -> None:
    session = SESSIONS["ipv4"]
    shared = announcing("announced", "ipv4", "shared", ROUTES).written()
    for known in (True, False):
        with pytest.raises(WrongResultError, match="it was given"):
            prove_announced(shared, simple_updates(session, ROUTES), session, known=known)
    with pytest.raises(WrongResultError, match="announces"):
        prove_withdrawn(shared, simple_updates(session, ROUTES), session)


def test_suppression_taken_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """ExaBGP's look into what it announced before finds nothing, ever."""
    from exabgp.rib.cache import Cache

    known = family.KnownRoutes()
    before = value(known.track_run_bytecodes, "announced again", "shared")
    assert value(known.track_updates, "announced again") == value(known.track_octets, "announced again") == 0
    real = Cache.in_cache

    def in_cache(self: Any, route: Any) -> Any:
        found = real(self, route)
        return (False, False) if isinstance(found, tuple) else False

    monkeypatch.setattr(Cache, "in_cache", in_cache)
    assert value(known.track_updates, "announced again") == 1
    assert value(known.track_octets, "announced again") > 200
    assert value(known.track_run_bytecodes, "announced again", "shared") > before + 300


@pytest.mark.usefixtures("_many_in_one")
def test_grouping_taken_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each route has an UPDATE of its own, whatever attributes it shares."""
    from exabgp.rib.outgoing import OutgoingRIB

    first, written = family.FirstAnnouncement(), family.FirstWritten()
    before = value(first.track_announce_bytecodes, "ipv4", "shared")
    assert value(written.track_updates, "ipv4", "shared") == 1
    assert value(written.track_octets, "ipv4", "shared") == 4066
    real = OutgoingRIB.updates
    monkeypatch.setattr(OutgoingRIB, "updates", lambda self, _grouped, *arguments: real(self, False, *arguments))
    assert value(written.track_updates, "ipv4", "shared") == 1000
    assert value(written.track_octets, "ipv4", "shared") == 70000
    assert value(first.track_announce_bytecodes, "ipv4", "shared") > before + 100


# Octets that 1,000 UPDATEs of a route each take; of IPv4 routes with the same attributes, one UPDATE.
OCTETS = {"ipv4": 70_000, "ipv6": 89_400, "labelled": 85_000, "vpnv4": 101_000, "vpnv6": 108_400}


@pytest.mark.usefixtures("_many_in_one")
@pytest.mark.parametrize("attributes", ["shared", "distinct"])
@pytest.mark.parametrize("of", SESSIONS)
def test_what_is_written_is_said_for_a_thousand_routes(of: Any, attributes: Any) -> None:
    written = family.FirstWritten()
    packed = (of, attributes) == ("ipv4", "shared")
    assert value(written.track_updates, of, attributes) == (1 if packed else 1000)
    assert value(written.track_octets, of, attributes) == (4066 if packed else OCTETS[of])


def test_growth_beyond_proportion_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that waits is walked for each route that comes in."""
    from exabgp.rib.outgoing import OutgoingRIB

    growth = family.AnnouncementGrowth()
    for method in (growth.track_announce_growth, growth.track_withdraw_growth):
        assert 0.98 <= value(method, "ipv4") <= 1.02
    real = OutgoingRIB.add_to_rib

    def add_to_rib(self: Any, *arguments: Any) -> Any:
        for _ in range(50):
            for _ in self._new_nlri:
                pass
        return real(self, *arguments)

    monkeypatch.setattr(OutgoingRIB, "add_to_rib", add_to_rib)
    assert value(growth.track_announce_growth, "ipv4") > 1.1
