"""Calls into C, which no bytecode is: how often each function of ExaBGP makes them, and how long they take.

Their number is exact. Their time is not: it is of one run that is watched, and has in it what Python code is called
from C and what it takes to watch. It says where to look when a time grew and its count did not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.errors import ToolError
from tools.explain.differences import Made, made_on, owner
from tools.explain.profiled import BENCHMARK, Frame
from tools.numbers.kinds import count_beside
from tools.paths import write_whole
from tools.suite import Suite
from tools.terminal import Row, markdown_table, print_table, report_console

HEADINGS = ("function", "calls", "where", "before", "after", "about µs before", "about µs after")
TEXTS = 3
# What a time has to change by, in microseconds and as a factor, to be shown where the number of calls is the same.
CLEAR, FACTOR = 1.0, 2.0


@dataclass(slots=True)
class Calls:
    """Calls of one callable by one function, per message: number and microseconds, before and after."""

    function: Frame
    callable: str
    numbers: list[float] = field(default_factory=lambda: [0.0, 0.0])
    times: list[float] = field(default_factory=lambda: [0.0, 0.0])

    @property
    def shown(self) -> bool:
        """Whether it is called more or less often, or takes clearly more or less time."""
        less, more = sorted(self.times)
        return self.numbers[0] != self.numbers[1] or more > max(less * FACTOR, less + CLEAR)


def explain_calls(base: Path, branch: Path, bench: str, top: int, file: Path | None) -> None:
    """Print, and write, the calls that differ. Raises ToolError where nothing can be counted."""
    names = counted_names(bench)
    old, new = (made_on(tree, names, calls=True) for tree in (base, branch))
    both = [name for name in names if _is_measured(old, name) and _is_measured(new, name)]
    if not both:
        whys = [made.reason for found in (old, new) for made in found.values() if made.reason]
        raise ToolError(f"no benchmark that {bench} selects runs on both{f': {whys[0]}' if whys else ''}")
    console = report_console()
    pages, same = [], 0
    for name in both:
        shown = sorted(filter(lambda calls: calls.shown, compared(old[name], new[name])), key=_by_time)
        if not shown:
            same += 1
            continue
        rows = list(map(row_of, shown[:top]))
        console.print(f"{name}: calls into C per {_unit(old[name])}", highlight=False, soft_wrap=True)
        print_table(console, HEADINGS, rows, texts=TEXTS)
        pages.append(f"### {name}\n\n" + "\n".join(markdown_table(HEADINGS, rows, texts=TEXTS)))
    ending = f"{len(both):,} compared: {same:,} have the same calls into C. Numbers are exact, times are of one run."
    console.print(ending, highlight=False, soft_wrap=True)
    if file:
        write_whole(file, "\n\n".join(["## Calls into C", *pages, ending]) + "\n")


def counted_names(bench: str) -> list[str]:
    """The counts of bytecodes that are selected, and those beside the times that are. Raises ToolError for none."""
    every = {name: benchmark for name, benchmark in Suite().named("")}
    selected = [name for name, _ in Suite().named(bench)]
    if not selected:
        raise ToolError(f"no benchmark matches {bench}: docs/scenarios.md has their names")
    beside = [count_beside(name.partition("(")[0]) + "".join(name.partition("(")[1:]) for name in selected]
    found = dict.fromkeys(name for name in beside if name in every and every[name].unit.startswith("bytecodes"))
    if not found:
        raise ToolError(f"{bench} selects no count of bytecodes, and no time that has one beside it")
    return list(found)


def compared(old: Made, new: Made) -> list[Calls]:
    """The calls of one benchmark on both trees."""
    found: dict[tuple[str, str, str], Calls] = {}
    for side, made in enumerate((old, new)):
        for (*frames, called), number, nanoseconds in _each(made):
            function = owner(frames)
            key = function.module, function.name, called.name
            calls = found.setdefault(key, Calls(function, called.name))
            calls.function = function
            calls.numbers[side] += number / made.divisor
            calls.times[side] += nanoseconds / made.divisor / 1000
    return list(found.values())


def row_of(calls: Calls) -> Row:
    """The cells of calls in the table."""
    name = "benchmark" if calls.function == BENCHMARK else calls.function.name
    place = "" if calls.function == BENCHMARK else f"{calls.function.module}:{calls.function.line}"
    numbers = [f"{round(number, 3):,.10g}" for number in calls.numbers]
    return (name, calls.callable, place, *numbers, *(f"{time:,.1f}" for time in calls.times))


def _each(made: Made) -> Iterator[tuple[tuple[Frame, ...], float, float]]:
    for (frames, number), nanoseconds in zip(made.shares, made.times, strict=True):
        yield frames, number, nanoseconds


def _by_time(calls: Calls) -> float:
    return -abs(calls.times[1] - calls.times[0])


def _unit(made: Made) -> str:
    return made.unit.partition("/")[2] or "run"


def _is_measured(found: Mapping[str, Made], name: str) -> bool:
    return name in found and found[name].value is not None
