"""One run for all its figures: asv has a process for each benchmark, and a folder for those that share something.

The first of them that needs a run makes it, and the others read what it came to, its failure too. Where nothing is
shared, as in the tests, each makes its own.
"""

import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path

# In the folder in which asv runs the benchmarks; it removes that when the last of them has run.
_FOLDER = Path("runs-of-daemons")


def begin_sharing() -> None:
    """Have the runs of this folder shared from now on."""
    _FOLDER.mkdir()


def shared[**P, T](run: Callable[P, T]) -> Callable[P, T]:
    """Make a run once for all processes that share the folder they work in."""

    def once(*args: P.args, **kwargs: P.kwargs) -> T:
        if not _FOLDER.exists():
            return run(*args, **kwargs)
        name = f"{run.__module__}.{run.__qualname__}{args}{sorted(kwargs.items())}"
        file = _FOLDER / hashlib.sha256(name.encode()).hexdigest()[:16]
        if not file.exists():
            partial = file.with_suffix(".partial")
            partial.write_bytes(pickle.dumps(_outcome(lambda: run(*args, **kwargs))))
            # Whole, or not at all: the next benchmark reads it even if this one was killed.
            partial.replace(file)
        found, error = pickle.loads(file.read_bytes())
        if error:
            raise error
        return found  # type: ignore[no-any-return]  # what the run returned

    return once


def _outcome[T](run: Callable[[], T]) -> tuple[T | None, Exception | None]:
    try:
        return run(), None
    except Exception as error:
        # Kept: what failed, or is not applicable, is so for each of its figures. It is raised for each.
        return None, error
