"""Differences under common random numbers: paired by replication, with statements that hold all at once.

A family of comparisons is all pairs of alternatives, at all levels, in one metric (or all groups of households
in one). In each family:

- Whether two alternatives differ is settled by Holm's step-down adjusted p-values of the paired t tests [1]_:
  with 95 % probability none of the differences found in the family is a mistake.
- Intervals are Bonferroni's [2]_, each at ``1 - 0.05 / m`` with m comparisons: with 95 % probability they all
  hold the true differences. Two-sided intervals that agree with Holm's tests exactly are not known in a form
  that says more than the tests [3]_; so now and then a difference is found whose interval, just, holds 0.

References
----------
.. [1] Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scand. J. Statist. 6:65-70.
.. [2] Law, A. M. (2015). Simulation Modeling and Analysis, 5th ed., sections 9.7 and 10.2-10.3 (Bonferroni,
   paired-t), 11.2 (common random numbers).
.. [3] Strassburger, K., Bretz, F. (2008). Compatible simultaneous lower confidence bounds for the Holm
   procedure and other Bonferroni-based closed tests. Statist. Med. 27:4914-4927. doi:10.1002/sim.3338
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simsupply.stats.intervals import CONFIDENCE, FloatArray, interval


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
        Holm-adjusted, of no difference.
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
        if self.mean is None or self.p_value is None:
            return None
        return int(np.sign(self.mean)) if self.p_value <= 1 - CONFIDENCE else 0


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjusted p-values, in the order given.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    adjusted, largest = [0.0] * len(p_values), 0.0
    for rank, at in enumerate(np.argsort(p_values, kind="stable")):
        largest = max(largest, min((len(p_values) - rank) * p_values[at], 1.0))
        adjusted[at] = largest
    return adjusted


def differences(pairs: Sequence[tuple[pd.Series, pd.Series]]) -> list[Difference]:
    """Compare each pair of values by replication (index: its number) as one family."""
    values = [_by_replication(first, second) for first, second in pairs]
    tested = [at for at, (first, _) in enumerate(values) if len(first) > 1 and not np.isnan(sum(values[at])).any()]
    p_values = dict(zip(tested, holm([_p_value(values[at][0] - values[at][1]) for at in tested]), strict=True))
    confidence = 1 - (1 - CONFIDENCE) / max(len(tested), 1)
    found = []
    for at, (first, second) in enumerate(values):
        apart = first - second
        if not len(apart) or np.isnan(apart).any():
            found.append(Difference(None, None, None, None, int((~np.isnan(apart)).sum()), None))
            continue
        mean = float(apart[0] if np.ptp(apart) == 0 else apart.mean())
        low, high = interval(apart, confidence) if at in p_values else (None, None)
        found.append(Difference(mean, low, high, p_values.get(at), len(apart), variance_saved(first, second)))
    return found


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


def _p_value(apart: FloatArray) -> float:
    """Two-sided p-value of the t test of no difference."""
    mean, deviation = float(apart.mean()), float(apart.std(ddof=1))
    if np.ptp(apart) == 0 or deviation == 0:
        # Always the same difference: no chance is left in it.
        return 1.0 if mean == 0 else 0.0
    from scipy.special import stdtr

    score = mean / (deviation / math.sqrt(len(apart)))
    return 2 * float(stdtr(len(apart) - 1, -abs(score)))
