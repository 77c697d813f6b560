"""What is counted is put down to the stack that has led to it, in every thread and through generators; calls into C."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial
from queue import SimpleQueue

from benchmarks.measure import count_bytecodes, profile_bytecodes, profile_calls
from benchmarks.measure.stacks import Stack


def leaf() -> int:
    return 1


def left() -> int:
    return leaf() + leaf()


def right() -> int:
    return leaf()


def both() -> None:
    left()
    right()


def items() -> Iterator[int]:
    yield leaf()
    yield leaf()


def through_generators() -> None:
    # Each is resumed in turn, by code in C.
    for _ in zip(items(), items(), strict=True):
        right()


def names(stack: Stack) -> tuple[str, ...]:
    found = []
    while stack.code is not None and stack.caller is not None:
        found.append(stack.code.co_name)
        stack = stack.caller
    return tuple(reversed(found))


def counted(root: Stack) -> Counter[tuple[str, ...]]:
    """Instructions by the names of the frames, without this repository's own that call all of it."""
    found: Counter[tuple[str, ...]] = Counter()
    for stack in root.walk():
        if stack.number and stack.code and stack.code.co_filename == __file__:
            found[names(stack)[1:]] += stack.number
    return found


def test_a_function_is_told_apart_by_its_callers() -> None:
    found = counted(profile_bytecodes(both).stacks)
    assert {stack: number for stack, number in found.items() if stack[-1] == "leaf"} == {
        ("both", "left", "leaf"): 2 * found["both", "right", "leaf"],
        ("both", "right", "leaf"): found["both", "right", "leaf"],
    }


def test_generators_are_above_whoever_resumes_them() -> None:
    found = counted(profile_bytecodes(through_generators).stacks)
    once = counted(profile_bytecodes(right).stacks)["right", "leaf"]
    assert found["through_generators", "items", "leaf"] == 4 * once
    assert found["through_generators", "right", "leaf"] == 2 * once
    assert {stack[0] for stack in found} == {"through_generators"}


def test_an_exception_leaves_all_frames_that_it_passes() -> None:
    def raises() -> None:
        json.loads("{")

    def call() -> None:
        for _ in range(2):
            try:
                raises()
            except ValueError:
                right()

    found = counted(profile_bytecodes(call).stacks)
    assert {stack for stack in found if stack[-1] == "leaf"} == {("call", "right", "leaf")}


def test_code_that_executes_all_the_while_in_another_thread_is_in_no_count() -> None:
    asked: SimpleQueue[bool] = SimpleQueue()
    answered: SimpleQueue[int] = SimpleQueue()

    def loop() -> None:
        while asked.get():
            answered.put(leaf())

    def call() -> None:
        asked.put(True)
        answered.get()

    thread = threading.Thread(target=loop)
    thread.start()
    call()
    try:
        number, found = count_bytecodes(call), profile_bytecodes(call)
    finally:
        asked.put(False)
        thread.join()
    assert found.measured == number
    assert found.by_code[loop.__code__] > 0
    assert loop.__code__ not in found.begun.values()


class MadeByPython:
    def __init__(self) -> None:
        self.number = len("ab")


class MadeByC(list):
    pass


def calls_of_all_kinds() -> None:
    sorted(range(3), key=str)
    [].append(1)
    partial(leaf)()
    MadeByPython()
    MadeByC()
    leaf()
    for _ in range(5):
        int("1")
    try:
        int("x")
    except ValueError:
        leaf()


def test_calls_into_c_are_counted_by_their_function() -> None:
    found: Counter[tuple[str, str]] = Counter()
    for made in profile_calls(calls_of_all_kinds):
        assert made.stack.code
        assert made.nanoseconds > 0
        found[made.stack.code.co_name, made.callable] += made.number
    mine = {key: number for key, number in found.items() if key[0] in ("calls_of_all_kinds", "__init__")}
    assert mine == {
        ("calls_of_all_kinds", "sorted"): 1,
        ("calls_of_all_kinds", "range"): 2,
        ("calls_of_all_kinds", "list.append"): 1,
        ("calls_of_all_kinds", "functools.partial"): 2,
        ("calls_of_all_kinds", f"{__name__}.MadeByC"): 1,
        ("calls_of_all_kinds", "int"): 6,
        ("__init__", "len"): 1,
    }
