"""The recipes of CONTRIBUTING.md, done as they say."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.common import Benchmark

ROOT = Path(__file__).resolve().parents[2]
RECIPES = re.findall(r"^```python\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture(params=RECIPES, ids=["a benchmark", "a resource benchmark"])
def recipe(request: pytest.FixtureRequest, tmp_path: Path) -> ModuleType:
    """A recipe, in a file of its own and imported."""
    file = tmp_path / "recipe.py"
    file.write_text(request.param)
    spec = importlib.util.spec_from_file_location("recipe", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_recipe_gives_numbers(recipe: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "recipe", recipe)
    (cls,) = (c for c in vars(recipe).values() if isinstance(c, type) and c.__module__ == "recipe")
    assert issubclass(cls, Benchmark)
    methods = [name for name in vars(cls) if name.startswith(("time_", "track_", "peakmem_"))]
    assert len(methods) == 2
    for name in methods:
        method = getattr(cls(), name)
        method.setup()
        value = method()
        assert value > 0 if name.startswith("track_") else value is None
