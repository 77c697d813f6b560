"""What is counted as a bytecode instruction, of whose code, in every thread."""

import dis
import sys
import threading
from collections.abc import Iterator

import pytest

from benchmarks.measure import count_bytecodes


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
    found = count_bytecodes(lambda: straight(1))
    assert found.by_code[straight.__code__] == instructions_of_straight()


def test_code_that_is_called_in_turns_is_told_apart() -> None:
    found = count_bytecodes(loop)
    assert found.by_code[straight.__code__] == 5000 * instructions_of_straight()
    assert found.measured + found.own == sum(found.by_code.values())


@pytest.mark.usefixtures("eager_threads")
def test_no_instruction_of_a_thread_is_lost() -> None:
    def in_threads() -> None:
        threads = [threading.Thread(target=loop) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    alone = count_bytecodes(loop).by_code
    found = count_bytecodes(in_threads).by_code
    assert {code: found[code] for code in (loop.__code__, straight.__code__)} == {
        code: 3 * alone[code] for code in (loop.__code__, straight.__code__)
    }


def test_nothing_else_may_count_at_the_same_time() -> None:
    sys.monitoring.use_tool_id(sys.monitoring.DEBUGGER_ID, "another")
    try:
        with pytest.raises(RuntimeError, match="while another is running"):
            count_bytecodes(loop)
    finally:
        sys.monitoring.free_tool_id(sys.monitoring.DEBUGGER_ID)
