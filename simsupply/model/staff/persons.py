"""The people of a crew (or vehicles of a fleet) one by one, and who of them is absent on which day, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import rounded_down
from simsupply.model.staff.staffing_levels import number_of_day, plan_of, sized
from simsupply.scenario.duty_plan import DutyPlan
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.world import Scenario
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Why somebody is not at work on a day.
PRESENT, STAYED_AWAY, TURNED_BACK, INFECTED, QUARANTINED, CLOSED, NO_BED, LENT, NOT_CALLED_UP, NOT_YET = range(10)
# Not planned on a day, but of the crew: a day off, or a day with fewer people or shifts. Whoever is not planned has a
# number from `NOT_YET` on.
NOT_PLANNED = 10


@dataclass(frozen=True)
class Persons:
    """Everybody of one crew or fleet, place by place, then shift by shift.

    Attributes
    ----------
    name : str
    group : Crew or Fleet
    num_places : int
    place, shift, number : int arrays, shape (people,)
        Person `number` of a shift of a place; these and the crew say who it is.
    first_day : int array, shape (people,)
        Day on which they join.
    arrives : bool array, shape (people,)
        Who joins later than the crew, by `Crew.arrivals`, on day 0 perhaps.
    most : int
        People of the largest shift of any place.
    plan : DutyPlan
        On which days they work, and in which hours.
    """

    name: str
    group: Crew | Fleet
    num_places: int
    place: IntArray
    shift: IntArray
    number: IntArray
    first_day: IntArray
    arrives: NDArray[np.bool_]
    most: int
    plan: DutyPlan

    def __len__(self) -> int:
        return len(self.place)

    @property
    def ptr(self) -> IntArray:
        """People of place p are ``ptr[p]`` up to ``ptr[p + 1]``, shape (places + 1,)."""
        counts = np.bincount(self.place, minlength=self.num_places)
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    @property
    def team(self) -> IntArray:
        """Number of the place and shift of each, shape (people,): who has the same one works together."""
        return self.place * self.plan.num_shifts + self.shift

    @property
    def num_teams(self) -> int:
        """One more than the highest number of `team`."""
        return self.num_places * self.plan.num_shifts

    def with_hours(self, number: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_] | None]:
        """Who has these hours of the plan on any day, and on which, shape (those people, days); None: on every day."""
        plan = self.plan
        if plan.is_alike:
            return self.shift == number, None
        has = plan.hours_of[:, self.place, self.shift] == number
        who = has.any(axis=0)
        return who, has[plan.kind_of_day][:, who].T

    def not_planned(self) -> NDArray[np.bool_] | None:
        """Who does not work on which day though of the crew, shape (people, days); None: nobody."""
        if self.plan.is_alike:
            return None
        # How many there are of a crew that grows is settled by the day on which each joins.
        grows = isinstance(self.group, Crew) and self.group.arrivals is not None
        return ~self.plan.is_planned(self.place, self.shift, self.number, counts=not grows)

    @property
    def entity(self) -> IntArray:
        """Number that keys a draw within a shift: one person more only adds numbers at the end."""
        return self.number * self.num_places + self.place

    def draw(self, purpose: str, day: int, streams: Streams) -> FloatArray:
        """A uniform for each, keyed by (purpose, crew, shift, day, number, place), shape (people,)."""
        drawn = np.empty(len(self))
        entity = self.entity
        for shift in range(self.plan.num_shifts):
            in_shift = self.shift == shift
            uniform = streams.uniform(f"{purpose}/{self.name}/{shift}", day, self.most * self.num_places)
            drawn[in_shift] = uniform[entity[in_shift]]
        return drawn


def persons_of(scenario: Scenario, name: str, group: Crew | Fleet) -> Persons:
    """Everybody of a crew or fleet, those who arrive later included."""
    plan = plan_of(scenario, name, group)
    base = plan.most
    arrivals = group.arrivals if isinstance(group, Crew) else None
    people = base
    if arrivals:
        most = sized(scenario, group.at, arrivals.up_to, arrivals.up_to_households_per_worker) + group.extra
        people = np.maximum(base, most)
    num_shifts, num_places = plan.num_shifts, len(people)
    place = np.repeat(np.arange(num_places), people * num_shifts)
    first = np.concatenate([[0], np.cumsum(people * num_shifts)])
    within = np.arange(len(place)) - first[place]
    shift, number = np.divmod(within, np.maximum(people[place], 1))
    first_day, arrives = np.zeros(len(place), dtype=np.int64), np.zeros(len(place), dtype=bool)
    if arrivals:
        later = number - base[place]
        per_day = arrivals.per_day
        if per_day is None:
            assert arrivals.over_days is not None  # the specification's own rule
            wait = later * arrivals.over_days // np.maximum(people - base, 1)[place]
        else:
            wait = rounded_down(np.maximum(later, 0) / per_day)
        arrives = later >= 0
        first_day = np.where(later >= 0, number_of_day(scenario, arrivals.from_day) + wait, 0)
    elif not plan.is_alike:
        first_day = plan.first_days(place, shift, number)
    largest = int(people.max(initial=0))
    return Persons(name, group, num_places, place, shift, number, first_day, arrives, largest, plan)


@dataclass(frozen=True)
class Roster:
    """Who of a crew is absent on which day, and why; changed in place while rosters are drawn.

    Attributes
    ----------
    persons : Persons
    reason : int8 array, shape (people, days)
        `PRESENT`, or why not.
    stops : int8 array, shape (people, days), or None
        Checkpoints at which each was held up on the way; None: nobody is.
    """

    persons: Persons
    reason: NDArray[np.int8]
    stops: NDArray[np.int8] | None = None

    def is_rostered(self) -> NDArray[np.bool_]:
        """Who has come on which day, shape (people, days); a closed place sends them home by its shock."""
        is_rostered: NDArray[np.bool_] = (self.reason == PRESENT) | (self.reason == CLOSED)
        return is_rostered

    def mark(self, who: NDArray[np.bool_], reason: int) -> None:
        """Give those of `who`, shape (people, days), who would be present a reason not to be."""
        self.reason[who & (self.reason == PRESENT)] = reason


def new_roster(persons: Persons, days: int, has_stops: bool) -> Roster:
    """Everybody present from their first day on."""
    reason = np.full((len(persons), days), PRESENT, dtype=np.int8)
    not_planned = persons.not_planned()
    if not_planned is not None:
        reason[not_planned] = NOT_PLANNED
    if persons.first_day.any():
        reason[np.arange(days)[None, :] < persons.first_day[:, None]] = NOT_YET
    return Roster(persons, reason, np.zeros((len(persons), days), dtype=np.int8) if has_stops else None)


def mark_who_stays_away(
    roster: Roster, attendance: float | FloatArray, streams: Streams, of_arrivals: float | FloatArray | None = None
) -> None:
    """Draw who comes: a person does on a day if a keyed uniform is below `attendance`.

    So a higher attendance adds people to those who come anyway, and one person more changes nothing
    for the others.

    Parameters
    ----------
    attendance : float, or array of shape (days, places)
    of_arrivals : the same, optional
        Of those who arrive later; without it, that of all.
    """
    levels = (attendance,) if of_arrivals is None else (attendance, of_arrivals)
    if min(np.min(level) for level in levels) >= 1 or not len(roster.persons):
        return
    persons = roster.persons
    for day in range(roster.reason.shape[1]):
        level = _of_day(attendance, day, persons)
        if of_arrivals is not None:
            level = np.where(persons.arrives, _of_day(of_arrivals, day, persons), level)
        stays = ~(persons.draw("attendance", day, streams) < level)
        column = roster.reason[:, day]
        column[stays & (column == PRESENT)] = STAYED_AWAY


def _of_day(level: float | FloatArray, day: int, persons: Persons) -> float | FloatArray:
    """Level of each on a day."""
    if isinstance(level, float):
        return level
    of_each: FloatArray = level[day][persons.place]
    return of_each
