"""Demand ``poisson``: orders that come one by one at random times, each from some household."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.orders.demand.demand_model import Callers, DemandModel
from simsupply.scenario.world_spec import PoissonDemand

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class PoissonDemandModel(DemandModel[PoissonDemand]):
    """No list is ever closed; see `simsupply.model.orders.release.single_orders_intake`."""

    is_limited = False

    @property
    def list_time(self) -> float:
        """Orders come from midnight on."""
        return 0.0

    def callers(self, day: int, who: BoolArray | None, is_busy: BoolArray) -> Callers:
        """Nobody: there is no list."""
        return Callers(np.zeros(0, dtype=np.int64))
