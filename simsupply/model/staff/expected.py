"""What a crew can be expected to work on a day: for promises to customers, triggers and estimates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.staff.beds import NOBODYS, crews_on_site, give_beds
from simsupply.model.staff.persons import Persons, persons_of
from simsupply.model.staff.productivity import learning, speed_on
from simsupply.model.staff.staffing_levels import as_arrivals, attendance_of, commute_of, plan_of, recognised_at
from simsupply.scenario.staffing import Crew
from simsupply.scenario.worked_hours import interruptions, worked
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]


def expected_minutes(
    scenario: Scenario, name: str, tiers: TierCalendar | None, day: int, pace_of_arrivals: float = 1.0
) -> FloatArray:
    """Mean minutes of work that a crew does on a day, at the pace of the crew, shape (places,).

    Attendance, passes, beds, those who have arrived by then, how fast they work, tests and
    disinfection count, and where days differ (days off, other numbers or shifts on some) the average of the week that
    begins with the day; infections, breakdowns, shocks, people who fill in and the slow first hours of a line do not,
    for nobody knows of them beforehand.

    Parameters
    ----------
    pace_of_arrivals : float
        What those who arrive later do in a minute, in minutes of the others.
    """
    crew = scenario.spec.staffing.crews[name]
    later = as_arrivals(crew)
    if later is None and pace_of_arrivals == 1:
        return _expected(scenario, name, crew, tiers, day, None)
    of_crew = _expected(scenario, name, crew, tiers, day, False)
    of_later = _expected(scenario, name, later or crew, tiers, day, True)
    return of_crew + pace_of_arrivals * of_later


def _expected(
    scenario: Scenario, name: str, crew: Crew, tiers: TierCalendar | None, day: int, of_arrivals: bool | None
) -> FloatArray:
    """Mean minutes of everybody (None), or only of those who arrive later, or who do not."""
    stops = interruptions(crew, scenario.spec.staffing)
    plan = plan_of(scenario, name, crew)
    of_hours = [sum(end - start for start, end in worked(shift, stops)[0]) for shift in plan.hours]
    room = _rooms(scenario, name, crew)
    level: float | FloatArray = 1.0 if room is not None else _of_day(attendance_of(scenario, name, crew, tiers), day)
    commute = commute_of(scenario, crew)
    if commute and room is None:
        recognised = _of_day(recognised_at(scenario, crew.at, commute, tiers), day)
        if commute.otherwise == "turned_back":
            level = level * (commute.pass_share * recognised**commute.checkpoints)
        else:
            late = commute.checkpoints * (1 - commute.pass_share * recognised) * (commute.delay_min or 0.0)
            late_people: FloatArray = _people(scenario, name, crew, day, of_hours, late, None, of_arrivals) * level
            return late_people
    if plan.is_alike and room is None and crew.arrivals is None and crew.productivity is None:
        return np.asarray(plan.most * sum(of_hours) * level, dtype=np.float64)
    people: FloatArray = _people(scenario, name, crew, day, of_hours, 0.0, room, of_arrivals) * level
    return people


def _people(
    scenario: Scenario,
    name: str,
    crew: Crew,
    day: int,
    of_hours: list[float],
    late: float | FloatArray,
    room: NDArray[np.int64] | None = None,
    of_arrivals: bool | None = None,
) -> FloatArray:
    """Minutes of standard work at each place if everybody with a bed who has arrived comes, so late."""
    persons = persons_of(scenario, name, crew)
    on_shift = _on_shift(persons, of_hours, day)
    learns = learning(persons)
    speed = np.ones(len(persons))
    if learns is not None:
        speed = speed_on(np.full(len(persons), float(day)), persons.first_day.astype(float), *learns)
    late_here = np.broadcast_to(late, persons.num_places)[persons.place]
    minutes = np.maximum(on_shift - late_here, 0.0) * speed
    if room is not None:
        minutes[room == NOBODYS] = 0.0
    if of_arrivals is not None:
        minutes[persons.arrives != of_arrivals] = 0.0
    return np.bincount(persons.place, weights=minutes, minlength=persons.num_places).astype(np.float64)


def _on_shift(persons: Persons, of_hours: list[float], day: int) -> FloatArray:
    """Minutes that each who is there by then is on shift on a day; where days differ, the mean of the coming week."""
    plan, not_planned = persons.plan, persons.not_planned()
    minutes = np.array([*of_hours, 0.0])
    if not_planned is None:
        alike: FloatArray = minutes[plan.hours_of[0, persons.place, persons.shift]]
        return np.where(persons.first_day > day, 0.0, alike)
    week = range(day, min(day + 7, len(plan.kind_of_day)))
    total = np.zeros(len(persons))
    for coming in week:
        of_day = minutes[plan.hours_of[plan.kind_of_day[coming], persons.place, persons.shift]]
        total += np.where(not_planned[:, coming] | (persons.first_day > coming), 0.0, of_day)
    return total / len(week)


def _rooms(scenario: Scenario, name: str, crew: Crew) -> NDArray[np.int64] | None:
    """Rooms of a crew that lives on site."""
    loop = scenario.spec.staffing.closed_loop.get(crew.at)
    if loop is None or name not in (on_site := crews_on_site(scenario, crew.at, loop)):
        return None
    crews = scenario.spec.staffing.crews
    return give_beds(scenario, crew.at, loop, [persons_of(scenario, other, crews[other]) for other in on_site])[name]


def _of_day(level: float | FloatArray, day: int) -> float | FloatArray:
    if isinstance(level, float):
        return level
    of_day: FloatArray = level[day]
    return of_day
