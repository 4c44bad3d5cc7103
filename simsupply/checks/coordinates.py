"""Rules about where listed places lie: distances, coordinates or a matrix, for all places alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Problem
from simsupply.checks.road_matrix import check_matrix
from simsupply.scenario.geography import ListedDepot, ListedDropPoint, ListedGateway, ListedGeography, ListedStation
from simsupply.scenario.mapped_roads import Ways, ways_of
from simsupply.scenario.place_kinds import PlaceKind

AT = "scenario.geography"
_KEYS: dict[PlaceKind, str] = {
    "depot": "depots",
    "gateway": "gateways",
    "station": "stations",
    "drop_point": "drop_points",
}
AnyListed = ListedDepot | ListedGateway | ListedStation | ListedDropPoint
# A listed distance is one with that of the map or matrix within a hundredth, or 50 m: either may be rounded.
_ALIKE, _ALIKE_KM = 0.01, 0.05
# No city is as wide as this in degrees (some 500 km).
_DEGREES_ACROSS = 5.0
# Longitudes and latitudes of China; km within them and so near each other are hardly meant as such.
_LON, _LAT = (73.0, 136.0), (3.0, 54.0)


def check_roads(geography: ListedGeography) -> list[Problem]:
    """Everything wrong with how far listed places are from each other."""
    places = list(_places(geography))
    matrix = geography.road_matrix
    if matrix is not None:
        return [*_wrong_matrix(geography), *_told_twice(places, message("nothing_beside_matrix"), geography, "matrix")]
    in_km = [key for key, _, place in places if place.x_km is not None]
    in_degrees = [key for key, _, place in places if place.lon is not None]
    if not in_km and not in_degrees:
        return list(_wrong_distances(places, geography))
    if in_km and in_degrees:
        return [
            Problem(f"{key}.lon", place.lon, message("km_or_degrees_for_all"))
            for key, _, place in places
            if place.lon is not None
        ]
    keys = ("x_km", "y_km") if in_km else ("lon", "lat")
    problems = [
        Problem(f"{key}.{keys[0]}", None, message("coordinates_for_all", keys=list(keys)))
        for key, _, place in places
        if getattr(place, keys[0]) is None
    ]
    if geography.detour_factor is None:
        problems.append(Problem(f"{AT}.detour_factor", None, message("detour_with_coordinates")))
    if problems:
        return problems
    where = np.array([(getattr(place, keys[0]), getattr(place, keys[1])) for _, _, place in places])
    problems += _wrong_unit(where, bool(in_km), places[0][0], keys[0])
    return problems or list(_told_twice(places, message("nothing_on_map"), geography, "map"))


def _places(geography: ListedGeography) -> Iterator[tuple[str, PlaceKind, AnyListed]]:
    """All places with their keys and kinds."""
    for kind, key in _KEYS.items():
        for number, place in enumerate(getattr(geography, key)):
            yield f"{AT}.{key}.{number}", kind, place


def _wrong_distances(
    places: Sequence[tuple[str, PlaceKind, AnyListed]], geography: ListedGeography
) -> Iterator[Problem]:
    """Without a map the distance along the chain is needed, and nothing that a map would need."""
    for key, kind, place in places:
        if kind != "depot" and getattr(place, "distance_km", None) is None:
            yield Problem(f"{key}.distance_km", None, message("required"))
        if getattr(place, "diverts_to", None) is not None and getattr(place, "diverts_km", None) is None:
            yield Problem(f"{key}.diverts_km", None, message("diverts_to_with_diverts_km"))
    for name in ("detour_factor", "least_km"):
        if (value := getattr(geography, name)) is not None:
            yield Problem(f"{AT}.{name}", value, message("nothing_without_coordinates"))


def _wrong_matrix(geography: ListedGeography) -> Iterator[Problem]:
    matrix = geography.road_matrix
    assert matrix is not None
    names = [place.name for _, _, place in _places(geography)]
    yield from check_matrix(matrix.file, "km", names, f"{AT}.road_matrix.file")
    if matrix.minutes_file is not None:
        yield from check_matrix(matrix.minutes_file, "min", names, f"{AT}.road_matrix.minutes_file")
    for name in ("detour_factor", "least_km"):
        if (value := getattr(geography, name)) is not None:
            yield Problem(f"{AT}.{name}", value, message("nothing_without_coordinates"))
    for key, _, place in _places(geography):
        for name in ("x_km", "lon"):
            if getattr(place, name) is not None:
                yield Problem(f"{key}.{name}", getattr(place, name), message("nothing_beside_matrix"))


def _wrong_unit(where: np.ndarray, is_km: bool, key: str, name: str) -> list[Problem]:
    """Degrees that were given as km, or km as degrees, by how far apart the places would be."""
    across = float(np.ptp(where, axis=0).max())
    low, high = np.transpose([_LON, _LAT])
    are_degrees = bool(((low <= where) & (where <= high)).all()) and across <= _DEGREES_ACROSS
    if is_km and are_degrees:
        return [Problem(f"{key}.{name}", float(where[0, 0]), message("degrees_given_as_km"))]
    if not is_km and across > _DEGREES_ACROSS:
        return [Problem(f"{key}.{name}", float(where[0, 0]), message("km_given_as_degrees", across=across))]
    return []


def _told_twice(
    places: Sequence[tuple[str, PlaceKind, AnyListed]], nothing: Message, geography: ListedGeography, by: str
) -> Iterator[Problem]:
    """Distances that are listed beside a map or matrix must agree with it; detours are said by it."""
    for key, _, place in places:
        if getattr(place, "diverts_km", None) is not None:
            yield Problem(f"{key}.diverts_km", getattr(place, "diverts_km", None), nothing)
    if by == "matrix" and list(_wrong_matrix(geography)):
        return
    ways = ways_of(geography)
    assert ways is not None
    number = {
        kind: {place.name: count for count, place in enumerate(getattr(geography, listed))}
        for kind, listed in _KEYS.items()
    }
    for key, kind, place in places:
        listed = getattr(place, "distance_km", None)
        if listed is None:
            continue
        above: PlaceKind = next(
            (kind for kind in ("station", "gateway", "depot") if getattr(place, kind, None)), "depot"
        )
        feeder = number[above].get(getattr(place, above, None) or geography.depots[0].name)
        if feeder is None:
            continue  # said elsewhere
        km = _km(ways[0], above, feeder, kind, number[kind][place.name])
        if abs(km - listed) > max(_ALIKE * km, _ALIKE_KM):
            allowed = message("distance_of_map", km=km, feeder=getattr(geography, _KEYS[above])[feeder].name)
            yield Problem(f"{key}.distance_km", listed, allowed)


def _km(ways: Ways, origin: PlaceKind, a: int, to: PlaceKind, b: int) -> float:
    return float(ways.between(origin, np.array([a]), to, np.array([b]))[0])
