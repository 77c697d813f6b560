"""A bar of how far a long benchmark is, beside what asv says."""

import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from benchmarks.work.progress import FILE

# Seconds between two looks.
TICK = 0.5
# What benchmarks.work.progress writes, whole.
_SAID = re.compile(r"(\d+) (\d+) (.+)\n")


@contextmanager
def progress_shown(console: Console | None = None, tick: float = TICK) -> Iterator[None]:
    """Show on standard error, where that is a terminal, what benchmarks tell of themselves meanwhile."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with tempfile.NamedTemporaryFile(prefix="exabgp-bench-progress-") as file:
        ended = threading.Event()
        watching = threading.Thread(target=_watch, args=(Path(file.name), console, tick, ended))
        os.environ[FILE] = file.name
        watching.start()
        try:
            yield
        finally:
            del os.environ[FILE]
            ended.set()
            watching.join()


def _watch(file: Path, console: Console, tick: float, ended: threading.Event) -> None:
    """Show a bar while something is under way: from when it says so until it is whole, or something else begins."""
    bar, shown = None, ""
    while not ended.wait(tick):
        said = _SAID.fullmatch(file.read_text())
        if not said:
            continue
        done, whole, what = int(said[1]), int(said[2]), said[3]
        if bar and (done == whole or what != shown):
            bar.stop()
            bar = None
        if done < whole and not bar:
            # asv has begun a line.
            console.print()
            bar, shown = Progress(console=console, transient=True), what
            task = bar.add_task(what, total=whole)
            bar.start()
        if bar:
            bar.update(task, completed=done)
    if bar:
        bar.stop()
