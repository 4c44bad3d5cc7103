"""Shelves of shops: who comes in turn finds what those before left since the shelves were last filled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.flow.contents import Contents
from simsupply.model.flow.waves import Orders
from simsupply.scenario.world import Scenario
from simsupply.strategy.release import Shelf

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
# Less than this share of what somebody came for is nothing.
NOTHING = 1e-6


class Shelves:
    """The shelves of one channel's shops, those of a drop point together.

    Attributes
    ----------
    full_kg : float array, shape (drop points, goods)
        What is on them when they have been filled.
    restocked_at : float array, shape (restockings,)
        Minutes of the day at which they are filled while the shop is open.
    """

    def __init__(self, scenario: Scenario, shelf: Shelf) -> None:
        self.drop_point = scenario.households.drop_point
        num = scenario.places.count("drop_point")
        self.full_kg = shelf.days * np.column_stack(
            [
                np.bincount(self.drop_point, weights=scenario.need_kg_per_day(column), minlength=num)
                for column in range(len(scenario.goods))
            ]
        )
        self.restocked_at = np.array(shelf.restocked_at, dtype=float)

    def take(self, orders: Orders, contents: Contents) -> tuple[Orders, BoolArray]:
        """What each finds of what it came for, and who finds anything, shape (orders,)."""
        assert orders.placed is not None
        wanted = contents.by_goods(orders.content, orders.kg, orders.household)
        if orders.goods_kg is not None:
            wanted = np.where(np.isnan(orders.goods_kg), wanted, orders.goods_kg)
        shop = self.drop_point[orders.household].astype(np.int64)
        since = np.searchsorted(self.restocked_at, orders.placed % MINUTES_PER_DAY, side="right")
        turn = np.lexsort((orders.household, orders.placed, since, shop))
        # What is wanted since the last filling, before oneself: those before took it, or all there was.
        so_far = np.cumsum(wanted[turn], axis=0) - wanted[turn]
        line = shop[turn] * (len(self.restocked_at) + 1) + since[turn]
        first = np.flatnonzero(np.diff(line, prepend=-1))
        at_start = np.repeat(so_far[first], np.diff(first, append=len(line)), axis=0)
        holds = np.empty_like(wanted)
        holds[turn] = np.clip(self.full_kg[shop[turn]] - (so_far - at_start), 0.0, wanted[turn])
        is_cut: BoolArray = np.any(holds < wanted, axis=1)
        whole = wanted.sum(axis=1)
        if not is_cut.any():
            return orders, np.ones(len(orders), dtype=bool)
        kg = np.where(is_cut, holds.sum(axis=1), orders.kg)
        before = np.full_like(wanted, np.nan) if orders.goods_kg is None else orders.goods_kg
        goods_kg = np.where(is_cut[:, None], holds, before)
        return replace(orders, kg=kg, goods_kg=goods_kg), (kg > NOTHING * whole) | (whole == 0)
