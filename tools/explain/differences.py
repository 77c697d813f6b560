"""Which functions of ExaBGP make a count another one on one tree than on another."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from tools.children import Interpreter, Line
from tools.explain import jobs
from tools.explain.pairing import Key, pairs
from tools.explain.profiled import BENCHMARK, Frame, Frames
from tools.explain.source import Source
from tools.numbers.kinds import Kind, kind_of

# What runs in a function without a name of its own: generator expressions, lambdas.
_ANONYMOUS = re.compile(r"(\.<locals>\.<\w+>)+$")


class Note(Enum):
    """What became of a function that only one of both executes."""

    NEW = "new"
    GONE = "gone"
    CALLED = "not called before"
    UNCALLED = "no longer called"


@dataclass(frozen=True, slots=True)
class Function:
    """A function of ExaBGP with what it calls of Python's library, or a line of it that allocates memory.

    `before` and `after` are instructions, or bytes, per message, or per whatever the number is of. `line` is where it
    is on the second tree, if it is there. `was` is its name before, where it was moved or renamed.
    """

    module: str
    name: str
    line: int
    before: float
    after: float
    note: Note | None = None
    was: str | None = None

    @property
    def difference(self) -> float:
        """What it makes of the whole difference."""
        return self.after - self.before

    def __str__(self) -> str:
        return self.name or self.module


@dataclass(frozen=True, slots=True)
class Explanation:
    """One number on both trees, and the functions that it is made of, those that differ most first.

    What the functions take before sums up to the number before, and after to that after, but for its rounding. Of
    an exponent they sum up to the count of its largest size.
    """

    name: str
    unit: str
    before: float
    after: float
    functions: list[Function]
    stacks: "Stacks"

    @property
    def ratio(self) -> float:
        """After divided by before; infinite where there was nothing."""
        return self.after / self.before if self.before else float("inf")

    @property
    def grew(self) -> bool:
        """Whether there is more of it now."""
        return self.after > self.before

    @property
    def changed(self) -> list[Function]:
        """The functions that differ."""
        return [function for function in self.functions if function.difference]

    @property
    def cause(self) -> Function | None:
        """The function that changed most in the direction of the number; None where none did."""
        sign = 1 if self.grew else -1
        return max(self.changed, key=lambda function: sign * function.difference, default=None)


class Stacks(NamedTuple):
    """Of what stacks of frames a number is made, before and after: whole instructions, and what they are divided by."""

    before: "Made"
    after: "Made"


@dataclass(frozen=True, slots=True)
class Made:
    """A number on one tree, and what each stack of frames has of it."""

    value: float | None
    reason: str | None
    unit: str
    divisor: float
    shares: list[tuple[Frames, float]]
    times: list[float]

    @classmethod
    def of(cls, line: Line) -> "Made":
        """What a job has found."""
        frames = [Frame(*frame) for frame in line["frames"]]
        shares = [(tuple(frames[index] for index in stack), number) for stack, number in line["shares"]]
        return cls(line["value"], line["reason"], line["unit"], line["divisor"], shares, line["times"])

    def by_function(self) -> "dict[Key, Part]":
        """What each function of ExaBGP has, with what it calls of Python's library."""
        found: dict[Key, Part] = {}
        for frames, number in self.shares:
            frame = owner(frames)
            key = frame.module, _ANONYMOUS.sub("", frame.name)
            part = found.get(key, Part(frame.line, 0))
            found[key] = Part(min(frame.line, part.line), part.number + number)
        return found


class Part(NamedTuple):
    """A function's first line, and what was counted in it."""

    line: int
    number: float


def owner(frames: Iterable[Frame]) -> Frame:
    """The function of ExaBGP to which what happens in a stack is put down: the innermost."""
    return next((frame for frame in reversed([*frames]) if frame.is_exabgp), BENCHMARK)


def differences(before: Path, after: Path, names: Iterable[str]) -> list[Explanation]:
    """Explain numbers, by their names with their parameters: those that both trees have, in the order of the suite.

    One process for each tree. What is no count of bytecodes and no kept bytes is made of no functions, and left out.
    """
    both = Both(before, after)
    return list(both.explanations(names))


class Both:
    """Two trees of ExaBGP."""

    def __init__(self, before: Path, after: Path) -> None:
        self._trees = before, after
        self._sources = Source(before), Source(after)

    def explanations(self, names: Iterable[str]) -> Iterator[Explanation]:
        """Each number that has functions."""
        old, new = (made_on(tree, names) for tree in self._trees)
        for name, then in old.items():
            now = new.get(name)
            if now and then.value is not None and now.value is not None and then.shares and now.shares:
                functions = list(self._functions(then, now))
                functions.sort(key=lambda function: (-abs(function.difference), -function.after, str(function)))
                yield Explanation(name, then.unit, then.value, now.value, functions, Stacks(then, now))

    def _functions(self, then: Made, now: Made) -> Iterator[Function]:
        olds, news = then.by_function(), now.by_function()
        gone = [key for key in olds if key not in news and not self._is_there(1, key)]
        new = [key for key in news if key not in olds and not self._is_there(0, key)]
        moved = pairs(gone, new, *self._sources)
        for key, part in news.items():
            was = moved.get(key)
            old = olds.get(was or key)
            note = None if old else Note.NEW if key in new else Note.CALLED
            number = old.number / then.divisor if old else 0
            yield Function(*key, part.line, number, part.number / now.divisor, note, was and _full_name(was, key))
        for key, part in olds.items():
            if key not in news and key not in moved.values():
                note = Note.GONE if key in gone else Note.UNCALLED
                yield Function(*key, part.line, part.number / then.divisor, 0, note)

    def _is_there(self, side: int, key: Key) -> bool:
        return key[0] == BENCHMARK.module or self._sources[side].code(*key) is not None


def _full_name(was: Key, now: Key) -> str:
    """What a function was called: its module where it has another now, its name where that is another."""
    return ".".join(then for then, there in zip(was, now, strict=True) if then != there)


def made_on(tree: Path, names: Iterable[str], *, calls: bool = False) -> Mapping[str, Made]:
    """What numbers are made of on a tree, by their names; calls into C instead of instructions, if they are asked for.

    Those of the benchmarks that are no exact numbers are not there.
    """
    lines = Interpreter(tree).run(jobs.explain, str(tree), [*names], calls=calls)
    return {line["name"]: Made.of(line) for line in lines}


def is_explained(name: str, unit: str) -> bool:
    """Whether a number is made of functions, as are counts of bytecodes, kept bytes, and how they grow."""
    kind = kind_of(name.partition("(")[0], unit)
    return kind is Kind.GROWTH or unit.startswith(("bytecodes", "kept bytes"))
