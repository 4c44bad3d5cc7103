"""What crews decide that work together on units, or whose people serve units together; most crews decide by themselves.

One unit (or as many as are served at once) is begun at a time: of each crew the first that can begin with everything
it needs comes into question, by its rule, and of these one that is the first of every crew it needs. Where rules
contradict each other in a circle it is that of the step that comes first.
"""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_DUTY,
    F_FEW_TIMES,
    F_JOB_TIMES,
    F_NEED_TIMES,
    I_CREW,
    I_FEW,
    I_JOB,
    I_LINE,
    I_LIST,
    I_NEED,
    I_POOL,
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
    CR_RING,
    CR_RULE,
    CR_WANTED,
    CREW,
    D_FIT,
    D_IN_ORDER,
    D_PERSON,
    D_RING,
    D_SPEED,
    DUTY,
    G_HEAD,
    J_GROUP,
    J_HAS_PRIORITY,
    J_LEFT,
    J_LINE,
    J_LIST,
    J_MISSING,
    J_NEXT,
    J_WAS_BEGUN,
    JOB,
    JOB_TIMES,
    L_CAN,
    L_FEW,
    L_HEAD,
    L_IN_ORDER,
    L_IS_OF_LOADS,
    L_LEAST,
    L_NEED,
    L_NEEDS,
    L_RANK,
    L_TRIED,
    L_UNITS,
    LINE,
    NEED,
    NEED_TIMES,
    OTHERS,
    P_CREW,
    P_CREW_END,
    P_DECIDER,
    P_LINE,
    P_LINES,
    P_MUST_FIT,
    POOL,
    R_FEWS,
    R_TURN,
    RING,
    S_ARRIVES,
    S_DUTY,
    S_MATE,
    S_NEXT,
    SERVER,
)
from simsupply.model.events.idle import first_from, fits, remove
from simsupply.model.events.lines import goes_before, head, take_out
from simsupply.model.events.parties import begin_together, minutes_of
from simsupply.model.events.pools import goes_first, part, party_for, send_off, wake_for_next_duty
from simsupply.model.events.ramps import speed_of_line
from simsupply.model.events.spells import busy_from
from simsupply.model.events.wakes import HAS_DECIDED, wake

NEVER = float("inf")


# --- units --------------------------------------------------------------------------------------


@inlined
def _behind(arena, job):
    """The job behind one in its line that was not begun either; -1: none."""
    following = whole(arena, I_JOB, job * JOB + J_NEXT)
    if following < 0 and whole(arena, I_JOB, job * JOB + J_HAS_PRIORITY) == 1:
        line = whole(arena, I_JOB, job * JOB + J_LINE)
        following = whole(arena, I_LINE, line * LINE + L_HEAD + OTHERS)
    return following


@called
def _group(arena, line, job):
    """How many units would be begun with the first one of a line, and whether it need not wait for more.

    What was handed over goes alone.
    """
    if whole(arena, I_LINE, line * LINE + L_UNITS) == 1 or whole(arena, I_JOB, job * JOB + J_WAS_BEGUN) == 1:
        return 1, True
    size, is_enough = 0, False
    while job >= 0 and size < whole(arena, I_LINE, line * LINE + L_UNITS):
        if whole(arena, I_JOB, job * JOB + J_MISSING) > 0:
            break
        size += 1
        of_list = whole(arena, I_JOB, job * JOB + J_LIST)
        if of_list >= 0 and whole(arena, I_LIST, of_list) == 0:
            # Nothing more of its list is to come.
            is_enough = True
        job = _behind(arena, job)
    return size, is_enough or size >= whole(arena, I_LINE, line * LINE + L_LEAST)


@inlined
def _ready(arena, line):
    """The unit or load of a line that goes first, if it is ready; -1: none is."""
    job = head(arena, line)
    if job >= 0 and whole(arena, I_JOB, job * JOB + J_MISSING) > 0:
        job = -1
    return job


@called
def _first_to_begin(arena, line):
    """The same, if enough are ready."""
    job = _ready(arena, line)
    if job >= 0:
        _, is_enough = _group(arena, line, job)
        if not is_enough:
            job = -1
    return job


@inlined
def _note_too_few(arena, pool, now):
    """Write down since when at a line too few units stand ready to be served together, and until when."""
    first = whole(arena, I_POOL, pool * POOL + P_LINE)
    for line in range(first, first + whole(arena, I_POOL, pool * POOL + P_LINES)):
        if whole(arena, I_LINE, line * LINE + L_UNITS) > 1:
            number = whole(arena, I_LINE, line * LINE + L_FEW)
            are_too_few = _ready(arena, line) >= 0 and _first_to_begin(arena, line) < 0
            if are_too_few and number < 0:
                number = whole(arena, I_REGISTERS, R_FEWS)
                set_whole(arena, I_REGISTERS, R_FEWS, number + 1)
                set_whole(arena, I_FEW, number, line)
                set_real(arena, F_FEW_TIMES, 2 * number, now)
                set_real(arena, F_FEW_TIMES, 2 * number + 1, NEVER)
                set_whole(arena, I_LINE, line * LINE + L_FEW, number)
            elif number >= 0 and not are_too_few:
                set_real(arena, F_FEW_TIMES, 2 * number + 1, now)
                set_whole(arena, I_LINE, line * LINE + L_FEW, -1)


# --- people -------------------------------------------------------------------------------------


@inlined
def _longest(arena, line, job, need, crew, now):
    """Note how long the longest of the units that would be begun takes people of a crew, by pace."""
    ring = whole(arena, I_NEED, need * NEED + D_RING)
    size, _ = _group(arena, line, job)
    for pace in range(2):
        longest, unit = 0.0, job
        if whole(arena, I_JOB, job * JOB + J_WAS_BEGUN) == 1:
            longest = real(arena, F_JOB_TIMES, job * JOB_TIMES + J_LEFT)
        else:
            speed = speed_of_line(arena, job, crew, ring, pace, now)
            for _ in range(size):
                longest = max(longest, minutes_of(arena, unit, crew, pace) / speed)
                unit = _behind(arena, unit)
        set_real(arena, F_NEED_TIMES, need * NEED_TIMES + pace, longest)


@inlined
def _first_person(arena, need, now):
    """The first of a crew who can begin; -1: nobody."""
    server = whole(arena, I_RING, whole(arena, I_NEED, need * NEED + D_RING) * RING + G_HEAD)
    return _person_from(arena, need, server, now)


@called
def _person_from(arena, need, server, now):
    """The same from somebody on."""
    minutes, later = real(arena, F_NEED_TIMES, need * NEED_TIMES), real(arena, F_NEED_TIMES, need * NEED_TIMES + 1)
    return first_from(arena, server, now, minutes, later, True)


@inlined
def _have_time(arena, first, end, now):
    """Whether all those who would come have time for what takes the slowest of them so long."""
    longest = 0.0
    for need in range(first, end):
        server = whole(arena, I_NEED, need * NEED + D_PERSON)
        minutes = real(arena, F_NEED_TIMES, need * NEED_TIMES + whole(arena, I_SERVER, server * SERVER + S_ARRIVES))
        row = whole(arena, I_SERVER, server * SERVER + S_DUTY) * DUTY
        longest = max(longest, minutes / real(arena, F_DUTY, row + D_SPEED))
    for need in range(first, end):
        server = whole(arena, I_NEED, need * NEED + D_PERSON)
        row = whole(arena, I_SERVER, server * SERVER + S_DUTY) * DUTY
        if not fits(now + longest, real(arena, F_DUTY, row + D_FIT)):
            return False
    return True


@called
def _find_people(arena, line, job, now):
    """Note who of each crew that is needed would come, longest free first; whether there is a party that can begin."""
    first = whole(arena, I_LINE, line * LINE + L_NEED)
    end = first + whole(arena, I_LINE, line * LINE + L_NEEDS)
    for need in range(first, end):
        _longest(arena, line, job, need, need - first, now)
        server = _first_person(arena, need, now)
        if server < 0:
            return False
        set_whole(arena, I_NEED, need * NEED + D_PERSON, server)
    while not _have_time(arena, first, end, now):
        # The next of the last crew; where there is none, of the one before, and the first of the last again.
        need = end - 1
        while need >= first:
            server = whole(arena, I_NEED, need * NEED + D_PERSON)
            server = _person_from(arena, need, whole(arena, I_SERVER, server * SERVER + S_NEXT), now)
            if server >= 0:
                set_whole(arena, I_NEED, need * NEED + D_PERSON, server)
                break
            set_whole(arena, I_NEED, need * NEED + D_PERSON, _first_person(arena, need, now))
            need -= 1
        if need < first:
            return False
    return True


@inlined
def _can_begin(arena, line, job, now):
    """Whether a unit or load can begin with everything it needs."""
    if whole(arena, I_LINE, line * LINE + L_IS_OF_LOADS) == 0:
        return _find_people(arena, line, job, now)
    people = whole(arena, I_NEED, whole(arena, I_LINE, line * LINE + L_NEED) * NEED + D_RING)
    vehicle = party_for(arena, people, line, now)
    part(arena, vehicle)
    return vehicle >= 0


# --- decisions ----------------------------------------------------------------------------------


@inlined
def _need_of(arena, line, ring):
    """The row in which a line says that it needs a crew; -1: it does not."""
    first = whole(arena, I_LINE, line * LINE + L_NEED)
    for need in range(first, first + whole(arena, I_LINE, line * LINE + L_NEEDS)):
        if whole(arena, I_NEED, need * NEED + D_RING) == ring:
            return need
    return -1


@called
def _wanted_by(arena, pool, crew, turn, now):
    """The line whose head goes first for a crew of those that can begin; -1: none."""
    ring, rule = whole(arena, I_CREW, crew * CREW + CR_RING), whole(arena, I_CREW, crew * CREW + CR_RULE)
    first = whole(arena, I_POOL, pool * POOL + P_LINE)
    end = first + whole(arena, I_POOL, pool * POOL + P_LINES)
    while True:
        chosen = best = -1
        for line in range(first, end):
            need = _need_of(arena, line, ring)
            if need < 0 or whole(arena, I_LINE, line * LINE + L_TRIED) == turn:
                continue
            job = _first_to_begin(arena, line)
            if job < 0:
                continue
            set_whole(arena, I_LINE, line * LINE + L_IN_ORDER, whole(arena, I_NEED, need * NEED + D_IN_ORDER))
            if chosen < 0 or goes_first(arena, rule, line, job, chosen, best):
                chosen, best = line, job
        if chosen < 0 or whole(arena, I_LINE, chosen * LINE + L_CAN) == turn:
            return chosen
        if _can_begin(arena, chosen, best, now):
            set_whole(arena, I_LINE, chosen * LINE + L_CAN, turn)
            return chosen
        set_whole(arena, I_LINE, chosen * LINE + L_TRIED, turn)


@inlined
def _are_agreed(arena, pool, line):
    """Whether a line is wanted first by every crew that it needs."""
    for crew in range(whole(arena, I_POOL, pool * POOL + P_CREW), whole(arena, I_POOL, pool * POOL + P_CREW_END)):
        is_needed = _need_of(arena, line, whole(arena, I_CREW, crew * CREW + CR_RING)) >= 0
        if is_needed and whole(arena, I_CREW, crew * CREW + CR_WANTED) != line:
            return False
    return True


@inlined
def _stands_first(arena, line, other):
    """Whether a line goes before another one where crews do not agree: by step, then by its first load."""
    rank, other_rank = whole(arena, I_LINE, line * LINE + L_RANK), whole(arena, I_LINE, other * LINE + L_RANK)
    return rank < other_rank or (rank == other_rank and goes_before(arena, head(arena, line), head(arena, other)))


@called
def _choose(arena, pool):
    """Which of the lines that crews want goes first; -1: none."""
    chosen, is_agreed = -1, False
    for crew in range(whole(arena, I_POOL, pool * POOL + P_CREW), whole(arena, I_POOL, pool * POOL + P_CREW_END)):
        line = whole(arena, I_CREW, crew * CREW + CR_WANTED)
        if line < 0 or line == chosen:
            continue
        agreed = _are_agreed(arena, pool, line)
        if chosen < 0 or agreed > is_agreed or (agreed == is_agreed and _stands_first(arena, line, chosen)):
            chosen, is_agreed = line, agreed
    return chosen


@called
def _begin_units(arena, line, now):
    """Let those who were found for a line begin its first units."""
    job = head(arena, line)
    size, _ = _group(arena, line, job)
    unit, last = job, -1
    for _ in range(size):
        behind = _behind(arena, unit)
        take_out(arena, unit)
        if last >= 0:
            set_whole(arena, I_JOB, last * JOB + J_GROUP, unit)
        unit, last = behind, unit
    first = whole(arena, I_LINE, line * LINE + L_NEED)
    lead = last = whole(arena, I_NEED, first * NEED + D_PERSON)
    for need in range(first, first + whole(arena, I_LINE, line * LINE + L_NEEDS)):
        person = whole(arena, I_NEED, need * NEED + D_PERSON)
        remove(arena, person)
        busy_from(arena, person, now)
        if person != lead:
            set_whole(arena, I_SERVER, last * SERVER + S_MATE, person)
        last = person
    set_whole(arena, I_SERVER, last * SERVER + S_MATE, -1)
    begin_together(arena, lead, job, now)


@called
def decide_crews(arena, pool, now):
    """Let one unit, as many as are served at once, or one load begin; a head that cannot begin holds up no other."""
    turn = whole(arena, I_REGISTERS, R_TURN) + 1
    set_whole(arena, I_REGISTERS, R_TURN, turn)
    first, end = whole(arena, I_POOL, pool * POOL + P_CREW), whole(arena, I_POOL, pool * POOL + P_CREW_END)
    for crew in range(first, end):
        set_whole(arena, I_CREW, crew * CREW + CR_WANTED, _wanted_by(arena, pool, crew, turn, now))
    line = _choose(arena, pool)
    if line >= 0:
        if whole(arena, I_LINE, line * LINE + L_IS_OF_LOADS) == 1:
            people = whole(arena, I_NEED, whole(arena, I_LINE, line * LINE + L_NEED) * NEED + D_RING)
            send_off(arena, party_for(arena, people, line, now), head(arena, line), now)
        else:
            _begin_units(arena, line, now)
        wake(arena, HAS_DECIDED, whole(arena, I_POOL, pool * POOL + P_DECIDER))
    elif whole(arena, I_POOL, pool * POOL + P_MUST_FIT) == 1:
        # Those on duty have no time left for what waits, if anything does: perhaps in their next duty.
        for crew in range(first, end):
            wake_for_next_duty(arena, pool, whole(arena, I_CREW, crew * CREW + CR_RING), now)
    _note_too_few(arena, pool, now)
