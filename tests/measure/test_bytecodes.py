"""What is counted as a bytecode instruction, of whose code, in every thread."""

import asyncio
import contextlib
import dis
import itertools
import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.measure import bytecodes, count_bytecodes, profile_bytecodes


def straight(number: int) -> int:
    doubled = number * 2
    return doubled + 1


def loop() -> None:
    for number in range(5000):
        straight(number)


def instructions_of_straight() -> int:
    # RESUME is a mark at the beginning of a function, for which Python has an event of its own.
    return sum(instruction.opname != "RESUME" for instruction in dis.get_instructions(straight))


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads that take turns as often as Python lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_straight_code_has_the_instructions_that_dis_shows() -> None:
    found = profile_bytecodes(lambda: straight(1))
    assert found.by_code[straight.__code__] == instructions_of_straight()


def test_code_that_is_called_in_turns_is_told_apart() -> None:
    found = profile_bytecodes(loop)
    assert found.by_code[straight.__code__] == 5000 * instructions_of_straight()
    assert found.measured + found.own == sum(found.by_code.values())


def in_threads() -> None:
    threads = [threading.Thread(target=loop) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("eager_threads")
def test_no_instruction_of_a_thread_is_lost() -> None:
    alone = profile_bytecodes(loop).by_code
    found = profile_bytecodes(in_threads).by_code
    assert {code: found[code] for code in (loop.__code__, straight.__code__)} == {
        code: 3 * alone[code] for code in (loop.__code__, straight.__code__)
    }


def numbers() -> Iterator[int]:
    try:
        yield from range(3)
    finally:
        straight(1)


def generators() -> None:
    """Begun and finished, closed half-way, and thrown into."""
    list(numbers())
    half = numbers()
    next(half)
    half.close()
    thrown = numbers()
    next(thrown)
    with contextlib.suppress(KeyError):
        thrown.throw(KeyError("x"))


def nothing_at_first() -> Callable[[], None]:
    """What begins code in the call that is counted that the call before had not begun."""
    turns = itertools.count()

    def call() -> None:
        if next(turns):
            generators()

    return call


async def tasks() -> None:
    await asyncio.gather(*[asyncio.sleep(0) for _ in range(5)])


CALLS = [lambda: straight(1), loop, generators, lambda: json.loads("[1, {}]"), lambda: asyncio.run(tasks())]


@pytest.mark.parametrize("call", CALLS)
def test_the_sum_is_that_of_all_code_objects(call: Callable[[], object]) -> None:
    assert count_bytecodes(call) == profile_bytecodes(call).measured


def test_code_that_the_first_call_did_not_begin_is_counted_from_its_beginning() -> None:
    assert count_bytecodes(nothing_at_first()) == profile_bytecodes(nothing_at_first()).measured


@pytest.mark.usefixtures("eager_threads")
def test_the_sum_has_each_instruction_of_each_thread() -> None:
    assert count_bytecodes(in_threads) > 3 * count_bytecodes(loop)


def test_own_instructions_are_not_in_the_sum() -> None:
    code = compile("def call():\n    return 1 + len('x')", str(Path(bytecodes.__file__)), "exec")
    namespace: dict[str, Callable[[], object]] = {}
    exec(code, namespace)
    assert profile_bytecodes(namespace["call"]).own > 0
    assert count_bytecodes(namespace["call"]) == 0


def test_what_is_put_back_is_not_counted() -> None:
    waiting: list[int] = []

    def prepare() -> None:
        waiting[:] = range(5)
        loop()

    def call() -> None:
        while waiting:
            waiting.pop()

    assert 0 < count_bytecodes(call, prepare) < 100
    assert count_bytecodes(call, prepare) == profile_bytecodes(call, prepare).measured


def test_nothing_else_may_count_at_the_same_time() -> None:
    sys.monitoring.use_tool_id(sys.monitoring.DEBUGGER_ID, "another")
    try:
        with pytest.raises(RuntimeError, match="while another is running"):
            count_bytecodes(loop)
    finally:
        sys.monitoring.free_tool_id(sys.monitoring.DEBUGGER_ID)
