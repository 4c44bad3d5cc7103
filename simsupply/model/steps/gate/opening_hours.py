"""Opening hours, lists for a later day, and time slots: when a gate lets things through.

Arrays in, arrays out; all times are minutes from 00:00 of day 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import how_many
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.scenario.weekdays import WEEKDAYS, Weekday
from simsupply.strategy.steps.gate import Gate

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Hours:
    """Open from `opens` up to (not including) `closes`, minutes of the day, on some weekdays.

    Attributes
    ----------
    weekdays : sequence of str
        Days on which it is open; none: every day.
    first_weekday : int
        Day of the week of day 0; 0 is Monday.
    """

    opens: float
    closes: float
    weekdays: Sequence[Weekday]
    first_weekday: int

    def days_to_wait(self) -> IntArray:
        """Days from each day of the run, modulo 7, to the next on which it is open, shape (7,)."""
        names = [WEEKDAYS[(self.first_weekday + day) % 7] for day in range(14)]
        is_open = [not self.weekdays or name in self.weekdays for name in names]
        return np.array([is_open[day:].index(True) for day in range(7)])


def not_before(times: FloatArray, days_ahead: int) -> FloatArray:
    """What comes at `times` passes at the earliest then, or after so many midnights."""
    if not days_ahead:
        return times
    return (np.floor(times / MINUTES_PER_DAY) + days_ahead) * MINUTES_PER_DAY


def next_open(since: FloatArray, hours: Hours) -> FloatArray:
    """First moments at or after `since` at which it is open, shape of `since`."""
    day = np.floor(since / MINUTES_PER_DAY).astype(np.int64)
    of_day = since - day * MINUTES_PER_DAY
    following = day + (of_day >= hours.closes)
    open_day = following + hours.days_to_wait()[following % 7]
    is_open = (open_day == day) & (of_day >= hours.opens)
    return np.where(is_open, since, open_day * MINUTES_PER_DAY + hours.opens)


# --- slots --------------------------------------------------------------------------------------


def slots_per_day(gate: Gate) -> int:
    """Whole slots between opening and closing; what rounding takes away does not count."""
    assert gate.slots is not None
    return how_many(gate.closes - gate.opens, gate.slots.minutes)


def first_slot(since: FloatArray, of_day: FloatArray, hours: Hours) -> FloatArray:
    """When the slot of each begins for the first time at or after `since` on an open day.

    Parameters
    ----------
    since, of_day : float arrays, shape (orders,)
        Not before; and the minute of the day at which the slot begins, the same on every day.
    """
    day = np.floor(since / MINUTES_PER_DAY).astype(np.int64)
    day += day * MINUTES_PER_DAY + of_day < since
    day += hours.days_to_wait()[day % 7]
    times: FloatArray = day * MINUTES_PER_DAY + of_day
    return times
