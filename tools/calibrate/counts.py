"""Which injections the counts see, from what level on."""

import math
from typing import Any

from tools.calibrate import jobs
from tools.calibrate.callables.injection import Injection
from tools.calibrate.callables.injection import Kind as Injected
from tools.calibrate.coverage import Targets, executing, slug, title
from tools.calibrate.kept import kept
from tools.calibrate.subjects import Subject
from tools.children import Line
from tools.errors import ToolError
from tools.gate.rules import WORSE, compare
from tools.numbers.kinds import kind_of
from tools.numbers.stored import Number

NOT_EXECUTED = "no benchmark executes it"
NOT_THERE = "this ExaBGP has no such callable"


def sensitivity(
    subject: Subject, state: str, injection: Injection, profile: list[Line], targets: Targets
) -> dict[str, Any]:
    """What the counts say of an injection: for each level the benchmark that sees it best, or why there is none."""
    label = targets[injection.name]
    result: dict[str, Any] = {"kind": injection.kind.value, "callable": label}
    if label is None:
        return result | {"problem": NOT_THERE}
    lines = executing(injection, profile, targets)
    if not lines:
        missing = "no benchmark counts kept bytes" if injection.kind is Injected.LEAK else NOT_EXECUTED
        return result | {"problem": missing}
    cases = [line["case"] for line in lines]
    try:
        run = kept(
            f"{subject.name}/{slug(injection.name)}",
            f"{state} {subject.revision} {injection.targets} {injection.levels} {cases}",
            lambda: subject.run(jobs.counts, injection.name, cases),
        )
    except ToolError as error:
        # It can make ExaBGP hang or die. The others go on.
        return result | {"problem": str(error)}
    if len(run) < 2:
        return result | {"problem": NOT_EXECUTED}
    before = run[0]["values"]
    # Of those that add instructions the first few in which the callable begins.
    first = run[0].get("first", 0)
    levels = [_level(line, before, lines[first : first + len(before)]) for line in run[1:]]
    return result | {"levels": levels}


def _level(line: Line, before: list[Any], lines: list[Line]) -> dict[str, Any]:
    """One level of an injection: whether the gate's rule calls it worse, where most clearly, and by how much."""
    seen: list[tuple[float, str]] = []
    unseen: list[tuple[float, str]] = []
    for old, new, benchmark in zip(before, line["values"], lines, strict=True):
        kind = kind_of(benchmark["case"][0], benchmark["unit"])
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
    """By what share a value grew: infinite from nothing to something, as where there is a leak."""
    if not old:
        return math.inf if new > 0 else 0.0
    return new / old - 1


def _number(value: jobs.Value) -> Number:
    if isinstance(value, str):
        return Number(None)
    return Number(float("nan") if value is None else value)
