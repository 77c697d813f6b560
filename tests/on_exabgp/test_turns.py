"""The reactor's own loop, turn by turn: its sessions and commands are real, on the ExaBGP that this process imports."""

import gc
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from benchmarks.exabgp_compat.session import speaker
from benchmarks.measure import count_bytecodes, profile_bytecodes
from benchmarks.work import turns
from benchmarks.work.proof import WrongResultError
from benchmarks.work.traffic import SESSION
from benchmarks.work.turns import CommandTurns, IdleTurns, SilentPeers, waiting_commands

TURNS = 20


@pytest.fixture
def idle() -> Iterator[Callable[[int], IdleTurns]]:
    made: list[IdleTurns] = []

    def make(peers: int) -> IdleTurns:
        made.append(IdleTurns(peers, TURNS))
        return made[-1]

    yield make
    for work in made:
        work.close()


@pytest.fixture
def waiting() -> Iterator[CommandTurns]:
    work = waiting_commands(20)
    yield work
    work.close()


def cost(work: Any) -> int:
    return count_bytecodes(work.run, work.prepare)


def test_each_turn_costs_the_same(idle: Callable[[int], IdleTurns]) -> None:
    for peers in (0, 2):
        work = idle(peers)
        first = cost(work)
        assert first % TURNS == 0
        assert cost(work) == first
        # A reactor of its own, with sessions of its own.
        assert cost(idle(peers)) == first


def test_peers_cost_and_have_their_sessions(idle: Callable[[int], IdleTurns]) -> None:
    none, few, more = map(idle, (0, 2, 6))
    assert more._reactor.established() == 6
    assert cost(none) < cost(few) < cost(more)


def test_next_to_nothing_is_our_own(idle: Callable[[int], IdleTurns], waiting: CommandTurns) -> None:
    for work in (idle(0), waiting):
        assert profile_bytecodes(work.run, work.prepare).own_share < 0.1


def test_more_in_a_turn_is_seen(idle: Callable[[int], IdleTurns], monkeypatch: pytest.MonkeyPatch) -> None:
    before = cost(idle(1))
    from exabgp.reactor.loop import Reactor

    name = "active_peers" if hasattr(Reactor, "active_peers") else "_active_peers"
    namespace: dict[str, Any] = {}
    code = "def make(real):\n    def twice(self):\n        real(self)\n        return real(self)\n    return twice\n"
    # Code of this repository is not counted as ExaBGP's.
    exec(compile(code, "exabgp_patch.py", "exec"), namespace)
    monkeypatch.setattr(Reactor, name, namespace["make"](getattr(Reactor, name)))
    assert cost(idle(1)) > before


def test_peers_that_do_not_answer_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_PATIENCE", 0.5)
    monkeypatch.setattr(SilentPeers, "serve", lambda _: None)
    with pytest.raises(WrongResultError, match=r"2 peers have no sessions after 0\.5 s"):
        IdleTurns(2, TURNS)


def test_commands_are_handled_in_as_many_turns_each_time(waiting: CommandTurns) -> None:
    assert cost(waiting) == cost(waiting)
    waiting.prepare()
    waiting.run()
    assert len(list(waiting._rib.drain())) == waiting.messages


def test_command_that_is_lost_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    speaker(SESSION)
    from exabgp.reactor.asynchronous import ASYNC

    real = ASYNC.schedule
    seen: list[str] = []

    def schedule(self: Any, uid: str, command: str, callback: Any) -> None:
        seen.append(command)
        if len(seen) != 7:
            real(self, uid, command, callback)
        elif hasattr(callback, "close"):
            callback.close()

    monkeypatch.setattr(ASYNC, "schedule", schedule)
    monkeypatch.setattr(turns, "_PATIENCE", 1.0)
    with pytest.raises(WrongResultError, match="20 commands were not handled"):
        waiting_commands(20)


def test_nothing_is_left_behind(idle: Callable[[int], IdleTurns]) -> None:
    from exabgp.bgp import timer

    threads = threading.active_count()
    handlers = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)]
    work = IdleTurns(2, TURNS)
    commands = waiting_commands(5)
    assert handlers == [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)]
    work.close()
    commands.close()
    gc.collect()
    assert threading.active_count() == threads
    assert timer.time is time
