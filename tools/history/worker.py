"""What a worker of a cluster does: measure a tree with the checkout, the Python and the `upstream` that it has."""

import platform
import threading
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from distributed import get_worker

from tools.git import GitError, git
from tools.history.lines import Commit
from tools.history.measuring import every_series, measure
from tools.history.store import Series
from tools.history.tasks import Found, Refused
from tools.lifetime import end_children_with_this_process_alone
from tools.paths import UPSTREAM

type Name = tuple[str, str, str]


def work(fields: tuple[Any, ...], missing: Sequence[Name], every: Sequence[Name], python: str) -> Found | Refused:
    """Count benchmarks on a commit, where this worker counts what the sweep with this Python would.

    A Commit and Series come as plain tuples.
    """
    _prepare()
    commit = Commit(*fields)
    asked, all_ = ([Series(*of) for of in names] for names in (missing, every))
    reason = _unfit(commit, all_, python)
    if reason:
        return Refused(get_worker().address, reason)
    # Of this worker alone, of this thread of it where it has several, and gone when the worker is.
    folder = Path(get_worker().local_directory, str(threading.get_ident()))
    started = time.monotonic()
    return Found(measure(commit, asked, all_, folder), time.monotonic() - started)


@cache
def _prepare() -> None:
    """Have what is started for a tree end when this worker is killed."""
    end_children_with_this_process_alone()


def _unfit(commit: Commit, every: Sequence[Series], python: str) -> str | None:
    """Why this worker's counts would not be those of the sweep, or None."""
    if platform.python_version() != python:
        return f"it has Python {platform.python_version()}, and the sweep {python}"
    others = [series for series in every if series not in _here()]
    if others:
        return f"its benchmarks are not those of the sweep, as {others[0].name}: have it run the same checkout"
    try:
        git("cat-file", "-e", f"{commit.hash}^{{commit}}", cwd=UPSTREAM)
    except GitError:
        return f"its upstream lacks {commit.hash[:9]}: python3 bootstrap.py upstream --update there"
    return None


@cache
def _here() -> frozenset[Series]:
    return frozenset(every_series("."))
