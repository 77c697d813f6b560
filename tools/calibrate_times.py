"""Which slow-downs inside C, where no bytecode is executed, the times see: as the gate measures and judges them."""

import json
import re
from typing import Any

from asv_runner.statistics import compute_stats

from tools.calibrate_counts import NOT_EXECUTED, title
from tools.calibrate_jobs import Line, Tree, kept
from tools.continuous import LONG, ROUNDS
from tools.injections import Injection
from tools.results import Kind, Number
from tools.verdict import Outcome, compare


def sensitivity(tree: Tree, state: str, injection: Injection, lines: list[Line]) -> dict[str, Any]:
    """For each level whether the time beside the count in which the callable weighs most becomes slower."""
    result: dict[str, Any] = {"kind": injection.kind.value, "callable": None}
    if not lines:
        return result | {"problem": NOT_EXECUTED}
    timed = [line for line in lines if not re.search(LONG, title(line))]
    if not timed:
        return result | {"problem": "the gate times no benchmark that executes it"}
    count, index = timed[0]["case"]
    time = re.sub(r"track_(.+)_bytecodes$", r"time_\1", count)
    case = json.dumps([[time, index]])
    result["callable"] = injection.targets[0]
    slug = re.sub(r"\W+", "-", injection.name).lower()
    key = f"{state} {tree.revision} {injection.targets} {case}"
    (gauge,) = kept(f"{tree.name}/{slug}-gauge", key, lambda: tree.run("gauge", injection.name, case))
    if not gauge.get("calls"):
        return result | {"problem": f"{time} does not execute it"}

    def samples(octets: int, rounds: int) -> Line:
        return tree.run("time", injection.name, case, str(octets), str(rounds))[0]

    levels = []
    for level in injection.levels:
        octets = round(level * gauge["seconds"] / gauge["calls"] * gauge["octets"])

        def measure(octets: int = octets) -> dict[str, Any]:
            for rounds in (ROUNDS, 2 * ROUNDS):
                pairs = [(samples(0, rounds), samples(octets, rounds)) for _ in range(rounds)]
                before, after = (_number([pair[side] for pair in pairs]) for side in (0, 1))
                assert before.value and after.value
                growth = after.value / before.value - 1
                seen = compare(Kind.TIME, before, after) is Outcome.SLOWER
                # As the gate does: what looks slower is measured again, and only the second look counts.
                if not seen:
                    break
            return {"seen": seen, "growth": growth}

        found = kept(f"{tree.name}/{slug}-{level}", f"{key} {octets}", measure)
        levels.append({"level": level, "extra": octets, "by": time, "benchmarks": [int(found["seen"]), 1]} | found)
    return result | {"levels": levels}


def _number(rounds: list[Line]) -> Number:
    """All samples of some rounds, with asv's statistics of them."""
    samples = [sample for one in rounds for sample in one["samples"]]
    value, stats = compute_stats(samples, rounds[0]["number"])
    return Number(value, samples, stats)
