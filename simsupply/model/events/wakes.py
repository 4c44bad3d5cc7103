"""Who is asked anew when something changes: the table of wake-ups, and the deciders that were touched.

Whatever can make a decision possible touches whoever decides. To touch too many is harmless: who is asked in vain
changes nothing. To touch too few is a fault that shows by luck only; so this is one table, and a test leaves out one
row after the other.
"""

from __future__ import annotations

from simsupply.model.events.arena import I_DECIDER, I_REGISTERS, I_TOUCHED, inlined, set_whole, whole
from simsupply.model.events.columns import A_IS_TOUCHED, DECIDER, R_LEFT_OUT, R_TOUCHED

# What has happened, and who is asked.
(
    UNIT_JOINS,  # a unit or load is ready in a line: the pool of the line
    SERVER_FREE,  # a person or a vehicle is free, on duty: the pool of its ring (driven vehicles: of the crew)
    DUTY_BEGINS,  # an idle one comes on duty: the same
    WORK_HANDED_OVER,  # what is left of a unit joins its line again: the pool of the line
    HAS_DECIDED,  # a pool has given something away: the pool, for what is next
    DUTY_TO_COME,  # nobody has time for what waits: the pool, as the next duty of one of its idle people begins
    ORDER_STANDS,  # an order stands ready for a load: who makes up loads
    TIME_TO_LEAVE,  # a departure: who makes up loads
    LOAD_GONE,  # a vehicle takes what is there: who makes up loads, for what is in it and what still stands
    DOCK_ASKED,  # a vehicle asks for a dock: the docks
    DOCK_FREE,  # a vehicle gives one back: the docks
    DOCK_GIVEN,  # one was given: the docks, for who is next
    DOCK_OPENS,  # a closed one opens: the docks
    ROOM_ASKED,  # a vehicle asks for room: the floor
    ROOM_LEFT,  # parcels leave a floor with a vehicle: the floor
    ROOM_FREED,  # an order leaves a floor at the end of its way: the floor
    ROOM_GIVEN,  # a vehicle was let in: the floor, for who is next
    SLOT_BEGINS,  # a time slot begins to which somebody may be called: the gate
) = range(18)
NUM_WAKES = 18


@inlined
def touch(arena, decider):
    """Let a decider be asked in this instant."""
    if whole(arena, I_DECIDER, decider * DECIDER + A_IS_TOUCHED) == 0:
        set_whole(arena, I_DECIDER, decider * DECIDER + A_IS_TOUCHED, 1)
        position = whole(arena, I_REGISTERS, R_TOUCHED)
        set_whole(arena, I_REGISTERS, R_TOUCHED, position + 1)
        while position > 0:
            parent = (position - 1) >> 1
            if whole(arena, I_TOUCHED, parent) < decider:
                break
            set_whole(arena, I_TOUCHED, position, whole(arena, I_TOUCHED, parent))
            position = parent
        set_whole(arena, I_TOUCHED, position, decider)


@inlined
def wake(arena, why, decider):
    """Something has happened for which a decider is to be asked."""
    if whole(arena, I_REGISTERS, R_LEFT_OUT) != why:
        touch(arena, decider)


@inlined
def first_touched(arena):
    """The decider with the lowest number of those that were touched, which now is not any more; -1: none."""
    size = whole(arena, I_REGISTERS, R_TOUCHED) - 1
    if size < 0:
        return -1
    set_whole(arena, I_REGISTERS, R_TOUCHED, size)
    first, last = whole(arena, I_TOUCHED, 0), whole(arena, I_TOUCHED, size)
    position, child = 0, 1
    while child < size:
        if child + 1 < size and whole(arena, I_TOUCHED, child + 1) < whole(arena, I_TOUCHED, child):
            child += 1
        if last < whole(arena, I_TOUCHED, child):
            break
        set_whole(arena, I_TOUCHED, position, whole(arena, I_TOUCHED, child))
        position, child = child, 2 * child + 1
    set_whole(arena, I_TOUCHED, position, last)
    set_whole(arena, I_DECIDER, first * DECIDER + A_IS_TOUCHED, 0)
    return first
