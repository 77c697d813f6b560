"""What a process does on one ExaBGP to say whose instructions, bytes and calls a number is made of."""

import linecache
import sys
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

from benchmarks import common
from benchmarks.measure import kept_bytes, kept_snapshots, profile_bytecodes, profile_calls
from benchmarks.measure.bytecodes import is_own
from benchmarks.measure.stacks import Stack
from tools.children import Line
from tools.children.jobs import Outcome, is_count, outcome_of, run_forked
from tools.explain.profiled import BENCHMARK, Frame, Frames, Profiled
from tools.explain.source import Source
from tools.suite import Suite, exactly

# Frames of an allocation that are looked through for one of ExaBGP's.
DEPTH = 12

type Shares = dict[Frames, float]


class Explained(NamedTuple):
    """What became of a benchmark, and of what its number is made."""

    outcome: Outcome
    divisor: float = 1
    shares: list[tuple[Frames, float]] = []  # noqa: RUF012
    # Of calls: nanoseconds for each of the shares.
    times: list[float] = []  # noqa: RUF012


def explain(tree: str, names: list[str], calls: bool = False) -> Iterator[Line]:
    """Each of these numbers, and of what it is made: a line each.

    `shares` are pairs of frames and of instructions, bytes or calls; frames are indices of `frames`, the outermost
    first. What is divided by `divisor` and summed up is the number, before it was rounded; of an exponent, which is
    made of several counts, it is the largest of them.
    """
    for name, benchmark in Suite().named(exactly(names)):
        if not is_count(benchmark):
            continue
        outcome, divisor, shares, times = _forked(benchmark, partial(_explained, Path(tree), calls))
        numbers: dict[Frame, int] = {}
        for frames, _ in shares:
            for frame in frames:
                numbers.setdefault(frame, len(numbers))
        yield {
            "name": name,
            "unit": benchmark.unit,
            "value": outcome.value,
            "reason": outcome.reason,
            "divisor": divisor,
            "frames": list(numbers),
            "shares": [([numbers[frame] for frame in frames], number) for frames, number in shares],
            "times": times,
        }


def _forked(benchmark: Any, run: Callable[[Any], Explained]) -> Explained:
    found = run_forked(benchmark, run)
    return Explained(found) if isinstance(found, Outcome) else found


def _explained(tree: Path, calls: bool, benchmark: Any) -> Explained:
    recorder = Recorder(tree, calls)
    # Each benchmark counts by this name,
    common.count_bytecodes = recorder.count  # type: ignore[attr-defined, assignment]
    # and each family that measures memory has imported this one.
    for name, module in list(sys.modules.items()):
        if name.startswith("benchmarks.") and getattr(module, "kept_bytes", None) is kept_bytes:
            module.kept_bytes = recorder.keep  # type: ignore[attr-defined]
    outcome = outcome_of(benchmark)
    value = outcome.value
    if not isinstance(value, Profiled):
        # An exponent: what its largest size takes says what grew.
        value = max(recorder.made, default=Profiled(0, {}))
    number = None if outcome.value is None else float(outcome.value)
    shares = list(value.shares.items())
    times = [recorder.times[frames] for frames, _ in shares] if calls else []
    return Explained(outcome._replace(value=number), value.divisor, shares, times)


class Recorder:
    """Counts as the benchmarks do, and remembers by whom."""

    def __init__(self, tree: Path, calls: bool) -> None:
        self._source = Source(tree)
        self._calls = calls
        self.made: list[Profiled] = []
        self.times: defaultdict[Frames, float] = defaultdict(float)

    def count(self, call: Callable[[], object], prepare: Callable[[], object]) -> Profiled:
        """Instructions, or calls, of one call that are not this repository's own."""
        return self._keep_in_mind(self._count_calls(call, prepare) if self._calls else self._count(call, prepare))

    def keep(self, call: Callable[[], object], release: Callable[[], object] | None = None) -> Profiled:
        """Bytes that are allocated after a call: what nobody watches, then by line."""
        octets = kept_bytes(call, release)
        if release:
            release()
        seen = kept_snapshots(call, release, DEPTH)
        shares: Shares = defaultdict(float)
        for snapshot, sign in ((seen.after, 1), (seen.before, -1)):
            for allocated in snapshot.statistics("traceback"):
                shares[self._line_of(allocated.traceback)] += sign * allocated.size
        # What was allocated by looking, too, is nobody's.
        shares[(BENCHMARK,)] += octets - sum(shares.values())
        return self._keep_in_mind(Profiled(octets, {frames: share for frames, share in shares.items() if share}))

    def _keep_in_mind(self, found: Profiled) -> Profiled:
        self.made.append(found)
        return found

    def _count(self, call: Callable[[], object], prepare: Callable[[], object]) -> Profiled:
        shares: Shares = defaultdict(float)
        found = profile_bytecodes(call, prepare)
        frames = self._frames()
        for stack in found.stacks.walk():
            if stack.number and stack.code and not is_own(stack.code):
                shares[frames(stack)] += stack.number
        return Profiled(found.measured, dict(shares))

    def _count_calls(self, call: Callable[[], object], prepare: Callable[[], object]) -> Profiled:
        shares: Shares = defaultdict(float)
        frames = self._frames()
        for made in profile_calls(call, prepare):
            if made.stack.code and not is_own(made.stack.code):
                key = (*frames(made.stack), Frame("C", made.callable, 0))
                shares[key] += made.number
                self.times[key] += made.nanoseconds
        return Profiled(sum(shares.values()), dict(shares))

    def _frames(self) -> Callable[[Stack], Frames]:
        """What finds the frames of a stack, with all of this repository's as one."""
        known: dict[int, Frames] = {}

        def frames(stack: Stack) -> Frames:
            if stack.code is None or stack.caller is None:
                return ()
            found = known.get(id(stack))
            if found is None:
                below, frame = frames(stack.caller), self._frame(stack.code)
                # Below all is the benchmark, and so is what is in the midst, such as a coroutine of it.
                below = below or (BENCHMARK,)
                found = known[id(stack)] = below if frame == BENCHMARK and below[-1] == BENCHMARK else (*below, frame)
            return found

        return frames

    def _frame(self, code: CodeType) -> Frame:
        if is_own(code):
            return BENCHMARK
        return Frame(self._source.module(code.co_filename), code.co_qualname, code.co_firstlineno)

    def _line_of(self, traceback: tracemalloc.Traceback) -> Frames:
        """The line of ExaBGP that has led to an allocation; the benchmark where there is none."""
        # The innermost is the last.
        for frame in reversed(traceback):
            if self._source.is_exabgp(frame.filename):
                module = self._source.module(frame.filename)
                text = linecache.getline(frame.filename, frame.lineno).strip()
                return (BENCHMARK, Frame(module, text, frame.lineno))
        return (BENCHMARK,)
