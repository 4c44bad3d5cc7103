"""The event loop: what happens at an instant is taken in, in any order; then it is decided, one decision at a time.

Who is to be asked is touched by what happens (`simsupply.model.events.wakes`); the decider with the lowest number is
asked first, and after each decision whatever it brings about in the same instant is taken in before the next one.
"""

from __future__ import annotations

from typing import Any

from numba import config, njit

from simsupply.model.events.arena import (
    F_ARRIVAL_TIME,
    F_DEPARTURE_TIME,
    F_ORDER_TIMES,
    F_ROOM,
    F_SERVER_TIMES,
    F_TIMES,
    I_ARRIVAL,
    I_CELL,
    I_DECIDER,
    I_DELAY,
    I_DEPARTURE,
    I_DOCKS,
    I_FIRST_STAND,
    I_FLOOR,
    I_JOB,
    I_LOADS,
    I_NODE,
    I_ORDER,
    I_PART,
    I_PASS,
    I_POOL,
    I_PUT,
    I_REGISTERS,
    I_SERVER,
    I_STAND,
    arena_of,
    called,
    inlined,
    real,
    set_real,
    set_whole,
    whole,
)
from simsupply.model.events.cells import lay_down, take_up
from simsupply.model.events.columns import (
    A_KIND,
    A_WHICH,
    AT_WORK,
    CELL,
    DECIDER,
    DELAYS,
    DOCKS,
    DOCKS_DECIDE,
    FL_DECIDER,
    FL_HEAD,
    FLOOR,
    FLOOR_DECIDES,
    GONE,
    H_DEPARTS,
    H_SIBLING,
    HANDS_OVER,
    J_END,
    J_FIRST,
    J_GROUP,
    JOB,
    K_DECIDER,
    K_HEAD,
    LOADS,
    LOADS_DECIDE,
    M_DECIDER,
    N_COLUMN,
    N_LOADS,
    NO_ROOM,
    NODE,
    O_NEXT,
    O_NODE,
    OFF_DUTY,
    P_DECIDER,
    PART,
    POOL,
    POOL_DECIDES,
    Q_PARCELS,
    R_ARRIVAL,
    R_ARRIVALS,
    R_ASK_ALL,
    R_CELL,
    R_CELLS,
    R_DELAY_ENTITY,
    R_DEPARTURE,
    R_DEPARTURES,
    R_DOCK_ENTITY,
    R_EVENTS,
    R_FEWS,
    R_FEWS_END,
    R_FEWS_OF_TURN,
    R_FIRST_DECIDER,
    R_LAST_DECIDER,
    R_ORDER_WIDTH,
    R_PASSES,
    R_POOL_ENTITY,
    R_PUT,
    R_PUTS,
    R_SPELLS,
    R_SPELLS_END,
    R_SPELLS_OF_TRIP,
    R_TIME_WIDTH,
    S_JOB,
    S_MATE,
    S_PART,
    S_STATE,
    SERVER,
    SERVER_TIMES,
    SLOT,
    SLOTS_DECIDE,
    STAND,
    T_NOW,
    V_FREE,
    WINDOW_OVER,
    Y_HAS_SLOTS,
    Y_HEAD,
    Y_TAIL,
    Z_LEFT,
)
from simsupply.model.events.crews import decide_crews
from simsupply.model.events.heap import next_time, push, take
from simsupply.model.events.idle import decider_of_ring, rejoin
from simsupply.model.events.lines import decider_of, put
from simsupply.model.events.loading import decide_loads
from simsupply.model.events.orders import arrive, call_up, pass_on
from simsupply.model.events.pools import decide_pool
from simsupply.model.events.queues import free_dock, leave
from simsupply.model.events.slots import decide_slot, expect_next_slot, slot_begins
from simsupply.model.events.spells import no_more_busy
from simsupply.model.events.trips import book_trip, enter, go_on_with_trip, take_dock
from simsupply.model.events.wakes import (
    DOCK_GIVEN,
    DOCK_OPENS,
    DUTY_BEGINS,
    DUTY_TO_COME,
    ROOM_GIVEN,
    SERVER_FREE,
    TIME_TO_LEAVE,
    UNIT_JOINS,
    first_touched,
    touch,
    wake,
)
from simsupply.model.events.work import go_on_with_work, member


@called
def _decide_floor(arena, place, now):
    """Let in the vehicle that has waited longest, if there is room for all that it brings."""
    vehicle = whole(arena, I_FLOOR, place * FLOOR + FL_HEAD)
    if vehicle >= 0:
        part = whole(arena, I_SERVER, vehicle * SERVER + S_PART)
        if whole(arena, I_PART, part * PART + Q_PARCELS) <= real(arena, F_ROOM, place):
            leave(arena, I_FLOOR, place * FLOOR + FL_HEAD)
            enter(arena, vehicle, place, now)
            wake(arena, ROOM_GIVEN, whole(arena, I_FLOOR, place * FLOOR + FL_DECIDER))


@called
def _decide_docks(arena, docks, now):
    """Give the first dock that is free and open to the vehicle that has waited longest."""
    if whole(arena, I_DOCKS, docks * DOCKS + K_HEAD) < 0:
        return
    dock, opens = free_dock(arena, docks, now)
    if dock >= 0:
        vehicle = leave(arena, I_DOCKS, docks * DOCKS + K_HEAD)
        take_dock(arena, vehicle, dock, now)
        wake(arena, DOCK_GIVEN, whole(arena, I_DOCKS, docks * DOCKS + K_DECIDER))
    elif opens < float("inf"):
        push(arena, whole(arena, I_REGISTERS, R_DOCK_ENTITY) + docks, opens)


@inlined
def _first_of_delay(arena, delay):
    """Let the order pass that has waited longest, and say which it is."""
    order = whole(arena, I_DELAY, delay * DELAYS + Y_HEAD)
    row = order * whole(arena, I_REGISTERS, R_ORDER_WIDTH)
    behind = whole(arena, I_ORDER, row + O_NEXT)
    set_whole(arena, I_DELAY, delay * DELAYS + Y_HEAD, behind)
    if behind < 0:
        set_whole(arena, I_DELAY, delay * DELAYS + Y_TAIL, -1)
    else:
        column = whole(arena, I_NODE, whole(arena, I_ORDER, row + O_NODE) * NODE + N_COLUMN)
        due = real(arena, F_ORDER_TIMES, behind * whole(arena, I_REGISTERS, R_TIME_WIDTH) + column + 1)
        push(arena, whole(arena, I_REGISTERS, R_DELAY_ENTITY) + delay, due)
    return order


@inlined
def _depart(arena, at):
    """It is time for what stands at some places to leave."""
    node, cell = whole(arena, I_DEPARTURE, at), whole(arena, I_REGISTERS, R_CELL)
    stand = whole(arena, I_FIRST_STAND, node * whole(arena, I_REGISTERS, R_CELLS) + cell)
    while stand >= 0:
        set_whole(arena, I_STAND, stand * STAND + H_DEPARTS, 1)
        call_up(arena, stand)
        stand = whole(arena, I_STAND, stand * STAND + H_SIBLING)
    loads = whole(arena, I_NODE, node * NODE + N_LOADS) + cell
    wake(arena, TIME_TO_LEAVE, whole(arena, I_LOADS, loads * LOADS + M_DECIDER))


@inlined
def _free(arena, server, was_busy, now):
    """Somebody, and whoever is with them, has nothing to do from now on."""
    while server >= 0:
        following = whole(arena, I_SERVER, server * SERVER + S_MATE)
        set_whole(arena, I_SERVER, server * SERVER + S_MATE, -1)
        if was_busy:
            set_real(arena, F_SERVER_TIMES, server * SERVER_TIMES + V_FREE, now)
            no_more_busy(arena, server, now)
        if rejoin(arena, server, now):
            wake(arena, SERVER_FREE if was_busy else DUTY_BEGINS, decider_of_ring(arena, server))
        server = following


@called
def _take_in(arena, comes, now):
    """Take in what happens now: an order that comes from outside, or the first event."""
    # Orders that finish a node now: members of a job, or one that has waited; or one that comes from outside.
    job, first, end, order = -1, 0, 0, -1
    if comes:
        order, end = whole(arena, I_ARRIVAL, whole(arena, I_REGISTERS, R_ARRIVAL)), 1
        set_whole(arena, I_REGISTERS, R_ARRIVAL, whole(arena, I_REGISTERS, R_ARRIVAL) + 1)
    else:
        set_whole(arena, I_REGISTERS, R_EVENTS, whole(arena, I_REGISTERS, R_EVENTS) + 1)
        entity = take(arena)
        if entity < whole(arena, I_REGISTERS, R_POOL_ENTITY):
            state = whole(arena, I_SERVER, entity * SERVER + S_STATE)
            job = whole(arena, I_SERVER, entity * SERVER + S_JOB)
            is_free = state == OFF_DUTY
            if state in (AT_WORK, HANDS_OVER, GONE):
                first, end, is_free = go_on_with_work(arena, entity, now)
            elif state != OFF_DUTY:
                first, end, is_free = go_on_with_trip(arena, entity, state, now)
            if is_free:
                _free(arena, entity, state != OFF_DUTY, now)
        elif entity < whole(arena, I_REGISTERS, R_DOCK_ENTITY):
            pool = entity - whole(arena, I_REGISTERS, R_POOL_ENTITY)
            wake(arena, DUTY_TO_COME, whole(arena, I_POOL, pool * POOL + P_DECIDER))
        elif entity < whole(arena, I_REGISTERS, R_DELAY_ENTITY):
            docks = entity - whole(arena, I_REGISTERS, R_DOCK_ENTITY)
            wake(arena, DOCK_OPENS, whole(arena, I_DOCKS, docks * DOCKS + K_DECIDER))
        else:
            delay = entity - whole(arena, I_REGISTERS, R_DELAY_ENTITY)
            if whole(arena, I_DELAY, delay * DELAYS + Y_HAS_SLOTS) == 1:
                slot_begins(arena, delay)
            else:
                order, end = _first_of_delay(arena, delay), 1
    while True:
        for position in range(first, end):
            who = order if order >= 0 else member(arena, job, position)
            node = whole(arena, I_ORDER, who * whole(arena, I_REGISTERS, R_ORDER_WIDTH) + O_NODE)
            if not comes:
                node = pass_on(arena, who, node, now)
            if node >= 0:
                arrive(arena, who, node, now)
        # Units that were served with it are finished too.
        if job >= 0 and first < end:
            job = whole(arena, I_JOB, job * JOB + J_GROUP)
        if job < 0 or first == end:
            break
        first, end = whole(arena, I_JOB, job * JOB + J_FIRST), whole(arena, I_JOB, job * JOB + J_END)


@called
def _let_pass(arena, order, now):
    """Let an order go on that was called."""
    node = whole(arena, I_ORDER, order * whole(arena, I_REGISTERS, R_ORDER_WIDTH) + O_NODE)
    node = pass_on(arena, order, node, now)
    if node >= 0:
        arrive(arena, order, node, now)


@called
def _decide(arena, decider, now):
    """Ask one decider; `WINDOW_OVER`, or why the loop has to be left before it goes on."""
    which, kind = (
        whole(arena, I_DECIDER, decider * DECIDER + A_WHICH),
        whole(arena, I_DECIDER, decider * DECIDER + A_KIND),
    )
    if kind == FLOOR_DECIDES:
        _decide_floor(arena, which, now)
    elif kind == DOCKS_DECIDE:
        _decide_docks(arena, which, now)
    elif kind == LOADS_DECIDE:
        why = decide_loads(arena, which, now)
        if why != WINDOW_OVER:
            touch(arena, decider)
        return why
    elif kind == SLOTS_DECIDE:
        if decide_slot(arena, which):
            return SLOT
    else:
        spells = whole(arena, I_REGISTERS, R_SPELLS) + whole(arena, I_REGISTERS, R_SPELLS_OF_TRIP)
        if spells > whole(arena, I_REGISTERS, R_SPELLS_END):
            touch(arena, decider)
            return NO_ROOM
        if kind == POOL_DECIDES:
            decide_pool(arena, which, now)
        else:
            fews = whole(arena, I_REGISTERS, R_FEWS) + whole(arena, I_REGISTERS, R_FEWS_OF_TURN)
            if fews > whole(arena, I_REGISTERS, R_FEWS_END):
                touch(arena, decider)
                return NO_ROOM
            decide_crews(arena, which, now)
    return WINDOW_OVER


@called
def _go_on(arena, until):
    """Let time pass in one cell up to `until`; why the loop leaves it. Nothing happens at `until` itself."""
    for at in range(whole(arena, I_REGISTERS, R_PUT), whole(arena, I_REGISTERS, R_PUTS)):
        put(arena, whole(arena, I_PUT, at))
        wake(arena, UNIT_JOINS, decider_of(arena, whole(arena, I_PUT, at)))
    set_whole(arena, I_REGISTERS, R_PUT, 0)
    set_whole(arena, I_REGISTERS, R_PUTS, 0)
    now, coming, leaving = (
        real(arena, F_TIMES, T_NOW),
        whole(arena, I_REGISTERS, R_ARRIVALS),
        whole(arena, I_REGISTERS, R_DEPARTURES),
    )
    for at in range(whole(arena, I_REGISTERS, R_PASSES)):
        _let_pass(arena, whole(arena, I_PASS, at), now)
    set_whole(arena, I_REGISTERS, R_PASSES, 0)
    expect_next_slot(arena)
    while True:
        arrival = departure = float("inf")
        if whole(arena, I_REGISTERS, R_ARRIVAL) < coming:
            arrival = real(arena, F_ARRIVAL_TIME, whole(arena, I_REGISTERS, R_ARRIVAL))
        if arrival <= now:
            event = now
        else:
            event = next_time(arena)
        if event <= now:
            _take_in(arena, arrival <= now, now)
            continue
        if whole(arena, I_REGISTERS, R_DEPARTURE) < leaving:
            departure = real(arena, F_DEPARTURE_TIME, whole(arena, I_REGISTERS, R_DEPARTURE))
        if departure <= now:
            _depart(arena, whole(arena, I_REGISTERS, R_DEPARTURE))
            set_whole(arena, I_REGISTERS, R_DEPARTURE, whole(arena, I_REGISTERS, R_DEPARTURE) + 1)
            continue
        decider = first_touched(arena)
        if decider >= 0:
            why = _decide(arena, decider, now)
            if why != WINDOW_OVER:
                return why
            continue
        now = min(arrival, event, departure)
        if now >= until:
            set_real(arena, F_TIMES, T_NOW, until)
            return WINDOW_OVER
        set_real(arena, F_TIMES, T_NOW, now)
        if whole(arena, I_REGISTERS, R_ASK_ALL) == 1:
            last = whole(arena, I_REGISTERS, R_LAST_DECIDER)
            for touched in range(whole(arena, I_REGISTERS, R_FIRST_DECIDER), last):
                touch(arena, touched)


def go_on(directories: Any, first: int, end: int, until: float, is_again: bool) -> int:
    """Let time pass in the cells of a group up to `until`, or until something has to be done outside.

    Parameters
    ----------
    directories : see `simsupply.model.events.arena.directories_of`
    first, end : int
        Its cells.
    until : float
        Minutes; nothing happens at `until` itself.
    is_again : bool
        Whether only those cells are meant which the loop has left before they came to `until`.

    Returns
    -------
    int
        Cells that have not come to `until`: each says why.
    """
    left = 0
    for cell in range(first, end):
        arena = arena_of(directories, cell)
        if is_again and whole(arena, I_CELL, cell * CELL + Z_LEFT) == WINDOW_OVER:
            continue
        take_up(arena, cell)
        why = _go_on(arena, until)
        lay_down(arena, cell, why)
        if why != WINDOW_OVER:
            left += 1
    return left


run = njit(cache=True, nogil=True)(go_on)


@njit(cache=True)
def _book_trip(directories, vehicle, job, now):
    book_trip(arena_of(directories, 0), vehicle, job, now)


def run_arena(directories: Any, first: int, end: int, until: float, is_again: bool) -> int:
    """As `go_on`, whether compiled or not; threads may do this at once for groups of the same component."""
    found: int = (go_on if config.DISABLE_JIT else run)(directories, first, end, until, is_again)
    return found


def book_trip_of(directories: Any, vehicle: int, job: int, now: float) -> None:
    """Book a trip that is under way, up to now; see `simsupply.model.events.trips.book_trip`."""
    if config.DISABLE_JIT:
        book_trip(directories[0], vehicle, job, now)
    else:
        _book_trip(directories, vehicle, job, now)
