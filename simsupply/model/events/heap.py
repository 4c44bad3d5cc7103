"""Events that are to come, as a heap by time, at most one for each entity (server, pool, docks, delay).

What happens at the same time is taken in in any order, so that the heap knows no order among equals. The top is left
standing as a *hole* when it has happened: the next event that is pushed takes its place, one sift for both.
"""

from __future__ import annotations

from numpy import int64

from simsupply.model.events.arena import (
    F_HEAP_TIME,
    I_HEAP_ENTITY,
    I_HEAP_PLACE,
    I_REGISTERS,
    called,
    inlined,
    real,
    set_real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import R_HEAP, R_HOLE


@inlined
def _sift_down(arena, position, size, time, entity):
    """Let an entry sink from a position to its place."""
    # Behind the last entry stands one that never comes first, so that every child has a sister: which of them is
    # earlier nobody can guess, the processor neither, so it is reckoned.
    set_real(arena, F_HEAP_TIME, size, float("inf"))
    child = 2 * position + 1
    while child < size:
        child += int64(real(arena, F_HEAP_TIME, child + 1) < real(arena, F_HEAP_TIME, child))
        earlier = real(arena, F_HEAP_TIME, child)
        if time <= earlier:
            break
        set_real(arena, F_HEAP_TIME, position, earlier)
        moved = whole(arena, I_HEAP_ENTITY, child)
        set_whole(arena, I_HEAP_ENTITY, position, moved)
        set_whole(arena, I_HEAP_PLACE, moved, position)
        position, child = child, 2 * child + 1
    set_real(arena, F_HEAP_TIME, position, time)
    set_whole(arena, I_HEAP_ENTITY, position, entity)
    set_whole(arena, I_HEAP_PLACE, entity, position)


@inlined
def _sift_up(arena, position, time, entity):
    """Let an entry rise from a position to its place; a hole at the top stays where it is."""
    least = whole(arena, I_REGISTERS, R_HOLE)
    while position > least:
        parent = (position - 1) >> 1
        if (parent == 0 and least == 1) or real(arena, F_HEAP_TIME, parent) <= time:
            break
        set_real(arena, F_HEAP_TIME, position, real(arena, F_HEAP_TIME, parent))
        moved = whole(arena, I_HEAP_ENTITY, parent)
        set_whole(arena, I_HEAP_ENTITY, position, moved)
        set_whole(arena, I_HEAP_PLACE, moved, position)
        position = parent
    set_real(arena, F_HEAP_TIME, position, time)
    set_whole(arena, I_HEAP_ENTITY, position, entity)
    set_whole(arena, I_HEAP_PLACE, entity, position)


@called
def push(arena, entity, time):
    """Let something happen to an entity at a time; earlier than what it waits for already, or not at all."""
    place = whole(arena, I_HEAP_PLACE, entity)
    if place < 0 and whole(arena, I_REGISTERS, R_HOLE) == 1:
        set_whole(arena, I_REGISTERS, R_HOLE, 0)
        _sift_down(arena, 0, whole(arena, I_REGISTERS, R_HEAP), time, entity)
        return
    if place < 0:
        place = whole(arena, I_REGISTERS, R_HEAP)
        set_whole(arena, I_REGISTERS, R_HEAP, place + 1)
    elif time >= real(arena, F_HEAP_TIME, place):
        return
    _sift_up(arena, place, time, entity)


@inlined
def next_time(arena):
    """When the next event happens; infinity: none will. A hole at the top is filled."""
    size = whole(arena, I_REGISTERS, R_HEAP)
    if whole(arena, I_REGISTERS, R_HOLE) == 1:
        set_whole(arena, I_REGISTERS, R_HOLE, 0)
        size -= 1
        set_whole(arena, I_REGISTERS, R_HEAP, size)
        if size > 0:
            _sift_down(arena, 0, size, real(arena, F_HEAP_TIME, size), whole(arena, I_HEAP_ENTITY, size))
    return real(arena, F_HEAP_TIME, 0) if size > 0 else float("inf")


@inlined
def take(arena):
    """The entity to which the next event happens; its place is a hole from now on."""
    entity = whole(arena, I_HEAP_ENTITY, 0)
    set_whole(arena, I_HEAP_PLACE, entity, -1)
    set_whole(arena, I_REGISTERS, R_HOLE, 1)
    return entity
