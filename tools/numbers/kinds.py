"""What a number is, by the name and the unit of its benchmark."""

import importlib
import importlib.util
import re
from enum import Enum

from benchmarks.common import UNITS, Benchmark, Exactness


class Kind(Enum):
    """What a number is, which decides how two of them are compared."""

    COUNT = "count"
    GROWTH = "growth"
    TIME = "time"
    MEMORY = "memory"
    CONTROL = "control"
    OTHER = "other"


# What is the same in each run.
EXACT = (Kind.COUNT, Kind.GROWTH)
OF_TRACKS = {Exactness.COUNT: Kind.COUNT, Exactness.EXPONENT: Kind.GROWTH, Exactness.NOISY: Kind.OTHER}
# asv's own units, and those of the tracks.
KINDS = {"seconds": Kind.TIME, "bytes": Kind.MEMORY} | {unit: OF_TRACKS[exactness] for unit, exactness in UNITS.items()}


def kind_of(benchmark: str, unit: str) -> Kind:
    """The kind of a benchmark: what its unit says, or that its class is a control."""
    if getattr(class_of(benchmark), "control", False):
        return Kind.CONTROL
    return KINDS.get(unit, Kind.OTHER)


def class_of(benchmark: str) -> type[Benchmark] | None:
    """The class that a benchmark is a method of, where there still is one."""
    module, cls, _ = benchmark.rsplit(".", 2)
    if importlib.util.find_spec(f"benchmarks.{module}") is None:
        return None
    return getattr(importlib.import_module(f"benchmarks.{module}"), cls, None)


def time_beside(count: str) -> str:
    """The name of the time of the same work as a count of bytecodes."""
    return re.sub(r"\.track_(\w+)_bytecodes$", r".time_\1", count)


def count_beside(time: str) -> str:
    """The name of the count of bytecodes of the same work as a time."""
    return re.sub(r"\.time_(\w+)$", r".track_\1_bytecodes", time)
