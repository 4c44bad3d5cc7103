"""Compiled helpers of working time: when a server is on duty, and what becomes of work at the end of it.

They are small, so that they are inlined where they are called, in hot loops: they take plain arrays. Those called
`interval_ptr`, `duty_at`, `duty_start`, `duty_end` and `halt` are those of `DutyIntervals` and `Servers` of
`simsupply.model.kernels.arguments`; `available` and `on_duty_since` write into `duty_at`, the others into none. All
times and lengths are minutes; `at` is a duty interval, `last` one past the last of its server.
"""

from __future__ import annotations

import numpy as np
from numba import njit

# What happens to work in hand when a duty interval ends.
FINISH, PAUSE, HAND_OVER = 0, 1, 2
NEVER = np.inf


@njit(cache=True)
def available(server, moment, duty_at, interval_ptr, duty_start, duty_end):
    """Since when a server that is free from `moment` on counts as free and on duty (NEVER: never)."""
    at, last = duty_at[server], interval_ptr[server + 1]
    while at < last and duty_end[at] <= moment:
        at += 1
    duty_at[server] = at
    return max(moment, duty_start[at]) if at < last else NEVER


@njit(cache=True)
def on_duty_since(server, moment, duty_at, interval_ptr, duty_start, duty_end):
    """Since when a server counts as free that went off duty while it waited, which is known at `moment`.

    That is the start of its present (or next) duty (NEVER: there is none). Until then its time in the heap can
    only have been too early: so the first server whose time holds is the right one.
    """
    time = available(server, moment, duty_at, interval_ptr, duty_start, duty_end)
    return duty_start[duty_at[server]] if time < NEVER else NEVER


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


@njit(cache=True)
def go_on(time, minutes, at, last, duty_start, halt):
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
def spent_by(horizon, time, minutes, at, last, duty_start, halt):
    """Minutes of those that `go_on` spends from `time` on which are spent by the horizon."""
    spent = 0.0
    while time < horizon:
        is_through = time + minutes <= halt[at]
        part = minutes if is_through else max(0.0, halt[at] - time)
        spent += min(part, horizon - time)
        following = last if is_through else back_on_duty(at, last, duty_start, halt)
        if following == last:
            break
        minutes -= part
        at = following
        time = max(time, duty_start[at])
    return spent


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
