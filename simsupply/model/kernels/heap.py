"""Compiled helpers: the free servers of a place, as a heap by (free since, number).

The heap is `times` (float array, minutes) and `servers` (int array), both of a shape of at least (servers + 2,),
made by the kernel for one place after the other; `size` is the number of servers in it. All functions write into it.
Behind the last entry stands NEVER, so that every entry with a left child has a right one too.
"""

from __future__ import annotations

from numba import njit

from simsupply.model.kernels.working_time import NEVER, available


@njit(cache=True)
def push(times, servers, size, time, server):
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
def replace_first(times, servers, size, until, time):
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
def by_time_free(place, until, times, servers, duty, state):
    """Heap of the servers of a place that can begin something before `until`; returns its size.

    `duty` and `state` are `DutyIntervals` and `Servers` of `simsupply.model.kernels.arguments`.
    """
    duty_at, free_at = state.duty_at, state.free_at
    interval_ptr, duty_start, duty_end = duty.interval_ptr, duty.start, duty.end
    size = 0
    for server in range(duty.server_ptr[place], duty.server_ptr[place + 1]):
        time = available(server, free_at[server], duty_at, interval_ptr, duty_start, duty_end)
        if time < until:
            size = push(times, servers, size, time, server)
    return size
