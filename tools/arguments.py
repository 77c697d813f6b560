"""What people type: kinds of arguments that argparse lacks, and the expressions by which benchmarks are selected."""

import argparse
import os
import re
from pathlib import Path
from typing import Any


def positive(text: str) -> int:
    """A number from 1 on."""
    return _number(text, 1)


def natural(text: str) -> int:
    """A number from 0 on."""
    return _number(text, 0)


def _number(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text} is no number from {least} on")
    return int(text)


def new_file(text: str) -> Path:
    """The path of a file to be written once the work is done, from any folder; its own is there already."""
    # That of pathlib ends in an exception for the home directory of nobody.
    path = Path(os.path.expanduser(text)).absolute()  # noqa: PTH111
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}: make it first, or name another file")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{path} may not be written: name another file")
    return path


def new_folder(text: str) -> Path:
    """The path of a folder for files to be written once the work is done; it is made where it is missing."""
    path = Path(os.path.expanduser(text)).absolute()  # noqa: PTH111
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder: name another")
    return path


def expression(text: str) -> str:
    """A regular expression by which benchmarks are selected."""
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from None
    return text


def add_bench(parser: argparse.ArgumentParser, **options: Any) -> None:
    """Add the option by which benchmarks are selected."""
    parser.add_argument("-b", "--bench", type=expression, metavar="RE", help="only benchmarks that match", **options)
