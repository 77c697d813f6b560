"""What a calibration has found, kept in files, so that one that was stopped goes on where it was."""

import json
from collections.abc import Callable
from typing import Any

from tools.paths import ASV, BENCHMARKS, TOOLS, write_whole
from tools.suite import fingerprint

DONE = ASV / "calibration"


def sources() -> str:
    """Fingerprint of what each result depends on beside ExaBGP and the injection: the benchmarks, how they are run."""
    ours = [TOOLS / "calibrate" / f"{name}.py" for name in ("behaviour", "jobs", "prologue")]
    return fingerprint([*BENCHMARKS.rglob("*.py"), *ours])


def rules(*, times: bool) -> str:
    """Fingerprint of how the gate measures, and of what it calls slower, with or without the rule for times."""
    names = ["continuous", "measurement", "rules", *(["passes", "timing"] if times else [])]
    of_numbers = [TOOLS / "numbers" / f"{name}.py" for name in ("kinds", "stored")]
    return fingerprint([*of_numbers, *(TOOLS / "gate" / f"{name}.py" for name in names)])


def kept(name: str, state: str, make: Callable[[], Any]) -> Any:
    """What an earlier run has found under this name in this state, or what is made now, and kept."""
    file = DONE / f"{name}.json"
    if file.exists():
        before = json.loads(file.read_text())
        if before["state"] == state:
            return before["result"]
    result = make()
    write_whole(file, json.dumps({"state": state, "result": result}))
    return result
