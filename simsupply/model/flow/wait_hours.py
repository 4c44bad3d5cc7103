"""When places are closed and nobody is planned to be on duty: what waits before a step are told apart by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.occurrences import Timeline, struck
from simsupply.model.kernels.waits import TICKS, Periods
from simsupply.model.staff.planned_hours import Spells, hours_without_duty
from simsupply.model.staff.rosters import Rosters
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.shocks import PlaceShock
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class WaitHours:
    """What waits before a step are measured against, all times in minutes.

    Attributes
    ----------
    horizon, target : float
        Up to when waits count, and what is the target's time after an order was placed.
    closed : dict of kind of place to list of Spells
        By place: when it is closed whole for a shock. Who waits then waits for room.
    off : list of Spells
        By place of the crew or the vehicles: when nobody is planned to be on duty; of a stage, while it is not closed.
    """

    horizon: float
    target: float
    closed: dict[PlaceKind, list[Spells]] = field(default_factory=dict)
    off: list[Spells] = field(default_factory=list)


def hours_of_stages(stages: Mapping[str, Stage], scenario: Scenario, rosters: Rosters) -> WaitHours:
    """Those of the stages of one crew."""
    stage = next(iter(stages.values()))
    off = hours_without_duty(scenario, [(stage.crew, scenario.spec.staffing.crews[stage.crew])])
    closed = _closed(stage.at, scenario, rosters.shocks)
    open_but_off = [_without(spells, others) for spells, others in zip(off, closed, strict=True)]
    return WaitHours(scenario.horizon_min, scenario.target_min, {stage.at: closed}, open_but_off)


def hours_of_legs(legs: Mapping[str, Leg], scenario: Scenario, rosters: Rosters) -> WaitHours:
    """Those of the legs of the same fleets; people are those of the vehicles' bases."""
    fleets = next(iter(legs.values())).fleets
    off = hours_without_duty(scenario, [(name, scenario.spec.fleet[name]) for name in fleets])
    kinds = {kind for leg in legs.values() for kind in (leg.origin, leg.to)}
    closed = {kind: _closed(kind, scenario, rosters.shocks) for kind in sorted(kinds)}
    return WaitHours(scenario.horizon_min, scenario.target_min, closed, off)


def _closed(at: PlaceKind, scenario: Scenario, shocks: Timeline) -> list[Spells]:
    closed: list[list[tuple[float, float]]] = [[] for _ in range(scenario.places.count(at))]
    for occurrence, shock in shocks.of(PlaceShock):
        if shock.at == at and shock.capacity == 0:
            for place in struck(occurrence, shock, scenario).tolist():
                closed[place].append((occurrence.start, min(occurrence.end, scenario.end_min)))
    return [_joined(spells) for spells in closed]


def _joined(spells: Iterable[tuple[float, float]]) -> Spells:
    found: list[tuple[float, float]] = []
    for start, end in sorted(spells):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        elif start < end:
            found.append((start, end))
    return tuple(found)


def _without(spells: Spells, others: Spells) -> Spells:
    """What of the spells lies outside the others."""
    if not others:
        return spells
    left = list(spells)
    for start, end in others:
        before = [(since, min(until, start)) for since, until in left]
        behind = [(max(since, end), until) for since, until in left]
        left = sorted(part for part in (*before, *behind) if part[0] < part[1])
    return tuple(left)


def tick(minutes: float) -> int:
    """Whole ticks of a time, to the nearest."""
    return int(minutes * TICKS + 0.5)


def periods(spells: Sequence[Spells]) -> Periods:
    """What kernels are told of spells by place; equal ones are one calendar."""
    numbers: dict[Spells, int] = {}
    calendar = np.array([numbers.setdefault(of_place, len(numbers)) for of_place in spells], dtype=np.int64)
    start = [[tick(since) for since, _ in of_place] for of_place in numbers]
    end = [[tick(until) for _, until in of_place] for of_place in numbers]
    before = [
        np.cumsum([0, *(b - a for a, b in zip(first, last, strict=True))])[:-1]
        for first, last in zip(start, end, strict=True)
    ]
    ptr = np.concatenate([[0], np.cumsum([len(row) for row in start])]).astype(np.int64)

    def flat(rows: Iterable[Iterable[int]]) -> IntArray:
        return np.array([value for row in rows for value in row], dtype=np.int64)

    return Periods(calendar, ptr, flat(start), flat(end), flat(before))
