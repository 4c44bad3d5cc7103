"""What a pool decides: which of the units and loads that wait is begun next, and by whom."""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_JOB_TIMES,
    I_JOB,
    I_LINE,
    I_POOL,
    I_REGISTERS,
    I_RING,
    I_SERVER,
    called,
    inlined,
    real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import (
    DOWNSTREAM,
    G_HEAD,
    G_SEATS,
    IN_ORDER,
    J_LEFT,
    J_MINUTES,
    J_MINUTES_LATER,
    J_MISSING,
    J_READY,
    J_STAND,
    J_WAS_BEGUN,
    JOB,
    JOB_TIMES,
    L_FLEETS,
    L_IN_ORDER,
    L_IS_OF_LOADS,
    L_LEFT,
    L_RANK,
    L_RING,
    L_TRIED,
    LINE,
    LONGEST,
    P_DECIDER,
    P_LINE,
    P_LINES,
    P_MUST_FIT,
    P_RING,
    P_RULE,
    POOL,
    R_POOL_ENTITY,
    R_TURN,
    RING,
    S_MATE,
    S_NEXT,
    SERVER,
    UPSTREAM,
)
from simsupply.model.events.heap import push
from simsupply.model.events.idle import first_from, next_duty, remove
from simsupply.model.events.lines import goes_before, head, take_out
from simsupply.model.events.loading import take_what_is_there
from simsupply.model.events.ramps import speed_of_line
from simsupply.model.events.spells import busy_from
from simsupply.model.events.trips import give_load, leave_now
from simsupply.model.events.wakes import HAS_DECIDED, wake
from simsupply.model.events.work import begin_work


@inlined
def _rank(arena, rule, line, job):
    """Where the crew's rule puts the head of a line: lower goes first."""
    left, ready = float(whole(arena, I_LINE, line * LINE + L_LEFT)), real(arena, F_JOB_TIMES, job * JOB_TIMES + J_READY)
    first, then = left, ready
    if rule == UPSTREAM:
        first = -left
    elif rule == LONGEST:
        first, then = ready, left
    elif rule == IN_ORDER:
        first = float(whole(arena, I_LINE, line * LINE + L_IN_ORDER))
    return first, then


@inlined
def goes_first(arena, rule, line, job, other_line, other):
    """Whether the head of a line goes before that of another one."""
    was_begun, other_begun = (
        whole(arena, I_JOB, job * JOB + J_WAS_BEGUN),
        whole(arena, I_JOB, other * JOB + J_WAS_BEGUN),
    )
    if was_begun != other_begun:
        return was_begun > other_begun
    if rule >= DOWNSTREAM:
        first, then = _rank(arena, rule, line, job)
        other_first, other_then = _rank(arena, rule, other_line, other)
        if first != other_first:
            return first < other_first
        if then != other_then:
            return then < other_then
        rank, other_rank = whole(arena, I_LINE, line * LINE + L_RANK), whole(arena, I_LINE, other_line * LINE + L_RANK)
        if rank != other_rank:
            return rank < other_rank
    return goes_before(arena, job, other)


@inlined
def _next_head(arena, pool, turn):
    """The line whose head goes first of those that were not tried in this turn, and that job; -1: none."""
    rule = whole(arena, I_POOL, pool * POOL + P_RULE)
    first, chosen = whole(arena, I_POOL, pool * POOL + P_LINE), -1
    best = -1
    for line in range(first, first + whole(arena, I_POOL, pool * POOL + P_LINES)):
        if whole(arena, I_LINE, line * LINE + L_TRIED) == turn:
            continue
        job = head(arena, line)
        if job < 0 or whole(arena, I_JOB, job * JOB + J_MISSING) > 0:
            continue
        if chosen < 0 or goes_first(arena, rule, line, job, chosen, best):
            chosen, best = line, job
    return chosen, best


@inlined
def _person_for(arena, pool, job, now):
    """Who begins a unit; -1: nobody can now."""
    ring, has_to_fit = whole(arena, I_POOL, pool * POOL + P_RING), whole(arena, I_POOL, pool * POOL + P_MUST_FIT) == 1
    server = whole(arena, I_RING, ring * RING + G_HEAD)
    minutes = later = 0.0
    if has_to_fit and whole(arena, I_JOB, job * JOB + J_WAS_BEGUN) == 1:
        minutes = later = real(arena, F_JOB_TIMES, job * JOB_TIMES + J_LEFT)
    elif has_to_fit:
        minutes = real(arena, F_JOB_TIMES, job * JOB_TIMES + J_MINUTES)
        minutes = minutes / speed_of_line(arena, job, 0, ring, 0, now)
        later = real(arena, F_JOB_TIMES, job * JOB_TIMES + J_MINUTES_LATER)
        later = later / speed_of_line(arena, job, 0, ring, 1, now)
    return first_from(arena, server, now, minutes, later, has_to_fit)


@called
def part(arena, server):
    """Let nobody be with anybody any more."""
    while server >= 0:
        following = whole(arena, I_SERVER, server * SERVER + S_MATE)
        set_whole(arena, I_SERVER, server * SERVER + S_MATE, -1)
        server = following


@called
def party_for(arena, people, line, now):
    """A vehicle for the head of a line of loads, with people of a ring for its seats behind it as mates; -1: none."""
    fleets, first_ring = whole(arena, I_LINE, line * LINE + L_FLEETS), whole(arena, I_LINE, line * LINE + L_RING)
    fleet = 0
    while fleets >> fleet > 0:
        if (fleets >> fleet) & 1:
            ring = first_ring + fleet
            vehicle = first_from(arena, whole(arena, I_RING, ring * RING + G_HEAD), now, 0.0, 0.0, False)
            seats = whole(arena, I_RING, ring * RING + G_SEATS) if people >= 0 else 0
            if vehicle >= 0:
                last = vehicle
                person = whole(arena, I_RING, people * RING + G_HEAD) if seats > 0 else -1
                while seats > 0:
                    person = first_from(arena, person, now, 0.0, 0.0, False)
                    if person < 0:
                        break
                    set_whole(arena, I_SERVER, last * SERVER + S_MATE, person)
                    last = person
                    person = whole(arena, I_SERVER, person * SERVER + S_NEXT)
                    seats -= 1
                set_whole(arena, I_SERVER, last * SERVER + S_MATE, -1)
                if seats == 0:
                    return vehicle
                # Too few are there.
                part(arena, vehicle)
        fleet += 1
    return -1


@called
def send_off(arena, vehicle, job, now):
    """Let a vehicle, and who is with it, have a load that waited."""
    take_out(arena, job)
    person = vehicle
    while person >= 0:
        remove(arena, person)
        busy_from(arena, person, now)
        person = whole(arena, I_SERVER, person * SERVER + S_MATE)
    give_load(arena, vehicle, job, now)
    stand = whole(arena, I_JOB, job * JOB + J_STAND)
    if stand >= 0:
        # What is in it is settled, and what still stands offered, before anything else is decided here.
        take_what_is_there(arena, stand)
    else:
        leave_now(arena, vehicle, now)


@called
def wake_for_next_duty(arena, pool, ring, now):
    """Let it be decided anew when the next duty of somebody begins who is idle and has no time for what waits."""
    start = float("inf")
    server = whole(arena, I_RING, ring * RING + G_HEAD)
    while server >= 0:
        start = min(start, next_duty(arena, server, now))
        server = whole(arena, I_SERVER, server * SERVER + S_NEXT)
    if start < float("inf"):
        push(arena, whole(arena, I_REGISTERS, R_POOL_ENTITY) + pool, start)


@called
def decide_pool(arena, pool, now):
    """Give one unit or load to whom it can be given, by the crew's rule; a head that cannot begin holds up no other."""
    turn = whole(arena, I_REGISTERS, R_TURN) + 1
    set_whole(arena, I_REGISTERS, R_TURN, turn)
    has_head = False
    while True:
        line, job = _next_head(arena, pool, turn)
        if line < 0:
            break
        has_head = True
        if whole(arena, I_LINE, line * LINE + L_IS_OF_LOADS) == 0:
            server = _person_for(arena, pool, job, now)
            if server >= 0:
                take_out(arena, job)
                remove(arena, server)
                busy_from(arena, server, now)
                begin_work(arena, server, job, now)
        else:
            server = party_for(arena, whole(arena, I_POOL, pool * POOL + P_RING), line, now)
            if server >= 0:
                send_off(arena, server, job, now)
        if server >= 0:
            wake(arena, HAS_DECIDED, whole(arena, I_POOL, pool * POOL + P_DECIDER))
            return
        set_whole(arena, I_LINE, line * LINE + L_TRIED, turn)
    if has_head and whole(arena, I_POOL, pool * POOL + P_MUST_FIT) == 1:
        wake_for_next_duty(arena, pool, whole(arena, I_POOL, pool * POOL + P_RING), now)
