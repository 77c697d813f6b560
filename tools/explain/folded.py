"""Folded stacks: a line a stack, its frames from the outermost on and what was counted in the last of them.

flamegraph.pl, speedscope and their like read them.
"""

import re
from collections import defaultdict
from pathlib import Path

from tools.explain.differences import Explanation, Made
from tools.explain.profiled import Frame, Frames
from tools.paths import write_whole


def write_folded(folder: Path, explanation: Explanation) -> list[Path]:
    """Write the stacks of a number on both trees, in whole instructions or bytes of one run: two files."""
    slug = re.sub(r"\W+", "-", explanation.name).strip("-")
    files = []
    for side, made in zip(("before", "after"), explanation.stacks, strict=True):
        file = folder / f"{slug}.{side}.folded"
        write_whole(file, "".join(f"{';'.join(stack)} {number:.0f}\n" for stack, number in folded(made).items()))
        files.append(file)
    return files


def folded(made: Made) -> dict[tuple[str, ...], float]:
    """What was counted in each stack, by what its frames are called; sorted. What memory was freed is in none."""
    found: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for frames, number in made.shares:
        found[labels(frames)] += number
    return {stack: number for stack, number in sorted(found.items()) if number > 0}


def labels(frames: Frames) -> tuple[str, ...]:
    """What the frames of a stack are called: no semicolon, which is between them, nor a line's end."""
    return tuple(" ".join(label(frame).replace(";", ",").split()) for frame in frames)


def label(frame: Frame) -> str:
    """What a frame is called."""
    return f"{frame.module}:{frame.name}" if frame.name else frame.module
