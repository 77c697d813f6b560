"""What a room may import: nothing points back."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.paths import BENCHMARKS, ROOT, TOOLS

# Of each room, the rooms that it may import from. What is directly in `benchmarks` are the families and their base;
# what is directly in `tools` is used by all of its rooms.
WIRE = {"benchmarks/wire", "benchmarks/wire/families"}
MEASURING = {"tools", "tools/source", "tools/children", "tools/numbers", "benchmarks"}
MAY = {
    "benchmarks": {"benchmarks/work", *WIRE, "benchmarks/measure"},
    "benchmarks/work": {"benchmarks/exabgp_compat", "benchmarks/daemon_harness", *WIRE, "benchmarks/measure"},
    # It starts ExaBGP, and never imports it.
    "benchmarks/daemon_harness": WIRE,
    "benchmarks/exabgp_compat": {"benchmarks/wire", "exabgp"},
    "benchmarks/wire": set(),
    "benchmarks/wire/families": {"benchmarks/wire"},
    "benchmarks/measure": set(),
    "tools": {"benchmarks/wire", "benchmarks/work"},
    "tools/asv_plugin": {"tools"},
    "tools/source": {"tools"},
    "tools/children": {"tools", "benchmarks"},
    "tools/numbers": {"tools", "tools/source", "benchmarks"},
    "tools/report": {"tools", "tools/source", "tools/numbers", "tools/history", "tools/report/site"},
    "tools/report/site": {"tools", "tools/children", "tools/history", "tools/numbers", "tools/report", "benchmarks"},
    "tools/measuring": MEASURING | {"benchmarks/work"},
    "tools/explain": MEASURING | {"benchmarks/measure"},
    # What the plugin does in asv it has to know: which Python runs.
    "tools/gate": MEASURING | {"tools/asv_plugin", "tools/explain"},
    # It writes what asv would have stored.
    "tools/history": MEASURING | {"tools/asv_plugin", "tools/explain", "benchmarks/work"},
    # It calibrates the gate and the counters, and puts what it does into ExaBGP itself.
    "tools/calibrate": MEASURING
    | {"tools/calibrate/callables", "tools/gate", "tools/report", "benchmarks/work", "benchmarks/measure", "exabgp"},
    "tools/calibrate/callables": set(),
}
MODULES = sorted([*BENCHMARKS.rglob("*.py"), *TOOLS.rglob("*.py")])


def room_of(module: Path) -> str:
    return str(module.parent.relative_to(ROOT))


def imported(module: Path) -> Iterator[str]:
    """The rooms that a module imports from, in functions too; ExaBGP is one."""
    for node in ast.walk(ast.parse(module.read_bytes())):
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom():
                # A module, or what is in it.
                names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            case _:
                continue
        for name in names:
            path = ROOT.joinpath(*name.split("."))
            if name.split(".")[0] == "exabgp":
                yield "exabgp"
            elif path.with_suffix(".py") in MODULES:
                yield room_of(path)
            elif path / "__init__.py" in MODULES and path.parent != ROOT:
                yield str(path.relative_to(ROOT))


@pytest.mark.parametrize("room", MAY)
def test_a_room_imports_from_those_that_it_stands_on(room: str) -> None:
    modules = [module for module in MODULES if room_of(module) == room]
    assert modules
    for module in modules:
        assert {*imported(module)} - {room} <= MAY[room], module


def test_every_room_is_known() -> None:
    assert {*map(room_of, MODULES)} == {*MAY}
