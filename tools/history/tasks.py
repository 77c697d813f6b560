"""What becomes of a tree that was given to a worker."""

from typing import NamedTuple

from tools.history.store import Measured


class Found(NamedTuple):
    """What a worker has found out of a tree, and in how many seconds."""

    measured: Measured
    seconds: float


class Refused(NamedTuple):
    """A worker, by its address, whose counts would not be those of the sweep, and why."""

    worker: str
    reason: str


class Died(NamedTuple):
    """So many workers in turn have died with a tree: it is given up."""

    workers: int


class Done(NamedTuple):
    """A tree that no worker has in hand any more, and what was found out, or went wrong."""

    tree: str
    found: Found | Died | Exception
