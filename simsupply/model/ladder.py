"""The ladder of reserves: when stock counts as low, and when orders are cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.scenario.supply import Ladder

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class LowStock:
    """Which goods the ladder is in use for; looked at whenever stocks are counted.

    Attributes
    ----------
    is_on : bool array, shape (goods,)
    ration : float array, shape (goods,)
        Share of its content that an order holds.
    """

    def __init__(self, ladder: Ladder | None, num_goods: int) -> None:
        self.ladder = ladder
        self.is_on = np.zeros(num_goods, dtype=bool)
        self.ration = np.ones(num_goods)
        self._reviews = np.zeros(num_goods, dtype=np.int64)

    def look(self, cover_days: FloatArray) -> None:
        """Take note of a count of stocks, in days of cover by goods (NaN: nobody needs them)."""
        if self.ladder is None:
            return
        low, high = cover_days < self.ladder.below_days, cover_days > self.ladder.above_days
        self._reviews = np.where(np.where(self.is_on, high, low), self._reviews + 1, 0)
        needed = np.where(self.is_on, self.ladder.above_reviews, self.ladder.below_reviews)
        turns = self._reviews >= needed
        self.is_on ^= turns
        self._reviews[turns] = 0

    def cut(self, is_exhausted: BoolArray) -> None:
        """Settle for which goods orders are cut, given those of which no reserve has anything left."""
        if self.ladder is not None and self.ladder.ration_to is not None:
            self.ration = np.where(self.is_on & is_exhausted, self.ladder.ration_to, 1.0)
