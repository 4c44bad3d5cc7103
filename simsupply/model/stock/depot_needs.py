"""What the households fed from each depot use up, and for how long stock lasts them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]


class DepotNeeds:
    """Days of cover in kg, and kg in days of cover, on days that may differ.

    Attributes
    ----------
    usual : float array, shape (depots, goods)
        kg a day as usual, times the scenario's `peak_factor`.
    """

    def __init__(self, scenario: Scenario, peak_factor: float) -> None:
        self.goods = scenario.goods
        self.usual = daily_need(scenario) * peak_factor

    def over(self, time: float, days: float | FloatArray) -> FloatArray:
        """What is used up in so many days (of all goods, or by goods) from a minute on, kg, shape (depots, goods)."""
        if self.goods.is_alike:
            return self.usual * days
        end = time + np.broadcast_to(days, len(self.goods)) * MINUTES_PER_DAY
        used = [self.goods.used(column, time, end[column]) for column in range(len(self.goods))]
        need: FloatArray = self.usual / self.goods.kg_per_day * np.array(used)
        return need

    def cover_kg(self, days: float) -> FloatArray:
        """What all depots together use up in so many days from time 0 on, kg, shape (goods,)."""
        whole: FloatArray = self.usual.sum(axis=0)
        return whole * days if self.goods.is_alike else self.over(0.0, days).sum(axis=0)

    def cover(self, time: float, kg: FloatArray) -> FloatArray:
        """For how many days from a minute on so many kg last all depots, shape (goods,); NaN: nobody needs them."""
        whole = self.usual.sum(axis=0)
        days: FloatArray = np.divide(kg, whole, out=np.full(len(whole), np.nan), where=whole > 0)
        if self.goods.is_alike:
            return days
        for column in np.flatnonzero(whole > 0).tolist():
            # Usual days times the usual need of one consumer are the kg that there are for each.
            ends = self.goods.used_up_at(column, time, days[column] * self.goods.kg_per_day[column])
            days[column] = (ends - time) / MINUTES_PER_DAY
        return days


def daily_need(scenario: Scenario) -> FloatArray:
    """What the households fed from each depot usually use up, kg a day, shape (depots, goods)."""
    places = scenario.places
    depot = places.serving["depot"][scenario.households.drop_point]
    num = places.count("depot")
    columns = [
        np.bincount(depot, weights=scenario.need_kg_per_day(column), minlength=num)
        for column in range(len(scenario.goods))
    ]
    return np.column_stack(columns)
