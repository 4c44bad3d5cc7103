"""Goods in and out of stock, counted by day; the balance of goods is checked at the end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.records.replication import (
    RELATIVE_TOLERANCE,
    InvariantError,
    RationingPeriod,
    ReserveRelease,
    SupplyRecord,
)
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]
_FLOWS = ("asked", "rationed", "drawn", "received", "spoiled", "cancelled")
_STATES = ("on_hand", "in_transit", "reserve", "ration")


class StockBook:
    """kg by day and goods, up to the horizon.

    Attributes
    ----------
    rotated_kg : float
        Sent from reserves before it would have spoiled.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.num_days, num_goods = scenario.settings.horizon_days, len(scenario.goods)
        self.on_day: dict[str, FloatArray] = {
            f"{name}{'' if name == 'ration' else '_kg'}": np.zeros((self.num_days, num_goods))
            for name in (*_FLOWS, *_STATES)
        }
        self.bought_kg = np.zeros(num_goods)
        self.rotated_kg = 0.0
        self.releases: list[ReserveRelease] = []

    def note(self, what: str, time: float, kg: FloatArray) -> None:
        """Count goods, shape (goods,), on the day of a minute."""
        self.on_day[f"{what}_kg"][int(time // MINUTES_PER_DAY)] += kg

    def note_one(self, what: str, time: float, good: int, kg: float) -> None:
        """Count one of the goods on the day of a minute."""
        self.on_day[f"{what}_kg"][int(time // MINUTES_PER_DAY), good] += kg

    def bought(self, good: int, kg: float) -> None:
        """Count goods asked of a source; less than nothing: cancelled."""
        self.bought_kg[good] += kg

    def released(self, reserve: str, goods: str, asked_min: float, arrived_min: float, kg: float) -> None:
        """Note a release from a reserve."""
        self.releases.append(ReserveRelease(reserve, goods, asked_min, arrived_min, kg))

    def end_day(
        self, day: int, on_hand: FloatArray, in_transit: FloatArray, reserve: FloatArray, ration: FloatArray
    ) -> None:
        """Note what there is at the midnight that ends a day, each of shape (goods,)."""
        self.on_day["on_hand_kg"][day] = on_hand
        self.on_day["in_transit_kg"][day] = in_transit
        self.on_day["reserve_kg"][day] = reserve
        self.on_day["ration"][day] = ration

    def record(
        self,
        goods: tuple[str, ...],
        cover: Callable[[float, FloatArray], FloatArray],
        initial_kg: FloatArray,
        held_kg: FloatArray,
        rationing: tuple[RationingPeriod, ...],
    ) -> SupplyRecord:
        """Close the book, given what was there at the start and what is there now, in stock and on its way.

        `cover`: for how many days from a minute on kg of the goods last, shape (goods,).

        Raises
        ------
        InvariantError
            If goods were lost or made.
        """
        came = initial_kg + self.bought_kg
        went = self.on_day["drawn_kg"].sum(axis=0) + self.on_day["spoiled_kg"].sum(axis=0)
        for name, into, out, held in zip(goods, came.tolist(), went.tolist(), held_kg.tolist(), strict=True):
            if abs(into - out - held) > RELATIVE_TOLERANCE * max(1.0, into):
                raise InvariantError(f"stock of {name}: {into:g} kg came, {out:g} kg went, {held:g} kg are there")
        on_hand = self.on_day["on_hand_kg"]
        cover_days = [cover((day + 1) * MINUTES_PER_DAY, on_hand[day]) for day in range(self.num_days)]
        return SupplyRecord(
            goods=goods,
            cover_days=np.array(cover_days),
            bought_kg=float(self.bought_kg.sum()),
            rotated_kg=self.rotated_kg,
            releases=tuple(self.releases),
            rationing=rationing,
            **self.on_day,
        )
