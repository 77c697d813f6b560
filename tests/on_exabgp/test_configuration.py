"""Configurations that ExaBGP's reactor loads and loads again, on the ExaBGP that this process imports."""

import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from benchmarks.exabgp_compat import reactor as compat
from benchmarks.exabgp_compat.established import EstablishedSessions
from benchmarks.exabgp_compat.reactor import Reactor, forget_ribs
from benchmarks.exabgp_compat.rib import Announcements
from benchmarks.exabgp_compat.validation import Validation
from benchmarks.measure import count_bytecodes
from benchmarks.wire import simple_updates
from benchmarks.work import configuration as module
from benchmarks.work.announced import prove_left
from benchmarks.work.configuration import (
    CHANGES,
    ConfigurationFile,
    Loading,
    Reloading,
    Validating,
    configuration_text,
    prove_checked,
)
from benchmarks.work.proof import WrongResultError
from benchmarks.work.traffic import SESSION

STREAMS = [simple_updates(SESSION, 3), simple_updates(SESSION, 3, 3)]


@pytest.fixture(autouse=True)
def _a_configuration_can_be_read() -> None:
    try:
        Loading(1, 1)
    except NotImplementedError as reason:
        pytest.skip(str(reason))


def load(text: str) -> Reactor:
    forget_ribs()
    file = ConfigurationFile()
    file.write(text)
    reactor = Reactor(file.path)
    reactor.load()
    return reactor


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("next-hop", "next-pop"),
        ("1.0.0.0/24", "1.0.0.300/24"),
        ("local-as 65000;", "local-as;"),
        ("static {", "statik {"),
    ],
)
def test_configuration_that_exabgp_refuses_is_refused_in_its_own_words(good: str, bad: str) -> None:
    text = configuration_text(STREAMS)
    assert good in text
    with pytest.raises(ValueError, match=r"(?s)ExaBGP refuses the configuration: .*line \d+"):
        load(text.replace(good, bad, 1))


def test_process_has_its_signals_and_its_directory_back() -> None:
    def state() -> list[Any]:
        mask = os.umask(0)
        os.umask(mask)
        return [Path.cwd(), mask, *map(signal.getsignal, compat._SIGNALS)]

    before = state()
    load(configuration_text(STREAMS))
    assert state() == before


def test_file_is_gone_with_what_refers_to_it_and_with_its_process() -> None:
    file = ConfigurationFile()
    file.write("")
    path = Path(file.path)
    assert path.exists()
    del file
    gc.collect()
    assert not path.parent.exists()
    receiving, sending = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_leave_a_file, args=(sending,))
    child.start()
    path = Path(receiving.recv())
    child.join()
    until = time.monotonic() + 10
    while path.parent.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert not path.parent.exists()


def _leave_a_file(sending: Connection) -> None:
    file = ConfigurationFile()
    file.write("")
    sending.send(file.path)
    os._exit(0)


@pytest.mark.parametrize("template", [True, False])
def test_each_neighbour_has_its_routes(template: bool) -> None:
    Loading(3, 4, template)


def _last_lost(items: list[Any]) -> list[Any]:
    return items[:-1]


def _last_twice(items: list[Any]) -> list[Any]:
    return [*items, items[-1]]


@pytest.mark.parametrize(("spoil", "words"), [(_last_lost, "has lost"), (_last_twice, "once more")])
def test_lost_and_doubled_routes_are_refused(
    spoil: Callable[[list[Any]], list[Any]], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Announcements.drain
    monkeypatch.setattr(Announcements, "drain", lambda self: iter(spoil(list(real(self)))))
    with pytest.raises(WrongResultError, match=rf"neighbour 127\.1\.0\.0: .*{words}"):
        Loading(2, 3)


@pytest.mark.parametrize("what", ["neighbors", "peers"])
def test_lost_neighbour_is_refused(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = getattr(Reactor, what).fget
    monkeypatch.setattr(Reactor, what, property(lambda self: real(self)[:-1]))
    with pytest.raises(WrongResultError, match="the configuration has"):
        Loading(2, 3)


def test_what_the_daemon_writes_after_a_reload_brings_its_peers_up_to_date() -> None:
    for change in CHANGES:
        work = Reloading(2, 3, change)
        assert work.updates >= (change not in ("nothing", "one neighbour's hold time"))


def test_nothing_is_lost_where_time_passes_between_two_turns() -> None:
    """ExaBGP may give up to read after a tenth of a second, and lose what it has half read."""
    sessions = EstablishedSessions(load(configuration_text(STREAMS)), SESSION)
    written = [sessions.written(1)]
    for _ in range(3):
        time.sleep(0.11)
        written.append(sessions.written(5))
    sessions.close()
    for index, stream in enumerate(STREAMS):
        prove_left([octets for turns in written for octets in module.updates_of(turns[index])], stream, SESSION)


def test_routes_that_a_reload_sends_again_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    from exabgp.rib.outgoing import OutgoingRIB

    if not hasattr(OutgoingRIB, "replace_reload"):
        assert Reloading(2, 3, "nothing").updates == 6
        return
    assert Reloading(2, 3, "nothing").updates == 0

    def replace_reload(self: Any, _previous: list[Any], new: list[Any]) -> None:
        for route in new:
            self.add_to_rib(route, True)

    monkeypatch.setattr(OutgoingRIB, "replace_reload", replace_reload)
    assert Reloading(2, 3, "nothing").updates == 6


@pytest.mark.parametrize("change", ["one route more", "one route less", "one route's attributes"])
def test_change_that_does_not_reach_the_peer_is_refused(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.EstablishedSessions.written
    calls: Iterator[int] = iter(range(2))

    def written(self: Any, turns: int) -> list[list[bytes]]:
        found = real(self, turns)
        return found if not next(calls) else [[] for _ in found]

    monkeypatch.setattr(module.EstablishedSessions, "written", written)
    with pytest.raises(WrongResultError, match="the peer ends with"):
        Reloading(2, 3, change)


def test_session_that_is_not_closed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from exabgp.reactor.peer import Peer

    monkeypatch.setattr(Peer, "reestablish", lambda _self, _neighbor: None)
    with pytest.raises(WrongResultError, match=r"closes the sessions \[\], it should close \[0\]"):
        Reloading(2, 3, "one neighbour's hold time")


def test_routes_that_are_left_are_compared() -> None:
    first, second = ([message.wire for message in stream] for stream in STREAMS)
    prove_left([*first, *second, *first], [*STREAMS[0], *STREAMS[1]], SESSION)
    for messages in (
        STREAMS[0],
        [*STREAMS[0], *STREAMS[1][:2]],
        [*STREAMS[0], *STREAMS[1], *simple_updates(SESSION, 1, 9)],
    ):
        with pytest.raises(WrongResultError, match="the peer ends with"):
            prove_left([*first, *second], messages, SESSION)


def test_validation_is_the_same_each_time() -> None:
    work = Validating(3)
    first, second = (count_bytecodes(work.validate, work.prepare) for _ in range(2))
    assert first == second > 10_000


def test_validation_that_compares_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from exabgp.configuration import check

    name = "check_generation" if hasattr(check, "check_generation") else "check_neighbor"
    real, nothing = getattr(check, name), lambda _neighbors: True
    # The command has a name of its own for it.
    for user in (check, _command()):
        if getattr(user, name, None) is real:
            monkeypatch.setattr(user, name, nothing)
    with pytest.raises(WrongResultError, match=r"ExaBGP (does not look at 3 of 3 routes|decodes 0 routes for 3)"):
        Validating(3)


def _command() -> Any:
    return sys.modules.get("exabgp.application.validate")


def test_configuration_whose_routes_do_not_survive_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from exabgp.bgp.message.update.attribute.community.initial.communities import Communities

    def forget(self: Any, *_arguments: Any) -> str:
        return f"{id(self)}"

    monkeypatch.setattr(Communities, "__repr__", forget)
    with pytest.raises(WrongResultError, match="refuses a configuration that it can load"):
        Validating(2)


def test_errors_in_a_configuration_are_all_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Validation, "accepts", lambda _: True)
    with pytest.raises(WrongResultError, match="accepts a configuration that is wrong"):
        Validating(2)


def test_texts_of_checked_routes_are_compared() -> None:
    configured = "1.0.0.0/24 next-hop 192.0.2.1 origin igp as-path ( 65001 1 53490 42979 ) community [ 1000:0 1000:1 ]"
    decoded = f"{configured} local-preference 100"
    stream = simple_updates(SESSION, 1)
    prove_checked([configured, decoded], stream)
    other = decoded.replace("1000:1", "1000:2")
    for texts, words in (
        ([decoded], "does not look at 1 of 1 routes"),
        ([configured], "decodes 0 routes for 1"),
        ([configured, decoded, decoded], "decodes 2 routes for 1"),
        ([configured, decoded, other], "decodes 2 routes for 1"),
        ([configured, other], "decodes 1 routes for 1"),
    ):
        with pytest.raises(WrongResultError, match=words):
            prove_checked(texts, stream)
