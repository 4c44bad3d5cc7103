"""Which work a shock struck: units in hand at that moment, and those begun while it lasted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.occurrences import Occurrence, Timeline, struck
from simsupply.records.replication import ShockRecord
from simsupply.scenario.shocks import PlaceShock, StaffShock
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.stage import Stage

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class WorkInProcess:
    """Counts the units (orders, consignments, loads, rounds) of a crew by shock and stage."""

    def __init__(self, stages: Mapping[str, Stage], shocks: Timeline, scenario: Scenario) -> None:
        self.names = sorted({stage.name for stage in stages.values()})
        stage = next(iter(stages.values()))
        self.where: list[tuple[Occurrence, IntArray]] = []
        for occurrence in shocks.occurrences:
            if isinstance(occurrence.shock, PlaceShock) and occurrence.shock.at == stage.at:
                self.where.append((occurrence, struck(occurrence, occurrence.shock, scenario)))
            elif isinstance(occurrence.shock, StaffShock) and set(stage.crews) & set(occurrence.shock.crews):
                self.where.append((occurrence, np.arange(scenario.places.count(stage.at))))
        self.under_way: Counter[tuple[int, str]] = Counter()
        self.begun: Counter[tuple[int, str]] = Counter()

    def __bool__(self) -> bool:
        return bool(self.where)

    def count(self, name: str, place: IntArray, begin: FloatArray, done: FloatArray) -> None:
        """Count units of a stage: where, from when to when (infinity: not before the end of the run)."""
        for number, (occurrence, places) in enumerate(self.where):
            is_hit = np.isin(place, places)
            self.under_way[number, name] += int((is_hit & (begin < occurrence.start) & (done > occurrence.start)).sum())
            self.begun[number, name] += int((is_hit & (begin >= occurrence.start) & (begin < occurrence.end)).sum())

    def records(self) -> list[ShockRecord]:
        """One for each shock and stage that it could have struck."""
        return [
            ShockRecord(
                occurrence.name,
                occurrence.start,
                occurrence.end,
                name,
                self.under_way[number, name],
                self.begun[number, name],
            )
            for number, (occurrence, _) in enumerate(self.where)
            for name in self.names
        ]
