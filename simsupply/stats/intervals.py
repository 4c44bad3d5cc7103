"""Intervals of what replications show: means, quantiles, and shares of the replications themselves.

Each is for independent values, one per replication, at 95 % unless told otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simsupply.stats.quantiles import quantile_in_order

FloatArray = NDArray[np.float64]
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """An estimate of one metric over replications with its 95 % interval.

    `mean`, `ci_low` and `ci_high` are None where they do not exist: no interval from a single
    replication; no mean if the metric does not exist in every replication (`n` counts those in
    which it does).
    """

    mean: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    unit: str

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval; None where there is none."""
        return None if self.ci_low is None or self.ci_high is None else (self.ci_high - self.ci_low) / 2


def estimate(values: ArrayLike, unit: str) -> Estimate:
    """Mean and Student-t interval of independent values; NaN marks a value that does not exist.

    A share's interval is cut to 0..1. Law (2015), Simulation Modeling and Analysis, 5th ed.,
    section 4.5.
    """
    array = np.asarray(values, dtype=float)
    exists = ~np.isnan(array)
    num = int(exists.sum())
    if num < len(array) or num == 0:
        return Estimate(None, None, None, num, unit)
    # The mean of values that are all the same is that value, whatever the rounding of their sum.
    mean = float(array[0] if np.ptp(array) == 0 else array.mean())
    if num == 1:
        return Estimate(mean, None, None, 1, unit)
    low, high = interval(array)
    if unit == "share":
        low, high = max(low, 0.0), min(high, 1.0)
    return Estimate(mean, low, high, num, unit)


def interval(values: FloatArray, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Student-t interval of the mean of at least two independent values."""
    # Rounding must not make an interval out of values that are all the same.
    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    from scipy.special import stdtrit

    quantile = float(stdtrit(len(values) - 1, 0.5 + confidence / 2))
    half_width = quantile * float(values.std(ddof=1)) / math.sqrt(len(values))
    mean = float(values.mean())
    return mean - half_width, mean + half_width


def quantile_estimate(values: ArrayLike, share: float, unit: str) -> Estimate:
    """A quantile over replications with its order-statistic interval; `mean` holds the quantile.

    The quantile is that of `simsupply.stats.quantiles`, so always a value that was observed. Its interval
    runs between two order statistics and holds it with at least 95 %, whatever the distribution: the number
    of values below the true quantile is binomial, and each end leaves out at most 2.5 %. There is no
    interval if the replications are too few to have such ends (fewer than 6 for the median, 36 for
    the 0.9 quantile).

    Parameters
    ----------
    share : float
        0 < share < 1.

    References
    ----------
    Conover, W. J. (1999). Practical Nonparametric Statistics, 3rd ed., section 3.2.
    Hahn, G. J., Meeker, W. Q. (1991). Statistical Intervals, section 5.2.
    """
    if not 0 < share < 1:
        raise ValueError(f"share: {share!r} is not between 0 and 1")
    array = np.asarray(values, dtype=float)
    num = int((~np.isnan(array)).sum())
    if num < len(array) or num == 0:
        return Estimate(None, None, None, num, unit)
    ordered = np.sort(array)
    middle = quantile_in_order(ordered, share)
    ends = _ranks(num, share)
    if ends is None:
        return Estimate(middle, None, None, num, unit)
    return Estimate(middle, float(ordered[ends[0] - 1]), float(ordered[ends[1] - 1]), num, unit)


def _ranks(num: int, share: float) -> tuple[int, int] | None:
    """Ranks (from 1) of the two ends of a quantile's interval; None if there are none."""
    from scipy.special import bdtr

    tail = (1 - CONFIDENCE) / 2
    # P(B <= k) for k = 0 .. num - 1, with B binomial: how many values are below the quantile.
    at_most = bdtr(np.arange(num), num, share)
    # The lower end is too high with P(B <= low - 1), the upper one too low with P(B >= high).
    low = int((at_most <= tail).sum())
    above = 1 - at_most <= tail
    if low == 0 or not above.any():
        return None
    return low, int(np.argmax(above)) + 1


def share_estimate(hits: int, num: int) -> Estimate:
    """Share of replications in which something happened, with its Wilson interval.

    References
    ----------
    Wilson, E. B. (1927). J. Amer. Statist. Assoc. 22:209-212. doi:10.1080/01621459.1927.10502953
    Brown, L. D., Cai, T. T., DasGupta, A. (2001). Statist. Sci. 16:101-133. doi:10.1214/ss/1009213286

    Examples
    --------
    >>> found = share_estimate(10, 10)
    >>> found.mean, round(found.ci_low, 3), found.ci_high
    (1.0, 0.722, 1.0)
    """
    if num < 1 or not 0 <= hits <= num:
        raise ValueError(f"{hits} of {num} replications is no share")
    from scipy.special import ndtri

    score = float(ndtri(0.5 + CONFIDENCE / 2)) ** 2
    share = hits / num
    centre = (share + score / (2 * num)) / (1 + score / num)
    half = np.sqrt(score) / (1 + score / num) * np.sqrt(share * (1 - share) / num + score / (4 * num**2))
    # All or none: that end is exact, and rounding must not move it.
    low = 0.0 if hits == 0 else float(centre - half)
    high = 1.0 if hits == num else float(centre + half)
    return Estimate(share, low, high, num, "share")
