"""What all benchmark classes share: units, versions, the one way to set up, and how a count becomes a number."""

import functools
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from types import MethodType
from typing import Any, ClassVar, NamedTuple, Protocol

from benchmarks.measure import count_bytecodes
from benchmarks.measure.statistics import growth_exponent
from benchmarks.wire import Message, routes_in
from benchmarks.work.shared_runs import begin_sharing
from benchmarks.work.traffic import recording_digest


class Size(NamedTuple):
    """Messages, and routes announced or withdrawn in them."""

    messages: int
    routes: int


def size_of(messages: Iterable[Message]) -> Size:
    """Count messages and their routes."""
    messages = list(messages)
    return Size(len(messages), sum(map(routes_in, messages)))


class Exactness(Enum):
    """What a unit says of a number: a count and an exponent are the same in each run, what the system says is not."""

    COUNT = "count"
    EXPONENT = "exponent"
    NOISY = "noisy"


# The units of all tracks, and what each says. asv's own are seconds for a time and bytes for a peak of memory.
UNITS = {
    "bytecodes": Exactness.COUNT,
    "bytecodes/message": Exactness.COUNT,
    "bytecodes/route": Exactness.COUNT,
    "bytecodes/command": Exactness.COUNT,
    "bytecodes/turn": Exactness.COUNT,
    "kept bytes/message": Exactness.COUNT,
    "kept bytes/route": Exactness.COUNT,
    "kept objects/route": Exactness.COUNT,
    "leaked bytes/message": Exactness.COUNT,
    "commands": Exactness.COUNT,
    "modules": Exactness.COUNT,
    "octets": Exactness.COUNT,
    "octets/1,000 routes": Exactness.COUNT,
    "routes": Exactness.COUNT,
    "UPDATEs": Exactness.COUNT,
    "UPDATEs/1,000 routes": Exactness.COUNT,
    "1/Jain's index": Exactness.COUNT,
    "exponent": Exactness.EXPONENT,
    "resident bytes": Exactness.NOISY,
    "resident bytes/message": Exactness.NOISY,
    "CPU µs/message": Exactness.NOISY,
    "CPU µs/route": Exactness.NOISY,
    "µs/message": Exactness.NOISY,
    "µs/route": Exactness.NOISY,
    "ms": Exactness.NOISY,
    "CPU ms": Exactness.NOISY,
    "CPU s/s": Exactness.NOISY,
    "sleeps/s": Exactness.NOISY,
    # Of a daemon: what its loop has executed when it was asked to stop depends on when that was.
    "bytecodes/route, about": Exactness.NOISY,
    # Of a daemon: how it puts routes together depends on when they come.
    "UPDATEs on the wire": Exactness.NOISY,
    "octets on the wire": Exactness.NOISY,
    "session resets": Exactness.NOISY,
    "ratio": Exactness.NOISY,
}


class Work(Protocol):
    """What a benchmark is of: `messages` are handled in a run; `prepare` puts back what the run before changed.

    Messages are BGP's, or an API process's: its commands.
    """

    messages: int

    def prepare(self) -> None:
        """Make ready for a run. Never timed, never counted."""


def on(make: Callable[..., Any], **attributes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Have a method of a benchmark class run on work: the one way to set up.

    asv's setup of the method makes the work of the benchmark's parameters, which proves it right, once in a process,
    and prepares it before each sample. The method gets the work in the place of the parameters. Further attributes
    (`unit`, `params`) are the method's own, for asv. The setup returns the work, for the tests: asv ignores it.
    """

    def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
        work: Any = None

        # A method, bound to whatever: functions that could do without arguments asv calls before `setup_cache`, too.
        def setup(_body: object, *parameters: Any) -> Any:
            nonlocal work
            work = _made(make, *parameters)
            work.prepare()
            return work

        @functools.wraps(body)
        def method(self: Benchmark, *_parameters: Any) -> Any:
            return body(self, work)

        vars(method).update(attributes, setup=MethodType(setup, body))
        return method

    return decorate


@functools.cache
def _made(make: Callable[..., Any], *parameters: Any) -> Any:
    return make(*parameters)


class InSizes:
    """The same work in several sizes, for what grows with the size."""

    def __init__(self, works: Sequence[Any]) -> None:
        self.works = works
        self.messages = max(work.messages for work in works)

    def prepare(self) -> None:
        """Each work is prepared when it is measured."""

    def exponent(self, cost: Callable[[Any], float], digits: int = 3) -> float:
        """How a cost grows with the number of messages: 1 is in proportion."""
        return round(growth_exponent([work.messages for work in self.works], list(map(cost, self.works))), digits)


def bytecodes(call: Callable[[], object], work: Work) -> int:
    """Bytecode instructions that a call executes in ExaBGP, once the work is prepared."""
    return count_bytecodes(call, work.prepare)


def bytecodes_per_message(call: Callable[[], object], work: Work) -> float:
    """Bytecode instructions that a call executes in ExaBGP, divided by the messages that it handles."""
    return bytecodes_per(work.messages, call, work)


def bytecodes_per(count: int, call: Callable[[], object], work: Work) -> float:
    """Bytecode instructions that a call executes in ExaBGP, divided by a count of what it handles: routes, commands."""
    return round(bytecodes(call, work) / count, 3)


class Benchmark:
    """Base of all benchmark classes."""

    # The rows of the checklist that the class measures, each with the parameters it begins with.
    rows: ClassVar[dict[str, tuple[Any, ...]]] = {}

    # Parameters, as in `rows`, whose times take long and run the same code of ExaBGP as shorter ones do: the gate
    # compares their counts, and their times only when somebody selects them. An empty tuple: all of them. Of a daemon's
    # benchmarks, none of which is a time to asv, it is all figures.
    long: ClassVar[tuple[tuple[Any, ...], ...]] = ()

    # Parameters, as in `rows`, with which some commits are known to be wrong, so that the benchmark fails there.
    faults: ClassVar[tuple[tuple[Any, ...], ...]] = ()

    # Whether it runs no ExaBGP code, so that what moves it is the machine.
    control: ClassVar[bool] = False

    # Whether it is of whole daemons: they take long, so it is measured only when somebody asks for it.
    daemon: ClassVar[bool] = False

    # Whether it takes many minutes and gigabytes: it is measured only when somebody asks for just that.
    on_demand: ClassVar[bool] = False

    # To be raised whenever the numbers of the class change and ExaBGP is not why: asv then keeps old and new results
    # apart. `python3 bootstrap.py counts` knows when.
    revision: ClassVar[int] = 1

    # UPDATEs of the traffic that the class runs on, at most: a recording that has fewer is refused.
    traffic: ClassVar[int] = 0

    # Seconds that one benchmark may take with its setup: for one that hangs. A busy machine is several times as slow.
    timeout = 600

    # One round, so that each benchmark is finished when it is reported; "-a rounds=4" asks for more.
    rounds = 1

    @property
    def version(self) -> str:
        """What numbers that may be compared have in common: the revision, and the recording they were measured on."""
        recording = recording_digest() if self.traffic else None
        return f"{self.revision} on {recording}" if recording else str(self.revision)

    def size(self, *parameters: Any) -> Size:
        """How much traffic one call of a timed method handles."""
        raise NotImplementedError


class OnceASample(Benchmark):
    """Base of the benchmarks whose work is done once it has run, until it is prepared again."""

    number = 1
    warmup_time = 0
    min_run_count = 1
    repeat = (2, 5, 0.2)


class SharedRuns(Benchmark):
    """Base of the benchmarks that share a run: its figures are numbers of their own."""

    def setup_cache(self) -> None:
        """What asv calls once, in the folder that all of them will run in."""
        begin_sharing()


class DaemonBenchmark(SharedRuns):
    """Base of the benchmarks of whole daemons."""

    daemon = True
    # The daemon's limits are of its progress. This one has the wait for other daemons in it, and a busy machine.
    timeout = 7200


def used_beside(make: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Two methods of a benchmark class: CPU seconds a second of the tester, and of all but it and the daemon.

    They are of the time in which the run of `make` was measured, whose result has them as `used`. A time is one of the
    tester where that has no second to spare, and of the machine where others take part.
    """

    def tester_cpu(_self: Benchmark, run: Any) -> float:
        return float(run.used.tester_share)

    def others_cpu(_self: Benchmark, run: Any) -> float:
        return float(run.used.others_share)

    decorate = on(make, unit="CPU s/s")
    return decorate(tester_cpu), decorate(others_cpu)
