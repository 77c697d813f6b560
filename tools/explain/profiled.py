"""A number that remembers what it is made of, whatever a benchmark does with it."""

from collections.abc import Mapping
from typing import NamedTuple, Self


class Frame(NamedTuple):
    """A function, or for memory a line: where it is, and what it is called.

    Its module is one of ExaBGP's, one of Python's library, or `BENCHMARK`.
    """

    module: str
    name: str
    line: int

    @property
    def is_exabgp(self) -> bool:
        """Whether it is ExaBGP's own."""
        return self.module.partition(".")[0] == "exabgp"


BENCHMARK = Frame("benchmark", "", 0)
"""This repository's frames, whose own instructions are in no number: what they call of Python's library is."""

# The outermost first.
type Frames = tuple[Frame, ...]
type Shares = Mapping[Frames, float]


class Profiled(float):
    """A count and what each stack of frames has of it; `divisor` is what both are of, messages for instance."""

    shares: Shares
    divisor: float

    def __new__(cls, value: float, shares: Shares, divisor: float = 1) -> Self:
        made = super().__new__(cls, value)
        made.shares, made.divisor = shares, divisor
        return made

    def __sub__(self, other: float) -> "Profiled":
        less: Shares = other.shares if isinstance(other, Profiled) else {}
        keys = dict.fromkeys([*self.shares, *less])
        shares = {key: self.shares.get(key, 0) - less.get(key, 0) for key in keys}
        return Profiled(float(self) - other, shares, self.divisor)

    def __truediv__(self, other: float) -> "Profiled":
        return Profiled(float(self) / other, self.shares, self.divisor * other)

    def __round__(self, digits: int | None = None) -> "Profiled":  # type: ignore[override]
        return Profiled(round(float(self), digits or 0), self.shares, self.divisor)
