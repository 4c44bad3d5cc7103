"""People of one crew who fill in at another of the same place for a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import rounded_up
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.staff.persons import LENT, NOT_YET, PRESENT, Persons, Roster
from simsupply.scenario.duty_plan import NO_HOURS, DutyPlan
from simsupply.scenario.people import Reassignment
from simsupply.scenario.shifts import Shift

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class LentPersons:
    """Who of another crew works in this one.

    Attributes
    ----------
    persons : Persons
        The other crew.
    shift : int8 array, shape (people of the other crew, days)
        Shift of this crew that each works, -1: none.
    productivity : float
    """

    persons: Persons
    shift: NDArray[np.int8]
    productivity: float

    def by_day(self) -> IntArray:
        """How many fill in on each day, shape (days,)."""
        number: IntArray = (self.shift >= 0).sum(axis=0)
        return number


def fill_in(short: Roster, lender: Roster, rule: Reassignment) -> LentPersons:
    """Let people of `lender` who are present fill the shifts of `short`; marks them as lent.

    A shift at a place that has fewer people than `when_below` of those planned is filled up to that,
    rounded up, by people whose own shift overlaps it: the highest numbers first, as long as their
    own shift keeps its floor, rounded up, and their duties of the day before and the next day leave time for it.
    """
    ours, theirs = short.persons, lender.persons
    days = short.reason.shape[1]
    shift_of = np.full((len(theirs), days), -1, dtype=np.int8)
    team, their_team = ours.team, theirs.team
    num_shifts, their_shifts = ours.plan.num_shifts, theirs.plan.num_shifts
    # Within a place the last number first; stable, so earlier shifts first among equals.
    queue = np.lexsort((theirs.shift, -theirs.number, theirs.place))
    ptr = theirs.ptr
    overlaps = [[_overlap(shift, other) for other in theirs.plan.hours] for shift in ours.plan.hours]
    for day in range(days):
        planned = np.bincount(team[short.reason[:, day] < NOT_YET], minlength=ours.num_teams)
        present = np.bincount(team[short.reason[:, day] == PRESENT], minlength=ours.num_teams)
        wanted = np.minimum(rounded_up(rule.when_below * planned) - present, rule.up_to)
        if not (wanted > 0).any():
            continue
        planned_there = np.bincount(their_team[lender.reason[:, day] < NOT_YET], minlength=theirs.num_teams)
        present_there = np.bincount(their_team[lender.reason[:, day] == PRESENT], minlength=theirs.num_teams)
        spare = present_there - rounded_up(rule.floor * planned_there)
        hours = ours.plan.hours_of[ours.plan.kind_of_day[day]]
        their_hours = theirs.plan.hours_of[theirs.plan.kind_of_day[day]]
        for short_team in np.flatnonzero(wanted > 0).tolist():
            place, shift = divmod(short_team, num_shifts)
            missing = int(wanted[short_team])
            for row in queue[ptr[place] : ptr[place + 1]].tolist():
                if missing == 0:
                    break
                theirs_now = place * their_shifts + int(theirs.shift[row])
                is_free = lender.reason[row, day] == PRESENT and spare[theirs_now] > 0
                is_free = is_free and overlaps[hours[place, shift]][their_hours[place, theirs.shift[row]]]
                if is_free and _is_apart(ours.plan, theirs, shift_of, row, day, ours.plan.hours[hours[place, shift]]):
                    lender.reason[row, day] = LENT
                    shift_of[row, day] = shift
                    spare[theirs_now] -= 1
                    missing -= 1
    return LentPersons(theirs, shift_of, rule.productivity)


def _is_apart(plan: DutyPlan, theirs: Persons, shift_of: NDArray[np.int8], row: int, day: int, duty: Shift) -> bool:
    """Whether a person's duties of the day before, of either crew, and of the next day leave time for a duty."""
    place = int(theirs.place[row])

    def hours_on(other_day: int) -> list[Shift]:
        if not 0 <= other_day < shift_of.shape[1]:
            return []
        own = theirs.plan.hours_of[theirs.plan.kind_of_day[other_day], place, theirs.shift[row]]
        found = [theirs.plan.hours[own]] if own != NO_HOURS else []
        lent = int(shift_of[row, other_day])
        return [*found, plan.hours[plan.hours_of[plan.kind_of_day[other_day], place, lent]]] if lent >= 0 else found

    return all(before.until <= duty.start + MINUTES_PER_DAY for before in hours_on(day - 1)) and all(
        duty.until <= after.start + MINUTES_PER_DAY for after in hours_on(day + 1)
    )


def _overlap(first: Shift, other: Shift) -> bool:
    """Whether shifts that begin on the same day are on at the same time."""
    return first.start < other.until and other.start < first.until
