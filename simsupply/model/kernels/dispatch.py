"""Compiled kernel of vehicles that make trips in parts, of several fleets, past closed roads and places.

What vehicles do by the simplest rules is computed by `simsupply.model.kernels.serve.haul`. Here the vehicles of a
place are looked through one by one: they are few at each.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.model.kernels.serve import NEVER, back_on_duty, time_on_trip, within

# For what vehicles under way lose time: a dock, a road that is closed or slow, a place that is closed.
DOCK, ROAD, PLACE = range(3)


@njit(cache=True)
def _pace(calendar, moment, cal_ptr, cal_time, cal_speed):
    """Speed at a moment, and when it changes next."""
    at = cal_ptr[calendar]
    while at + 1 < cal_ptr[calendar + 1] and cal_time[at + 1] <= moment:
        at += 1
    return cal_speed[at], cal_time[at + 1] if at + 1 < cal_ptr[calendar + 1] else NEVER


@njit(cache=True)
def _opens(calendar, moment, cal_ptr, cal_time, cal_speed):
    """The first moment from `moment` on at which the speed is not 0."""
    speed, change = _pace(calendar, moment, cal_ptr, cal_time, cal_speed)
    while speed == 0 and change < NEVER:
        moment = change
        speed, change = _pace(calendar, moment, cal_ptr, cal_time, cal_speed)
    return moment if speed > 0 else NEVER


@njit(cache=True)
def _get_through(moment, minutes, calendar, at, last, horizon, duty_start, halt, cal_ptr, cal_time, cal_speed):
    """When a vehicle is through with a part of its trip, its duty interval then, and what the calendar cost it.

    It stands while it is broken down or lost, or the part's calendar says 0, and crawls while that says less
    than 1.
    """
    lost = 0.0
    while True:
        speed, change = _pace(calendar, moment, cal_ptr, cal_time, cal_speed)
        stop = min(change, halt[at])
        finish = NEVER
        if speed == 1:
            finish = moment + minutes
        elif speed > 0:
            finish = moment + minutes / speed
        lost += within(moment, min(finish, stop), horizon) * (1 - speed)
        if finish <= stop:
            return finish, at, lost
        if stop > moment:
            minutes = max(0.0, minutes - (stop - moment) * speed)
        if halt[at] <= change:
            following = back_on_duty(at, last, duty_start, halt)
            if following == last:
                return NEVER, at, lost
            at = following
            moment = max(moment, duty_start[at])
        else:
            moment = change


@njit(cache=True)
def _free(server, moment, duty_at, interval_ptr, duty_start, duty_end, free_at):
    """From `moment` on: when a vehicle is free and on duty, and in which duty interval."""
    moment = max(moment, free_at[server])
    at, last = duty_at[server], interval_ptr[server + 1]
    while at < last and duty_end[at] <= moment:
        at += 1
    return (max(moment, duty_start[at]), at) if at < last else (NEVER, at)


@njit(cache=True)
def dispatch(
    until,
    horizon,
    in_sequence,
    use_docks,
    num_classes,
    unit_head,
    unit_end,
    ready,
    key,
    part_ptr,
    part_min,
    part_calendar,
    part_waits,
    driving_min,
    fleet_of,
    rest_after,
    rest_min,
    server_ptr,
    interval_ptr,
    duty_start,
    duty_end,
    halt,
    duty_at,
    free_at,
    driven,
    dock_ptr,
    dock_calendar,
    dock_free_at,
    cal_ptr,
    cal_time,
    cal_speed,
    start,
    taken_by,
    back_at,
    part_end,
    busy,
    overtime,
    waits,
):
    """Vehicles of several fleets take loads, and do the parts of their trips one after the other.

    At each place there is a line for every set of fleets that may take a load. The first load of each that
    is ready and finds a vehicle which may take it is given away, at the first moment at which there is such
    a pair; of several loads the first in order, to a vehicle of the first fleet in order, that has been free
    and on duty longest, the lowest number among equals. It then waits for a dock, first come, first served.

    Parameters
    ----------
    until, horizon, ready, server_ptr, interval_ptr, duty_start, duty_end, halt, duty_at, free_at
        As for `simsupply.model.kernels.serve.haul`.
    in_sequence : bool
        Loads are in order of `key` (else of ready time, then key), and begin in this order in each line.
    use_docks : bool
        Loading, the first part of each trip, takes a dock.
    num_classes : int
        Lines at each place; the number of a line is the set of fleets, as bits.
    unit_head, unit_end : int arrays, shape (places * num_classes,)
        Each line is a slice of the loads; the first is updated.
    part_ptr, part_min, part_calendar, part_waits : arrays
        See `simsupply.model.vehicles.trips.Trips`.
    driving_min : float array, shape (fleets, loads)
    fleet_of : int array, shape (servers,)
    rest_after, rest_min : float arrays, shape (fleets,)
        Minutes of driving after which a vehicle rests, and for how long.
    driven : float array, shape (servers,), updated
        Minutes of driving since the last rest.
    dock_ptr, dock_calendar, dock_free_at : arrays
        Docks of each place, their calendars, when each is free (updated).
    cal_ptr, cal_time, cal_speed : arrays
        See `simsupply.model.city.closures.Pace`.
    start, taken_by, back_at : arrays, shape (loads,), written
        When a vehicle was given the load (NaN: not in this call), which, and when its trip was over.
    part_end : float array, shape (parts,), written
        When each part was over.
    busy, overtime : float arrays, shape (fleets,), updated
    waits : float array, shape (fleets, 3), updated
        Minutes lost for `DOCK`, `ROAD` and `PLACE`, up to the horizon.
    """
    num_fleets = len(rest_after)
    wanted = np.empty(num_classes)
    begun = np.empty(num_classes)
    for place in range(len(server_ptr) - 1):
        first_server, end_server = server_ptr[place], server_ptr[place + 1]
        lines = place * num_classes
        begun[:] = 0.0
        while True:
            earliest = NEVER
            for fleets in range(1, num_classes):
                wanted[fleets] = NEVER
                head = unit_head[lines + fleets]
                if head < unit_end[lines + fleets]:
                    wanted[fleets] = max(ready[head], begun[fleets])
                    earliest = min(earliest, wanted[fleets])
            if earliest >= until:
                break
            begin = until
            for server in range(first_server, end_server):
                since = NEVER
                for fleets in range(1, num_classes):
                    if fleets >> fleet_of[server] & 1:
                        since = min(since, wanted[fleets])
                if since < until:
                    _, at = _free(server, earliest, duty_at, interval_ptr, duty_start, duty_end, free_at)
                    duty_at[server] = at
                    moment, _ = _free(server, since, duty_at, interval_ptr, duty_start, duty_end, free_at)
                    begin = min(begin, moment)
            if begin >= until:
                break
            there = 0
            for server in range(first_server, end_server):
                moment, _ = _free(server, begin, duty_at, interval_ptr, duty_start, duty_end, free_at)
                if moment == begin:
                    there |= 1 << fleet_of[server]
            line = -1
            for fleets in range(1, num_classes):
                if wanted[fleets] <= begin and fleets & there:
                    unit = unit_head[lines + fleets]
                    other = unit_head[lines + line] if line >= 0 else -1
                    is_before = line < 0 or key[unit] < key[other]
                    if line >= 0 and not in_sequence and ready[unit] != ready[other]:
                        is_before = ready[unit] < ready[other]
                    if is_before:
                        line = fleets
            unit = unit_head[lines + line]
            server, at, longest = -1, -1, NEVER
            for fleet in range(num_fleets):
                if server >= 0 or not line >> fleet & 1:
                    continue
                for other in range(first_server, end_server):
                    if fleet_of[other] == fleet:
                        moment, interval = _free(other, begin, duty_at, interval_ptr, duty_start, duty_end, free_at)
                        since = max(free_at[other], duty_start[interval]) if moment == begin else NEVER
                        if since < longest:
                            server, at, longest = other, interval, since
            unit_head[lines + line] += 1
            begun[line] = begin
            fleet, last = fleet_of[server], interval_ptr[server + 1]
            if begin - free_at[server] >= rest_min[fleet]:
                driven[server] = 0.0
            at_start, moment, first_part = at, begin, part_ptr[unit]
            for part in range(first_part, part_ptr[unit + 1]):
                calendar = part_calendar[part]
                dock = -1
                if use_docks and part == first_part:
                    opens = NEVER
                    for other in range(dock_ptr[place], dock_ptr[place + 1]):
                        free = max(begin, dock_free_at[other])
                        free = _opens(dock_calendar[other], free, cal_ptr, cal_time, cal_speed)
                        if dock < 0 or free < opens:
                            dock, opens = other, free
                    moment, calendar = opens, dock_calendar[dock]
                    waits[fleet, DOCK] += within(begin, opens, horizon)
                moment, at, lost = _get_through(
                    moment, part_min[fleet, part], calendar, at, last, horizon, duty_start, halt,
                    cal_ptr, cal_time, cal_speed,
                )  # fmt: skip
                waits[fleet, part_waits[part]] += lost
                part_end[part] = moment
                if dock >= 0:
                    dock_free_at[dock] = moment
            start[unit], taken_by[unit], back_at[unit] = begin, server, moment
            inside, beyond = time_on_trip(begin, moment, at_start, last, horizon, duty_start, duty_end, halt)
            busy[fleet] += inside
            overtime[fleet] += beyond
            driven[server] += driving_min[fleet, unit]
            if driven[server] >= rest_after[fleet]:
                driven[server] = 0.0
                moment += rest_min[fleet]
            duty_at[server], free_at[server] = at, moment
