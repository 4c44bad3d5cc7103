"""The frozen world that the model plays forward: places, distances and every household.

What a plan does not give (where exactly a drop point lies, which building has a lift) is drawn
once from the scenario's `world_seed`, by the rules documented here; it is the same in every
replication, so that replications differ by chance events only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.scenario.spec import (
    Geography,
    ListedGeography,
    PlaceKind,
    ScenarioSpec,
    SpreadGeography,
    WorldSpec,
)
from simsupply.streams import Streams

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Places:
    """All places, and for each drop point the chain that feeds it.

    Attributes
    ----------
    names : dict of str to tuple of str
        Names by kind of place (``depot``, ``station``, ``drop_point``).
    docks : dict of str to array, shape (places of that kind,)
        Vehicles that can load at the same time.
    serving : dict of str to array, shape (drop points,)
        Index of the depot, the station (-1: none) and the drop point itself, per drop point.
    km : dict of (str, str) to array, shape (drop points,)
        Road distance in km of each leg on the way to a drop point.
    first_household : array, shape (drop points + 1,)
        Households of drop point d are ``first_household[d]`` up to ``first_household[d + 1]``.
    """

    names: dict[PlaceKind, tuple[str, ...]]
    docks: dict[PlaceKind, IntArray]
    serving: dict[PlaceKind, IntArray]
    km: dict[tuple[PlaceKind, PlaceKind], FloatArray]
    first_household: IntArray

    def count(self, kind: PlaceKind) -> int:
        """Number of places of one kind."""
        return len(self.names[kind])


@dataclass(frozen=True)
class Households:
    """One entry per household, neighbours next to each other, drop point by drop point.

    Attributes
    ----------
    drop_point : array of int32
    persons : array of int16
    has_lift, is_priority : array of bool
    pantry_min : array of float, minutes of cover in the larder at time 0
    """

    drop_point: NDArray[np.int32]
    persons: NDArray[np.int16]
    has_lift: NDArray[np.bool_]
    is_priority: NDArray[np.bool_]
    pantry_min: FloatArray

    def __len__(self) -> int:
        return len(self.drop_point)


@dataclass(frozen=True)
class Scenario:
    """A checked scenario in base units (minutes, km, kg).

    `spec` is what the user wrote, all defaults filled in; it goes into the provenance.
    """

    spec: WorldSpec
    places: Places
    households: Households

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.spec.scenario.name

    @property
    def horizon_min(self) -> float:
        """End of the planning period; metrics are measured up to here."""
        return self.spec.scenario.horizon_days * MINUTES_PER_DAY

    @property
    def end_min(self) -> float:
        """End of the run: horizon plus the time given to finish what was begun."""
        return self.horizon_min + self.spec.scenario.run_out_days * MINUTES_PER_DAY

    @property
    def target_min(self) -> float:
        """By when every household should have been served once."""
        return self.spec.scenario.service_target_days * MINUTES_PER_DAY

    @property
    def need_kg_per_min(self) -> float:
        """What a household uses up, kg per minute."""
        return self.spec.demand.need_kg_per_household_week / (7 * MINUTES_PER_DAY)


def build_scenario(spec: WorldSpec) -> Scenario:
    """Lay out the places and people of a checked specification."""
    geography = spec.scenario.geography
    streams = Streams(seed=geography.world_seed, replication=0)
    if isinstance(geography, SpreadGeography):
        places = _spread(geography, streams)
    else:
        places = _listed(geography)
    return Scenario(spec=spec, places=places, households=_households(spec.scenario, places, streams))


def num_households(geography: Geography) -> int:
    """Households of a geography before it is built."""
    if isinstance(geography, SpreadGeography):
        return geography.households
    return sum(place.households for place in geography.drop_points)


def _first_household(counts: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _in_disc(num: int, radius_km: float, streams: Streams, purpose: str) -> FloatArray:
    """Points uniform over a disc; a single one lies in the centre. Shape (num, 2), km."""
    if num == 1:
        return np.zeros((1, 2))
    radius = radius_km * np.sqrt(streams.uniform(f"{purpose}/radius", 0, num))
    angle = 2 * np.pi * streams.uniform(f"{purpose}/angle", 0, num)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _spread(geography: SpreadGeography, streams: Streams) -> Places:
    stations = geography.stations
    points: dict[PlaceKind, FloatArray] = {
        kind: _in_disc(count, geography.radius_km, streams, f"world/{kind}")
        for kind, count in (
            ("depot", geography.depots.count),
            ("station", stations.count if stations else 0),
            ("drop_point", geography.drop_points.count),
        )
    }

    def road_km(a: FloatArray, b: FloatArray) -> FloatArray:
        distance: FloatArray = np.linalg.norm(a - b, axis=-1) * geography.detour_factor
        return distance

    def nearest(points_from: FloatArray, points_to: FloatArray) -> IntArray:
        index: IntArray = np.argmin(road_km(points_from[:, None], points_to[None]), axis=1)
        return index

    drops = points["drop_point"]
    km: dict[tuple[PlaceKind, PlaceKind], FloatArray] = {}
    if stations:
        station = nearest(drops, points["station"])
        depot = nearest(points["station"], points["depot"])[station]
        km["depot", "station"] = road_km(points["depot"][depot], points["station"][station])
        km["station", "drop_point"] = road_km(points["station"][station], drops)
    else:
        station = np.full(len(drops), -1)
        depot = nearest(drops, points["depot"])
    km["depot", "drop_point"] = road_km(points["depot"][depot], drops)
    share, rest = divmod(geography.households, len(drops))
    counts = share + (np.arange(len(drops)) < rest)
    return Places(
        names={
            kind: tuple(f"{kind}_{number + 1}" for number in range(len(where)))
            for kind, where in points.items()
        },
        docks={
            "depot": np.full(geography.depots.count, geography.depots.docks),
            "station": np.full(stations.count if stations else 0, stations.docks if stations else 0),
            "drop_point": np.full(len(drops), geography.drop_points.docks),
        },
        serving={"depot": depot, "station": station, "drop_point": np.arange(len(drops))},
        km=km,
        first_household=_first_household(counts),
    )


def _listed(geography: ListedGeography) -> Places:
    depots = [depot.name for depot in geography.depots]
    stations = {station.name: number for number, station in enumerate(geography.stations)}
    depot, station, direct, trunk, local = [], [], [], [], []
    for place in geography.drop_points:
        via = geography.stations[stations[place.station]] if place.station else None
        depot.append(depots.index(via.depot if via else place.depot or depots[0]))
        station.append(stations[place.station] if place.station else -1)
        trunk.append(via.distance_km if via else 0.0)
        local.append(place.distance_km if via else 0.0)
        direct.append(place.distance_km + (via.distance_km if via else 0.0))
    drops = geography.drop_points
    return Places(
        names={
            "depot": tuple(depots),
            "station": tuple(stations),
            "drop_point": tuple(place.name for place in drops),
        },
        docks={
            "depot": np.array([place.docks for place in geography.depots]),
            "station": np.array([place.docks for place in geography.stations], dtype=np.int64),
            "drop_point": np.ones(len(drops), dtype=np.int64),
        },
        serving={
            "depot": np.array(depot),
            "station": np.array(station),
            "drop_point": np.arange(len(drops)),
        },
        km={
            ("depot", "drop_point"): np.array(direct),
            ("depot", "station"): np.array(trunk),
            ("station", "drop_point"): np.array(local),
        },
        first_household=_first_household(np.array([place.households for place in drops])),
    )


def _households(spec: ScenarioSpec, places: Places, streams: Streams) -> Households:
    people = spec.households
    counts = np.diff(places.first_household)
    total = int(counts.sum())
    drop_point = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    within = np.arange(total) - places.first_household[drop_point]
    # Buildings are numbered by their first household, so that one more drop point at the end of
    # the list leaves the lifts of all others as they were.
    building = places.first_household[drop_point] + (
        within // people.households_per_building * people.households_per_building
    )
    has_lift = streams.bernoulli("world/lift", 0, total, probability=people.lift_share)[building]
    # One person, and on top a number of further persons that is geometric: mean persons_mean.
    further = people.persons_mean - 1
    persons = np.ones(total, dtype=np.int16)
    if further > 0:
        uniform = streams.uniform("world/persons", 0, total)
        persons += np.floor(np.log(uniform) / np.log(further / (1 + further))).astype(np.int16)
    pantry = people.pantry_days
    return Households(
        drop_point=drop_point,
        persons=persons,
        has_lift=has_lift,
        is_priority=streams.bernoulli("world/priority", 0, total, probability=people.priority_share),
        pantry_min=streams.uniform_between("world/pantry", 0, total, low=pantry.low, high=pantry.high)
        * MINUTES_PER_DAY,
    )
