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

from simsupply.records.ticks import TICKS

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TOTAL, WITHIN, ORDERED, HELD_BACK = range(4)
# Orders are known by their place in their wave; keys of orders of several waves have its number above these bits.
PLACE = (1 << 40) - 1
_NEVER = 1 << 62


class Spans(NamedTuple):
    """How time is cut by hours of two kinds at each place, never both at once: closed, and nobody planned on duty.

    Laid out by `simsupply.model.flow.wait_hours.PlaceHours`.

    Attributes
    ----------
    calendar : int array, shape (places,)
        Which calendar holds at each place.
    ptr : int array, shape (calendars + 1,)
        Spans of calendar c are ``ptr[c]`` up to ``ptr[c + 1]``; each ends where the next one begins, the last never.
    start : int array, shape (spans,), ticks
        The first of a calendar is 0.
    closed, off : int arrays, shape (spans,), ticks
        Closed, or off duty, before the start of the span.
    is_closed, is_off : int arrays, shape (spans,)
        1: closed, or off duty, during the span.
    """

    calendar: IntArray
    ptr: IntArray
    start: IntArray
    closed: IntArray
    off: IntArray
    is_closed: IntArray
    is_off: IntArray


@njit(cache=True)
def _tick(minutes):
    """Whole ticks of a time, to the nearest."""
    return np.int64(minutes * TICKS + 0.5)


@njit(cache=True)
def _span(moment, first, last, start):
    """The last of the spans ``first`` up to ``last`` that has begun."""
    low, high = first, last
    while high - low > 1:
        middle = (low + high) // 2
        if start[middle] <= moment:
            low = middle
        else:
            high = middle
    return low


@njit(cache=True)
def add_waits(units, rows, begin, end, place, shift, unit_ptr, orders, placed, horizon, target, spans, inside, rest):
    """Add up the waits of the orders in some units.

    What lies within closed hours is one cause, all else another; of that the plan orders what lies off duty.

    Parameters
    ----------
    units : int array, shape (units that may have waited,)
    rows : int array, shape of `units`
        Where each stands in the next three arrays; empty: where it stands in `units`.
    begin, end : float arrays, shape (rows,), minutes
        From when to when each waited; infinity: for good.
    place : int array, shape (rows,)
        Place of each, times two to the power of `shift`, and whatever is less than that.
    shift : int
    unit_ptr : int array, shape (units + 1,)
        Orders of unit u are ``unit_ptr[u]`` up to ``unit_ptr[u + 1]``, places in `orders`; empty: each order is
        a unit.
    orders : int array
        Numbers or keys of orders of one wave; empty: they stand in the order of the wave.
    placed : float array, shape (orders of the wave,), minutes
        With one entry: of all orders alike.
    horizon, target : float
        Minutes: up to when waits count, and what is the target's time after an order was placed.
    spans : Spans
    inside, rest : int arrays, shape (4,), added to
    """
    last = _tick(horizon)
    calendar, ptr, start, closed, off, is_closed, is_off = spans
    total, within, ordered, of_plan = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    total_closed, within_closed = np.int64(0), np.int64(0)
    is_same, has_rows, has_ptr, has_numbers = len(placed) == 1, len(rows) > 0, len(unit_ptr) > 0, len(orders) > 0
    due_all = min(_tick(placed[0] + target), last)
    # The span in which the last unit began to wait, that in which it ended and that in which it was due, with their
    # bounds: units are mostly in order of time, so that the next one has the same.
    since_span = until_span = due_span = np.int64(0)
    since_from = since_to = until_from = until_to = due_from = due_to = np.int64(0)
    previous = -1
    for position in range(len(units)):
        row = rows[position] if has_rows else position
        if not end[row] > begin[row] or begin[row] >= horizon:
            continue
        since, until = _tick(begin[row]), _tick(min(end[row], horizon))
        here = calendar[place[row] >> shift]
        if here != previous:
            since_to = until_to = due_to = np.int64(0)
            previous = here
        if since < since_from or since >= since_to:
            since_span = _span(since, ptr[here], ptr[here + 1], start)
            since_from = start[since_span]
            since_to = start[since_span + 1] if since_span + 1 < ptr[here + 1] else _NEVER
        if until < until_from or until >= until_to:
            until_span = _span(until, ptr[here], ptr[here + 1], start)
            until_from = start[until_span]
            until_to = start[until_span + 1] if until_span + 1 < ptr[here + 1] else _NEVER
        closed_since = closed[since_span] + is_closed[since_span] * (since - since_from)
        closed_all = closed[until_span] + is_closed[until_span] * (until - until_from) - closed_since
        off_since = off[since_span] + is_off[since_span] * (since - since_from)
        off_all = off[until_span] + is_off[until_span] * (until - until_from) - off_since
        first, behind = units[position], units[position] + 1
        if has_ptr:
            first, behind = unit_ptr[units[position]], unit_ptr[units[position] + 1]
        times = behind - first
        total_closed += times * closed_all
        total += times * (until - since - closed_all)
        ordered += times * off_all
        if is_same:
            # One order stands for all of them.
            behind = first + 1
        else:
            times = 1
        for at in range(first, behind):
            due = due_all
            if not is_same:
                order = orders[at] & PLACE if has_numbers else at
                due = min(_tick(placed[order] + target), last)
            in_closed, in_off, stop = closed_all, off_all, until
            if due <= since:
                continue
            if due < until:
                if due < due_from or due >= due_to:
                    due_span = _span(due, ptr[here], ptr[here + 1], start)
                    due_from = start[due_span]
                    due_to = start[due_span + 1] if due_span + 1 < ptr[here + 1] else _NEVER
                in_closed = closed[due_span] + is_closed[due_span] * (due - due_from) - closed_since
                in_off = off[due_span] + is_off[due_span] * (due - due_from) - off_since
                stop = due
            within_closed += times * in_closed
            within += times * (stop - since - in_closed)
            of_plan += times * in_off
    inside[TOTAL] += total_closed
    inside[WITHIN] += within_closed
    inside[HELD_BACK] += within_closed
    rest[TOTAL] += total
    rest[WITHIN] += within
    rest[ORDERED] += ordered
    rest[HELD_BACK] += within - of_plan


@njit(cache=True)
def wait_ticks(units, rows, begin, end, place, shift, spans):
    """Ticks that each unit waited within closed hours, and besides; of one that waits for good, none.

    Parameters
    ----------
    See `add_waits`.

    Returns
    -------
    inside, rest : int arrays, shape of `units`
    """
    calendar, ptr, start, closed, is_closed = spans.calendar, spans.ptr, spans.start, spans.closed, spans.is_closed
    inside, rest = np.zeros((2, len(units)), dtype=np.int64)
    has_rows = len(rows) > 0
    for position in range(len(units)):
        row = rows[position] if has_rows else position
        if not end[row] > begin[row] or end[row] == np.inf:
            continue
        since, until = _tick(begin[row]), _tick(end[row])
        here = calendar[place[row] >> shift]
        before = _span(since, ptr[here], ptr[here + 1], start)
        after = _span(until, ptr[here], ptr[here + 1], start)
        inside[position] = closed[after] + is_closed[after] * (until - start[after])
        inside[position] -= closed[before] + is_closed[before] * (since - start[before])
        rest[position] = until - since - inside[position]
    return inside, rest


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
    is_same, due_all = len(placed) == 1, min(_tick(placed[0] + target), last)
    total, within = np.int64(0), np.int64(0)
    for position in range(len(orders)):
        if times[position] >= horizon:
            continue
        since = _tick(times[position])
        total += last - since
        due = due_all if is_same else min(_tick(placed[orders[position]] + target), last)
        within += max(0, due - since)
    _book(total, within, is_ordered, cell)


@njit(cache=True)
def wait_no_more(units, times, unit_ptr, orders, placed, horizon, target, is_ordered, cell):
    """Let the waits of all orders of some units end at `times`, shape of `units`; see `wait_from` and `add_waits`."""
    last = _tick(horizon)
    is_same, due_all = len(placed) == 1, min(_tick(placed[0] + target), last)
    total, within = np.int64(0), np.int64(0)
    for position in range(len(units)):
        if times[position] >= horizon:
            continue
        until, unit = _tick(times[position]), units[position]
        at_first, at_last = unit, unit + 1
        if len(unit_ptr):
            at_first, at_last = unit_ptr[unit], unit_ptr[unit + 1]
        total += (at_last - at_first) * (last - until)
        if is_same:
            within += (at_last - at_first) * max(0, due_all - until)
            continue
        for at in range(at_first, at_last):
            order = orders[at] & PLACE if len(orders) else at
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
