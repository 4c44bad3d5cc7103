"""Work on units: somebody begins one, orders in it are done one by one, it is finished or handed over."""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_DUTY,
    F_JOB_TIMES,
    F_MEMBER_TIMES,
    F_SERVER_TIMES,
    I_BEGUN,
    I_JOB,
    I_MEMBER,
    I_NODE,
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
    AT_WORK,
    D_HALT,
    D_RULE,
    D_SPEED,
    D_START,
    DUTY,
    GONE,
    HANDS_OVER,
    J_BEGUN,
    J_DONE,
    J_DOOR,
    J_END,
    J_FIRST,
    J_LEFT,
    J_MINUTES,
    J_NODE,
    J_SERVER,
    J_WAS_BEGUN,
    JOB,
    JOB_TIMES,
    MEMBER_TIMES,
    N_COLUMN,
    N_HAS_DOORS,
    N_IS_EVENT,
    N_IS_PLAIN,
    N_STEP,
    NODE,
    R_BEGUN,
    S_ARRIVES,
    S_DOOR,
    S_DUTY,
    S_DUTY_END,
    S_JOB,
    S_RING,
    S_STATE,
    SERVER,
    SERVER_TIMES,
    V_END,
)
from simsupply.model.events.heap import push
from simsupply.model.events.lines import decider_of, put
from simsupply.model.events.orders import note
from simsupply.model.events.ramps import begin_line, speed_of_line
from simsupply.model.events.sums import book_work
from simsupply.model.events.wakes import WORK_HANDED_OVER, wake
from simsupply.model.kernels.working_time import HAND_OVER


@inlined
def member(arena, job, position):
    """The order at a position among the members of a job."""
    is_plain = whole(arena, I_NODE, whole(arena, I_JOB, job * JOB + J_NODE) * NODE + N_IS_PLAIN) == 1
    return position if is_plain else whole(arena, I_MEMBER, position)


@inlined
def note_begun(arena, job, now):
    """Write down that a job begins."""
    set_real(arena, F_JOB_TIMES, job * JOB_TIMES + J_BEGUN, now)
    number = whole(arena, I_REGISTERS, R_BEGUN)
    set_whole(arena, I_BEGUN, number, job)
    set_whole(arena, I_REGISTERS, R_BEGUN, number + 1)


@called
def begin_work(arena, server, job, now):
    """Let somebody begin a unit, or take up what was handed over; all of it is reckoned up to its end or halt."""
    at, last = whole(arena, I_SERVER, server * SERVER + S_DUTY), whole(arena, I_SERVER, server * SERVER + S_DUTY_END)
    end = whole(arena, I_JOB, job * JOB + J_END)
    node = whole(arena, I_JOB, job * JOB + J_NODE) * NODE
    step, has_doors = whole(arena, I_NODE, node + N_STEP), whole(arena, I_NODE, node + N_HAS_DOORS) == 1
    if whole(arena, I_JOB, job * JOB + J_WAS_BEGUN) == 0:
        note_begun(arena, job, now)
        pace = whole(arena, I_SERVER, server * SERVER + S_ARRIVES)
        speed = real(arena, F_DUTY, at * DUTY + D_SPEED) * speed_of_line(
            arena, job, 0, whole(arena, I_SERVER, server * SERVER + S_RING), pace, now
        )
        begin_line(arena, job, now)
        set_real(
            arena,
            F_JOB_TIMES,
            job * JOB_TIMES + J_LEFT,
            real(arena, F_JOB_TIMES, job * JOB_TIMES + J_MINUTES + pace) / speed,
        )
        set_whole(arena, I_JOB, job * JOB + J_DOOR, whole(arena, I_JOB, job * JOB + J_FIRST))
        if has_doors:
            for position in range(whole(arena, I_JOB, job * JOB + J_FIRST), end):
                minutes = real(arena, F_MEMBER_TIMES, position * MEMBER_TIMES + pace)
                set_real(arena, F_MEMBER_TIMES, position * MEMBER_TIMES, minutes / speed)
    set_whole(arena, I_JOB, job * JOB + J_SERVER, server)
    set_whole(arena, I_SERVER, server * SERVER + S_JOB, job)
    door = whole(arena, I_JOB, job * JOB + J_DOOR)
    set_whole(arena, I_SERVER, server * SERVER + S_DOOR, door)
    begin, left, state = now, real(arena, F_JOB_TIMES, job * JOB_TIMES + J_LEFT), AT_WORK
    while True:
        finish, halt = begin + left, real(arena, F_DUTY, at * DUTY + D_HALT)
        until = finish if finish <= halt else halt
        if has_doors:
            while door < end and begin + real(arena, F_MEMBER_TIMES, door * MEMBER_TIMES) <= until:
                set_real(
                    arena, F_MEMBER_TIMES, door * MEMBER_TIMES, begin + real(arena, F_MEMBER_TIMES, door * MEMBER_TIMES)
                )
                door += 1
        book_work(arena, server, at, step, begin, until)
        if finish <= halt:
            break
        spent = halt - begin
        left -= spent
        for position in range(door, end if has_doors else door):
            set_real(
                arena,
                F_MEMBER_TIMES,
                position * MEMBER_TIMES,
                real(arena, F_MEMBER_TIMES, position * MEMBER_TIMES) - spent,
            )
        if real(arena, F_DUTY, at * DUTY + D_RULE) == HAND_OVER:
            state = HANDS_OVER
            set_real(arena, F_JOB_TIMES, job * JOB_TIMES + J_LEFT, left)
            break
        at += 1
        while at < last and real(arena, F_DUTY, at * DUTY + D_START) < halt:
            at += 1
        if at == last:
            state, until = GONE, float("inf")
            break
        begin = real(arena, F_DUTY, at * DUTY + D_START)
    set_whole(arena, I_JOB, job * JOB + J_DOOR, door)
    set_whole(arena, I_SERVER, server * SERVER + S_DUTY, at)
    set_whole(arena, I_SERVER, server * SERVER + S_STATE, state)
    set_real(arena, F_SERVER_TIMES, server * SERVER_TIMES + V_END, until)
    set_real(arena, F_JOB_TIMES, job * JOB_TIMES + J_DONE, until if state == AT_WORK else float("inf"))
    first_door = whole(arena, I_SERVER, server * SERVER + S_DOOR)
    if whole(arena, I_NODE, node + N_IS_EVENT) == 0:
        # Whoever is done goes nowhere in here: nothing need happen but that it is written down.
        column = whole(arena, I_NODE, node + N_COLUMN)
        if has_doors:
            for position in range(first_door, door):
                note(arena, member(arena, job, position), column, real(arena, F_MEMBER_TIMES, position * MEMBER_TIMES))
        elif state == AT_WORK:
            for position in range(whole(arena, I_JOB, job * JOB + J_FIRST), end):
                note(arena, member(arena, job, position), column, until)
        set_whole(arena, I_SERVER, server * SERVER + S_DOOR, door)
    elif has_doors and first_door < door:
        until = min(until, real(arena, F_MEMBER_TIMES, first_door * MEMBER_TIMES))
    if until < float("inf"):
        push(arena, server, until)


@called
def go_on_with_work(arena, server, now):
    """Whoever is at work has come to a door, to the end, or to the halt at which work is handed over.

    Returns
    -------
    first, end : int
        Members of the job that have finished now.
    bool
        Whether it is free now.
    """
    job = whole(arena, I_SERVER, server * SERVER + S_JOB)
    is_event = whole(arena, I_NODE, whole(arena, I_JOB, job * JOB + J_NODE) * NODE + N_IS_EVENT) == 1
    has_doors = whole(arena, I_NODE, whole(arena, I_JOB, job * JOB + J_NODE) * NODE + N_HAS_DOORS) == 1
    first = end = whole(arena, I_SERVER, server * SERVER + S_DOOR)
    if has_doors and is_event:
        reckoned = whole(arena, I_JOB, job * JOB + J_DOOR)
        while end < reckoned and real(arena, F_MEMBER_TIMES, end * MEMBER_TIMES) <= now:
            end += 1
        set_whole(arena, I_SERVER, server * SERVER + S_DOOR, end)
        following = real(arena, F_SERVER_TIMES, server * SERVER_TIMES + V_END)
        if end < reckoned:
            following = real(arena, F_MEMBER_TIMES, end * MEMBER_TIMES)
        if following > now:
            if following < float("inf"):
                push(arena, server, following)
            return first, end, False
    if whole(arena, I_SERVER, server * SERVER + S_STATE) == HANDS_OVER:
        set_whole(arena, I_JOB, job * JOB + J_WAS_BEGUN, 1)
        put(arena, job)
        wake(arena, WORK_HANDED_OVER, decider_of(arena, job))
    elif is_event and not has_doors:
        first, end = whole(arena, I_JOB, job * JOB + J_FIRST), whole(arena, I_JOB, job * JOB + J_END)
    return first, end, True
