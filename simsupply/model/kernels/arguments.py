"""What the kernels of stages and legs are given: arrays that belong together, under one name.

Who calls a kernel makes these tuples anew for each call, of arrays that last. Each array says its shape, its unit
and who writes it; what nobody is named for is settled before the call and read only. All times are minutes from
00:00 of day 0. A kernel takes the fields it needs out of a tuple once, at its top: a tuple that is handed on to a
function in a hot loop has the references to all of its arrays counted each time.

Ids: places, servers, duty intervals, units, queues and fleets are known by their positions in the arrays (int64).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Window(NamedTuple):
    """The stretch of time of one call; it begins where the call before has stopped.

    Attributes
    ----------
    until : float
        Minutes. What would begin at or after this moment is left for the next call.
    horizon : float
        Minutes. Work is counted up to here.
    """

    until: float
    horizon: float


# --- who works ----------------------------------------------------------------------------------


class DutyIntervals(NamedTuple):
    """When each server is on duty; laid out before the run by `simsupply.model.staff.duty.Duty`.

    Attributes
    ----------
    server_ptr : int array, shape (places + 1,)
        Servers of place p are ``server_ptr[p]`` up to ``server_ptr[p + 1]``.
    interval_ptr : int array, shape (servers + 1,)
        Intervals of server s are ``interval_ptr[s]`` up to ``interval_ptr[s + 1]``.
    start, end : float arrays, shape (intervals,), minutes
        Half-open, in order of time for each server.
    halt : float array, shape (intervals,), minutes
        How long work in hand goes on without a stop (infinity: to its end).
    end_rule : int8 array, shape (intervals,)
        `FINISH`, `PAUSE` or `HAND_OVER` of `simsupply.model.kernels.working_time`.
    """

    server_ptr: IntArray
    interval_ptr: IntArray
    start: FloatArray
    end: FloatArray
    halt: FloatArray
    end_rule: NDArray[np.int8]


class Servers(NamedTuple):
    """Where each server stands; opened by the step, and from then on written by the kernel alone.

    Attributes
    ----------
    duty_at : int array, shape (servers,)
        Duty interval each server has come to.
    free_at : float array, shape (servers,), minutes
        When each server has finished what it began (its rest included).
    """

    duty_at: IntArray
    free_at: FloatArray


class Worked(NamedTuple):
    """Work done so far; the kernel adds to it, the step reads it when the run is over.

    Attributes
    ----------
    busy, overtime : float arrays, shape (places,), minutes
        Inside duty intervals and beyond them, up to the horizon.
    """

    busy: FloatArray
    overtime: FloatArray


# --- stages -------------------------------------------------------------------------------------


class Queues(NamedTuple):
    """Units that wait for a crew, in `num_classes` queues at each place, place by place.

    Kept by `simsupply.model.flow.queues.UnitQueues`, which puts new units in order between two calls.

    Attributes
    ----------
    num_classes : int
        Queues at each place; the first goes first.
    head : int array, shape (places * num_classes,)
        First unit of each queue that has not begun. Moved on by the kernel.
    end : int array, shape (places * num_classes,)
        One past the last unit of each queue.
    ready : float array, shape (units,), minutes
        Ready time (infinity: not known yet, nothing behind it in its queue may begin).
    work : float array, shape (units,), minutes > 0
        What `serve` writes into it is what is left of a unit that is handed over.
    handed_at : float array, shape (units,), minutes
        When a unit was handed over (infinity: it was not). Such units lead their queue. Written by `serve`.
    """

    num_classes: int
    head: IntArray
    end: IntArray
    ready: FloatArray
    work: FloatArray
    handed_at: FloatArray


class Begun(NamedTuple):
    """Which units have been begun in one call; made by the step for the call, written by the kernel.

    Attributes
    ----------
    start : float array, shape (units,), minutes
        When each unit was begun; left as it is where it was not.
    interval : int array, shape (units,)
        Duty interval in which it was begun.
    """

    start: FloatArray
    interval: IntArray


# --- legs ---------------------------------------------------------------------------------------


class LoadQueues(NamedTuple):
    """Loads that wait for a vehicle, in `num_classes` queues at each place, place by place.

    Kept by `simsupply.model.flow.queues.UnitQueues`, which puts new loads in order between two calls.

    Attributes
    ----------
    num_classes : int
        Queues at each place: 1, or for `dispatch` one for each set of fleets; the number of a queue is the set, as
        bits.
    in_sequence : bool
        Loads are in order of `key` (else of ready time, then key), and begin in this order in each queue.
    head : int array, shape (places * num_classes,)
        First load of each queue that no vehicle was given. Moved on by the kernel.
    end : int array, shape (places * num_classes,)
        One past the last load of each queue.
    ready : float array, shape (loads,), minutes
        Ready time (infinity: not known yet).
    key : int array, shape (loads,)
        Breaks ties.
    """

    num_classes: int
    in_sequence: bool
    head: IntArray
    end: IntArray
    ready: FloatArray
    key: IntArray


class TripMinutes(NamedTuple):
    """The four parts of the simplest trip, settled when the load is made up.

    Attributes
    ----------
    load, drive, unload, back : float arrays, shape (loads,), minutes >= 0
    """

    load: FloatArray
    drive: FloatArray
    unload: FloatArray
    back: FloatArray


class Docks(NamedTuple):
    """Docks that are always open.

    Attributes
    ----------
    ptr : int array, shape (places + 1,)
        Docks of place p are ``ptr[p]`` up to ``ptr[p + 1]``.
    free_at : float array, shape (docks,), minutes
        When each dock is free. Written by the kernel.
    wait : float array, shape (places,), minutes
        For which vehicles stood before a dock, up to the horizon. The kernel adds to it.
    """

    ptr: IntArray
    free_at: FloatArray
    wait: FloatArray


class Hauled(NamedTuple):
    """Which loads have left in one call; made by the step for the call, written by `haul`.

    Attributes
    ----------
    start, docked, done : float arrays, shape (loads,), minutes
        When a vehicle was given the load, when it had a dock and when it is unloaded; NaN, as it was made: not in this
        call.
    spent : float array, shape (loads, 3), minutes
        Of trips under way at the horizon: how much of loading, driving out and driving back was done by then;
        infinity, as it was made: all of it, or nothing counts.
    """

    start: FloatArray
    docked: FloatArray
    done: FloatArray
    spent: FloatArray


class HaulLog(NamedTuple):
    """What of trips is recorded beyond what the model needs; made by the step for the call, written by `haul`.

    Attributes
    ----------
    road_before : float array, shape (loads,), minutes
        Of the empty way before loading.
    taken_by : int array, shape (loads,)
        The vehicle.
    load_begin : float array, shape (loads,), minutes
        When that way was over.
    part_end : float array, shape (loads, 4), minutes
        When each part of `TripMinutes` was over.
    """

    road_before: FloatArray
    taken_by: IntArray
    load_begin: FloatArray
    part_end: FloatArray


class DispatchLog(NamedTuple):
    """What of trips is recorded beyond what the model needs; made by the step for the call, written by `dispatch`.

    Attributes
    ----------
    end : float
        Minutes: the end of the run.
    lost : float array, shape (parts,), minutes
        Lost by its calendar, up to the end of the run.
    """

    end: float
    lost: FloatArray


class TripParts(NamedTuple):
    """Trips in parts, settled when the load is made up; see `simsupply.model.vehicles.trips.Trips`.

    Attributes
    ----------
    ptr : int array, shape (loads + 1,)
        Parts of load l are ``ptr[l]`` up to ``ptr[l + 1]``.
    minutes : float array, shape (fleets, parts), minutes >= 0
    calendar : int array, shape (parts,)
        Of `Calendars`; that of a dock is known only when the vehicle has one.
    waits_for : int array, shape (parts,)
        `ROAD` or `PLACE` of `simsupply.model.kernels.dispatch`: for what time is lost by the calendar.
    km : float array, shape (fleets, parts)
        Road of each part.
    driving : float array, shape (fleets, loads), minutes
        Driving on the whole trip.
    """

    ptr: IntArray
    minutes: FloatArray
    calendar: IntArray
    waits_for: IntArray
    km: FloatArray
    driving: FloatArray


class Fleets(NamedTuple):
    """The fleets that share a leg.

    Attributes
    ----------
    of_server : int array, shape (servers,)
        Fleet of each vehicle.
    rest_after, rest : float arrays, shape (fleets,), minutes
        Driving after which a vehicle rests (infinity: never), and for how long.
    driven : float array, shape (servers,), minutes
        Driving since the last rest. Written by `dispatch`.
    busy, overtime : float arrays, shape (fleets,), minutes
        Work inside duty intervals and beyond them, up to the horizon. `dispatch` adds to them.
    waits : float array, shape (fleets, 3), minutes
        Lost for `DOCK`, `ROAD` and `PLACE`, up to the horizon. `dispatch` adds to it.
    km_left : float array, shape (fleets,)
        Kilometres that vehicles under way at the horizon had not yet driven then. `dispatch` adds to it.
    """

    of_server: IntArray
    rest_after: FloatArray
    rest: FloatArray
    driven: FloatArray
    busy: FloatArray
    overtime: FloatArray
    waits: FloatArray
    km_left: FloatArray


class CalendarDocks(NamedTuple):
    """Docks that are not always open.

    Attributes
    ----------
    are_used : bool
        Whether loading, the first part of each trip, takes a dock.
    ptr : int array, shape (places + 1,)
        Docks of place p are ``ptr[p]`` up to ``ptr[p + 1]``.
    calendar : int array, shape (docks,)
        Of `Calendars`: that by which loading goes on.
    opening : int array, shape (docks,)
        Of `Calendars`: that by which loading may begin.
    free_at : float array, shape (docks,), minutes
        When each dock is free. Written by `dispatch`.
    """

    are_used: bool
    ptr: IntArray
    calendar: IntArray
    opening: IntArray
    free_at: FloatArray


class Calendars(NamedTuple):
    """Speeds over time, a share of what is normal; see `simsupply.model.city.closures.Pace`.

    Attributes
    ----------
    ptr : int array, shape (calendars + 1,)
        Changes of calendar c are ``ptr[c]`` up to ``ptr[c + 1]``.
    time : float array, shape (changes,), minutes
        Ascending within a calendar, the first one minus infinity.
    speed : float array, shape (changes,), share in [0, 1]
        From that moment on.
    """

    ptr: IntArray
    time: FloatArray
    speed: FloatArray


class Dispatched(NamedTuple):
    """Which loads have left in one call; made by the step for the call, written by `dispatch`.

    Attributes
    ----------
    start, docked, back_at : float arrays, shape (loads,), minutes
        When a vehicle was given the load (NaN, as it was made: not in this call), when it had a dock (at once, where
        loading takes none), and when its trip was over.
    taken_by : int array, shape (loads,)
        The vehicle.
    part_end : float array, shape (parts,), minutes
        When each part was over.
    """

    start: FloatArray
    docked: FloatArray
    taken_by: IntArray
    back_at: FloatArray
    part_end: FloatArray
