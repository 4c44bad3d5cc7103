"""Milk runs: which drop points a vehicle serves in one trip, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.loads import FirstOrder
from simsupply.model.flow.queues import keys
from simsupply.model.flow.waves import Wave, starts
from simsupply.model.kernels.arrays import by_group, chunk, ranges
from simsupply.model.kernels.tours import along, shared_loads, tours
from simsupply.scenario.places import Places
from simsupply.strategy.steps.leg import Leg

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
LoadList = tuple[IntArray, IntArray, IntArray]
Tours = tuple[IntArray, IntArray]
MOST_TOGETHER = 2000
"""Stops among which trips are shared out together; more are cut into sectors."""


@dataclass(frozen=True)
class Stops:
    """Stops of trips, in the order in which they are made.

    Attributes
    ----------
    ptr : int array, shape (trips + 1,)
        Stops of each trip.
    km, minutes : float arrays, shape (stops,)
        Road from the stop before, or from the origin, and the minutes on it; None: by speed.
    km_home, minutes_home : float arrays, shape (trips,)
        Those from the last one back.
    km_turned, minutes_turned : float arrays, shape (trips,)
        Those from the first one back.
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
    minutes: FloatArray | None
    minutes_home: FloatArray | None
    km_turned: FloatArray
    minutes_turned: FloatArray | None


def single_stops(orders: IntArray, ptr: IntArray, first: FirstOrder) -> Stops:
    """Trips with one stop each, at the end of the leg."""
    num = len(ptr) - 1
    stop_of = np.repeat(np.arange(num), np.diff(ptr))
    ways = (
        first.km,
        first.km_back,
        stop_of,
        orders,
        ptr,
        first.minutes,
        first.minutes_back,
        first.km_back,
        first.minutes_back,
    )
    return Stops(np.arange(num + 1), *ways)


def roads_between(leg: Leg, places: Places) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, float]:
    """Roads from the origin to drop points, back, and between them; see `simsupply.model.kernels.tours`."""
    points = places.east_north_km.get(leg.to, np.zeros((0, 2)))
    out, back = places.km[leg.origin, leg.to], places.km_back(leg.origin, leg.to)
    return out, back, places.between_km, points, places.detour_factor


def milk_run_tours(ptr: IntArray, drop_point: IntArray, leg: Leg, places: Places) -> Tours:
    """Tours of loads whose orders are for these drop points; see `simsupply.model.kernels.tours.tours`."""
    stop_ptr, place = tours(ptr, drop_point, roads_between(leg, places))
    return stop_ptr, place


def stops_of(orders: IntArray, ptr: IntArray, drop_point: IntArray, found: Tours, leg: Leg, places: Places) -> Stops:
    """Stops of loads that are the slices `ptr` of `orders`, along their tours."""
    roads = roads_between(leg, places)
    stop_ptr, place = found
    km, km_home, stop_of = along(stop_ptr, place, ptr, drop_point, roads)
    by_stop, order_ptr = by_group(stop_of, len(place))
    minutes, minutes_home, minutes_turned = None, None, None
    first_place = place[stop_ptr[:-1]]
    if places.minutes:
        out, back = places.minutes[leg.origin, leg.to], places.minutes[leg.to, leg.origin]
        in_minutes = (out, back, places.between_min, np.zeros((0, 2)), 1.0)
        minutes, minutes_home, _ = along(stop_ptr, place, ptr, drop_point, in_minutes)
        minutes_turned = back[first_place]
    return Stops(
        ptr=stop_ptr,
        km=km,
        km_home=km_home,
        stop_of=stop_of,
        orders=orders[by_stop],
        order_ptr=order_ptr,
        minutes=minutes,
        minutes_home=minutes_home,
        km_turned=roads[1][first_place],
        minutes_turned=minutes_turned,
    )


def milk_run_loads(wave: Wave, leg: Leg, places: Places, payload_kg: float, payload_parcels: int) -> LoadList:
    """Make up the loads of the dispatch list: orders, ptr, number of consignments.

    The consignments of one origin and one turn of the dispatch list, at most one of a drop point, share loads
    by `simsupply.model.kernels.savings`. Loads stand in the order in which they become complete.
    """
    ptr, taken = wave.consignment_ptr, wave.consignments_at(leg.name)
    sizes, drop_point = np.diff(ptr)[taken], wave.drop_point[ptr[taken]]
    origin = places.serving[leg.origin][drop_point]
    by_place, place_ptr = by_group(drop_point, places.count(leg.to))
    turn = np.empty(len(sizes), dtype=np.int64)
    turn[by_place] = np.arange(len(sizes)) - np.repeat(place_ptr[:-1], np.diff(place_ptr))
    bundle = np.lexsort((drop_point, turn, origin))
    kg = np.add.reduceat(wave.kg, ptr[:-1])[taken][bundle]
    assert leg.max_stops is not None  # the specification's own rule
    groups = starts(origin[bundle], turn[bundle])
    groups, by_sector = _in_sectors(groups, drop_point[bundle], leg, places)
    bundle, kg = bundle[by_sector], kg[by_sector]
    load = shared_loads(
        groups,
        drop_point[bundle],
        kg,
        sizes[bundle],
        (float(payload_kg), payload_parcels, leg.max_stops),
        roads_between(leg, places),
    )
    return loads_in_order(wave, taken[bundle], load)


def loads_in_order(wave: Wave, bundle: IntArray, load: IntArray) -> LoadList:
    """Orders, ptr and number of consignments of loads, in the order in which these become complete.

    `load` is the number of the load of each of the consignments `bundle`.
    """
    ptr = wave.consignment_ptr
    sizes = np.diff(ptr)
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
    orders: IntArray, ptr: IntArray, drop_point: IntArray, kg: FloatArray, payload_kg: float, leg: Leg, places: Places
) -> LoadList:
    """Share out what stands ready together among trips: orders, ptr, and of which of the slices each was a part.

    What is for one drop point goes on one trip, unless it is more than a load, which is cut off in the order given.
    """
    assert leg.max_stops is not None  # the specification's own rule
    assert leg.leave.orders is not None  # planned loads are made up otherwise
    lot = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    by_stop = np.lexsort((drop_point, lot))
    at_stop, kg = drop_point[by_stop], kg[by_stop]
    stop_ptr = starts(lot, at_stop)
    number = chunk(stop_ptr, kg, payload_kg, leg.leave.orders)
    item_ptr = starts(np.repeat(np.arange(len(stop_ptr) - 1), np.diff(stop_ptr)), number)
    sizes = np.diff(item_ptr)
    lot_of_item = lot[item_ptr[:-1]]
    at_item = at_stop[item_ptr[:-1]]
    groups, by_sector = _in_sectors(np.searchsorted(lot_of_item, np.arange(len(ptr))), at_item, leg, places)
    part = np.empty(len(sizes), dtype=np.int64)
    part[by_sector] = shared_loads(
        groups,
        at_item[by_sector],
        np.add.reduceat(kg, item_ptr[:-1])[by_sector],
        sizes[by_sector],
        (float(payload_kg), leg.leave.orders, leg.max_stops),
        roads_between(leg, places),
    )
    part_of_order, orders = np.repeat(part, sizes), orders[by_stop]
    orders = orders[np.lexsort((orders, part_of_order))]
    part_ptr = np.concatenate([[0], np.cumsum(np.bincount(part_of_order))])
    _, first = np.unique(part, return_index=True)
    return orders, part_ptr, lot_of_item[first]


def _in_sectors(ptr: IntArray, drop_point: IntArray, leg: Leg, places: Places) -> tuple[IntArray, IntArray]:
    """Groups of stops, those of more than so many cut into sectors around their origin, and the stops in that order.

    Savings need a table of the ways between all stops that may share a trip. Within a sector stops keep their order.
    """
    sizes = np.diff(ptr)
    if (sizes <= MOST_TOGETHER).all() or leg.to not in places.east_north_km:
        return ptr, np.arange(len(drop_point))
    origin = places.serving[leg.origin][drop_point]
    way = places.east_north_km[leg.to][drop_point] - places.east_north_km[leg.origin][origin]
    group = np.repeat(np.arange(len(sizes)), sizes)
    # Counter-clockwise from the east.
    by_angle = np.lexsort((drop_point, np.arctan2(way[:, 1], way[:, 0]) % (2 * np.pi), group))
    num_sectors = -(-sizes // MOST_TOGETHER)
    place_in_group = np.arange(len(drop_point)) - np.repeat(ptr[:-1], sizes)
    sector = place_in_group * np.repeat(num_sectors, sizes) // np.repeat(sizes, sizes)
    by_sector = by_angle[np.lexsort((by_angle, sector, group))]
    return starts(group, sector), by_sector
