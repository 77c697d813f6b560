"""The calibration in words: docs/calibration.md."""

import math
import platform
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from asv_runner.statistics import binom_pmf

from tools.calibrate_counts import NOT_EXECUTED
from tools.injections import Kind

Results = dict[str, Any]


def page(results: Results) -> str:
    """The whole page."""
    return "\n".join(_page(results)) + "\n"


def _page(results: Results) -> Iterator[str]:
    yield "# Calibration"
    yield ""
    yield "What these benchmarks notice and how often they cry wolf, measured. Written by the tool; do not edit:"
    yield ""
    yield "```sh"
    yield "python3 bootstrap.py calibrate"
    yield "# ExaBGP's main too, and a hundred runs of the gate:"
    yield "EXABGP_REPO=/path/to/exabgp python3 bootstrap.py calibrate -- --comparisons 10 --count-comparisons 100"
    yield "```"
    yield ""
    yield f"This page: `python3 bootstrap.py calibrate -- {results['arguments']}`,"
    yield f"Python {results['python']}, {results['cores']} cores. ExaBGP:"
    yield ""
    for name, tree in results["trees"].items():
        yield f"- {name}: {tree['revision']}"
    yield ""
    yield "All figures are in `.asv/calibration/results.json` after a run; a run that was stopped goes on where it was."
    yield ""
    yield from _goals(results)
    yield from _alarms(results.get("alarms", []))
    for name, tree in results["trees"].items():
        yield from _tree(name, tree)


def describe() -> str:
    """The Python that runs."""
    return platform.python_version()


def _goals(results: Results) -> Iterator[str]:
    yield "## Goals"
    yield ""
    yield "| goal | found |"
    yield "|---|---|"
    alarms = results.get("alarms", [])
    wrong = sum(bool(one["flagged counts"]) for one in alarms)
    yield f"| counts: no false alarm in 100 comparisons | {wrong} in {len(alarms)} |"
    timed = [one for one in alarms if one["times"]]
    wrong = sum(bool(one["flagged times"]) for one in timed)
    numbers = sum(one["times"] for one in timed)
    flagged = sum(len(one["flagged times"]) for one in timed)
    found = f"{wrong} in {len(timed)}: at most {upper_bound(wrong, len(timed)):.1%}; {flagged} of {numbers:,} times"
    yield f"| times: at most 1 % of comparisons at the gate's setting | {found if timed else 'not measured'} |"
    for name, tree in results["trees"].items():
        rows = tree["injections"]
        yield f"| {name}: each executed callable seen at 3 % by a count | {_share(rows, Kind.BYTECODES, 0.03)} |"
        yield f"| {name}: each leak of 64 octets or more seen | {_share(rows, Kind.LEAK, 64)} |"
        yield f"| {name}: each slow-down of 20 % inside C seen by a time | {_share(rows, Kind.C, 0.2)} |"
        yield f"| {name}: the same count in 5 processes, and on busy cores | {_repeats(tree)} |"
        share = max(tree["own"].values(), default=0.0)
        yield f"| {name}: at most 10 % of the instructions are our own | at most {share:.1%} |"
    yield ""


def _share(rows: dict[str, Any], kind: Kind, most: float) -> str:
    """How many injections of a kind, into what benchmarks execute of it, are seen at a level."""
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
    differing = tree["varying"]
    return f"{tree['counts'] - len(differing)} of {tree['counts']} counts"


def _alarms(alarms: list[dict[str, Any]]) -> Iterator[str]:
    yield "## False alarms"
    yield ""
    yield "Two commits that change nothing, on top of a real one, through what `continuous` does."
    yield ""
    if not alarms:
        yield "Not measured in this run."
        yield ""
        return
    yield "| | comparisons | with an alarm | share, at most | numbers compared | flagged |"
    yield "|---|---:|---:|---:|---:|---:|"
    timed = [one for one in alarms if one["times"]]
    for what, runs, size, flagged in (
        ("counts, the gate's rule", alarms, "counts", "flagged counts"),
        ("times, the gate's rule", timed, "times", "flagged times"),
        ("times of its first look, asv's default rule", timed, "times", "flagged by asv"),
        ("peaks of memory, the gate's rule", timed, "peaks", "flagged peaks"),
    ):
        alarmed = sum(bool(one[flagged]) for one in runs)
        total, wrong = sum(one[size] for one in runs), sum(len(one[flagged]) for one in runs)
        yield f"| {what} | {len(runs)} | {alarmed} | {upper_bound(alarmed, len(runs)):.1%} | {total:,} | {wrong} |"
    yield ""
    yield "At most: what so many comparisons can rule out, at a confidence of 95 % (Clopper and Pearson's bound)."
    yield ""
    statuses = Counter(one["status"] for one in alarms)
    ended = ", ".join(f"{status} ({times} times)" for status, times in sorted(statuses.items()))
    yield f"The gate ended with {ended}."
    yield ""
    differing = sum(one["differing counts"] for one in alarms)
    yield f"Counts that differed at all, by however little: {differing}."
    yield ""
    lines = {line for one in alarms for line in (*one["flagged counts"], *one["flagged times"], *one["flagged peaks"])}
    if lines:
        yield from (f"- {line}" for line in sorted(lines))
        yield ""


def upper_bound(events: int, trials: int, confidence: float = 0.95) -> float:
    """The largest probability of an event that leaves a chance for so few of them in so many trials.

    One-sided, exact: Clopper and Pearson, Biometrika 26 (1934). No trial rules nothing out.
    """
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        chance = sum(binom_pmf(trials, number, middle) for number in range(events + 1))
        low, high = (middle, high) if chance > 1 - confidence else (low, middle)
    return high


def _tree(name: str, tree: dict[str, Any]) -> Iterator[str]:
    rows: dict[str, Any] = tree["injections"]
    yield f"## ExaBGP {name}"
    yield ""
    yield from _bytecodes({key: row for key, row in rows.items() if row["kind"] == Kind.BYTECODES.value})
    others = {key: row for key, row in rows.items() if row["kind"] in (Kind.BEHAVIOUR.value, Kind.LEAK.value)}
    yield "### Ways to get worse, and leaks"
    yield ""
    yield from _levels("level", others, lambda level: f"{level:g}")
    times = {key: row for key, row in rows.items() if row["kind"] == Kind.C.value}
    if times:
        yield "### Time inside C"
        yield ""
        yield "No instruction more, but so much work in C at the beginning of each call that the benchmark in which the"
        yield "callable weighs most takes longer by that share. Looked at as often as the gate does, and judged by its"
        yield "rule for a time; the controls have no say."
        yield ""
        yield from _levels("added", times, lambda level: f"{level:.0%}")
    yield "### Hot, and covered by no injection"
    yield ""
    yield "Callables with a share of 3 % or more of some count's instructions: the greatest share, and where."
    yield ""
    for label, (share, where) in tree["hot"].items():
        yield f"- `{label}` {share:.1%}: {where}"
    if not tree["hot"]:
        yield "None."
    yield ""
    yield "### Our own share"
    yield ""
    yield "Of all instructions of a counted call, those in frames of this repository; the largest ten."
    yield ""
    for title, share in sorted(tree["own"].items(), key=lambda item: -item[1])[:10]:
        yield f"- {title}: {share:.1%}"
    yield ""
    yield "### Counts that do not repeat"
    yield ""
    for title, values in tree["varying"].items():
        yield f"- {title}: {', '.join(map(str, values))}"
    if len(tree["seeds"]) < 2:
        yield "Not measured in this run."
    elif not tree["varying"]:
        yield f"None of {tree['counts']}, in fresh processes with the hash seeds {', '.join(tree['seeds'])},"
        yield "and while each core has another process that never rests."
    if tree["no number"]:
        yield ""
        yield f"No number in this ExaBGP: {', '.join(tree['no number'])}."
    yield ""


def _bytecodes(rows: dict[str, Any]) -> Iterator[str]:
    yield "### Instructions added to a callable"
    yield ""
    yield "So many instructions more in each call that the scenario in which the callable weighs most grows by 1, 3,"
    yield "10, 50 and 100 %. The smallest of these that a count sees, what that is in a call, and the benchmark."
    yield ""
    yield "| injected into | callable | smallest seen | instructions a call | by |"
    yield "|---|---|---:|---:|---|"
    for name, row in rows.items():
        if "problem" in row:
            continue
        seen = [level for level in row["levels"] if level["seen"]]
        found = "**not seen** | | no benchmark grows enough"
        if seen:
            first = min(seen, key=lambda level: level["level"])
            found = f"{first['level']:.0%} | {first['extra']:,} | {first['by']} +{first['growth']:.1%}"
        yield f"| {name} | `{row['callable']}` | {found} |"
    yield ""
    problems: defaultdict[str, list[str]] = defaultdict(list)
    for name, row in rows.items():
        if "problem" in row:
            problems[row["problem"]].append(f"{name} (`{row['callable']}`)" if row["callable"] else name)
    for problem, names in problems.items():
        yield f"- {problem}: {', '.join(names)}"
    if problems:
        yield ""


def _growth(growth: float) -> str:
    return "from 0" if math.isinf(growth) else f"{growth:+.1%}"


def _levels(level_name: str, rows: dict[str, Any], text: Any) -> Iterator[str]:
    yield f"| injected | {level_name} | seen | by (benchmarks that see it, of those that run it) |"
    yield "|---|---:|---|---|"
    for name, row in rows.items():
        if "problem" in row:
            yield f"| {name} | | **no** | {row['problem']} |"
        for level in row.get("levels", []):
            seen = "yes" if level["seen"] else "**no**"
            count = f"{level['benchmarks'][0]} of {level['benchmarks'][1]}"
            yield f"| {name} | {text(level['level'])} | {seen} | {level['by']} {_growth(level['growth'])} ({count}) |"
    yield ""
