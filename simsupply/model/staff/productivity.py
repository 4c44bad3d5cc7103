"""How fast people work, by days since their first day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.staff.persons import Persons
from simsupply.scenario.people import Productivity
from simsupply.scenario.staffing import Crew

FloatArray = NDArray[np.float64]


def learning(persons: Persons) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Speed of each person at first and in the end, and days from one to the other; None: 1 throughout."""
    group = persons.group
    if not isinstance(group, Crew):
        return None
    regular = group.productivity
    later = (group.arrivals.productivity if group.arrivals else None) or regular
    if regular is None and later is None:
        return None
    arrives = persons.arrives
    own, others = _numbers(regular), _numbers(later)
    first, last, days = (np.where(arrives, b, a) for a, b in zip(own, others, strict=True))
    return first, last, days


def _numbers(productivity: Productivity | None) -> tuple[float, float, float]:
    if productivity is None:
        return 1.0, 1.0, 1.0
    return productivity.start, productivity.end, float(productivity.over_days)


def speed_on(day: FloatArray, since: FloatArray, first: FloatArray, last: FloatArray, days: FloatArray) -> FloatArray:
    """Speed on a day, linear from the day `since` on."""
    share = np.clip((day - since) / days, 0.0, 1.0)
    return first + (last - first) * share
