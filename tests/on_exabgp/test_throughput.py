"""High load throughput on the ExaBGP that this process imports: bursts, messages of all types, the command queue."""

from typing import Any

import pytest

from benchmarks.exabgp_compat.bursts import BurstReader
from benchmarks.exabgp_compat.command_queue import CommandQueue
from benchmarks.exabgp_compat.connection import Link, chunks
from benchmarks.exabgp_compat.session import speaker
from benchmarks.measure import count_bytecodes
from benchmarks.wire import Message, Session, keepalive, route_refresh, simple_update, ten_route_update
from benchmarks.work.command_queue import CommandQueueing
from benchmarks.work.proof import WrongResultError, prove_decoded
from benchmarks.work.reading import BurstReading, ProtocolReading

SESSION = Session()

# Commands that are lost on purpose are coroutines in the asynchronous era.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")


def messages() -> list[Message]:
    return [
        simple_update(SESSION, 1),
        keepalive(),
        ten_route_update(SESSION, 2),
        route_refresh(1, 1),
        simple_update(SESSION, 3),
    ]


@pytest.mark.parametrize("reading", [ProtocolReading, BurstReading])
@pytest.mark.parametrize("at_once", [1, 2, None])
def test_messages_of_all_types_are_read_again_and_again(reading: type[ProtocolReading], at_once: int | None) -> None:
    work = reading(messages(), SESSION, at_once)
    work.read()
    work.read()


def test_bursts_are_read_whole_and_in_order() -> None:
    one = speaker(SESSION)
    sent = [simple_update(SESSION, index) for index in range(30)]
    link = Link()
    reader = BurstReader(one, link)
    prove_decoded(reader.read(chunks([message.wire for message in sent], 10)), sent, one)
    reader.close()
    link.close()


def test_each_burst_waits_for_the_peer_first() -> None:
    """Ten bursts of ten take ExaBGP more than a hundred messages at once: it asked ten times and found nothing."""
    sent = [simple_update(SESSION, index) for index in range(100)]
    bursts, batch = BurstReading(sent, SESSION, 10), ProtocolReading(sent, SESSION)
    assert count_bytecodes(bursts.read) > count_bytecodes(batch.read)


@pytest.mark.parametrize("reading", [ProtocolReading, BurstReading])
def test_lost_message_is_refused(reading: type[ProtocolReading], monkeypatch: pytest.MonkeyPatch) -> None:
    import benchmarks.work.reading as module

    monkeypatch.setattr(module, "chunks", lambda wires, at_once: chunks([*wires[:2], wires[-1]], at_once))
    with pytest.raises(WrongResultError, match="message 2"):
        reading(messages(), SESSION)


def test_commands_run_once_and_in_order() -> None:
    queue = CommandQueue()
    ran: list[int] = []
    for first in (0, 120):
        queue.schedule_new([queue.recorder(ran.append, number) for number in range(first, first + 120)])
        queue.drain()
    assert ran == list(range(240))
    queue.close()


def test_cleared_queue_runs_nothing() -> None:
    queue = CommandQueue()
    ran: list[int] = []
    queue.schedule_new([queue.recorder(ran.append, 1)])
    queue.clear()
    queue.drain()
    assert ran == []
    queue.close()


@pytest.mark.parametrize(("commands", "at_once", "left"), [(30, None, 30), (30, 10, 0), (300, 300, 0)])
def test_queue_holds_what_was_only_put_in_until_it_is_emptied(commands: int, at_once: int | None, left: int) -> None:
    work = CommandQueueing(commands, at_once)
    for _ in range(2):
        work.prepare()
        assert not work._queue._queue._async
        work.run()
        assert len(work._queue._queue._async) == left


def reverse(queue: Any) -> None:
    queue.reverse()


def lose(queue: Any) -> None:
    queue.pop()


@pytest.mark.parametrize("spoil", [reverse, lose])
def test_another_order_or_a_lost_command_is_refused(spoil: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    drain = CommandQueue._drain_async if CommandQueue()._loop else CommandQueue._drain

    def spoilt(self: CommandQueue) -> None:
        spoil(self._queue._async)
        drain(self)

    monkeypatch.setattr(CommandQueue, drain.__name__, spoilt)
    with pytest.raises(WrongResultError, match="20 commands were put in"):
        CommandQueueing(20, 20)
