"""When places are closed and nobody is planned to be on duty: what waits before a step are told apart by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.occurrences import Timeline, struck
from simsupply.model.kernels.waits import Spans
from simsupply.model.staff.planned_hours import Spells, hours_without_duty
from simsupply.model.staff.rosters import Rosters
from simsupply.records.ticks import TICKS
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.shocks import PlaceShock
from simsupply.scenario.world import Scenario
from simsupply.strategy.crew_steps import drivers_of
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.steps.stage import Stage

IntArray = NDArray[np.int64]
_NEVER: Spells = np.zeros((0, 2))


@dataclass(frozen=True)
class PlaceHours:
    """Times at each of several places that matter to whoever waits there, never both at once.

    Attributes
    ----------
    closed : list of Spells
        By place: when it is closed whole for a shock. Who waits then waits for room.
    off : list of Spells
        By place: when nobody of the crew, or no vehicle, is planned to be on duty; or no dock.
    """

    closed: list[Spells]
    off: list[Spells]

    @cached_property
    def may_close(self) -> bool:
        """Whether any of the places is ever closed."""
        return any(len(of_place) for of_place in self.closed)

    @cached_property
    def spans(self) -> Spans:
        """What kernels are told of them; the same arrays are one calendar."""
        numbers: dict[tuple[int, int], int] = {}
        pairs = list(zip(self.closed, self.off, strict=True))
        calendar = [numbers.setdefault((id(closed), id(off)), len(numbers)) for closed, off in pairs]
        parts = [_cut(*pairs[calendar.index(number)]) for number in range(len(numbers))]
        ptr = np.concatenate([[0], np.cumsum([len(part[0]) for part in parts])]).astype(np.int64)
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        return Spans(np.array(calendar, dtype=np.int64), ptr, *columns)


def _cut(closed: Spells, off: Spells) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
    """Spans of time cut by spells of two kinds: start, time closed and off before it, and whether it is so in it."""
    closed_ticks, off_ticks = ticks(closed), ticks(off)
    start = np.unique(np.concatenate([[0], closed_ticks.ravel(), off_ticks.ravel()]))
    is_closed, is_off = _holds(closed_ticks, start), _holds(off_ticks, start)
    length = np.append(np.diff(start), 0)
    before_closed, before_off = (np.cumsum(holds * length) - holds * length for holds in (is_closed, is_off))
    return start, before_closed, before_off, is_closed, is_off


def _holds(spells: IntArray, moment: IntArray) -> IntArray:
    """1 where a moment lies within one of the spells."""
    latest = np.searchsorted(spells[:, 0], moment, side="right")
    end = np.concatenate([[0], spells[:, 1]])
    return ((latest > 0) & (moment < end[latest])).astype(np.int64)


@dataclass(frozen=True)
class WaitHours:
    """What waits before a step are measured against.

    Attributes
    ----------
    horizon, target : float
        Minutes: up to when waits count, and what is the target's time after an order was placed.
    duty : PlaceHours
        At the places of the crew, or the bases of the vehicles; these are never closed to whoever waits for one.
    handling : dict of kind of place to PlaceHours
        When nothing is loaded or unloaded; people do not matter there.
    drivers : PlaceHours
        At the bases of vehicles that a crew drives: when nobody of it is planned to be on duty.
    """

    horizon: float
    target: float
    duty: PlaceHours = field(default_factory=lambda: PlaceHours([], []))
    handling: dict[PlaceKind, PlaceHours] = field(default_factory=dict)
    drivers: PlaceHours = field(default_factory=lambda: PlaceHours([], []))


def hours_of_stages(stages: Mapping[str, Stage], scenario: Scenario, rosters: Rosters) -> WaitHours:
    """Those of the stages of one crew; where others join it nobody begins anything without them either."""
    stage = next(iter(stages.values()))
    duty, closed = _planned("crew", (stage.crew,), scenario, rosters), _closed(stage.at, scenario, rosters.shocks)
    for name in stage.joined_by:
        off = zip(duty.off, _planned("crew", (name,), scenario, rosters).off, strict=True)
        duty = PlaceHours(duty.closed, [_joined([*without.tolist(), *others.tolist()]) for without, others in off])
    if closed.may_close:
        by_place = zip(duty.off, closed.closed, strict=True)
        duty = PlaceHours(closed.closed, [_without(spells, others) for spells, others in by_place])
    return WaitHours(scenario.horizon_min, scenario.target_min, duty)


def hours_of_legs(legs: Mapping[str, Leg], scenario: Scenario, rosters: Rosters) -> WaitHours:
    """Those of the legs of the same fleets."""
    fleets = next(iter(legs.values())).fleets
    kinds = {kind for leg in legs.values() for kind in (leg.origin, leg.to)}
    handling = {kind: _handling(kind, scenario, rosters.shocks) for kind in sorted(kinds)}
    duty = _planned("fleet", fleets, scenario, rosters)
    crews = drivers_of(next(iter(legs.values())), scenario.spec.fleet)
    drivers = _planned("crew", tuple(crews), scenario, rosters) if crews else PlaceHours([], [])
    return WaitHours(scenario.horizon_min, scenario.target_min, duty, handling, drivers)


def _planned(
    kind: Literal["crew", "fleet"], names: tuple[str, ...], scenario: Scenario, rosters: Rosters
) -> PlaceHours:
    """Hours of places that are never closed."""
    key = "planned hours", kind, names
    if key not in scenario.worked_out:
        off = hours_without_duty(scenario, [rosters.persons(kind, name) for name in names])
        scenario.worked_out[key] = PlaceHours([_NEVER] * len(off), off)
    found: PlaceHours = scenario.worked_out[key]
    return found


def _closed(at: PlaceKind, scenario: Scenario, shocks: Timeline) -> PlaceHours:
    closed: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for occurrence, shock in shocks.of(PlaceShock):
        if shock.at == at and shock.capacity == 0:
            for place in struck(occurrence, shock, scenario).tolist():
                closed[place].append((occurrence.start, min(occurrence.end, scenario.end_min)))
    key, never = ("never closed", at), [_NEVER] * scenario.places.count(at)
    if not closed:
        found: PlaceHours = scenario.worked_out.setdefault(key, PlaceHours(never, never))
        return found
    return PlaceHours([_joined(closed[place]) if place in closed else _NEVER for place in range(len(never))], never)


def _handling(at: PlaceKind, scenario: Scenario, shocks: Timeline) -> PlaceHours:
    """When places are closed, and when the plan has no dock there."""
    closed, docks = _closed(at, scenario, shocks), scenario.docks_on_days(at)
    if docks is None or (docks > 0).all():
        return closed
    none = [_days(docks[:, place] == 0, scenario.end_min) for place in range(docks.shape[1])]
    pairs = zip(none, closed.closed, strict=True)
    return PlaceHours(closed.closed, [_without(spells, others) for spells, others in pairs])


def _days(holds: NDArray[np.bool_], end_min: float) -> Spells:
    """The days on which something holds; in minutes, days in a row as one spell."""
    bounds = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(np.int64)))
    spells: Spells = np.minimum(bounds.reshape(-1, 2) * MINUTES_PER_DAY, end_min)
    return spells


def _joined(spells: Iterable[tuple[float, float]]) -> Spells:
    found: list[tuple[float, float]] = []
    for start, end in sorted(spells):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        elif start < end:
            found.append((start, end))
    return np.array(found).reshape(-1, 2)


def _without(spells: Spells, others: Spells) -> Spells:
    """What of the spells lies outside the others."""
    if not len(others):
        return spells
    left = spells.tolist()
    for start, end in others.tolist():
        before = [(since, min(until, start)) for since, until in left]
        behind = [(max(since, end), until) for since, until in left]
        left = sorted(part for part in (*before, *behind) if part[0] < part[1])
    return np.array(left).reshape(-1, 2)


def ticks(minutes: Spells) -> IntArray:
    """Whole ticks of times, to the nearest."""
    return np.floor(minutes * TICKS + 0.5).astype(np.int64)


def tick(minutes: float) -> int:
    """Whole ticks of a time, to the nearest."""
    return int(minutes * TICKS + 0.5)
