"""Roads between listed places that have coordinates, or a road matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simsupply.scenario.coordinates import Located, projected, square
from simsupply.scenario.geography import ListedGeography
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.roads import Lengths, Serving, road_km, substitute_named

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Points = dict[PlaceKind, FloatArray]


class Ways(Protocol):
    """Ways from any place to any other."""

    @property
    def is_same_back(self) -> bool:
        """Whether a way is as long in both directions."""

    def between(self, origin: PlaceKind, a: IntArray, to: PlaceKind, b: IntArray) -> FloatArray:
        """Lengths of the ways from places a of one kind to places b of another, element by element."""


@dataclass(frozen=True)
class StraightWays:
    """Straight lines, at least `least_km`, with a factor between `points`, in km east and north by kind of place."""

    points: Points
    detour_factor: float
    least_km: float = 0.0
    is_same_back: bool = True

    def between(self, origin: PlaceKind, a: IntArray, to: PlaceKind, b: IntArray) -> FloatArray:
        """See `Ways`."""
        along = road_km(self.points[origin][a], self.points[to][b], self.detour_factor)
        return np.maximum(along, self.least_km * self.detour_factor)


@dataclass(frozen=True)
class MatrixWays:
    """A table from all places to all places; those of a kind stand together from `first` on."""

    table: FloatArray
    first: Mapping[PlaceKind, int]
    is_same_back: bool = False

    def between(self, origin: PlaceKind, a: IntArray, to: PlaceKind, b: IntArray) -> FloatArray:
        """See `Ways`."""
        found: FloatArray = self.table[self.first[origin] + a, self.first[to] + b]
        return found

    def among(self, kind: PlaceKind, num: int) -> FloatArray:
        """The part of the table with the places of one kind."""
        rows = slice(self.first[kind], self.first[kind] + num)
        return self.table[rows, rows]


@dataclass(frozen=True)
class MappedRoads:
    """Roads of listed places on a map or in a matrix; see `simsupply.scenario.roads.Roads`.

    Who is diverted drives by the same map, so nothing is listed of detours.

    Attributes
    ----------
    km_ways : Ways
    minute_ways : Ways or None
        None: minutes follow from speeds.
    """

    geography: ListedGeography
    feeders: Mapping[tuple[PlaceKind, PlaceKind], IntArray]
    km_ways: Ways
    minute_ways: Ways | None = None

    def km(self, serving: Serving, detour_km: Mapping[PlaceKind, FloatArray]) -> Lengths:
        """See `Roads`; with a matrix in both directions."""
        return self._lengths(self.km_ways, serving)

    def minutes(self, serving: Serving) -> Lengths:
        """See `Roads`."""
        return self._lengths(self.minute_ways, serving) if self.minute_ways else {}

    def _lengths(self, ways: Ways, serving: Serving) -> Lengths:
        there = [kind for kind in PLACE_KINDS if (serving[kind] >= 0).any()]
        found: Lengths = {}
        for origin, to in combinations(there, 2) if ways.is_same_back else permutations(there, 2):
            is_way = (serving[origin] >= 0) & (serving[to] >= 0)
            found[origin, to] = np.where(is_way, ways.between(origin, serving[origin], to, serving[to]), 0.0)
        return found

    def substitute(
        self, kind: PlaceKind, closed: IntArray, which: int, serving: Serving, who: IntArray
    ) -> tuple[IntArray, FloatArray]:
        """See `Roads`: the place that the closed one names, or if that is closed too the one named by it."""
        at, _ = substitute_named(self.geography, kind, closed, which)
        return np.full(len(who), at), np.zeros(len(who))


def points_of(geography: ListedGeography) -> Points | None:
    """Kilometres east and north by kind of place; None: the places have no coordinates, or not all of them."""
    kinds: tuple[Sequence[Located], ...] = (
        geography.depots,
        geography.gateways,
        geography.stations,
        geography.drop_points,
    )
    places = [place for listed in kinds for place in listed]
    km = [place.xy for place in places]
    degrees = [place.lon_lat for place in places]
    if all(xy is not None for xy in km):
        where = np.array(km, dtype=float)
    elif all(lon_lat is not None for lon_lat in degrees):
        where = projected(np.array(degrees, dtype=float))
    else:
        return None
    bounds = np.cumsum([0, *(len(listed) for listed in kinds)])
    return {kind: where[bounds[number] : bounds[number + 1]] for number, kind in enumerate(PLACE_KINDS)}


def ways_of(geography: ListedGeography) -> tuple[Ways, Ways | None] | None:
    """Kilometres, and minutes if given, between all places; None: only distances along the chains are listed."""
    if geography.road_matrix is not None:
        kinds = (geography.depots, geography.gateways, geography.stations, geography.drop_points)
        names = [place.name for listed in kinds for place in listed]
        bounds = np.cumsum([0, *(len(listed) for listed in kinds)]).tolist()
        first = dict(zip(PLACE_KINDS, bounds, strict=False))
        matrix = geography.road_matrix
        km = MatrixWays(square(matrix.file, names), first)
        return km, MatrixWays(square(matrix.minutes_file, names), first) if matrix.minutes_file else None
    points = points_of(geography)
    if points is None:
        return None
    return StraightWays(points, geography.detour_factor or 1.0, geography.least_km or 0.0), None
