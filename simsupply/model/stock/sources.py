"""How much the sources of goods can give at a moment, and how long it takes to arrive."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.occurrences import Timeline
from simsupply.scenario.shocks import SupplyShock
from simsupply.scenario.supply import Source, Supply
from simsupply.scenario.world import Scenario
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class Sources:
    """Sources in the order in which depots turn to them.

    Attributes
    ----------
    names : tuple of str
    has : bool array, shape (sources, goods)
    feeds : bool array, shape (sources, depots)
    daily_kg : float array, shape (sources, goods)
        Infinity: no limit.
    km : float array, shape (sources, depots)
        Infinity where it is not said.
    """

    def __init__(self, scenario: Scenario, supply: Supply, shocks: Timeline, streams: Streams) -> None:
        self.sources, self.streams, self.goods = supply.sources, streams, scenario.goods.names
        depots = scenario.places.names["depot"]
        self.names = tuple(supply.sources)
        every = list(supply.sources.values())
        self.has = np.array([[not source.goods or name in source.goods for name in self.goods] for source in every])
        self.feeds = np.array([[not source.depots or name in source.depots for name in depots] for source in every])
        self.daily_kg = np.array([[source.daily_kg.get(name, np.inf) for name in self.goods] for source in every])
        self.km = np.array([[source.distance_km.get(name, np.inf) for name in depots] for source in every])
        self.cuts = [
            (shock.sources, occurrence.start, occurrence.end, shock.capacity)
            for occurrence, shock in shocks.of(SupplyShock)
        ]

    def capacity(self, number: int, time: float) -> float:
        """Share of what a source can give that it gives at this moment; 0: it is closed."""
        source, capacity = self.sources[self.names[number]], 1.0
        for names, start, end, share in self.cuts:
            if self.names[number] in names and start <= time < end:
                capacity *= share
        return capacity if self._has_begun(source, time) else 0.0

    def _has_begun(self, source: Source, time: float) -> bool:
        takeover = source.starts_after_closure
        return takeover is None or any(
            takeover.of in names and share == 0 and start + takeover.lead_days * MINUTES_PER_DAY <= time < end
            for names, start, end, share in self.cuts
        )

    def preparation_min(self, number: int) -> float:
        """Minutes from a request until goods leave a source."""
        return self.sources[self.names[number]].preparation_hours * 60

    def cancelled_at(self, number: int, time: float) -> float | None:
        """When a closure begins that keeps goods asked for at `time` from leaving; None: they leave."""
        leaves = time + self.preparation_min(number)
        starts = [
            start
            for names, start, _, share in self.cuts
            if self.names[number] in names and share == 0 and time < start <= leaves
        ]
        return min(starts, default=None)

    def lead_min(self, number: int, good: int, day: int, num_places: int) -> FloatArray:
        """Minutes that goods asked for on a day are on their way to each place, shape (places,)."""
        lead = self.sources[self.names[number]].lead_time
        mean = lead.mean_hours * 60
        if not lead.cv or not mean:
            return np.full(num_places, mean)
        purpose = f"supply/lead/{self.names[number]}/{self.goods[good]}"
        return self.streams.lognormal(purpose, day, num_places, sigma=np.sqrt(np.log1p(lead.cv**2)), mean=mean)
