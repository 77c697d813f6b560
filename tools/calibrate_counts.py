"""Which injections the counts see, from what size on; which benchmarks execute what; whether counts repeat."""

import json
import math
import os
import re
import subprocess
import sys
from typing import Any

from tools.calibrate_jobs import Line, Tree, kept
from tools.errors import ToolError
from tools.injections import Injection
from tools.injections import Kind as Injected
from tools.results import Number, kind_of
from tools.verdict import WORSE, compare

NOT_EXECUTED = "no benchmark executes it"
NOT_THERE = "this ExaBGP has no such callable"
SEEDS = ("0", "1", "2", "42", "random")
# Of the benchmarks that execute a callable, so many are run: those in which it weighs most see it first.
MOST = 3
# Instructions of a counted call; a benchmark that has more takes seconds, and is run when no other does as well.
LARGE = 1_000_000
# What a callable's instructions have to be of a benchmark's for the callable to be called hot there.
HOT = 0.03

# The callable that each injection means, as reports call it; None where this ExaBGP has none of its names.
type Targets = dict[str, str | None]


def profile_of(tree: Tree, state: str, bench: str, seed: str = SEEDS[0]) -> list[Line]:
    """The counts of every benchmark, and whose instructions they are, from a process with this hash seed."""
    name = f"{tree.name}/profile-{seed}-{slug(bench)}"
    profile: list[Line] = kept(name, f"{state} {tree.revision}", lambda: tree.run("profile", bench, seed=seed))
    return profile


def profile_under_load(tree: Tree, state: str, bench: str) -> list[Line]:
    """The same while each core has a process that never rests."""

    def measure() -> list[Line]:
        busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
        try:
            return tree.run("profile", bench)
        finally:
            for process in busy:
                process.kill()
                process.wait()

    profile: list[Line] = kept(f"{tree.name}/profile-loaded-{slug(bench)}", f"{state} {tree.revision}", measure)
    return profile


def varying(all_profiles: list[list[Line]]) -> dict[str, list[Any]]:
    """The benchmarks whose values differ between the processes, with all their values."""
    values: dict[str, list[Any]] = {}
    for profile in all_profiles:
        for line in profile:
            values.setdefault(title(line), []).append(line["value"])
    return {name: found for name, found in values.items() if len(set(map(str, found))) > 1}


def title(line: Line) -> str:
    """A benchmark with its parameters, as a report names it."""
    name: str = line["case"][0]
    return name + (f"({', '.join(line['parameters'])})" if line["parameters"] else "")


def hot(profile: list[Line], targets: Targets) -> dict[str, tuple[float, str]]:
    """Code that no injection covers and that is hot in some benchmark: its greatest share, and where."""
    covered = {label for label in targets.values() if label}
    found: dict[str, tuple[float, str]] = {}
    for line in profile:
        for label, number in line["by_code"].items():
            share = number / line["measured"]
            # A comprehension or a nested function belongs to the function around it.
            if share >= HOT and label.partition(".<locals>")[0] not in covered:
                found[label] = max(found.get(label, (0.0, "")), (share, title(line)))
    return dict(sorted(found.items(), key=lambda item: -item[1][0]))


def executing(injection: Injection, profile: list[Line], targets: Targets) -> list[Line]:
    """The benchmarks to run with an injection, those first in which the callable weighs most."""
    if injection.kind is Injected.LEAK:
        return [line for line in profile if line["unit"].startswith("bytes")]
    label = targets[injection.name]
    found = [line for line in profile if line["by_code"].get(label)]
    weight = {title(line): line["by_code"][label] / line["measured"] for line in found}
    most = max(weight.values(), default=0.0)
    # A cheap one goes first only where the callable weighs nearly as much: else what is seen would be understated.
    found.sort(key=lambda line: (weight[title(line)] < most / 2, line["measured"] > LARGE, -weight[title(line)]))
    if injection.kind is Injected.BEHAVIOUR:
        return [line for line in found if line["measured"] <= LARGE] or found
    # An exponent does not grow by the share that is added.
    return [line for line in found if line["unit"].startswith("bytecodes")]


def sensitivity(tree: Tree, state: str, injection: Injection, profile: list[Line], targets: Targets) -> dict[str, Any]:
    """What the counts say of an injection: for each level the benchmark that sees it best, or why there is none."""
    label = targets[injection.name]
    result: dict[str, Any] = {"kind": injection.kind.value, "callable": label}
    if label is None:
        return result | {"problem": NOT_THERE}
    lines = executing(injection, profile, targets)
    if injection.kind is Injected.BYTECODES:
        lines = lines[:MOST]
    if not lines:
        missing = "no benchmark counts kept bytes" if injection.kind is Injected.LEAK else NOT_EXECUTED
        return result | {"problem": missing}
    cases = [line["case"] for line in lines]
    try:
        run = kept(
            f"{tree.name}/{slug(injection.name)}",
            f"{state} {tree.revision} {injection.targets} {injection.levels} {cases}",
            lambda: tree.run("count", injection.name, json.dumps(cases)),
        )
    except ToolError as error:
        # It can make ExaBGP hang or die. The others go on.
        return result | {"problem": str(error)}
    if len(run) < 2 or any(set(line) == {"not executed"} for line in run):
        return result | {"problem": NOT_EXECUTED}
    levels = [_level(line, run[0]["values"], lines) for line in run[1:]]
    return result | {"levels": levels}


def _level(line: Line, before: list[Any], lines: list[Line]) -> dict[str, Any]:
    """One level of an injection: whether the gate's rule calls it worse, where most clearly, and by how much."""
    seen: list[tuple[float, str]] = []
    unseen: list[tuple[float, str]] = []
    for old, new, benchmark in zip(before, line["values"], lines, strict=True):
        kind = kind_of({"name": benchmark["case"][0], "type": "track", "unit": benchmark["unit"]})
        outcome = compare(kind, _number(old), _number(new))
        numbers = isinstance(new, int | float) and isinstance(old, int | float)
        growth = _growth(old, new) if numbers else 0.0
        (seen if outcome in WORSE else unseen).append((growth, title(benchmark)))
    growth, where = max(seen or unseen)
    return {
        "level": line["level"],
        "extra": line.get("extra"),
        "seen": bool(seen),
        "growth": growth,
        "by": where,
        "benchmarks": [len(seen), len(lines)],
    }


def _growth(old: float, new: float) -> float:
    """By what share a value grew: without end from nothing to something, as a leak does."""
    if not old:
        return math.inf if new > 0 else 0.0
    return new / old - 1


def _number(value: Any) -> Number:
    """A child's value: a string says what went wrong, null that the benchmark is not applicable."""
    if isinstance(value, str):
        return Number(None)
    return Number(float("nan") if value is None else value)


def slug(name: str) -> str:
    """A name as part of a file's name; `all` for an expression that selects everything."""
    return re.sub(r"\W+", "-", name).strip("-").lower() or "all"
