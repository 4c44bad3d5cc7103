"""Loads made up of orders that stand ready: when enough do, at a time, or of what is there.

Of the simplest trips loads are made here: what is drawn for a load, with its first order, was drawn beforehand for each
order that could be the first. Trips in parts are made up outside, with the orders that the loop lays ready.
"""

from __future__ import annotations

from simsupply.model.events.arena import (
    F_JOB_TIMES,
    F_NODE_TIMES,
    F_ORDER_TIMES,
    F_PART_TIMES,
    I_JOB,
    I_LOADS,
    I_MEMBER,
    I_NODE,
    I_ORDER,
    I_PART,
    I_REGISTERS,
    I_STAND,
    called,
    inlined,
    real,
    set_real,
    set_whole,
    whole,
)
from simsupply.model.events.columns import (
    E_DOCKS,
    E_EMPTY,
    E_FLOOR_FROM,
    E_FLOOR_TO,
    E_HELD,
    E_KM,
    E_KM_BACK,
    E_LINE,
    E_LOAD,
    E_OUT,
    FULL,
    H_COUNT,
    H_DEPARTS,
    H_DOCKS_TO,
    H_HEAD,
    H_IS_LISTED,
    H_IS_OFFERED,
    H_LOADS,
    H_NEXT,
    H_NODE,
    H_OFFER,
    H_TAIL,
    H_TAKEN,
    J_BEGUN,
    J_END,
    J_FIRST,
    J_GROUP,
    J_HAS_PRIORITY,
    J_KEY,
    J_LINE,
    J_MISSING,
    J_NODE,
    J_PART,
    J_PART_END,
    J_READY,
    J_SERVER,
    J_STAND,
    J_WAS_BEGUN,
    JOB,
    JOB_TIMES,
    LOADS,
    LOT_READY,
    M_DECIDER,
    M_HEAD,
    M_IS_OUTSIDE,
    MOST_PARTS,
    N_COLUMN,
    N_EXTRA,
    N_FETCHES,
    N_IN_PARTS,
    N_LEAVES,
    N_LOT,
    N_STAND,
    NO_ROOM,
    NODE,
    NODE_TIMES,
    O_NEXT,
    O_PREVIOUS,
    PART,
    PART_HEAD,
    Q_CALENDAR,
    Q_CAME,
    Q_DOCKS,
    Q_DOCKS_TO,
    Q_END,
    Q_FIRST,
    Q_FLOOR,
    Q_LEAVES,
    Q_PARCELS,
    Q_STOP,
    Q_WAITS,
    R_FLEETS,
    R_JOBS,
    R_JOBS_END,
    R_LOT,
    R_LOT_END,
    R_LOT_SIZE,
    R_MEMBERS,
    R_MEMBERS_END,
    R_ORDER_WIDTH,
    R_PART_WIDTH,
    R_PARTS,
    R_PARTS_END,
    R_STAND,
    R_TIME_WIDTH,
    READY,
    SIMPLEST,
    STAND,
    WINDOW_OVER,
    X_PER_CONSIGNMENT,
    X_PER_LOAD,
    X_REST,
    X_TAKES_TIME,
)
from simsupply.model.events.lines import decider_of, put, take_out
from simsupply.model.events.orders import call_up
from simsupply.model.events.trips import leave_now
from simsupply.model.events.wakes import LOAD_GONE, UNIT_JOINS, wake
from simsupply.model.kernels.dispatch import PLACE, ROAD

# So many are added up at once at most, as NumPy does it; more in two parts.
BLOCK = 128


@inlined
def _extra(arena, order, extra):
    return real(arena, F_ORDER_TIMES, order * whole(arena, I_REGISTERS, R_TIME_WIDTH) + extra)


@inlined
def _sum(arena, first, end, extra):
    """Sum over members, added up as NumPy adds up the slices of `np.add.reduceat`: the first, and all others."""
    total = _extra(arena, whole(arena, I_MEMBER, first), extra)
    return total + _sum_of_others(arena, first + 1, end, extra) if end - first > 1 else total


@called
def _sum_of_others(arena, at, end, extra):
    """Sum over members in pairs, as NumPy adds up an array."""
    if end - at > BLOCK:
        middle = at + (end - at) // 2 - (end - at) // 2 % 8
        return _sum_of_others(arena, at, middle, extra) + _sum_of_others(arena, middle, end, extra)
    if end - at < 8:
        rest = -0.0
        for position in range(at, end):
            rest += _extra(arena, whole(arena, I_MEMBER, position), extra)
        return rest
    a, b = _extra(arena, whole(arena, I_MEMBER, at), extra), _extra(arena, whole(arena, I_MEMBER, at + 1), extra)
    c, d = _extra(arena, whole(arena, I_MEMBER, at + 2), extra), _extra(arena, whole(arena, I_MEMBER, at + 3), extra)
    e, f = _extra(arena, whole(arena, I_MEMBER, at + 4), extra), _extra(arena, whole(arena, I_MEMBER, at + 5), extra)
    g, h = _extra(arena, whole(arena, I_MEMBER, at + 6), extra), _extra(arena, whole(arena, I_MEMBER, at + 7), extra)
    at += 8
    while at + 8 <= end:
        a += _extra(arena, whole(arena, I_MEMBER, at), extra)
        b += _extra(arena, whole(arena, I_MEMBER, at + 1), extra)
        c += _extra(arena, whole(arena, I_MEMBER, at + 2), extra)
        d += _extra(arena, whole(arena, I_MEMBER, at + 3), extra)
        e += _extra(arena, whole(arena, I_MEMBER, at + 4), extra)
        f += _extra(arena, whole(arena, I_MEMBER, at + 5), extra)
        g += _extra(arena, whole(arena, I_MEMBER, at + 6), extra)
        h += _extra(arena, whole(arena, I_MEMBER, at + 7), extra)
        at += 8
    rest = ((a + b) + (c + d)) + ((e + f) + (g + h))
    while at < end:
        rest += _extra(arena, whole(arena, I_MEMBER, at), extra)
        at += 1
    return rest


@called
def _new_job(arena, node, line):
    """A load with nothing in it."""
    job = whole(arena, I_REGISTERS, R_JOBS)
    set_whole(arena, I_REGISTERS, R_JOBS, job + 1)
    set_whole(arena, I_JOB, job * JOB + J_NODE, node)
    set_whole(arena, I_JOB, job * JOB + J_LINE, line)
    set_whole(arena, I_JOB, job * JOB + J_MISSING, 0)
    set_whole(arena, I_JOB, job * JOB + J_HAS_PRIORITY, 0)
    set_whole(arena, I_JOB, job * JOB + J_WAS_BEGUN, 0)
    set_whole(arena, I_JOB, job * JOB + J_SERVER, -1)
    set_whole(arena, I_JOB, job * JOB + J_STAND, -1)
    set_whole(arena, I_JOB, job * JOB + J_GROUP, -1)
    set_whole(arena, I_JOB, job * JOB + J_FIRST, 0)
    set_whole(arena, I_JOB, job * JOB + J_END, 0)
    set_whole(arena, I_JOB, job * JOB + J_PART, 0)
    set_whole(arena, I_JOB, job * JOB + J_PART_END, 0)
    set_real(arena, F_JOB_TIMES, job * JOB_TIMES + J_BEGUN, float("nan"))
    return job


@inlined
def _pull(arena, stand, size):
    """Let the first orders leave a stand, and be members; where these begin."""
    width = whole(arena, I_REGISTERS, R_ORDER_WIDTH)
    first = whole(arena, I_REGISTERS, R_MEMBERS)
    order = whole(arena, I_STAND, stand * STAND + H_HEAD)
    for position in range(first, first + size):
        set_whole(arena, I_MEMBER, position, order)
        order = whole(arena, I_ORDER, order * width + O_NEXT)
    set_whole(arena, I_REGISTERS, R_MEMBERS, first + size)
    set_whole(arena, I_STAND, stand * STAND + H_HEAD, order)
    set_whole(arena, I_STAND, stand * STAND + H_COUNT, whole(arena, I_STAND, stand * STAND + H_COUNT) - size)
    if order >= 0:
        set_whole(arena, I_ORDER, order * width + O_PREVIOUS, -1)
    else:
        set_whole(arena, I_STAND, stand * STAND + H_TAIL, -1)
    return first


@called
def _part(arena, waits, minutes, km, road):
    """A part of a trip of one fleet."""
    part = whole(arena, I_REGISTERS, R_PARTS)
    set_whole(arena, I_REGISTERS, R_PARTS, part + 1)
    fleets = whole(arena, I_REGISTERS, R_FLEETS)
    set_whole(arena, I_PART, part * PART + Q_CALENDAR, 0)
    set_whole(arena, I_PART, part * PART + Q_WAITS, waits)
    set_whole(arena, I_PART, part * PART + Q_STOP, -1)
    set_whole(arena, I_PART, part * PART + Q_DOCKS, -1)
    set_whole(arena, I_PART, part * PART + Q_DOCKS_TO, -1)
    set_whole(arena, I_PART, part * PART + Q_FLOOR, -1)
    set_whole(arena, I_PART, part * PART + Q_LEAVES, -1)
    set_whole(arena, I_PART, part * PART + Q_FIRST, 0)
    set_whole(arena, I_PART, part * PART + Q_END, 0)
    row = part * whole(arena, I_REGISTERS, R_PART_WIDTH) + PART_HEAD
    set_real(arena, F_PART_TIMES, row, minutes)
    set_real(arena, F_PART_TIMES, row + fleets, km)
    set_real(arena, F_PART_TIMES, row + 2 * fleets, road)
    set_real(arena, F_PART_TIMES, row + 3 * fleets, 0.0)
    set_real(arena, F_PART_TIMES, row - PART_HEAD + Q_CAME, float("nan"))
    return part


@called
def _fill(arena, stand, job, first, end):
    """Settle the trip of a load of these members; as `simsupply.model.flow.loads.Carrier.loads` does.

    Or, of trips in parts, as `simsupply.model.vehicles.trips.TripMaker.loads` does where nothing happens on the way.
    """
    node = whole(arena, I_JOB, job * JOB + J_NODE)
    set_whole(arena, I_JOB, job * JOB + J_FIRST, first)
    set_whole(arena, I_JOB, job * JOB + J_END, end)
    set_whole(arena, I_JOB, job * JOB + J_KEY, whole(arena, I_MEMBER, end - 1))
    extra, leader = whole(arena, I_NODE, node * NODE + N_EXTRA), whole(arena, I_MEMBER, first)
    fetches = whole(arena, I_NODE, node * NODE + N_FETCHES) == 1
    load = unload = 0.0
    for what in range(2):
        if real(arena, F_NODE_TIMES, node * NODE_TIMES + X_TAKES_TIME + what) != 0:
            minutes = _sum(arena, first, end, extra + E_LOAD + what)
            minutes = minutes + real(arena, F_NODE_TIMES, node * NODE_TIMES + X_PER_CONSIGNMENT + what)
            minutes = minutes + real(arena, F_NODE_TIMES, node * NODE_TIMES + X_PER_LOAD + what)
            if what == 0:
                load = minutes
            else:
                unload = minutes
    out, empty = _extra(arena, leader, extra + E_OUT), _extra(arena, leader, extra + E_EMPTY)
    km, km_back = _extra(arena, leader, extra + E_KM), _extra(arena, leader, extra + E_KM_BACK)
    rest = real(arena, F_NODE_TIMES, node * NODE_TIMES + X_REST)
    held = _extra(arena, leader, extra + E_HELD)
    if whole(arena, I_NODE, node * NODE + N_IN_PARTS) == 1:
        head = whole(arena, I_REGISTERS, R_PARTS)
        loading = head + int(fetches)
        if fetches:
            _part(arena, ROAD, empty, km_back, empty)
            _part(arena, PLACE, load, 0.0, load)
        else:
            _part(arena, PLACE, load, 0.0, load)
            _part(arena, ROAD, 0.0, 0.0, 0.0)
        _part(arena, PLACE, 0.0, 0.0, 0.0)
        _part(arena, ROAD, out, km, out)
        _part(arena, PLACE, held, 0.0, held)
        unloading = _part(arena, PLACE, unload, 0.0, unload)
        back = 0.0 if fetches else empty
        _part(arena, ROAD, back, 0.0 if fetches else km_back, back)
        last = _part(arena, PLACE, rest, 0.0, rest)
        place = stand - whole(arena, I_NODE, node * NODE + N_STAND)
        set_whole(arena, I_PART, unloading * PART + Q_STOP, place)
        set_whole(arena, I_PART, unloading * PART + Q_DOCKS_TO, whole(arena, I_STAND, stand * STAND + H_DOCKS_TO))
    else:
        if fetches:
            loading = _part(arena, SIMPLEST, empty + load, km_back, empty)
        else:
            loading = _part(arena, SIMPLEST, load, 0.0, 0.0)
        head = loading
        _part(arena, SIMPLEST, out + held, km, out)
        unloading = _part(arena, SIMPLEST, unload, 0.0, 0.0)
        if fetches:
            last = _part(arena, SIMPLEST, 0.0 + rest, 0.0, 0.0)
        else:
            last = _part(arena, SIMPLEST, empty + rest, km_back, empty)
    if not fetches:
        set_whole(arena, I_PART, head * PART + Q_DOCKS, int(_extra(arena, leader, extra + E_DOCKS)))
    set_whole(arena, I_PART, loading * PART + Q_LEAVES, int(_extra(arena, leader, extra + E_FLOOR_FROM)))
    set_whole(arena, I_PART, loading * PART + Q_PARCELS, end - first)
    set_whole(arena, I_PART, unloading * PART + Q_FLOOR, int(_extra(arena, leader, extra + E_FLOOR_TO)))
    set_whole(arena, I_PART, unloading * PART + Q_PARCELS, end - first)
    set_whole(arena, I_PART, unloading * PART + Q_FIRST, first)
    set_whole(arena, I_PART, unloading * PART + Q_END, end)
    set_whole(arena, I_JOB, job * JOB + J_PART, head)
    set_whole(arena, I_JOB, job * JOB + J_PART_END, last + 1)


@inlined
def _line_of(arena, node, order):
    """The line, at its base, of the load of which an order is the first."""
    return int(_extra(arena, order, whole(arena, I_NODE, node * NODE + N_EXTRA) + E_LINE))


@inlined
def _offer(arena, stand):
    """Let the first orders that stand ready leave as soon as there is a vehicle, instead of what was offered before."""
    job, node = whole(arena, I_STAND, stand * STAND + H_OFFER), whole(arena, I_STAND, stand * STAND + H_NODE)
    if whole(arena, I_STAND, stand * STAND + H_IS_OFFERED) == 1:
        take_out(arena, job)
        set_whole(arena, I_STAND, stand * STAND + H_IS_OFFERED, 0)
    num = min(whole(arena, I_STAND, stand * STAND + H_COUNT), whole(arena, I_NODE, node * NODE + N_LOT))
    if num == 0:
        return
    order = last = whole(arena, I_STAND, stand * STAND + H_HEAD)
    for _ in range(num - 1):
        last = whole(arena, I_ORDER, last * whole(arena, I_REGISTERS, R_ORDER_WIDTH) + O_NEXT)
    if job < 0:
        job = _new_job(arena, node, 0)
        set_whole(arena, I_STAND, stand * STAND + H_OFFER, job)
    set_whole(arena, I_JOB, job * JOB + J_LINE, _line_of(arena, node, order))
    set_whole(arena, I_JOB, job * JOB + J_STAND, stand)
    set_whole(arena, I_JOB, job * JOB + J_KEY, last)
    since = _extra(arena, order, whole(arena, I_NODE, node * NODE + N_COLUMN))
    set_real(arena, F_JOB_TIMES, job * JOB_TIMES + J_READY, since)
    set_whole(arena, I_STAND, stand * STAND + H_IS_OFFERED, 1)
    put(arena, job)
    wake(arena, UNIT_JOINS, decider_of(arena, job))


@inlined
def take_what_is_there(arena, stand):
    """A vehicle takes what was offered at a stand."""
    set_whole(arena, I_STAND, stand * STAND + H_TAKEN, 1)
    set_whole(arena, I_STAND, stand * STAND + H_IS_OFFERED, 0)
    call_up(arena, stand)
    wake(arena, LOAD_GONE, whole(arena, I_LOADS, whole(arena, I_STAND, stand * STAND + H_LOADS) * LOADS + M_DECIDER))


@inlined
def _strike_off(arena, loads, stand):
    """Take the first stand off the list of those at which loads may be made up."""
    set_whole(arena, I_STAND, stand * STAND + H_DEPARTS, 0)
    set_whole(arena, I_LOADS, loads * LOADS + M_HEAD, whole(arena, I_STAND, stand * STAND + H_NEXT))
    set_whole(arena, I_STAND, stand * STAND + H_IS_LISTED, 0)


@inlined
def _let_go(arena, stand, job):
    """Let the orders of a load stand no longer: a vehicle has taken them."""
    width = whole(arena, I_REGISTERS, R_ORDER_WIDTH)
    first, end = whole(arena, I_JOB, job * JOB + J_FIRST), whole(arena, I_JOB, job * JOB + J_END)
    for position in range(first, end):
        order = whole(arena, I_MEMBER, position)
        before, behind = (
            whole(arena, I_ORDER, order * width + O_PREVIOUS),
            whole(arena, I_ORDER, order * width + O_NEXT),
        )
        if before >= 0:
            set_whole(arena, I_ORDER, before * width + O_NEXT, behind)
        else:
            set_whole(arena, I_STAND, stand * STAND + H_HEAD, behind)
        if behind >= 0:
            set_whole(arena, I_ORDER, behind * width + O_PREVIOUS, before)
        else:
            set_whole(arena, I_STAND, stand * STAND + H_TAIL, before)
    count = whole(arena, I_STAND, stand * STAND + H_COUNT)
    set_whole(arena, I_STAND, stand * STAND + H_COUNT, count - (end - first))


@called
def _offer_outside(arena, stand, lot, now):
    """As `_offer`, of trips that are made up outside; whether the first orders have been laid ready for one."""
    job = whole(arena, I_STAND, stand * STAND + H_OFFER)
    if whole(arena, I_STAND, stand * STAND + H_TAKEN) == 1:
        _let_go(arena, stand, job)
        set_whole(arena, I_STAND, stand * STAND + H_OFFER, -1)
        set_whole(arena, I_STAND, stand * STAND + H_TAKEN, 0)
        leave_now(arena, whole(arena, I_JOB, job * JOB + J_SERVER), now)
    elif whole(arena, I_STAND, stand * STAND + H_IS_OFFERED) == 1:
        take_out(arena, job)
        set_whole(arena, I_STAND, stand * STAND + H_IS_OFFERED, 0)
    num = min(whole(arena, I_STAND, stand * STAND + H_COUNT), lot)
    # They go on standing, and are no members of anything yet.
    first, order = whole(arena, I_REGISTERS, R_MEMBERS), whole(arena, I_STAND, stand * STAND + H_HEAD)
    for position in range(first, first + num):
        set_whole(arena, I_MEMBER, position, order)
        order = whole(arena, I_ORDER, order * whole(arena, I_REGISTERS, R_ORDER_WIDTH) + O_NEXT)
    set_whole(arena, I_REGISTERS, R_STAND, stand)
    set_whole(arena, I_REGISTERS, R_LOT, first)
    set_whole(arena, I_REGISTERS, R_LOT_END, first + num)
    return num > 0


@inlined
def _has_room(arena, size):
    """Whether there are rows for another load, of so many orders."""
    set_whole(arena, I_REGISTERS, R_LOT_SIZE, size)
    return (
        whole(arena, I_REGISTERS, R_JOBS) < whole(arena, I_REGISTERS, R_JOBS_END)
        and whole(arena, I_REGISTERS, R_PARTS) + MOST_PARTS <= whole(arena, I_REGISTERS, R_PARTS_END)
        and whole(arena, I_REGISTERS, R_MEMBERS) + size <= whole(arena, I_REGISTERS, R_MEMBERS_END)
    )


@called
def decide_loads(arena, loads, now):
    """Make loads of what stands ready where something has come, or where it is time to leave.

    Returns
    -------
    int
        `WINDOW_OVER`; or `LOT_READY`: orders have been laid ready of which loads are to be made outside, or `NO_ROOM`:
        then it has to be asked again.
    """
    is_outside = whole(arena, I_LOADS, loads * LOADS + M_IS_OUTSIDE) == 1
    while whole(arena, I_LOADS, loads * LOADS + M_HEAD) >= 0:
        stand = whole(arena, I_LOADS, loads * LOADS + M_HEAD)
        node = whole(arena, I_STAND, stand * STAND + H_NODE)
        leaves, lot = whole(arena, I_NODE, node * NODE + N_LEAVES), whole(arena, I_NODE, node * NODE + N_LOT)
        departs = whole(arena, I_STAND, stand * STAND + H_DEPARTS) == 1
        if is_outside and leaves == READY:
            if not _has_room(arena, min(whole(arena, I_STAND, stand * STAND + H_COUNT), lot)):
                return NO_ROOM
            _strike_off(arena, loads, stand)
            if _offer_outside(arena, stand, lot, now):
                return LOT_READY
            continue
        while True:
            count = whole(arena, I_STAND, stand * STAND + H_COUNT)
            is_due = (leaves == FULL and count >= lot) or (departs and count > 0)
            if not is_due and whole(arena, I_STAND, stand * STAND + H_TAKEN) == 0:
                break
            size = min(count, lot)
            if not _has_room(arena, size):
                return NO_ROOM
            if is_outside:
                set_whole(arena, I_REGISTERS, R_STAND, stand)
                set_whole(arena, I_REGISTERS, R_LOT, _pull(arena, stand, size))
                set_whole(arena, I_REGISTERS, R_LOT_END, whole(arena, I_REGISTERS, R_MEMBERS))
                return LOT_READY
            is_taken = whole(arena, I_STAND, stand * STAND + H_TAKEN) == 1
            job = whole(arena, I_STAND, stand * STAND + H_OFFER)
            first = _pull(arena, stand, size)
            if not is_taken:
                job = _new_job(arena, node, 0)
            _fill(arena, stand, job, first, first + size)
            if is_taken:
                set_whole(arena, I_STAND, stand * STAND + H_OFFER, -1)
                set_whole(arena, I_STAND, stand * STAND + H_TAKEN, 0)
                leave_now(arena, whole(arena, I_JOB, job * JOB + J_SERVER), now)
            else:
                set_whole(arena, I_JOB, job * JOB + J_LINE, _line_of(arena, node, whole(arena, I_MEMBER, first)))
                set_real(arena, F_JOB_TIMES, job * JOB_TIMES + J_READY, now)
                put(arena, job)
                wake(arena, UNIT_JOINS, decider_of(arena, job))
        if leaves == READY:
            if not _has_room(arena, 0):
                return NO_ROOM
            _offer(arena, stand)
        _strike_off(arena, loads, stand)
    return WINDOW_OVER
