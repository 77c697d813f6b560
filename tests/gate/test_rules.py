"""The rules by which two commits are compared, on numbers with a known answer."""

import math
import random
import re
import statistics

import pytest

from tools.errors import ToolError
from tools.gate.continuous import INCONCLUSIVE, NOTHING_SLOWER, SLOWER, judge
from tools.gate.rules import Change, Outcome, changes, compare, machine_moved
from tools.gate.timing import PASSES, SAMPLES, of_processes
from tools.numbers.kinds import Kind
from tools.numbers.stored import Key, Number

FAILED, SKIPPED = Number(None), Number(math.nan)


def count(value: float) -> Number:
    return Number(value)


def time(median: float, spread: float = 0.01, processes: int = 12, seed: int = 1) -> Number:
    source = random.Random(seed)
    values = [median * (1 + spread * source.uniform(-1, 1)) for _ in range(processes * SAMPLES)]
    return Number(median, values)


def samples(*values: float) -> Number:
    return Number(statistics.median(values or (1.0,)), [*values])


def processes(*least: float) -> Number:
    """Three samples of each process."""
    return samples(*(value * above for value in least for above in (1.1, 1, 1.4)))


def key(kind: Kind, name: str = "a.B.time_c") -> Key:
    return Key(name, (), kind, "seconds")


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (count(1000), count(1000), Outcome.SAME),
        (count(1000), count(1010), Outcome.SAME),
        (count(1000), count(1010.1), Outcome.SLOWER),
        (count(1010.1), count(1000), Outcome.FASTER),
        (count(0), count(8), Outcome.SLOWER),
        (count(1000), FAILED, Outcome.NEWLY_FAILING),
        (count(1000), SKIPPED, Outcome.NEWLY_SKIPPED),
        (FAILED, count(1000), Outcome.NEW),
        (SKIPPED, count(1000), Outcome.NEW),
        (FAILED, FAILED, Outcome.NOTHING),
        (SKIPPED, FAILED, Outcome.NOTHING),
    ],
)
def test_counts(before: Number, after: Number, outcome: Outcome) -> None:
    assert compare(Kind.COUNT, before, after) is outcome


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (time(1.0), time(1.0, seed=2), Outcome.SAME),
        (time(1.0), time(1.09, seed=2), Outcome.SAME),
        (time(1.0), time(1.2, seed=2), Outcome.SLOWER),
        (time(1.2), time(1.0, seed=2), Outcome.FASTER),
        (time(1.0, spread=0.5), time(1.2, spread=0.5, seed=2), Outcome.SAME),
        (processes(*[1.0] * 6, *[1.9] * 6), processes(*[1.5] * 12), Outcome.SAME),
        (processes(*[1.0] * 7, *[1.9] * 5), processes(*[1.2] * 8, *[2.3] * 4), Outcome.SLOWER),
        (processes(*[1.0] * 12), processes(1, *[1.9] * 11), Outcome.SAME),
        (processes(*[1.0, 1.2, 1.3, 1.1] * 3), processes(*[3.5, 3] * 6), Outcome.SLOWER),
        (processes(*[1.0, 1.2, 1.3, 1.1] * 3), processes(*[1.15, 1.4] * 6), Outcome.SAME),
        (processes(0.8, *[1.0] * 11), processes(*[1.0] * 12), Outcome.SAME),
        (processes(*[1.0] * 6), processes(*[1.5] * 6), Outcome.SLOWER),
        (processes(*[1.0] * 11), processes(*[1.5] * 12), Outcome.SAME),
        (processes(*[1.0] * 12), processes(*[1.5] * 2), Outcome.SAME),
        (processes(*[1.0] * 12), samples(), Outcome.SAME),
        (samples(), processes(*[1.0] * 12), Outcome.SAME),
        (time(1e-6), time(1.9e-6, seed=2), Outcome.SAME),
        (time(1e-6), time(2.1e-6, seed=2), Outcome.SLOWER),
    ],
    ids=[
        "equal",
        "below the factor",
        "slower",
        "faster",
        "within its spread",
        "half of the processes at half speed, and as luck has it all of the branch",
        "slower, and a third of the processes at half speed",
        "one process of the branch that shows the time to be the same",
        "slower than all of the base, which differ",
        "as fast as the faster half of the base",
        "a single lucky sample",
        "six processes",
        "fewer processes of the base",
        "fewer processes of the branch",
        "no process of the branch",
        "no process of the base",
        "below the floor",
        "above the floor",
    ],
)
def test_times(before: Number, after: Number, outcome: Outcome) -> None:
    assert compare(Kind.TIME, before, after) is outcome


@pytest.mark.parametrize("rounds", PASSES[1:])
def test_equal_code_is_called_slower_by_luck_as_often_as_said(rounds: int) -> None:
    # Of a machine that gives each process a speed as it comes, of which hardly two are within the factor.
    source = random.Random(1)

    def made() -> Number:
        return processes(*(2 ** source.uniform(0, 1000) for _ in range(rounds)))

    tries, first = 20_000, rounds // 2 + 1
    # That the fastest of both are all of the base: so many of that many, over so many of all.
    expected = tries * math.comb(rounds, first) / math.comb(2 * rounds, first)
    slower = sum(compare(Kind.TIME, made(), made()) is Outcome.SLOWER for _ in range(tries))
    assert abs(slower - expected) < 4 * math.sqrt(expected)


@pytest.mark.parametrize(("half_speed", "seen"), [(0, 1), (0.1, 0.99), (0.2, 0.85), (0.3, 0.59), (0.5, 0.1)])
def test_a_busy_machine_hides_slow_downs_as_often_as_said(half_speed: float, seen: float) -> None:
    # Times that are 20 % slower, where so many of the processes are at half speed.
    source, tries = random.Random(1), 2000

    def made(slower: float, rounds: int) -> Number:
        speeds = (2 if source.random() < half_speed else 1 for _ in range(rounds))
        return processes(*(slower * speed * source.uniform(1, 1.05) for speed in speeds))

    def is_seen() -> bool:
        found = [change(Kind.TIME, made(1, rounds), made(1.2, rounds)) for rounds in PASSES]
        return found[0].ratio > 1.1 and all(pass_.outcome is Outcome.SLOWER for pass_ in found[1:])

    assert sum(is_seen() for _ in range(tries)) / tries == pytest.approx(seen, abs=0.03)


def test_a_process_counts_once() -> None:
    assert of_processes([3, 2, 5, 6, 1, 9]) == [2, 1]
    assert of_processes([]) == []


def test_only_a_time_that_differs_is_suspect() -> None:
    assert change(Kind.TIME, time(1.0), time(1.2, seed=2)).suspect
    assert change(Kind.TIME, time(1.2), time(1.0, seed=2)).suspect
    assert not SAME_TIME.suspect
    assert not change(Kind.TIME, SKIPPED, time(1.0)).suspect
    assert not change(Kind.TIME, time(1.0), FAILED).suspect
    assert not SLOWER_COUNT.suspect
    assert not MOVED.suspect


def test_memory_needs_a_factor_and_a_megabyte() -> None:
    mb = 1 << 20
    assert compare(Kind.MEMORY, count(100 * mb), count(106 * mb)) is Outcome.HEAVIER
    assert compare(Kind.MEMORY, count(106 * mb), count(100 * mb)) is Outcome.LIGHTER
    assert compare(Kind.MEMORY, count(100 * mb), count(104 * mb)) is Outcome.SAME
    assert compare(Kind.MEMORY, count(10 * mb), count(10.9 * mb)) is Outcome.SAME


def test_growth_needs_more_than_cheaper_small_sizes() -> None:
    # Ten per cent less at the smallest of ten times more leaves the exponent 0.046 higher.
    assert compare(Kind.GROWTH, count(1.0), count(1.046)) is Outcome.SAME
    assert compare(Kind.GROWTH, count(1.0), count(1.06)) is Outcome.SLOWER
    assert compare(Kind.GROWTH, count(0.0), count(0.04)) is Outcome.SAME
    assert compare(Kind.GROWTH, count(2.0), count(1.0)) is Outcome.FASTER


def test_other_numbers_never_decide() -> None:
    assert compare(Kind.OTHER, count(1), count(100)) is Outcome.SAME
    assert compare(Kind.CONTROL, time(1.0), time(2.0)) is Outcome.SAME


def change(kind: Kind, before: Number, after: Number, name: str = "a.B.time_c") -> Change:
    return Change(key(kind, name), before, after, compare(kind, before, after))


SAME_TIME = change(Kind.TIME, time(1.0), time(1.0, seed=2))
SLOWER_TIME = change(Kind.TIME, time(1.0), time(1.3, seed=2))
MUCH_SLOWER_TIME = change(Kind.TIME, time(1.0), time(1.5, seed=2))
SLOWER_COUNT = change(Kind.COUNT, count(100), count(103))
HEAVIER = change(Kind.MEMORY, count(100 << 20), count(110 << 20))
STEADY = change(Kind.CONTROL, time(1.0), time(1.02, seed=2))
MOVED = change(Kind.CONTROL, time(1.0), time(1.2, seed=2))
BROKEN = change(Kind.COUNT, count(100), FAILED)
LACKING = change(Kind.COUNT, count(100), SKIPPED)


@pytest.mark.parametrize(
    ("compared", "status"),
    [
        ([SAME_TIME, STEADY], NOTHING_SLOWER),
        ([SAME_TIME, MOVED], NOTHING_SLOWER),
        ([SLOWER_TIME, STEADY], SLOWER),
        ([SLOWER_TIME], SLOWER),
        ([SLOWER_TIME, MOVED], INCONCLUSIVE),
        # By more than the machine can be blamed for.
        ([MUCH_SLOWER_TIME, MOVED], SLOWER),
        ([SLOWER_TIME, HEAVIER, MOVED], SLOWER),
        ([SLOWER_COUNT, SAME_TIME, MOVED], SLOWER),
        ([SLOWER_COUNT, SLOWER_TIME, MOVED], SLOWER),
        ([SAME_TIME, BROKEN], SLOWER),
        ([SAME_TIME, LACKING], NOTHING_SLOWER),
    ],
)
def test_exit_status(compared: list[Change], status: int) -> None:
    assert judge(compared)[0] == status


def test_nothing_measured_is_no_verdict() -> None:
    with pytest.raises(ToolError, match="on the base"):
        judge([change(Kind.COUNT, FAILED, count(1))])
    with pytest.raises(ToolError, match="on the branch"):
        judge([change(Kind.COUNT, count(1), FAILED), change(Kind.COUNT, count(1), SKIPPED)])
    with pytest.raises(ToolError):
        judge([])


def test_a_control_is_no_number_of_exabgp() -> None:
    with pytest.raises(ToolError, match="on the base"):
        judge([STEADY, change(Kind.COUNT, FAILED, count(1))])
    with pytest.raises(ToolError, match="on the branch"):
        judge([STEADY, BROKEN])


def test_controls_that_moved_are_named() -> None:
    failed = change(Kind.CONTROL, time(1.0), FAILED)
    assert list(machine_moved([STEADY, MOVED, SLOWER_TIME, failed])) == [MOVED]


def test_what_is_inconclusive_says_why() -> None:
    _, words = judge([SLOWER_TIME, MOVED])
    assert re.fullmatch(
        r"inconclusive: times grew, but those that run no ExaBGP code changed too \(.* 1\.2\d times\); run it again",
        words,
    ), words


def test_numbers_of_one_side_are_new_or_missing() -> None:
    a, b = key(Kind.COUNT, "a"), key(Kind.COUNT, "b")
    found = {c.key: c.outcome for c in changes({a: count(1)}, {b: count(1)})}
    assert found == {a: Outcome.NEWLY_SKIPPED, b: Outcome.NEW}
