"""Which functions of ExaBGP make a number another one from one commit to the next: found out once, and kept."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

from tools.explain.differences import differences
from tools.explain.profiled import BENCHMARK
from tools.explain.report import FEW
from tools.history.lines import Commit
from tools.history.store import Store, sound
from tools.paths import UPSTREAM, write_whole
from tools.source import trees

# How many numbers of one event are explained: seconds each.
MOST = 20


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
    return all_kept(store, before, after).get(name, ())


def all_kept(store: Store, before: Commit, after: Commit) -> dict[str, tuple[Cause, ...]]:
    """The same of each number that somebody has asked for."""
    return {name: tuple(Cause(*cause) for cause in found) for name, found in _kept(store, before, after).items()}


def causes(store: Store, before: Commit, after: Commit, name: str) -> tuple[Cause, ...]:
    """The functions that differ most, of a benchmark with its parameters; none of a number that no function makes."""
    return causes_of(store, before, after, [name])[name]


def causes_of(store: Store, before: Commit, after: Commit, names: Sequence[str]) -> dict[str, tuple[Cause, ...]]:
    """The same of several, which takes little longer than of one."""
    known = _kept(store, before, after)
    if missing := [name for name in names if name not in known]:
        base, branch = (trees.commit(commit.hash, UPSTREAM) for commit in (before, after))
        known |= {name: [] for name in missing}
        for explanation in differences(base, branch, missing):
            known[explanation.name] = [
                Cause(function.module, function.name, function.line, function.before, function.after)
                for function in explanation.changed[:FEW]
            ]
        write_whole(_file(store, before, after), _text(known))
    return {name: tuple(Cause(*cause) for cause in known[name]) for name in names}


def merge_causes(store: Store, other: Store) -> None:
    """Add the functions that another store knows and this one does not."""
    for file in sorted(_folder(other).glob("*.json")):
        ours = _folder(store) / file.name
        known = _read(ours)
        if (both := _read(file) | known) != known:
            write_whole(ours, _text(both))


def chosen(names: Iterable[str]) -> list[str]:
    """Which of many numbers to ask for: the first of each benchmark, of all families in turn."""
    firsts: dict[str, str] = {}
    for name in names:
        firsts.setdefault(name.partition("(")[0], name)
    turns: Counter[str] = Counter()
    found: list[tuple[int, str]] = []
    for benchmark, name in firsts.items():
        family = benchmark.partition(".")[0]
        found.append((turns[family], name))
        turns[family] += 1
    return [name for _, name in sorted(found, key=lambda turn: turn[0])][:MOST]


def apart(names: Sequence[str], known: Mapping[str, Sequence[Cause]]) -> list[list[str]]:
    """Numbers in groups that share no function that makes them another, nor its module, in the order of their firsts.

    Bytes are told by lines, which have a module only. What has no function that is known goes with what is named most
    like it.
    """
    group_of: dict[str, str] = {}
    first_with: dict[str, str] = {}
    for name in names:
        if modules := _modules(known.get(name, ())):
            joined = {group_of[first_with[module]] for module in modules if module in first_with}
            group_of[name] = min(joined, key=names.index, default=name)
            group_of |= {other: group_of[name] for other, group in group_of.items() if group in joined}
            for module in modules:
                first_with.setdefault(module, name)
    found: dict[str, list[str]] = {}
    for name in names:
        # Those that are equally like it are the same to it: the first of them is the largest.
        like = name if name in group_of else max(group_of, key=partial(_likeness, name), default=name)
        found.setdefault(group_of.get(like, ""), []).append(name)
    return [*found.values()]


def _likeness(name: str, other: str) -> int:
    """How much of two names is the same: the family, the class, the benchmark."""
    parts = zip(re.split(r"[.(]", name), re.split(r"[.(]", other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], parts))


def _modules(causes: Sequence[Cause]) -> set[str]:
    """Where the functions of ExaBGP are that make a number another, at least a tenth as much as the first does."""
    least = max((abs(cause.after - cause.before) for cause in causes), default=0.0) / 10
    return {
        cause.module
        for cause in causes
        if cause.module != BENCHMARK.module and abs(cause.after - cause.before) >= least
    }


def _kept(store: Store, before: Commit, after: Commit) -> dict[str, Any]:
    return _read(_file(store, before, after))


def _read(file: Path) -> dict[str, Any]:
    """What a file knows, by the name of the number. Raises ToolError where it is damaged: it is put aside."""
    return sound(file, lambda: dict(json.loads(file.read_text()))) if file.exists() else {}


def _text(known: Mapping[str, Any]) -> str:
    return json.dumps(known, indent=1) + "\n"


def _file(store: Store, before: Commit, after: Commit) -> Path:
    return _folder(store) / f"{before.tree}-{after.tree}.json"


def _folder(store: Store) -> Path:
    return store.folder / store.python / "causes"
