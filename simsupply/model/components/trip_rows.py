"""Trips as rows of the arena: the parts of each, what they need and what they free."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.layout import Layout
from simsupply.model.components.parts_of_layout import Driving
from simsupply.model.events import columns as c
from simsupply.model.flow.loads import Loads
from simsupply.model.vehicles.trips import Trips
from simsupply.strategy.steps.leg import Leg

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


def _rows(num: int, layout: Layout) -> tuple[IntArray, FloatArray]:
    rows = np.full((num, c.PART), -1, dtype=np.int64)
    rows[:, [c.Q_CALENDAR, c.Q_PARCELS, c.Q_FIRST, c.Q_END]] = 0
    times = np.zeros((num, c.PART_HEAD + 4 * layout.num_fleets))
    times[:, : c.PART_HEAD] = np.nan
    return rows, times


def parts_of_loads(
    loads: Loads, leg: Leg, driving: Driving, layout: Layout, first: int
) -> tuple[IntArray, FloatArray, IntArray]:
    """Parts of the simplest trips: load, drive, unload, drive back; `first` is the first member.

    Returns
    -------
    rows : int array, shape (parts, `PART`)
    times : float array
    ptr : int array, shape (loads + 1,)
    """
    num, fleets = len(loads), layout.num_fleets
    rows, times = _rows(4 * num, layout)
    rows[:, c.Q_WAITS] = c.SIMPLEST
    sizes = np.diff(loads.ptr)
    minutes, km, road = (times[:, c.PART_HEAD + which * fleets] for which in range(3))
    minutes[0::4], minutes[1::4], minutes[2::4], minutes[3::4] = loads.load, loads.drive, loads.unload, loads.back
    km[1::4], road[1::4] = loads.km, loads.road_out
    empty = 0 if leg.fetch else 3
    km[empty::4], road[empty::4] = loads.km_back, loads.road_empty
    if not leg.fetch:
        rows[0::4, c.Q_DOCKS] = np.array(driving.docks)[loads.origin]
    rows[0::4, c.Q_LEAVES] = layout.floors_at(leg.origin, loads.origin)
    rows[2::4, c.Q_FLOOR] = layout.floors_at(leg.to, loads.target)
    rows[0::4, c.Q_PARCELS] = rows[2::4, c.Q_PARCELS] = sizes
    rows[2::4, c.Q_FIRST], rows[2::4, c.Q_END] = first + loads.ptr[:-1], first + loads.ptr[1:]
    return rows, times, 4 * np.arange(num + 1)


def parts_of_trips(
    trips: Trips, leg: Leg, driving: Driving, layout: Layout, first: int
) -> tuple[IntArray, FloatArray, IntArray]:
    """Parts of trips past roads and stops; `first` is the first member, in order of the part that unloads it."""
    num_parts, fleets = len(trips.part_calendar), layout.num_fleets
    rows, times = _rows(num_parts, layout)
    own = len(driving.vehicles.fleets)
    rows[:, c.Q_WAITS] = trips.part_waits
    rows[:, c.Q_CALENDAR] = layout.calendar(driving, trips.part_calendar)
    times[:, c.PART_HEAD : c.PART_HEAD + own] = trips.part_min.T
    times[:, c.PART_HEAD + fleets : c.PART_HEAD + fleets + own] = trips.part_km.T
    times[:, c.PART_HEAD + 2 * fleets : c.PART_HEAD + 2 * fleets + own] = trips.part_min.T
    head = trips.part_ptr[:-1]
    times[head, c.PART_HEAD + 3 * fleets : c.PART_HEAD + 3 * fleets + own] = trips.driving_min.T
    if not leg.fetch:
        rows[head, c.Q_DOCKS] = np.array(driving.docks)[trips.origin]
    loaded = head + int(leg.fetch)
    rows[loaded, c.Q_LEAVES] = layout.floors_at(leg.origin, trips.origin)
    rows[loaded, c.Q_PARCELS] = np.diff(trips.ptr)
    stops = np.flatnonzero(trips.stop >= 0)
    rows[stops, c.Q_FLOOR] = layout.floors_at(leg.to, trips.stop[stops])
    rows[stops, c.Q_DOCKS_TO] = layout.docks_at(leg.to, trips.stop[stops])
    # The place itself, for what is told of closed ones.
    rows[stops, c.Q_STOP] = trips.stop[stops]
    unloaded = np.bincount(trips.done_after, minlength=num_parts)
    rows[stops, c.Q_PARCELS] = unloaded[stops]
    end = np.cumsum(unloaded)
    rows[:, c.Q_FIRST], rows[:, c.Q_END] = first + end - unloaded, first + end
    return rows, times, trips.part_ptr
