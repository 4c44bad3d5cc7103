"""Gates with time slots: orders wait there to be called, slot after slot. Who is called is decided outside the loop."""

from __future__ import annotations

from math import floor

from simsupply.model.events.arena import (
    F_DELAY_TIMES,
    F_HOURS,
    F_ORDER_TIMES,
    I_COME,
    I_DELAY,
    I_NODE,
    I_REGISTERS,
    called,
    inlined,
    real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import (
    DELAYS,
    N_DELAY,
    N_EXTRA,
    NODE,
    R_CALLED,
    R_CELL,
    R_COME,
    R_DELAY_ENTITY,
    R_STAND,
    R_TIME_WIDTH,
    Y_DAYS_AHEAD,
    Y_DECIDER,
    Y_HOURS,
    Y_HOURS_END,
    Y_IS_DUE,
)
from simsupply.model.events.heap import push
from simsupply.model.events.wakes import SLOT_BEGINS, wake

MINUTES_PER_DAY = 1440.0


@called
def wait_for_slot(arena, order, node, now):
    """Let an order wait, at least until its household's own slot begins; see `SlotCalls`."""
    number = whole(arena, I_REGISTERS, R_COME)
    set_whole(arena, I_COME, number, order)
    set_whole(arena, I_REGISTERS, R_COME, number + 1)
    delay = whole(arena, I_NODE, node * NODE + N_DELAY) + whole(arena, I_REGISTERS, R_CELL)
    of_day = real(
        arena,
        F_ORDER_TIMES,
        order * whole(arena, I_REGISTERS, R_TIME_WIDTH) + whole(arena, I_NODE, node * NODE + N_EXTRA),
    )
    since, ahead = now, whole(arena, I_DELAY, delay * DELAYS + Y_DAYS_AHEAD)
    if ahead > 0:
        since = (floor(now / MINUTES_PER_DAY) + ahead) * MINUTES_PER_DAY
    # Of each day on which it is open: midnight.
    at, last = whole(arena, I_DELAY, delay * DELAYS + Y_HOURS), whole(arena, I_DELAY, delay * DELAYS + Y_HOURS_END)
    while at < last and real(arena, F_HOURS, 2 * at) + of_day < since:
        at += 1
    if at < last:
        entity = whole(arena, I_REGISTERS, R_DELAY_ENTITY) + delay
        push(arena, entity, real(arena, F_HOURS, 2 * at) + of_day)


@inlined
def slot_begins(arena, delay):
    """A slot begins to which somebody may be called."""
    set_whole(arena, I_DELAY, delay * DELAYS + Y_IS_DUE, 1)
    wake(arena, SLOT_BEGINS, whole(arena, I_DELAY, delay * DELAYS + Y_DECIDER))


@inlined
def decide_slot(arena, delay):
    """Whether it has to be decided outside now who is called at a gate."""
    is_due = whole(arena, I_DELAY, delay * DELAYS + Y_IS_DUE) == 1
    if is_due:
        set_whole(arena, I_DELAY, delay * DELAYS + Y_IS_DUE, 0)
        set_whole(arena, I_REGISTERS, R_STAND, delay)
    return is_due


@inlined
def expect_next_slot(arena):
    """Let the next slot begin of a gate at which some have been called."""
    delay = whole(arena, I_REGISTERS, R_CALLED)
    if delay >= 0:
        set_whole(arena, I_REGISTERS, R_CALLED, -1)
        if real(arena, F_DELAY_TIMES, delay) < float("inf"):
            push(arena, whole(arena, I_REGISTERS, R_DELAY_ENTITY) + delay, real(arena, F_DELAY_TIMES, delay))
