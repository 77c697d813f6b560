"""Whole daemons start, restart, reload, idle and are pressed, in small sizes, on every era."""

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType

import pytest

from benchmarks.daemon_harness import Api, Usage
from benchmarks.work import daemon_backpressure, daemon_idling, daemon_restarting, daemon_starting
from benchmarks.work.announcing import Attributes
from benchmarks.work.daemon_backpressure import Acknowledgements, press
from benchmarks.work.daemon_idling import Gap, Load, idle, keepalive_gap
from benchmarks.work.daemon_resets import Sent, resets
from benchmarks.work.daemon_restarting import reload, resend
from benchmarks.work.daemon_starting import start, start_many
from benchmarks.work.proof import WrongResultError

ROUTES = 20


@pytest.mark.parametrize("routes", [0, ROUTES])
def test_a_daemon_starts(routes: int) -> None:
    run = start(routes)
    assert run.messages == 1
    assert 0 < run.opened <= run.first == run.whole
    assert run.used.daemon > 0


def test_a_daemon_starts_with_many_peers() -> None:
    run = start_many(3)
    assert run.messages == 3
    assert 0 < run.opened <= run.first <= run.whole
    assert run.used.daemon > 0


@pytest.mark.parametrize(
    ("room", "name", "run"),
    [
        (daemon_starting, "static_routes", partial(start, ROUTES)),
        (daemon_restarting, "static_routes", partial(resend, ROUTES, "shared")),
        (daemon_restarting, "static_routes", partial(reload, ROUTES, "nothing")),
        (daemon_restarting, "commands", partial(reload, ROUTES, "one route")),
        (daemon_backpressure, "commands", partial(press, ROUTES, "off")),
        (daemon_idling, "commands", partial(keepalive_gap, ROUTES, "announcing")),
    ],
    ids=lambda value: value.__name__.rpartition(".")[2] if isinstance(value, ModuleType) else None,
)
def test_routes_with_other_attributes_are_refused(
    room: ModuleType, name: str, run: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = getattr(room, name)
    monkeypatch.setattr(
        room, name, lambda messages: [text.replace("origin igp", "origin egp") for text in texts(messages)]
    )
    with pytest.raises(WrongResultError, match=r"announced .* it was given|the peer ends with"):
        run()


@pytest.mark.parametrize(("line", "words"), [(1, "0 are lost and 1 are there twice"), (0, "1 are lost")])
def test_lines_that_are_lost_or_there_twice_are_refused_under_load(
    line: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = Api.lines

    def others(api: Api) -> Iterator[tuple[int, str]]:
        first, *rest = lines(api)
        return iter([first] * 2 * line + rest)

    monkeypatch.setattr(Api, "lines", others)
    with pytest.raises(WrongResultError, match=f"^of {ROUTES} routes {words}"):
        keepalive_gap(ROUTES, "receiving")


@pytest.mark.parametrize("attributes", ["shared", "distinct"])
def test_a_peer_that_comes_back_gets_all_again(attributes: Attributes) -> None:
    run = resend(ROUTES, attributes)
    assert run.updates == (1 if attributes == "shared" else ROUTES)
    assert run.back > 0
    # What comes in one read has one time.
    assert run.whole >= 0


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
    assert run.used.time >= 5 * 10**8
    assert run.used.daemon > 0
    # One that sleeps uses little; one that never does uses much.
    assert run.sleeps or run.cpu_share > 0.1


@pytest.mark.parametrize("load", ["receiving", "announcing"])
def test_the_longest_time_without_a_keepalive(load: Load) -> None:
    run = keepalive_gap(ROUTES, load)
    # Less than the second after which one is due: some send two when the session is established.
    assert run.gap > 0
    assert run.used.time > 0


def test_the_gap_is_of_the_time_in_which_the_daemon_is_busy() -> None:
    used = Usage(0, 0, 0, 0)
    keepalives = [0, 10, 40, 50, 150]
    assert daemon_idling._gap(1, keepalives, 45, used) == Gap(1, 30, used)
    assert daemon_idling._gap(1, keepalives, 51, used) == Gap(1, 100, used)


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
