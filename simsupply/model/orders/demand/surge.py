"""Demand ``surge``: many attempts of everybody who is not waiting for an order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.orders.demand.demand_model import Callers, DemandModel, surge_note
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import SurgeDemand
from simsupply.streams.keyed import Streams

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class SurgeDemandModel(DemandModel[SurgeDemand]):
    """A household tries on average ``normal_orders_per_household_day * multiplier`` times a day.

    It is accepted at most once. Who is turned away tries again the next day, since nothing has come.
    """

    def __init__(self, scenario: Scenario, demand: SurgeDemand, streams: Streams) -> None:
        super().__init__(scenario, demand, streams)
        self.multiplier = scenario.by_day(demand.multiplier, demand.by_day, "multiplier").tolist()

    @property
    def list_time(self) -> float:
        """As the demand says."""
        return self.demand.release_time

    def callers(self, day: int, who: BoolArray | None, is_busy: BoolArray) -> Callers:
        """Those without an open order that try at least once today."""
        rate = self.demand.normal_orders_per_household_day * self.multiplier[day] * self.level
        sure, chance = int(rate), rate - int(rate)
        extra = self.streams.bernoulli("demand/attempt", day, self.num, probability=chance)
        attempts = np.where(is_busy, 0, sure + extra.astype(np.int64))
        if who is not None:
            attempts[~who] = 0
        callers = np.flatnonzero(attempts)
        return Callers(callers, attempts[callers])

    def notes(self) -> tuple[str, ...]:
        """The surge is assumed."""
        return (surge_note(self.multiplier),)
