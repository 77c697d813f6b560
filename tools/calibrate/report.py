"""The calibration in words: docs/calibration.md. Here its figures are worked out; report.md.j2 has the page."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scipy.stats import binomtest

from tools.calibrate.callables.injection import Kind
from tools.calibrate.counts import NOT_EXECUTED
from tools.report.pages import render

TEMPLATE = Path(__file__).with_name("report.md.j2")
# How many benchmarks are listed by how much of a counted call is this repository's own.
OWN_SHOWN = 10
# The least share of a daemon's instructions by which code that no count executes is listed.
LEAST_SHOWN = 0.0005

type Results = dict[str, Any]
type Rows = dict[str, dict[str, Any]]


class Row(NamedTuple):
    """A line of a table about an injection."""

    name: str
    cells: tuple[str, ...]


def page(results: Results) -> str:
    """The whole page."""
    return render(
        TEMPLATE,
        results=results,
        goals=list(_goals(results)),
        alarms=_alarms(results.get("alarms", [])),
        trees={name: _tree(tree) for name, tree in results["trees"].items()},
    )


def _goals(results: Results) -> Iterator[tuple[str, str]]:
    alarms = results.get("alarms", [])
    wrong = sum(bool(comparison["flagged counts"]) for comparison in alarms)
    yield "counts: no false alarm in 100 comparisons", f"{wrong} in {len(alarms)}" if alarms else "not measured"
    timed = [comparison for comparison in alarms if comparison["times"]]
    wrong = sum(bool(comparison["flagged times"]) for comparison in timed)
    numbers = sum(comparison["times"] for comparison in timed)
    flagged = sum(len(comparison["flagged times"]) for comparison in timed)
    found = f"{wrong} in {len(timed)}: at most {upper_bound(wrong, len(timed)):.1%}; {flagged} of {numbers:,} times"
    yield "times: at most 1 % of comparisons at the gate's setting", found if timed else "not measured"
    for name, tree in results["trees"].items():
        rows = tree["injections"]
        yield f"{name}: each executed callable seen at 3 % by a count", share_seen(rows, Kind.BYTECODES, 0.03)
        yield f"{name}: each leak of 64 octets or more seen", share_seen(rows, Kind.LEAK, 64)
        yield f"{name}: each slow-down of 20 % inside C seen by a time", share_seen(rows, Kind.C, 0.2)
        yield f"{name}: the same count in 5 processes, and on busy cores", _repeats(tree)
        share = max(tree["own"].values(), default=0.0)
        daemon = tree["daemon"]
        found = f"{daemon['share']:.1%}" if daemon and daemon["share"] is not None else "not measured"
        yield f"{name}: at most 5 % of a daemon's instructions are in code that no count executes", found
        yield f"{name}: at most 10 % of the instructions are this repository's own", f"at most {share:.1%}"


def share_seen(rows: Rows, kind: Kind, most: float) -> str:
    """How many injections of a kind are seen at a level, of those into callables that a benchmark executes."""
    of_kind = [
        row
        for row in rows.values()
        if row["kind"] == kind.value and row["callable"] and row.get("problem") != NOT_EXECUTED
    ]
    if not of_kind:
        return "not measured"
    return f"{sum(_seen_at(row, most) for row in of_kind)} of {len(of_kind)}"


def _seen_at(row: dict[str, Any], most: float) -> bool:
    """Whether the largest level up to this one is seen: a time can miss it by chance, and see a smaller one."""
    levels = [level for level in row.get("levels", []) if level["level"] <= most]
    return bool(levels) and bool(max(levels, key=lambda level: level["level"])["seen"])


def _repeats(tree: dict[str, Any]) -> str:
    if len(tree["seeds"]) < 2:
        return "not measured"
    return f"{tree['counts'] - len(tree['varying'])} of {tree['counts']} counts"


def _alarms(alarms: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not alarms:
        return None
    timed = [comparison for comparison in alarms if comparison["times"]]
    rules = []
    for what, comparisons, size, flagged in (
        ("counts, the gate's rule", alarms, "counts", "flagged counts"),
        ("times, the gate's rule", timed, "times", "flagged times"),
        ("times of its first pass, asv's default rule", timed, "times", "flagged by asv"),
        ("peaks of memory, the gate's rule", timed, "peaks", "flagged peaks"),
    ):
        alarmed = sum(bool(comparison[flagged]) for comparison in comparisons)
        bound = f"{upper_bound(alarmed, len(comparisons)):.1%}"
        numbers = sum(comparison[size] for comparison in comparisons)
        wrong = sum(len(comparison[flagged]) for comparison in comparisons)
        rules.append((what, len(comparisons), alarmed, bound, f"{numbers:,}", wrong))
    statuses = Counter(comparison["status"] for comparison in alarms)
    kinds = ("flagged counts", "flagged times", "flagged peaks")
    return {
        "rules": rules,
        "statuses": ", ".join(f"{status} ({times} times)" for status, times in sorted(statuses.items())),
        "differing": sum(comparison["differing counts"] for comparison in alarms),
        "flagged": sorted({line for comparison in alarms for kind in kinds for line in comparison[kind]}),
    }


def upper_bound(events: int, trials: int, confidence: float = 0.95) -> float:
    """The largest probability of an event that leaves a chance for no more of them than these in the trials.

    One-sided, exact: Clopper and Pearson, Biometrika 26 (1934). No trial rules nothing out.
    """
    if not trials:
        return 1.0
    return float(binomtest(events, trials, alternative="less").proportion_ci(confidence, method="exact").high)


def _tree(tree: dict[str, Any]) -> dict[str, Any]:
    rows: Rows = tree["injections"]

    def of(*kinds: Kind) -> Rows:
        values = [kind.value for kind in kinds]
        return {name: row for name, row in rows.items() if row["kind"] in values}

    own = sorted(tree["own"].items(), key=lambda item: -item[1])[:OWN_SHOWN]
    return tree | {
        "bytecodes": list(smallest_seen(of(Kind.BYTECODES))),
        "problems": problems(of(Kind.BYTECODES)),
        "others": list(levels(of(Kind.BEHAVIOUR, Kind.LEAK), "{:g}".format)),
        "in_c": list(levels(of(Kind.C), "{:.0%}".format)),
        "hot": {label: (f"{share:.1%}", where) for label, (share, where) in tree["hot"].items()},
        "uncovered": _shown(tree["daemon"]["by code"]) if tree["daemon"] else {},
        "own": {title: f"{share:.1%}" for title, share in own},
    }


def _shown(shares: dict[str, float]) -> dict[str, str]:
    return {label: f"{share:.2%}" for label, share in shares.items() if share >= LEAST_SHOWN}


def smallest_seen(rows: Rows) -> Iterator[Row]:
    """Of each injection that adds instructions: the smallest level that a count sees, and which count that is."""
    for name, row in rows.items():
        if "problem" in row:
            continue
        seen = [level for level in row["levels"] if level["seen"]]
        found = ("**not seen**", "", "no benchmark grows enough")
        if seen:
            first = min(seen, key=lambda level: level["level"])
            found = (f"{first['level']:.0%}", f"{first['extra']:,}", f"{first['by']} +{first['growth']:.1%}")
        yield Row(name, (f"`{row['callable']}`", *found))


def problems(rows: Rows) -> dict[str, str]:
    """Why injections could not be made, and which of them, with the callable where there is one."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, row in rows.items():
        if "problem" in row:
            found[row["problem"]].append(f"{name} (`{row['callable']}`)" if row["callable"] else name)
    return {problem: ", ".join(names) for problem, names in found.items()}


def levels(rows: Rows, text: Callable[[float], str]) -> Iterator[Row]:
    """Each level of each injection: whether it is seen, by which benchmark, and by how many."""
    for name, row in rows.items():
        if "problem" in row:
            yield Row(name, ("", "**no**", row["problem"]))
        for level in row.get("levels", []):
            growth = "from 0" if math.isinf(level["growth"]) else f"{level['growth']:+.1%}"
            seen, of = level["benchmarks"]
            by = f"{level['by']} {growth} ({seen} of {of})"
            yield Row(name, (text(level["level"]), "yes" if level["seen"] else "**no**", by))
