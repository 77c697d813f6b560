"""Which functions of ExaBGP make a number another one from one commit to the next: found out once, and kept."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from tools.explain.differences import differences
from tools.explain.report import FEW
from tools.history.lines import Commit
from tools.history.store import Store
from tools.paths import UPSTREAM, write_whole
from tools.source import trees


class Cause(NamedTuple):
    """A function, and what it takes before and after of the number that it explains."""

    module: str
    name: str
    line: int
    before: float
    after: float

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.name} {self.before:,.10g} → {self.after:,.10g}"


def kept(store: Store, before: Commit, after: Commit, name: str) -> tuple[Cause, ...]:
    """The functions that differ most, where somebody has asked before."""
    return tuple(Cause(*cause) for cause in _kept(store, before, after).get(name, ()))


def causes(store: Store, before: Commit, after: Commit, name: str) -> tuple[Cause, ...]:
    """The functions that differ most, of a benchmark with its parameters; none of a number that no function makes."""
    known = _kept(store, before, after)
    if name not in known:
        base, branch = (trees.commit(commit.hash, UPSTREAM) for commit in (before, after))
        found = [
            Cause(function.module, function.name, function.line, function.before, function.after)
            for explanation in differences(base, branch, [name])
            for function in explanation.changed[:FEW]
        ]
        known[name] = found
        write_whole(_file(store, before, after), json.dumps(known, indent=1) + "\n")
    return tuple(Cause(*cause) for cause in known[name])


def _kept(store: Store, before: Commit, after: Commit) -> dict[str, Any]:
    file = _file(store, before, after)
    known: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return known


def _file(store: Store, before: Commit, after: Commit) -> Path:
    return store.folder / store.python / "causes" / f"{before.tree}-{after.tree}.json"
