"""Compiled kernel of stages: exact completion times of many units at once, as a pure function of arrays.

Units that wait for interchangeable servers are a deterministic function of ready times, service
times and duty calendars. A kernel computes them for all places of a step in one call, up to a
moment `until`, and can be called again to go on from there: the result does not depend on how the
horizon is cut into windows (a test says so).

Who takes a unit is settled at the end of an instant: of the servers that are then free and on duty
the one that has been so longest (since its last completion or the start of its present duty
interval, whichever is later); the lowest number among equals.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.model.kernels.heap import by_time_free, replace_first
from simsupply.model.kernels.working_time import (
    HAND_OVER,
    NEVER,
    available,
    back_on_duty,
    on_duty_again,
    on_duty_since,
    within,
)


@njit(cache=True)
def serve(window, queues, duty, state, begun, worked, speed=None, shared=None, by_step=None):
    """Multi-server stages with calendars: queues of units, `num_classes` queues at each place.

    A unit begins when it is ready, the unit before it in its queue has begun, and a server is free
    and on duty. Work that was handed over goes first, then the first queue, then the next. A server
    is not taken away from what it has begun, except at the halt of a duty interval (its end, or with
    `FINISH` a later moment or none): what is left then waits for the same server's next interval, or
    with `HAND_OVER` goes to the next server that is free and on duty.

    Parameters
    ----------
    window, queues, duty, state, begun, worked
        `Window`, `Queues`, `DutyIntervals`, `Servers`, `Begun` and `Worked` of
        `simsupply.model.kernels.arguments`. Queues are those of all places, `num_classes` at each.

        ==================  ==============  =========  =========================================
        array               shape           unit       use
        ==================  ==============  =========  =========================================
        queues.head         (queues,)        unit       moved on here, set anew by the step
        queues.end          (queues,)        unit       read
        queues.ready        (units,)        min        read
        queues.work         (units,)        min > 0    updated here: what is left of it
        queues.handed_at    (units,)        min        updated here
        duty.server_ptr     (places + 1,)   server     read
        duty.interval_ptr   (servers + 1,)  interval   read
        duty.start, .end    (intervals,)    min        read
        duty.halt           (intervals,)    min        read
        duty.end_rule       (intervals,)    rule       read
        state.duty_at       (servers,)      interval   updated here, kept by the step
        state.free_at       (servers,)      min        updated here, kept by the step
        begun.start         (units,)        min        written here
        begun.interval      (units,)        interval   written here
        worked.busy         (places,)       min        added to here
        worked.overtime     (places,)       min        added to here
        speed               (intervals,)    1          read
        ==================  ==============  =========  =========================================
    speed : float array, shape (intervals,), or None
        A unit takes its minutes divided by the speed of the interval in which it is begun; what is
        handed over keeps the minutes that are left. None: 1 throughout (compiled apart).
    shared, by_step : int array, shape (units,), and float array, shape (steps,), minutes; or None
        To which of the steps that share the crew each unit belongs; what of `worked.busy` was work of each, added to
        here. None: there is one step (compiled apart).

    Returns
    -------
    finished : int array
        Units whose end has become known in this call.
    done : float array, shape of `finished`
        When each is done.
    """
    until, horizon = window.until, window.horizon
    num_classes, head, tail, ready = queues.num_classes, queues.head, queues.end, queues.ready
    work_left, handed_at = queues.work, queues.handed_at
    server_ptr, interval_ptr, end_rule = duty.server_ptr, duty.interval_ptr, duty.end_rule
    duty_start, duty_end, halt = duty.start, duty.end, duty.halt
    duty_at, free_at = state.duty_at, state.free_at
    start, interval = begun.start, begun.interval
    busy, overtime = worked.busy, worked.overtime
    done = np.full(len(ready), np.nan)
    times = np.empty(0)
    servers = np.empty(0, dtype=np.int64)
    handed = np.empty(0, dtype=np.int64)
    for place in range(len(server_ptr) - 1):
        queues_here = range(place * num_classes, (place + 1) * num_classes)
        is_idle = True
        for queue in queues_here:
            is_idle &= head[queue] == tail[queue]
        num_servers = server_ptr[place + 1] - server_ptr[place]
        if is_idle or num_servers == 0:
            continue
        if len(handed) < num_servers:
            times = np.empty(num_servers + 2)
            servers = np.empty(num_servers + 2, dtype=np.int64)
            handed = np.empty(num_servers, dtype=np.int64)
        size = by_time_free(place, until, times, servers, duty, state)
        num_handed = 0
        for queue in queues_here:
            while head[queue] < tail[queue] and handed_at[head[queue]] < NEVER:
                handed[num_handed] = head[queue]
                num_handed += 1
                head[queue] += 1
        previous, busy_here, overtime_here = 0.0, 0.0, 0.0
        while size > 0:
            wanted = NEVER
            for queue in queues_here:
                if head[queue] < tail[queue]:
                    wanted = min(wanted, ready[head[queue]])
            wanted = max(wanted, previous)
            for position in range(num_handed):
                wanted = min(wanted, handed_at[handed[position]])
            begin, server = max(wanted, times[0]), servers[0]
            if begin >= until:
                break
            at = duty_at[server]
            if duty_end[at] <= begin:
                time = on_duty_since(server, begin, duty_at, interval_ptr, duty_start, duty_end)
                size = replace_first(times, servers, size, until, time)
                continue
            # Work handed over first, in the order of the queues; there are never more than servers.
            unit, taken = -1, -1
            for position in range(num_handed):
                other = handed[position]
                if handed_at[other] <= begin and (unit == -1 or other < unit):
                    unit, taken = other, position
            if unit >= 0:
                num_handed -= 1
                handed[taken] = handed[num_handed]
            else:
                for queue in queues_here:
                    if head[queue] < tail[queue] and ready[head[queue]] <= begin:
                        unit = head[queue]
                        head[queue] += 1
                        break
                start[unit], interval[unit] = begin, at
                if speed is not None:
                    work_left[unit] /= speed[at]
                previous = begin
            work, is_done = work_left[unit], True
            finish = begin + work
            # What the end of duty does not touch is by far the most frequent case.
            while finish > duty_end[at]:
                end, last = min(finish, halt[at]), interval_ptr[server + 1]
                again = on_duty_again(at, last, end, horizon, duty_start, duty_end)
                busy_here += within(begin, duty_end[at], horizon) + again
                if shared is not None:
                    by_step[shared[unit]] += within(begin, duty_end[at], horizon) + again
                overtime_here += within(duty_end[at], end, horizon) - again
                if finish <= halt[at]:
                    break
                work -= end - begin
                if end_rule[at] == HAND_OVER:
                    work_left[unit], handed_at[unit] = work, end
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
                if shared is not None:
                    by_step[shared[unit]] += within(begin, finish, horizon)
            if is_done:
                done[unit] = finish
            duty_at[server], free_at[server] = at, finish
            time = finish
            if finish >= duty_end[at]:
                time = available(server, finish, duty_at, interval_ptr, duty_start, duty_end)
            # `replace_first`, written out: a call that is not inlined counts references to its arrays,
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
