"""The ladder of reserves: when stock counts as low, and when orders are cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import fits
from simsupply.records.replication import RationingPeriod
from simsupply.scenario.supply import Ladder, Rationing

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class _Band:
    """Goods that are on after so many counts below a threshold, until so many above a higher one."""

    def __init__(self, rule: Ladder | Rationing, num_goods: int) -> None:
        self.rule = rule
        self.is_on = np.zeros(num_goods, dtype=bool)
        self._reviews = np.zeros(num_goods, dtype=np.int64)

    def look(self, cover_days: FloatArray, may_be_on: BoolArray | bool = True) -> None:
        is_low = (cover_days < self.rule.below_days) & ~fits(self.rule.below_days, cover_days)
        low, high = is_low & may_be_on, ~fits(cover_days, self.rule.above_days) & ~np.isnan(cover_days)
        self._reviews = np.where(np.where(self.is_on, high, low), self._reviews + 1, 0)
        needed = np.where(self.is_on, self.rule.above_reviews, self.rule.below_reviews)
        turns = self._reviews >= needed
        self.is_on ^= turns
        self._reviews[turns] = 0

    def leave(self, who: BoolArray) -> None:
        self.is_on &= ~who
        self._reviews[who] = 0


class LowStock:
    """Which goods the ladder is in use for, and for which orders are cut; looked at whenever stocks are counted.

    Attributes
    ----------
    is_on : bool array, shape (goods,)
    """

    def __init__(self, ladder: Ladder | None, goods: tuple[str, ...]) -> None:
        self.goods = goods
        self.is_on = np.zeros(len(goods), dtype=bool)
        self._in_use = _Band(ladder, len(goods)) if ladder else None
        self._cut = _Band(ladder.rationing, len(goods)) if ladder and ladder.rationing else None
        self._last_release = np.full(len(goods), -np.inf)
        self._decided = np.full(len(goods), np.inf)
        self._from = np.full(len(goods), np.inf)
        self._periods: list[RationingPeriod] = []

    def look(self, cover_days: FloatArray) -> None:
        """Take note of a count of stocks, in days of cover by goods (NaN: nobody needs them)."""
        if self._in_use:
            self._in_use.look(cover_days)
            self.is_on = self._in_use.is_on

    def released(self, good: int, arrival: float) -> None:
        """Take note of goods on their way from a reserve; orders are not cut before they have come."""
        self._last_release[good] = max(self._last_release[good], arrival)

    def cut(self, time: float, cover_days: FloatArray, is_exhausted: BoolArray) -> None:
        """Settle for which goods orders are cut, given those of which no reserve has anything left."""
        if self._cut is None:
            return
        rule, was_on = self._cut.rule, self._cut.is_on.copy()
        assert isinstance(rule, Rationing)
        self._cut.look(cover_days, is_exhausted & (self._last_release <= time) & self.is_on)
        self._cut.leave(~self.is_on)
        for good in np.flatnonzero(was_on & ~self._cut.is_on).tolist():
            self._note(good, time)
            self._from[good] = self._decided[good] = np.inf
        begins = self._cut.is_on & ~was_on
        self._decided[begins], self._from[begins] = time, time + rule.delay_hours * 60

    def ration(self, time: float) -> FloatArray:
        """Share of its content that an order of this minute holds, shape (goods,)."""
        if self._cut is None:
            return np.ones(len(self.goods))
        assert isinstance(self._cut.rule, Rationing)
        return np.where(self._from <= time, self._cut.rule.to, 1.0)

    def rationing(self, end: float) -> tuple[RationingPeriod, ...]:
        """When orders were cut, up to `end`, by goods; what was decided and never came into force is left out."""
        for good in np.flatnonzero(self._from < end).tolist():
            self._note(good, np.inf)
        return tuple(sorted(self._periods, key=lambda period: period.decided_min))

    def _note(self, good: int, until: float) -> None:
        begin = float(self._from[good])
        if begin < until:
            self._periods.append(RationingPeriod(self.goods[good], float(self._decided[good]), begin, until))
