"""Statistics over households: worst-off tenth, Gini coefficient, share of the need that came, sums of hours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY

FloatArray = NDArray[np.float64]


def worst_tenth(num: int) -> int:
    """How many households the worst-off tenth of `num` is: a tenth, rounded up.

    >>> worst_tenth(1), worst_tenth(10), worst_tenth(11)
    (1, 1, 2)
    """
    return -(-num // 10)


def mean_of_largest_tenth(values: FloatArray) -> float:
    """Mean over the tenth with the largest values."""
    start = len(values) - worst_tenth(len(values))
    return float(np.partition(values, start)[start:].mean())


def gini_in_order(ordered: FloatArray) -> float:
    """Gini coefficient, sum over i, j of abs(x_i - x_j) / (2 n^2 mean), of values in order, the least first.

    0 when all are 0.

    >>> gini_in_order(np.array([1.0, 1.0])), gini_in_order(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    total = ordered.sum()
    if total == 0:
        return 0.0
    rank = np.arange(1, len(ordered) + 1)
    return float(max(0.0, 2 * (rank * ordered).sum() / (len(ordered) * total) - 1 - 1 / len(ordered)))


def fill_rate(useful_kg: FloatArray, needed_kg: FloatArray) -> float:
    """Share of what is needed that was received; NaN where nothing is needed."""
    needed = needed_kg.sum()
    # Both are sums of many floats: what is all of the need may come out as more by the last digits.
    return min(float(useful_kg.sum() / needed), 1.0) if needed else np.nan


def mean_hours(minutes: FloatArray) -> float:
    """Mean of minutes, in hours."""
    return float(minutes.mean() / 60)


def household_days(minutes: FloatArray) -> float:
    """Sum of minutes over households, in household-days."""
    return float(minutes.sum() / MINUTES_PER_DAY)
