"""Results as asv stores them, written by asv's own code, with values that a test has chosen."""

import json
import platform
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from asv.benchmarks import Benchmarks
from asv.config import Config
from asv.runner import BenchmarkResult

from tools.asv_plugin import SavedResults

MACHINE = "here"
THIS = platform.python_version()


@dataclass
class Stored:
    """A folder of results."""

    folder: Path
    descriptions: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def conf(self) -> Config:
        return SimpleNamespace(results_dir=str(self.folder), benchmark_dir="")

    def describe(self, name: str, unit: str, *params: list[Any]) -> None:
        """Have asv know a benchmark."""
        params_ = [[repr(value) for value in values] for values in params]
        self.descriptions[name] = {"name": name, "unit": unit, "params": params_, "version": "1", "type": "track"}
        self.folder.mkdir(parents=True, exist_ok=True)
        Benchmarks(self.conf, list(self.descriptions.values())).save()

    def write(
        self,
        commit: str,
        values: dict[str, Any],
        python: str = THIS,
        seconds: float = 1.0,
        selected: list[int] | None = None,
    ) -> Path:
        """Store values of benchmarks, as a run does: a number, or a list of one for each set of parameters.

        Of a selection the others' values are NaN, as asv has it.
        """
        params = {"machine": MACHINE, "python": python}
        results = SavedResults(params, {}, commit, 0, "3.12", f"env-{python}", {})
        results.load_data(str(self.folder))
        for name, given in values.items():
            numbers = given if isinstance(given, list) else [given]
            nothing = [None] * len(numbers)
            done = BenchmarkResult(numbers, nothing, nothing, 0, "", None)
            results.add_result(self.descriptions[name], done, selected_idx=selected, duration=seconds)
        results.save(str(self.folder))
        (path,) = self.folder.glob(f"{MACHINE}/{commit[:8]}-env-{python}.json")
        content = json.loads(path.read_text())
        content["params"]["python"] = python
        path.write_text(json.dumps(content))
        return path
