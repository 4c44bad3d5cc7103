"""Given routes: on which trip each drop point is on a day, and as which stop of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.queues import by_wave
from simsupply.model.flow.waves import Wave, starts
from simsupply.model.kernels.arrays import by_group, chunk
from simsupply.model.kernels.tours import cut_trips
from simsupply.model.vehicles.milk_run import LoadList, loads_in_order
from simsupply.scenario.staffing import Fleet
from simsupply.scenario.vehicle_types import fleets_meant
from simsupply.scenario.weekdays import WEEKDAYS
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.given_route import GivenRoute, day_of, stops_of_table
from simsupply.strategy.steps.leg import Leg

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class GivenTrips:
    """Trips of a leg, those of all days numbered together.

    Attributes
    ----------
    trip, rank : int arrays, shape (sets of routes, drop points)
        Number of the trip, and which of its stops it is; -1: the drop point is not served by the leg.
    set_of : mapping of int or str to int
        Number of the set for a day, a weekday (``mon``), or all other days (empty).
    first_weekday : int
        Of day 0; 0 is Monday.
    fleet : tuple of str
        Who drives each trip, a fleet or a type of vehicle; empty: any fleet of the leg.
    """

    trip: IntArray
    rank: IntArray
    set_of: Mapping[int | str, int]
    first_weekday: int
    fleet: tuple[str, ...]

    def on(self, day: int) -> int:
        """Number of the set for orders released on a day."""
        weekday = WEEKDAYS[(self.first_weekday + day) % 7]
        return next(self.set_of[key] for key in (day, weekday, "") if key in self.set_of)


def given_trips(route: GivenRoute, scenario: Scenario) -> GivenTrips:
    """The trips of a file that has been checked."""
    number = {name: place for place, name in enumerate(scenario.places.names["drop_point"])}
    trips: dict[tuple[int | str, str], int] = {}
    set_of: dict[int | str, int] = {}
    fleets: dict[int, str] = {}
    found: list[tuple[int, int, int, int]] = []
    length: dict[int, int] = {}
    for stop in stops_of_table(route.file):
        day = day_of(stop.day, scenario.settings.start_date)
        trip = trips.setdefault((day, stop.trip), len(trips))
        fleets[trip] = fleets.get(trip) or stop.fleet
        length[trip] = length.get(trip, 0) + 1
        found.append((set_of.setdefault(day, len(set_of)), number[stop.place], trip, length[trip]))
    tables = np.full((2, len(set_of), len(number)), -1, dtype=np.int64)
    rows = np.array(found)
    tables[:, rows[:, 0], rows[:, 1]] = rows[:, 2:].T
    return GivenTrips(
        tables[0], tables[1], set_of, scenario.first_weekday, tuple(fleets[trip] for trip in range(len(trips)))
    )


def trips_of(trips: GivenTrips, waves: Mapping[int, Wave], orders: IntArray) -> tuple[IntArray, IntArray]:
    """Trip of each order, and which stop of it."""
    trip, rank = np.empty((2, len(orders)), dtype=np.int64)
    for in_wave, wave, numbers in by_wave(orders, waves):
        row, at = trips.on(wave.day), wave.drop_point[numbers]
        trip[in_wave], rank[in_wave] = trips.trip[row, at], trips.rank[row, at]
    return trip, rank


def payloads(trips: GivenTrips, fleets: Sequence[Fleet], names: Sequence[str]) -> tuple[FloatArray, IntArray]:
    """What the vehicle of each trip holds, kg and parcels: the smallest of the fleets that may go."""
    by_name = dict(zip(names, fleets, strict=True))
    may_go = [[by_name[fleet] for fleet in fleets_meant(name, names, by_name)] or fleets for name in trips.fleet]
    kg = [min(fleet.payload_kg for fleet in of_trip) for of_trip in may_go]
    parcels = [min(fleet.payload_parcels for fleet in of_trip) for of_trip in may_go]
    return np.array(kg, dtype=float), np.array(parcels, dtype=np.int64)


def given_loads(wave: Wave, leg: Leg, trips: GivenTrips, holds: tuple[FloatArray, IntArray]) -> LoadList:
    """Make up the loads of the dispatch list: orders, ptr, number of consignments.

    The consignments for one trip and of one turn of the dispatch list, at most one of a drop point, are taken in the
    order of the stops; what does not fit goes on another trip to the rest of them. Loads stand in the order in
    which they become complete.
    """
    ptr, taken = wave.consignment_ptr, wave.consignments_at(leg.name)
    sizes, drop_point = np.diff(ptr)[taken], wave.drop_point[ptr[taken]]
    row = trips.on(wave.day)
    trip, rank = trips.trip[row, drop_point], trips.rank[row, drop_point]
    by_place, place_ptr = by_group(drop_point, trips.trip.shape[1])
    turn = np.empty(len(sizes), dtype=np.int64)
    turn[by_place] = np.arange(len(sizes)) - np.repeat(place_ptr[:-1], np.diff(place_ptr))
    bundle = np.lexsort((rank, turn, trip))
    kg = np.add.reduceat(wave.kg, ptr[:-1])[taken][bundle]
    groups = starts(trip[bundle], turn[bundle])
    is_first = cut_trips(groups, kg, sizes[bundle], holds[0][trip[bundle]], holds[1][trip[bundle]])
    load = np.cumsum(is_first) - 1
    return loads_in_order(wave, taken[bundle], load)


def given_parts(
    orders: IntArray,
    ptr: IntArray,
    trip: IntArray,
    rank: IntArray,
    kg: FloatArray,
    holds: tuple[FloatArray, IntArray],
    most: int,
) -> LoadList:
    """Cut lots of finished orders, each for one trip, into loads: orders, ptr, and of which lot each was a part.

    The stops are taken in their order; at most `most` orders go on one trip.
    """
    lot = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    by_stop = np.lexsort((rank, lot))
    at_stop, kg, on_trip = rank[by_stop], kg[by_stop], trip[by_stop]
    stop_ptr = starts(lot, at_stop)
    # By the smallest vehicle of all trips, so that it does not matter which lots are cut together.
    number = chunk(stop_ptr, kg, float(holds[0].min()), most)
    item_ptr = starts(np.repeat(np.arange(len(stop_ptr) - 1), np.diff(stop_ptr)), number)
    sizes, first = np.diff(item_ptr), item_ptr[:-1]
    is_first = cut_trips(
        starts(lot[first]),
        np.add.reduceat(kg, first),
        sizes,
        holds[0][on_trip[first]],
        np.minimum(holds[1][on_trip[first]], most),
    )
    part = np.cumsum(is_first) - 1
    of_order, orders = np.repeat(part, sizes), orders[by_stop]
    orders = orders[np.lexsort((orders, of_order))]
    return orders, np.concatenate([[0], np.cumsum(np.bincount(of_order))]), lot[first][is_first]


def given_tours(ptr: IntArray, drop_point: IntArray, rank: IntArray) -> tuple[IntArray, IntArray]:
    """Drop points of each load in the order of the given stops; see `simsupply.model.kernels.tours.tours`."""
    load = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    order = np.lexsort((rank, load))
    first = starts(load[order], rank[order])[:-1]
    stop_ptr = np.searchsorted(load[order][first], np.arange(len(ptr)))
    return stop_ptr, drop_point[order][first]
