"""Printing where the encoding of the output lacks a character: a commit's subject, or the micro sign of a time."""

import codecs
import sys
from io import TextIOWrapper

# What stands for characters that asv and these tools print; µ is the micro sign and the Greek letter.
PLAIN = {"\N{MICRO SIGN}": "u", "\N{GREEK SMALL LETTER MU}": "u", "±": "+-", "→": "->", "…": "...", "─": "-"}


def print_what_can_be_printed() -> None:
    """Have standard output replace what its encoding lacks, rather than end in an error."""
    codecs.register_error("plain", _plain)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(PLAIN.get(letter, "?") for letter in error.object[error.start : error.end]), error.end
