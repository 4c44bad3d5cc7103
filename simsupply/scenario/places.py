"""Places and the chains that feed them: spread by rule over a disc, or listed one by one.

A city read from a census table is laid out in `simsupply.scenario.city`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import Title
from simsupply.scenario.by_place import at_each
from simsupply.scenario.districts import WHOLE_AREA, listed_districts, numbers_of_districts, subdistricts_of
from simsupply.scenario.docks_by_day import DocksByDay
from simsupply.scenario.geography import (
    ListedDepot,
    ListedDropPoint,
    ListedGateway,
    ListedGeography,
    ListedStation,
    SpreadGateways,
    SpreadGeography,
    SpreadPlaces,
)
from simsupply.scenario.mapped_roads import MappedRoads, MatrixWays, StraightWays, ways_of
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.residents import walks
from simsupply.scenario.roads import ListedRoads, Roads, StraightRoads
from simsupply.streams.keyed import Streams

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

AnyListed = ListedDepot | ListedGateway | ListedStation | ListedDropPoint


@dataclass(frozen=True)
class Places:
    """All places, and for each drop point the chain that feeds it.

    Attributes
    ----------
    names : dict of str to tuple of str
        Names by kind of place; none of a kind that is absent.
    docks : dict of str to array, shape (places of that kind,)
        Vehicles that can load at the same time, on days with most docks (`simsupply.scenario.dock_plan`).
    floor : dict of str to array, shape (places of that kind,)
        Parcels there is room for at gateways, stations and drop points; infinity: no limit.
    serving : dict of str to array, shape (drop points,)
        Index of the depot, the gateway and the station (-1: none) and the drop point itself, per drop point.
    km : dict of (str, str) to array, shape (drop points,)
        Road distance in km of each leg on the way to a drop point, and back where that is another (`km_back`).
    roads : Roads
        Where these distances come from, for chains that avoid a closed place.
    first_household : array, shape (drop points + 1,)
        Households of drop point d are ``first_household[d]`` up to ``first_household[d + 1]``.
    district : array, shape (drop points,)
        Index into `districts` of the district each drop point lies in.
    districts : tuple of Title
        Names of the districts in both languages; one for the whole area where there are none.
    subdistrict : array, shape (drop points,)
        Index into `subdistricts`.
    subdistricts : tuple of str
        Names of the subdistricts and towns that have a drop point.
    east_north_km : dict of str to array, shape (places of that kind, 2)
        Where the places lie, in km east and north of some point; empty for listed places without coordinates.
    unload_docks : dict of str to array, shape (places of that kind,)
        Vehicles that can unload at the same time; infinity: no limit. Kinds without limits are left out.
    detour_factor : float
        Road distance / straight line between two of them.
    walk_min : array, shape (drop points,), or None
        Walk of a round to the doors, there and back, where a listed drop point says it; NaN: as the rounds say.
        None: none says it.
    minutes : dict of (str, str) to array, shape (drop points,)
        Driving minutes like `km`, where they are given and do not follow from speeds.
    between_km, between_min : float arrays, shape (drop points, drop points)
        Road and minutes from each drop point to each other, where a matrix has them; else of shape (0, 0).
    """

    names: dict[PlaceKind, tuple[str, ...]]
    docks: dict[PlaceKind, IntArray]
    floor: dict[PlaceKind, FloatArray]
    serving: dict[PlaceKind, IntArray]
    km: dict[tuple[PlaceKind, PlaceKind], FloatArray]
    roads: Roads
    first_household: IntArray
    district: IntArray
    districts: tuple[Title, ...]
    subdistrict: IntArray
    subdistricts: tuple[str, ...]
    east_north_km: dict[PlaceKind, FloatArray] = field(default_factory=dict)
    detour_factor: float = 1.0
    unload_docks: dict[PlaceKind, FloatArray] = field(default_factory=dict)
    walk_min: FloatArray | None = None
    minutes: dict[tuple[PlaceKind, PlaceKind], FloatArray] = field(default_factory=dict)
    between_km: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    between_min: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))

    def km_back(self, origin: PlaceKind, to: PlaceKind) -> FloatArray:
        """Road from the end of a leg to its beginning, shape (drop points,)."""
        return self.km.get((to, origin), self.km[origin, to])

    @property
    def has_ways_between_drop_points(self) -> bool:
        """Whether it is known how far it is from one drop point to another."""
        return "drop_point" in self.east_north_km or len(self.between_km) > 0

    def count(self, kind: PlaceKind) -> int:
        """Number of places of one kind."""
        return len(self.names[kind])

    def num_households(self, kind: PlaceKind) -> IntArray:
        """Households fed through each place of one kind, shape (places of that kind,)."""
        serving, counts = self.serving[kind], np.diff(self.first_household)
        is_fed = serving >= 0
        fed = np.zeros(self.count(kind), dtype=np.int64)
        np.add.at(fed, serving[is_fed], counts[is_fed])
        return fed


def first_household(counts: IntArray) -> IntArray:
    """Index of the first household of each drop point, and the number of all at the end.

    >>> first_household(np.array([2, 3])).tolist()
    [0, 2, 5]
    """
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def most_docks(docks: int | Mapping[str, int], by_day: Sequence[DocksByDay], names: Sequence[str]) -> IntArray:
    """Docks of places laid out by a rule on the days with most of them, shape (places,)."""
    most: IntArray = np.array(at_each(docks, names, 1), dtype=np.int64)
    for row in by_day:
        most = np.maximum(most, np.array(at_each(row.docks, names, 1), dtype=np.int64))
    return most


def _most_docks_of(place: AnyListed) -> int:
    if isinstance(place, ListedDropPoint):
        return 1
    return max(place.docks, *(row.docks for row in place.by_day), 0)


def nearest(points_from: FloatArray, points_to: FloatArray) -> IntArray:
    """Index of the nearest of `points_to` for each of `points_from`; the first one if equal."""
    index: IntArray = np.argmin(np.linalg.norm(points_from[:, None] - points_to[None], axis=-1), axis=1)
    return index


def in_disc(radius_km: FloatArray, radius: FloatArray, angle: FloatArray) -> FloatArray:
    """Turn two uniforms per point into points uniform over discs, shape (points, 2), km."""
    distance, turn = radius_km * np.sqrt(radius), 2 * np.pi * angle
    return np.column_stack([distance * np.cos(turn), distance * np.sin(turn)])


def _spread_points(num: int, radius_km: float, streams: Streams, purpose: str) -> FloatArray:
    """Points uniform over the area; a single one lies in the middle."""
    if num == 1:
        return np.zeros((1, 2))
    return in_disc(
        np.full(num, radius_km),
        streams.uniform(f"{purpose}/radius", 0, num),
        streams.uniform(f"{purpose}/angle", 0, num),
    )


def _numbered(points: dict[PlaceKind, FloatArray]) -> dict[PlaceKind, tuple[str, ...]]:
    return {kind: tuple(f"{kind}_{number + 1}" for number in range(len(where))) for kind, where in points.items()}


def _gateway_points(gateways: SpreadGateways, radius_km: float, streams: Streams) -> FloatArray:
    """Points of the gateways: like all other places, or evenly on a circle from a seeded direction on."""
    if gateways.ring_km is None:
        return _spread_points(gateways.count, radius_km, streams, "world/gateway")
    begin = float(streams.uniform("world/gateway/angle", 0, 1)[0])
    turn = 2 * np.pi * (begin + np.arange(gateways.count) / gateways.count)
    return gateways.ring_km * np.column_stack([np.cos(turn), np.sin(turn)])


def spread_places(geography: SpreadGeography, streams: Streams) -> Places:
    """Spread places of each kind over a disc; households are shared evenly among drop points.

    Every drop point belongs to the nearest station, every station to the nearest gateway and every
    gateway to the nearest depot; a kind that is absent is left out.
    """
    given: dict[PlaceKind, SpreadPlaces | None] = {
        "depot": geography.depots,
        "gateway": geography.gateways,
        "station": geography.stations,
        "drop_point": geography.drop_points,
    }
    points = {
        kind: np.zeros((0, 2))
        if spec is None
        else _gateway_points(spec, geography.radius_km, streams)
        if isinstance(spec, SpreadGateways)
        else _spread_points(spec.count, geography.radius_km, streams, f"world/{kind}")
        for kind, spec in given.items()
    }
    drops = points["drop_point"]
    feeders = nearest_feeders(points)
    roads = StraightRoads(points, geography.detour_factor, feeders)
    serving = serving_from(feeders, np.arange(len(drops)))
    share, rest = divmod(geography.households, len(drops))
    counts = share + (np.arange(len(drops)) < rest)
    names = _numbered(points)
    return Places(
        names=names,
        docks={
            kind: most_docks(spec.docks, spec.by_day, names[kind]) if spec else np.zeros(0, dtype=np.int64)
            for kind, spec in given.items()
        },
        floor={
            kind: floor_limits([spec.room] * spec.count if spec else [])
            for kind, spec in given.items()
            if kind != "depot"
        },
        serving=serving,
        km=roads.km(serving, {}),
        roads=roads,
        first_household=first_household(counts),
        district=np.zeros(len(drops), dtype=np.int64),
        districts=(WHOLE_AREA,),
        subdistrict=np.zeros(len(drops), dtype=np.int64),
        subdistricts=(WHOLE_AREA.en,),
        east_north_km=points,
        detour_factor=geography.detour_factor,
        unload_docks={
            kind: floor_limits(at_each(spec.unload_docks, names[kind]))
            for kind, spec in given.items()
            if spec and kind == "station"
        },
    )


# --- who feeds whom ---------------------------------------------------------------------------------


def nearest_feeders(
    points: dict[PlaceKind, FloatArray], station: IntArray | None = None
) -> dict[tuple[PlaceKind, PlaceKind], IntArray]:
    """Who feeds whom when everybody belongs to the nearest place of the kind next above that exists.

    `station`: that of each drop point, where it is settled otherwise.
    """
    feeders: dict[tuple[PlaceKind, PlaceKind], IntArray] = {}
    for kind in PLACE_KINDS[1:]:
        above = PLACE_KINDS[: PLACE_KINDS.index(kind)]
        direct = next(feeder_kind for feeder_kind in reversed(above) if len(points[feeder_kind]))
        for feeder_kind in above:
            feeders[kind, feeder_kind] = np.full(len(points[kind]), -1)
        if not len(points[kind]):
            continue
        is_settled = kind == "drop_point" and station is not None
        feeders[kind, direct] = station if is_settled else nearest(points[kind], points[direct])  # type: ignore[assignment]  # settled: not None
        for feeder_kind in PLACE_KINDS[: PLACE_KINDS.index(direct)]:
            feeders[kind, feeder_kind] = feeders[direct, feeder_kind][feeders[kind, direct]]
    return feeders


def serving_from(
    feeders: dict[tuple[PlaceKind, PlaceKind], IntArray], drop_point: IntArray
) -> dict[PlaceKind, IntArray]:
    """Chain of each drop point."""
    above = {kind: feeders["drop_point", kind] for kind in PLACE_KINDS[:-1]}
    return {**above, "drop_point": drop_point}


def floor_limits(parcels: Sequence[int | None]) -> FloatArray:
    """Parcels (or vehicles) there is room for, infinity where nothing is said."""
    return np.array([np.inf if limit is None else limit for limit in parcels], dtype=np.float64)


def listed_places(geography: ListedGeography) -> Places:
    """Take places and road distances as they are listed; candidates are left out."""
    geography = geography.in_use()
    listed: dict[PlaceKind, Sequence[AnyListed]] = {
        "depot": geography.depots,
        "gateway": geography.gateways,
        "station": geography.stations,
        "drop_point": geography.drop_points,
    }
    number = {kind: {place.name: count for count, place in enumerate(places)} for kind, places in listed.items()}

    def feeding(place: AnyListed) -> tuple[int, int, int]:
        """Depot, gateway and station on the way to a place; -1: none."""
        depot, gateway, station = (getattr(place, kind, None) for kind in PLACE_KINDS[:3])
        if station is not None:
            via = number["station"][station]
            return (*feeding(geography.stations[via])[:2], via)
        if gateway is not None:
            via = number["gateway"][gateway]
            return feeding(geography.gateways[via])[0], via, -1
        return number["depot"][depot or geography.depots[0].name], -1, -1

    feeders: dict[tuple[PlaceKind, PlaceKind], IntArray] = {}
    for kind in PLACE_KINDS[1:]:
        chains = np.array([feeding(place) for place in listed[kind]], dtype=np.int64).reshape(-1, 3)
        for column, above in enumerate(PLACE_KINDS[: PLACE_KINDS.index(kind)]):
            feeders[kind, above] = chains[:, column]
    drops = geography.drop_points
    ways = ways_of(geography)
    roads: Roads = MappedRoads(geography, feeders, *ways) if ways else ListedRoads(geography, feeders)
    on_map = ways[0] if ways and isinstance(ways[0], StraightWays) else None
    tables = [way.among("drop_point", len(drops)) for way in ways or () if isinstance(way, MatrixWays)]
    serving = serving_from(feeders, np.arange(len(drops)))
    titles = listed_districts(geography)
    district = numbers_of_districts(drops, titles)
    subdistrict, subdistricts = subdistricts_of(drops, district)
    return Places(
        names={kind: tuple(number[kind]) for kind in PLACE_KINDS},
        docks={
            kind: np.array([_most_docks_of(place) for place in listed[kind]], dtype=np.int64) for kind in PLACE_KINDS
        },
        floor={
            "gateway": floor_limits([place.room for place in geography.gateways]),
            "station": floor_limits([place.room for place in geography.stations]),
            "drop_point": floor_limits([place.room for place in drops]),
        },
        serving=serving,
        km=roads.km(serving, {}),
        roads=roads,
        first_household=first_household(np.array([place.households for place in drops])),
        district=district,
        districts=titles,
        subdistrict=subdistrict,
        subdistricts=subdistricts,
        east_north_km=on_map.points if on_map else {},
        detour_factor=on_map.detour_factor if on_map else 1.0,
        unload_docks={"station": floor_limits([place.unload_docks for place in geography.stations])},
        walk_min=walks(drops),
        minutes=roads.minutes(serving),
        **dict(zip(("between_km", "between_min"), tables, strict=False)),
    )
