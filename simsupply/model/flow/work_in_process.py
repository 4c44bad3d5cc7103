"""Which work a shock struck: units in hand at that moment, and those begun while it lasted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.occurrences import Occurrence, Timeline, struck
from simsupply.records.replication import ShockRecord
from simsupply.scenario.shocks import PlaceShock, StaffShock
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
_ANYWHERE = np.zeros(1, dtype=np.int64)


class WorkInProcess:
    """Counts the units (orders, consignments, loads, rounds, trips) of a crew by shock and step.

    `where`: what could strike them, and at which places.
    """

    def __init__(self, steps: Iterable[Stage | Leg], where: list[tuple[Occurrence, IntArray]]) -> None:
        self.names = sorted({step.name for step in steps})
        self.where = where
        self.under_way: Counter[tuple[int, str]] = Counter()
        self.begun: Counter[tuple[int, str]] = Counter()

    def __bool__(self) -> bool:
        return bool(self.where)

    def count(self, name: str, place: IntArray, begin: FloatArray, done: FloatArray) -> None:
        """Count units of a step: where, from when to when (infinity: not before the end of the run)."""
        for number, (occurrence, places) in enumerate(self.where):
            is_hit = np.isin(place, places)
            self.under_way[number, name] += int((is_hit & (begin < occurrence.start) & (done > occurrence.start)).sum())
            self.begun[number, name] += int((is_hit & (begin >= occurrence.start) & (begin < occurrence.end)).sum())

    def records(self) -> list[ShockRecord]:
        """One for each shock and step that it could have struck."""
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


def work_at_stages(stages: Mapping[str, Stage], shocks: Timeline, scenario: Scenario) -> WorkInProcess:
    """What shocks strike of the work of a crew at stages."""
    stage = next(iter(stages.values()))
    where = []
    for occurrence in shocks.occurrences:
        if isinstance(occurrence.shock, PlaceShock) and occurrence.shock.at == stage.at:
            where.append((occurrence, struck(occurrence, occurrence.shock, scenario)))
        elif isinstance(occurrence.shock, StaffShock) and set(stage.crews) & set(occurrence.shock.crews):
            where.append((occurrence, np.arange(scenario.places.count(stage.at))))
    return WorkInProcess(stages.values(), where)


def trips_of_crew(legs: Mapping[str, Leg], crew: str, shocks: Timeline) -> WorkInProcess:
    """What shocks of a crew strike of the trips that it drives.

    Those of places and roads are told by `simsupply.model.vehicles.affected_trips`.
    """
    hits = [found for found, shock in shocks.of(StaffShock) if crew in shock.crews]
    return WorkInProcess(legs.values(), [(occurrence, _ANYWHERE) for occurrence in hits])
