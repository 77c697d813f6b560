"""Backlogs and what they are made of, on the ExaBGP that this process imports."""

import inspect
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from benchmarks.announced import prove_announced, prove_held
from benchmarks.backlog import Pending, Received, Written, backlog, simple_updates
from benchmarks.backlog_saturation import _COURSES, _RECEIVED, BacklogCost, _received
from benchmarks.exabgp_compat.connection import Link, chunks
from benchmarks.exabgp_compat.processes import WriteQueue
from benchmarks.exabgp_compat.protocol import ProtocolReader
from benchmarks.exabgp_compat.rib import IncomingRib, OutgoingRib, commands, forgetter, parse
from benchmarks.exabgp_compat.session import speaker
from benchmarks.measure import count_bytecodes
from benchmarks.proof import WrongResultError
from benchmarks.traffic import SESSION
from benchmarks.wire import decode_update, keepalive, simple_update, update

MESSAGES = 40


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


def announced(written: list[bytes]) -> list[str]:
    return [nlri.prefix for octets in written for nlri, _ in decode_update(octets[19:], SESSION).announced]


def test_routes_of_commands_are_announced_each_once(rib: OutgoingRib) -> None:
    messages = simple_updates(MESSAGES)
    rib.add(parse(commands(messages)))
    written = list(rib.drain())
    assert len(written) == MESSAGES
    prove_announced(written, messages, SESSION)
    assert list(rib.drain()) == []


def test_command_that_exabgp_refuses_is_refused() -> None:
    speaker(SESSION)
    with pytest.raises(ValueError, match="nonsense"):
        parse(["announce route 10.0.0.0/8 next-hop 192.0.2.1 nonsense"])


def test_what_waits_waits_again(rib: OutgoingRib) -> None:
    messages = simple_updates(MESSAGES)
    rib.add(parse(commands(messages[:30])))
    restore = rib.keep()
    first = list(rib.drain())
    restore()
    assert list(rib.drain()) == first
    restore()
    rib.add(parse(commands(messages[30:])))
    assert len(list(rib.drain())) == MESSAGES
    restore()
    assert list(rib.drain()) == first


def test_withdrawn_and_announced_again(rib: OutgoingRib) -> None:
    messages = simple_updates(MESSAGES)
    routes = parse(commands(messages))
    rib.add(routes)
    rib.cycle(rib.withdrawals(commands(messages[:10], "withdraw")), routes[:10])
    prove_announced(rib.drain(), messages, SESSION, withdrawn=messages[:10])


def executed_in_exabgp(call: Callable[[], object]) -> int:
    counted = count_bytecodes(call).by_code.items()
    return sum(number for code, number in counted if "/exabgp/" in code.co_filename)


def test_forgetting_makes_routes_as_just_parsed(rib: OutgoingRib) -> None:
    lines = commands(simple_updates(MESSAGES))
    routes = parse(lines)
    forget = forgetter(routes, lambda: rib.add(routes))
    fresh = iter([parse(lines) for _ in range(2)])

    def add(routes: list[Any]) -> None:
        rib.clear()
        rib.add(routes)

    def add_again() -> None:
        forget()
        add(routes)

    warm = executed_in_exabgp(lambda: add(routes))
    cold = executed_in_exabgp(add_again)
    assert cold > warm * 1.2
    assert executed_in_exabgp(lambda: add(next(fresh))) == cold


def test_routes_are_worked_off_as_if_never_before(rib: OutgoingRib) -> None:
    messages = simple_updates(MESSAGES)
    parsed = iter([parse(commands(messages)) for _ in range(2)])

    def fresh() -> None:
        rib.clear()
        rib.add(next(parsed))
        deque(rib.drain(), maxlen=0)

    work = Pending(messages).prove()

    def grown() -> None:
        work.grow()
        deque(work.rib.drain(), maxlen=0)

    whole = executed_in_exabgp(fresh)
    assert executed_in_exabgp(grown) == whole
    assert executed_in_exabgp(grown) == whole
    assert executed_in_exabgp(work.grow) + executed_in_exabgp(work.drain) == whole


def test_received_routes_are_kept_and_dropped() -> None:
    one = speaker(SESSION)
    link = Link()
    reader = ProtocolReader(one, link)
    messages = [simple_update(SESSION, 0), keepalive(), simple_update(SESSION, 1)]
    messages.append(update(SESSION, announce=["2001:db8::/32"], attributes={1: 0, 2: ((2, (65001,)),)}))
    read = reader.read(chunks([message.wire for message in messages]))
    rib = IncomingRib(one, read[0])
    rib.store(read)
    prove_held(rib.prefixes(), messages)
    messages.append(update(SESSION, withdraw=[nlri for nlri, _ in messages[0].truth.announced]))
    messages.append(update(SESSION, withdraw=["2001:db8::/32"]))
    rib.store(reader.read(chunks([message.wire for message in messages[-2:]])))
    prove_held(rib.prefixes(), messages)
    assert len(rib.prefixes()) == 1
    rib.clear()
    assert rib.prefixes() == []
    reader.close()
    link.close()


def test_every_line_reaches_the_api_process(queue: WriteQueue) -> None:
    lines = [f"line {number} {'x' * 600}" for number in range(500)]
    queue.write(lines)
    restore = queue.keep()
    for _ in range(2):
        assert b"".join(queue.drain()).decode().splitlines() == lines
        restore()
    queue.clear()
    assert queue.drain() == []


def test_exabgp_without_a_queue_of_writes_is_not_applicable(monkeypatch: pytest.MonkeyPatch) -> None:
    speaker(SESSION)
    from exabgp.reactor.api.processes import Processes

    for name in ("flush_write_queue", "flush_write_queue_async"):
        monkeypatch.delattr(Processes, name, raising=False)
    with pytest.raises(NotImplementedError, match="no queue of writes"):
        Written(10).prove()


@pytest.mark.parametrize("kind", ["received", "pending", "written"])
def test_backlog_is_worked_off_again_and_again(kind: Any) -> None:
    try:
        work = backlog(kind, MESSAGES)
    except NotImplementedError as reason:
        pytest.skip(str(reason))
    counts = {count_bytecodes(work.drain).measured for _ in range(3)}
    assert len(counts) == 1
    work.empty()
    work.fill()
    work.empty()


@pytest.mark.parametrize("name", _COURSES)
def test_course_of_events_repeats_exactly(name: str) -> None:
    try:
        course = _COURSES[name].build(60)
    except NotImplementedError as reason:
        pytest.skip(str(reason))
    assert len({count_bytecodes(course.run).measured for _ in range(3)}) == 1


@pytest.mark.parametrize("name", _RECEIVED)
def test_received_backlog_repeats_exactly(name: str) -> None:
    work = _received(name, 50)
    assert len({count_bytecodes(work.drain).measured for _ in range(2)}) == 1


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


def test_changed_attributes_are_refused() -> None:
    messages = simple_updates(3)
    work = Pending([*messages[:2], simple_update(SESSION, 7)])
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
        Received(simple_updates(MESSAGES)).prove()


def test_growth_beyond_proportion_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that is searched for each route that is kept."""
    speaker(SESSION)
    from exabgp.rib.outgoing import OutgoingRIB

    benchmark = BacklogCost()
    benchmark.setup("pending")
    healthy = benchmark.track_drain_growth("pending")
    assert 0.97 <= healthy <= 1.03
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
