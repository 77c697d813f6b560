"""Where things are in this repository."""

import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
TOOLS = ROOT / "tools"
UPSTREAM = ROOT / "upstream"
"""The clone of ExaBGP that asv works on, or a link to one; tools/source/upstream.py makes it."""
ASV = ROOT / ".asv"
"""What is measured: by asv, and by tools that keep what they have found out."""
CACHE = ROOT / ".cache"
"""What can be fetched or made again."""


def write_whole(file: Path, text: str) -> None:
    """Write a file whole or not at all, whenever this process is ended; make its folder where it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(text)
    partial.replace(file)


def check_writable(folder: Path) -> None:
    """Raise OSError now rather than once the work is done; make the folder where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass
