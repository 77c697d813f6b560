"""Which slow-downs inside C, where no bytecode is executed, the times see: as the gate measures and judges them."""

import functools
import re
from collections.abc import Iterator
from typing import Any

from tools.calibrate import jobs
from tools.calibrate.callables.injection import Injection
from tools.calibrate.counts import NOT_EXECUTED
from tools.calibrate.coverage import slug
from tools.calibrate.kept import kept, rules
from tools.calibrate.subjects import Subject
from tools.children import Line
from tools.gate.timing import PASSES, TIME_FACTOR, is_slower
from tools.numbers.kinds import time_beside
from tools.suite import Case, Suite, is_long

_suite = functools.cache(Suite)


def sensitivity(subject: Subject, state: str, injection: Injection, lines: list[Line]) -> dict[str, Any]:
    """For each level whether the time beside the count in which the callable weighs most becomes slower."""
    result: dict[str, Any] = {"kind": injection.kind.value, "callable": None}
    if not lines:
        return result | {"problem": NOT_EXECUTED}
    case = next(times_beside(lines), None)
    if case is None:
        return result | {"problem": "the gate times no benchmark that executes it"}
    time, index = case
    result["callable"] = injection.targets[0]
    name = f"{subject.name}/{slug(injection.name)}"
    made_by = f"{state} {subject.revision} {injection.targets} {injection.levels} {time} {index}"
    (gauge,) = kept(f"{name}-work", made_by, lambda: subject.run(jobs.gauge, injection.name, case))
    if not gauge.get("calls"):
        return result | {"problem": f"{time} does not execute it"}
    levels = []
    for level, steps in zip(injection.levels, gauge["steps"], strict=True):

        def measure(steps: int = steps) -> dict[str, Any]:
            return _measure(subject, injection, case, steps)

        found = kept(f"{name}-{level}", f"{made_by} {steps} {rules(times=True)}", measure)
        levels.append({"level": level, "extra": steps, "by": time, "benchmarks": [int(found["seen"]), 1]} | found)
    return result | {"levels": levels}


def times_beside(lines: list[Line]) -> Iterator[Case]:
    """The times of the same work as some counts, but for those that take so long that the gate leaves them out."""
    for line in lines:
        count, _ = line["case"]
        time = time_beside(count)
        for case, benchmark in _suite().cases(rf"^{re.escape(time)}(\(|$)"):
            parameters = [str(parameter) for parameter in benchmark._current_params]
            if benchmark.type == "time" and parameters == line["parameters"] and not is_long(benchmark):
                yield case


def _measure(subject: Subject, injection: Injection, case: Case, steps: int) -> dict[str, Any]:
    """One level, measured as the gate does: what looks different is measured again, and only the last pass counts."""

    def samples(steps: int, rounds: int) -> list[float]:
        (line,) = subject.run(jobs.samples, injection.name, case, steps, rounds)
        found: list[float] = line["samples"]
        return found

    for number, rounds in enumerate(PASSES):
        pairs = [(min(samples(0, rounds)), min(samples(steps, rounds))) for _ in range(rounds)]
        before, after = ([pair[side] for pair in pairs] for side in (0, 1))
        ratio, slower = min(after) / min(before), is_slower(before, after)
        # The first pass asks only whether it looks different.
        if not (slower if number else ratio > TIME_FACTOR):
            break
    return {"seen": slower, "growth": ratio - 1}
