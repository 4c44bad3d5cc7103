"""Lines of units and loads that wait, each three lists in order: handed over, priority, all others.

Within a list by turn (time ready; in sequence none), then by key. Who joins looks back from the end, only past those of
the same instant.
"""

from __future__ import annotations

from simsupply.model.events.arena import F_JOB_TIMES, I_JOB, I_LINE, I_POOL, called, inlined, real, set_whole, whole
from simsupply.model.events.columns import (
    FIRST,
    HANDED,
    J_HAS_PRIORITY,
    J_KEY,
    J_LINE,
    J_LIST,
    J_NEXT,
    J_PREVIOUS,
    J_TURN,
    J_WAS_BEGUN,
    JOB,
    JOB_TIMES,
    L_HEAD,
    L_POOL,
    L_TAIL,
    LINE,
    OTHERS,
    P_DECIDER,
    POOL,
)


@inlined
def goes_before(arena, job, other):
    """Whether a job goes before another one of the same list."""
    first, second = whole(arena, I_JOB, job * JOB + J_HAS_PRIORITY), whole(arena, I_JOB, other * JOB + J_HAS_PRIORITY)
    if first != second:
        return first > second
    turn, other_turn = (
        real(arena, F_JOB_TIMES, job * JOB_TIMES + J_TURN),
        real(arena, F_JOB_TIMES, other * JOB_TIMES + J_TURN),
    )
    if turn != other_turn:
        return turn < other_turn
    return whole(arena, I_JOB, job * JOB + J_KEY) < whole(arena, I_JOB, other * JOB + J_KEY)


@called
def put(arena, job):
    """Let a job join its line."""
    which = OTHERS
    if whole(arena, I_JOB, job * JOB + J_WAS_BEGUN) == 1:
        which = HANDED
    elif whole(arena, I_JOB, job * JOB + J_HAS_PRIORITY) == 1:
        which = FIRST
    set_whole(arena, I_JOB, job * JOB + J_LIST, which)
    line = whole(arena, I_JOB, job * JOB + J_LINE) * LINE
    before, behind = whole(arena, I_LINE, line + L_TAIL + which), -1
    while before >= 0 and goes_before(arena, job, before):
        behind = before
        before = whole(arena, I_JOB, before * JOB + J_PREVIOUS)
    set_whole(arena, I_JOB, job * JOB + J_PREVIOUS, before)
    set_whole(arena, I_JOB, job * JOB + J_NEXT, behind)
    if before >= 0:
        set_whole(arena, I_JOB, before * JOB + J_NEXT, job)
    else:
        set_whole(arena, I_LINE, line + L_HEAD + which, job)
    if behind >= 0:
        set_whole(arena, I_JOB, behind * JOB + J_PREVIOUS, job)
    else:
        set_whole(arena, I_LINE, line + L_TAIL + which, job)


@called
def take_out(arena, job):
    """Let a job leave its line."""
    which, line = whole(arena, I_JOB, job * JOB + J_LIST), whole(arena, I_JOB, job * JOB + J_LINE) * LINE
    before, behind = whole(arena, I_JOB, job * JOB + J_PREVIOUS), whole(arena, I_JOB, job * JOB + J_NEXT)
    if before >= 0:
        set_whole(arena, I_JOB, before * JOB + J_NEXT, behind)
    else:
        set_whole(arena, I_LINE, line + L_HEAD + which, behind)
    if behind >= 0:
        set_whole(arena, I_JOB, behind * JOB + J_PREVIOUS, before)
    else:
        set_whole(arena, I_LINE, line + L_TAIL + which, before)


@inlined
def head(arena, line):
    """The job of a line that goes first; -1: there is none."""
    job = whole(arena, I_LINE, line * LINE + L_HEAD + HANDED)
    if job < 0:
        job = whole(arena, I_LINE, line * LINE + L_HEAD + FIRST)
    if job < 0:
        job = whole(arena, I_LINE, line * LINE + L_HEAD + OTHERS)
    return job


@inlined
def decider_of(arena, job):
    """Who decides when a job begins."""
    pool = whole(arena, I_LINE, whole(arena, I_JOB, job * JOB + J_LINE) * LINE + L_POOL)
    return whole(arena, I_POOL, pool * POOL + P_DECIDER)
