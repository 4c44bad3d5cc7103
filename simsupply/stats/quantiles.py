"""The one definition of a quantile: the value at or below which a share of the values lies, always an observed one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def rank_of(share: float, num: int) -> int:
    """Rank, from 1, of a quantile among `num` values: ``ceil(share * num)``.

    A share that is a multiple of 1 / num is one, whatever the rounding of the product.

    >>> rank_of(0.95, 100), rank_of(0.5, 3), rank_of(0.5, 4), rank_of(0.07, 100)
    (95, 2, 2, 7)
    """
    return max(int(np.ceil(share * num - 1e-9)), 1)


def quantile_in_order(ordered: FloatArray, share: float) -> float:
    """Quantile of values in order, the least first: of `num`, the ``ceil(share * num)``-th.

    The inverse of the empirical distribution function, definition 1 of Hyndman, R. J., Fan, Y. (1996). Sample
    quantiles in statistical packages. Amer. Statist. 50:361-365. Nothing is interpolated, so an infinite value (who
    is never served) never mixes with a finite one.

    Parameters
    ----------
    ordered : float array, shape (n,), n >= 1
    share : float
        0 < share <= 1.

    >>> quantile_in_order(np.array([1.0, 2.0, np.inf]), 0.5)
    2.0
    """
    return float(ordered[rank_of(share, len(ordered)) - 1])


def quantile(values: FloatArray, share: float) -> float:
    """Quantile of values in any order; see `quantile_in_order`.

    >>> quantile(np.array([3.0, 1.0, 2.0, 4.0]), 0.5)
    2.0
    """
    rank = rank_of(share, len(values)) - 1
    return float(np.partition(values, rank)[rank])
