"""Backlogs and what they are made of, on the ExaBGP that this process imports."""

import inspect
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

import pytest

from benchmarks.backlog_saturation import _COURSES, BacklogCost
from benchmarks.exabgp_compat.api import parse
from benchmarks.exabgp_compat.main_loop import MainLoops
from benchmarks.exabgp_compat.rib import OutgoingRib
from benchmarks.exabgp_compat.session import speaker
from benchmarks.exabgp_compat.write_queue import WriteQueue
from benchmarks.wire import (
    MessageType,
    commands,
    decode_update,
    keepalive,
    notification,
    simple_update,
    simple_updates,
    update,
)
from benchmarks.work.announced import prove_announced, prove_held
from benchmarks.work.backlog import Pending, Received, Written, backlog
from benchmarks.work.outgoing_courses import Oscillation, TwoTasks
from benchmarks.work.proof import WrongResultError
from benchmarks.work.traffic import SESSION

MESSAGES = 40
# ORIGIN and AS_PATH: the least that a route has.
ATTRIBUTES = {1: 0, 2: ((2, (65001,)),)}


@pytest.fixture
def rib() -> OutgoingRib:
    return OutgoingRib(speaker(SESSION, "out"))


@pytest.fixture
def queue() -> Iterator[WriteQueue]:
    try:
        found = WriteQueue()
    except NotImplementedError as reason:
        pytest.skip(str(reason))
    yield found
    found.close()


def test_routes_of_commands_are_announced_each_once(rib: OutgoingRib) -> None:
    messages = simple_updates(SESSION, MESSAGES)
    rib.add(parse(commands(messages)))
    written = list(rib.drain())
    assert len(written) == MESSAGES
    prove_announced(written, messages, SESSION)
    assert list(rib.drain()) == []


def test_command_that_exabgp_refuses_is_refused() -> None:
    speaker(SESSION)
    with pytest.raises(ValueError, match="nonsense"):
        parse(["announce route 10.0.0.0/8 next-hop 192.0.2.1 nonsense"])


def test_withdrawn_and_announced_again(rib: OutgoingRib) -> None:
    messages = simple_updates(SESSION, MESSAGES)
    routes = parse(commands(messages))
    rib.add(routes)
    rib.cycle(rib.withdrawals(commands(messages[:10], "withdraw")), routes[:10])
    prove_announced(rib.drain(), messages, SESSION, withdrawn=messages[:10])


def test_main_loop_keeps_what_is_announced_and_drops_what_is_withdrawn() -> None:
    other_family = update(SESSION, announce=["2001:db8::/32"], attributes=ATTRIBUTES)
    first = simple_update(SESSION, 0)
    messages = [first, keepalive(), simple_update(SESSION, 1), other_family]
    later = [
        update(SESSION, withdraw=[nlri for nlri, _ in first.truth.announced]),
        update(SESSION, withdraw=["2001:db8::/32"]),
    ]
    for stream, left in ((messages, 3), ([*messages, *later], 1)):
        loop = MainLoops([speaker(SESSION)], [[message.wire for message in (*stream, notification(6, 2))]])
        loop.run()
        (prefixes,) = loop.prefixes()
        assert len(prefixes) == left
        prove_held(prefixes, stream)
        loop.clear()
        assert loop.prefixes() == [[]]
        loop.close()


def test_long_stream_is_read_whole_and_kept() -> None:
    """Many times what a socket takes at once: the rest is sent as ExaBGP reads."""
    stream = [
        update(SESSION, announce=[f"10.{number >> 8}.{number & 0xFF}.0/24"], attributes=ATTRIBUTES)
        for number in range(20000)
    ]
    Received(stream).prove()


def test_what_waits_for_a_neighbour_is_not_sent_by_a_received_backlog(monkeypatch: pytest.MonkeyPatch) -> None:
    """ExaBGP keeps RIBs by the neighbour's name: what other work in this process has left is there as well."""
    sent = bytearray()

    def keep_sent(loops: MainLoops) -> None:
        with suppress(BlockingIOError):
            sent.extend(loops._links[0].peer.recv(1 << 20, socket.MSG_DONTWAIT))

    monkeypatch.setattr(MainLoops, "_discard_sent", keep_sent)
    pending = Pending(simple_updates(SESSION, MESSAGES))
    pending.fill()
    work = Received(simple_updates(SESSION, MESSAGES)).prove()
    pending.fill()
    work.prepare()
    work.drain()
    assert announced(sent) == []
    pending.fill()
    assert len(announced(b"".join(pending.rib.drain()))) == MESSAGES


def announced(stream: bytes) -> list[str]:
    """Prefixes that the UPDATEs of a stream announce."""
    prefixes = []
    while stream:
        size, kind = struct.unpack_from("!HB", stream, 16)
        if kind == MessageType.UPDATE:
            prefixes += [nlri.prefix for nlri, _ in decode_update(bytes(stream[19:size]), SESSION).announced]
        stream = stream[size:]
    return prefixes


def test_every_line_reaches_the_api_process(queue: WriteQueue) -> None:
    lines = [f"line {number} {'x' * 600}" for number in range(500)]
    queue.write(lines)
    assert b"".join(queue.drain()).decode().splitlines() == lines
    queue.write(lines)
    queue.clear()
    assert queue.drain() == []


def test_exabgp_without_a_queue_of_writes_is_not_applicable(monkeypatch: pytest.MonkeyPatch) -> None:
    speaker(SESSION)
    from exabgp.reactor.api.processes import Processes

    for name in ("flush_write_queue", "flush_write_queue_async"):
        monkeypatch.delattr(Processes, name, raising=False)
    with pytest.raises(NotImplementedError, match="no queue of writes"):
        Written(10).prove()


def _last_lost(items: list[Any]) -> list[Any]:
    return items[:-1]


def _last_twice(items: list[Any]) -> list[Any]:
    return [*items, items[-1]]


def _another_for_last(items: list[Any]) -> list[Any]:
    return [*items[:-1], items[-2]]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [(_last_lost, "has lost"), (_last_twice, "once more"), (_another_for_last, "once more")],
)
def test_lost_and_doubled_routes_are_refused(
    spoil: Callable[[list[Any]], list[Any]], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker(SESSION)
    from exabgp.rib.outgoing import OutgoingRIB

    real = OutgoingRIB.updates

    def updates(self: Any, *arguments: Any) -> Iterator[Any]:
        found = list(real(self, *arguments))
        return iter(spoil(found) if found else found)

    monkeypatch.setattr(OutgoingRIB, "updates", updates)
    courses = [_COURSES[name].build for name in _COURSES if "API" not in name]
    for build in [lambda most: backlog("pending", most), *courses]:
        with pytest.raises(WrongResultError, match=f"{words}|wrote"):
            build(60)


@pytest.mark.parametrize("long_course", [Oscillation, TwoTasks])
def test_each_run_of_a_long_course_counts_its_updates(
    long_course: type[Oscillation | TwoTasks], monkeypatch: pytest.MonkeyPatch
) -> None:
    course = long_course(60, 2)
    course.prepare()
    course.run()
    from exabgp.rib.outgoing import OutgoingRIB

    real = OutgoingRIB.updates
    monkeypatch.setattr(OutgoingRIB, "updates", lambda rib, grouped: islice(real(rib, grouped), 1, None))
    course.prepare()
    with pytest.raises(WrongResultError, match="UPDATEs for "):
        course.run()


def test_changed_attributes_are_refused() -> None:
    messages = simple_updates(SESSION, 3)
    work = Pending([*messages[:2], simple_update(SESSION, 7)])
    work.prepare()
    written = list(work.rib.drain())
    with pytest.raises(WrongResultError, match="has lost"):
        prove_announced(written, messages, SESSION)
    changed = update(
        SESSION,
        announce=[nlri for nlri, _ in messages[0].truth.announced],
        attributes={code: value for code, value in messages[1].truth.attributes.items() if code != 3},
    )
    with pytest.raises(WrongResultError, match="it was given"):
        prove_announced(written[:1], [changed], SESSION)
    with pytest.raises(WrongResultError, match="announced 3 routes, it was given 2"):
        prove_announced(written, messages[:2], SESSION)


@pytest.mark.parametrize("lose", [True, False])
def test_received_routes_lost_or_invented_are_refused(lose: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    speaker(SESSION)
    from exabgp.rib.incoming import IncomingRIB

    real = IncomingRIB.update_cache
    seen: list[Any] = []

    def update_cache(self: Any, *arguments: Any) -> Any:
        seen.append(arguments)
        if not lose or len(seen) % 2:
            return real(self, *(arguments if lose else seen[0]))
        return None

    update_cache.__signature__ = inspect.signature(real)  # type: ignore[attr-defined]
    monkeypatch.setattr(IncomingRIB, "update_cache", update_cache)
    with pytest.raises(WrongResultError, match="ExaBGP holds"):
        Received(simple_updates(SESSION, MESSAGES)).prove()


def test_growth_beyond_proportion_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that is searched for each route that is kept."""
    speaker(SESSION)
    from exabgp.rib.outgoing import OutgoingRIB

    benchmark = BacklogCost()
    benchmark.track_drain_growth.setup("pending")
    assert 0.97 <= benchmark.track_drain_growth("pending") <= 1.03
    real = OutgoingRIB.updates

    # Code of this repository is not counted as ExaBGP's.
    namespace: dict[str, Any] = {}
    code = compile(
        "def make(real):\n"
        "    def updates(self, *arguments):\n"
        "        seen = []\n"
        "        for found in real(self, *arguments):\n"
        "            for other in seen:\n"
        "                assert other is not found\n"
        "            seen.append(found)\n"
        "            yield found\n"
        "    return updates\n",
        "exabgp_patch.py",
        "exec",
    )
    exec(code, namespace)
    monkeypatch.setattr(OutgoingRIB, "updates", namespace["make"](real))
    assert benchmark.track_drain_growth("pending") > 1.2
