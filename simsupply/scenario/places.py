"""Places and the chains that feed them: spread by rule over a disc, or listed one by one.

A city read from a census table is laid out in `simsupply.scenario.city`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import Title
from simsupply.scenario.kinds import PlaceKind
from simsupply.scenario.spec import ListedGeography, SpreadGeography
from simsupply.streams import Streams

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

WHOLE_AREA = Title(en="Whole area", zh="全域")


@dataclass(frozen=True)
class Places:
    """All places, and for each drop point the chain that feeds it.

    Attributes
    ----------
    names : dict of str to tuple of str
        Names by kind of place (``depot``, ``station``, ``drop_point``).
    docks : dict of str to array, shape (places of that kind,)
        Vehicles that can load at the same time.
    floor : dict of str to array, shape (places of that kind,)
        Parcels there is room for at stations and drop points; infinity: no limit.
    serving : dict of str to array, shape (drop points,)
        Index of the depot, the station (-1: none) and the drop point itself, per drop point.
    km : dict of (str, str) to array, shape (drop points,)
        Road distance in km of each leg on the way to a drop point.
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
        Where the places lie, in km east and north of the middle; empty for listed places.
    unload_docks : dict of str to array, shape (places of that kind,)
        Vehicles that can unload at the same time; infinity: no limit. Kinds without limits are left out.
    detour_factor : float
        Road distance / straight line between two of them.
    """

    names: dict[PlaceKind, tuple[str, ...]]
    docks: dict[PlaceKind, IntArray]
    floor: dict[PlaceKind, FloatArray]
    serving: dict[PlaceKind, IntArray]
    km: dict[tuple[PlaceKind, PlaceKind], FloatArray]
    first_household: IntArray
    district: IntArray
    districts: tuple[Title, ...]
    subdistrict: IntArray
    subdistricts: tuple[str, ...]
    east_north_km: dict[PlaceKind, FloatArray] = field(default_factory=dict)
    detour_factor: float = 1.0
    unload_docks: dict[PlaceKind, FloatArray] = field(default_factory=dict)

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


def road_km(a: FloatArray, b: FloatArray, detour_factor: float) -> FloatArray:
    """Road distance between points in km, as `detour_factor` times the straight line."""
    distance: FloatArray = np.linalg.norm(a - b, axis=-1) * detour_factor
    return distance


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


def spread_places(geography: SpreadGeography, streams: Streams) -> Places:
    """Spread places of each kind over a disc; households are shared evenly among drop points.

    Each drop point belongs to the nearest station, each station (or drop point, where there are
    no stations) to the nearest depot.
    """
    stations, detour = geography.stations, geography.detour_factor
    num: dict[PlaceKind, int] = {
        "depot": geography.depots.count,
        "station": stations.count if stations else 0,
        "drop_point": geography.drop_points.count,
    }
    points = {kind: _spread_points(count, geography.radius_km, streams, f"world/{kind}") for kind, count in num.items()}
    drops = points["drop_point"]
    km: dict[tuple[PlaceKind, PlaceKind], FloatArray] = {}
    if stations:
        station = nearest(drops, points["station"])
        depot = nearest(points["station"], points["depot"])[station]
        km["depot", "station"] = road_km(points["depot"][depot], points["station"][station], detour)
        km["station", "drop_point"] = road_km(points["station"][station], drops, detour)
    else:
        station = np.full(len(drops), -1)
        depot = nearest(drops, points["depot"])
    km["depot", "drop_point"] = road_km(points["depot"][depot], drops, detour)
    share, rest = divmod(geography.households, len(drops))
    counts = share + (np.arange(len(drops)) < rest)
    return Places(
        names=_numbered(points),
        docks={
            "depot": np.full(geography.depots.count, geography.depots.docks),
            "station": np.full(stations.count if stations else 0, stations.docks if stations else 0),
            "drop_point": np.full(len(drops), geography.drop_points.docks),
        },
        floor={
            "station": floor_limits([stations.floor_parcels] * stations.count if stations else []),
            "drop_point": floor_limits([geography.drop_points.floor_parcels] * len(drops)),
        },
        serving={"depot": depot, "station": station, "drop_point": np.arange(len(drops))},
        km=km,
        first_household=first_household(counts),
        district=np.zeros(len(drops), dtype=np.int64),
        districts=(WHOLE_AREA,),
        subdistrict=np.zeros(len(drops), dtype=np.int64),
        subdistricts=(WHOLE_AREA.en,),
        east_north_km=points,
        detour_factor=detour,
        unload_docks={"station": floor_limits([stations.unload_docks] * stations.count if stations else [])},
    )


def floor_limits(parcels: Sequence[int | None]) -> FloatArray:
    """Parcels (or vehicles) there is room for, infinity where nothing is said."""
    return np.array([np.inf if limit is None else limit for limit in parcels], dtype=np.float64)


def listed_places(geography: ListedGeography) -> Places:
    """Take places and road distances as they are listed."""
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
        floor={
            "station": floor_limits([place.floor_parcels for place in geography.stations]),
            "drop_point": floor_limits([place.floor_parcels for place in drops]),
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
        first_household=first_household(np.array([place.households for place in drops])),
        district=np.zeros(len(drops), dtype=np.int64),
        districts=(WHOLE_AREA,),
        subdistrict=np.zeros(len(drops), dtype=np.int64),
        subdistricts=(WHOLE_AREA.en,),
        unload_docks={"station": floor_limits([place.unload_docks for place in geography.stations])},
    )
