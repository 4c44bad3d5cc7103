"""Trips: vehicles leave, get through part after part, wait for docks and room, unload, come back."""

from __future__ import annotations

from numpy import int64

from simsupply.model.events.arena import (
    F_DUTY,
    F_JOB_TIMES,
    F_PART_TIMES,
    F_RING_TIMES,
    F_ROOM,
    F_SERVER_TIMES,
    F_TIMES,
    I_BOOK,
    I_DOCK,
    I_DOCKS,
    I_FLOOR,
    I_JOB,
    I_NODE,
    I_OVER,
    I_PART,
    I_REGISTERS,
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
    B_DOCK,
    B_FLOOR,
    B_KM,
    B_TRIPS,
    BOOK,
    C_CALENDAR,
    C_IS_FREE,
    D_END,
    D_START,
    D_STRUCK,
    DOCK,
    DOCKS,
    DUTY,
    FL_DECIDER,
    FL_HEAD,
    FLOOR,
    G_FLEET,
    G_REST,
    G_REST_AFTER,
    HAS_DOCK,
    HAS_ROOM,
    IN_SEAT,
    J_DONE,
    J_NODE,
    J_PART,
    J_PART_END,
    J_SERVER,
    J_SPELL,
    JOB,
    JOB_TIMES,
    K_DECIDER,
    K_HEAD,
    LEAVES,
    N_STEP,
    NODE,
    ON_TRIP,
    PART,
    PART_HEAD,
    Q_CALENDAR,
    Q_CAME,
    Q_DOCKED,
    Q_DOCKS,
    Q_DOCKS_TO,
    Q_END,
    Q_FIRST,
    Q_FLOOR,
    Q_LEAVES,
    Q_PARCELS,
    Q_ROOM,
    Q_THROUGH,
    R_FLEETS,
    R_OVER,
    R_PART_WIDTH,
    RESTS,
    RING,
    RING_TIMES,
    S_BOOK,
    S_DOCK,
    S_DUTY,
    S_DUTY_AT_BEGIN,
    S_DUTY_END,
    S_JOB,
    S_MATE,
    S_PART,
    S_RING,
    S_SPELL,
    S_STATE,
    SERVER,
    SERVER_TIMES,
    T_HORIZON,
    V_BEGAN,
    V_DRIVEN,
    V_FREE,
    V_WAITS,
    WAITS_AT_STOP,
    WAITS_FOR_DOCK,
    WAITS_FOR_ROOM,
)
from simsupply.model.events.heap import push
from simsupply.model.events.queues import is_by_load, join
from simsupply.model.events.roads import get_through
from simsupply.model.events.sums import TICKS_OF_KM, book_lost, book_work
from simsupply.model.events.wakes import DOCK_ASKED, DOCK_FREE, ROOM_ASKED, ROOM_LEFT, wake
from simsupply.model.events.work import note_begun

NEVER = float("inf")


@inlined
def _fleet(arena, vehicle):
    ring = whole(arena, I_SERVER, vehicle * SERVER + S_RING)
    return ring, whole(arena, I_RING, ring * RING + G_FLEET)


@called
def give_load(arena, vehicle, job, now):
    """Let a vehicle, and who is in it, have a load; the trip begins with an event of this instant (`leave_now`)."""
    note_begun(arena, job, now)
    set_whole(arena, I_JOB, job * JOB + J_SERVER, vehicle)
    set_whole(arena, I_JOB, job * JOB + J_SPELL, whole(arena, I_SERVER, vehicle * SERVER + S_SPELL))
    set_real(arena, F_JOB_TIMES, job * JOB_TIMES + J_DONE, float("inf"))
    set_whole(arena, I_SERVER, vehicle * SERVER + S_JOB, job)
    set_real(arena, F_SERVER_TIMES, vehicle * SERVER_TIMES + V_BEGAN, now)
    person = vehicle
    while person >= 0:
        set_whole(arena, I_SERVER, person * SERVER + S_DUTY_AT_BEGIN, whole(arena, I_SERVER, person * SERVER + S_DUTY))
        set_whole(arena, I_SERVER, person * SERVER + S_STATE, IN_SEAT)
        person = whole(arena, I_SERVER, person * SERVER + S_MATE)
    set_whole(arena, I_SERVER, vehicle * SERVER + S_DOCK, -1)


@inlined
def leave_now(arena, vehicle, now):
    """Let a vehicle begin the trip with its load in this instant."""
    set_whole(arena, I_SERVER, vehicle * SERVER + S_STATE, LEAVES)
    push(arena, vehicle, now)


@inlined
def _book_departure(arena, vehicle, job, now):
    """Count a trip that begins, and note what it is about."""
    ring, fleet = _fleet(arena, vehicle)
    width, fleets = whole(arena, I_REGISTERS, R_PART_WIDTH), whole(arena, I_REGISTERS, R_FLEETS)
    if now < real(arena, F_TIMES, T_HORIZON):
        book = whole(arena, I_SERVER, vehicle * SERVER + S_BOOK) * BOOK
        set_whole(arena, I_BOOK, book + B_TRIPS, whole(arena, I_BOOK, book + B_TRIPS) + 1)
        for part in range(whole(arena, I_JOB, job * JOB + J_PART), whole(arena, I_JOB, job * JOB + J_PART_END)):
            # A way that takes no time is driven when its trip begins.
            row = part * width + PART_HEAD + fleet
            if real(arena, F_PART_TIMES, row + 2 * fleets) == 0:
                set_whole(
                    arena,
                    I_BOOK,
                    book + B_KM,
                    whole(arena, I_BOOK, book + B_KM)
                    + int64(real(arena, F_PART_TIMES, row + fleets) * TICKS_OF_KM + 0.5),
                )
    if now - real(arena, F_SERVER_TIMES, vehicle * SERVER_TIMES + V_FREE) >= real(
        arena, F_RING_TIMES, ring * RING_TIMES + G_REST
    ):
        set_real(arena, F_SERVER_TIMES, vehicle * SERVER_TIMES + V_DRIVEN, 0.0)


@inlined
def _begin_part(arena, vehicle, part, has_dock, has_room, now):
    """Let a vehicle begin a part of its trip, or wait for a dock, or then for room, if it needs one that it has not."""
    row = part * whole(arena, I_REGISTERS, R_PART_WIDTH)
    if not has_dock:
        set_real(arena, F_PART_TIMES, row + Q_CAME, now)
        set_real(arena, F_PART_TIMES, row + Q_THROUGH, NEVER)
        docks, state = whole(arena, I_PART, part * PART + Q_DOCKS), WAITS_FOR_DOCK
        if docks < 0:
            docks, state = whole(arena, I_PART, part * PART + Q_DOCKS_TO), WAITS_AT_STOP
        if docks >= 0:
            set_real(arena, F_PART_TIMES, row + Q_DOCKED, NEVER)
            set_real(arena, F_PART_TIMES, row + Q_ROOM, NEVER)
            set_whole(arena, I_SERVER, vehicle * SERVER + S_STATE, state)
            join(arena, I_DOCKS, docks * DOCKS + K_HEAD, vehicle, now, is_by_load(arena, docks))
            wake(arena, DOCK_ASKED, whole(arena, I_DOCKS, docks * DOCKS + K_DECIDER))
            return
    if not has_room:
        set_real(arena, F_PART_TIMES, row + Q_DOCKED, now)
        place = whole(arena, I_PART, part * PART + Q_FLOOR)
        if place >= 0:
            set_real(arena, F_PART_TIMES, row + Q_ROOM, NEVER)
            set_whole(arena, I_SERVER, vehicle * SERVER + S_STATE, WAITS_FOR_ROOM)
            join(arena, I_FLOOR, place * FLOOR + FL_HEAD, vehicle, now, True)
            wake(arena, ROOM_ASKED, whole(arena, I_FLOOR, place * FLOOR + FL_DECIDER))
            return
    set_real(arena, F_PART_TIMES, row + Q_ROOM, now)
    _, fleet = _fleet(arena, vehicle)
    through = get_through(arena, vehicle, part, fleet, now)
    set_whole(arena, I_SERVER, vehicle * SERVER + S_STATE, ON_TRIP)
    if through < NEVER:
        push(arena, vehicle, through)


@inlined
def take_dock(arena, vehicle, dock, now):
    """A vehicle that waited for a dock has one."""
    part = whole(arena, I_SERVER, vehicle * SERVER + S_PART)
    set_whole(arena, I_DOCK, dock * DOCK + C_IS_FREE, 0)
    set_whole(arena, I_SERVER, vehicle * SERVER + S_DOCK, dock)
    book = whole(arena, I_SERVER, vehicle * SERVER + S_BOOK)
    book_lost(arena, book, B_DOCK, real(arena, F_SERVER_TIMES, vehicle * SERVER_TIMES + V_WAITS), now, 1.0)
    if whole(arena, I_SERVER, vehicle * SERVER + S_STATE) == WAITS_FOR_DOCK:
        # How fast it is loaded depends on the dock.
        set_whole(arena, I_PART, part * PART + Q_CALENDAR, whole(arena, I_DOCK, dock * DOCK + C_CALENDAR))
    set_whole(arena, I_SERVER, vehicle * SERVER + S_STATE, HAS_DOCK)
    push(arena, vehicle, now)


@inlined
def enter(arena, vehicle, place, now):
    """A vehicle that waited for room has it."""
    part = whole(arena, I_SERVER, vehicle * SERVER + S_PART)
    set_real(arena, F_ROOM, place, real(arena, F_ROOM, place) - whole(arena, I_PART, part * PART + Q_PARCELS))
    book = whole(arena, I_SERVER, vehicle * SERVER + S_BOOK)
    book_lost(arena, book, B_FLOOR, real(arena, F_SERVER_TIMES, vehicle * SERVER_TIMES + V_WAITS), now, 1.0)
    set_whole(arena, I_SERVER, vehicle * SERVER + S_STATE, HAS_ROOM)
    push(arena, vehicle, now)


@inlined
def _end_part(arena, vehicle, part, now):
    """A vehicle is through with a part of its trip: it gives back its dock, and takes its load off a floor."""
    set_real(arena, F_PART_TIMES, part * whole(arena, I_REGISTERS, R_PART_WIDTH) + Q_THROUGH, now)
    dock = whole(arena, I_SERVER, vehicle * SERVER + S_DOCK)
    if dock >= 0:
        docks = whole(arena, I_PART, part * PART + Q_DOCKS)
        if docks < 0:
            docks = whole(arena, I_PART, part * PART + Q_DOCKS_TO)
        set_whole(arena, I_DOCK, dock * DOCK + C_IS_FREE, 1)
        set_whole(arena, I_SERVER, vehicle * SERVER + S_DOCK, -1)
        wake(arena, DOCK_FREE, whole(arena, I_DOCKS, docks * DOCKS + K_DECIDER))
    place = whole(arena, I_PART, part * PART + Q_LEAVES)
    if place >= 0:
        set_real(arena, F_ROOM, place, real(arena, F_ROOM, place) + whole(arena, I_PART, part * PART + Q_PARCELS))
        wake(arena, ROOM_LEFT, whole(arena, I_FLOOR, place * FLOOR + FL_DECIDER))


@inlined
def _end_trip(arena, vehicle, job, now):
    """A trip is over; whether the vehicle is free at once, and need not rest."""
    ring, fleet = _fleet(arena, vehicle)
    book_trip(arena, vehicle, job, now)
    set_real(arena, F_JOB_TIMES, job * JOB_TIMES + J_DONE, now)
    number = whole(arena, I_REGISTERS, R_OVER)
    set_whole(arena, I_OVER, number, job)
    set_whole(arena, I_SERVER, vehicle * SERVER + S_JOB, -1)
    set_whole(arena, I_REGISTERS, R_OVER, number + 1)
    fleets = whole(arena, I_REGISTERS, R_FLEETS)
    row = (
        whole(arena, I_JOB, job * JOB + J_PART) * whole(arena, I_REGISTERS, R_PART_WIDTH)
        + PART_HEAD
        + 3 * fleets
        + fleet
    )
    driven = real(arena, F_SERVER_TIMES, vehicle * SERVER_TIMES + V_DRIVEN) + real(arena, F_PART_TIMES, row)
    has_to_rest = driven >= real(arena, F_RING_TIMES, ring * RING_TIMES + G_REST_AFTER)
    set_real(arena, F_SERVER_TIMES, vehicle * SERVER_TIMES + V_DRIVEN, 0.0 if has_to_rest else driven)
    if has_to_rest:
        set_whole(arena, I_SERVER, vehicle * SERVER + S_STATE, RESTS)
        push(arena, vehicle, now + real(arena, F_RING_TIMES, ring * RING_TIMES + G_REST))
    return not has_to_rest


@called
def go_on_with_trip(arena, vehicle, state, now):
    """A vehicle goes on: it leaves, has a dock or room, is through with a part of its trip, or has rested.

    Returns
    -------
    first, end : int
        Members of the load that have been unloaded now.
    bool
        Whether it is free now, with who is in it.
    """
    first = end = 0
    if state == RESTS:
        return first, end, True
    part, job = whole(arena, I_SERVER, vehicle * SERVER + S_PART), whole(arena, I_SERVER, vehicle * SERVER + S_JOB)
    has_room = state == HAS_ROOM
    has_dock = has_room or state == HAS_DOCK
    if state == LEAVES:
        _book_departure(arena, vehicle, job, now)
        part = whole(arena, I_JOB, job * JOB + J_PART)
    elif state == ON_TRIP:
        _end_part(arena, vehicle, part, now)
        first, end = whole(arena, I_PART, part * PART + Q_FIRST), whole(arena, I_PART, part * PART + Q_END)
        part += 1
        if part == whole(arena, I_JOB, job * JOB + J_PART_END):
            return first, end, _end_trip(arena, vehicle, job, now)
    set_whole(arena, I_SERVER, vehicle * SERVER + S_PART, part)
    _begin_part(arena, vehicle, part, has_dock, has_room, now)
    return first, end, False


@inlined
def book_trip(arena, vehicle, job, now):
    """Book a trip that has lasted until now for the vehicle and everybody in it, without the time each was down."""
    step = whole(arena, I_NODE, whole(arena, I_JOB, job * JOB + J_NODE) * NODE + N_STEP)
    person = vehicle
    while person >= 0:
        begin = real(arena, F_SERVER_TIMES, vehicle * SERVER_TIMES + V_BEGAN)
        at, last = (
            whole(arena, I_SERVER, person * SERVER + S_DUTY_AT_BEGIN),
            whole(arena, I_SERVER, person * SERVER + S_DUTY_END),
        )
        while at < last and real(arena, F_DUTY, at * DUTY + D_START) < now:
            if real(arena, F_DUTY, at * DUTY + D_END) > begin:
                struck = real(arena, F_DUTY, at * DUTY + D_STRUCK)
                since = max(begin, real(arena, F_DUTY, at * DUTY + D_START))
                book_work(arena, person, at, step, since, min(now, struck))
                # What lies before that has been booked, overtime or not.
                begin = struck
            at += 1
        person = whole(arena, I_SERVER, person * SERVER + S_MATE)
