"""Orders on their way: one comes to a node, one has finished it."""

from __future__ import annotations

from math import floor

from simsupply.model.events.arena import (
    F_DELAY_TIMES,
    F_HOURS,
    F_JOB_TIMES,
    F_ORDER_TIMES,
    F_ROOM,
    I_DELAY,
    I_FINISHED,
    I_FLOOR,
    I_JOB,
    I_LIST,
    I_LOADS,
    I_NEXT,
    I_NODE,
    I_ORDER,
    I_REGISTERS,
    I_STAND,
    called,
    inlined,
    real,
    set_real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import (
    BY_WAY,
    DELAY,
    DELAYS,
    FL_DECIDER,
    FLOOR,
    H_COUNT,
    H_HEAD,
    H_IS_LISTED,
    H_LOADS,
    H_NEXT,
    H_TAIL,
    J_LIST,
    J_MISSING,
    J_READY,
    JOB,
    JOB_TIMES,
    LOADS,
    M_DECIDER,
    M_HEAD,
    N_COLUMN,
    N_DELAY,
    N_IN_SEQUENCE,
    N_KIND,
    N_NEXT,
    NODE,
    O_FLOOR,
    O_NEXT,
    O_NODE,
    O_PREVIOUS,
    O_WAY,
    ORDER_HEAD,
    R_CELL,
    R_COLUMNS,
    R_DELAY_ENTITY,
    R_FINISHED,
    R_ORDER_WIDTH,
    R_TIME_WIDTH,
    SLOTS,
    STAND,
    UNITS,
    Y_DAYS_AHEAD,
    Y_HEAD,
    Y_HOURS,
    Y_HOURS_END,
    Y_IS_GATE,
    Y_TAIL,
)
from simsupply.model.events.heap import push
from simsupply.model.events.lines import decider_of, put
from simsupply.model.events.slots import wait_for_slot
from simsupply.model.events.wakes import ORDER_STANDS, ROOM_FREED, UNIT_JOINS, wake

# Numbers on a way that one number of the list of what has finished can tell apart.
COLUMNS = 64
MINUTES_PER_DAY = 1440.0


@inlined
def note(arena, order, column, time):
    """Write down when an order has finished what stands at a number of its way."""
    set_real(arena, F_ORDER_TIMES, order * whole(arena, I_REGISTERS, R_TIME_WIDTH) + column + 1, time)
    number = whole(arena, I_REGISTERS, R_FINISHED)
    set_whole(arena, I_FINISHED, number, order * COLUMNS + column)
    set_whole(arena, I_REGISTERS, R_FINISHED, number + 1)


@called
def arrive(arena, order, node, now):
    """Let an order come to a node: into its unit, to a stand, or into a delay."""
    row = order * whole(arena, I_REGISTERS, R_ORDER_WIDTH)
    set_whole(arena, I_ORDER, row + O_NODE, node)
    column = whole(arena, I_NODE, node * NODE + N_COLUMN)
    kind = whole(arena, I_NODE, node * NODE + N_KIND)
    if kind == UNITS:
        job = whole(arena, I_ORDER, row + ORDER_HEAD + column)
        missing = whole(arena, I_JOB, job * JOB + J_MISSING) - 1
        set_whole(arena, I_JOB, job * JOB + J_MISSING, missing)
        if missing == 0:
            set_real(arena, F_JOB_TIMES, job * JOB_TIMES + J_READY, now)
            of_list = whole(arena, I_JOB, job * JOB + J_LIST)
            if of_list >= 0:
                set_whole(arena, I_LIST, of_list, whole(arena, I_LIST, of_list) - 1)
            if whole(arena, I_NODE, node * NODE + N_IN_SEQUENCE) == 0:
                put(arena, job)
            wake(arena, UNIT_JOINS, decider_of(arena, job))
    elif kind == DELAY:
        delay = whole(arena, I_NODE, node * NODE + N_DELAY) + whole(arena, I_REGISTERS, R_CELL)
        _let_wait(arena, order, delay, column, now)
    elif kind == SLOTS:
        wait_for_slot(arena, order, node, now)
    else:
        _stand(arena, order, whole(arena, I_ORDER, row + ORDER_HEAD + column), column, now)


@inlined
def _let_wait(arena, order, delay, column, now):
    """Let an order pass after a time, or as the gate opens; whoever comes first passes first."""
    width = whole(arena, I_REGISTERS, R_ORDER_WIDTH)
    due = now
    if whole(arena, I_DELAY, delay * DELAYS + Y_IS_GATE) == 0:
        due = now + real(arena, F_DELAY_TIMES, delay)
    else:
        ahead = whole(arena, I_DELAY, delay * DELAYS + Y_DAYS_AHEAD)
        if ahead > 0:
            due = (floor(now / MINUTES_PER_DAY) + ahead) * MINUTES_PER_DAY
        # Hours of opening: start and end in turn; nobody comes again before the last one.
        at, last = whole(arena, I_DELAY, delay * DELAYS + Y_HOURS), whole(arena, I_DELAY, delay * DELAYS + Y_HOURS_END)
        while at < last and real(arena, F_HOURS, 2 * at + 1) <= due:
            at += 1
        if at == last:
            return
        due = max(due, real(arena, F_HOURS, 2 * at))
    set_real(arena, F_ORDER_TIMES, order * whole(arena, I_REGISTERS, R_TIME_WIDTH) + column + 1, due)
    set_whole(arena, I_ORDER, order * width + O_NEXT, -1)
    tail = whole(arena, I_DELAY, delay * DELAYS + Y_TAIL)
    if tail >= 0:
        set_whole(arena, I_ORDER, tail * width + O_NEXT, order)
    else:
        set_whole(arena, I_DELAY, delay * DELAYS + Y_HEAD, order)
        push(arena, whole(arena, I_REGISTERS, R_DELAY_ENTITY) + delay, due)
    set_whole(arena, I_DELAY, delay * DELAYS + Y_TAIL, order)


@inlined
def _stand(arena, order, stand, column, now):
    """Let an order stand ready, by (time, order), and let a load be made up at the end of the instant."""
    width, time_width = whole(arena, I_REGISTERS, R_ORDER_WIDTH), whole(arena, I_REGISTERS, R_TIME_WIDTH)
    before, behind = whole(arena, I_STAND, stand * STAND + H_TAIL), -1
    while before > order and real(arena, F_ORDER_TIMES, before * time_width + column) == now:
        behind = before
        before = whole(arena, I_ORDER, before * width + O_PREVIOUS)
    set_whole(arena, I_ORDER, order * width + O_PREVIOUS, before)
    set_whole(arena, I_ORDER, order * width + O_NEXT, behind)
    if before >= 0:
        set_whole(arena, I_ORDER, before * width + O_NEXT, order)
    else:
        set_whole(arena, I_STAND, stand * STAND + H_HEAD, order)
    if behind >= 0:
        set_whole(arena, I_ORDER, behind * width + O_PREVIOUS, order)
    else:
        set_whole(arena, I_STAND, stand * STAND + H_TAIL, order)
    set_whole(arena, I_STAND, stand * STAND + H_COUNT, whole(arena, I_STAND, stand * STAND + H_COUNT) + 1)
    call_up(arena, stand)
    wake(arena, ORDER_STANDS, whole(arena, I_LOADS, whole(arena, I_STAND, stand * STAND + H_LOADS) * LOADS + M_DECIDER))


@inlined
def call_up(arena, stand):
    """Put a stand on the list of those at which loads may be made up in this instant."""
    if whole(arena, I_STAND, stand * STAND + H_IS_LISTED) == 0:
        loads = whole(arena, I_STAND, stand * STAND + H_LOADS)
        set_whole(arena, I_STAND, stand * STAND + H_IS_LISTED, 1)
        set_whole(arena, I_STAND, stand * STAND + H_NEXT, whole(arena, I_LOADS, loads * LOADS + M_HEAD))
        set_whole(arena, I_LOADS, loads * LOADS + M_HEAD, stand)


@called
def _next_on_its_way(arena, order, node, now):
    """The next node on the way of an order, to which it comes now; -1: there is none."""
    way = whole(arena, I_ORDER, order * whole(arena, I_REGISTERS, R_ORDER_WIDTH) + O_WAY)
    column = whole(arena, I_NODE, node * NODE + N_COLUMN)
    following = whole(arena, I_NEXT, way * whole(arena, I_REGISTERS, R_COLUMNS) + column)
    if following >= 0:
        column = whole(arena, I_NODE, following * NODE + N_COLUMN)
        set_real(arena, F_ORDER_TIMES, order * whole(arena, I_REGISTERS, R_TIME_WIDTH) + column, now)
    return following


@inlined
def pass_on(arena, order, node, now):
    """An order has finished a node; which one is next, -1: it leaves its way."""
    note(arena, order, whole(arena, I_NODE, node * NODE + N_COLUMN), now)
    following = whole(arena, I_NODE, node * NODE + N_NEXT)
    if following == BY_WAY:
        following = _next_on_its_way(arena, order, node, now)
    if following < 0:
        place = whole(arena, I_ORDER, order * whole(arena, I_REGISTERS, R_ORDER_WIDTH) + O_FLOOR)
        if place >= 0:
            set_real(arena, F_ROOM, place, real(arena, F_ROOM, place) + 1.0)
            wake(arena, ROOM_FREED, whole(arena, I_FLOOR, place * FLOOR + FL_DECIDER))
    return following
