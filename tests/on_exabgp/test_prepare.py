"""What a run changes `prepare` puts back: each run costs what the first one did, on the ExaBGP of this process."""

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import islice
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.api_commands import _CIRCUMSTANCES, _KINDS
from benchmarks.backlog_saturation import _COURSES
from benchmarks.exabgp_compat.api import parse
from benchmarks.exabgp_compat.caches import forget_attributes, remember_fresh_caches
from benchmarks.exabgp_compat.decode import decoder, types_and_bodies
from benchmarks.exabgp_compat.peers import PeerReaders
from benchmarks.exabgp_compat.rib import OutgoingRib
from benchmarks.exabgp_compat.session import speaker, speakers
from benchmarks.measure import profile_bytecodes
from benchmarks.wire import Session, commands, mixed, simple_updates, update
from benchmarks.wire.families import FAMILIES
from benchmarks.work.announcing import EVENTS, ToNeighbors, announcing, announcing_self
from benchmarks.work.any_family import FamilyDecoding
from benchmarks.work.api_commands import Handling
from benchmarks.work.backlog import Pending, Received, Written
from benchmarks.work.command_queue import CommandQueueing
from benchmarks.work.configuration import CHANGES, Loading, Reloading
from benchmarks.work.decoding import Decoding
from benchmarks.work.encoding import Encoding
from benchmarks.work.family_announcing import announcing_family
from benchmarks.work.handling import COURSES
from benchmarks.work.many_peers import MainLoopReading, ScheduledReading
from benchmarks.work.proof import WrongResultError
from benchmarks.work.reading import BurstReading, ConnectionReading, ProtocolReading
from benchmarks.work.schedules import round_robin
from benchmarks.work.turns import IdleTurns, waiting_commands
from benchmarks.work.whole_sessions import OpenedSession, SentKeepalives, SentUpdates

SESSION = Session()
MESSAGES = 40


def executed_in_exabgp(call: Callable[[], object]) -> int:
    """Instructions of ExaBGP's own code in one call, the first one if need be."""
    # A call before the one that is counted is part of counting.
    calls = iter([lambda: None, call])
    counted = profile_bytecodes(lambda: next(calls)()).by_code.items()
    return sum(number for code, number in counted if "/exabgp/" in code.co_filename)


def _streams() -> list[list[Any]]:
    return [simple_updates(SESSION, 4, 4 * peer) for peer in range(5)]


def _announcing(event: str) -> Any:
    return announcing(event, "ipv4", "shared", MESSAGES).prove()


WORKS: dict[str, tuple[Callable[[], Any], str]] = {
    "decoding": (lambda: Decoding(simple_updates(SESSION, 10), SESSION, "cold"), "decode"),
    "decoding and using": (lambda: Decoding(simple_updates(SESSION, 10), SESSION, "cold"), "decode_and_use"),
    "connection": (lambda: ConnectionReading(_mixed(), SESSION), "read_and_decode"),
    "protocol": (lambda: ProtocolReading(simple_updates(SESSION, 10), SESSION), "read_and_use"),
    "bursts": (lambda: BurstReading(_mixed(), SESSION, 10), "read"),
    "schedule": (lambda: ScheduledReading(_streams(), round_robin([4] * 5), SESSION), "read"),
    "main loops": (lambda: MainLoopReading(_streams(), SESSION).prove(), "run_counted"),
    "received": (lambda: Received(simple_updates(SESSION, MESSAGES)).prove(), "drain_counted"),
    "handled": (lambda: COURSES["withdrawn and announced"].work("IPv4", 2), "run_counted"),
    "turns": (lambda: IdleTurns(2, 10), "run"),
    "turns with commands": (lambda: waiting_commands(20), "run"),
    "UPDATEs sent": (lambda: SentUpdates(MESSAGES), "run"),
    "KEEPALIVEs exchanged": (lambda: SentKeepalives(10), "run"),
    "session opened": (lambda: OpenedSession(0), "run"),
    "session restarted": (lambda: OpenedSession(MESSAGES), "run"),
    "pending": (lambda: Pending(simple_updates(SESSION, MESSAGES)).prove(), "drain_counted"),
    "written": (lambda: Written(MESSAGES).prove(), "drain_counted"),
    "VPNv4": (lambda: _family("VPNv4"), "decode_and_use"),
    "FlowSpec": (lambda: _family("IPv4 FlowSpec"), "decode_and_use"),
    "BGP-LS": (lambda: _family("BGP-LS IPv4 prefixes"), "decode_and_use"),
    "FlowSpec announced": (lambda: announcing_family("IPv4 FlowSpec", 10), "run"),
    "told in JSON": (lambda: Encoding(simple_updates(SESSION, 10), SESSION, "json"), "encode"),
    "told as text": (lambda: Encoding(simple_updates(SESSION, 10), SESSION, "text"), "encode"),
    "commands put in": (lambda: CommandQueueing(MESSAGES, None), "run"),
    "commands put in and run": (lambda: CommandQueueing(MESSAGES, 10), "run"),
    "next-hop self": (lambda: announcing_self("shared", MESSAGES).prove(), "run"),
    "a route to all neighbors": (lambda: ToNeighbors(5, to_all=True), "run"),
    "a route to one neighbor": (lambda: ToNeighbors(5, to_all=False), "run"),
    "configuration": (lambda: Loading(2, 5), "load"),
    "template": (lambda: Loading(2, 5, template=True), "load"),
}
WORKS |= {name: (lambda build=course.build: build(30), "run") for name, course in _COURSES.items()}
WORKS |= {event: (partial(_announcing, event), "run") for event in EVENTS}
WORKS |= {name: (lambda make=kind.script: Handling(make(3)), "run") for name, kind in _KINDS.items()}
WORKS |= {name: (lambda make=one.work: make(3), "run") for name, one in _CIRCUMSTANCES.items()}
WORKS |= {f"reload: {change}": (lambda change=change: Reloading(2, 3, change), "load") for change in CHANGES}


def _family(name: str) -> FamilyDecoding:
    return FamilyDecoding(FAMILIES[name].updates(3), FAMILIES[name].session)


def _mixed() -> list[Any]:
    return mixed(SESSION, MESSAGES, (1, 1, 10, 1, 0))


@pytest.fixture(autouse=True)
def _clock_that_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """ExaBGP's timers write to the log where it has moved on since the run before, the proof."""
    speaker(SESSION)
    from exabgp.bgp import timer

    now = time.time()
    monkeypatch.setattr(timer, "time", SimpleNamespace(time=lambda: now))


@pytest.mark.parametrize("name", WORKS)
def test_each_run_costs_what_the_first_did(name: str) -> None:
    make, run = WORKS[name]
    try:
        work = make()
    except NotImplementedError as reason:
        pytest.skip(str(reason))
    except WrongResultError as reason:
        if "JSON is invalid" not in str(reason):
            raise
        pytest.skip(f"this ExaBGP is wrong: {reason}")
    costs = []
    for _ in range(3):
        work.prepare()
        costs.append(executed_in_exabgp(getattr(work, run)))
    assert costs[0] > 0
    assert len({*costs}) == 1, costs


def test_cold_attributes_cost_what_attributes_never_seen_do() -> None:
    # Of the same AS numbers: ExaBGP remembers those of a process for ever, and they are no attributes.
    attributes = {1: 0, 2: ((2, (65001, 65002)),)}
    seen, never_seen = (
        update(SESSION, announce=["192.0.2.0/24"], attributes=attributes | {4: metric}) for metric in (9000, 9001)
    )
    one = speaker(SESSION)
    remember_fresh_caches()
    decode = decoder(one)
    deque(decode(*types_and_bodies([seen])), maxlen=0)
    forget_attributes(one)
    types, bodies = types_and_bodies([never_seen])
    first = executed_in_exabgp(lambda: deque(decode(types, bodies), maxlen=0))
    costs = {}
    for cache in ("cold", "warm"):
        work = Decoding([never_seen], SESSION, cache)
        work.prepare()
        costs[cache] = executed_in_exabgp(work.decode)
    assert costs["cold"] == first > costs["warm"] * 1.2


def test_pending_routes_cost_what_routes_just_parsed_do() -> None:
    updates = simple_updates(SESSION, MESSAGES)
    rib = OutgoingRib(speaker(SESSION, "out"))
    rib.add(parse(commands(updates)))
    first = executed_in_exabgp(lambda: deque(rib.drain(), maxlen=0))
    work = Pending(updates)
    for _ in range(2):
        work.prepare()
        assert executed_in_exabgp(work.drain) == first


def test_routes_that_waited_before_cost_less() -> None:
    """Why they are parsed anew: ExaBGP keeps with a route how it and its attributes are indexed."""
    rib = OutgoingRib(speaker(SESSION, "out"))
    routes = parse(commands(simple_updates(SESSION, MESSAGES)))

    def add() -> None:
        rib.clear()
        rib.add(routes)

    assert executed_in_exabgp(add) > executed_in_exabgp(add) * 1.2


@pytest.mark.parametrize("name", [name for name in _COURSES if "API" not in name])
def test_no_route_is_added_a_second_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    added: list[Any] = []
    add, cycle = OutgoingRib.add, OutgoingRib.cycle

    def kept(routes: list[Any]) -> list[Any]:
        added.extend(routes)
        return routes

    monkeypatch.setattr(OutgoingRib, "add", lambda rib, routes: add(rib, kept(routes)))
    monkeypatch.setattr(OutgoingRib, "cycle", lambda rib, withdrawn, routes: cycle(rib, kept(withdrawn), kept(routes)))
    work = _COURSES[name].build(30)
    work.prepare()
    work.run()
    assert len({*map(id, added)}) == len(added) > work.messages


def test_peers_of_one_message_know_nothing_of_the_run_before() -> None:
    streams, schedule = [stream[:1] for stream in _streams()], list(range(5))
    work = ScheduledReading(streams, schedule, SESSION)
    work.prepare()
    cost = executed_in_exabgp(work.read)
    others = speakers(SESSION, 5)
    readers = PeerReaders(others, [message.wire for (message,) in streams], schedule)
    # What a connection does once.
    readers.read()
    for one in others:
        forget_attributes(one)
    assert executed_in_exabgp(readers.read) == cost
    readers.close()


def test_the_same_routes_wait_again() -> None:
    updates = simple_updates(SESSION, MESSAGES)
    work = Pending(updates[:30])
    work.prepare()
    first = list(work.rib.drain())
    assert len(first) == 30
    # Neither what was left of a backlog nor what came in meanwhile waits.
    work.prepare()
    deque(islice(work.rib.drain(), 10), maxlen=0)
    work.rib.add(parse(commands(updates[30:])))
    work.prepare()
    assert list(work.rib.drain()) == first
