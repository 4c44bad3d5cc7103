"""The first hours of a line (a step at a place), in which work is slower."""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_AGES,
    F_HOURS,
    F_NODE_TIMES,
    I_JOB,
    I_LINE,
    I_NODE,
    I_POOL,
    called,
    inlined,
    real,
    set_real,
    whole,
)
from simsupply.model.events.columns import (
    J_LINE,
    J_NODE,
    JOB,
    L_PLACE,
    L_POOL,
    LINE,
    N_AGES,
    NODE,
    NODE_TIMES,
    P_HOURS,
    P_HOURS_END,
    POOL,
    X_RAMP,
    X_RAMP_START,
)


@inlined
def _age_at(arena, job):
    """Where it stands since when work goes on at the line of a job; -1: it does not matter."""
    ages = whole(arena, I_NODE, whole(arena, I_JOB, job * JOB + J_NODE) * NODE + N_AGES)
    return ages if ages < 0 else ages + whole(arena, I_LINE, whole(arena, I_JOB, job * JOB + J_LINE) * LINE + L_PLACE)


@called
def speed_of_line(arena, job, pace, now):
    """Speed at which somebody of a pace works at the line of a job; the line ages while anybody is on duty there."""
    at = _age_at(arena, job)
    if at < 0:
        return 1.0
    node = whole(arena, I_JOB, job * JOB + J_NODE) * NODE_TIMES
    start, ramp = real(arena, F_NODE_TIMES, node + X_RAMP_START + pace), real(arena, F_NODE_TIMES, node + X_RAMP + pace)
    since, age = real(arena, F_AGES, at), 0.0
    pool = whole(arena, I_LINE, whole(arena, I_JOB, job * JOB + J_LINE) * LINE + L_POOL) * POOL
    if since == since:
        for hours in range(whole(arena, I_POOL, pool + P_HOURS), whole(arena, I_POOL, pool + P_HOURS_END)):
            opens, closes = real(arena, F_HOURS, 2 * hours), real(arena, F_HOURS, 2 * hours + 1)
            age += max(0.0, min(closes, now) - max(opens, since))
    return start + (1 - start) * min(1.0, age / ramp)


@inlined
def begin_line(arena, job, now):
    """Work begins at a line, if it has not yet."""
    at = _age_at(arena, job)
    if at >= 0 and real(arena, F_AGES, at) != real(arena, F_AGES, at):
        set_real(arena, F_AGES, at, now)
