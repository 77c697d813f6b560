"""Counters that a clock does not have: bytecodes executed, bytes kept. Exact, so that they can decide."""

from benchmarks.measure.bytecodes import Bytecodes, count_bytecodes, profile_bytecodes
from benchmarks.measure.calls import Calls, profile_calls
from benchmarks.measure.kept import kept_bytes, kept_objects, kept_snapshots

__all__ = [
    "Bytecodes",
    "Calls",
    "count_bytecodes",
    "kept_bytes",
    "kept_objects",
    "kept_snapshots",
    "profile_bytecodes",
    "profile_calls",
]
