"""Counters that a clock does not have: bytecodes executed, bytes kept. Exact, so that they can decide."""

from benchmarks.measure.bytecodes import Bytecodes, count_bytecodes, profile_bytecodes
from benchmarks.measure.kept import kept_bytes, kept_objects

__all__ = ["Bytecodes", "count_bytecodes", "kept_bytes", "kept_objects", "profile_bytecodes"]
