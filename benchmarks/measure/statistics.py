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
