"""Which minutes of a shift somebody works: breaks, tests, disinfection and late arrival taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsupply.scenario.people import Disinfection, Tests
from simsupply.scenario.shifts import Shift
from simsupply.scenario.staffing import Crew, Fleet, Staffing

Periods = list[tuple[float, float]]


@dataclass(frozen=True)
class Interruptions:
    """What stops work in every shift of a group."""

    tests: Tests | None = None
    disinfection: Disinfection | None = None

    @property
    def num_groups(self) -> int:
        """People with the same number, modulo this, keep the same hours."""
        tests = self.tests.groups if self.tests else 1
        return tests * (self.disinfection.groups if self.disinfection else 1)


def has_people(group: Crew | Fleet) -> bool:
    """Whether anybody comes and goes; equipment is always there, and so are vehicles unmanned or driven by a crew."""
    if isinstance(group, Crew):
        return group.people != "equipment"
    return group.people_per_vehicle > 0 and group.drivers is None


def interruptions(group: Crew | Fleet, staffing: Staffing) -> Interruptions:
    """Tests and disinfection of a crew or of drivers: its own, else the scenario's; equipment has none."""
    if not has_people(group):
        return Interruptions()
    tests = group.tests or staffing.tests
    if not isinstance(group, Crew):
        return Interruptions(tests)
    return Interruptions(tests, group.disinfection or staffing.disinfection)


def worked(shift: Shift, stops: Interruptions, group: int = 0, late_min: float = 0.0) -> tuple[Periods, float]:
    """Periods of a shift in which somebody works, and minutes of tests and disinfection beside them.

    Both in minutes since the midnight before the start of the shift, which may end the next day.

    Parameters
    ----------
    group : int
        Number of the person, or that number modulo `Interruptions.num_groups`.
    late_min : float
        Minutes after the start of the shift at which the person comes; the tests of the start are then.
    """
    came = shift.start + late_min
    periods = [(max(start, came), end) for start, end in shift.periods() if end > came]
    before = _minutes(periods)
    for at, minutes, is_end in _stops(shift, stops, group, came):
        periods = _without_last(periods, at, minutes) if is_end else _without(periods, at, minutes)
    return periods, before - _minutes(periods)


def _stops(shift: Shift, stops: Interruptions, group: int, came: float) -> list[tuple[float, float, bool]]:
    """Minute from (or back from) which work stops, for how long, and whether it counts back from there."""
    found: list[tuple[float, float, bool]] = []
    tests, disinfection = stops.tests, stops.disinfection
    if tests:
        turn = group % tests.groups
        for number in range(tests.antigen_per_day):
            share = number / (tests.antigen_per_day - 1) if number else 0.0
            later = tests.antigen_min * turn
            if number and share == 1:
                found.append((shift.until - later, tests.antigen_min, True))
            else:
                found.append((came + share * (shift.until - came) + later, tests.antigen_min, False))
        for number in range(tests.pcr_per_day):
            share = (number + 1) / (tests.pcr_per_day + 1)
            found.append((came + share * (shift.until - came) + tests.pcr_min * turn, tests.pcr_min, False))
    if disinfection:
        turn = group % disinfection.groups
        every, number = disinfection.every_hours * 60, 1
        while shift.start + number * every < shift.until:
            at = shift.start + number * every + disinfection.minutes * turn
            if at >= came:
                found.append((at, disinfection.minutes, False))
            number += 1
    return sorted(found)


def apart_before(
    shift: Shift, stops: Interruptions, group: int = 0, late_min: float = 0.0, until: float = np.inf
) -> float:
    """Minutes of tests and disinfection before `until`, minutes since the midnight before the start of the shift."""
    came = shift.start + late_min
    there = [(max(start, came), end) for start, end in shift.periods() if end > came]
    return _minutes(there, until) - _minutes(worked(shift, stops, group, late_min)[0], until)


def _minutes(periods: Periods, until: float = np.inf) -> float:
    return sum(max(min(end, until) - start, 0.0) for start, end in periods)


def _without(periods: Periods, at: float, minutes: float) -> Periods:
    """Take so many minutes of work out from `at` on."""
    left: Periods = []
    for start, end in periods:
        since = max(start, at)
        if since >= end or minutes <= 0:
            left.append((start, end))
            continue
        taken = min(minutes, end - since)
        minutes -= taken
        left += [(start, since), (since + taken, end)]
    return [(start, end) for start, end in left if start < end]


def _without_last(periods: Periods, at: float, minutes: float) -> Periods:
    """Take so many minutes of work out, back from `at`."""
    mirrored = _without([(-end, -start) for start, end in reversed(periods)], -at, minutes)
    return [(-end, -start) for start, end in reversed(mirrored)]
