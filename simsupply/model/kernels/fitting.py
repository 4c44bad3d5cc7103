"""Compiled kernel of crews that begin only what they can finish before the end of their duty.

Such a crew has a rule of its own for who takes what: a free server that has no time left for the
unit at the head of the line is passed over, and may still be the one to take a shorter unit later.
Its servers are looked through one by one: they are few at each place.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.model.kernels.serve import NEVER, outlast


@njit(cache=True)
def planned_ends(interval_ptr, start, planned_ptr, planned_end):
    """End of the planned duty to which each interval belongs, shape (intervals,).

    Parameters
    ----------
    interval_ptr, start : arrays
        Intervals of each server, the times it is down cut out.
    planned_ptr, planned_end : arrays
        The duty intervals of the same servers as they were before.
    """
    ends = np.empty(len(start))
    for server in range(len(interval_ptr) - 1):
        planned = planned_ptr[server]
        for interval in range(interval_ptr[server], interval_ptr[server + 1]):
            while planned_end[planned] <= start[interval]:
                planned += 1
            ends[interval] = planned_end[planned]
    return ends


@njit(cache=True)
def _first_with_time(
    moment, work, before, first, last, interval_ptr, duty_start, duty_end, fit_end, speed, duty_at, free_at
):
    """Who can begin a unit first, from `moment` on and `before` another: begin, server, duty interval.

    Among servers that can begin it at the same moment the one that is free and on duty longest; the
    lowest number among equals. Server -1: nobody.
    """
    begin, longest, server, interval = before, NEVER, -1, -1
    for other in range(first, last):
        free = max(moment, free_at[other])
        for at in range(duty_at[other], interval_ptr[other + 1]):
            could = max(free, duty_start[at])
            if could > begin:
                break
            minutes = work
            if speed is not None:
                minutes /= speed[at]
            if could < duty_end[at] and could + minutes <= fit_end[at]:
                since = max(free_at[other], duty_start[at])
                if could < begin or (server >= 0 and since < longest):
                    begin, longest, server, interval = could, since, other, at
                break
    return begin, server, interval


@njit(cache=True)
def serve_fitting(
    since,
    until,
    horizon,
    num_classes,
    unit_head,
    unit_end,
    ready,
    work,
    server_ptr,
    interval_ptr,
    duty_start,
    duty_end,
    halt,
    fit_end,
    duty_at,
    free_at,
    start,
    interval,
    busy,
    overtime,
    speed=None,
):
    """Multi-server stages whose servers begin only what would be done by `fit_end` of their duty.

    At any moment the head of the place is the head of the first line that is ready. It is begun at
    the first moment at which a server is free, on duty, and would be done in time; at that moment
    it goes to the one of those servers that is free and on duty longest, the lowest number among
    equals. Until then nothing behind it is begun, though other servers would have time for it. Only
    the head of a line before it, once that is ready, takes its place. A unit that no server ever has
    time for keeps its line waiting for good.

    Parameters are those of `simsupply.model.kernels.serve.serve`. Units may come to a halt (by a breakdown,
    which nobody foresees), but are not handed over.

    Parameters
    ----------
    since : float
        `until` of the call before: what was not begun by then is begun now, though a server that was
        passed over was free earlier.
    work : float array, shape (units,)
        Minutes.
    fit_end : float array, shape (intervals,)
        See `simsupply.model.staff.duty.Duty`.
    """
    done = np.full(len(ready), np.nan)
    for place in range(len(server_ptr) - 1):
        lines = range(place * num_classes, (place + 1) * num_classes)
        first, last = server_ptr[place], server_ptr[place + 1]
        moment = since
        while True:
            earliest = NEVER
            for line in lines:
                if unit_head[line] < unit_end[line]:
                    earliest = min(earliest, ready[unit_head[line]])
            moment = max(moment, earliest)
            if moment >= until:
                break
            # Until `before` the head stays the head.
            unit, before = -1, until
            for line in lines:
                if unit_head[line] < unit_end[line]:
                    head = unit_head[line]
                    if ready[head] <= moment:
                        unit = head
                        break
                    before = min(before, ready[head])
            begin, server, at = _first_with_time(
                moment,
                work[unit],
                before,
                first,
                last,
                interval_ptr,
                duty_start,
                duty_end,
                fit_end,
                speed,
                duty_at,
                free_at,
            )
            moment = begin
            if server < 0:
                continue
            minutes = work[unit]
            if speed is not None:
                minutes /= speed[at]
            # A breakdown prolongs it, past the end of duty if it must.
            finish, at_end, inside, beyond = outlast(
                begin, minutes, at, interval_ptr[server + 1], horizon, duty_start, duty_end, halt
            )
            unit_head[line] += 1
            start[unit], done[unit], interval[unit] = begin, finish, at
            duty_at[server], free_at[server] = at_end, finish
            busy[place] += inside
            overtime[place] += beyond
    finished = np.flatnonzero(~np.isnan(done))
    return finished, done[finished]
