"""Count the bytecode instructions that a call executes."""

import gc
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

# Frames whose code lies here are this repository's own, not ExaBGP's or what ExaBGP calls.
_OWN = str(Path(__file__).resolve().parents[1])


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


def count_bytecodes(call: Callable[[], object], prepare: Callable[[], object] | None = None) -> Bytecodes:
    """Count the instructions of one call, in every thread.

    The call is run once uncounted, so that imports, first-use caches and lazily built tables are not in the count.
    What has to be put back before a call `prepare` does, before each of both and uncounted.
    The garbage collector is off meanwhile: it runs by memory used, and what it finalises would be counted. On one
    version of Python the count is the same in each process, whatever the hash seed.

    Raises RuntimeError when another tool (a debugger, a coverage tool) already uses ``sys.monitoring`` as debugger.
    """
    if prepare:
        prepare()
    call()
    if prepare:
        prepare()
    # By identity: to hash a code object is to walk all of its instructions. What is in `codes` stays alive.
    counts: defaultdict[int, int] = defaultdict(int)
    codes: dict[int, CodeType] = {}
    last, number = count_bytecodes.__code__, 0

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

    monitoring, tool = sys.monitoring, sys.monitoring.DEBUGGER_ID
    if monitoring.get_tool(tool):
        raise RuntimeError(f"bytecodes can't be counted while {monitoring.get_tool(tool)} is running")
    collecting = gc.isenabled()
    gc.collect()
    gc.disable()
    monitoring.use_tool_id(tool, "count_bytecodes")
    try:
        monitoring.register_callback(tool, monitoring.events.INSTRUCTION, count)
        monitoring.set_events(tool, monitoring.events.INSTRUCTION)
        call()
        monitoring.set_events(tool, monitoring.events.NO_EVENTS)
    finally:
        monitoring.set_events(tool, monitoring.events.NO_EVENTS)
        monitoring.register_callback(tool, monitoring.events.INSTRUCTION, None)
        monitoring.free_tool_id(tool)
        if collecting:
            gc.enable()

    codes[id(last)] = last
    counts[id(last)] += number
    by_code = {code: counts[key] for key, code in codes.items()}
    own = sum(number for code, number in by_code.items() if code.co_filename.startswith(_OWN))
    return Bytecodes(sum(by_code.values()) - own, own, by_code)
