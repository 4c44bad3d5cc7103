"""Compiled: times without something needed, and households hungry on each day."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY

FloatArray = NDArray[np.float64]


class Hunger(NamedTuple):
    """Times at which households are without something they need, from `Measured.start` on.

    Written by `receive_deliveries` and `balances` (the first two), and by `count_hungry`.

    Attributes
    ----------
    longest : float array, shape (households,), minutes
        Longest time without a break.
    since : float array, shape (households,), minutes
        Since when, of a time that the last delivery has not ended; -1: there is none.
    day : int16 array, shape (households,)
        Day on which each was without something last; -1: never so far.
    ticks : int32 array, shape (households,), minutes / 2^20
        For how long on that day.
    compound : int32 array, shape (households,)
        Settled by the scenario.
    change : int32 array, shape (compounds, days + 1)
        By how many more households were hungry on each day than on the day before: without something for `HUNGRY_MIN`
        or more, from midnight to midnight.
    """

    longest: FloatArray
    since: FloatArray
    day: NDArray[np.int16]
    ticks: NDArray[np.int32]
    compound: NDArray[np.int32]
    change: NDArray[np.int32]


HUNGRY_MIN = 360.0
"""Whoever is without something needed for so many minutes of a day is hungry on it."""
_TICKS = float(1 << 20)


@njit(cache=True)
def count_hungry(households, begin, end, hunger):
    """Count times without something needed into the days on which they lie.

    Parameters
    ----------
    households : int array
        Those of each household in order of time.
    begin, end : float arrays, shape of `households`, minutes
        Not a number: there was no such time.
    hunger : Hunger
        Its `day`, `ticks` and `change` are updated here.
    """
    _, _, day_of, ticks_of, compound, change = hunger
    hungry = np.int64(HUNGRY_MIN * _TICKS)
    for position in range(len(households)):
        if not begin[position] < end[position]:
            continue
        household, since, until = households[position], begin[position], end[position]
        row, day, last = compound[household], int(since / MINUTES_PER_DAY), int(until / MINUTES_PER_DAY)
        for part in range(2):
            # The first day and the last, unless they are one; those in between are whole.
            if part == 1:
                change[row, day + 1] += 1
                change[row, last] -= 1
                day, since = last, last * float(MINUTES_PER_DAY)
            stop = min(until, (day + 1.0) * MINUTES_PER_DAY)
            if since < stop:
                before = np.int64(ticks_of[household]) if day_of[household] == day else np.int64(0)
                # What is six hours to the eye is six hours, whatever became of the last digits.
                ticks = before + np.int64(stop * _TICKS + 0.5) - np.int64(since * _TICKS + 0.5)
                if before < hungry <= ticks:
                    change[row, day] += 1
                    change[row, day + 1] -= 1
                day_of[household], ticks_of[household] = day, ticks
            if day == last:
                break
