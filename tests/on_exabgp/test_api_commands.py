"""Lines of an API process that ExaBGP's reactor handles, on the ExaBGP that this process imports."""

import gc
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.api_commands import _CIRCUMSTANCES, _KINDS
from benchmarks.exabgp_compat import api_process
from benchmarks.exabgp_compat.api_process import ApiProcess, Octets, choose_api_settings
from benchmarks.exabgp_compat.reactor import Reactor
from benchmarks.exabgp_compat.rib import Announcements
from benchmarks.exabgp_compat.session import negotiate
from benchmarks.exabgp_compat.startup import settings
from benchmarks.measure.process import open_files
from benchmarks.wire import commands, simple_updates
from benchmarks.work import api_commands as scripts
from benchmarks.work.api_commands import SESSION, Handling, Script
from benchmarks.work.proof import WrongResultError

# More than ExaBGP runs in a turn, and more octets than it reads at once.
MANY = 200


@pytest.fixture(autouse=True)
def _a_daemon_can_be_made() -> None:
    try:
        Handling(scripts.announce_end_of_rib(1)).close()
    except NotImplementedError as reason:
        pytest.skip(str(reason))


def script_of(kind: str, commands: int) -> Script:
    try:
        return _KINDS[kind].script(commands)
    except NotImplementedError as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("kind", _KINDS)
def test_every_line_does_its_work_and_is_answered(kind: str) -> None:
    work = Handling(script_of(kind, 3), "split", acknowledge=True)
    first = work.updates()
    work.prepare()
    work.run()
    assert work.updates() == first
    work.close()


@pytest.mark.parametrize("circumstance", _CIRCUMSTANCES)
def test_every_line_of_many_does_its_work(circumstance: str) -> None:
    work = _CIRCUMSTANCES[circumstance].work(MANY)
    assert sum(len(octets) for octets, _ in work._feed) > 0
    work.close()


def test_routes_wait_in_no_more_updates_than_there_are_attributes() -> None:
    assert (Handling(scripts.announce_routes(7)).updates(), Handling(scripts.announce_plain_routes(7)).updates()) == (
        7,
        1,
    )
    assert Handling(scripts.announce_known_routes(7)).updates() == 0


def test_suppression_that_is_taken_out_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from exabgp.rib.cache import Cache

    real = Cache.in_cache
    # Until 2020 it has two answers.
    monkeypatch.setattr(Cache, "in_cache", lambda *arguments: _nothing_of(real(*arguments)))
    with pytest.raises(WrongResultError, match="UPDATEs wait where nothing is to be sent"):
        Handling(scripts.announce_known_routes(3))


def _nothing_of(answer: Any) -> Any:
    return (False, False) if isinstance(answer, tuple) else False


@pytest.mark.parametrize("kind", [kind for kind in _KINDS if kind not in {"refused", "announce route, known"}])
def test_command_that_does_something_else_is_refused(kind: str) -> None:
    script = script_of(kind, 2)
    another = script.lines[-1].replace(" 1.0.", " 1.9.", 1).replace(" ipv4 unicast", " ipv4 flow")
    for lines in ([*script.lines[:-1], another], script.lines[:-1]):
        with pytest.raises(WrongResultError):
            Handling(script._replace(lines=lines))


def test_route_for_another_neighbour_is_refused() -> None:
    script = scripts.announce_to_one(3)
    elsewhere = [*script.lines[:-1], script.lines[-1].replace("127.1.0.3", "127.1.0.4")]
    with pytest.raises(WrongResultError, match=r"neighbour 127\.1\.0\.3: ExaBGP has lost"):
        Handling(script._replace(lines=elsewhere))
    everywhere = [line.split(" ", 2)[2] for line in script.lines]
    with pytest.raises(WrongResultError, match=r"neighbour 127\.1\.0\.0: 3 UPDATEs wait"):
        Handling(script._replace(lines=everywhere))


def test_bad_line_that_is_taken_and_good_one_that_is_refused_are_seen() -> None:
    good, bad = commands(simple_updates(SESSION, 1)), scripts.refused(4).lines
    for lines, refused in ((good * 4, 4), (bad, 3), ([*good, *bad], 5), ([*good, *bad], 3)):
        with pytest.raises(WrongResultError, match="lines with done and"):
            Handling(Script(lines, lambda _: None, refused=refused), acknowledge=True)
    Handling(Script([*bad], lambda _: None, refused=4), acknowledge=True).close()


def test_answers_are_read_where_none_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "choose_api_settings", lambda acknowledge: choose_api_settings(acknowledge=True))
    with pytest.raises(WrongResultError, match=r"answers 3 lines with done and 0 with error, .* 0 to be answered"):
        Handling(scripts.announce_routes(3), acknowledge=False)


def test_reader_that_loses_a_line_does_not_run_for_ever() -> None:
    work = Handling(scripts.announce_plain_routes(3))
    with pytest.raises(RuntimeError, match="2 lines were not received"):
        work._process.handle([Octets(b"announce eor ipv4 unicast\n", 3)])
    work.close()


def test_lines_beyond_what_a_pipe_holds_are_not_applicable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_process, "_CAPACITY", 4096)
    with pytest.raises(NotImplementedError, match="a pipe of this system takes 4096 octets"):
        Handling(scripts.announce_plain_routes(MANY))


def test_api_speaks_version_4() -> None:
    Handling(scripts.announce_routes(1)).close()
    api = settings().api
    try:
        version = api.version
    except (AttributeError, KeyError):
        return
    assert version == 4


def test_nothing_is_left_of_a_process_that_nobody_refers_to() -> None:
    gc.collect()
    before = open_files()
    work = Handling(scripts.announce_routes(2))
    process: subprocess.Popen[bytes] = work._process._process
    assert process.poll() is None
    del work
    gc.collect()
    assert process.returncode is not None
    assert open_files() == before


def test_reactor_knows_its_peers_as_established() -> None:
    work = Handling(scripts.announce_to_all(1))
    reactor: Reactor = work._reactor
    assert len(reactor.reactor.established_peers()) == 10
    work.prepare()
    work.run()
    drained: Iterator[list[bytes]] = (
        list(Announcements(negotiate(SESSION, one, "out")).drain()) for one in reactor.neighbors
    )
    assert list(map(len, drained)) == [1] * 10
    reactor.forget_waiting()
    assert isinstance(work._process, ApiProcess)
    work.close()
