"""Compiled kernels: exact completion times of many units at once, as pure functions on arrays.

Units that wait for interchangeable servers are a deterministic function of ready times, service
times and duty calendars. A kernel computes them for all places of a step in one call, up to a
moment `until`, and can be called again to go on from there: the result does not depend on how the
horizon is cut into windows (a test says so).

All times are minutes from 00:00 of day 0 (float64).
"""

from __future__ import annotations

import numpy as np
from numba import njit

FINISH, PAUSE = 0, 1
NEVER = np.inf


@njit(cache=True)
def _sift_down(times, servers, size):
    """Restore the heap order (time, server) after the root was replaced."""
    time, server = times[0], servers[0]
    position = 0
    while True:
        child = 2 * position + 1
        if child >= size:
            break
        right = child + 1
        if right < size and (
            times[right] < times[child] or (times[right] == times[child] and servers[right] < servers[child])
        ):
            child = right
        if times[child] < time or (times[child] == time and servers[child] < server):
            times[position], servers[position] = times[child], servers[child]
            position = child
        else:
            break
    times[position], servers[position] = time, server


@njit(cache=True)
def _sift_up(times, servers, position):
    """Restore the heap order after an entry was appended at `position`."""
    time, server = times[position], servers[position]
    while position > 0:
        parent = (position - 1) // 2
        if time < times[parent] or (time == times[parent] and server < servers[parent]):
            times[position], servers[position] = times[parent], servers[parent]
            position = parent
        else:
            break
    times[position], servers[position] = time, server


@njit(cache=True)
def _next_duty(server, moment, duty_at, interval_ptr, duty_start, duty_end):
    """First time from `moment` on at which a server is on duty (infinity: never again)."""
    last = interval_ptr[server + 1]
    while duty_at[server] < last and duty_end[duty_at[server]] <= moment:
        duty_at[server] += 1
    if duty_at[server] == last:
        return NEVER
    return max(moment, duty_start[duty_at[server]])


@njit(cache=True)
def _within(begin, end, horizon):
    """Minutes from `begin` to `end` that lie before `horizon`."""
    return max(0.0, min(end, horizon) - begin)


@njit(cache=True)
def serve(
    until,
    horizon,
    unit_head,
    unit_end,
    ready,
    service,
    shift_end,
    server_ptr,
    interval_ptr,
    duty_start,
    duty_end,
    duty_at,
    free_at,
    last_start,
    start,
    done,
    busy,
    overtime,
):
    """Multi-server stages with calendars: units start in their given order, place by place.

    A unit starts at the latest of: its own ready time, the start of the unit before it, and the
    moment the first server is free and on duty. Among free servers the one free longest takes it
    (ties: lowest number).

    Parameters
    ----------
    until : float
        Units that would start at or after this moment are left for the next call.
    horizon : float
        Work is counted in `busy` and `overtime` up to here.
    unit_head : int array, shape (places,), updated
        First unit of each place that has not started; units stand in service order.
    unit_end : int array, shape (places,)
        One past the last unit of each place.
    ready, service : float arrays, shape (units,)
        Ready time (infinity: not known yet, nothing behind it may start) and minutes of work > 0.
    shift_end : int
        `FINISH`: who has begun stays until it is done. `PAUSE`: the work waits for the same
        server's next duty.
    server_ptr, interval_ptr, duty_start, duty_end
        See `simsupply.model.calendars.Duty`.
    duty_at : int array, shape (servers,), updated
        Duty interval each server has come to.
    free_at : float array, shape (servers,), updated
        When each server has finished what it began.
    last_start : float array, shape (places,), updated
        Start of the last unit started.
    start, done : float arrays, shape (units,), written
        Start and completion of each unit that starts.
    busy, overtime : float arrays, shape (places,), updated
        Minutes of work inside and outside duty intervals.
    """
    times = np.empty(0)
    servers = np.empty(0, dtype=np.int64)
    for place in range(len(unit_head)):
        unit = unit_head[place]
        if unit == unit_end[place] or ready[unit] >= until:
            continue
        first, last = server_ptr[place], server_ptr[place + 1]
        if len(times) < last - first:
            times = np.empty(last - first)
            servers = np.empty(last - first, dtype=np.int64)
        size = 0
        for server in range(first, last):
            moment = _next_duty(server, free_at[server], duty_at, interval_ptr, duty_start, duty_end)
            if moment < until:
                times[size], servers[size] = moment, server
                _sift_up(times, servers, size)
                size += 1
        previous = last_start[place]
        while unit < unit_end[place] and size > 0:
            moment = max(ready[unit], previous)
            server = servers[0]
            begin = max(moment, times[0])
            if begin >= until:
                break
            if begin > times[0]:
                # The server waited; it may have gone off duty meanwhile.
                on_duty = _next_duty(server, begin, duty_at, interval_ptr, duty_start, duty_end)
                if on_duty > begin:
                    if on_duty < until:
                        times[0] = on_duty
                    else:
                        size -= 1
                        times[0], servers[0] = times[size], servers[size]
                    _sift_down(times, servers, size)
                    continue
            work = service[unit]
            end = duty_end[duty_at[server]]
            finish = begin + work
            if finish <= end:
                busy[place] += _within(begin, finish, horizon)
            elif shift_end == FINISH:
                busy[place] += _within(begin, end, horizon)
                overtime[place] += _within(end, finish, horizon)
            else:
                busy[place] += _within(begin, end, horizon)
                left = work - (end - begin)
                finish = NEVER
                while duty_at[server] + 1 < interval_ptr[server + 1]:
                    duty_at[server] += 1
                    begin_again, end = duty_start[duty_at[server]], duty_end[duty_at[server]]
                    if begin_again + left <= end:
                        finish = begin_again + left
                        busy[place] += _within(begin_again, finish, horizon)
                        break
                    busy[place] += _within(begin_again, end, horizon)
                    left -= end - begin_again
            start[unit], done[unit] = begin, finish
            previous = begin
            free_at[server] = finish
            unit += 1
            moment = _next_duty(server, finish, duty_at, interval_ptr, duty_start, duty_end)
            if moment < until:
                times[0] = moment
            else:
                size -= 1
                times[0], servers[0] = times[size], servers[size]
            if size > 0:
                _sift_down(times, servers, size)
        unit_head[place] = unit
        last_start[place] = previous


@njit(cache=True)
def chunk(group_ptr, weight, max_weight, max_count):
    """Cut each group of a sequence into chunks under a weight and a count limit.

    Parameters
    ----------
    group_ptr : int array, shape (groups + 1,)
    weight : float array, shape (units,)
    max_weight, max_count : float, int
        A chunk always takes at least one unit.

    Returns
    -------
    number : int array, shape (units,)
        Chunk of each unit within its group, from 0.
    """
    number = np.empty(len(weight), dtype=np.int64)
    for group in range(len(group_ptr) - 1):
        current, load, count = 0, 0.0, 0
        for unit in range(group_ptr[group], group_ptr[group + 1]):
            if count > 0 and (load + weight[unit] > max_weight or count == max_count):
                current += 1
                load, count = 0.0, 0
            load += weight[unit]
            count += 1
            number[unit] = current
    return number


@njit(cache=True)
def complete(unit_of, orders, times, remaining, latest):
    """Count finished orders into the units (consignments, rounds, loads) they belong to.

    Parameters
    ----------
    unit_of : int array, shape (orders of the wave,)
    orders : int array
        Orders that have just finished the step before, with their `times`.
    remaining : int array, shape (units,), updated
        Orders of each unit not yet finished.
    latest : float array, shape (units,), updated
        Latest finish so far.

    Returns
    -------
    int array
        Units that have become complete; their ready time is in `latest`.
    """
    complete_units = np.empty(len(orders), dtype=np.int64)
    num = 0
    for position in range(len(orders)):
        unit = unit_of[orders[position]]
        latest[unit] = max(latest[unit], times[position])
        remaining[unit] -= 1
        if remaining[unit] == 0:
            complete_units[num] = unit
            num += 1
    return complete_units[:num]


@njit(cache=True)
def receive_deliveries(
    households, times, kg, horizon, need_kg_per_min, first, last, longest_gap, empty_at, empty_min, kg_total
):
    """Book deliveries, in order of time, on the households that receive them.

    An empty pantry counts as deprivation from that minute to the next delivery.

    Parameters
    ----------
    households, times, kg : arrays, shape (deliveries,)
    horizon : float
        Later deliveries only set `first`.
    need_kg_per_min : float
        What a household uses up.
    first, last, longest_gap, empty_at, empty_min, kg_total : float arrays, shape (households,), updated
        First delivery (infinity: none), last delivery (0: none), longest time without a delivery,
        moment the pantry runs out, minutes it was empty, kg received.
    """
    for position in range(len(households)):
        household, time = households[position], times[position]
        if time < first[household]:
            first[household] = time
        if time >= horizon:
            continue
        longest_gap[household] = max(longest_gap[household], time - last[household])
        last[household] = time
        if empty_at[household] < time:
            empty_min[household] += time - empty_at[household]
            empty_at[household] = time
        empty_at[household] += kg[position] / need_kg_per_min
        kg_total[household] += kg[position]
