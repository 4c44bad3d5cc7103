"""Intervals of what replications show: means, quantiles, and shares of the replications themselves.

Each is for independent values, one per replication, at 95 % unless told otherwise, and within what is possible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simsupply.stats.quantiles import quantile_in_order
from simsupply.stats.unseen import is_same

FloatArray = NDArray[np.float64]
Bounds = tuple[float, float]
CONFIDENCE = 0.95
UNBOUNDED: Bounds = (-np.inf, np.inf)
SHARE: Bounds = (0.0, 1.0)


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


def estimate(values: ArrayLike, unit: str, bounds: Bounds = UNBOUNDED) -> Estimate:
    """Mean and interval of independent values; NaN marks a value that does not exist.

    Parameters
    ----------
    values : array, shape (replications,)
    unit : str
        Of a ``share`` bounds are 0 and 1, whatever is given.
    bounds : (float, float)
        The least and the greatest value possible: see `interval`.
    """
    array = np.asarray(values, dtype=float)
    exists = ~np.isnan(array)
    num = int(exists.sum())
    if num < len(array) or num == 0:
        return Estimate(None, None, None, num, unit)
    bounds = SHARE if unit == "share" else bounds
    mean = min(max(mean_of(array), bounds[0]), bounds[1])
    if num == 1:
        return Estimate(mean, None, None, 1, unit)
    low, high = interval(array, bounds=bounds)
    return Estimate(mean, low, high, num, unit)


def mean_of(values: FloatArray) -> float:
    """Mean; that of values that are all the same is that value, whatever the rounding of their sum."""
    return float(values[0] if is_same(values) else values.mean())


def interval(values: FloatArray, confidence: float = CONFIDENCE, bounds: Bounds = UNBOUNDED) -> tuple[float, float]:
    """Interval of the mean of at least two independent values.

    Between two bounds it is Korn and Graubard's, which has a width also where all values are the same; else Student's
    t interval (Law 2015, Simulation Modeling and Analysis, 5th ed., section 4.5), cut where no mean can be. See
    `simsupply.stats.bounded`.

    Examples
    --------
    >>> [round(end, 3) for end in interval(np.ones(10), bounds=SHARE)]
    [0.692, 1.0]
    """
    from simsupply.stats.bounded import mean_ends

    # Rounding must not make an interval out of values that are all the same.
    deviation = 0.0 if is_same(values) else float(values.std(ddof=1))
    low, high = mean_ends(mean_of(values), deviation, len(values), *bounds, confidence)
    return float(low), float(high)


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
    """Share of replications in which something happened, with its Clopper-Pearson interval.

    It never holds the true share less often than it says, as Wilson's does near 0 and 1 (90 % for one in a hundred, ten
    replications), and is that of a metric which is 0 or 1 (`interval`).

    References
    ----------
    Clopper, C. J., Pearson, E. S. (1934). Biometrika 26:404-413. doi:10.1093/biomet/26.4.404
    Brown, L. D., Cai, T. T., DasGupta, A. (2001). Statist. Sci. 16:101-133. doi:10.1214/ss/1009213286

    Examples
    --------
    >>> found = share_estimate(10, 10)
    >>> found.mean, round(found.ci_low, 3), found.ci_high
    (1.0, 0.692, 1.0)
    """
    if num < 1 or not 0 <= hits <= num:
        raise ValueError(f"{hits} of {num} replications is no share")
    from scipy.special import betaincinv

    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if hits == 0 else float(betaincinv(hits, num - hits + 1, tail))
    high = 1.0 if hits == num else float(betaincinv(hits + 1, num - hits, 1 - tail))
    return Estimate(hits / num, low, high, num, "share")
