"""A way to make ExaBGP worse, as the calibration describes it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How the work or the memory is added, and what is expected to notice it."""

    BYTECODES = "bytecodes"
    BEHAVIOUR = "behaviour"
    LEAK = "leak"
    C = "C"


# What is added, as shares of the scenario's count and of its time.
SHARES = (0.01, 0.03, 0.1, 0.5, 1.0)
C_SHARES = (0.1, 0.2, 0.5)


@dataclass(frozen=True, slots=True)
class Injection:
    """A way to make ExaBGP worse: in which callable, how, and by how much."""

    name: str
    targets: tuple[str, ...]
    kind: Kind = Kind.BYTECODES
    levels: tuple[float, ...] = SHARES
    # For behaviours and leaks: takes a level and returns what each call of the callable calls first.
    make: Callable[[float], Callable[[], object]] | None = None
