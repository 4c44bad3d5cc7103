"""When nobody of a crew, and no vehicle of a fleet, is planned to be on duty, whoever comes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.staff.persons import Persons
from simsupply.model.staff.requisition import first_day_of
from simsupply.model.staff.staffing_levels import num_days
from simsupply.scenario.duty_plan import NO_HOURS
from simsupply.scenario.staffing import Fleet
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
    planned = [_planned_days(scenario, persons) for persons in groups]
    rows = np.concatenate([of_group.reshape(len(of_group), -1) for of_group in planned], axis=1)
    if (rows == rows[0]).all():
        return [_off(scenario, groups, [of_group[0] for of_group in planned])] * len(rows)
    _, first, row_of = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    known = [_off(scenario, groups, [of_group[place] for of_group in planned]) for place in first]
    return [known[row] for row in row_of.ravel().tolist()]


def _planned_days(scenario: Scenario, persons: Persons) -> IntArray:
    """Which hours each shift of each place has on each day, if somebody is planned, shape (places, shifts, days)."""
    plan, group, days = persons.plan, persons.group, num_days(scenario)
    first = np.full((persons.num_places, plan.num_shifts), days, dtype=np.int64)
    np.minimum.at(first, (persons.place, persons.shift), persons.first_day)
    if isinstance(group, Fleet):
        first = np.maximum(first, first_day_of(group, scenario))
    hours = plan.hours_of[plan.kind_of_day].transpose(1, 2, 0)
    is_planned = np.arange(days) >= first[:, :, None]
    not_planned = persons.not_planned()
    if not_planned is not None:
        somebody = np.zeros(is_planned.shape, dtype=bool)
        np.logical_or.at(somebody, (persons.place, persons.shift), ~not_planned)
        is_planned &= somebody
    return np.where(is_planned, hours, NO_HOURS)


def _off(scenario: Scenario, groups: Sequence[Persons], planned_days: Sequence[IntArray]) -> Spells:
    """Times outside the planned periods; `planned_days` has the hours of each shift on each day for each group."""
    end, parts = scenario.end_min, [np.zeros((0, 2))]
    for persons, hours_on in zip(groups, planned_days, strict=True):
        stops = interruptions(persons.group, scenario.spec.staffing)
        for number, shift in enumerate(persons.plan.hours):
            of_day = [period for turn in range(stops.num_groups) for period in worked(shift, stops, turn)[0]]
            midnights = np.flatnonzero((hours_on == number).any(axis=0)) * float(MINUTES_PER_DAY)
            parts.append((midnights[:, None, None] + np.array(of_day).reshape(-1, 2)).reshape(-1, 2))
    planned = np.concatenate(parts)
    planned = planned[np.argsort(planned[:, 0], kind="stable")]
    begin = np.maximum.accumulate(np.concatenate([[0.0], planned[:, 1]]))
    gaps = np.stack([begin, np.append(planned[:, 0], end)], axis=1)
    return gaps[gaps[:, 0] < gaps[:, 1]]
