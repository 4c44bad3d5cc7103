"""Compiled kernel of vehicles that make trips in parts, of several fleets, past closed roads and places.

What vehicles do by the simplest rules is computed by `simsupply.model.kernels.haul.haul`. Here the vehicles of a
place are looked through one by one: they are few at each.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.model.kernels.working_time import NEVER, back_on_duty, time_on_trip, within

# For what vehicles under way lose time: a dock, a road that is closed or slow, a place that is closed.
DOCK, ROAD, PLACE = range(3)


@njit(cache=True)
def _pace(calendar, moment, calendars):
    """Speed at a moment, and when it changes next."""
    cal_ptr, cal_time, cal_speed = calendars
    at = cal_ptr[calendar]
    while at + 1 < cal_ptr[calendar + 1] and cal_time[at + 1] <= moment:
        at += 1
    return cal_speed[at], cal_time[at + 1] if at + 1 < cal_ptr[calendar + 1] else NEVER


@njit(cache=True)
def _opens(calendar, moment, calendars):
    """The first moment from `moment` on at which the speed is not 0."""
    speed, change = _pace(calendar, moment, calendars)
    while speed == 0 and change < NEVER:
        moment = change
        speed, change = _pace(calendar, moment, calendars)
    return moment if speed > 0 else NEVER


@njit(cache=True)
def _get_through(moment, minutes, calendar, at, last, horizon, duty, calendars):
    """When a vehicle is through with a part of its trip, its duty interval then, and what the calendar cost it.

    It stands while it is broken down or lost, or the part's calendar says 0, and crawls while that says less
    than 1.
    """
    duty_start, halt = duty.start, duty.halt
    lost = 0.0
    while True:
        speed, change = _pace(calendar, moment, calendars)
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
def _done_by(horizon, moment, minutes, calendar, at, last, duty, calendars):
    """Minutes of those for which `_get_through` is under way that are done by the horizon."""
    duty_start, halt = duty.start, duty.halt
    done = 0.0
    while moment < horizon:
        speed, change = _pace(calendar, moment, calendars)
        stop = min(change, halt[at])
        finish = NEVER
        if speed == 1:
            finish = moment + minutes
        elif speed > 0:
            finish = moment + minutes / speed
        done += within(moment, min(finish, stop), horizon) * speed
        if finish <= stop:
            break
        if stop > moment:
            minutes = max(0.0, minutes - (stop - moment) * speed)
        if halt[at] <= change:
            following = back_on_duty(at, last, duty_start, halt)
            if following == last:
                break
            at = following
            moment = max(moment, duty_start[at])
        else:
            moment = change
    return done


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
    window, queues, trips, fleets, duty, state, docks, calendars, dispatched, shared=None, by_step=None, log=None
):
    """Vehicles of several fleets take loads, and do the parts of their trips one after the other.

    At each place there is a queue for every set of fleets that may take a load. The first load of each that
    is ready and finds a vehicle which may take it is given away, at the first moment at which there is such
    a pair; of several loads the first in order, to a vehicle of the first fleet in order, that has been free
    and on duty longest, the lowest number among equals. It then waits for a dock, first come, first served.

    Parameters
    ----------
    window, queues, trips, fleets, duty, state, docks, calendars, dispatched
        `Window`, `LoadQueues`, `TripParts`, `Fleets`, `DutyIntervals`, `Servers`, `CalendarDocks`, `Calendars` and
        `Dispatched` of `simsupply.model.kernels.arguments`. Queues are those of all places, `num_classes` at each.

        =============================  ================  =========  =====================================
        array                          shape             unit       use
        =============================  ================  =========  =====================================
        queues.head                    (queues,)          load       moved on here, set anew by the step
        queues.end                     (queues,)          load       read
        queues.ready                   (loads,)          min        read
        queues.key                     (loads,)          key        read
        trips.ptr                      (loads + 1,)      part       read
        trips.minutes                  (fleets, parts)   min        read
        trips.calendar                 (parts,)          calendar   read
        trips.waits_for                (parts,)          reason     read
        trips.km                       (fleets, parts)   km         read
        trips.driving                  (fleets, loads)   min        read
        fleets.of_server               (servers,)        fleet      read
        fleets.rest_after, .rest       (fleets,)         min        read
        fleets.driven                  (servers,)        min        updated here, kept by the step
        fleets.busy, .overtime         (fleets,)         min        added to here
        fleets.waits                   (fleets, 3)       min        added to here
        fleets.km_left                 (fleets,)         km         added to here
        duty.server_ptr                (places + 1,)     server     read
        duty.interval_ptr              (servers + 1,)    interval   read
        duty.start, .end, .halt        (intervals,)      min        read
        state.duty_at                  (servers,)        interval   updated here, kept by the step
        state.free_at                  (servers,)        min        updated here, kept by the step
        docks.ptr                      (places + 1,)     dock       read
        docks.calendar, .opening       (docks,)          calendar   read
        docks.free_at                  (docks,)          min        updated here, kept by the step
        calendars.ptr                  (calendars + 1,)  change     read
        calendars.time                 (changes,)        min        read
        calendars.speed                (changes,)        1          read
        dispatched.start, .docked      (loads,)          min        written here
        dispatched.back_at             (loads,)          min        written here
        dispatched.taken_by            (loads,)          server     written here
        dispatched.part_end            (parts,)          min        written here
        =============================  ================  =========  =====================================
    shared, by_step : int array, shape (loads,), and float array, shape (fleets, legs), minutes; or None
        To which of the legs that share the fleets each load belongs; what of `fleets.busy` was work of each, added to
        here. None: there is one leg (compiled apart).
    log : DispatchLog or None
        What is recorded of each trip; None: nothing (compiled apart).
    """
    until, horizon = window.until, window.horizon
    num_classes, in_sequence, head, tail, ready, key = queues
    part_ptr, part_min, part_calendar, part_waits, part_km, driving_min = trips
    fleet_of, rest_after, rest_min, driven, busy, overtime, waits, km_left = fleets
    server_ptr, interval_ptr = duty.server_ptr, duty.interval_ptr
    duty_start, duty_end, halt = duty.start, duty.end, duty.halt
    duty_at, free_at = state.duty_at, state.free_at
    use_docks, dock_ptr, dock_calendar, dock_opening, dock_free_at = docks
    start, docked, taken_by, back_at, part_end = dispatched
    num_fleets = len(rest_after)
    wanted = np.empty(num_classes)
    begun = np.empty(num_classes)
    for place in range(len(server_ptr) - 1):
        first_server, end_server = server_ptr[place], server_ptr[place + 1]
        queues_here = place * num_classes
        begun[:] = 0.0
        while True:
            earliest = NEVER
            for fleet_set in range(1, num_classes):
                wanted[fleet_set] = NEVER
                first = head[queues_here + fleet_set]
                if first < tail[queues_here + fleet_set]:
                    wanted[fleet_set] = max(ready[first], begun[fleet_set])
                    earliest = min(earliest, wanted[fleet_set])
            if earliest >= until:
                break
            begin = until
            for server in range(first_server, end_server):
                since = NEVER
                for fleet_set in range(1, num_classes):
                    if fleet_set >> fleet_of[server] & 1:
                        since = min(since, wanted[fleet_set])
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
            queue = -1
            for fleet_set in range(1, num_classes):
                if wanted[fleet_set] <= begin and fleet_set & there:
                    unit = head[queues_here + fleet_set]
                    other = head[queues_here + queue] if queue >= 0 else -1
                    is_before = queue < 0 or key[unit] < key[other]
                    if queue >= 0 and not in_sequence and ready[unit] != ready[other]:
                        is_before = ready[unit] < ready[other]
                    if is_before:
                        queue = fleet_set
            unit = head[queues_here + queue]
            server, at, longest = -1, -1, NEVER
            for fleet in range(num_fleets):
                if server >= 0 or not queue >> fleet & 1:
                    continue
                for other in range(first_server, end_server):
                    if fleet_of[other] == fleet:
                        moment, interval = _free(other, begin, duty_at, interval_ptr, duty_start, duty_end, free_at)
                        since = max(free_at[other], duty_start[interval]) if moment == begin else NEVER
                        if since < longest:
                            server, at, longest = other, interval, since
            head[queues_here + queue] += 1
            begun[queue] = begin
            fleet, last = fleet_of[server], interval_ptr[server + 1]
            if begin - free_at[server] >= rest_min[fleet]:
                driven[server] = 0.0
            at_start, moment, first_part = at, begin, part_ptr[unit]
            docked[unit] = begin
            for part in range(first_part, part_ptr[unit + 1]):
                calendar = part_calendar[part]
                dock = -1
                if use_docks and part == first_part:
                    opens = NEVER
                    for other in range(dock_ptr[place], dock_ptr[place + 1]):
                        free = max(begin, dock_free_at[other])
                        free = _opens(dock_opening[other], free, calendars)
                        if dock < 0 or free < opens:
                            dock, opens = other, free
                    moment, calendar = opens, dock_calendar[dock]
                    docked[unit] = opens
                    waits[fleet, DOCK] += within(begin, opens, horizon)
                minutes, km = part_min[fleet, part], part_km[fleet, part]
                part_begin, at_begin = moment, at
                moment, at, lost = _get_through(moment, minutes, calendar, at, last, horizon, duty, calendars)
                if km > 0 and minutes > 0 and begin < horizon < moment:
                    # As many of its kilometres as of its minutes are still to come.
                    done = _done_by(horizon, part_begin, minutes, calendar, at_begin, last, duty, calendars)
                    km_left[fleet] += km * (1.0 - min(done / minutes, 1.0))
                waits[fleet, part_waits[part]] += lost
                if log is not None:
                    _, _, log.lost[part] = _get_through(
                        part_begin, minutes, calendar, at_begin, last, log.end, duty, calendars
                    )
                part_end[part] = moment
                if dock >= 0:
                    dock_free_at[dock] = moment
            start[unit], taken_by[unit], back_at[unit] = begin, server, moment
            inside, beyond = time_on_trip(begin, moment, at_start, last, horizon, duty_start, duty_end, halt)
            busy[fleet] += inside
            if shared is not None:
                by_step[fleet, shared[unit]] += inside
            overtime[fleet] += beyond
            driven[server] += driving_min[fleet, unit]
            if driven[server] >= rest_after[fleet]:
                driven[server] = 0.0
                moment += rest_min[fleet]
            duty_at[server], free_at[server] = at, moment
