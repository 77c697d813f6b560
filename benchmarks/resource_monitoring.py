"""Resource monitoring: rows R01-R12 of the checklist.

Memory and CPU time of ExaBGP under load. Three instruments, each for what it shows best: tracemalloc for bytes that
stay allocated, exact; asv's peakmem for the most a process took; psutil for resident memory and CPU seconds, read in a
process of its own for each load. Figures of psutil depend on the system, and vary by some per cent.

Where memory is short, or psutil has no figure, a benchmark is not applicable, with the reason.
"""

import functools
import time
from collections.abc import Callable
from types import MappingProxyType

from benchmarks.backlog import SHOWN, Pending, Received, simple_updates
from benchmarks.child import usage
from benchmarks.common import Benchmark, Size
from benchmarks.limits import require_memory
from benchmarks.loads import LOADS, Load, large_updates
from benchmarks.measure import kept_bytes
from benchmarks.measure.leak import leak_slope
from benchmarks.traffic import traffic_digest
from benchmarks.wire import digest

# Bytes that a process must be able to get: twice the most that one was seen to take on any commit.
NEEDED = 600 << 20


@functools.cache
def _load(name: str, messages: int) -> Load:
    return LOADS[name].build(messages).prove()


class LoadBenchmark(Benchmark):
    """Base of the benchmarks of loads. The setup proves that a small part of the load does its work right."""

    part = 100

    def fixture_digest(self) -> str:
        return digest([*simple_updates(SHOWN), *large_updates(SHOWN)]) + traffic_digest(SHOWN)

    def size(self, name: str) -> Size:
        return Size(LOADS[name].messages * LOADS[name].rounds, 0)

    def setup(self, name: str) -> None:
        require_memory(NEEDED)
        self.work = _load(name, self.part)


class HeldMemory(LoadBenchmark):
    """Memory of messages decoded and held (R01, R03) and of many peers (R06).

    The kept bytes are by message: of 500 one-route UPDATEs, of 25 with 100 routes each, of 10 from each of 50
    peers kept in their Adj-RIBs-In. The peak is that of the whole process, with all messages of the load.
    """

    rows = {
        "R01": ("1000 UPDATEs decoded",),
        "R03": ("1000 UPDATEs of 100 routes decoded",),
        "R06": ("50 peers",),
    }
    params = ([name for (name,) in rows.values()],)
    param_names = ("load",)

    def track_kept_bytes(self, name: str) -> float:
        messages = 25 if "100 routes" in name else 500
        work = _load(name, messages)
        work.empty()
        return round(kept_bytes(work.fill, release=work.empty) / messages, 1)

    def peakmem_hold(self, name: str) -> None:
        load = LOADS[name]
        load.build(load.messages).fill()

    track_kept_bytes.unit = "bytes/message"


class BacklogLimit(LoadBenchmark):
    """31,000 messages received at once, twice ExaBGP's MAX_BACKLOG, all routes kept in the Adj-RIB-In (R10)."""

    rows = {"R10": ()}
    params = (["31000 UPDATEs received"],)
    param_names = ("load",)

    def peakmem_receive(self, name: str) -> None:
        load = LOADS[name]
        load.build(load.messages).fill()


class ResidentMemory(LoadBenchmark):
    """By how much a load makes resident memory grow, by message, in a process of its own (R02, R11)."""

    rows = {"R02": ("10000 routes in the Adj-RIB-In",), "R11": ("20000 UPDATEs received",)}
    params = ([name for (name,) in rows.values()],)
    param_names = ("load",)

    def track_resident(self, name: str) -> float:
        found = usage(name)
        return round((found.loaded - found.before) / LOADS[name].messages, 1)

    track_resident.unit = "bytes/message"


class CpuTime(LoadBenchmark):
    """CPU time of a load, in user and in system mode, by message, of a process of its own (R05, R06, R11)."""

    rows = {
        "R05": ("5000 UPDATEs of traffic decoded",),
        "R06": ("50 peers",),
        "R11": ("20000 UPDATEs received",),
    }
    params = ([name for (name,) in rows.values()],)
    param_names = ("load",)

    def track_cpu_time(self, name: str) -> float:
        return round(usage(name).cpu * 1e6 / self.size(name).messages, 2)

    track_cpu_time.unit = "µs/message"


class MemoryRecovery(LoadBenchmark):
    """Memory after 2,000 UPDATEs were received, kept and thrown away five times, in a process of its own (R04).

    What is still resident, and was not before, by message of one load. Python and the system keep some for later.
    """

    rows = {"R04": ()}
    params = (["2000 UPDATEs, 5 times"],)
    param_names = ("load",)

    def track_unrecovered_resident(self, name: str) -> float:
        found = usage(name)
        return max(round((found.released - found.before) / LOADS[name].messages, 1), 0.0)

    track_unrecovered_resident.unit = "bytes/message"


def _leaving_nothing(kind: str, messages: int) -> Callable[[], None]:
    """A cycle of so many messages, proven, at whose end nothing of them is left."""
    if kind == "received":
        received = Received(simple_updates(messages)).prove()

        def cycle() -> None:
            received.drain()
            received.empty()

    else:
        pending = Pending(simple_updates(messages)).prove()

        def cycle() -> None:
            pending.grow()
            pending.drain()
            pending.empty()

    return cycle


class Leak(Benchmark):
    """Bytes that each message leaves behind for ever, over cycles of messages that should leave nothing (R07, R08).

    1,000 UPDATEs are read, decoded, kept in the Adj-RIB-In and thrown away, ten times; 5,000 routes wait in the
    Adj-RIB-Out and are worked off, ten times. A healthy ExaBGP shows 0. The last three cycles are watched, and are of
    500: to watch allocations takes five times as long as to make them.
    """

    rows = {"R07": ("received",), "R08": ("pending",)}
    params = (["received", "pending"],)
    param_names = ("kind",)
    cycles = 10
    watched = 3
    messages = MappingProxyType({"received": 1000, "pending": 5000})
    messages_watched = 500

    def fixture_digest(self) -> str:
        return digest(simple_updates(SHOWN))

    def size(self, kind: str) -> Size:
        messages = (self.cycles - self.watched) * self.messages[kind] + self.watched * self.messages_watched
        return Size(messages, messages)

    def setup(self, kind: str) -> None:
        require_memory(NEEDED)
        self.cycle = _leaving_nothing(kind, self.messages[kind])
        self.watched_cycle = _leaving_nothing(kind, self.messages_watched)

    def track_leak(self, kind: str) -> int:
        for _ in range(self.cycles - self.watched):
            self.cycle()
        return leak_slope(self.watched_cycle, self.watched, self.messages_watched)

    track_leak.unit = "bytes/message"


class SustainedRate(Benchmark):
    """What one message costs while they keep coming: read, decoded and kept in the Adj-RIB-In (R09, R12).

    Up to 31,000 UPDATEs: the cost of a message at the worst of 1,000, 11,000 and 31,000, in microseconds. Its inverse
    is the highest rate that ExaBGP sustains, however long the stream. Five times 5,000: what a message costs in all of
    them to what it costs in the fastest, the sustained cost to that at the peak rate: 1 is steady.
    """

    rows = {"R09": (), "R12": ()}
    distinct = 1000
    lengths = (1000, 11000, 31000)

    def fixture_digest(self) -> str:
        return digest(simple_updates(SHOWN))

    def size(self) -> Size:
        return Size(max(self.lengths), max(self.lengths))

    def setup(self) -> None:
        require_memory(NEEDED)
        self.messages_once = simple_updates(self.distinct)
        self.proven = Received(self.messages_once).prove()

    def track_cost(self) -> float:
        return round(max(_seconds(self._stream(length)) / length for length in self.lengths) * 1e6, 2)

    def track_sustained_to_peak(self) -> float:
        stream = self._stream(5000)
        rounds = [_seconds(stream) for _ in range(5)]
        return round(sum(rounds) / len(rounds) / min(rounds), 3)

    def _stream(self, messages: int) -> Received:
        return Received(self.messages_once, messages // self.distinct)

    track_cost.unit = "µs/message"
    track_sustained_to_peak.unit = "ratio"


def _seconds(stream: Received) -> float:
    start = time.perf_counter()
    stream.fill()
    return time.perf_counter() - start
