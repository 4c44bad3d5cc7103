"""Compiled kernel of the simplest legs: vehicles that load at a dock, drive, unload and drive back."""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.model.kernels.heap import by_time_free, replace_first
from simsupply.model.kernels.working_time import available, go_on, on_duty_since, spent_by, time_on_trip, within


@njit(cache=True)
def haul(window, queues, trips, duty, state, docks, hauled, worked, shared=None, by_step=None, log=None):
    """Vehicles that take loads in order, load at a dock, drive, unload and drive back.

    A vehicle is given a load when it is ready, the load before it has been given to a vehicle, and
    a vehicle is free and on duty; it then waits for a dock, first come, first served. A vehicle is
    in use from that moment until it is back. Who takes a load is settled as in
    `simsupply.model.kernels.serve`.

    Parameters
    ----------
    window, queues, trips, duty, state, docks, hauled, worked
        `Window`, `LoadQueues` (one queue at each place, in the order in which loads are taken),
        `TripMinutes`, `DutyIntervals`, `Servers`, `Docks`, `Hauled` and `Worked` of
        `simsupply.model.kernels.arguments`.

        ==========================  ==============  =========  =======================================
        array                       shape           unit       use
        ==========================  ==============  =========  =======================================
        queues.head                 (places,)       load       moved on here, set anew by the step
        queues.end                  (places,)       load       read
        queues.ready                (loads,)        min        read
        trips.load, .drive          (loads,)        min        read
        trips.unload, .back         (loads,)        min        read
        duty.server_ptr             (places + 1,)   server     read
        duty.interval_ptr           (servers + 1,)  interval   read
        duty.start, .end, .halt     (intervals,)    min        read
        state.duty_at               (servers,)      interval   updated here, kept by the step
        state.free_at               (servers,)      min        updated here, kept by the step
        docks.ptr                   (places + 1,)   dock       read
        docks.free_at               (docks,)        min        updated here, kept by the step
        docks.wait                  (places,)       min        added to here
        hauled.start, .docked       (loads,)        min        written here
        hauled.done                 (loads,)        min        written here
        hauled.spent                (loads, 3)      min        written here
        worked.busy, .overtime      (places,)       min        added to here
        ==========================  ==============  =========  =======================================
    shared, by_step : int array, shape (loads,), and float array, shape (legs,), minutes; or None
        To which of the legs that share the fleet each load belongs; what of `worked.busy` was work of each, added to
        here. None: there is one leg (compiled apart).
    log : HaulLog or None
        What is recorded of each trip; None: nothing (compiled apart).
    """
    until, horizon = window.until, window.horizon
    head, tail, ready = queues.head, queues.end, queues.ready
    load, drive, unload, back = trips
    server_ptr, interval_ptr = duty.server_ptr, duty.interval_ptr
    duty_start, duty_end, halt = duty.start, duty.end, duty.halt
    duty_at, free_at = state.duty_at, state.free_at
    dock_ptr, dock_free_at, dock_wait = docks
    start, docked, done, spent = hauled
    busy, overtime = worked
    times = np.empty(0)
    servers = np.empty(0, dtype=np.int64)
    for place in range(len(server_ptr) - 1):
        unit, unit_last = head[place], tail[place]
        num_servers = server_ptr[place + 1] - server_ptr[place]
        if unit == unit_last or num_servers == 0:
            continue
        if len(times) < num_servers + 2:
            times = np.empty(num_servers + 2)
            servers = np.empty(num_servers + 2, dtype=np.int64)
        size = by_time_free(place, until, times, servers, duty, state)
        previous = 0.0
        while unit < unit_last and size > 0:
            begin, server = max(ready[unit], previous, times[0]), servers[0]
            if begin >= until:
                break
            at_start = at = duty_at[server]
            if duty_end[at] <= begin:
                time = on_duty_since(server, begin, duty_at, interval_ptr, duty_start, duty_end)
                size = replace_first(times, servers, size, until, time)
                continue
            at_end = interval_ptr[server + 1]
            dock = dock_ptr[place]
            for other in range(dock + 1, dock_ptr[place + 1]):
                if dock_free_at[other] < dock_free_at[dock]:
                    dock = other
            moment = max(begin, dock_free_at[dock])
            docked[unit] = moment
            dock_wait[place] += within(begin, moment, horizon)
            loading, at_loading = moment, at
            moment, at = go_on(moment, load[unit], at, at_end, duty_start, halt)
            dock_free_at[dock] = moment
            driving, at_driving = moment, at
            moment, at = go_on(moment, drive[unit], at, at_end, duty_start, halt)
            arrival = moment
            moment, at = go_on(moment, unload[unit], at, at_end, duty_start, halt)
            start[unit], done[unit] = begin, moment
            returning, at_returning = moment, at
            moment, at = go_on(moment, back[unit], at, at_end, duty_start, halt)
            if log is not None:
                log.taken_by[unit] = server
                road_before = log.road_before[unit]
                log.load_begin[unit], _ = go_on(loading, road_before, at_loading, at_end, duty_start, halt)
                log.part_end[unit, 0], log.part_end[unit, 1] = driving, arrival
                log.part_end[unit, 2], log.part_end[unit, 3] = returning, moment
            if begin < horizon < moment:
                if driving > horizon:
                    spent[unit, 0] = spent_by(horizon, loading, load[unit], at_loading, at_end, duty_start, halt)
                if arrival > horizon:
                    spent[unit, 1] = spent_by(horizon, driving, drive[unit], at_driving, at_end, duty_start, halt)
                spent[unit, 2] = spent_by(horizon, returning, back[unit], at_returning, at_end, duty_start, halt)
            inside, beyond = time_on_trip(begin, moment, at_start, at_end, horizon, duty_start, duty_end, halt)
            busy[place] += inside
            if shared is not None:
                by_step[shared[unit]] += inside
            overtime[place] += beyond
            previous = begin
            unit += 1
            duty_at[server], free_at[server] = at, moment
            time = available(server, moment, duty_at, interval_ptr, duty_start, duty_end)
            size = replace_first(times, servers, size, until, time)
        head[place] = unit
