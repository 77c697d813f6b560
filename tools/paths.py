"""Where things are in this repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
TOOLS = ROOT / "tools"
UPSTREAM = ROOT / "upstream"
"""The clone of ExaBGP that asv works on, or a link to one; tools/source/upstream.py makes it."""
CACHE = ROOT / ".cache"
"""What can be fetched or made again."""
