"""Fleets that are called up during the run, and when they are there."""

from __future__ import annotations

import numpy as np

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.occurrences import Cut
from simsupply.model.staff.persons import NOT_CALLED_UP, Roster
from simsupply.scenario.staffing import Fleet
from simsupply.scenario.tiers import day_number
from simsupply.scenario.world import Scenario


def first_day_of(fleet: Fleet, scenario: Scenario) -> int:
    """Day from whose midnight on a fleet is there: 0, or the day for which it is called up."""
    if fleet.requisition is None:
        return 0
    return day_number(fleet.requisition.asked_day, scenario.settings.start_date) + fleet.requisition.lead_days


def not_yet_there(fleet: Fleet, scenario: Scenario) -> tuple[Cut, ...]:
    """The time before a requisitioned fleet is there."""
    first = first_day_of(fleet, scenario)
    everywhere = np.arange(scenario.places.count(fleet.at))
    return (Cut(everywhere, 0.0, first * MINUTES_PER_DAY, 0.0),) if first > 0 else ()


def mark_nights_before(roster: Roster, first_day: int) -> None:
    """No duty that begins before a fleet is called up goes on from midnight into its first day."""
    persons = roster.persons
    nights = np.zeros_like(roster.reason, dtype=bool)
    for number, shift in enumerate(persons.plan.hours):
        if shift.ends_next_day:
            # Days on which the shift has other hours are cut out of its duty anyway.
            nights[persons.with_hours(number)[0], :first_day] = True
    roster.mark(nights, NOT_CALLED_UP)
