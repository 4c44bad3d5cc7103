"""Demand ``cycle``: everybody, whenever a list is closed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.orders.demand.demand_model import Callers, DemandModel
from simsupply.scenario.world_spec import CycleDemand

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class CycleDemandModel(DemandModel[CycleDemand]):
    """Lists are agreed on beforehand, for every cycle of the demand."""

    is_limited = False

    @property
    def list_time(self) -> float:
        """As the demand says."""
        return self.demand.release_time

    def is_list_day(self, day: int, since: int) -> bool:
        """Cycles count from day 0, whenever a channel comes into use."""
        return day % self.demand.cycle_days == 0

    def callers(self, day: int, who: BoolArray | None, is_busy: BoolArray) -> Callers:
        """All."""
        households = np.arange(self.num) if who is None else np.flatnonzero(who)
        return Callers(households)
