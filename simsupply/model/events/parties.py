"""Work of several people on a unit, or of somebody on several units at once: as long as the slowest, the longest takes.

A party is the person of the step's crew, to whom all of it happens, and somebody of each crew that joins, in its order,
one behind the other. Units that are served together hang together likewise (`J_GROUP`).
"""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_DUTY,
    F_JOB_TIMES,
    F_MEMBER_TIMES,
    F_MORE_MINUTES,
    F_SERVER_TIMES,
    I_JOB,
    I_NODE,
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
    IN_SEAT,
    J_DONE,
    J_DOOR,
    J_END,
    J_FIRST,
    J_GROUP,
    J_LEFT,
    J_MINUTES,
    J_MORE,
    J_NODE,
    J_SERVER,
    J_WAS_BEGUN,
    JOB,
    JOB_TIMES,
    MEMBER_TIMES,
    N_COLUMN,
    N_HAS_DOORS,
    N_IS_EVENT,
    N_STEP,
    NODE,
    S_ARRIVES,
    S_DOOR,
    S_DUTY,
    S_DUTY_END,
    S_JOB,
    S_MATE,
    S_RING,
    S_STATE,
    SERVER,
    SERVER_TIMES,
    V_END,
)
from simsupply.model.events.heap import push
from simsupply.model.events.orders import note
from simsupply.model.events.ramps import begin_line, speed_of_line
from simsupply.model.events.sums import book_work
from simsupply.model.events.work import member, note_begun
from simsupply.model.kernels.working_time import HAND_OVER


@inlined
def _more(arena, job, crew, pace):
    """Where the minutes of a unit for somebody of a crew that joins stand; those of its doors are behind."""
    width = 1
    if whole(arena, I_NODE, whole(arena, I_JOB, job * JOB + J_NODE) * NODE + N_HAS_DOORS) == 1:
        width += whole(arena, I_JOB, job * JOB + J_END) - whole(arena, I_JOB, job * JOB + J_FIRST)
    return whole(arena, I_JOB, job * JOB + J_MORE) + (2 * (crew - 1) + pace) * width


@inlined
def minutes_of(arena, job, crew, pace):
    """Minutes of a unit at the pace of somebody of a crew (0: that of the step)."""
    if crew == 0:
        return real(arena, F_JOB_TIMES, job * JOB_TIMES + J_MINUTES + pace)
    return real(arena, F_MORE_MINUTES, _more(arena, job, crew, pace))


@inlined
def _door(arena, job, position, crew, pace):
    """Minutes of work until an order of a unit is done, likewise."""
    if crew == 0:
        return real(arena, F_MEMBER_TIMES, position * MEMBER_TIMES + pace)
    behind = 1 + position - whole(arena, I_JOB, job * JOB + J_FIRST)
    return real(arena, F_MORE_MINUTES, _more(arena, job, crew, pace) + behind)


@inlined
def _take_up(arena, lead, job, now):
    """Settle how long a unit takes the slowest of a party, and each of its doors; how long."""
    longest, speed, slowest, pace = -1.0, 1.0, 0, 0
    server, crew = lead, 0
    while server >= 0:
        of_person, ring = (
            whole(arena, I_SERVER, server * SERVER + S_ARRIVES),
            whole(arena, I_SERVER, server * SERVER + S_RING),
        )
        duty = whole(arena, I_SERVER, server * SERVER + S_DUTY)
        found = real(arena, F_DUTY, duty * DUTY + D_SPEED) * speed_of_line(arena, job, crew, ring, of_person, now)
        minutes = minutes_of(arena, job, crew, of_person) / found
        if minutes > longest:
            longest, speed, slowest, pace = minutes, found, crew, of_person
        server, crew = whole(arena, I_SERVER, server * SERVER + S_MATE), crew + 1
    if whole(arena, I_NODE, whole(arena, I_JOB, job * JOB + J_NODE) * NODE + N_HAS_DOORS) == 1:
        for position in range(whole(arena, I_JOB, job * JOB + J_FIRST), whole(arena, I_JOB, job * JOB + J_END)):
            minutes = _door(arena, job, position, slowest, pace)
            set_real(arena, F_MEMBER_TIMES, position * MEMBER_TIMES, minutes / speed)
    set_whole(arena, I_JOB, job * JOB + J_DOOR, whole(arena, I_JOB, job * JOB + J_FIRST))
    return longest


@inlined
def _halt(arena, lead):
    """Until when all of a party go on without a stop, and whether one of those who stop then hands over."""
    halt, hands_over = float("inf"), False
    server = lead
    while server >= 0:
        row = whole(arena, I_SERVER, server * SERVER + S_DUTY) * DUTY
        if real(arena, F_DUTY, row + D_HALT) < halt:
            halt, hands_over = real(arena, F_DUTY, row + D_HALT), False
        if real(arena, F_DUTY, row + D_HALT) == halt and real(arena, F_DUTY, row + D_RULE) == HAND_OVER:
            hands_over = True
        server = whole(arena, I_SERVER, server * SERVER + S_MATE)
    return halt, hands_over


@inlined
def _all_back(arena, lead, halt):
    """When everybody of a party can go on after a halt: whoever is off then comes back first; infinity: never."""
    moment, is_off = halt, True
    while is_off:
        is_off = False
        server, until = lead, moment
        while server >= 0:
            at = whole(arena, I_SERVER, server * SERVER + S_DUTY)
            stop, last = real(arena, F_DUTY, at * DUTY + D_HALT), whole(arena, I_SERVER, server * SERVER + S_DUTY_END)
            if stop <= moment:
                is_off = True
                at += 1
                while at < last and real(arena, F_DUTY, at * DUTY + D_START) < stop:
                    at += 1
                if at == last:
                    return float("inf")
                set_whole(arena, I_SERVER, server * SERVER + S_DUTY, at)
                until = max(until, real(arena, F_DUTY, at * DUTY + D_START))
            server = whole(arena, I_SERVER, server * SERVER + S_MATE)
        moment = until
    return moment


@inlined
def _pass_doors(arena, door, end, begin, until):
    """Settle when orders are done that are done up to a moment; the first that is not."""
    while door < end and begin + real(arena, F_MEMBER_TIMES, door * MEMBER_TIMES) <= until:
        time = begin + real(arena, F_MEMBER_TIMES, door * MEMBER_TIMES)
        set_real(arena, F_MEMBER_TIMES, door * MEMBER_TIMES, time)
        door += 1
    return door


@inlined
def _book(arena, lead, step, begin, until):
    server = lead
    while server >= 0:
        book_work(arena, server, whole(arena, I_SERVER, server * SERVER + S_DUTY), step, begin, until)
        server = whole(arena, I_SERVER, server * SERVER + S_MATE)


@called
def begin_together(arena, lead, job, now):
    """Let a party begin units, or take up what was handed over; all of it is reckoned up to its end or halt."""
    node = whole(arena, I_JOB, job * JOB + J_NODE) * NODE
    step, has_doors = whole(arena, I_NODE, node + N_STEP), whole(arena, I_NODE, node + N_HAS_DOORS) == 1
    end = whole(arena, I_JOB, job * JOB + J_END)
    if whole(arena, I_JOB, job * JOB + J_WAS_BEGUN) == 0:
        longest, unit = 0.0, job
        while unit >= 0:
            note_begun(arena, unit, now)
            longest = max(longest, _take_up(arena, lead, unit, now))
            unit = whole(arena, I_JOB, unit * JOB + J_GROUP)
        begin_line(arena, job, now)
        set_real(arena, F_JOB_TIMES, job * JOB_TIMES + J_LEFT, longest)
    set_whole(arena, I_JOB, job * JOB + J_SERVER, lead)
    set_whole(arena, I_SERVER, lead * SERVER + S_JOB, job)
    door = whole(arena, I_JOB, job * JOB + J_DOOR)
    first_door = door
    begin, left, state = now, real(arena, F_JOB_TIMES, job * JOB_TIMES + J_LEFT), AT_WORK
    while True:
        finish = begin + left
        halt, hands_over = _halt(arena, lead)
        until = finish if finish <= halt else halt
        if has_doors:
            door = _pass_doors(arena, door, end, begin, until)
        _book(arena, lead, step, begin, until)
        if finish <= halt:
            break
        spent = halt - begin
        left -= spent
        for position in range(door, end if has_doors else door):
            minutes = real(arena, F_MEMBER_TIMES, position * MEMBER_TIMES)
            set_real(arena, F_MEMBER_TIMES, position * MEMBER_TIMES, minutes - spent)
        if hands_over:
            state = HANDS_OVER
            set_real(arena, F_JOB_TIMES, job * JOB_TIMES + J_LEFT, left)
            break
        begin = _all_back(arena, lead, halt)
        if begin == float("inf"):
            state, until = GONE, begin
            break
    set_whole(arena, I_JOB, job * JOB + J_DOOR, door)
    _settle(arena, lead, state, until)
    unit = job
    while unit >= 0:
        set_real(arena, F_JOB_TIMES, unit * JOB_TIMES + J_DONE, until if state == AT_WORK else float("inf"))
        unit = whole(arena, I_JOB, unit * JOB + J_GROUP)
    if whole(arena, I_NODE, node + N_IS_EVENT) == 0:
        # Whoever is done goes nowhere in here.
        _note_done(arena, job, first_door, door, state == AT_WORK and not has_doors, until)
        first_door = door
    elif has_doors and first_door < door:
        until = min(until, real(arena, F_MEMBER_TIMES, first_door * MEMBER_TIMES))
    set_whole(arena, I_SERVER, lead * SERVER + S_DOOR, first_door)
    if until < float("inf"):
        push(arena, lead, until)


@inlined
def _settle(arena, lead, state, until):
    """What everybody of a party does up to a moment."""
    set_whole(arena, I_SERVER, lead * SERVER + S_STATE, state)
    set_real(arena, F_SERVER_TIMES, lead * SERVER_TIMES + V_END, until)
    server = whole(arena, I_SERVER, lead * SERVER + S_MATE)
    while server >= 0:
        set_whole(arena, I_SERVER, server * SERVER + S_STATE, IN_SEAT)
        server = whole(arena, I_SERVER, server * SERVER + S_MATE)


@inlined
def _note_done(arena, job, first_door, door, is_done, time):
    """Write down when orders are done: door by door, or all orders of all units at once."""
    for position in range(first_door, door):
        column = whole(arena, I_NODE, whole(arena, I_JOB, job * JOB + J_NODE) * NODE + N_COLUMN)
        note(arena, member(arena, job, position), column, real(arena, F_MEMBER_TIMES, position * MEMBER_TIMES))
    unit = job if is_done else -1
    while unit >= 0:
        column = whole(arena, I_NODE, whole(arena, I_JOB, unit * JOB + J_NODE) * NODE + N_COLUMN)
        for position in range(whole(arena, I_JOB, unit * JOB + J_FIRST), whole(arena, I_JOB, unit * JOB + J_END)):
            note(arena, member(arena, unit, position), column, time)
        unit = whole(arena, I_JOB, unit * JOB + J_GROUP)
