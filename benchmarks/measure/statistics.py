"""Figures about a set of measurements: how fair shares are, how a cost grows with size."""

import math
from collections.abc import Sequence
from statistics import linear_regression


def jain_index(shares: Sequence[float]) -> float:
    """Jain's fairness index of what each got: 1 when all got the same, 1/n when one of n got everything.

    R. Jain, D. Chiu, W. Hawe: A Quantitative Measure of Fairness, DEC-TR-301 (1984).
    Raises ValueError where there is nothing to share.
    """
    squares = sum(share * share for share in shares)
    if not squares:
        raise ValueError("nobody got anything, so there is no fairness to measure")
    return sum(shares) ** 2 / (len(shares) * squares)


def growth_exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """How a cost grows with the size: the slope of log cost over log size, by least squares.

    0 is constant, 1 linear, 2 quadratic. Sizes and costs are positive; raises ValueError without two different sizes.
    """
    if len(set(sizes)) < 2:
        raise ValueError("growth takes two different sizes")
    return linear_regression(list(map(math.log, sizes)), list(map(math.log, costs))).slope


def percentile(values: Sequence[float], share: float) -> float:
    """A percentile of some values, by the nearest rank: the least that `share` per cent of them do not exceed.

    Raises ValueError where there are none.
    """
    if not values:
        raise ValueError("there are no values, and so no percentile")
    return sorted(values)[max(0, math.ceil(share / 100 * len(values)) - 1)]


def most_within(times: Sequence[int], window: int) -> int:
    """The most events of any stretch of time that is as long as the window; times and window have one unit."""
    times, most, first = sorted(times), 0, 0
    for last, time in enumerate(times):
        while time - times[first] >= window:
            first += 1
        most = max(most, last + 1 - first)
    return most
