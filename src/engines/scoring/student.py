"""Student's t: how far the mean of a few answers may lie from what all would have said."""

import math
from functools import lru_cache

NEAR = 1e-10


def share_within(t: float, freedom: int) -> float:
    """Return the share of Student's t distribution that lies between -t and t, exactly.

    `t` is zero or more, `freedom` the degrees of freedom, a whole number from 1. The finite sums for whole
    degrees of freedom are formulas 26.7.3 and 26.7.4 of Abramowitz and Stegun, Handbook of Mathematical
    Functions (1964).
    """
    angle = math.atan(t / math.sqrt(freedom))
    sine, square = math.sin(angle), math.cos(angle) ** 2
    odd = freedom % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for step in range((freedom - 1) // 2 if odd else freedom // 2):
        total += term
        term *= square * (2 * step + 2) / (2 * step + 3) if odd else square * (2 * step + 1) / (2 * step + 2)
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


@lru_cache(maxsize=4096)
def within(share: float, freedom: int) -> float:
    """Return the t between whose negative and itself lies `share` of the distribution, to ten digits.

    `share` lies between 0 and 1 without either; for a two-sided interval of 95 % it is 0.95.
    """
    low, high = 0.0, 1.0
    while share_within(high, freedom) < share:
        low, high = high, 2 * high
    while high - low > NEAR * high:
        middle = (low + high) / 2
        low, high = (middle, high) if share_within(middle, freedom) < share else (low, middle)
    return high
