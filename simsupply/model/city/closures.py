"""How fast vehicles get on at each moment, on roads and at places that shocks close or slow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import rounded_up
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.occurrences import Timeline, struck
from simsupply.scenario.areas import area_numbers
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.shocks import PlaceShock, RoadShock
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.leg import Leg

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Spell = tuple[float, float, float]
"""From when to when (minutes), and the speed meanwhile: a share of what is normal."""

# The calendar of what nothing ever slows.
ALWAYS = 0


@dataclass(frozen=True)
class Pace:
    """Speeds over time, a share of what is normal, as calendars in compressed rows.

    Calendar c changes at ``time[ptr[c]:ptr[c + 1]]`` (ascending, the first one minus infinity) to the
    `speed` there.
    """

    ptr: IntArray
    time: FloatArray
    speed: FloatArray

    @cached_property
    def rows(self) -> list[tuple[list[float], list[float]]]:
        """The same as lists, calendar by calendar."""
        parts = zip(self.ptr[:-1].tolist(), self.ptr[1:].tolist(), strict=True)
        return [(self.time[first:end].tolist(), self.speed[first:end].tolist()) for first, end in parts]

    def at(self, calendar: int, moment: float) -> tuple[float, float]:
        """Speed at a moment, and when it changes next (infinity: never)."""
        times, speeds = self.rows[calendar]
        position = bisect_right(times, moment)
        return speeds[position - 1], times[position] if position < len(times) else np.inf

    def opens(self, calendar: int, moment: float) -> float:
        """The first moment from `moment` on at which the speed is not 0."""
        speed, change = self.at(calendar, moment)
        while speed == 0 and change < np.inf:
            moment = change
            speed, change = self.at(calendar, moment)
        return moment if speed > 0 else np.inf


@dataclass
class _Calendars:
    """Collects calendars, equal ones once."""

    numbers: dict[tuple[Spell, ...], int] = field(default_factory=lambda: {(): ALWAYS})

    def number(self, spells: Iterable[Spell]) -> int:
        return self.numbers.setdefault(tuple(sorted(spells)), len(self.numbers))

    def pace(self) -> Pace:
        rows = [_row(spells) for spells in self.numbers]
        ptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        changes = np.array([change for row in rows for change in row])
        return Pace(ptr, changes[:, 0].copy(), changes[:, 1].copy())


def _row(spells: Sequence[Spell]) -> list[tuple[float, float]]:
    """When the speed changes, and to what: the least of the spells that hold at a time."""
    row = [(-np.inf, 1.0)]
    moments = {moment for start, end, _ in spells for moment in (start, end)}
    for moment in sorted(moment for moment in moments if moment < np.inf):
        speed = min([1.0, *(speed for start, end, speed in spells if start <= moment < end)])
        if speed != row[-1][1]:
            row.append((moment, speed))
    return row


@dataclass(frozen=True)
class Closures:
    """What shocks do to the roads of some legs, to the places between which they lead, and to the docks.

    Docks that the plan has on some days only are closed to whoever would begin on others; who loads there finishes.

    Attributes
    ----------
    pace : Pace
    road : dict of str to int array, shape (districts,)
        Calendar of each leg by name.
    place : dict of kind to int array, shape (places,)
        Calendar of handling at a place: stopped while it is closed.
    dock : dict of kind to int array, shape (docks of all places,)
        Calendar of loading at each dock. At part capacity the last docks of a place are closed.
    opening : dict of kind to int array, shape (docks of all places,)
        Calendar of when loading may begin at each dock.
    """

    pace: Pace
    road: dict[str, IntArray]
    place: dict[PlaceKind, IntArray]
    dock: dict[PlaceKind, IntArray]
    opening: dict[PlaceKind, IntArray]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is ever closed or slow."""
        return len(self.pace.ptr) == 2


def closures_on(legs: Mapping[str, Leg], shocks: Timeline, scenario: Scenario) -> Closures:
    """What the shocks of a replication do to these legs (by channel), and to the places they connect."""
    kinds = {kind for leg in legs.values() for kind in (leg.origin, leg.to)}
    places, calendars = scenario.places, _Calendars()
    road: dict[str, IntArray] = {}
    place: dict[PlaceKind, IntArray] = {}
    dock: dict[PlaceKind, IntArray] = {}
    opening: dict[PlaceKind, IntArray] = {}
    for name in sorted({leg.name for leg in legs.values()}):
        spells: list[list[Spell]] = [[] for _ in places.districts]
        for occurrence, road_shock in shocks.of(RoadShock):
            if road_shock.legs and name not in road_shock.legs:
                continue
            where = range(len(spells))
            if road_shock.districts:
                where = area_numbers(places, "districts", road_shock.districts).tolist()
            for district in where:
                spells[district].append((occurrence.start, occurrence.end, road_shock.speed))
        road[name] = np.array([calendars.number(row) for row in spells], dtype=np.int64)
    for kind in sorted(kinds):
        num_docks = places.docks[kind]
        closed: list[list[Spell]] = [[] for _ in num_docks]
        shut: list[list[list[Spell]]] = [[[] for _ in range(num)] for num in num_docks.tolist()]
        for occurrence, shock in shocks.of(PlaceShock):
            if shock.at != kind:
                continue
            for number in struck(occurrence, shock, scenario).tolist():
                if shock.capacity == 0:
                    closed[number].append((occurrence.start, occurrence.end, 0.0))
                for start, end, docks in _docks_between(scenario, kind, number, occurrence.start, occurrence.end):
                    open_docks = int(rounded_up(np.array(shock.capacity * docks)))
                    for spell in shut[number][open_docks:]:
                        spell.append((start, end, 0.0))
        place[kind] = np.array([calendars.number(row) for row in closed], dtype=np.int64)
        dock[kind] = opening[kind] = np.array([calendars.number(row) for rows in shut for row in rows], dtype=np.int64)
        if scenario.docks_on_days(kind) is not None:
            for number, of_place in enumerate(shut):
                for start, end, docks in _docks_between(scenario, kind, number, 0.0, np.inf):
                    for spell in of_place[docks:]:
                        spell.append((start, end, 0.0))
            opening[kind] = np.array([calendars.number(row) for rows in shut for row in rows], dtype=np.int64)
    return Closures(calendars.pace(), road, place, dock, opening)


def _docks_between(
    scenario: Scenario, kind: PlaceKind, place: int, start: float, end: float
) -> Iterator[tuple[float, float, int]]:
    """How many docks a place has between two moments, part by part; the last day has no end."""
    on_days = scenario.docks_on_days(kind)
    if on_days is None:
        yield start, end, int(scenario.places.docks[kind][place])
        return
    docks = on_days[:, place]
    changes = np.flatnonzero(np.diff(docks)) + 1
    bounds = [0.0, *(changes * MINUTES_PER_DAY).tolist(), np.inf]
    for since, until, number in zip(bounds, bounds[1:], docks[[0, *changes]].tolist(), strict=False):
        if max(since, start) < min(until, end):
            yield max(since, start), min(until, end), number
