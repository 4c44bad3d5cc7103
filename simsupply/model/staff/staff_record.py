"""How many of a crew are there on each day, and why the others are not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.staff.duty import Duty
from simsupply.model.staff.persons import CLOSED, NOT_CALLED_UP, NOT_YET, PRESENT, STAYED_AWAY, Persons, Roster
from simsupply.records.replication import StaffRecord

IntArray = NDArray[np.int64]


def staff_record(
    roster: Roster, duty: Duty, filled_in: IntArray, num_days: int, has_cuts: bool, first_day: int = 0
) -> StaffRecord:
    """Count a roster, up to the horizon.

    Parameters
    ----------
    filled_in : int array, shape (days,)
        Who comes from another crew.
    has_cuts : bool
        Whether shocks take people off duty.
    first_day : int
        Day for which a fleet is called up; before it none of its vehicles is there, for no other reason.
    """
    reason = roster.reason[:, :num_days].copy()
    reason[:, :first_day] = NOT_CALLED_UP
    is_struck = np.zeros_like(reason, dtype=bool)
    if has_cuts:
        is_on_duty = _is_on_duty(roster.persons, duty, num_days)
        is_struck = (reason == PRESENT) & ~is_on_duty
        # A night shift of the last day on which the place is closed comes at midnight, when it opens.
        reason[(reason == CLOSED) & is_on_duty] = PRESENT
    columns = [
        (reason < NOT_YET).sum(axis=0),
        ((reason == PRESENT) & ~is_struck).sum(axis=0),
        *((reason == number).sum(axis=0) for number in range(STAYED_AWAY, NOT_CALLED_UP + 1)),
        is_struck.sum(axis=0),
        filled_in[:num_days],
    ]
    return StaffRecord(roster.persons.name, np.column_stack(columns))


def _is_on_duty(persons: Persons, duty: Duty, num_days: int) -> NDArray[np.bool_]:
    """Whether each of the crew is on duty at any time of the duty of each day, shape (people, days)."""
    person, start, end = duty.intervals_of(duty.own)
    place, shift = persons.place[person], persons.shift[person]
    change = np.zeros((len(duty.own), num_days + 1), dtype=np.int32)
    # A duty is of the day on which it begins, though it may end the next.
    first = np.minimum(persons.plan.duty_day(start, place, shift), num_days)
    last = np.minimum(persons.plan.duty_day(end, place, shift, is_end=True) + 1, num_days)
    np.add.at(change, (person, first), 1)
    np.add.at(change, (person, last), -1)
    on_duty: NDArray[np.bool_] = np.cumsum(change, axis=1)[:, :num_days] > 0
    return on_duty
