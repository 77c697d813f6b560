"""Which slow-downs inside C, where no bytecode is executed, the times see: as the gate measures and judges them."""

import json
import re
import statistics
from typing import Any

from tools.calibrate_counts import NOT_EXECUTED, slug, title
from tools.calibrate_jobs import Line, Tree, kept, rules
from tools.injections import Injection
from tools.looks import LONG, time_beside
from tools.results import Key, Kind, Number
from tools.timing import LOOKS
from tools.verdict import Outcome, changes


def sensitivity(tree: Tree, state: str, injection: Injection, lines: list[Line]) -> dict[str, Any]:
    """For each level whether the time beside the count in which the callable weighs most becomes slower."""
    result: dict[str, Any] = {"kind": injection.kind.value, "callable": None}
    if not lines:
        return result | {"problem": NOT_EXECUTED}
    timed = [line for line in lines if not re.search(LONG, title(line))]
    if not timed:
        return result | {"problem": "the gate times no benchmark that executes it"}
    count, index = timed[0]["case"]
    time = time_beside(count)
    case = json.dumps([[time, index]])
    result["callable"] = injection.targets[0]
    name = f"{tree.name}/{slug(injection.name)}"
    made_by = f"{state} {tree.revision} {injection.targets} {injection.levels} {case}"
    key = Key(time, (), Kind.TIME, "seconds")
    (gauge,) = kept(f"{name}-work", made_by, lambda: tree.run("gauge", injection.name, case))
    if not gauge.get("calls"):
        return result | {"problem": f"{time} does not execute it"}

    def samples(steps: int, rounds: int) -> Line:
        return tree.run("time", injection.name, case, str(steps), str(rounds))[0]

    levels = []
    for level, steps in zip(injection.levels, gauge["steps"], strict=True):

        def measure(steps: int = steps) -> dict[str, Any]:
            for rounds in LOOKS:
                pairs = [(samples(0, rounds), samples(steps, rounds)) for _ in range(rounds)]
                before, after = ({key: _number([pair[side] for pair in pairs])} for side in (0, 1))
                (change,) = changes(before, after)
                # As the gate does: what looks different is measured again, and only the last look counts.
                if not change.suspect:
                    break
            return {"seen": change.outcome is Outcome.SLOWER, "growth": change.ratio - 1}

        found = kept(f"{name}-{level}", f"{made_by} {steps} {rules(times=True)}", measure)
        levels.append({"level": level, "extra": steps, "by": time, "benchmarks": [int(found["seen"]), 1]} | found)
    return result | {"levels": levels}


def _number(rounds: list[Line]) -> Number:
    """All samples of some rounds."""
    samples = [sample for one in rounds for sample in one["samples"]]
    return Number(statistics.median(samples), samples)
