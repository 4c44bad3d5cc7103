"""How many of a crew or fleet are planned at each place on each day, and in which hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import rounded_up
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.scenario.by_day import rows_by_day, weekdays_from
from simsupply.scenario.by_place import at_each
from simsupply.scenario.places import Places
from simsupply.scenario.shifts import CrewByDay, Shift
from simsupply.scenario.staffing import Crew, Fleet
from simsupply.scenario.world_spec import WorldSpec

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
NO_HOURS = -1


@dataclass(frozen=True)
class DutyPlan:
    """Who is planned when, those who arrive later apart. Days of one kind are alike.

    The k-th shift of a place has the same people on every day, whatever its hours are then.

    Attributes
    ----------
    kind_of_day : int array, shape (days,)
    people : int array, shape (kinds of day, places)
        On each shift.
    hours : tuple of Shift
        All shifts that occur, without the hours of a curfew.
    hours_of : int array, shape (kinds of day, places, shifts)
        Which of `hours` a shift has; `NO_HOURS` where a place has no such shift.
    is_off : bool array, shape (days,)
        Days on which nobody works.
    days_on, days_off : int
        Days of work and off in turn over people; 0: nobody has days off in turn.
    """

    kind_of_day: IntArray
    people: IntArray
    hours: tuple[Shift, ...]
    hours_of: IntArray
    is_off: BoolArray
    days_on: int = 0
    days_off: int = 0

    @property
    def num_shifts(self) -> int:
        """Most shifts of a place on a day."""
        return int(self.hours_of.shape[2])

    @property
    def num_teams(self) -> int:
        """Shifts of all places on any day."""
        return int((self.hours_of != NO_HOURS).any(axis=0).sum())

    @cached_property
    def is_alike(self) -> bool:
        """Whether all days and places have the same shifts, all places as many people on every day."""
        return len(self.people) == 1 and not self.has_days_off and bool((self.hours_of == self.hours_of[0, :1]).all())

    @property
    def has_days_off(self) -> bool:
        """Whether anybody has a day off."""
        return self.days_off > 0 or bool(self.is_off.any())

    @cached_property
    def most(self) -> IntArray:
        """People on each shift at most, on any day, shape (places,)."""
        most: IntArray = self.people.max(axis=0)
        return most

    @cached_property
    def starts(self) -> FloatArray:
        """Minute of the day at which a shift begins, infinity where there is none, shape of `hours_of`."""
        known = np.array([*(shift.start for shift in self.hours), np.inf])
        starts: FloatArray = known[self.hours_of]
        return starts

    def is_planned(self, place: IntArray, shift: IntArray, number: IntArray, *, counts: bool = True) -> BoolArray:
        """Whether each person (number of a shift at a place) is planned to work on each day, shape (people, days).

        `counts`: whether there are only as many as `people` says.
        """
        days = np.arange(len(self.kind_of_day))
        there = self.hours_of[:, place, shift] != NO_HOURS
        if counts:
            there &= self.people[:, place] > number
        planned: BoolArray = there[self.kind_of_day].T & ~self.is_off
        if self.days_off:
            into = (number + shift + place)[:, None] + days
            planned &= into % (self.days_on + self.days_off) < self.days_on
        return planned

    def first_days(self, place: IntArray, shift: IntArray, number: IntArray) -> IntArray:
        """Day from which on each person belongs to the crew, days off or not; behind the last one: never."""
        there = (self.people[:, place] > number) & (self.hours_of[:, place, shift] != NO_HOURS)
        found = np.full(len(place), len(self.kind_of_day))
        for day in range(len(self.kind_of_day) - 1, -1, -1):
            found[there[self.kind_of_day[day]]] = day
        return found

    def duty_day(self, time: FloatArray, place: IntArray, shift: IntArray, *, is_end: bool = False) -> IntArray:
        """Day on which the duty began that somebody is on at a time; with `is_end`, up to a time."""
        day = (np.ceil(time / MINUTES_PER_DAY) - 1 if is_end else np.floor(time / MINUTES_PER_DAY)).astype(np.int64)
        of_plan = np.clip(day, 0, len(self.kind_of_day) - 1)
        begin = day * MINUTES_PER_DAY + self.starts[self.kind_of_day[of_plan], place, shift]
        begin[day >= len(self.kind_of_day)] = np.inf
        before: IntArray = day - ((time <= begin) if is_end else (time < begin))
        return before


def duty_plan(spec: WorldSpec, places: Places, group: Crew | Fleet) -> DutyPlan:
    """Lay out what a specification says of a crew or fleet.

    A day has what the last entry of `by_day` says that holds on it, else what is said of every day; people `extra`
    are there wherever the number for the day is not 0.
    """
    settings, names = spec.scenario, places.names[group.at]
    num_days = settings.horizon_days + settings.run_out_days
    weekdays = weekdays_from(settings.first_weekday, num_days)
    holds = rows_by_day(group.by_day, weekdays, settings.start_date)
    kinds = list(dict.fromkeys(holds))
    usual = usual_people(spec, places, group) + group.extra
    people: list[IntArray] = []
    lists: list[list[tuple[Shift, ...]]] = []
    for rows in kinds:
        there, shifts = usual, at_each(group.shifts, names)
        for row in (group.by_day[number] for number in rows):
            number = row.headcount if isinstance(row, CrewByDay) else row.count
            if number is not None:
                given = np.array(at_each(number, names), dtype=np.int64)
                there = np.where(given > 0, given + group.extra, 0)
            shifts = shifts if row.shifts is None else at_each(row.shifts, names)
        people.append(there)
        lists.append(shifts)
    hours, hours_of = _numbered(lists)
    off = group.days_off if isinstance(group, Crew) else None
    return DutyPlan(
        kind_of_day=np.array([kinds.index(rows) for rows in holds], dtype=np.int64),
        people=np.array(people, dtype=np.int64).reshape(len(kinds), len(names)),
        hours=hours if isinstance(group, Crew) else tuple(group.working_hours(shift) for shift in hours),
        hours_of=hours_of,
        is_off=np.array([off is not None and name in off.weekdays for name in weekdays], dtype=bool),
        days_on=(off.after_days or 0) if off else 0,
        days_off=(off.days or 0) if off else 0,
    )


def _numbered(lists: Sequence[Sequence[tuple[Shift, ...]]]) -> tuple[tuple[Shift, ...], IntArray]:
    """All shifts of lists by kind of day and place, and which of them each shift is, `NO_HOURS`: none."""
    known: dict[Shift, int] = {}
    numbers: dict[tuple[Shift, ...], list[int]] = {}
    most = max((len(shifts) for of_kind in lists for shifts in of_kind), default=1)
    hours_of = np.full((len(lists), len(lists[0]), most), NO_HOURS, dtype=np.int64)
    for kind, of_kind in enumerate(lists):
        for place, shifts in enumerate(of_kind):
            if shifts not in numbers:
                numbers[shifts] = [known.setdefault(shift, len(known)) for shift in shifts]
            hours_of[kind, place, : len(shifts)] = numbers[shifts]
    return tuple(known), hours_of


def usual_people(spec: WorldSpec, places: Places, group: Crew | Fleet) -> IntArray:
    """People of a crew per shift, or vehicles, at each place on days that do not differ, without `extra`."""
    if isinstance(group, Crew):
        number, households = group.headcount, group.households_per_worker
    else:
        number, households = group.count, group.households_per_vehicle
    if number is not None:
        return np.array(at_each(number, places.names[group.at]), dtype=np.int64)
    assert households is not None  # the specification's own rule: exactly one of the two
    return rounded_up(places.num_households(group.at) / households).astype(np.int64)
