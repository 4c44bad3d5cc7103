"""When nobody of a crew, and no vehicle of a fleet, is planned to be on duty, whoever comes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.staff.persons import Persons
from simsupply.model.staff.requisition import first_day_of
from simsupply.model.staff.staffing_levels import num_days
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.worked_hours import interruptions, worked
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Spells = NDArray[np.float64]
"""Times from when to when, minutes, apart from each other and in order, shape (spells, 2)."""


def hours_without_duty(scenario: Scenario, groups: Sequence[Persons]) -> list[Spells]:
    """Times at each place at which none of these crews, or fleets, at one kind of place is planned to be on duty.

    Outside shifts, in breaks, tests and disinfection that all have at the same time, in a curfew, before those who
    arrive later are there; not when people stay away, are ill, closed out or broken down. Places with the same hours
    have the same array.
    """
    first = np.concatenate([_first_days(scenario, persons) for persons in groups], axis=1)
    if (first == first[0]).all():
        return [_off(scenario, groups, first[0])] * len(first)
    rows, row_of = np.unique(first, axis=0, return_inverse=True)
    known = [_off(scenario, groups, row) for row in rows]
    return [known[row] for row in row_of.ravel().tolist()]


def _first_days(scenario: Scenario, persons: Persons) -> IntArray:
    """Day from which on somebody is planned in each shift of each place, shape (places, shifts)."""
    group = persons.group
    first = np.full((persons.num_places, len(group.shifts)), num_days(scenario), dtype=np.int64)
    if persons.first_day.any():
        np.minimum.at(first, (persons.place, persons.shift), persons.first_day)
    else:
        # Whoever has people has them in every shift.
        first[np.bincount(persons.place, minlength=persons.num_places) > 0] = 0
    return np.maximum(first, first_day_of(group, scenario)) if isinstance(group, Fleet) else first


def _off(scenario: Scenario, groups: Sequence[Persons], first_days: IntArray) -> Spells:
    """Times outside the planned periods of shifts that exist from these days on."""
    days, end = num_days(scenario), scenario.end_min
    parts, first_of_shift = [np.zeros((0, 2))], iter(first_days.tolist())
    for persons in groups:
        group = persons.group
        stops = interruptions(group, scenario.spec.staffing)
        for shift in group.shifts if isinstance(group, Crew) else group.working_shifts:
            of_day = [period for turn in range(stops.num_groups) for period in worked(shift, stops, turn)[0]]
            midnights = np.arange(next(first_of_shift), days) * float(MINUTES_PER_DAY)
            parts.append((midnights[:, None, None] + np.array(of_day).reshape(-1, 2)).reshape(-1, 2))
    planned = np.concatenate(parts)
    planned = planned[np.argsort(planned[:, 0], kind="stable")]
    begin = np.maximum.accumulate(np.concatenate([[0.0], planned[:, 1]]))
    gaps = np.stack([begin, np.append(planned[:, 0], end)], axis=1)
    return gaps[gaps[:, 0] < gaps[:, 1]]
