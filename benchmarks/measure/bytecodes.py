"""Count the bytecode instructions that a call executes."""

import gc
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import CodeType

# Frames whose code lies here are this repository's own, not ExaBGP's or what ExaBGP calls.
_OWN = str(Path(__file__).resolve().parents[1])

_TOOL = sys.monitoring.DEBUGGER_ID
_EVENTS = sys.monitoring.events
_FRAME_BEGINS = _EVENTS.PY_START | _EVENTS.PY_RESUME | _EVENTS.PY_THROW

type Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Bytecodes:
    """Instructions executed by a call, by whose code they are.

    `measured` counts ExaBGP and everything that it calls, the standard library included; `own` the frames of
    this repository that drive it. `by_code` has the instructions of each code object, own ones too.
    """

    measured: int
    own: int
    by_code: dict[CodeType, int]

    @property
    def own_share(self) -> float:
        """Share of all instructions that are this repository's own, from 0 to 1."""
        return self.own / (self.measured + self.own)


def _nothing() -> None:
    """Put back nothing."""


def count_bytecodes(call: Step, prepare: Step = _nothing) -> int:
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

    with _monitoring():
        for event in (_EVENTS.PY_START, _EVENTS.PY_RESUME):
            sys.monitoring.register_callback(_TOOL, event, discover)
        sys.monitoring.register_callback(_TOOL, _EVENTS.PY_THROW, discover_thrown)
        prepare()
        _watch(call, _FRAME_BEGINS)
        known = -1
        # What a frame executes before it says that it begins is missed where its code was not known: such a count is
        # taken again, with all that is known then.
        while known < len(found):
            known = len(found)
            measured = [code for code in found if not _is_own(code)]
            executed: SimpleQueue[CodeType] = SimpleQueue()
            prepare()
            # Called for each instruction, so it is the cheapest there is, a function in C of two arguments.
            sys.monitoring.register_callback(_TOOL, _EVENTS.INSTRUCTION, executed.put)
            for code in measured:
                sys.monitoring.set_local_events(_TOOL, code, _EVENTS.INSTRUCTION)
            try:
                _watch(call, _FRAME_BEGINS)
            finally:
                for code in measured:
                    sys.monitoring.set_local_events(_TOOL, code, _EVENTS.NO_EVENTS)
        return executed.qsize()


def profile_bytecodes(call: Step, prepare: Step = _nothing) -> Bytecodes:
    """Count as `count_bytecodes` does, by code object and with this repository's own: four times as slow."""
    counts: defaultdict[int, int] = defaultdict(int)
    codes: dict[int, CodeType] = {}
    last, number = profile_bytecodes.__code__, 0

    def count(code: CodeType, _offset: int) -> None:
        nonlocal last, number
        # Mostly it is the code of the instruction before.
        if code is last:
            number += 1
            return
        # Threads take turns where something is called, which no line does between its reading and its writing.
        before, so_far = last, number
        last, number = code, 1
        key = id(before)
        codes[key] = before
        counts[key] += so_far

    prepare()
    call()
    prepare()
    with _monitoring():
        sys.monitoring.register_callback(_TOOL, _EVENTS.INSTRUCTION, count)
        _watch(call, _EVENTS.INSTRUCTION)
    codes[id(last)] = last
    counts[id(last)] += number
    by_code = {code: counts[key] for key, code in codes.items()}
    own = sum(number for code, number in by_code.items() if _is_own(code))
    return Bytecodes(sum(by_code.values()) - own, own, by_code)


def _is_own(code: CodeType) -> bool:
    return code.co_filename.startswith(_OWN)


def _watch(call: Step, events: int) -> None:
    """Call, with callbacks for some events of all code."""
    sys.monitoring.restart_events()
    sys.monitoring.set_events(_TOOL, events)
    try:
        call()
    finally:
        sys.monitoring.set_events(_TOOL, _EVENTS.NO_EVENTS)


@contextmanager
def _monitoring() -> Iterator[None]:
    """Be the debugger, with the garbage collector off."""
    if sys.monitoring.get_tool(_TOOL):
        raise RuntimeError(f"bytecodes can't be counted while {sys.monitoring.get_tool(_TOOL)} is running")
    collecting = gc.isenabled()
    gc.collect()
    gc.disable()
    sys.monitoring.use_tool_id(_TOOL, "count_bytecodes")
    try:
        yield
    finally:
        for event in (_EVENTS.PY_START, _EVENTS.PY_RESUME, _EVENTS.PY_THROW, _EVENTS.INSTRUCTION):
            sys.monitoring.register_callback(_TOOL, event, None)
        sys.monitoring.free_tool_id(_TOOL)
        if collecting:
            gc.enable()
