"""Explanations as people read them: in words, as tables in the terminal and in Markdown."""

import math
from collections.abc import Iterator

from rich.console import Console

from tools.explain.differences import Explanation, Function
from tools.explain.profiled import BENCHMARK
from tools.terminal import Row, markdown_table, print_table

HEADINGS = ("function", "where", "", "before", "after", "difference")
LINE_HEADINGS = ("line", *HEADINGS[1:])
TEXTS = 3
# Functions that say in short why a number is another.
FEW = 3


def print_explanation(console: Console, explanation: Explanation, top: int) -> None:
    """Print a number and the functions of which it is made, those that differ most."""
    console.print(title(explanation), highlight=False, soft_wrap=True)
    print_table(console, _headings(explanation), list(rows(explanation, top)), texts=TEXTS)
    console.print(f"{_in_short(explanation)}\n", highlight=False, soft_wrap=True)


def markdown(explanation: Explanation, top: int) -> str:
    """The same in Markdown."""
    table = "\n".join(markdown_table(_headings(explanation), rows(explanation, top), texts=TEXTS))
    return f"### {title(explanation)}\n\n{table}\n\n{_in_short(explanation)}"


def title(explanation: Explanation) -> str:
    """The number before and after."""
    numbers = f"{_figure(explanation.before)} → {_figure(explanation.after)} {explanation.unit}"
    return f"{explanation.name}: {numbers} ({percent(explanation.ratio)})"


def rows(explanation: Explanation, top: int) -> Iterator[Row]:
    """The functions that differ most, all others in a line, and the sum."""
    shown, others = explanation.changed[:top], explanation.changed[top:]
    same = [function for function in explanation.functions if not function.difference]
    for function in shown:
        yield (name_of(function), place_of(function), note_of(function), *_figures([function]))
    if others:
        yield (f"{len(others)} others that changed", "", "", *_figures(others))
    if same:
        yield (f"{len(same)} that did not change", "", "", *_figures(same))
    yield ("sum", "", "", *_figures(explanation.functions))


def few(explanation: Explanation) -> Iterator[str]:
    """The functions that changed most, in words."""
    for function in explanation.changed[:FEW]:
        note = f", {note_of(function)}" if note_of(function) else ""
        place = f" ({place_of(function)}{note})" if place_of(function) else ""
        yield f"{name_of(function)} {difference(function.difference)}{place}"


def explained_share(explanation: Explanation, number: int = FEW) -> float:
    """How much of a difference the functions that changed most are, from 0 to 1; what they change beyond it counts
    against them."""
    whole = sum(function.difference for function in explanation.functions)
    if not whole:
        return 0.0
    first = sum(function.difference for function in explanation.changed[:number])
    return max(0.0, 1 - abs(whole - first) / abs(whole))


def name_of(function: Function) -> str:
    """What a function, or a line, is called."""
    return "benchmark" if function.module == BENCHMARK.module else function.name


def place_of(function: Function) -> str:
    """The module and the line."""
    return "" if function.module == BENCHMARK.module else f"{function.module}:{function.line}"


def note_of(function: Function) -> str:
    """What became of it, where it is not what it was."""
    return function.note.value if function.note else f"was {function.was}" if function.was else ""


def difference(number: float) -> str:
    """A difference with its sign."""
    return f"{number:+,.6g}" if abs(number) < 1000 else f"{number:+,.0f}"


def percent(ratio: float) -> str:
    """A ratio as what it adds, in per cent."""
    return "from nothing" if math.isinf(ratio) else f"{100 * (ratio - 1):+,.2f} %"


def _headings(explanation: Explanation) -> Row:
    return LINE_HEADINGS if "bytes" in explanation.unit else HEADINGS


def _in_short(explanation: Explanation) -> str:
    number = min(FEW, len(explanation.changed))
    many = "The first function explains" if number == 1 else f"The first {number} functions explain"
    return f"{many} {100 * explained_share(explanation):.0f} % of the difference."


def _figures(functions: list[Function]) -> tuple[str, str, str]:
    before, after = (sum(getattr(function, side) for function in functions) for side in ("before", "after"))
    return _figure(before), _figure(after), f"{round(after - before, 3):+,.10g}"


def _figure(number: float) -> str:
    return f"{round(number, 3):,.10g}"
