"""How long parts of trips take: past breakdowns of whoever is on board, and closed or slow roads and places."""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_CALENDAR_SPEED,
    F_CALENDAR_TIME,
    F_DUTY,
    F_PART_TIMES,
    F_TIMES,
    I_CALENDAR_PTR,
    I_PART,
    I_REGISTERS,
    I_SERVER,
    called,
    inlined,
    real,
    set_real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import (
    B_PLACE,
    B_ROAD,
    D_START,
    D_STRUCK,
    DUTY,
    PART,
    PART_HEAD,
    Q_CALENDAR,
    Q_DRIVEN,
    Q_LOST,
    Q_WAITS,
    R_FLEETS,
    R_PART_WIDTH,
    S_BOOK,
    S_DUTY,
    S_DUTY_END,
    S_MATE,
    SERVER,
    SIMPLEST,
    T_END,
    T_HORIZON,
)
from simsupply.model.events.sums import book_km, book_lost
from simsupply.model.kernels.dispatch import ROAD


@inlined
def pace(arena, calendar, moment):
    """Speed at a moment, and when it changes next."""
    at, last = whole(arena, I_CALENDAR_PTR, calendar), whole(arena, I_CALENDAR_PTR, calendar + 1) - 1
    while at < last and real(arena, F_CALENDAR_TIME, at + 1) <= moment:
        at += 1
    return real(arena, F_CALENDAR_SPEED, at), real(arena, F_CALENDAR_TIME, at + 1) if at < last else float("inf")


@inlined
def opens(arena, calendar, moment):
    """The first moment from this one on at which the speed is not 0."""
    speed, change = pace(arena, calendar, moment)
    while speed == 0 and change < float("inf"):
        moment = change
        speed, change = pace(arena, calendar, moment)
    return moment if speed > 0 else float("inf")


@inlined
def _first_struck(arena, vehicle):
    """Who of those on board breaks down, or is struck, first."""
    first, server = vehicle, whole(arena, I_SERVER, vehicle * SERVER + S_MATE)
    least = real(arena, F_DUTY, whole(arena, I_SERVER, vehicle * SERVER + S_DUTY) * DUTY + D_STRUCK)
    while server >= 0:
        moment = real(arena, F_DUTY, whole(arena, I_SERVER, server * SERVER + S_DUTY) * DUTY + D_STRUCK)
        if moment < least:
            first, least = server, moment
        server = whole(arena, I_SERVER, server * SERVER + S_MATE)
    return first, least


@inlined
def _back_on_duty(arena, server, struck):
    """When somebody who is struck is back on duty; infinity: never."""
    at, last = (
        whole(arena, I_SERVER, server * SERVER + S_DUTY) + 1,
        whole(arena, I_SERVER, server * SERVER + S_DUTY_END),
    )
    while at < last and real(arena, F_DUTY, at * DUTY + D_START) < struck:
        at += 1
    if at == last:
        set_whole(arena, I_SERVER, server * SERVER + S_DUTY, last - 1)
        return float("inf")
    set_whole(arena, I_SERVER, server * SERVER + S_DUTY, at)
    return real(arena, F_DUTY, at * DUTY + D_START)


@inlined
def _note_delays(arena, part, waits, behind, lost):
    """Write down, for the record of trips, when the road was behind, or what was lost by a calendar."""
    row = part * whole(arena, I_REGISTERS, R_PART_WIDTH)
    if waits == SIMPLEST:
        set_real(arena, F_PART_TIMES, row + Q_DRIVEN, behind)
    else:
        set_real(arena, F_PART_TIMES, row + Q_LOST, lost)


@called
def get_through(arena, vehicle, part, fleet, now):
    """When a vehicle that begins a part of its trip now is through with it; infinity: never.

    In a part of the simplest trip `km` are driven in the first `road` minutes, in all others in all of them.
    """
    row = part * whole(arena, I_REGISTERS, R_PART_WIDTH) + PART_HEAD + fleet
    fleets = whole(arena, I_REGISTERS, R_FLEETS)
    minutes, km, road = (
        real(arena, F_PART_TIMES, row),
        real(arena, F_PART_TIMES, row + fleets),
        real(arena, F_PART_TIMES, row + 2 * fleets),
    )
    calendar, waits = whole(arena, I_PART, part * PART + Q_CALENDAR), whole(arena, I_PART, part * PART + Q_WAITS)
    book, horizon = whole(arena, I_SERVER, vehicle * SERVER + S_BOOK), real(arena, F_TIMES, T_HORIZON)
    left, driven, begin = minutes, 0.0, now
    road_left, behind, lost = road, float("inf"), 0.0
    while True:
        first, struck = _first_struck(arena, vehicle)
        speed, change = 1.0, float("inf")
        if calendar != 0:
            speed, change = pace(arena, calendar, begin)
        stop = min(change, struck)
        finish = float("inf")
        if speed == 1:
            finish = begin + left
        elif speed > 0:
            finish = begin + left / speed
        if waits == SIMPLEST:
            if behind == float("inf"):
                if begin + road_left <= struck:
                    behind = begin + road_left
                else:
                    road_left -= max(0.0, struck - begin)
            if driven < road:
                further = min(left, max(0.0, struck - begin), road - driven)
                book_km(arena, book, km, begin, further, road)
                driven += further
        else:
            if speed != 1:
                book_lost(arena, book, B_ROAD if waits == ROAD else B_PLACE, begin, min(finish, stop), 1 - speed)
                lost += max(0.0, min(finish, stop, real(arena, F_TIMES, T_END)) - begin) * (1 - speed)
            if minutes != 0:
                until = min(finish, stop, horizon)
                book_km(arena, book, km, begin, min(left, max(0.0, until - begin) * speed), minutes)
        if finish <= stop:
            _note_delays(arena, part, waits, behind, lost)
            return max(finish, begin)
        if waits == SIMPLEST:
            left -= max(0.0, stop - begin)
        elif stop > begin:
            left = max(0.0, left - (stop - begin) * speed)
        if struck <= change:
            back = _back_on_duty(arena, first, struck)
            if back == float("inf"):
                _note_delays(arena, part, waits, behind, lost)
                return back
            begin = max(begin, back)
        else:
            begin = change
