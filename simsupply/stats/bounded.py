"""Intervals of means whose values have bounds, from mean, standard deviation and number; one or many at once.

- Both bounds are known (a share: 0 and 1): the interval of Korn and Graubard [1]_, which is Clopper and Pearson's [2]_
  with the number of all-or-nothing values that would have the variance seen. All-or-nothing values give exactly theirs,
  which never holds less often than it says; values that vary little give Student's t interval, but inside the bounds.
- All values are the same between two bounds: up to `simsupply.stats.unseen.unseen_share` of the replications may be
  anything that is possible. Of ones alone this is Clopper and Pearson's interval too.
- Else: Student's t interval, cut where no mean can be. Equal values have no width then.

References
----------
.. [1] Korn, E. L., Graubard, B. I. (1998). Confidence intervals for proportions with small expected number of positive
   counts estimated from survey data. Surv. Methodol. 24:193-201. Recommended by: Parker, J. D. et al. (2017). National
   Center for Health Statistics data presentation standards for proportions. Vital Health Stat. 2(175).
.. [2] Clopper, C. J., Pearson, E. S. (1934). Biometrika 26:404-413. doi:10.1093/biomet/26.4.404
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, stdtrit

from simsupply.stats.unseen import unseen_share

FloatArray = NDArray[np.float64]
# From so many equivalent values on the t interval is the same to six digits.
_MANY = 1e6


def mean_ends(
    mean: Any, deviation: Any, num: Any, low: Any, high: Any, confidence: float
) -> tuple[FloatArray, FloatArray]:
    """Both ends of intervals of means; all arguments but the last may be arrays of one shape.

    Parameters
    ----------
    mean, deviation : float or array
        Of the values; a deviation of 0 says that they are all the same.
    num : int or array
        How many values, >= 2.
    low, high : float or array
        What values may be; infinite: no bound.
    confidence : float
        0..1.
    """
    mean, deviation, num, low, high = np.broadcast_arrays(
        *(np.asarray(given, dtype=float) for given in (mean, deviation, num, low, high))
    )
    # A sum of minutes may be beyond a bound by its rounding.
    mean = np.clip(mean, low, high)
    tail = (1 - confidence) / 2
    half = stdtrit(num - 1, 1 - tail) * deviation / np.sqrt(num)
    first, last = np.array(np.maximum(mean - half, low)), np.array(np.minimum(mean + half, high))
    is_between = np.isfinite(low) & np.isfinite(high)
    is_same = is_between & (deviation == 0)
    share = unseen_share(num[is_same], confidence)
    first[is_same] = mean[is_same] - share * np.maximum(mean[is_same] - low[is_same], 0)
    last[is_same] = mean[is_same] + share * np.maximum(high[is_same] - mean[is_same], 0)
    varies = is_between & (deviation > 0)
    if varies.any():
        span = (high - low)[varies]
        place = np.clip((mean - low)[varies] / span, 1e-12, 1 - 1e-12)
        ends = _korn_graubard(place, deviation[varies] / span, num[varies], tail)
        for end, found, fallback in zip((first, last), ends, (first[varies], last[varies]), strict=True):
            end[varies] = np.where(np.isnan(found), fallback, low[varies] + span * found)
    return first, last


def _korn_graubard(
    share: FloatArray, deviation: FloatArray, num: FloatArray, tail: float
) -> tuple[FloatArray, FloatArray]:
    """Ends for values in 0..1; NaN where the t interval is as good."""
    # Values in 0..1 vary most when they are all or nothing: by share (1 - share).
    ratio = np.minimum(deviation**2 / (share * (1 - share)), 1.0)
    alike = num / np.maximum(ratio, 1e-300)
    is_few = alike < _MANY
    alike = np.where(is_few, alike, _MANY)
    alike = alike * (stdtrit(alike - 1, 1 - tail) / stdtrit(num - 1, 1 - tail)) ** 2
    hits = alike * share
    low, high = betaincinv(hits, alike - hits + 1, tail), betaincinv(hits + 1, alike - hits, 1 - tail)
    return np.where(is_few, low, np.nan), np.where(is_few, high, np.nan)
