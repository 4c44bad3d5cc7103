"""When nobody of a crew, and no vehicle of a fleet, is planned to be on duty, whoever comes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.staff.levels import num_days
from simsupply.model.staff.persons import persons_of
from simsupply.model.staff.requisition import first_day_of
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.worked_hours import interruptions, worked
from simsupply.scenario.world import Scenario

Spells = tuple[tuple[float, float], ...]
"""Times from when to when, minutes, apart from each other and in order."""


def hours_without_duty(scenario: Scenario, groups: Sequence[tuple[str, Crew | Fleet]]) -> list[Spells]:
    """Times at each place at which none of these crews, or fleets, at one kind of place is planned to be on duty.

    Outside shifts, in breaks, tests and disinfection that all have at the same time, in a curfew, before those who
    arrive later are there; not when people stay away, are ill, closed out or broken down.
    """
    days, num_places = num_days(scenario), scenario.places.count(groups[0][1].at)
    known: dict[tuple[tuple[int, ...], ...], Spells] = {}
    first_days = [_first_days(scenario, name, group, days) for name, group in groups]
    found = []
    for place in range(num_places):
        key = tuple(tuple(of_group[place].tolist()) for of_group in first_days)
        if key not in known:
            known[key] = _between(_planned(scenario, [group for _, group in groups], key, days), scenario.end_min)
        found.append(known[key])
    return found


def _first_days(scenario: Scenario, name: str, group: Crew | Fleet, days: int) -> np.ndarray:
    """Day from which on somebody is planned in each shift of each place, shape (places, shifts); `days`: never."""
    persons = persons_of(scenario, name, group)
    first = np.full((persons.num_places, len(group.shifts)), days, dtype=np.int64)
    np.minimum.at(first, (persons.place, persons.shift), persons.first_day)
    return np.maximum(first, first_day_of(group, scenario)) if isinstance(group, Fleet) else first


def _planned(
    scenario: Scenario, groups: Sequence[Crew | Fleet], first_days: Sequence[Sequence[int]], days: int
) -> list[tuple[float, float]]:
    periods = []
    for group, first_of_shift in zip(groups, first_days, strict=True):
        stops = interruptions(group, scenario.spec.staffing)
        shifts = group.shifts if isinstance(group, Crew) else group.working_shifts
        for shift, first in zip(shifts, first_of_shift, strict=True):
            of_day = [period for turn in range(stops.num_groups) for period in worked(shift, stops, turn)[0]]
            for day in range(first, days):
                midnight = day * MINUTES_PER_DAY
                periods += [(midnight + start, midnight + end) for start, end in of_day]
    return sorted(periods)


def _between(periods: Sequence[tuple[float, float]], end_min: float) -> Spells:
    """What lies between periods in order of their start, from 0 to the end of the run."""
    gaps, at = [], 0.0
    for start, end in periods:
        if start > at:
            gaps.append((at, start))
        at = max(at, end)
    return (*gaps, (at, end_min)) if at < end_min else tuple(gaps)
