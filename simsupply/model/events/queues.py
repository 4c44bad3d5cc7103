"""Vehicles that wait for a dock or for room on a floor."""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_SERVER_TIMES,
    I_DOCK,
    I_DOCKS,
    I_JOB,
    I_SERVER,
    inlined,
    real,
    set_real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import (
    C_IS_FREE,
    C_OPENS,
    DOCK,
    DOCKS,
    J_KEY,
    JOB,
    K_BY_LOAD,
    K_END,
    K_FIRST,
    S_JOB,
    S_NEXT,
    S_PREVIOUS,
    SERVER,
    SERVER_TIMES,
    V_WAITS,
)
from simsupply.model.events.roads import opens


@inlined
def join(arena, heads, head, vehicle, now, by_load):
    """Let a vehicle wait in a queue whose head and tail stand at `head` of `heads`: by time, and by load or in turn."""
    set_real(arena, F_SERVER_TIMES, vehicle * SERVER_TIMES + V_WAITS, now)
    key = whole(arena, I_JOB, whole(arena, I_SERVER, vehicle * SERVER + S_JOB) * JOB + J_KEY)
    before, behind = whole(arena, heads, head + 1), -1
    while by_load and before >= 0 and real(arena, F_SERVER_TIMES, before * SERVER_TIMES + V_WAITS) == now:
        if whole(arena, I_JOB, whole(arena, I_SERVER, before * SERVER + S_JOB) * JOB + J_KEY) < key:
            break
        behind = before
        before = whole(arena, I_SERVER, before * SERVER + S_PREVIOUS)
    set_whole(arena, I_SERVER, vehicle * SERVER + S_PREVIOUS, before)
    set_whole(arena, I_SERVER, vehicle * SERVER + S_NEXT, behind)
    if before >= 0:
        set_whole(arena, I_SERVER, before * SERVER + S_NEXT, vehicle)
    else:
        set_whole(arena, heads, head, vehicle)
    if behind >= 0:
        set_whole(arena, I_SERVER, behind * SERVER + S_PREVIOUS, vehicle)
    else:
        set_whole(arena, heads, head + 1, vehicle)


@inlined
def leave(arena, heads, head):
    """Let the first vehicle leave a queue, and say which it is."""
    vehicle = whole(arena, heads, head)
    behind = whole(arena, I_SERVER, vehicle * SERVER + S_NEXT)
    set_whole(arena, heads, head, behind)
    if behind >= 0:
        set_whole(arena, I_SERVER, behind * SERVER + S_PREVIOUS, -1)
    else:
        set_whole(arena, heads, head + 1, -1)
    return vehicle


@inlined
def free_dock(arena, docks, now):
    """The first dock that is free and open, and when the first of the free ones opens if none is."""
    earliest = float("inf")
    for dock in range(whole(arena, I_DOCKS, docks * DOCKS + K_FIRST), whole(arena, I_DOCKS, docks * DOCKS + K_END)):
        if whole(arena, I_DOCK, dock * DOCK + C_IS_FREE) == 1:
            calendar = whole(arena, I_DOCK, dock * DOCK + C_OPENS)
            time = now if calendar == 0 else opens(arena, calendar, now)
            if time <= now:
                return dock, now
            earliest = min(earliest, time)
    return -1, earliest


@inlined
def is_by_load(arena, docks):
    """Whether those that come in the same instant go by load."""
    return whole(arena, I_DOCKS, docks * DOCKS + K_BY_LOAD) == 1
