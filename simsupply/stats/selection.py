"""Selecting the best of several alternatives with a stated probability, and spending few replications on it.

Both procedures are pure functions of values that `draw` brings, so they do not know what is simulated or
where. Larger is better here; who wants less turns the sign.

Of the maintained libraries sim-tools has both procedures, but looks up the variance of a difference in KN at the
wrong place once alternatives are not in order; so they are written here, and checked in ``docs/validation.md``.

Both reckon with variances of a first stage. Values that are all or nothing, or nearly all the same, have none, or far
too small a one, after ten replications. So where values repeat

- the first stage goes on until the values of every alternative, and the differences of every two, tell how far they
  spread (`simsupply.stats.unseen.is_spread_known`): until five are unlike the most common one, or what has not been
  seen can no longer make a difference of the zone;
- half of the error is kept for what has not been seen, so that shares that are always the same need
  ``log((1 - probability) / 2) / log(1 - zone)`` replications, 183 for 2 percentage points at 95 %;
- variances are those of the values with two more of the least and two more of the greatest, as Agresti and Coull [3]_
  do for shares: who has seen few of the rare values has too small a variance and too good a mean at once.

Values that do not repeat are treated as in the papers.

References
----------
.. [1] Kim, S.-H., Nelson, B. L. (2001). A fully sequential procedure for indifference-zone selection in simulation.
   ACM Trans. Model. Comput. Simul. 11:251-273. doi:10.1145/502109.502111
.. [2] Chen, C.-H., Lin, J., Yucesan, E., Chick, S. E. (2000). Simulation budget allocation for further enhancing the
   efficiency of ordinal optimization. Discrete Event Dyn. Syst. 10:251-270. doi:10.1023/A:1008349927281
.. [3] Agresti, A., Coull, B. A. (1998). Approximate is better than "exact" for interval estimation of binomial
   proportions. Amer. Statist. 52:119-126.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from simsupply.stats.intervals import UNBOUNDED, Bounds, FloatArray
from simsupply.stats.paired import differences
from simsupply.stats.unseen import has_repeats, is_same, is_spread_known

Draw = Callable[[int, int], FloatArray]
"""Values of an alternative (its number) in replications 0 up to a number, the same ones whenever asked."""


@dataclass(frozen=True)
class Selection:
    """What came of a selection.

    Attributes
    ----------
    best : int
        Number of the alternative with the highest mean among those left.
    in_race : tuple of int
        Those not yet ruled out when it ended, the best among them.
    is_decided : bool
        Whether the best is selected with the probability asked for.
    probability : float
        With `method` ``kn`` the one guaranteed, if it is decided; with ``ocba`` the one estimated.
    replications : tuple of int
        Used of each alternative.
    """

    method: Literal["kn", "ocba"]
    best: int
    in_race: tuple[int, ...]
    is_decided: bool
    probability: float
    replications: tuple[int, ...]


def select_best(
    draw: Draw,
    num: int,
    *,
    method: Literal["kn", "ocba"],
    zone: float,
    probability: float,
    first: int,
    most: int,
    span: float | None = None,
) -> Selection:
    """Select the best of `num` alternatives, each replicated `first` times to begin with.

    Parameters
    ----------
    zone : float
        The smallest difference worth finding, > 0.
    probability : float
        Of selecting the best if it is better than all others by `zone`, 0.5..1.
    most : int
        Replications of all together, at most.
    span : float, optional
        How far one value may be from another: 1 of a share. Without it values may be anything.
    """
    if num == 1:
        return Selection(method, 0, (0,), True, 1.0, (len(draw(0, first)),))
    procedure = kn if method == "kn" else ocba
    return procedure(draw, num, zone=zone, probability=probability, first=first, most=most, span=span)


@dataclass(frozen=True)
class _FirstStage:
    """Replications of each, whether they tell how far values spread, and whether some values repeat."""

    num: int
    is_known: bool
    has_repeats: bool


def _first_stage(
    draw: Draw, num: int, *, zone: float, probability: float, first: int, most: int, span: float | None
) -> _FirstStage:
    """Replications of each until all tell how far they spread, and whether they do within `most` of all together."""
    kept = _kept(probability)
    while True:
        values = [draw(alternative, first) for alternative in range(num)]
        seen = [*values, *(values[i] - values[j] for i in range(num) for j in range(i))]
        if all(is_spread_known(part, zone, kept, span) for part in seen):
            return _FirstStage(first, True, any(has_repeats(part) for part in seen))
        if (first + 1) * num > most:
            return _FirstStage(first, False, True)
        first = min(first + max(1, first // 10), most // num)


def _kept(probability: float) -> float:
    """The probability asked for with half of its error kept."""
    return (1 + probability) / 2


def _variance(values: FloatArray) -> float:
    """Variance of values or differences; of such that repeat, with the least and the greatest of them twice more."""
    # Equal values have no variance, whatever the rounding.
    if is_same(values):
        return 0.0
    more = [values.min(), values.max()] * 2 if has_repeats(values) else []
    return float(np.append(values, more).var(ddof=1))


def kn(
    draw: Draw, num: int, *, zone: float, probability: float, first: int, most: int, span: float | None = None
) -> Selection:
    """Procedure KN of Kim and Nelson (2001), with c = 1: one replication more of each that is left, until one is.

    For normal values with a common unknown covariance over alternatives, so under common random numbers
    too (section 3 of the paper): the best is selected with at least `probability` if it is better than the
    second best by at least `zone`. Means over many households are close to normal.

    Parameters
    ----------
    first : int
        Replications of each before anything is ruled out, >= 2; 10 or more make it efficient.
    most : int
        Replications of all together, at most; if they do not suffice it ends undecided.
    span : float, optional
        See `select_best`.
    """
    begun = _first_stage(draw, num, zone=zone, probability=probability, first=first, most=most, span=span)
    first = begun.num
    share = (1 - (_kept(probability) if begun.has_repeats else probability)) / (num - 1)
    eta = ((2 * share) ** (-2 / (first - 1)) - 1) / 2
    h_squared = 2 * eta * (first - 1)
    values = np.array([draw(alternative, first) for alternative in range(num)])
    variance = np.array([[_variance(values[i] - values[j]) for j in range(num)] for i in range(num)])
    used, total, num_rounds = np.full(num, first), first * num, first
    sums, alive = values.sum(axis=1), list(range(num))
    if not begun.is_known:
        return Selection("kn", int(np.argmax(sums)), tuple(alive), False, probability, tuple(map(int, used)))
    end = math.floor(h_squared * variance.max() / zone**2)
    while True:
        means = sums / num_rounds
        if num_rounds > end:
            # Differences that are left are inside the zone, or of no variance at all.
            best = max(alive, key=lambda alternative: means[alternative])
            return Selection("kn", best, (best,), True, probability, tuple(map(int, used)))
        reach = np.maximum(0.0, zone / (2 * num_rounds) * (h_squared * variance / zone**2 - num_rounds))
        alive = [i for i in alive if all(means[i] >= means[j] - reach[i, j] for j in alive if j != i)]
        best = max(alive, key=lambda alternative: means[alternative])
        if len(alive) == 1:
            return Selection("kn", best, (best,), True, probability, tuple(map(int, used)))
        if total + len(alive) > most:
            return Selection("kn", best, tuple(alive), False, probability, tuple(map(int, used)))
        num_rounds += 1
        for alternative in alive:
            sums[alternative] += draw(alternative, num_rounds)[num_rounds - 1]
        used[alive] += 1
        total += len(alive)


def ocba(
    draw: Draw, num: int, *, zone: float, probability: float, first: int, most: int, span: float | None = None
) -> Selection:
    """OCBA of Chen et al. (2000): further replications go where they tell most about which is the best.

    Ends when the probability of correct selection, estimated by the paper's Bonferroni bound on it (APCS-B),
    has reached `probability`, or the budget is used up. Differences below `zone` count as `zone`, so that
    the budget is not spent on what is not worth finding. The paper takes alternatives to be independent; under
    common random numbers with a saving the estimate is too low rather than too high.
    """
    begun = _first_stage(draw, num, zone=zone, probability=probability, first=first, most=most, span=span)
    used, unseen = np.full(num, begun.num), 1 - _kept(probability) if begun.has_repeats else 0.0
    while True:
        values = [draw(alternative, int(used[alternative])) for alternative in range(num)]
        means = np.array([alternative.mean() for alternative in values])
        variances = np.array([_variance(alternative) for alternative in values])
        best = int(np.argmax(means))
        reached = max(0.0, apcs(means, variances, used, zone) - unseen)
        room = most - int(used.sum())
        if reached >= probability or room <= 0 or not begun.is_known:
            is_decided = begun.is_known and reached >= probability
            race = (best,) if is_decided else tuple(range(num))
            return Selection("ocba", best, race, is_decided, reached, tuple(map(int, used)))
        step = min(room, max(num, int(used.sum()) // 10))
        used = used + _additional(ocba_shares(means, variances, zone), used, step)


def ocba_shares(means: FloatArray, variances: FloatArray, zone: float) -> FloatArray:
    """Shares of the budget: Chen et al. (2000), theorem 1; they add up to 1. Some variance must be above 0.

    ``N_i / N_j = (s_i / d_i)^2 / (s_j / d_j)^2`` for two that are not the best, d being the distance to the
    best, and ``N_b = s_b sqrt(sum of N_i^2 / s_i^2)``.
    """
    best = int(np.argmax(means))
    others = np.arange(len(means)) != best
    distance = np.maximum(means[best] - means, zone)
    shares = np.where(others, variances / distance**2, 0.0)
    # N_i^2 / s_i^2 = s_i^2 / d_i^4, also where s_i is 0.
    shares[best] = math.sqrt(variances[best] * float((variances / distance**4)[others].sum()))
    if shares.sum() == 0:
        # Only the best varies.
        shares[best] = 1.0
    normed: FloatArray = shares / shares.sum()
    return normed


def apcs(means: FloatArray, variances: FloatArray, used: FloatArray, zone: float) -> float:
    """Estimated probability that the best mean is the best: ``1 - sum over others of P(other is better)``, >= 0."""
    from scipy.special import ndtr

    best = int(np.argmax(means))
    distance = np.maximum(means[best] - means, zone)
    deviation = np.sqrt(variances[best] / used[best] + variances / used)
    wrong_side = ndtr(-np.divide(distance, deviation, out=np.full(len(means), np.inf), where=deviation > 0))
    return float(max(0.0, 1 - (wrong_side.sum() - wrong_side[best])))


def _additional(shares: FloatArray, used: FloatArray, step: int) -> FloatArray:
    """`step` replications more, to those that are farthest behind their share of the whole."""
    more = np.zeros(len(used), dtype=int)
    for _ in range(step):
        total = used.sum() + more.sum() + 1
        more[int(np.argmax(shares * total - used - more))] += 1
    return more


def cannot_be_told_apart(values: list[pd.Series], best: int, bounds: Bounds = UNBOUNDED) -> tuple[int, ...]:
    """Alternatives of which the interval of the difference to the best holds 0, as one family; not the best itself."""
    others = [alternative for alternative in range(len(values)) if alternative != best]
    found = differences([(values[best], values[alternative]) for alternative in others], bounds)
    return tuple(alternative for alternative, apart in zip(others, found, strict=True) if not apart.side)
