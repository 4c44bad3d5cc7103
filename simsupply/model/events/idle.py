"""Rings of idle people or vehicles on duty, who has been free longest first.

Whoever goes off duty while idle is found when looked at: then an event brings it back with its next duty, or it takes
its new place. So the time by which one stands in its ring can only be too early, and the first whose time holds is the
right one.
"""

from __future__ import annotations

from simsupply.base import filling
from simsupply.model.events.arena import (
    F_DUTY,
    F_SERVER_TIMES,
    I_POOL,
    I_RING,
    I_SERVER,
    called,
    inlined,
    real,
    set_real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import (
    D_END,
    D_FIT,
    D_SPEED,
    D_START,
    DUTY,
    G_HEAD,
    G_POOL,
    G_TAIL,
    IDLE,
    OFF_DUTY,
    P_DECIDER,
    POOL,
    RING,
    S_ARRIVES,
    S_DUTY,
    S_DUTY_END,
    S_NEXT,
    S_PREVIOUS,
    S_RING,
    S_STATE,
    SERVER,
    SERVER_TIMES,
    V_FREE,
    V_SINCE,
)
from simsupply.model.events.heap import push

fits = inlined(filling.fits)
NEVER = float("inf")


@inlined
def decider_of_ring(arena, server):
    """Who is asked when a server is free."""
    ring = whole(arena, I_SERVER, server * SERVER + S_RING)
    return whole(arena, I_POOL, whole(arena, I_RING, ring * RING + G_POOL) * POOL + P_DECIDER)


@inlined
def _insert(arena, server, since):
    """Put a server in its ring, by (since, number)."""
    set_real(arena, F_SERVER_TIMES, server * SERVER_TIMES + V_SINCE, since)
    set_whole(arena, I_SERVER, server * SERVER + S_STATE, IDLE)
    ring = whole(arena, I_SERVER, server * SERVER + S_RING) * RING
    before, behind = whole(arena, I_RING, ring + G_TAIL), -1
    while before >= 0:
        other = real(arena, F_SERVER_TIMES, before * SERVER_TIMES + V_SINCE)
        if other < since or (other == since and before < server):
            break
        behind = before
        before = whole(arena, I_SERVER, before * SERVER + S_PREVIOUS)
    set_whole(arena, I_SERVER, server * SERVER + S_PREVIOUS, before)
    set_whole(arena, I_SERVER, server * SERVER + S_NEXT, behind)
    if before >= 0:
        set_whole(arena, I_SERVER, before * SERVER + S_NEXT, server)
    else:
        set_whole(arena, I_RING, ring + G_HEAD, server)
    if behind >= 0:
        set_whole(arena, I_SERVER, behind * SERVER + S_PREVIOUS, server)
    else:
        set_whole(arena, I_RING, ring + G_TAIL, server)


@called
def remove(arena, server):
    """Take a server out of its ring."""
    ring = whole(arena, I_SERVER, server * SERVER + S_RING) * RING
    before, behind = (
        whole(arena, I_SERVER, server * SERVER + S_PREVIOUS),
        whole(arena, I_SERVER, server * SERVER + S_NEXT),
    )
    if before >= 0:
        set_whole(arena, I_SERVER, before * SERVER + S_NEXT, behind)
    else:
        set_whole(arena, I_RING, ring + G_HEAD, behind)
    if behind >= 0:
        set_whole(arena, I_SERVER, behind * SERVER + S_PREVIOUS, before)
    else:
        set_whole(arena, I_RING, ring + G_TAIL, before)


@inlined
def present_duty(arena, server, now):
    """The duty interval that contains the moment, or the next one; -1: there is none."""
    at, last = whole(arena, I_SERVER, server * SERVER + S_DUTY), whole(arena, I_SERVER, server * SERVER + S_DUTY_END)
    while at < last and real(arena, F_DUTY, at * DUTY + D_END) <= now:
        at += 1
    set_whole(arena, I_SERVER, server * SERVER + S_DUTY, at)
    return at if at < last else -1


@inlined
def _send_home(arena, server, start):
    """An idle server is off duty up to the start of its next duty; infinity: for good."""
    set_whole(arena, I_SERVER, server * SERVER + S_STATE, OFF_DUTY)
    if start < NEVER:
        push(arena, server, start)


@called
def rejoin(arena, server, now):
    """A server has nothing to do from now on: on duty it joins its ring, else it comes back with its next duty.

    Returns
    -------
    bool
        Whether it is on duty.
    """
    at = present_duty(arena, server, now)
    start = real(arena, F_DUTY, at * DUTY + D_START) if at >= 0 else NEVER
    if start > now:
        _send_home(arena, server, start)
        return False
    _insert(arena, server, max(real(arena, F_SERVER_TIMES, server * SERVER_TIMES + V_FREE), start))
    return True


@called
def first_from(arena, server, now, minutes, minutes_later, has_to_fit):
    """The first server of a ring, from this one on, that is on duty and, if work has to fit, has time; -1: none.

    It would take those who belong to the crew `minutes`, those who joined it later `minutes_later`.
    """
    while server >= 0:
        behind = whole(arena, I_SERVER, server * SERVER + S_NEXT)
        at = present_duty(arena, server, now)
        start = real(arena, F_DUTY, at * DUTY + D_START) if at >= 0 else NEVER
        if start > real(arena, F_SERVER_TIMES, server * SERVER_TIMES + V_SINCE):
            # It went off duty while it waited, and counts as free since it came back.
            remove(arena, server)
            if start > now:
                _send_home(arena, server, start)
                server = behind
                continue
            _insert(arena, server, start)
            if whole(arena, I_SERVER, server * SERVER + S_NEXT) != behind:
                server = behind
                continue
        if not has_to_fit:
            return server
        takes = minutes if whole(arena, I_SERVER, server * SERVER + S_ARRIVES) == 0 else minutes_later
        if fits(now + takes / real(arena, F_DUTY, at * DUTY + D_SPEED), real(arena, F_DUTY, at * DUTY + D_FIT)):
            return server
        server = behind
    return -1


@inlined
def next_duty(arena, server, now):
    """When the first duty interval of an idle server after this moment begins; infinity: there is none."""
    at, last = whole(arena, I_SERVER, server * SERVER + S_DUTY), whole(arena, I_SERVER, server * SERVER + S_DUTY_END)
    while at < last and real(arena, F_DUTY, at * DUTY + D_START) <= now:
        at += 1
    return real(arena, F_DUTY, at * DUTY + D_START) if at < last else NEVER
