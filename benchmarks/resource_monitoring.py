"""Resource monitoring: rows R01-R12, X04, X11 and X32 of the checklist.

Memory and CPU time of ExaBGP under load. Three instruments, each for what it shows best: tracemalloc for bytes that
stay allocated, exact; asv's peakmem for the most a process took; psutil for resident memory and CPU seconds, read in a
process of its own for each load. Figures of psutil depend on the system, and vary by some per cent.

Where memory is short, or psutil has no figure, a benchmark is not applicable, with the reason.
"""

import time
from typing import Literal

from benchmarks.common import Benchmark, Size, on
from benchmarks.measure import kept_bytes, kept_objects
from benchmarks.measure.leak import leak_slope, mean_slope
from benchmarks.wire import simple_updates
from benchmarks.work.announcing import Attributes, Family
from benchmarks.work.backlog import Pending, Received
from benchmarks.work.churn import CONTENTS, Content, churn
from benchmarks.work.holding import Announced, Rib, holding
from benchmarks.work.limits import require_memory
from benchmarks.work.load_process import Usage, usage
from benchmarks.work.loads import LOADS, Load
from benchmarks.work.proof import WrongResultError
from benchmarks.work.traffic import SESSION

# Bytes that a process must be able to get: twice the most that one was seen to take on any commit.
NEEDED = 600 << 20


class WholeLoad:
    """A load of the scenario's size, made where it is measured; a small part of it has been proven."""

    def __init__(self, name: str) -> None:
        require_memory(NEEDED)
        self._name, self._of = name, LOADS[name]
        self.messages = self._of.messages
        self._of.proven_part()

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def fill(self) -> None:
        """Make the load and take all of it in."""
        self._of.build(self.messages).fill()

    def usage(self) -> Usage:
        """What it uses in a process of its own, all its rounds."""
        return usage(self._name)

    @property
    def rounds(self) -> int:
        """How often the messages come."""
        return self._of.rounds


def _kept(name: str) -> Load:
    require_memory(NEEDED)
    of = LOADS[name]
    of.proven_part()
    return of.build(of.kept)


class LoadBenchmark(Benchmark):
    """Base of the benchmarks of loads. The setup proves that a small part of the load does its work right."""

    traffic = 5000

    def size(self, name: str) -> Size:
        return Size(LOADS[name].messages * LOADS[name].rounds, 0)


class HeldMemory(LoadBenchmark):
    """Memory of messages decoded and held (R01, R03) and of many peers (R06).

    The kept bytes are per message: of 500 one-route UPDATEs, of 25 with 100 routes each, of 10 from each of 50
    peers kept in their Adj-RIBs-In. The peak is that of the whole process, with all messages of the load.
    """

    rows = {
        "R01": ("1000 UPDATEs decoded",),
        "R03": ("1000 UPDATEs of 100 routes decoded",),
        "R06": ("50 peers",),
    }
    params = ([name for (name,) in rows.values()],)
    param_names = ("load",)

    @on(_kept, unit="kept bytes/message")
    def track_kept_bytes(self, work: Load) -> float:
        return round(kept_bytes(work.fill, release=work.empty) / work.messages, 1)

    @on(WholeLoad)
    def peakmem_hold(self, work: WholeLoad) -> None:
        work.fill()


class BacklogLimit(LoadBenchmark):
    """31,000 messages received at once, twice ExaBGP's MAX_BACKLOG, all routes kept in the Adj-RIB-In (R10)."""

    rows = {"R10": ()}
    params = (["31000 UPDATEs received"],)
    param_names = ("load",)

    @on(WholeLoad)
    def peakmem_receive(self, work: WholeLoad) -> None:
        work.fill()


class ResidentMemory(LoadBenchmark):
    """By how much a load makes resident memory grow, per message, in a process of its own (R02, R11)."""

    rows = {"R02": ("10000 routes in the Adj-RIB-In",), "R11": ("20000 UPDATEs received",)}
    params = ([name for (name,) in rows.values()],)
    param_names = ("load",)

    @on(WholeLoad, unit="resident bytes/message")
    def track_resident(self, work: WholeLoad) -> float:
        found = work.usage()
        return round((found.loaded - found.before) / work.messages, 1)


class CpuTime(LoadBenchmark):
    """CPU time of a load, in user and in system mode, per message, of a process of its own (R05, R06, R11)."""

    rows = {
        "R05": ("5000 UPDATEs of traffic decoded",),
        "R06": ("50 peers",),
        "R11": ("20000 UPDATEs received",),
    }
    params = ([name for (name,) in rows.values()],)
    param_names = ("load",)

    @on(WholeLoad, unit="CPU µs/message")
    def track_cpu_time(self, work: WholeLoad) -> float:
        return round(work.usage().cpu * 1e6 / (work.messages * work.rounds), 2)


class MemoryRecovery(LoadBenchmark):
    """Memory after 2,000 UPDATEs were received, kept and thrown away five times, in a process of its own (R04).

    What is still resident, and was not before, per message of one load. Python and the system keep some for later.
    """

    rows = {"R04": ()}
    params = (["2000 UPDATEs, 5 times"],)
    param_names = ("load",)

    @on(WholeLoad, unit="resident bytes/message")
    def track_unrecovered_resident(self, work: WholeLoad) -> float:
        found = work.usage()
        return max(round((found.released - found.before) / work.messages, 1), 0.0)


class LeavingNothing:
    """A cycle that leaves nothing of its messages: received, kept and thrown away, or announced and written."""

    def __init__(self, kind: Literal["received", "pending"], messages: int) -> None:
        updates = simple_updates(SESSION, messages)
        self.messages = messages
        self._backlog = (Received(updates) if kind == "received" else Pending(updates)).prove()

    def run(self) -> None:
        """Go through the cycle once."""
        self._backlog.prepare()
        self._backlog.drain()
        self._backlog.empty()


class Cycles:
    """Cycles of one kind, some of them before any allocation is watched, then some that are."""

    def __init__(self, kind: Literal["received", "pending"]) -> None:
        require_memory(NEEDED)
        self._cycle = LeavingNothing(kind, Leak.messages)

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def leak(self) -> int:
        """Bytes that each message leaves behind."""
        for _ in range(Leak.cycles - Leak.watched):
            self._cycle.run()
        return leak_slope(self._cycle.run, Leak.watched, Leak.messages)


class Leak(Benchmark):
    """Bytes that each message leaves behind for ever, over ten cycles of messages that should leave nothing (R07, R08).

    UPDATEs are read, decoded, kept in the Adj-RIB-In and thrown away; routes are parsed, wait in the Adj-RIB-Out and
    are written. A healthy ExaBGP shows 0. The last three cycles are watched.
    """

    rows = {"R07": ("received",), "R08": ("pending",)}
    params = (["received", "pending"],)
    param_names = ("kind",)
    cycles = 10
    watched = 3
    messages = 100

    def size(self, kind: str) -> Size:
        return Size(self.cycles * self.messages, self.cycles * self.messages)

    @on(Cycles, unit="leaked bytes/message")
    def track_leak(self, work: Cycles) -> int:
        return work.leak()


class Sustained:
    """UPDATEs that keep coming: a thousand different ones, again and again, in streams of several lengths."""

    distinct = 1000

    def __init__(self) -> None:
        require_memory(NEEDED)
        self._once = simple_updates(SESSION, self.distinct)
        Received(self._once).prove()

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def stream(self, messages: int) -> Received:
        """A stream of a number of messages."""
        return Received(self._once, messages // self.distinct)


class SustainedRate(Benchmark):
    """What one message costs while they keep coming: read, decoded and kept in the Adj-RIB-In (R09, R12).

    Up to 31,000 UPDATEs: the cost of a message at the worst of 1,000, 11,000 and 31,000, in microseconds. Its inverse
    is the highest rate that ExaBGP sustains, however long the stream. Five times 5,000: what a message costs in all of
    them to what it costs in the fastest, the sustained cost to that at the peak rate: 1 is steady.
    """

    rows = {"R09": (), "R12": ()}
    lengths = (1000, 11000, 31000)

    def size(self) -> Size:
        return Size(max(self.lengths), max(self.lengths))

    @on(Sustained, unit="µs/message")
    def track_cost(self, work: Sustained) -> float:
        streams = map(work.stream, self.lengths)
        return round(max(_seconds(stream) / stream.messages for stream in streams) * 1e6, 2)

    @on(Sustained, unit="ratio")
    def track_sustained_to_peak(self, work: Sustained) -> float:
        stream = work.stream(5000)
        rounds = [_seconds(stream) for _ in range(5)]
        return round(sum(rounds) / len(rounds) / min(rounds), 3)


def _seconds(stream: Received) -> float:
    start = time.perf_counter()
    stream.drain()
    return time.perf_counter() - start


def _held(rib: Rib, family: Family, attributes: Attributes) -> Announced | Received:
    require_memory(NEEDED)
    return holding(rib, family, attributes, HeldRoutes.routes)


class HeldRoutes(Benchmark):
    """What ExaBGP keeps of each route in its Adj-RIB-In and its Adj-RIB-Out (X04).

    Of 100 routes, each received in an UPDATE or announced by a command of its own, with attributes of their own
    ("distinct") or all with the same ("shared"). Kept objects are those that the garbage collector walks: what a
    collection costs grows with them.
    """

    rows = {"X04": ()}
    params = (["Adj-RIB-In", "Adj-RIB-Out"], ["ipv4", "ipv6"], ["shared", "distinct"])
    param_names = ("rib", "family", "attributes")
    routes = 100

    def size(self, rib: Rib, family: Family, attributes: Attributes) -> Size:
        return Size(self.routes, self.routes)

    @on(_held, unit="kept bytes/route")
    def track_kept_bytes(self, work: Announced | Received) -> float:
        return round(kept_bytes(work.fill, release=work.empty) / work.messages, 1)

    @on(_held, unit="kept objects/route")
    def track_kept_objects(self, work: Announced | Received) -> float:
        return round(kept_objects(work.fill, release=work.empty) / work.messages, 3)


class NewContent:
    """Cycles of routes with ever new content."""

    def __init__(self, rib: Rib, content: Content) -> None:
        require_memory(NEEDED)
        self._make = lambda: churn(rib, content, ContentLeak.messages, ContentLeak.cycles)

    def prepare(self) -> None:
        """Make cycles whose content this process has not seen, nor one of another benchmark in it."""
        self._churn = self._make()

    def slope(self) -> int:
        """Bytes that each message leaves behind."""
        slope = mean_slope(self._churn.run, ContentLeak.cycles, ContentLeak.messages)
        left = self._churn.left()
        if left:
            raise WrongResultError(f"ExaBGP holds {len(left)} routes that were withdrawn, {left[0]} for one")
        return slope


class ContentLeak(Benchmark):
    """Bytes that a route leaves behind for ever, when it is withdrawn, by what was new in it (X11, X32).

    Cycles of 30 routes, each in an UPDATE or of a command of its own, with AS numbers, communities or prefixes that
    ExaBGP has never seen; then all are withdrawn. Over the last four of them what stays is watched, per route: also by
    how much tables grow for it. What comes again and again is `Leak`'s.
    """

    rows = {"X11": (), "X32": ()}
    params = (["Adj-RIB-In", "Adj-RIB-Out"], list(CONTENTS))
    param_names = ("rib", "content")
    revision = 2
    cycles = 8
    messages = 30

    def size(self, rib: Rib, content: Content) -> Size:
        messages = self.cycles * self.messages
        return Size(messages, messages)

    @on(NewContent, unit="leaked bytes/message")
    def track_leak(self, work: NewContent) -> int:
        return work.slope()
