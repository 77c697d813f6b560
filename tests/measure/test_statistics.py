"""How fair shares are, and how a cost grows with size."""

import pytest

from benchmarks.measure.statistics import growth_exponent, jain_index, most_within, percentile


def test_jain_index() -> None:
    assert jain_index([7, 7, 7]) == 1
    assert jain_index([5, 0, 0, 0]) == 0.25
    assert jain_index([1, 2, 3]) == pytest.approx(36 / 42)
    with pytest.raises(ValueError, match="nobody"):
        jain_index([0, 0])


def test_growth_exponent() -> None:
    assert growth_exponent([10, 100], [3, 30]) == pytest.approx(1)
    assert growth_exponent([1, 2, 4, 8], [5, 20, 80, 320]) == pytest.approx(2)
    assert growth_exponent([10, 1000], [6, 6]) == pytest.approx(0)
    # Least squares by hand: logs to base 10 are (0, 1, 2) and (0, 1, 1), so the slope is 1/2.
    assert growth_exponent([1, 10, 100], [1, 10, 10]) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="two different sizes"):
        growth_exponent([5, 5], [1, 2])


def test_percentile() -> None:
    assert percentile([3, 1, 2, 4], 50) == 2
    assert percentile(range(1, 201), 99) == 198
    assert percentile([7], 99) == percentile([7], 0) == 7
    with pytest.raises(ValueError, match="no percentile"):
        percentile([], 50)


def test_most_within() -> None:
    assert most_within([5, 0, 9, 10, 19], 10) == 3
    assert most_within([0, 10, 20], 10) == 1
    assert most_within([4, 4, 4], 1) == 3
    assert most_within([], 10) == 0
