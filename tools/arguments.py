"""Kinds of arguments that argparse lacks."""

import argparse
from pathlib import Path


def positive(text: str) -> int:
    """A number from 1 on."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 on")
    return int(text)


def new_file(text: str) -> Path:
    """The path of a file to be written once the work is done, from any folder; its own is there already."""
    path = Path(text).absolute()
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}: make it first, or name another file")
    return path
