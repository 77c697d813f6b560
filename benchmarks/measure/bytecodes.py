"""Count the bytecode instructions that a call executes."""

import gc
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from types import CodeType
from typing import Self

from benchmarks.measure.stacks import OF_FRAMES, Stack, Stacks

# Frames whose code lies here are this repository's own, not ExaBGP's or what ExaBGP calls.
_OWN = str(Path(__file__).resolve().parents[1])

TOOL = sys.monitoring.DEBUGGER_ID
_EVENTS = sys.monitoring.events
_FRAME_BEGINS = _EVENTS.PY_START | _EVENTS.PY_RESUME | _EVENTS.PY_THROW

type Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Bytecodes:
    """Instructions executed by a call, by whose code they are.

    `measured` counts ExaBGP and everything that it calls, the standard library included; `own` the frames of
    this repository that drive it. `by_code` has the instructions of each code object, own ones too, and `stacks` those
    of each stack of frames: its root.
    """

    measured: int
    own: int
    by_code: dict[CodeType, int]
    stacks: Stack = field(default_factory=Stack)

    @classmethod
    def of(cls, stacks: Stack) -> Self:
        """Sum up what was counted by stack."""
        counts: defaultdict[int, int] = defaultdict(int)
        codes: dict[int, CodeType] = {}
        for stack in stacks.walk():
            if stack.code is not None:
                codes[id(stack.code)] = stack.code
                counts[id(stack.code)] += stack.number
        by_code: defaultdict[CodeType, int] = defaultdict(int)
        for key, code in codes.items():
            by_code[code] += counts[key]
        own = sum(counts[key] for key, code in codes.items() if is_own(code))
        return cls(sum(counts.values()) - own, own, dict(by_code), stacks)

    @property
    def own_share(self) -> float:
        """Share of all instructions that are this repository's own, from 0 to 1."""
        return self.own / (self.measured + self.own)


def nothing() -> None:
    """Put back nothing."""


def count_bytecodes(call: Step, prepare: Step = nothing) -> int:
    """Count the instructions of one call that are not this repository's own, in every thread.

    The call is run once uncounted, so that imports, first-use caches and lazily built tables are not in the count.
    What has to be put back before a call `prepare` does, before each and uncounted. The garbage collector is off
    meanwhile: it runs by memory used, and what it finalises would be counted. On one version of Python the count is the
    same in each process, whatever the hash seed.

    Raises RuntimeError when another tool (a debugger, a coverage tool) already uses ``sys.monitoring`` as debugger.
    """
    codes: set[int] = set()
    found: list[CodeType] = []

    def discover(code: CodeType, _offset: int, _exception: BaseException | None = None) -> object:
        # By identity: to hash a code object is to walk all of its instructions. What is in `found` stays alive.
        if id(code) not in codes:
            codes.add(id(code))
            found.append(code)
        return sys.monitoring.DISABLE

    def discover_thrown(code: CodeType, offset: int, exception: BaseException) -> None:
        # This event can't be disabled.
        discover(code, offset, exception)

    with monitoring():
        for event in (_EVENTS.PY_START, _EVENTS.PY_RESUME):
            sys.monitoring.register_callback(TOOL, event, discover)
        sys.monitoring.register_callback(TOOL, _EVENTS.PY_THROW, discover_thrown)
        prepare()
        watch(call, _FRAME_BEGINS)
        known = -1
        # What a frame executes before it says that it begins is missed where its code was not known: such a count is
        # taken again, with all that is known then.
        while known < len(found):
            known = len(found)
            measured = [code for code in found if not is_own(code)]
            executed: SimpleQueue[CodeType] = SimpleQueue()
            prepare()
            # Called for each instruction, so it is the cheapest there is, a function in C of two arguments.
            sys.monitoring.register_callback(TOOL, _EVENTS.INSTRUCTION, executed.put)
            for code in measured:
                sys.monitoring.set_local_events(TOOL, code, _EVENTS.INSTRUCTION)
            try:
                watch(call, _FRAME_BEGINS)
            finally:
                for code in measured:
                    sys.monitoring.set_local_events(TOOL, code, _EVENTS.NO_EVENTS)
        return executed.qsize()


def profile_bytecodes(call: Step, prepare: Step = nothing) -> Bytecodes:
    """Count as `count_bytecodes` does, by stack and with this repository's own: several times as slow."""
    stacks = Stacks()
    last: CodeType | None = None
    stack, number = stacks.root, 0

    def count(code: CodeType, _offset: int) -> None:
        nonlocal last, stack, number
        # Mostly it is the code of the instruction before.
        if code is last:
            number += 1
            return
        now = stacks.of(code)
        # Threads take turns where something is called, which no line does between its reading and its writing.
        before, so_far = stack, number
        last, stack, number = code, now, 1
        before.number += so_far

    def moved() -> None:
        nonlocal last
        last = None

    prepare()
    call()
    prepare()
    with monitoring():
        sys.monitoring.register_callback(TOOL, _EVENTS.INSTRUCTION, count)
        stacks.follow(TOOL, moved)
        watch(call, _EVENTS.INSTRUCTION | OF_FRAMES)
    stack.number += number
    return Bytecodes.of(stacks.root)


def is_own(code: CodeType) -> bool:
    """Whether code is this repository's, and neither ExaBGP's nor what that calls."""
    return code.co_filename.startswith(_OWN)


def watch(call: Step, events: int) -> None:
    """Call, with callbacks for some events of all code."""
    sys.monitoring.restart_events()
    sys.monitoring.set_events(TOOL, events)
    try:
        call()
    finally:
        sys.monitoring.set_events(TOOL, _EVENTS.NO_EVENTS)


@contextmanager
def monitoring() -> Iterator[None]:
    """Be the debugger, with the garbage collector off."""
    if sys.monitoring.get_tool(TOOL):
        raise RuntimeError(f"bytecodes can't be counted while {sys.monitoring.get_tool(TOOL)} is running")
    collecting = gc.isenabled()
    gc.collect()
    gc.disable()
    sys.monitoring.use_tool_id(TOOL, "count_bytecodes")
    try:
        yield
    finally:
        for number in range(_EVENTS.C_RAISE.bit_length()):
            sys.monitoring.register_callback(TOOL, 1 << number, None)
        sys.monitoring.free_tool_id(TOOL)
        if collecting:
            gc.enable()
