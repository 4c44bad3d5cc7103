"""Differences under common random numbers: paired by replication, with statements that hold all at once.

A family of comparisons is all pairs of alternatives, at all levels, in one metric (or all groups of households
in one). Each of its m intervals is at ``1 - 0.05 / m`` (Bonferroni [1]_), so that with 95 % probability they all hold
the true differences. A difference is claimed exactly when its interval excludes 0: claim and interval are one
procedure, and with 95 % probability none of the claims of a family is a mistake. Step-down tests such as Holm's find a
little more, but have no two-sided intervals that say the same [2]_.

The interval of one difference:

- of values between two bounds, such as shares, some of which repeat (they may be all or nothing): from the intervals of
  both means and the correlation of the two, by the method of variance estimates recovery [3]_, which for values that
  are all or nothing is Newcombe's for paired proportions [4]_. An alternative whose values are all the same has an
  interval with a width, and so has the difference;
- of other values between two bounds: that of a mean whose values are between -span and span;
- where the difference is always the same between two bounds: `simsupply.stats.unseen.unseen_share` of the replications
  may differ by anything that is possible;
- without such bounds: Student's t. A difference that is always the same is held to be that, once a sign test would
  find it; before, the interval reaches to 0.

References
----------
.. [1] Law, A. M. (2015). Simulation Modeling and Analysis, 5th ed., sections 9.7 and 10.2-10.3 (Bonferroni,
   paired-t), 11.2 (common random numbers).
.. [2] Strassburger, K., Bretz, F. (2008). Compatible simultaneous lower confidence bounds for the Holm
   procedure and other Bonferroni-based closed tests. Statist. Med. 27:4914-4927. doi:10.1002/sim.3338
.. [3] Zou, G. Y., Donner, A. (2008). Construction of confidence limits about effect measures: a general approach.
   Statist. Med. 27:1693-1702. doi:10.1002/sim.3095
.. [4] Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial proportions based on
   paired data. Statist. Med. 17:2635-2650.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simsupply.stats.intervals import CONFIDENCE, UNBOUNDED, Bounds, FloatArray, interval, mean_of
from simsupply.stats.unseen import has_repeats, is_same

# No p-value is said to be smaller, and none is 0.
LEAST_P = 1e-12
_MOST_P = 0.99


@dataclass(frozen=True)
class Difference:
    """Mean of ``first - second`` over the replications that both have, as one of a family of comparisons.

    Attributes
    ----------
    mean : float or None
        None: the metric does not exist in every replication of both.
    ci_low, ci_high : float or None
        Simultaneous 95 % interval; None with a single replication.
    p_value : float or None
        Of no difference, for the family: at most 0.05 exactly when the interval excludes 0; above 0.
    n : int
        Replications.
    saved : float or None
        Share of the variance of the difference that pairing took away: ``1 - var(first - second) / (var(first)
        + var(second))``; negative where it added some, None where nothing varies.
    """

    mean: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    n: int
    saved: float | None

    @property
    def side(self) -> int | None:
        """1 if `first` has more, -1 if less, 0 if they cannot be told apart; None: one replication, or no mean.

        Of one replication only equality can be said.
        """
        if self.ci_low is None or self.ci_high is None:
            return None
        return side_of(self.ci_low, self.ci_high)


def side_of(low: float, high: float) -> int:
    """Which side of 0 an interval lies on: 1, -1, or 0 if it does not exclude 0.

    >>> side_of(0.1, 0.3), side_of(-0.1, 0.3), side_of(-0.3, -0.1)
    (1, 0, -1)
    """
    return 1 if low > 0 else -1 if high < 0 else 0


def differences(
    pairs: Sequence[tuple[pd.Series, pd.Series]], bounds: Bounds | Sequence[Bounds] = UNBOUNDED
) -> list[Difference]:
    """Compare each pair of values by replication (index: its number) as one family.

    Parameters
    ----------
    pairs : sequence of two Series
    bounds : (float, float), or one for each pair
        The least and the greatest value possible on both sides of a pair.
    """
    each = [bounds] * len(pairs) if isinstance(bounds, tuple) else list(bounds)
    values = [_by_replication(first, second) for first, second in pairs]
    tested = {at for at, (first, _) in enumerate(values) if len(first) > 1 and not np.isnan(sum(values[at])).any()}
    num = max(len(tested), 1)
    found = []
    for at, ((first, second), limits) in enumerate(zip(values, each, strict=True)):
        apart = first - second
        if not len(apart) or np.isnan(apart).any():
            found.append(Difference(None, None, None, None, int((~np.isnan(apart)).sum()), None))
            continue
        low, high, p_value = None, None, None
        if at in tested:
            low, high = difference_interval(first, second, 1 - (1 - CONFIDENCE) / num, limits)
            p_value = min(1.0, num * _p_value(first, second, limits))
        found.append(Difference(mean_of(apart), low, high, p_value, len(apart), variance_saved(first, second)))
    return found


def difference_interval(
    first: FloatArray, second: FloatArray, confidence: float = CONFIDENCE, bounds: Bounds = UNBOUNDED
) -> tuple[float, float]:
    """Interval of the mean of ``first - second``, two or more replications of each: see this module."""
    apart, span = first - second, bounds[1] - bounds[0]
    if not math.isfinite(span):
        if is_same(apart) and _sign_test(apart) > 1 - confidence:
            return min(float(apart[0]), 0.0), max(float(apart[0]), 0.0)
        return interval(apart, confidence)
    if is_same(apart) or not (has_repeats(first) or has_repeats(second)):
        return interval(apart, confidence, (-span, span))
    own, other = interval(first, confidence, bounds), interval(second, confidence, bounds)
    mean, alike = mean_of(apart), _correlation(first, second)
    first_mean, second_mean = mean_of(first), mean_of(second)
    below = _recovered(first_mean - own[0], other[1] - second_mean, alike)
    above = _recovered(own[1] - first_mean, second_mean - other[0], alike)
    return max(mean - below, -span), min(mean + above, span)


def _recovered(of_first: float, of_second: float, correlation: float) -> float:
    return math.sqrt(max(of_first**2 + of_second**2 - 2 * correlation * of_first * of_second, 0.0))


def _correlation(first: FloatArray, second: FloatArray) -> float:
    """Of the two by replication; 0 where one of them does not vary."""
    if is_same(first) or is_same(second):
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def variance_saved(first: FloatArray, second: FloatArray) -> float | None:
    """Share of the variance of a difference that pairing saved; None where there is none to save."""
    if len(first) < 2:
        return None
    apart = float(first.var(ddof=1) + second.var(ddof=1))
    # Nothing varies, or by less than a float can square.
    if apart == 0 or (np.ptp(first) == 0 and np.ptp(second) == 0):
        return None
    saved = 1 - float((first - second).var(ddof=1)) / apart
    # Where only one of them varies nothing is saved, whatever the rounding.
    return saved if abs(saved) > 1e-12 else 0.0


def unpaired_equivalent(num: int, saved: float) -> int | None:
    """How many replications with luck of their own would tell as much as `num` paired ones; None: no number would.

    >>> unpaired_equivalent(20, 0.75)
    80
    """
    return math.ceil(round(num / (1 - saved), 6)) if saved < 1 else None


def _by_replication(first: pd.Series, second: pd.Series) -> tuple[FloatArray, FloatArray]:
    both = first.index.intersection(second.index)
    return first.loc[both].to_numpy(dtype=float), second.loc[both].to_numpy(dtype=float)


def _sign_test(apart: FloatArray) -> float:
    """Two-sided p-value of a sign test of a difference that is always the same: ``2 * 0.5^n``."""
    return 1.0 if apart[0] == 0 else 2.0 ** (1 - len(apart))


def _p_value(first: FloatArray, second: FloatArray, bounds: Bounds) -> float:
    """The largest error at which the interval of one difference still holds 0."""
    apart = first - second
    if mean_of(apart) == 0:
        return 1.0
    if not math.isfinite(bounds[1] - bounds[0]):
        if is_same(apart):
            return max(_sign_test(apart), LEAST_P)
        from scipy.special import stdtr

        score = mean_of(apart) / (float(apart.std(ddof=1)) / math.sqrt(len(apart)))
        return max(2 * float(stdtr(len(apart) - 1, -abs(score))), LEAST_P)

    def end(log_error: float) -> float:
        """How far the interval at this error stays away from 0; below 0: it holds 0."""
        low, high = difference_interval(first, second, 1 - math.exp(log_error), bounds)
        return low if mean_of(apart) > 0 else -high

    least, most = math.log(LEAST_P), math.log(_MOST_P)
    if end(most) <= 0:
        return 1.0
    if end(least) >= 0:
        return LEAST_P
    from scipy.optimize import brentq

    return math.exp(brentq(end, least, most, xtol=1e-9))
