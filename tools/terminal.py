"""Where reports are printed, and how their tables are laid out: no number is ever cut."""

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

# Where no terminal says how wide it is.
WIDTH = 150
# Between columns, as rich has it.
GAP = "   "
type Row = Sequence[str]


def report_console(file: IO[str] | None = None, width: int | None = None) -> Console:
    """A console on standard output, or on a file. What commits and errors say is text, and no markup of rich's."""
    if width is None:
        width = shutil.get_terminal_size((WIDTH, 0)).columns
    return Console(file=file, width=width, markup=False, emoji=False)


def print_table(console: Console, headings: Row, rows: Sequence[Row], *, texts: int) -> None:
    """Print a table. The first cells of a row, ``texts``, say what it is about; the others are numbers.

    Where the console is too narrow for a line a row, the numbers come on a line of their own below the texts, and
    where it is too narrow for that, each of them on its own.
    """
    table = Table(box=SIMPLE_HEAD)
    for number, heading in enumerate(headings):
        table.add_column(heading, no_wrap=True, justify="left" if number < texts else "right")
    for row in rows:
        table.add_row(*row)
    unlimited = console.options.update(width=sys.maxsize)
    if console.measure(table, options=unlimited).maximum <= console.width:
        console.print(table)
        return
    # Lines that are too long nevertheless, as of a long name, are left to the terminal: it cuts nothing off.
    for line in _stacked(headings, rows, texts, console.width):
        console.print(line, highlight=False, soft_wrap=True)


def _stacked(headings: Row, rows: Sequence[Row], texts: int, width: int) -> Iterator[str]:
    """The lines of a table that has the numbers of a row below its texts."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)][texts:]
    one_line = len(GAP) * len(widths) + sum(widths) <= width
    label = max(map(len, headings[texts:]))
    longest = max(len(number) for row in rows for number in row[texts:])
    if one_line:
        yield from _packed(headings[:texts], width)
        yield _aligned(headings[texts:], widths)
        yield "─" * width
    for row in rows:
        yield from _packed(row[:texts], width)
        if one_line:
            yield _aligned(row[texts:], widths)
        else:
            for heading, number in zip(headings[texts:], row[texts:], strict=True):
                if number:
                    yield f"{GAP}{heading:{label}} {number:>{longest}}"
    yield ""


def _packed(texts: Iterable[str], width: int) -> Iterator[str]:
    """Texts side by side, on as many lines as they need."""
    line = ""
    for text in filter(None, texts):
        if line and len(line) + 2 + len(text) > width:
            yield line
            line = text
        else:
            line = f"{line}  {text}" if line else text
    yield line


def _aligned(numbers: Row, widths: Sequence[int]) -> str:
    return "".join(f"{GAP}{number:>{width}}" for number, width in zip(numbers, widths, strict=True)).rstrip()


def markdown_table(headings: Row, rows: Iterable[Row], *, texts: int) -> Iterator[str]:
    """The lines of a table in Markdown, which is never wrapped; as with print_table the first cells are texts."""
    rules = ["---" if number < texts else "--:" for number in range(len(headings))]
    for row in (headings, rules, *rows):
        yield "| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |"
