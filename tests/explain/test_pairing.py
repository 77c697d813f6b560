"""Which function is which, where one was moved or renamed."""

from pathlib import Path

import pytest

from tools.explain.pairing import Key, pairs
from tools.explain.source import Source

LOOP = """
def {name}(routes, wanted):
    found = []
    for route in routes:
        if route.family == wanted and route.nexthop:
            found.append(route.{attribute})
    return found
"""
OTHER = """
def {name}(data):
    length = data[0]
    return data[1 : 1 + length], data[1 + length :], length // 8 + bool(length % 8)
"""


def tree(folder: Path, **modules: str) -> Source:
    (folder / "exabgp").mkdir(parents=True)
    for name, text in modules.items():
        (folder / "exabgp" / f"{name}.py").write_text(text)
    return Source(folder)


def paired(folder: Path, before: dict[str, str], after: dict[str, str], gone: list[Key], new: list[Key]) -> dict:
    return pairs(gone, new, tree(folder / "before", **before), tree(folder / "after", **after))


def test_a_function_of_the_same_name_in_another_module_was_moved(tmp_path: Path) -> None:
    then, now = ("exabgp.a", "select"), ("exabgp.b", "select")
    before, after = {"a": OTHER.format(name="select")}, {"b": LOOP.format(name="select", attribute="nlri")}
    assert paired(tmp_path, before, after, [then], [now]) == {now: then}


@pytest.mark.parametrize("attribute", ["nlri", "prefix"])
def test_equal_and_nearly_equal_code_of_another_name_was_renamed(tmp_path: Path, attribute: str) -> None:
    before = {"a": LOOP.format(name="select", attribute="nlri") + OTHER.format(name="split")}
    after = {"a": LOOP.format(name="choose", attribute=attribute) + OTHER.format(name="cut")}
    gone = [("exabgp.a", "select"), ("exabgp.a", "split")]
    new = [("exabgp.a", "cut"), ("exabgp.a", "choose")]
    assert paired(tmp_path, before, after, gone, new) == dict(zip(new, reversed(gone), strict=True))


def test_other_code_is_new(tmp_path: Path) -> None:
    before = {"a": LOOP.format(name="select", attribute="nlri")}
    after = {"a": OTHER.format(name="cut")}
    assert paired(tmp_path, before, after, [("exabgp.a", "select")], [("exabgp.a", "cut")]) == {}


def test_short_functions_are_alike_by_chance(tmp_path: Path) -> None:
    before, after = {"a": "def one(x):\n    return x.y\n"}, {"a": "def two(x):\n    return x.y\n"}
    assert paired(tmp_path, before, after, [("exabgp.a", "one")], [("exabgp.a", "two")]) == {}


def test_a_package_is_its_module_of_that_name(tmp_path: Path) -> None:
    source = tree(tmp_path, a="")
    package = tmp_path / "exabgp" / "p"
    package.mkdir()
    (package / "__init__.py").write_text("class A:\n    def f(self): pass\n")
    assert source.module(str(package / "__init__.py")) == "exabgp.p"
    assert source.code("exabgp.p", "A.f")
    assert source.code("exabgp.p", "A.g") is None
    assert source.code("exabgp.none", "f") is None
    assert source.is_exabgp(str(package / "__init__.py"))
    assert source.module("<string>") == "<string>"
