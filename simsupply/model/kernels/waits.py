"""Compiled sums of the waits of orders, in whole ticks.

A tick is a minute / 2^20. Sums of whole numbers do not depend on the order in which they are added up, so that every
engine, however it goes through the orders, comes to the same sums.

A sum (a *cell*) is an int array of four: ticks waited; those within the target's time; those that the plan orders;
those within the target's time that the plan does not order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TICKS = float(1 << 20)
"""In a minute."""
TOTAL, WITHIN, ORDERED, HELD_BACK = range(4)
# Orders are known by their place in their wave; keys of orders of several waves have its number above these bits.
_PLACE = (1 << 40) - 1


class Periods(NamedTuple):
    """Times of some kind (closed, nobody planned on duty) by place; settled before the run.

    Attributes
    ----------
    calendar : int array, shape (places,)
        Which calendar holds at each place.
    ptr : int array, shape (calendars + 1,)
        Periods of calendar c are ``ptr[c]`` up to ``ptr[c + 1]``, apart from each other and in order of time.
    start, end : int arrays, shape (periods,), ticks
    before : int array, shape (periods,), ticks
        Sum of all earlier periods of the calendar.
    """

    calendar: IntArray
    ptr: IntArray
    start: IntArray
    end: IntArray
    before: IntArray


@njit(cache=True)
def _tick(minutes):
    """Whole ticks of a time, to the nearest."""
    return np.int64(minutes * TICKS + 0.5)


@njit(cache=True)
def _passed(moment, first, last, start, end, before):
    """Ticks of the periods ``first`` up to ``last`` that lie before a moment."""
    if first == last or moment <= start[first]:
        return np.int64(0)
    low, high = first, last
    while high - low > 1:
        middle = (low + high) // 2
        if start[middle] <= moment:
            low = middle
        else:
            high = middle
    return before[low] + min(moment, end[low]) - start[low]


@njit(cache=True)
def _orders_of(unit, unit_ptr):
    """Places of the orders of a unit: the first, and one past the last."""
    return (unit_ptr[unit], unit_ptr[unit + 1]) if len(unit_ptr) else (unit, unit + 1)


@njit(cache=True)
def add_waits(units, begin, end, place, unit_ptr, orders, placed, horizon, target, closed, off, inside, rest):
    """Add up the waits of the orders in some units.

    What lies within the periods `closed` is one cause, all else another; of that the plan orders what lies within the
    periods `off`, which are apart from those of `closed`.

    Parameters
    ----------
    units : int array, shape (units that waited,)
    begin, end : float arrays, shape of `units`, minutes
        From when to when each waited; infinity: for good.
    place : int array, shape of `units`
    unit_ptr : int array, shape (units + 1,)
        Orders of unit u are ``unit_ptr[u]`` up to ``unit_ptr[u + 1]``, places in `orders`; empty: each order is
        a unit.
    orders : int array
        Numbers or keys of orders of one wave; empty: they stand in the order of the wave.
    placed : float array, shape (orders of the wave,), minutes
    horizon, target : float
        Minutes: up to when waits count, and what is the target's time after an order was placed.
    closed, off : Periods
    inside, rest : int arrays, shape (4,), added to
    """
    last = _tick(horizon)
    for position in range(len(units)):
        if not end[position] > begin[position] or begin[position] >= horizon:
            continue
        since, until = _tick(begin[position]), _tick(min(end[position], horizon))
        unit, calendar, other = units[position], closed.calendar[place[position]], off.calendar[place[position]]
        first, behind = closed.ptr[calendar], closed.ptr[calendar + 1]
        off_first, off_behind = off.ptr[other], off.ptr[other + 1]
        closed_since = _passed(since, first, behind, closed.start, closed.end, closed.before)
        off_since = _passed(since, off_first, off_behind, off.start, off.end, off.before)
        closed_all = _passed(until, first, behind, closed.start, closed.end, closed.before) - closed_since
        off_all = _passed(until, off_first, off_behind, off.start, off.end, off.before) - off_since
        at_first, at_last = _orders_of(unit, unit_ptr)
        num = at_last - at_first
        inside[TOTAL] += num * closed_all
        rest[TOTAL] += num * (until - since - closed_all)
        rest[ORDERED] += num * off_all
        for at in range(at_first, at_last):
            order = orders[at] & _PLACE if len(orders) else at
            due = min(_tick(placed[order] + target), last)
            if due <= since:
                continue
            of_closed, of_off = closed_all, off_all
            if due < until:
                of_closed = _passed(due, first, behind, closed.start, closed.end, closed.before) - closed_since
                of_off = _passed(due, off_first, off_behind, off.start, off.end, off.before) - off_since
            within = min(due, until) - since - of_closed
            inside[WITHIN] += of_closed
            inside[HELD_BACK] += of_closed
            rest[WITHIN] += within
            rest[HELD_BACK] += within - of_off


@njit(cache=True)
def wait_from(orders, times, placed, horizon, target, is_ordered, cell):
    """Let orders wait from `times` on, as it seems to the horizon; `wait_no_more` takes back what is too much.

    Parameters
    ----------
    orders : int array
        Numbers of orders of one wave.
    times : float array, shape of `orders`, minutes
    placed, horizon, target
        As for `add_waits`.
    is_ordered : bool
        Whether the plan orders these waits.
    cell : int array, shape (4,), added to
    """
    last = _tick(horizon)
    total, within = np.int64(0), np.int64(0)
    for position in range(len(orders)):
        if times[position] >= horizon:
            continue
        since = _tick(times[position])
        total += last - since
        within += max(0, min(_tick(placed[orders[position]] + target), last) - since)
    _book(total, within, is_ordered, cell)


@njit(cache=True)
def wait_no_more(units, times, unit_ptr, orders, placed, horizon, target, is_ordered, cell):
    """Let the waits of all orders of some units end at `times`, shape of `units`; see `wait_from` and `add_waits`."""
    last = _tick(horizon)
    total, within = np.int64(0), np.int64(0)
    for position in range(len(units)):
        if times[position] >= horizon:
            continue
        until, unit = _tick(times[position]), units[position]
        at_first, at_last = _orders_of(unit, unit_ptr)
        total += (at_last - at_first) * (last - until)
        for at in range(at_first, at_last):
            order = orders[at] & _PLACE if len(orders) else at
            within += max(0, min(_tick(placed[order] + target), last) - until)
    _book(-total, -within, is_ordered, cell)


@njit(cache=True)
def _book(total, within, is_ordered, cell):
    cell[TOTAL] += total
    cell[WITHIN] += within
    if is_ordered:
        cell[ORDERED] += total
    else:
        cell[HELD_BACK] += within
