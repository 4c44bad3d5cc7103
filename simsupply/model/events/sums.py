"""Sums of work, in whole ticks: the same in whatever order they are added up."""

from __future__ import annotations

from numpy import int64

from simsupply.model.events.arena import (
    F_DUTY,
    F_TIMES,
    I_BOOK,
    I_BY_STEP,
    I_REGISTERS,
    I_SERVER,
    called,
    inlined,
    real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import (
    B_BUSY,
    B_KM,
    B_OVERTIME,
    BOOK,
    D_END,
    D_START,
    DUTY,
    R_STEPS,
    S_BOOK,
    S_DUTY_END,
    SERVER,
    T_HORIZON,
)

# In a minute, and in a kilometre.
TICKS, TICKS_OF_KM = float(1 << 32), float(1 << 38)


@inlined
def ticks(minutes):
    """Whole ticks, to the nearest."""
    return int64(minutes * TICKS + 0.5)


@called
def book_work(arena, server, at, step, begin, end):
    """Book work without a pause, from duty interval `at` on: inside duty hours, or overtime; up to the horizon."""
    horizon = real(arena, F_TIMES, T_HORIZON)
    if begin >= horizon:
        return
    since, until = ticks(begin), ticks(min(end, horizon))
    last = whole(arena, I_SERVER, server * SERVER + S_DUTY_END)
    inside = int64(0)
    while at < last and real(arena, F_DUTY, at * DUTY + D_START) < min(end, horizon):
        start = max(since, ticks(real(arena, F_DUTY, at * DUTY + D_START)))
        inside += max(int64(0), min(until, ticks(min(real(arena, F_DUTY, at * DUTY + D_END), horizon))) - start)
        at += 1
    book = whole(arena, I_SERVER, server * SERVER + S_BOOK)
    set_whole(arena, I_BOOK, book * BOOK + B_BUSY, whole(arena, I_BOOK, book * BOOK + B_BUSY) + inside)
    set_whole(
        arena, I_BOOK, book * BOOK + B_OVERTIME, whole(arena, I_BOOK, book * BOOK + B_OVERTIME) + until - since - inside
    )
    set_whole(
        arena,
        I_BY_STEP,
        book * whole(arena, I_REGISTERS, R_STEPS) + step,
        whole(arena, I_BY_STEP, book * whole(arena, I_REGISTERS, R_STEPS) + step) + inside,
    )


@inlined
def book_lost(arena, book, what, begin, end, share):
    """Book time, or a share of it, that a vehicle lost; up to the horizon."""
    horizon = real(arena, F_TIMES, T_HORIZON)
    set_whole(
        arena,
        I_BOOK,
        book * BOOK + what,
        whole(arena, I_BOOK, book * BOOK + what) + ticks(max(0.0, min(end, horizon) - begin) * share),
    )


@inlined
def book_km(arena, book, km, begin, minutes, road):
    """Book as much of a way as is driven in these minutes of the `road` that it takes, up to the horizon."""
    horizon = real(arena, F_TIMES, T_HORIZON)
    set_whole(
        arena,
        I_BOOK,
        book * BOOK + B_KM,
        whole(arena, I_BOOK, book * BOOK + B_KM)
        + int64(km * (max(0.0, min(minutes, horizon - begin)) / road) * TICKS_OF_KM + 0.5),
    )
