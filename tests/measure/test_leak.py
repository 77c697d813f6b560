"""What a cycle keeps that should give everything back."""

import sys

import pytest

from benchmarks.measure.leak import leak_slope, mean_slope


def test_what_each_cycle_keeps_is_the_slope() -> None:
    kept: list[bytes] = []
    size = sys.getsizeof(bytes(100))
    # With its place in the list, which grows by more than is needed.
    assert size <= leak_slope(lambda: kept.extend(bytes(100) for _ in range(1000)), 4, 1000) <= size + 16


def test_what_the_first_cycle_keeps_is_no_leak() -> None:
    kept: set[int] = set()
    assert leak_slope(lambda: kept.update(range(1000)), 3, 1000) == 0


def test_what_grows_now_and_then_is_in_the_mean() -> None:
    kept: dict[int, int] = {}

    def cycle() -> None:
        kept.update((number, number) for number in range(len(kept), len(kept) + 100))

    # A key and its value, an integer of its own, and the table, which grows by the power of two.
    assert 28 + 24 < mean_slope(cycle, 12, 100) < 28 + 96


def test_mean_of_what_is_less_than_an_entry_is_no_leak() -> None:
    kept: list[bytes] = []
    assert mean_slope(lambda: kept.append(bytes(500)), 6, 100) == 0


def test_a_slope_takes_two_cycles() -> None:
    with pytest.raises(ValueError, match="two cycles"):
        leak_slope(list, 1, 1)
