"""Counts, in the daemon's process, the bytecode instructions of ExaBGP's package: from one signal to the next.

`launch.py` installs it where the harness asks for it, and nothing but the standard library is imported. The first
signal begins, the second writes the counts to a file of the folder, by code: its path in the package and its name. In
between the garbage collector is off: it runs by memory used, and what it finalises would be counted.
"""

import gc
import json
import signal
import sys
from pathlib import Path
from types import CodeType, FrameType

# The highest of them is nobody else's.
SIGNAL = signal.SIGRTMAX
# Files, in their order: it listens, it counts, and what it has counted.
READY, COUNTING, COUNTED = "ready-to-count", "counting", "counted"

_TOOL = sys.monitoring.DEBUGGER_ID
_INSTRUCTION = sys.monitoring.events.INSTRUCTION


class Instructions:
    """The counts of one stretch of time of this process."""

    def __init__(self, package: Path, folder: Path) -> None:
        self._package, self._folder = f"{package}/", folder
        # By identity: to hash a code object is to walk all of its instructions.
        self._counts: dict[int, int] = {}
        self._codes: dict[int, CodeType] = {}

    def install(self) -> None:
        """Wait for the signals."""
        signal.signal(SIGNAL, self._begin)
        (self._folder / READY).touch()

    def _begin(self, _number: int, _frame: FrameType | None) -> None:
        signal.signal(SIGNAL, self._end)
        gc.collect()
        gc.disable()
        sys.monitoring.use_tool_id(_TOOL, "count instructions")
        sys.monitoring.register_callback(_TOOL, _INSTRUCTION, self._count)
        sys.monitoring.set_events(_TOOL, _INSTRUCTION)
        (self._folder / COUNTING).touch()

    def _count(self, code: CodeType, _offset: int) -> object:
        key = id(code)
        if key in self._counts:
            self._counts[key] += 1
            return None
        if not code.co_filename.startswith(self._package):
            return sys.monitoring.DISABLE
        self._counts[key], self._codes[key] = 1, code
        return None

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        sys.monitoring.set_events(_TOOL, sys.monitoring.events.NO_EVENTS)
        sys.monitoring.free_tool_id(_TOOL)
        gc.enable()
        signal.signal(SIGNAL, signal.SIG_IGN)
        by_name: dict[str, int] = {}
        for key, code in self._codes.items():
            name = f"{code.co_filename.removeprefix(self._package)} {code.co_qualname}"
            by_name[name] = by_name.get(name, 0) + self._counts[key]
        # Whole or not at all.
        partial = self._folder / f"{COUNTED}.partial"
        partial.write_text(json.dumps(by_name))
        partial.rename(self._folder / COUNTED)
