"""The description of what is done to ExaBGP, and the extra work put into functions."""

import asyncio
import traceback
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from benchmarks.measure import bytecodes, count_bytecodes, profile_bytecodes
from tools.calibrate import injections
from tools.calibrate.callables import CALLABLES
from tools.calibrate.callables.injection import Injection, Kind
from tools.calibrate.injections import INJECTIONS, find, resolve
from tools.calibrate.prologue import call_first, lengthen
from tools.errors import ToolError


class Base:
    def method(self, value: int) -> int:
        return value + 1


class Derived(Base):
    def method(self, value: int) -> int:
        return super().method(value) * 2


def raises(limit: int) -> str:
    try:
        while True:
            limit -= 1
            if not limit:
                raise ValueError("at the end")
    except ValueError:
        return traceback.format_exc()


async def waits(value: int) -> int:
    try:
        await asyncio.sleep(0)
    finally:
        value += 1
    return value


def generates(number: int) -> Iterator[int]:
    for value in range(number):
        try:
            yield value
        finally:
            pass


def louder(function: Callable[[], str]) -> Callable[[], str]:
    def closure() -> str:
        return function().upper()

    return closure


@louder
def says() -> str:
    return "word"


FUNCTIONS: list[tuple[Callable[..., object], Callable[[], object]]] = [
    (Base.method, lambda: Base().method(3)),
    (Derived.method, lambda: Derived().method(3)),
    (raises, lambda: raises(4)),
    (waits, lambda: asyncio.run(waits(3))),
    (generates, lambda: list(generates(3))),
]
NAMES = [function.__qualname__ for function, _ in FUNCTIONS]


@pytest.fixture(params=FUNCTIONS, ids=NAMES)
def function_and_call(request: pytest.FixtureRequest) -> Iterator[tuple[Callable[..., object], Callable[[], object]]]:
    function, _ = request.param
    code = function.__code__
    yield request.param
    function.__code__ = code


@pytest.mark.parametrize("extra", [1, 7, 8, 300, 20000])
def test_a_function_executes_the_instructions_that_are_added_and_does_the_same(
    function_and_call: tuple[Callable[..., object], Callable[[], object]], extra: int
) -> None:
    function, call = function_and_call
    expected, before = call(), count_bytecodes(call)
    lengthen(function, extra)
    assert call() == expected
    assert count_bytecodes(call) == before + extra


def test_a_call_comes_first_and_the_function_does_the_same(
    function_and_call: tuple[Callable[..., object], Callable[[], object]],
) -> None:
    function, call = function_and_call
    expected, calls = call(), count()
    call_first(function, calls.__next__)
    assert call() == expected
    assert next(calls) == 1


def test_the_extra_instructions_count_as_those_of_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """ExaBGP's functions stay ExaBGP's, those of the benchmarks stay their own."""
    code = raises.__code__
    lengthen(raises, 1000)
    try:
        counted = profile_bytecodes(lambda: raises(2))
        monkeypatch.setattr(bytecodes, "_OWN", __file__)
        own = profile_bytecodes(lambda: raises(2))
    finally:
        raises.__code__ = code
    assert counted.by_code[next(one for one in counted.by_code if one.co_name == "raises")] > 1000
    assert own.own > 1000


def test_the_first_name_that_exists_is_taken() -> None:
    names = ("no_such_module.x", "json.decoder.no_such", "json.decoder.JSONDecoder.decode", "json.dumps")
    found = resolve(Injection("decoder", names))
    assert found is not None
    assert found.__qualname__ == "JSONDecoder.decode"


def test_class_methods_static_methods_and_properties_are_found() -> None:
    for name in ("pathlib.Path.cwd", "random.Random.seed", "pathlib.PurePath.name"):
        assert resolve(Injection("any", (name,))) is not None


def test_a_decorated_function_is_itself_and_not_what_it_has_in_common_with_others() -> None:
    function = resolve(Injection("any", (f"{__name__}.says",)))
    assert function is not None
    assert function.__qualname__ == "says"
    code, before = function.__code__, count_bytecodes(says)
    lengthen(function, 100)
    try:
        assert count_bytecodes(says) == before + 100
    finally:
        function.__code__ = code


@pytest.mark.parametrize("name", ["json.no_such", "json.JSONDecoder.no_such", "no_such_module.x", "zlib.crc32"])
def test_what_no_function_is_called_is_none(name: str) -> None:
    assert resolve(Injection("any", (name,))) is None


def test_unknown_injection_is_one_line() -> None:
    with pytest.raises(ToolError, match="no injection is called 'nonsense'"):
        find("nonsense")


def test_every_line_of_the_description_is_in_use() -> None:
    parts = (CALLABLES, injections._BEHAVIOUR, injections._LEAKS, injections._IN_C)
    assert len(INJECTIONS) == sum(map(len, parts)), "two injections have one name"
    for injection in INJECTIONS.values():
        assert injection.targets
        assert injection.levels
        assert all(target.startswith("exabgp.") for target in injection.targets)
        assert (injection.make is not None) is (injection.kind in (Kind.BEHAVIOUR, Kind.LEAK))
