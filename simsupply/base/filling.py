"""Exact filling: what fits into what, where rounding must neither take room away nor ask for more.

Ten parcels of 4.2 kg are a load of 42 kg, though their sum in floating point is a little more, and ``42.0 // 4.2``
a parcel less. Wherever amounts are summed up to a limit or divided by a size, these functions decide; they allow
for `SLACK` of the limit, far more than rounding ever adds up to and far less than anybody weighs.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

SLACK = 1e-9
_MOST = 2**62


def fits(amount: Any, limit: Any) -> Any:
    """Whether an amount fits a limit: numbers, or arrays element by element.

    `simsupply.model.kernels.arrays` has it compiled for kernels.

    >>> fits(sum([4.2] * 10), 42.0), fits(42.01, 42.0)
    (True, False)
    """
    return amount <= limit * (1.0 + SLACK)


def how_many(amount: float, size: float) -> int:
    """How many of a size there are in an amount, whole ones only.

    >>> how_many(42.0, 4.2), how_many(41.9, 4.2)
    (10, 9)
    """
    return math.floor(min(amount / size * (1 + SLACK), _MOST))


def rounded_down(number: ArrayLike) -> NDArray[np.int64]:
    """Whole numbers in quotients of at least 0.

    >>> rounded_down(np.array([275 / 1.1, 249.9])).tolist()
    [250, 249]
    """
    whole: NDArray[np.int64] = np.floor(np.asarray(number) * (1 + SLACK)).astype(np.int64)
    return whole


def rounded_up(number: ArrayLike) -> NDArray[np.int64]:
    """Whole numbers that hold quotients of at least 0.

    >>> rounded_up(np.array([21 / 1.4, 15.1])).tolist()
    [15, 16]
    """
    whole: NDArray[np.int64] = np.ceil(np.asarray(number) * (1 - SLACK)).astype(np.int64)
    return whole
