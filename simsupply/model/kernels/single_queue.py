"""Compiled kernel of the frequent stage: one queue at each place, and nobody hands work over.

It does what `simsupply.model.kernels.serve.serve` does, in less than half the time: who is free first is
settled in a tournament. Each match between two servers is won by the one that is free earlier, and
remembers the loser; whoever begins something plays again, from its own leaf to the top, against
losers that are known beforehand. Unlike in a heap nothing in this depends on how matches end, which
no processor could foresee.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.model.kernels.working_time import NEVER, available, outlast, within

# Unsigned, because for each signed index numba asks whether it counts from the end.
_ZERO, _ONE = np.uint64(0), np.uint64(1)


@njit(cache=True)
def _draw_up(size, times, servers, loser_time, loser_server):
    """Play all matches between the leaves ``size`` up to ``2 * size``; node 1 is the winner of all."""
    for node in range(size - 1, 0, -1):
        winner, loser = 2 * node, 2 * node + 1
        if times[loser] < times[winner]:
            winner, loser = loser, winner
        times[node], servers[node] = times[winner], servers[winner]
        loser_time[node], loser_server[node] = times[loser], servers[loser]


@njit(cache=True)
def serve_queue(window, queues, duty, state, begun, worked, speed=None, shared=None, by_step=None):
    """Multi-server stages with calendars, one queue of units at each place.

    Parameters
    ----------
    window, queues, duty, state, begun, worked, speed, shared, by_step
        As for `simsupply.model.kernels.serve.serve`, with one queue at each place, and `FINISH` or `PAUSE` at the
        end of every duty interval.

        ==================  ==============  =========  =========================================
        array               shape           unit       use
        ==================  ==============  =========  =========================================
        queues.head         (places,)       unit       moved on here, set anew by the step
        queues.end          (places,)       unit       read
        queues.ready        (units,)        min        read
        queues.work         (units,)        min > 0    read
        duty.server_ptr     (places + 1,)   server     read
        duty.interval_ptr   (servers + 1,)  interval   read
        duty.start, .end    (intervals,)    min        read
        duty.halt           (intervals,)    min        read
        state.duty_at       (servers,)      interval   updated here, kept by the step
        state.free_at       (servers,)      min        updated here, kept by the step
        begun.start         (units,)        min        written here
        begun.interval      (units,)        interval   written here
        worked.busy         (places,)       min        added to here
        worked.overtime     (places,)       min        added to here
        speed               (intervals,)    1          read
        ==================  ==============  =========  =========================================

    Returns
    -------
    finished : int array
        Units that have been begun in this call, place by place. Those of a place stand in the order
        in which their servers are free again, which but for overtime is that of time.
    done : float array, shape of `finished`
        When each is done.
    """
    until, horizon = window.until, window.horizon
    head, tail, ready, work = queues.head, queues.end, queues.ready, queues.work
    server_ptr, interval_ptr = duty.server_ptr, duty.interval_ptr
    duty_start, duty_end, halt = duty.start, duty.end, duty.halt
    duty_at, free_at = state.duty_at, state.free_at
    start, interval = begun.start, begun.interval
    busy, overtime = worked.busy, worked.overtime
    finished, done = np.empty(len(ready), dtype=np.int64), np.empty(len(ready))
    num = 0
    most = 1
    while most < (server_ptr[1:] - server_ptr[:-1]).max():
        most *= 2
    times, servers = np.empty(2 * most), np.empty(2 * most, dtype=np.uint64)
    loser_time, loser_server = np.empty(most), np.empty(most, dtype=np.uint64)
    in_service = np.empty(most, dtype=np.int64)
    for place in range(len(server_ptr) - 1):
        unit, last = head[place], tail[place]
        first, num_servers = server_ptr[place], server_ptr[place + 1] - server_ptr[place]
        if unit == last or num_servers == 0:
            continue
        size = 1
        while size < num_servers:
            size *= 2
        for leaf in range(size):
            times[size + leaf], servers[size + leaf] = NEVER, leaf
            in_service[leaf] = -1
        for leaf in range(num_servers):
            since = free_at[first + leaf]
            times[size + leaf] = available(first + leaf, since, duty_at, interval_ptr, duty_start, duty_end)
        _draw_up(size, times, servers, loser_time, loser_server)
        time, number = times[1], servers[1]
        of_first, of_leaf = np.uint64(first), np.uint64(size)
        none_in_service = num - unit
        previous, busy_here, overtime_here = 0.0, 0.0, 0.0
        while True:
            server = of_first + number
            if in_service[number] >= 0:
                finished[num], done[num] = in_service[number], free_at[server]
                in_service[number] = -1
                num += 1
            begin = max(ready[unit], previous, time) if unit < last else NEVER
            if begin >= until:
                # Nothing more begins: only let everybody finish.
                if time == NEVER or num - unit == none_in_service:
                    break
                time = NEVER
            elif duty_end[duty_at[server]] <= begin:
                # It went off duty while it waited, and counts as free since its next duty begins.
                time = available(np.int64(server), begin, duty_at, interval_ptr, duty_start, duty_end)
                if time < NEVER:
                    time = duty_start[duty_at[server]]
            else:
                at = duty_at[server]
                start[unit], interval[unit] = begin, at
                minutes = work[unit]
                if speed is not None:
                    minutes /= speed[at]
                finish = begin + minutes
                if finish <= duty_end[at]:
                    busy_here += within(begin, finish, horizon)
                    if shared is not None:
                        by_step[shared[unit]] += within(begin, finish, horizon)
                else:
                    finish, at, inside, beyond = outlast(
                        begin, minutes, at, interval_ptr[server + _ONE], horizon, duty_start, duty_end, halt
                    )
                    busy_here += inside
                    if shared is not None:
                        by_step[shared[unit]] += inside
                    overtime_here += beyond
                    duty_at[server] = at
                free_at[server] = finish
                in_service[number] = unit
                previous = begin
                unit += 1
                time = finish
                if finish >= duty_end[at]:
                    time = available(np.int64(server), finish, duty_at, interval_ptr, duty_start, duty_end)
            node = (of_leaf + number) >> _ONE
            while node > _ZERO:
                other_time, other = loser_time[node], loser_server[node]
                is_earlier = other_time < time
                # Bit by bit, so that the compiler makes no branch of it.
                swap = (number ^ other) & (_ZERO - np.uint64(is_earlier | ((other_time == time) & (other < number))))
                loser_time[node], loser_server[node] = (time if is_earlier else other_time), other ^ swap
                time, number = (other_time if is_earlier else time), number ^ swap
                node >>= _ONE
        for leaf in range(num_servers):
            # What is never resumed, and what was done by those who do not come back.
            if in_service[leaf] >= 0:
                finished[num], done[num] = in_service[leaf], free_at[first + leaf]
                num += 1
        head[place] = unit
        busy[place] += busy_here
        overtime[place] += overtime_here
    return finished[:num], done[:num]
