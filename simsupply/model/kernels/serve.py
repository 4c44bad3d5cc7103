"""Compiled kernels: exact completion times of many units at once, as pure functions on arrays.

Units that wait for interchangeable servers are a deterministic function of ready times, service
times and duty calendars. A kernel computes them for all places of a step in one call, up to a
moment `until`, and can be called again to go on from there: the result does not depend on how the
horizon is cut into windows (a test says so).

Who takes a unit is settled at the end of an instant: of the servers that are then free and on duty
the one that has been so longest (since its last completion or the start of its present duty
interval, whichever is later); the lowest number among equals.

All times are minutes from 00:00 of day 0 (float64). Arguments that several kernels share:

server_ptr, interval_ptr, duty_start, duty_end, halt, end_rule
    See `simsupply.model.staff.duty.Duty`.
duty_at : int array, shape (servers,), updated
    Duty interval each server has come to.
free_at : float array, shape (servers,), updated
    When each server has finished what it began.
busy, overtime : float arrays, shape (places,), updated
    Minutes of work inside duty intervals and beyond them, up to `horizon`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

# What happens to work in hand when a duty interval ends.
FINISH, PAUSE, HAND_OVER = 0, 1, 2
NEVER = np.inf


# --- free servers: a heap by (free since, number) --------------------------------------------------
#
# Behind the last entry stands NEVER, so that every entry with a left child has a right one too.


@njit(cache=True)
def _push(times, servers, size, time, server):
    """Add a server to the heap; returns its new size."""
    position = size
    while position > 0:
        parent = (position - 1) // 2
        if times[parent] < time or (times[parent] == time and servers[parent] < server):
            break
        times[position], servers[position] = times[parent], servers[parent]
        position = parent
    times[position], servers[position] = time, server
    times[size + 1] = NEVER
    return size + 1


@njit(cache=True)
def _replace_first(times, servers, size, until, time):
    """Give the first server its new `time`, or take it out until the next call; returns the size."""
    server = servers[0]
    if time >= until:
        size -= 1
        time, server = times[size], servers[size]
        times[size] = NEVER
    position, child = 0, 1
    while child < size:
        # Without a branch: which of the two children is first cannot be foreseen.
        child += (times[child + 1] < times[child]) | (
            (times[child + 1] == times[child]) & (servers[child + 1] < servers[child])
        )
        if time < times[child] or (time == times[child] and server < servers[child]):
            break
        times[position], servers[position] = times[child], servers[child]
        position, child = child, 2 * child + 1
    times[position], servers[position] = time, server
    return size


@njit(cache=True)
def available(server, moment, duty_at, interval_ptr, duty_start, duty_end):
    """Since when a server that is free from `moment` on counts as free and on duty (NEVER: never)."""
    at, last = duty_at[server], interval_ptr[server + 1]
    while at < last and duty_end[at] <= moment:
        at += 1
    duty_at[server] = at
    return max(moment, duty_start[at]) if at < last else NEVER


@njit(cache=True)
def _line_up(place, until, times, servers, server_ptr, interval_ptr, duty_start, duty_end, duty_at, free_at):
    """Heap of the servers of a place that can begin something before `until`; returns its size."""
    size = 0
    for server in range(server_ptr[place], server_ptr[place + 1]):
        time = available(server, free_at[server], duty_at, interval_ptr, duty_start, duty_end)
        if time < until:
            size = _push(times, servers, size, time, server)
    return size


@njit(cache=True)
def _again(times, servers, size, begin, until, duty_at, interval_ptr, duty_start, duty_end):
    """Let the first server, which went off duty while it waited, wait anew; returns the heap's size.

    It counts as free since the start of its present (or next) duty. Until then its time in the heap
    can only have been too early: so the first server whose time holds is the right one.
    """
    time = available(servers[0], begin, duty_at, interval_ptr, duty_start, duty_end)
    if time < NEVER:
        time = duty_start[duty_at[servers[0]]]
    return _replace_first(times, servers, size, until, time)


@njit(cache=True)
def within(begin, end, horizon):
    """Minutes from `begin` to `end` that lie before `horizon`."""
    return max(0.0, min(end, horizon) - begin)


@njit(cache=True)
def on_duty_again(at, last, finish, horizon, duty_start, duty_end):
    """Minutes on duty after interval `at` of work that goes on without a pause until `finish`."""
    minutes = 0.0
    at += 1
    while at < last and duty_start[at] < finish:
        minutes += within(duty_start[at], min(finish, duty_end[at]), horizon)
        at += 1
    return minutes


@njit(cache=True)
def back_on_duty(at, last, duty_start, halt):
    """The duty interval in which work of interval `at` goes on after its halt; `last`: in none."""
    moment = halt[at]
    at += 1
    while at < last and duty_start[at] < moment:
        at += 1
    return at


@njit(cache=True)
def outlast(begin, work, at, last, horizon, duty_start, duty_end, halt):
    """Do work that is begun in duty interval `at`, by a server that hands nothing over.

    Returns
    -------
    finish : float
        When it is done; `NEVER` if there is no interval left to go on in.
    at : int
        The duty interval then: that in which the server took it up last.
    busy, overtime : float
        Minutes of work inside and beyond duty.
    """
    busy, overtime, finish = 0.0, 0.0, begin + work
    while finish > duty_end[at]:
        until = min(finish, halt[at])
        again = on_duty_again(at, last, until, horizon, duty_start, duty_end)
        busy += within(begin, duty_end[at], horizon) + again
        overtime += within(duty_end[at], until, horizon) - again
        if finish <= halt[at]:
            return finish, at, busy, overtime
        work -= halt[at] - begin
        following = back_on_duty(at, last, duty_start, halt)
        if following == last:
            return NEVER, at, busy, overtime
        at = following
        begin = duty_start[at]
        finish = begin + work
    return finish, at, busy + within(begin, finish, horizon), overtime


# --- stages -------------------------------------------------------------------------------------


@njit(cache=True)
def serve(
    until,
    horizon,
    num_classes,
    unit_head,
    unit_end,
    ready,
    left,
    handed_at,
    server_ptr,
    interval_ptr,
    duty_start,
    duty_end,
    halt,
    end_rule,
    duty_at,
    free_at,
    start,
    interval,
    busy,
    overtime,
    speed=None,
):
    """Multi-server stages with calendars: lines of units, `num_classes` lines at each place.

    A unit begins when it is ready, the unit before it in its line has begun, and a server is free
    and on duty. Work that was handed over goes first, then the first line, then the next. A server
    is not taken away from what it has begun, except at the halt of a duty interval (its end, or with
    `FINISH` a later moment or none): what is left then waits for the same server's next interval, or
    with `HAND_OVER` goes to the next server that is free and on duty.

    Parameters
    ----------
    until : float
        What would begin at or after this moment is left for the next call.
    horizon : float
        Work is counted up to here.
    unit_head : int array, shape (places * num_classes,), updated
        First unit of each line that has not begun, place by place.
    unit_end : int array, shape (places * num_classes,)
        One past the last unit of each line.
    ready : float array, shape (units,)
        Ready time (infinity: not known yet, nothing behind it in its line may begin).
    left : float array, shape (units,), updated
        Minutes of work > 0; what is left of them once they are handed over.
    handed_at : float array, shape (units,), updated
        When a unit was handed over (infinity: it was not). Such units lead their line.
    start : float array, shape (units,), written
        When each unit was begun, if it was in this call.
    interval : int array, shape (units,), written
        Duty interval in which it was begun.
    speed : float array, shape (intervals,), or None
        A unit takes its minutes divided by the speed of the interval in which it is begun; what is
        handed over keeps the minutes that are left. None: 1 throughout (compiled apart).

    Returns
    -------
    finished : int array
        Units whose end has become known in this call.
    done : float array, shape of `finished`
        When each is done.
    """
    done = np.full(len(ready), np.nan)
    times = np.empty(0)
    servers = np.empty(0, dtype=np.int64)
    handed = np.empty(0, dtype=np.int64)
    for place in range(len(server_ptr) - 1):
        lines = range(place * num_classes, (place + 1) * num_classes)
        is_idle = True
        for line in lines:
            is_idle &= unit_head[line] == unit_end[line]
        num_servers = server_ptr[place + 1] - server_ptr[place]
        if is_idle or num_servers == 0:
            continue
        if len(handed) < num_servers:
            times = np.empty(num_servers + 2)
            servers = np.empty(num_servers + 2, dtype=np.int64)
            handed = np.empty(num_servers, dtype=np.int64)
        size = _line_up(place, until, times, servers, server_ptr, interval_ptr, duty_start, duty_end, duty_at, free_at)
        num_handed = 0
        for line in lines:
            while unit_head[line] < unit_end[line] and handed_at[unit_head[line]] < NEVER:
                handed[num_handed] = unit_head[line]
                num_handed += 1
                unit_head[line] += 1
        previous, busy_here, overtime_here = 0.0, 0.0, 0.0
        while size > 0:
            wanted = NEVER
            for line in lines:
                if unit_head[line] < unit_end[line]:
                    wanted = min(wanted, ready[unit_head[line]])
            wanted = max(wanted, previous)
            for position in range(num_handed):
                wanted = min(wanted, handed_at[handed[position]])
            begin, server = max(wanted, times[0]), servers[0]
            if begin >= until:
                break
            at = duty_at[server]
            if duty_end[at] <= begin:
                size = _again(times, servers, size, begin, until, duty_at, interval_ptr, duty_start, duty_end)
                continue
            # Work handed over first, in the order of the lines; there are never more than servers.
            unit, taken = -1, -1
            for position in range(num_handed):
                other = handed[position]
                if handed_at[other] <= begin and (unit == -1 or other < unit):
                    unit, taken = other, position
            if unit >= 0:
                num_handed -= 1
                handed[taken] = handed[num_handed]
            else:
                for line in lines:
                    if unit_head[line] < unit_end[line] and ready[unit_head[line]] <= begin:
                        unit = unit_head[line]
                        unit_head[line] += 1
                        break
                start[unit], interval[unit] = begin, at
                if speed is not None:
                    left[unit] /= speed[at]
                previous = begin
            work, is_done = left[unit], True
            finish = begin + work
            # What the end of duty does not touch is by far the most frequent case.
            while finish > duty_end[at]:
                end, last = min(finish, halt[at]), interval_ptr[server + 1]
                again = on_duty_again(at, last, end, horizon, duty_start, duty_end)
                busy_here += within(begin, duty_end[at], horizon) + again
                overtime_here += within(duty_end[at], end, horizon) - again
                if finish <= halt[at]:
                    break
                work -= end - begin
                if end_rule[at] == HAND_OVER:
                    left[unit], handed_at[unit] = work, end
                    handed[num_handed] = unit
                    num_handed += 1
                    finish, is_done = end, False
                    break
                following = back_on_duty(at, last, duty_start, halt)
                if following == last:
                    finish = NEVER
                    break
                at = following
                begin = duty_start[at]
                finish = begin + work
            else:
                busy_here += within(begin, finish, horizon)
            if is_done:
                done[unit] = finish
            duty_at[server], free_at[server] = at, finish
            time = finish
            if finish >= duty_end[at]:
                time = available(server, finish, duty_at, interval_ptr, duty_start, duty_end)
            # `_replace_first`, written out: a call that is not inlined counts references to its arrays,
            # which takes longer than the work itself.
            if time >= until:
                size -= 1
                time, server = times[size], servers[size]
                times[size] = NEVER
            position, child = 0, 1
            while child < size:
                child += (times[child + 1] < times[child]) | (
                    (times[child + 1] == times[child]) & (servers[child + 1] < servers[child])
                )
                if time < times[child] or (time == times[child] and server < servers[child]):
                    break
                times[position], servers[position] = times[child], servers[child]
                position, child = child, 2 * child + 1
            times[position], servers[position] = time, server
        busy[place] += busy_here
        overtime[place] += overtime_here
    finished = np.flatnonzero(~np.isnan(done))
    return finished, done[finished]


@njit(cache=True)
def door_times(ptr, start, interval, interval_end, offset, duty_start, halt):
    """When each order of a round is done, if those who walk may be interrupted.

    Parameters
    ----------
    ptr : int array, shape (rounds + 1,)
        Orders of each round, slices of `offset`.
    start, interval, interval_end : arrays, shape (rounds,)
        When each round was begun, in which duty interval, and one past the server's last one.
    offset : float array, shape (orders,)
        Minutes of work from the start of the round until the order is done.
    """
    times = np.empty(len(offset))
    for unit in range(len(start)):
        for order in range(ptr[unit], ptr[unit + 1]):
            begin, at, work = start[unit], interval[unit], offset[order]
            while begin + work > halt[at]:
                work -= halt[at] - begin
                at = back_on_duty(at, interval_end[unit], duty_start, halt)
                if at == interval_end[unit]:
                    work = NEVER
                    break
                begin = duty_start[at]
            times[order] = begin + work
    return times


# --- legs ---------------------------------------------------------------------------------------


@njit(cache=True)
def _go_on(time, minutes, at, last, duty_start, halt):
    """When a vehicle that spends `minutes` from `time` on is through, and its duty interval then.

    A vehicle under way at the end of a shift goes on; one that breaks down or is lost stands until it is
    on duty again.
    """
    while time + minutes > halt[at]:
        minutes -= max(0.0, halt[at] - time)
        following = back_on_duty(at, last, duty_start, halt)
        if following == last:
            return NEVER, at
        at = following
        time = max(time, duty_start[at])
    return time + minutes, at


@njit(cache=True)
def time_on_trip(begin, finish, at, last, horizon, duty_start, duty_end, halt):
    """Minutes inside and beyond duty of a trip begun in interval `at`; not those of a vehicle off duty at a halt."""
    busy, overtime = 0.0, 0.0
    while at < last and max(begin, duty_start[at]) < finish:
        until = min(finish, halt[at])
        again = on_duty_again(at, last, until, horizon, duty_start, duty_end)
        busy += within(max(begin, duty_start[at]), min(until, duty_end[at]), horizon) + again
        overtime += within(duty_end[at], until, horizon) - again
        if finish <= halt[at]:
            break
        at = back_on_duty(at, last, duty_start, halt)
    return busy, overtime


@njit(cache=True)
def haul(
    until,
    horizon,
    unit_head,
    unit_end,
    ready,
    load,
    drive,
    unload,
    back,
    server_ptr,
    interval_ptr,
    duty_start,
    duty_end,
    halt,
    duty_at,
    free_at,
    dock_ptr,
    dock_free_at,
    start,
    done,
    busy,
    overtime,
    dock_wait,
):
    """Vehicles that take loads in order, load at a dock, drive, unload and drive back.

    A vehicle is given a load when it is ready, the load before it has been given to a vehicle, and
    a vehicle is free and on duty; it then waits for a dock, first come, first served. A vehicle is
    in use from that moment until it is back.

    Parameters
    ----------
    until, horizon, unit_head, unit_end, ready
        As for `serve`, with one line of loads at each place.
    load, drive, unload, back : float arrays, shape (loads,)
        Minutes >= 0 of each part of the trip.
    dock_ptr : int array, shape (places + 1,)
        Docks of each place, slices of `dock_free_at`.
    dock_free_at : float array, shape (docks,), updated
        When each dock is free.
    start, done : float arrays, shape (loads,), written
        When a vehicle was given the load and when it is unloaded; NaN: not in this call.
    dock_wait : float array, shape (places,), updated
        Minutes that vehicles stood before a dock, up to the horizon.
    """
    times = np.empty(0)
    servers = np.empty(0, dtype=np.int64)
    for place in range(len(server_ptr) - 1):
        unit, unit_last = unit_head[place], unit_end[place]
        num_servers = server_ptr[place + 1] - server_ptr[place]
        if unit == unit_last or num_servers == 0:
            continue
        if len(times) < num_servers + 2:
            times = np.empty(num_servers + 2)
            servers = np.empty(num_servers + 2, dtype=np.int64)
        size = _line_up(place, until, times, servers, server_ptr, interval_ptr, duty_start, duty_end, duty_at, free_at)
        previous = 0.0
        while unit < unit_last and size > 0:
            begin, server = max(ready[unit], previous, times[0]), servers[0]
            if begin >= until:
                break
            at_start = at = duty_at[server]
            if duty_end[at] <= begin:
                size = _again(times, servers, size, begin, until, duty_at, interval_ptr, duty_start, duty_end)
                continue
            at_end = interval_ptr[server + 1]
            dock = dock_ptr[place]
            for other in range(dock + 1, dock_ptr[place + 1]):
                if dock_free_at[other] < dock_free_at[dock]:
                    dock = other
            moment = max(begin, dock_free_at[dock])
            dock_wait[place] += within(begin, moment, horizon)
            moment, at = _go_on(moment, load[unit], at, at_end, duty_start, halt)
            dock_free_at[dock] = moment
            moment, at = _go_on(moment, drive[unit], at, at_end, duty_start, halt)
            moment, at = _go_on(moment, unload[unit], at, at_end, duty_start, halt)
            start[unit], done[unit] = begin, moment
            moment, at = _go_on(moment, back[unit], at, at_end, duty_start, halt)
            inside, beyond = time_on_trip(begin, moment, at_start, at_end, horizon, duty_start, duty_end, halt)
            busy[place] += inside
            overtime[place] += beyond
            previous = begin
            unit += 1
            duty_at[server], free_at[server] = at, moment
            time = available(server, moment, duty_at, interval_ptr, duty_start, duty_end)
            size = _replace_first(times, servers, size, until, time)
        unit_head[place] = unit
