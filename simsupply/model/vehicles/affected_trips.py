"""Which trips a shock struck: those under way at that moment, and those begun while it lasted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.occurrences import Occurrence, Timeline, struck
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.trips import Trips
from simsupply.records.replication import ShockRecord
from simsupply.scenario.areas import area_numbers
from simsupply.scenario.shocks import FleetShock, PlaceShock, RoadShock
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.leg import Leg

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class AffectedTrips:
    """Counts trips by shock and leg."""

    def __init__(self, legs: Mapping[str, Leg], vehicles: Vehicles, shocks: Timeline, scenario: Scenario) -> None:
        self.legs, self.vehicles, self.scenario = dict(legs), vehicles, scenario
        self.occurrences = [occurrence for occurrence in shocks.occurrences if self._may_strike(occurrence)]
        self.under_way: Counter[tuple[int, str]] = Counter()
        self.begun: Counter[tuple[int, str]] = Counter()

    def _may_strike(self, occurrence: Occurrence) -> bool:
        shock = occurrence.shock
        if isinstance(shock, PlaceShock):
            return any(shock.at in (leg.origin, leg.to) for leg in self.legs.values())
        if isinstance(shock, RoadShock):
            return not shock.legs or any(leg.name in shock.legs for leg in self.legs.values())
        return isinstance(shock, FleetShock) and bool(set(shock.fleets) & set(self.vehicles.names))

    def count(
        self, channel: str, trips: Trips, which: IntArray, servers: IntArray, begin: FloatArray, back_at: FloatArray
    ) -> None:
        """Count trips (loads `which`) of a channel: by which vehicle, from when to when."""
        leg = self.legs[channel]
        for number, occurrence in enumerate(self.occurrences):
            is_hit = self._hits(occurrence, leg, trips, which, servers)
            self.under_way[number, leg.name] += int(
                (is_hit & (begin < occurrence.start) & (back_at > occurrence.start)).sum()
            )
            self.begun[number, leg.name] += int((is_hit & (begin >= occurrence.start) & (begin < occurrence.end)).sum())

    def _hits(
        self, occurrence: Occurrence, leg: Leg, trips: Trips, which: IntArray, servers: IntArray
    ) -> NDArray[np.bool_]:
        shock, places = occurrence.shock, self.scenario.places
        if isinstance(shock, PlaceShock):
            where = struck(occurrence, shock, self.scenario)
            ends = [
                numbers
                for kind, numbers in ((leg.origin, trips.origin[which]), (leg.to, trips.target[which]))
                if kind == shock.at
            ]
            return np.any([np.isin(numbers, where) for numbers in ends], axis=0) if ends else np.zeros(len(which), bool)
        if isinstance(shock, RoadShock):
            if shock.legs and leg.name not in shock.legs:
                return np.zeros(len(which), dtype=bool)
            if not shock.districts:
                return np.ones(len(which), dtype=bool)
            return np.isin(trips.district[which], area_numbers(places, "districts", shock.districts))
        duty = self.vehicles.duty
        return np.array(
            [self._is_lost(duty.interval_ptr[server : server + 2], occurrence) for server in servers], dtype=bool
        )

    def _is_lost(self, rows: IntArray, occurrence: Occurrence) -> bool:
        """Whether whatever a vehicle is doing comes to a halt as the shock strikes."""
        return bool((self.vehicles.duty.halt[int(rows[0]) : int(rows[1])] == occurrence.start).any())

    def records(self) -> list[ShockRecord]:
        """One for each shock and leg that it struck, or could have struck."""
        names = sorted({leg.name for leg in self.legs.values()})
        return [
            ShockRecord(
                occurrence.name,
                occurrence.start,
                occurrence.end,
                name,
                self.under_way[number, name],
                self.begun[number, name],
            )
            for number, occurrence in enumerate(self.occurrences)
            for name in names
        ]
