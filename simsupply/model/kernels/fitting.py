"""Compiled kernel of crews that begin only what they can finish before the end of their duty.

Such a crew has a rule of its own for who takes what: a free server that has no time left for the
unit at the head of the queue is passed over, and may still be the one to take a shorter unit later.
Its servers are looked through one by one: they are few at each place. That is written out in the kernel, for as a
function of its own it would have the references to all of its arrays counted for each unit.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from simsupply.model.kernels.arrays import fits
from simsupply.model.kernels.working_time import NEVER, outlast


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
def serve_fitting(since, window, queues, duty, fit_end, state, begun, worked, speed=None, shared=None, by_step=None):
    """Multi-server stages whose servers begin only what would be done by `fit_end` of their duty.

    At any moment the head of the place is the head of the first queue that is ready. It is begun at
    the first moment at which a server is free, on duty, and would be done in time; at that moment
    it goes to the one of those servers that is free and on duty longest, the lowest number among
    equals. Until then nothing behind it is begun, though other servers would have time for it. Only
    the head of a queue before it, once that is ready, takes its place. A unit that no server ever has
    time for keeps its queue waiting for good.

    Units may come to a halt (by a breakdown, which nobody foresees), but are not handed over.

    Parameters
    ----------
    since : float
        Minutes: `until` of the call before. What was not begun by then is begun now, though a server that was
        passed over was free earlier.
    window, queues, duty, state, begun, worked, speed, shared, by_step
        As for `simsupply.model.kernels.serve.serve`.

        ==================  ==============  =========  =========================================
        array               shape           unit       use
        ==================  ==============  =========  =========================================
        queues.head         (queues,)        unit       moved on here, set anew by the step
        queues.end          (queues,)        unit       read
        queues.ready        (units,)        min        read
        queues.work         (units,)        min        read
        duty.server_ptr     (places + 1,)   server     read
        duty.interval_ptr   (servers + 1,)  interval   read
        duty.start, .end    (intervals,)    min        read
        duty.halt           (intervals,)    min        read
        fit_end             (intervals,)    min        read
        state.duty_at       (servers,)      interval   updated here, kept by the step
        state.free_at       (servers,)      min        updated here, kept by the step
        begun.start         (units,)        min        written here
        begun.interval      (units,)        interval   written here
        worked.busy         (places,)       min        added to here
        worked.overtime     (places,)       min        added to here
        speed               (intervals,)    1          read
        ==================  ==============  =========  =========================================
    fit_end : float array, shape (intervals,)
        Minutes; see `simsupply.model.staff.duty.Duty`.

    Returns
    -------
    finished, done
        As for `simsupply.model.kernels.serve.serve`.
    """
    until, horizon = window.until, window.horizon
    num_classes, head, tail, ready = queues.num_classes, queues.head, queues.end, queues.ready
    work, server_ptr, interval_ptr = queues.work, duty.server_ptr, duty.interval_ptr
    duty_start, duty_end, halt = duty.start, duty.end, duty.halt
    duty_at, free_at = state.duty_at, state.free_at
    start, interval = begun.start, begun.interval
    busy, overtime = worked.busy, worked.overtime
    done = np.full(len(ready), np.nan)
    for place in range(len(server_ptr) - 1):
        queues_here = range(place * num_classes, (place + 1) * num_classes)
        moment = since
        while True:
            earliest = NEVER
            for queue in queues_here:
                if head[queue] < tail[queue]:
                    earliest = min(earliest, ready[head[queue]])
            moment = max(moment, earliest)
            if moment >= until:
                break
            # Until `before` the head stays the head.
            unit, before = -1, until
            for queue in queues_here:
                if head[queue] < tail[queue]:
                    first = head[queue]
                    if ready[first] <= moment:
                        unit = first
                        break
                    before = min(before, ready[first])
            # Who can begin it first, before another takes its place.
            begin, longest, server, at, whole = before, NEVER, -1, -1, work[unit]
            for other in range(server_ptr[place], server_ptr[place + 1]):
                free = max(moment, free_at[other])
                for present in range(duty_at[other], interval_ptr[other + 1]):
                    could = max(free, duty_start[present])
                    if could > begin:
                        break
                    if could >= duty_end[present]:
                        continue
                    minutes = whole
                    if speed is not None:
                        minutes /= speed[present]
                    if fits(could + minutes, fit_end[present]):
                        free_since = max(free_at[other], duty_start[present])
                        if could < begin or (server >= 0 and free_since < longest):
                            begin, longest, server, at = could, free_since, other, present
                        break
            moment = begin
            if server < 0:
                continue
            minutes = whole
            if speed is not None:
                minutes /= speed[at]
            # A breakdown prolongs it, past the end of duty if it must.
            finish, at_end, inside, beyond = outlast(
                begin, minutes, at, interval_ptr[server + 1], horizon, duty_start, duty_end, halt
            )
            head[queue] += 1
            start[unit], done[unit], interval[unit] = begin, finish, at
            duty_at[server], free_at[server] = at_end, finish
            busy[place] += inside
            if shared is not None:
                by_step[shared[unit]] += inside
            overtime[place] += beyond
    finished = np.flatnonzero(~np.isnan(done))
    return finished, done[finished]
