"""What a number of values can exclude: nothing is certain because it has not been seen yet.

Values that are all the same have no variance, and a t interval of them no width. That proves nothing of a share: each
replication may be all or nothing, and an outcome of probability 5 % is missing from ten replications in 60 % of all
cases. Two numbers say what has been learnt:

- how large a share of replications may be unlike all that were seen (`unseen_share`);
- how many values must be unlike the most common one before they tell how far values spread (``LEAST_APART``). A
  variance estimated from so many rare values has a relative error of ``1 / sqrt(5)``, as one from ten normal values.

References
----------
Clopper, C. J., Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the
    binomial. Biometrika 26:404-413. doi:10.1093/biomet/26.4.404
Hanley, J. A., Lippman-Hand, A. (1983). If nothing goes wrong, is everything all right? J. Amer. Med. Assoc.
    249:1743-1745 (the rule of three, 3 / n). doi:10.1001/jama.1983.03330370053031
Wilks, S. S. (1941). Determination of sample sizes for setting tolerance limits. Ann. Math. Statist. 12:91-96 (59 values
    exclude, with 95 %, that one in twenty is beyond them). doi:10.1214/aoms/1177731788
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
LEAST_APART = 5
LEAST_EQUAL = 59
"""Equal values after which replicating may stop where nothing bounds what has not been seen (Wilks: 0.95^59 < 5 %)."""
_ROUNDING = 1e-12


def unseen_share(num: Any, confidence: float) -> Any:
    """Largest share of replications that may be unlike all of `num` that were seen; a number or an array.

    ``1 - ((1 - confidence) / 2)^(1 / num)``: the upper Clopper-Pearson limit of none in `num`, so that with half of the
    error an outcome of this probability would have been seen.

    >>> round(unseen_share(10, 0.95), 3), round(unseen_share(100, 0.95), 3)
    (0.308, 0.036)
    """
    return 1 - ((1 - confidence) / 2) ** (1 / num)


def is_same(values: FloatArray) -> bool:
    """Whether all values are the same, but for rounding."""
    return bool(np.ptp(values) <= _ROUNDING * max(1.0, float(np.abs(values).max())))


def has_repeats(values: FloatArray) -> bool:
    """Whether some value was seen more than once."""
    return number_apart(values) < len(values)


def number_apart(values: FloatArray) -> int:
    """How many values are unlike the most common one; all of them, if none was seen twice.

    >>> number_apart(np.array([1.0, 1.0, 0.4, 1.0])), number_apart(np.array([0.1, 0.2])), number_apart(np.ones(3))
    (1, 2, 0)
    """
    scale = float(np.abs(values).max()) or 1.0
    _, counts = np.unique(np.round(values / scale, 12), return_counts=True)
    return len(values) - (int(counts.max()) if counts.max() > 1 else 0)


def is_spread_known(values: FloatArray, zone: float, probability: float, span: float | None) -> bool:
    """Whether values tell enough of their spread to decide on differences of `zone`.

    They do if none repeats, or at least ``LEAST_APART`` are unlike the most common one, or if those that are so rare
    can move the mean by no more than the zone: the upper Clopper-Pearson limit of their share, times `span`.

    Parameters
    ----------
    values : array, shape (replications,)
    zone : float
        > 0.
    probability : float
        With which more is to be excluded, 0..1.
    span : float, optional
        How far one value may be from another; None: nothing says so, and ``LEAST_EQUAL`` values are enough.
    """
    num, apart = len(values), number_apart(values)
    if apart == num or apart >= LEAST_APART:
        return True
    if span is None:
        return num >= LEAST_EQUAL
    from scipy.special import betaincinv

    return float(betaincinv(apart + 1, num - apart, probability)) * span <= zone
