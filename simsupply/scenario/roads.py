"""Roads between places of the chain: straight lines with a factor, or distances as they are listed.

Both know who is fed by whom, how far it is along any chain, and which open place takes over from a
closed one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simsupply.scenario.geography import ListedGeography
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Serving = dict[PlaceKind, IntArray]
Lengths = dict[tuple[PlaceKind, PlaceKind], FloatArray]


class Roads(Protocol):
    """What a geography knows about ways between its places.

    Attributes
    ----------
    feeders : dict of (str, str) to int array
        ``feeders["station", "depot"]``: number of the depot that feeds each station; -1: none.
    """

    @property
    def feeders(self) -> Mapping[tuple[PlaceKind, PlaceKind], IntArray]:
        """Number of the place of the second kind that feeds each place of the first."""

    def km(self, serving: Serving, detour_km: Mapping[PlaceKind, FloatArray]) -> Lengths:
        """Road distance in km of each leg of the chains `serving`, per drop point.

        `detour_km` is what the way onward from a place of a kind is longer, where that is listed. Where a way back is
        not as long as the way out, the ways from the end of a leg to its beginning are there too.
        """

    def minutes(self, serving: Serving) -> Lengths:
        """Driving minutes in the same way; none where they follow from speeds."""

    def substitute(
        self, kind: PlaceKind, closed: IntArray, which: int, serving: Serving, who: IntArray
    ) -> tuple[IntArray, FloatArray]:
        """Which open place takes over from the closed one for each drop point in `who`, and the detour in km.

        -1: none does.
        """


def road_km(a: FloatArray, b: FloatArray, detour_factor: float) -> FloatArray:
    """Road distance between points in km, as `detour_factor` times the straight line."""
    distance: FloatArray = np.linalg.norm(a - b, axis=-1) * detour_factor
    return distance


@dataclass(frozen=True)
class StraightRoads:
    """Roads between points on a map; a place that is closed is replaced by the nearest one open.

    Attributes
    ----------
    points : dict of str to array, shape (places of that kind, 2)
    detour_factor : float
    feeders : see `Roads`
    least_km : float
        No straight line is taken to be shorter.
    """

    points: Mapping[PlaceKind, FloatArray]
    detour_factor: float
    feeders: Mapping[tuple[PlaceKind, PlaceKind], IntArray]
    least_km: float = 0.0

    def km(self, serving: Serving, detour_km: Mapping[PlaceKind, FloatArray]) -> Lengths:
        """See `Roads`; a detour is in the straight line already."""
        return {
            (origin, to): np.maximum(
                road_km(self.points[origin][serving[origin]], self.points[to][serving[to]], self.detour_factor),
                self.least_km * self.detour_factor,
            )
            for origin, to in combinations(PLACE_KINDS, 2)
            if len(self.points[origin]) and len(self.points[to])
        }

    def minutes(self, serving: Serving) -> Lengths:
        """See `Roads`: they follow from speeds."""
        return {}

    def substitute(
        self, kind: PlaceKind, closed: IntArray, which: int, serving: Serving, who: IntArray
    ) -> tuple[IntArray, FloatArray]:
        """See `Roads`: the nearest to what the place feeds."""
        is_open = np.ones(len(self.points[kind]), dtype=bool)
        is_open[closed] = False
        others = np.flatnonzero(is_open)
        nobody = np.zeros(len(who))
        if not len(others):
            return np.full(len(who), -1), nobody
        below = PLACE_KINDS[PLACE_KINDS.index(kind) + 1 :]
        fed = next(lower for lower in below if (serving[lower][who] >= 0).all())
        where = self.points[fed][serving[fed][who]]
        away = np.linalg.norm(where[:, None] - self.points[kind][others][None], axis=-1)
        return others[np.argmin(away, axis=1)], nobody


@dataclass(frozen=True)
class ListedRoads:
    """Roads as a plan on paper lists them: from each place to the one that feeds it.

    Who is fed through several places has the sum; who is diverted, the detour on top.
    """

    geography: ListedGeography
    feeders: Mapping[tuple[PlaceKind, PlaceKind], IntArray]

    def km(self, serving: Serving, detour_km: Mapping[PlaceKind, FloatArray]) -> Lengths:
        """See `Roads`."""
        listed = self.geography
        last = np.array([place.distance_km for place in listed.drop_points], dtype=float)
        to_station = np.array([place.distance_km for place in listed.stations] or [0.0])[serving["station"]]
        to_gateway = np.array([place.distance_km for place in listed.gateways] or [0.0])[serving["gateway"]]
        has_gateway, has_station = serving["gateway"] >= 0, serving["station"] >= 0
        from_depot, from_gateway, from_station = (detour_km.get(kind, 0.0) for kind in PLACE_KINDS[:3])
        depot_gateway = np.where(has_gateway, to_gateway + from_depot, 0.0)
        gateway_station = np.where(has_gateway & has_station, to_station + from_gateway, 0.0)
        depot_station = np.where(has_station, to_station + np.where(has_gateway, from_gateway, from_depot), 0.0)
        depot_station += depot_gateway * has_station
        station_drop_point = np.where(has_station, last + from_station, 0.0)
        gateway_drop_point = np.where(
            has_station, station_drop_point + gateway_station, np.where(has_gateway, last + from_gateway, 0.0)
        )
        direct = np.where(
            has_station,
            station_drop_point + depot_station,
            np.where(has_gateway, gateway_drop_point + depot_gateway, last + from_depot),
        )
        return {
            ("depot", "gateway"): depot_gateway,
            ("depot", "station"): depot_station,
            ("depot", "drop_point"): direct,
            ("gateway", "station"): gateway_station,
            ("gateway", "drop_point"): np.where(has_gateway, gateway_drop_point, 0.0),
            ("station", "drop_point"): station_drop_point,
        }

    def minutes(self, serving: Serving) -> Lengths:
        """See `Roads`: they follow from speeds."""
        return {}

    def substitute(
        self, kind: PlaceKind, closed: IntArray, which: int, serving: Serving, who: IntArray
    ) -> tuple[IntArray, FloatArray]:
        """See `Roads`: the place that the closed one names, or if that is closed too the one named by it."""
        at, km = substitute_named(self.geography, kind, closed, which)
        return np.full(len(who), at), np.full(len(who), km)


def substitute_named(geography: ListedGeography, kind: PlaceKind, closed: IntArray, which: int) -> tuple[int, float]:
    """The open place that takes over from a closed one by the names that places give, and the listed detour in km.

    -1: none does.
    """
    listed = {
        "depot": geography.depots,
        "gateway": geography.gateways,
        "station": geography.stations,
    }[kind]
    names = [place.name for place in listed]
    shut, seen, at, km = set(closed.tolist()), {which}, which, 0.0
    while at in shut:
        other = listed[at].diverts_to
        if other is None or names.index(other) in seen:
            return -1, 0.0
        km += listed[at].diverts_km or 0.0
        at = names.index(other)
        seen.add(at)
    return at, km
