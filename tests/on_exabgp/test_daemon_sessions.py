"""Whole daemons start, restart, reload, idle and are pressed, in small sizes, on every era."""

import inspect

import pytest

from benchmarks.work import daemon_idling
from benchmarks.work.announcing import Attributes
from benchmarks.work.daemon_backpressure import Acknowledgements, press
from benchmarks.work.daemon_idling import Load, idle, keepalive_gap
from benchmarks.work.daemon_resets import Sent, resets
from benchmarks.work.daemon_restarting import reload, resend
from benchmarks.work.daemon_starting import start

ROUTES = 20


@pytest.mark.parametrize(("routes", "peers"), [(0, 1), (ROUTES, 1), (0, 3)])
def test_a_daemon_starts(routes: int, peers: int) -> None:
    run = start(routes, peers)
    assert 0 < run.opened <= run.first <= run.whole
    assert run.cpu > 0


@pytest.mark.parametrize("attributes", ["shared", "distinct"])
def test_a_peer_that_comes_back_gets_all_again(attributes: Attributes) -> None:
    run = resend(ROUTES, attributes)
    assert run.updates == (1 if attributes == "shared" else ROUTES)
    assert run.back > 0
    assert run.whole > 0


def test_a_reload_with_nothing_changed_sends_nothing_or_everything() -> None:
    run = reload(ROUTES, "nothing")
    assert (run.updates, run.again) in [(0, 0), (ROUTES, ROUTES)]


def test_a_reload_with_a_new_route_sends_that() -> None:
    run = reload(ROUTES, "one route")
    # Once, twice, or with all that were there before.
    assert (run.updates, run.again) in [(1, 0), (2, 1), (ROUTES + 1, ROUTES)]
    assert run.whole > 0


def test_an_idle_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon_idling, "_WATCHED", 0.5)
    run = idle(2)
    assert run.whole >= 5 * 10**8
    assert run.cpu > 0
    # One that sleeps uses little; one that never does uses much.
    assert run.sleeps or run.cpu_share > 0.1


@pytest.mark.parametrize("load", ["receiving", "announcing"])
def test_the_longest_time_without_a_keepalive(load: Load) -> None:
    run = keepalive_gap(ROUTES, load)
    # Less than the second after which one is due: some send two when the session is established.
    assert run.gap > 0
    assert run.whole > 0


def test_the_gap_is_of_the_time_in_which_the_daemon_is_busy() -> None:
    keepalives = [0, 10, 40, 50, 150]
    assert daemon_idling._gap(1, keepalives, 45) == (1, 30, 45)
    assert daemon_idling._gap(1, keepalives, 51) == (1, 100, 51)


@pytest.mark.parametrize("acknowledgements", ["off", "read", "not read"])
def test_few_commands_freeze_no_daemon(acknowledgements: Acknowledgements) -> None:
    run = press(ROUTES, acknowledgements)
    assert (run.held, run.refused, run.recovery) == (0, 0, 0)
    assert run.whole > 0


@pytest.mark.parametrize("sent", ["an UPDATE in two parts", "an End-of-RIB of IPv4", "an UPDATE that is not kept"])
def test_only_coroutines_end_a_session_for_what_any_peer_may_send(sent: Sent) -> None:
    from exabgp.reactor.protocol import Protocol

    coroutines = hasattr(Protocol, "read_message_async") or inspect.iscoroutinefunction(Protocol.read_message)
    assert resets(sent).resets in ((0, 1) if coroutines else (0,))
