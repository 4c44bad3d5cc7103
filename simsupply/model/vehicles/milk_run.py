"""Milk runs: which drop points a vehicle serves in one trip, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.queues import keys
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.arrays import by_group, ranges
from simsupply.model.kernels.tours import cut_loads, tours
from simsupply.scenario.places import Places
from simsupply.strategy.steps.leg import Leg

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Stops:
    """Stops of trips, in the order in which they are made.

    Attributes
    ----------
    ptr : int array, shape (trips + 1,)
        Stops of each trip.
    km : float array, shape (stops,)
        Road from the stop before, or from the origin.
    km_home : float array, shape (trips,)
        Road from the last one back.
    stop_of : int array, shape (orders,)
        In the order in which the orders were given.
    orders : int array, shape (orders,)
        Stop after stop.
    order_ptr : int array, shape (stops + 1,)
    """

    ptr: IntArray
    km: FloatArray
    km_home: FloatArray
    stop_of: IntArray
    orders: IntArray
    order_ptr: IntArray


def single_stops(orders: IntArray, ptr: IntArray, km: FloatArray) -> Stops:
    """Trips with one stop each, so many km away."""
    num = len(ptr) - 1
    return Stops(np.arange(num + 1), km, km, np.repeat(np.arange(num), np.diff(ptr)), orders, ptr)


def stops_of(orders: IntArray, ptr: IntArray, drop_point: IntArray, leg: Leg, places: Places) -> Stops:
    """Stops of loads that are the slices `ptr` of `orders`; from the origin on always the nearest one left."""
    stop_ptr, place, km, stop_of = tours(
        ptr,
        drop_point,
        places.km[leg.origin, leg.to],
        places.east_north_km[leg.to],
        places.detour_factor,
    )
    by_stop, order_ptr = by_group(stop_of, len(place))
    return Stops(
        ptr=stop_ptr,
        km=km,
        km_home=places.km[leg.origin, leg.to][place[stop_ptr[1:] - 1]],
        stop_of=stop_of,
        orders=orders[by_stop],
        order_ptr=order_ptr,
    )


def sweep(leg: Leg, places: Places) -> IntArray:
    """Rank of each drop point in a sweep around its origin, counter-clockwise from the east."""
    origin = places.serving[leg.origin]
    way = places.east_north_km[leg.to] - places.east_north_km[leg.origin][origin]
    angle = np.arctan2(way[:, 1], way[:, 0]) % (2 * np.pi)
    rank = np.empty(len(origin), dtype=np.int64)
    rank[np.lexsort((angle, origin))] = np.arange(len(origin))
    return rank


def milk_run_loads(
    wave: Wave, leg: Leg, places: Places, payload_kg: float, payload_parcels: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Make up the loads of the dispatch list: orders, ptr, number of consignments.

    The consignments of one origin and one turn of the dispatch list are taken in a sweep around the origin; a
    load ends where the next one would be too heavy, one parcel or one stop too many. Loads stand in the
    order in which they become complete.
    """
    ptr = wave.consignment_ptr
    sizes, drop_point = np.diff(ptr), wave.drop_point[ptr[:-1]]
    origin = places.serving[leg.origin][drop_point]
    by_place, place_ptr = by_group(drop_point, places.count(leg.to))
    turn = np.empty(len(sizes), dtype=np.int64)
    turn[by_place] = np.arange(len(sizes)) - np.repeat(place_ptr[:-1], np.diff(place_ptr))
    bundle = np.lexsort((sweep(leg, places)[drop_point], turn, origin))
    kg = np.add.reduceat(wave.kg, ptr[:-1])[bundle]
    assert leg.max_stops is not None  # the specification's own rule
    is_first = cut_loads(origin[bundle], turn[bundle], kg, sizes[bundle], payload_kg, payload_parcels, leg.max_stops)
    load = np.cumsum(is_first) - 1
    # Within a load consignments stand in run-sheet order, so that its last order is the last one packed.
    bundle = bundle[np.lexsort((bundle, load))]
    counts = np.bincount(load)
    bounds = np.concatenate([[0], np.cumsum(counts)])
    order_of_loads = np.argsort(bundle[bounds[1:] - 1])
    bundle = bundle[ranges(bounds[:-1][order_of_loads], counts[order_of_loads])]
    bounds = np.concatenate([[0], np.cumsum(counts[order_of_loads])])
    orders = ranges(ptr[bundle], sizes[bundle])
    load_ptr = np.concatenate([[0], np.cumsum(sizes[bundle])])[bounds]
    return keys(wave, orders), load_ptr, np.diff(bounds)


def split_stops(
    drop_point: IntArray, orders: IntArray, ptr: IntArray, leg: Leg, places: Places
) -> tuple[IntArray, IntArray, IntArray]:
    """Cut loads with too many drop points into several, in a sweep around the origin."""
    rank = sweep(leg, places)
    assert leg.max_stops is not None  # the specification's own rule
    parts, sizes, part_of = [], [], []
    for load in range(len(ptr) - 1):
        rows_of_load = np.arange(ptr[load], ptr[load + 1])
        _, stop = np.unique(rank[drop_point[rows_of_load]], return_inverse=True)
        part = stop // leg.max_stops
        for number in range(int(part.max()) + 1):
            parts.append(np.sort(orders[rows_of_load[part == number]]))
            sizes.append(len(parts[-1]))
            part_of.append(load)
    return np.concatenate(parts), np.concatenate([[0], np.cumsum(sizes)]), np.array(part_of)
