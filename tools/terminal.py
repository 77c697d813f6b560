"""Where reports are printed."""

import sys
from typing import IO

from rich.console import Console

# Where no terminal says how wide it is.
WIDTH = 150


def report_console(file: IO[str] | None = None, width: int | None = None) -> Console:
    """A console on standard output, or on a file. What commits and errors say is text, and no markup of rich's."""
    if file is None and not sys.stdout.isatty():
        width = WIDTH
    return Console(file=file, width=width, markup=False, emoji=False)
