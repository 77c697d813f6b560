"""The processes of a calibration: each imports one tree of ExaBGP and measures it; what it found is kept in a file."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.errors import ToolError
from tools.recording import RECORDING
from tools.suite import BENCHMARKS, fingerprint

ROOT = BENCHMARKS.parent
DONE = ROOT / ".asv" / "calibration"
# A child that takes longer hangs: an injection can make ExaBGP do so.
TIMEOUT = 1200

Line = dict[str, Any]


def sources() -> str:
    """Fingerprint of what all results depend on beside ExaBGP and the injection: the benchmarks, how they are run."""
    tools = ROOT / "tools"
    return fingerprint([*BENCHMARKS.rglob("*.py"), *tools.glob("inject_*.py"), tools / "calibrate_child.py"])


def rules(*, times: bool) -> str:
    """Fingerprint of how the gate measures, and of what it calls slower, with or without the rule for times."""
    names = ["continuous", "gate", "results", "verdict", *(["looks", "timing"] if times else [])]
    return fingerprint(ROOT / "tools" / f"{name}.py" for name in names)


def kept(name: str, state: str, make: Callable[[], Any]) -> Any:
    """What a run before has found under this name in this state, or what is made now, and kept."""
    file = DONE / f"{name}.json"
    if file.exists():
        before = json.loads(file.read_text())
        if before["state"] == state:
            return before["result"]
    result = make()
    file.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: a run that is stopped leaves nothing half written.
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps({"state": state, "result": result}))
    partial.replace(file)
    return result


@dataclass(frozen=True, slots=True)
class Tree:
    """An ExaBGP to calibrate on: how it is called, its revision, and the folder that it imports from."""

    name: str
    revision: str
    folder: Path

    def run(self, *arguments: str, seed: str = "0") -> list[Line]:
        """Run a child process on the tree and return its lines. Raises ToolError when it fails."""
        environment = os.environ | {"PYTHONPATH": f"{self.folder}{os.pathsep}{ROOT}", "PYTHONHASHSEED": seed}
        # The calibration is of the synthetic stream.
        environment.pop(RECORDING, None)
        command = [sys.executable, "-m", "tools.calibrate_child", *arguments]
        try:
            done = subprocess.run(
                command, env=environment, cwd=ROOT, check=False, capture_output=True, text=True, timeout=TIMEOUT
            )
        except subprocess.TimeoutExpired:
            raise ToolError(f"{self.name}: {' '.join(arguments[:2])} took more than {TIMEOUT} s") from None
        if done.returncode:
            raise ToolError(f"{self.name}: {(done.stderr.splitlines() or ['the child process died'])[-1]}")
        return [json.loads(line) for line in done.stdout.splitlines()]
