"""The first hours of a line (a step at a place), in which work is slower."""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_AGES,
    F_HOURS,
    F_NODE_TIMES,
    F_RAMP,
    I_JOB,
    I_LINE,
    I_NODE,
    I_RING,
    called,
    inlined,
    real,
    set_real,
    whole,
)
from simsupply.model.events.columns import (
    G_HOURS,
    G_HOURS_END,
    J_LINE,
    J_NODE,
    JOB,
    L_PLACE,
    LINE,
    N_AGES,
    N_RAMP,
    NODE,
    NODE_TIMES,
    RAMP,
    RAMP_MINUTES,
    RAMP_START,
    RING,
    X_RAMP,
    X_RAMP_START,
)


@inlined
def _age_at(arena, job):
    """Where it stands since when work goes on at the line of a job; -1: it does not matter."""
    ages = whole(arena, I_NODE, whole(arena, I_JOB, job * JOB + J_NODE) * NODE + N_AGES)
    return ages if ages < 0 else ages + whole(arena, I_LINE, whole(arena, I_JOB, job * JOB + J_LINE) * LINE + L_PLACE)


@inlined
def _ramp(arena, job, crew, pace):
    """At which speed somebody of a crew (0: that of the step) begins a line, and in how many minutes it is full."""
    node = whole(arena, I_JOB, job * JOB + J_NODE)
    if crew == 0:
        row = node * NODE_TIMES
        return real(arena, F_NODE_TIMES, row + X_RAMP_START + pace), real(arena, F_NODE_TIMES, row + X_RAMP + pace)
    row = (whole(arena, I_NODE, node * NODE + N_RAMP) + crew - 1) * RAMP
    return real(arena, F_RAMP, row + RAMP_START + pace), real(arena, F_RAMP, row + RAMP_MINUTES + pace)


@called
def speed_of_line(arena, job, crew, ring, pace, now):
    """Speed at which somebody works at the line of a job; for a crew it ages while anybody of its ring is on duty."""
    at = _age_at(arena, job)
    if at < 0:
        return 1.0
    start, ramp = _ramp(arena, job, crew, pace)
    since, age = real(arena, F_AGES, at), 0.0
    if since == since:
        for hours in range(
            whole(arena, I_RING, ring * RING + G_HOURS), whole(arena, I_RING, ring * RING + G_HOURS_END)
        ):
            opens, closes = real(arena, F_HOURS, 2 * hours), real(arena, F_HOURS, 2 * hours + 1)
            age += max(0.0, min(closes, now) - max(opens, since))
    return start + (1 - start) * min(1.0, age / ramp)


@inlined
def begin_line(arena, job, now):
    """Work begins at a line, if it has not yet."""
    at = _age_at(arena, job)
    if at >= 0 and real(arena, F_AGES, at) != real(arena, F_AGES, at):
        set_real(arena, F_AGES, at, now)
