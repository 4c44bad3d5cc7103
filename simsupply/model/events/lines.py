"""Lines of units and loads that wait, each three lists in order: handed over, priority, all others.

Within a list by turn (time ready; in sequence none), then by key. Who joins looks back from the end, only past those of
the same instant.
"""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_JOB_TIMES,
    I_JOB,
    I_LINE,
    I_NODE,
    I_POOL,
    called,
    inlined,
    real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import (
    FIRST,
    HANDED,
    J_HAS_PRIORITY,
    J_KEY,
    J_LINE,
    J_NEXT,
    J_NODE,
    J_PREVIOUS,
    J_READY,
    J_WAS_BEGUN,
    JOB,
    JOB_TIMES,
    L_HEAD,
    L_POOL,
    L_TAIL,
    LINE,
    N_IN_SEQUENCE,
    NODE,
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
    ready, other_ready = (
        real(arena, F_JOB_TIMES, job * JOB_TIMES + J_READY),
        real(arena, F_JOB_TIMES, other * JOB_TIMES + J_READY),
    )
    in_sequence = whole(arena, I_NODE, whole(arena, I_JOB, job * JOB + J_NODE) * NODE + N_IN_SEQUENCE) == 1
    if ready != other_ready and not in_sequence:
        return ready < other_ready
    return whole(arena, I_JOB, job * JOB + J_KEY) < whole(arena, I_JOB, other * JOB + J_KEY)


@inlined
def _list_of(arena, job):
    """In which list of its line a job stands."""
    if whole(arena, I_JOB, job * JOB + J_WAS_BEGUN) == 1:
        return HANDED
    return FIRST if whole(arena, I_JOB, job * JOB + J_HAS_PRIORITY) == 1 else OTHERS


@called
def put(arena, job):
    """Let a job join its line."""
    which = _list_of(arena, job)
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
    which, line = _list_of(arena, job), whole(arena, I_JOB, job * JOB + J_LINE) * LINE
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
