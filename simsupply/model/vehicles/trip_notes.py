"""Trips as they are recorded, put together in the same way by every engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.loads import Cargo
from simsupply.model.flow.queues import by_wave
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.arrays import ranges
from simsupply.model.kernels.dispatch import ROAD
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.trips import Trips
from simsupply.records.levels import LevelRecorder
from simsupply.records.trips import TripNotes
from simsupply.strategy.steps.leg import Leg

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class TripLog(NamedTuple):
    """When what happened on some trips; minutes, infinity or NaN: not by the end of the run.

    Attributes
    ----------
    taken_by : int array, shape (trips,)
        Number of the vehicle among those of the leg.
    since, ready, start, docked, load_begin, depart, back : float arrays, shape (trips,)
        See `simsupply.records.trips.TripNotes`; `docked`: when the vehicle had a dock to load at.
    arrive, unload_begin, unload_end : float arrays, shape (stops,)
        Trip after trip.
    dock_wait, room_wait, road_wait, place_wait : float arrays, shape (trips,)
        Minutes up to the end of the run.
    persons : tuple of str, shape (trips,)
        Of a crew that drives: see `simsupply.records.trips.TripNotes`.
    """

    taken_by: IntArray
    since: FloatArray
    ready: FloatArray
    start: FloatArray
    docked: FloatArray
    load_begin: FloatArray
    depart: FloatArray
    back: FloatArray
    arrive: FloatArray
    unload_begin: FloatArray
    unload_end: FloatArray
    dock_wait: FloatArray
    room_wait: FloatArray
    road_wait: FloatArray
    place_wait: FloatArray
    persons: tuple[str, ...]


def waited(begin: FloatArray, end: FloatArray, last: float) -> FloatArray:
    """Minutes from one moment to another, or to the end of the run."""
    until: FloatArray = np.minimum(np.where(np.isnan(end), np.inf, end), last) - begin
    return np.maximum(until, 0.0)


def log_of_parts(
    leg: Leg,
    loads: Trips,
    which: IntArray,
    ends: FloatArray,
    lost: FloatArray,
    taken_by: IntArray,
    since: FloatArray,
    ready: FloatArray,
    start: FloatArray,
    docked: FloatArray,
    end_min: float,
) -> TripLog:
    """What is to be known of trips in parts where vehicles wait for no dock and no room at their stops.

    Parameters
    ----------
    ends, lost : float arrays, shape (parts of the trips `which`,)
        When each part was over, and what it lost by its calendar.
    """
    sizes = loads.part_ptr[which + 1] - loads.part_ptr[which]
    head = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    unload = np.flatnonzero(loads.stop[ranges(loads.part_ptr[which], sizes)] >= 0)
    road, place = lost_by_cause(loads, which, lost)
    return TripLog(
        taken_by=taken_by,
        since=since,
        ready=ready,
        start=start,
        docked=docked,
        load_begin=ends[head] if leg.fetch else docked,
        depart=ends[head + int(leg.fetch)],
        back=ends[head + sizes - 1],
        arrive=ends[unload - 1],
        unload_begin=ends[unload - 1],
        unload_end=ends[unload],
        dock_wait=waited(start, docked, end_min),
        room_wait=np.zeros(len(which)),
        road_wait=road,
        place_wait=place,
        persons=("",) * len(which),
    )


def lost_by_cause(loads: Trips, which: IntArray, lost: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Minutes lost on roads and at places by the trips `which`, whose parts lost so much each."""
    sizes = loads.part_ptr[which + 1] - loads.part_ptr[which]
    trip = np.repeat(np.arange(len(which)), sizes)
    is_road = loads.part_waits[ranges(loads.part_ptr[which], sizes)] == ROAD
    road: FloatArray = np.bincount(trip, weights=lost * is_road, minlength=len(which)).astype(np.float64)
    place: FloatArray = np.bincount(trip, weights=lost * ~is_road, minlength=len(which)).astype(np.float64)
    return road, place


def trip_notes(
    leg: Leg,
    channel: str,
    vehicles: Vehicles,
    crew: str,
    loads: Cargo,
    which: IntArray,
    waves: Mapping[int, Wave],
    log: TripLog,
) -> TripNotes:
    """Trips of the loads `which` of one leg of a channel."""
    fleet = vehicles.fleet_of[log.taken_by]
    sizes = loads.ptr[which + 1] - loads.ptr[which]
    rows = ranges(loads.ptr[which], sizes)
    orders = loads.orders[rows]
    kg = np.empty(len(orders))
    for in_wave, wave, numbers in by_wave(orders, waves):
        kg[in_wave] = wave.kg[numbers]
    if isinstance(loads, Trips):
        part_sizes = loads.part_ptr[which + 1] - loads.part_ptr[which]
        parts = ranges(loads.part_ptr[which], part_sizes)
        is_stop = loads.stop[parts] >= 0
        stops, trip = parts[is_stop], np.repeat(np.arange(len(which)), part_sizes)[is_stop]
        # The way to a stop is the part before the last one before it is unloaded.
        place, stop_km = loads.stop[stops], loads.part_km[fleet[trip], stops - 2]
        number = np.empty(len(loads.stop), dtype=np.int64)
        number[stops] = np.arange(len(stops))
        stop_of_order = number[loads.done_after[rows]]
        km, turned_back = loads.trip_km[fleet, which], loads.turned_back[fleet, which]
    else:
        trip, place, stop_km = np.arange(len(which)), loads.target[which], loads.km[which]
        stop_of_order = np.repeat(trip, sizes)
        km, turned_back = loads.km[which] + loads.km_back[which], np.zeros(len(which), dtype=np.int64)
    people = np.array([of_fleet.people_per_vehicle for of_fleet in vehicles.fleets], dtype=np.int64)
    return TripNotes(
        step=leg.name,
        channel=channel,
        origin_kind=leg.origin,
        target_kind=leg.to,
        base_kind=leg.to if leg.fetch else leg.origin,
        fleets=vehicles.names,
        crew=crew,
        key=loads.key[which],
        fleet=fleet,
        vehicle=_number_at_base(vehicles)[log.taken_by],
        base=loads.base[which],
        origin=loads.origin[which],
        people=people[fleet],
        persons=log.persons,
        since=log.since,
        ready=log.ready,
        start=log.start,
        load_begin=log.load_begin,
        depart=log.depart,
        back=log.back,
        dock_wait=log.dock_wait,
        room_wait=log.room_wait,
        road_wait=log.road_wait,
        place_wait=log.place_wait,
        km=km,
        turned_back=turned_back,
        trip=trip,
        place=place,
        orders=np.bincount(stop_of_order, minlength=len(trip)),
        kg=np.bincount(stop_of_order, weights=kg, minlength=len(trip)).astype(np.float64),
        stop_km=stop_km,
        arrive=log.arrive,
        unload_begin=log.unload_begin,
        unload_end=log.unload_end,
    )


def _number_at_base(vehicles: Vehicles) -> IntArray:
    """Number of each vehicle among those of its fleet at its base, from 1."""
    ptr = vehicles.duty.server_ptr
    number = np.zeros(vehicles.duty.num_servers, dtype=np.int64)
    base = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    for fleet in range(len(vehicles.fleets)):
        of_fleet = np.flatnonzero(vehicles.fleet_of == fleet)
        count = np.bincount(base[of_fleet], minlength=len(ptr) - 1)
        number[of_fleet] = np.arange(len(of_fleet)) - np.repeat(np.cumsum(count) - count, count) + 1
    return number


def note_vehicles(levels: LevelRecorder, leg: Leg, loads: Cargo, which: IntArray, log: TripLog) -> None:
    """Note when vehicles were out, and when they waited for a dock to load at and stood there."""
    base_kind = leg.to if leg.fetch else leg.origin
    levels.between("vehicles", leg.name, base_kind, loads.base[which], log.start, log.back)
    if not leg.fetch:
        origin = loads.origin[which]
        levels.between("dock_queue", leg.name, leg.origin, origin, log.start, log.docked)
        levels.between("docks", leg.name, leg.origin, origin, log.docked, log.depart)
