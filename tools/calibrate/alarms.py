"""Compare equal code with itself, as the gate does, and see how often it is called slower."""

import math
from typing import Any

from asv import _stats

from tools.calibrate.kept import kept, rules
from tools.configuration import configuration
from tools.exclusive import measuring
from tools.gate.continuous import compare, judge
from tools.gate.measurement import Gate
from tools.gate.passes import FIRST
from tools.gate.rules import WORSE, Change
from tools.git import git
from tools.numbers.kinds import EXACT, Kind
from tools.numbers.stored import load
from tools.paths import UPSTREAM

# What `asv continuous` calls slower when it is told nothing: that factor, and a U test.
ASV_FACTOR = 1.1


def same_code(revision: str, number: int) -> tuple[str, str]:
    """Two commits on top of a real one that change nothing, the same pair for the same number. No branch has them."""
    parent = git("rev-parse", "--verify", f"{revision}^{{commit}}", cwd=UPSTREAM)
    tree = git("rev-parse", f"{parent}^{{tree}}", cwd=UPSTREAM)
    date = int(git("log", "-1", "--format=%ct", parent, cwd=UPSTREAM))
    pair = []
    for step in (1, 2):
        who = f"nobody <nobody> {date + 60 * (2 * number + step)} +0000"
        commit = f"tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nChange nothing, {number}.{step}\n"
        parent = git("hash-object", "-t", "commit", "-w", "--stdin", cwd=UPSTREAM, stdin=commit.encode())
        pair.append(parent)
    return pair[0], pair[1]


def comparison(revision: str, number: int, state: str, selected: list[str], counts_only: bool) -> dict[str, Any]:
    """One comparison of equal code: what the gate flags, and what asv would by default. Kept when it is done."""
    base, branch = same_code(revision, number)
    kind = "counts" if counts_only else "counts-and-times"
    key = f"{state} {rules(times=not counts_only)} {branch} {selected}"
    result: dict[str, Any] = kept(f"alarms/{kind}-{number}", key, lambda: _compare(base, branch, selected, counts_only))
    return result


def _compare(base: str, branch: str, selected: list[str], counts_only: bool) -> dict[str, Any]:
    gate = Gate(base, branch, selected)
    with measuring():
        changes = compare(gate, counts_only=counts_only, all_times=True)
    status, _ = judge(changes)
    both = [change for change in changes if change.before.measured and change.after.measured]
    flagged = [change for change in changes if change.outcome in WORSE and change.key.kind is not Kind.CONTROL]
    by_asv = [] if counts_only else _by_asv(gate, base, branch)
    gate.clear()
    return {
        "status": status,
        "counts": sum(change.key.kind in EXACT for change in both),
        "times": sum(change.key.kind is Kind.TIME for change in both),
        "peaks": sum(change.key.kind is Kind.MEMORY for change in both),
        "flagged counts": [_line(change) for change in flagged if change.key.kind in EXACT],
        "flagged times": [_line(change) for change in flagged if change.key.kind is Kind.TIME],
        "flagged peaks": [_line(change) for change in flagged if change.key.kind is Kind.MEMORY],
        "differing counts": sum(
            change.before.value != change.after.value for change in both if change.key.kind in EXACT
        ),
        "flagged by asv": by_asv,
    }


def _line(change: Change) -> str:
    how = change.outcome.value if math.isnan(change.ratio) else f"{change.ratio:.3f}"
    return f"{change.key} {how}"


def _by_asv(gate: Gate, base: str, branch: str) -> list[str]:
    """The times of the first pass that asv's own rule calls slower."""
    conf = configuration()
    conf.results_dir = str(gate.folder / FIRST)
    before, after = (load(conf, gate.machine, commit, []) for commit in (base, branch))
    return [
        f"{key} {after[key].value / old.value:.3f}"  # type: ignore[operator]
        for key, old in before.items()
        if key.kind is Kind.TIME
        and old.measured
        and after[key].measured
        and after[key].value > old.value * ASV_FACTOR  # type: ignore[operator]
        and _stats.is_different(old.samples, after[key].samples, old.stats, after[key].stats)
    ]
