"""The whole table of the Internet: read and kept by ExaBGP in this process, or received by a daemon."""

import time
from collections.abc import Iterable
from itertools import chain, islice
from typing import Literal, NamedTuple

from benchmarks.daemon_harness import API_READS, Daemon, Settings
from benchmarks.exabgp_compat.main_loop import MainLoops, to_the_end
from benchmarks.exabgp_compat.session import speaker
from benchmarks.measure import count_bytecodes, kept_bytes
from benchmarks.measure.process import resident_bytes
from benchmarks.wire import (
    HEADER_SIZE,
    IPV4_UNICAST,
    IPV6_UNICAST,
    FullTable,
    Message,
    MessageType,
    Session,
    decode_update,
    update,
)
from benchmarks.work.announced import prove_held_with_attributes
from benchmarks.work.daemon_chances import with_retries
from benchmarks.work.daemon_receiving import prefixes_told
from benchmarks.work.limits import require_memory
from benchmarks.work.progress import Chunks, ended_with_the_block, tell
from benchmarks.work.proof import WrongResultError, prove_decoded
from benchmarks.work.shared_runs import shared
from benchmarks.work.told import prove_told

type Family = Literal["IPv4", "IPv6"]

SESSIONS = {"IPv4": Session(families=(IPV4_UNICAST,)), "IPv6": Session(families=(IPV6_UNICAST,))}
# The last route that a daemon is sent, which no table has: all others were told of when it is.
_BARRIERS = {"IPv4": "192.0.2.0/24", "IPv6": "2001:db8:ffff::/48"}
# Of UPDATEs: as many are compared whole, of all of them the prefixes; and instructions are counted of as many.
_COMPARED, _COUNTED = 1000, 500
# Bytes for a route, half as much again as was seen on any commit: resident; with each allocation traced; of a daemon
# and the lines that its API process has read.
_HELD, _TRACED, _TOLD = 2000, 4000, 4000


class Received(NamedTuple):
    """A table received. Times are in nanoseconds; memory is in bytes, what it has grown by."""

    routes: int
    whole: int
    cpu: int
    resident: int
    resets: int = 0

    def prepare(self) -> None:
        """It has been run."""

    @property
    def us_per_route(self) -> float:
        """Microseconds for each route."""
        return round(self.whole / 1000 / self.routes, 3)

    @property
    def cpu_us_per_route(self) -> float:
        """Microseconds of CPU time for each route."""
        return round(self.cpu / 1000 / self.routes, 3)


class Exact(NamedTuple):
    """An exact number of a table, already counted."""

    value: float

    def prepare(self) -> None:
        """It has been counted."""


class Ledger:
    """Which routes of a table there were, and how often."""

    def __init__(self, table: FullTable) -> None:
        self._table = table
        self._numbers = table.numbers()
        self._marks = bytearray(table.whole)
        self._twice = self._strange = 0

    def take(self, prefixes: Iterable[str]) -> None:
        """Note each of some prefixes."""
        number_of, marks = self._table.number, self._marks
        for prefix in prefixes:
            number = number_of(prefix)
            if number is None:
                self._strange += 1
            elif marks[number]:
                self._twice += 1
            else:
                marks[number] = 1

    def check(self) -> None:
        """Raise WrongResultError unless there was each route of the table once, and no other."""
        known = [self._marks[numbers.start : numbers.stop].count(1) for numbers in self._numbers]
        lost, strange = self._table.routes - sum(known), self._strange + self._marks.count(1) - sum(known)
        if lost or self._twice or strange:
            raise WrongResultError(
                f"of {self._table.routes:,} routes {lost:,} are lost and {self._twice:,} are there twice, and"
                f" {strange:,} are there that nobody sent"
            )


class Table:
    """A table, or some UPDATEs, of a peer, read and kept in the Adj-RIB-In by ExaBGP's own main loop of the peer."""

    def __init__(self, table: FullTable, what: str, updates: Iterable[bytes] | None = None) -> None:
        self._table, self._what = table, what
        self.speaker = speaker(table.session)
        # A chunk at a time: all UPDATEs are never there as objects.
        stream = to_the_end(table.updates() if updates is None else updates)
        self.loop = MainLoops([self.speaker], [Chunks(what, stream)])
        self.prepare = self.loop.clear

    def run(self) -> None:
        """Read and keep all."""
        with ended_with_the_block(self._what):
            self.loop.run()

    def fill(self) -> None:
        """Read and keep all, while the clock is held, and nothing else stays."""
        with ended_with_the_block(self._what):
            self.loop.run_while_the_clock_is_held()
        self.loop.forget_what_has_ended()

    def prove(self) -> None:
        """Raise WrongResultError unless the Adj-RIB-In has each route of the table once."""
        ledger = Ledger(self._table)
        ledger.take(self.loop.prefixes()[0])
        ledger.check()

    def close(self) -> None:
        """Close the connection."""
        self.loop.close()


@shared
def receive(family: Family, routes: int | None = None) -> Received:
    """The table, or a beginning of it, received once: timed with ExaBGP's own collector of garbage at work.

    Raises WrongResultError where a route is lost, there twice or different.
    """
    table = _checked(family, routes, _HELD)
    work = Table(table, f"{family} table received")
    before = resident_bytes()
    started, used = time.perf_counter_ns(), time.process_time_ns()
    work.run()
    whole, cpu = time.perf_counter_ns() - started, time.process_time_ns() - used
    resident = resident_bytes() - before
    work.prove()
    return Received(table.routes, whole, cpu, resident)


def count_kept_bytes(family: Family, routes: int | None = None) -> Exact:
    """Bytes that are kept for each route of the table, or of a beginning of it."""
    table = _checked(family, routes, _TRACED)
    first, work = _first(table, _COMPARED), Table(table, f"{family} table kept")
    kept = kept_bytes(work.fill, release=work.prepare, before=first.fill)
    work.prove()
    return Exact(round(kept / table.routes, 1))


def count_instructions(family: Family, routes: int | None = None) -> Exact:
    """Bytecode instructions for each route of the first UPDATEs, which have the shares of the whole."""
    table = FullTable(SESSIONS[family], routes)
    first = _first(table, _COUNTED)
    bytecodes = count_bytecodes(first.fill, first.prepare)
    return Exact(round(bytecodes / len(first.loop.prefixes()[0]), 3))


@shared
def receive_by_daemon(family: Family, routes: int | None = None) -> Received:
    """The table, or a beginning of it, received by a daemon that tells an API process of it as JSON.

    Raises WrongResultError where a route is lost or told twice, and DaemonError for what else a daemon does wrong;
    where it resets the session it gets another chance.
    """
    table = _checked(family, routes, _TOLD)
    received, resets = with_retries(lambda: _receive_by_daemon(family, table))
    return received._replace(resets=resets)


def _receive_by_daemon(family: Family, table: FullTable) -> Received:
    what = f"{family} table received by a daemon"
    with Daemon(Settings(table.session, api=API_READS)) as daemon:
        (peer,), api = daemon.peers, daemon.api
        assert api
        barrier = f'"{_BARRIERS[family]}"'
        peer.send(b"".join(chain(table.updates(), [update(table.session, announce=[_BARRIERS[family]]).wire])))
        octets = peer.unsent
        api.watch_for(barrier)
        daemon.start()
        daemon.until(lambda: peer.open_at, lambda: 0, "OPENs")
        before, resident = daemon.used(), resident_bytes(daemon.pid)

        def read() -> int:
            tell(what, octets - peer.unsent, octets)
            return api.octets_read

        with ended_with_the_block(what):
            daemon.until(lambda: api.seen_at, read, f"octets of JSON of {table.routes:,} routes")
        whole, cpu = api.seen_at - peer.first_sent_at, daemon.used().daemon - before.daemon
        resident = resident_bytes(daemon.pid) - resident
        ledger, first = Ledger(table), []
        for _, line in api.lines():
            if barrier not in line:
                ledger.take(prefixes_told(line))
                first += [[line]] * (len(first) < _COMPARED)
        ledger.check()
        prove_told(first, _messages(table, len(first)), "json")
        return Received(table.routes, whole, cpu, resident)


def _checked(family: Family, routes: int | None, bytes_for_a_route: int) -> FullTable:
    """The table, of which the first UPDATEs are proven to be decoded, where memory for all of it is available."""
    table = FullTable(SESSIONS[family], routes)
    require_memory(table.routes * bytes_for_a_route)
    _first(table, _COMPARED).close()
    return table


def _first(table: FullTable, updates: int) -> Table:
    """The first UPDATEs of a table, proven."""
    messages = _messages(table, updates)
    what = f"first {len(messages)} UPDATEs"
    work = Table(table, what, [message.wire for message in messages])
    with ended_with_the_block(what):
        read = [message for _, message in work.loop.recorded_run(updates)]
    prove_decoded(read, messages, work.speaker)
    prove_held_with_attributes(work.loop.routes(), messages)
    work.prepare()
    return work


def _messages(table: FullTable, updates: int) -> list[Message]:
    """The first UPDATEs of a table, with their truths."""
    bodies = (octets[HEADER_SIZE:] for octets in islice(table.updates(), updates))
    return [Message(MessageType.UPDATE, body, decode_update(body, table.session)) for body in bodies]
