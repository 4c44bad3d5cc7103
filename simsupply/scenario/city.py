"""Laying a census table out as a city: how many households live where, and what feeds them.

A census says how many households a district has, not where each community lies nor how large it
is. Both are drawn once from `world_seed`, keyed by the community's division code, so that taking
more units in moves nobody. ``docs/places.md`` lists the rule with its assumptions.

The steps are: share the households of a district among its communities (`share_households`),
find the middle of every district (`district_centres`), scatter subdistricts and communities
around it (`_scatter`), put stations (and depots outside the city proper) where the households are
(`weighted_sites`) and depots on a ring around the city (`ring_points`).
"""

from __future__ import annotations

import numpy as np

from simsupply.scenario.census import Census, census_of
from simsupply.scenario.geography import CensusGeography
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.places import (
    FloatArray,
    IntArray,
    Places,
    first_household,
    floor_limits,
    in_disc,
    most_docks,
    nearest,
    nearest_feeders,
    serving_from,
)
from simsupply.scenario.roads import StraightRoads
from simsupply.streams.keyed import Streams, to_lognormal

KM_PER_DEGREE = 111.195  # one degree of latitude on a sphere of radius 6371 km
LEAST_KM = 0.1  # straight line; a drop point is never nearer to a depot or station than across the street
ROUNDS_OF_PUSHING = 500


def census_places(geography: CensusGeography, streams: Streams) -> Places:
    """Lay out depots, gateways, stations and drop points of a city from its census table."""
    census = census_of(geography)
    counts = share_households(census, geography, streams)
    drops = _scatter(census, geography, counts, streams)
    district = census.community_district
    per_district = geography.stations_per_district
    is_core = census.is_core[district]
    ring = geography.depots
    depots = [ring_points(drops[is_core], counts[is_core], ring.count, ring.ring_km, streams, "depot")]
    gateways = np.zeros((0, 2))
    if edge := geography.gateways:
        gateways = ring_points(drops[is_core], counts[is_core], edge.count, edge.ring_km, streams, "gateway")
    stations, station = [], np.zeros(len(drops), dtype=np.int64)
    for number in range(len(census.districts)):
        in_district = np.flatnonzero(district == number)
        stations.append(weighted_sites(drops[in_district], counts[in_district], per_district))
        station[in_district] = number * per_district + nearest(drops[in_district], stations[-1])
        if ring.per_outer_unit and not census.is_core[number]:
            depots.append(weighted_sites(drops[in_district], counts[in_district], ring.per_outer_unit))
    station_points, depot_points = np.concatenate(stations), np.concatenate(depots)
    points: dict[PlaceKind, FloatArray] = {
        "depot": depot_points,
        "gateway": gateways,
        "station": station_points,
        "drop_point": drops,
    }
    feeders = nearest_feeders(points, station)
    roads = StraightRoads(points, geography.detour_factor, feeders, LEAST_KM)
    serving = serving_from(feeders, np.arange(len(drops)))
    used, subdistrict = np.unique(census.community_subdistrict, return_inverse=True)
    names: dict[PlaceKind, tuple[str, ...]] = {
        "depot": tuple(f"depot_{number + 1}" for number in range(len(depot_points))),
        "gateway": tuple(f"gateway_{number + 1}" for number in range(len(gateways))),
        "station": tuple(f"{name.zh}_{number + 1}" for name in census.districts for number in range(per_district)),
        "drop_point": _drop_point_names(census),
    }
    with_docks = {"depot": geography.depots, "gateway": edge, "station": geography.stations}
    return Places(
        names=names,
        docks={
            kind: most_docks(spec.docks, spec.by_day, of_kind) if spec else np.ones(len(of_kind), dtype=np.int64)
            for kind, of_kind in names.items()
            for spec in (with_docks.get(kind),)
        },
        floor={
            "gateway": floor_limits([None] * len(gateways)),
            "station": floor_limits([None] * len(station_points)),
            "drop_point": floor_limits([None] * len(drops)),
        },
        serving=serving,
        km=roads.km(serving, {}),
        roads=roads,
        first_household=first_household(counts),
        district=district,
        districts=census.districts,
        subdistrict=subdistrict.astype(np.int64),
        subdistricts=tuple(census.subdistricts[number] for number in used),
        east_north_km=points,
        detour_factor=geography.detour_factor,
    )


# --- how many live where --------------------------------------------------------------------------


def share_households(census: Census, geography: CensusGeography, streams: Streams) -> IntArray:
    """Share the households of each district among its communities.

    A community's weight is lognormal with mean 1 (villages and special units: `village_weight`);
    every community has at least one household, and the sum of each district is exact.
    """
    mean = np.where(census.community_kind == "residents", 1.0, geography.village_weight)
    uniform = streams.uniform_at("world/community/size", 0, census.community_code)
    weight = mean * to_lognormal(uniform, geography.community_sigma)
    counts = np.zeros(len(weight), dtype=np.int64)
    for number, households in enumerate(census.households.tolist()):
        in_district = census.community_district == number
        counts[in_district] = 1 + largest_remainder(households - int(in_district.sum()), weight[in_district])
    return counts


def largest_remainder(total: int, weight: FloatArray) -> IntArray:
    """Whole numbers proportional to `weight` that add up to `total`; ties go to the first.

    >>> largest_remainder(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    quota = total * (weight / weight.sum())
    whole: IntArray = np.floor(quota).astype(np.int64)
    left = total - int(whole.sum())
    whole[np.argsort(whole - quota, kind="stable")[:left]] += 1
    return whole


# --- where they live ------------------------------------------------------------------------------


def district_centres(census: Census, radius_km: FloatArray) -> FloatArray:
    """Middle of each district in km east and north of the city's middle, shape (districts, 2).

    The city's middle is the mean of the centres given for core districts; longitudes and latitudes are
    turned into km on the plane that touches the sphere there. A core district without a centre
    (a development zone, cut out of its neighbours) is put on the edge of the disc that would hold the
    other core districts, any other one as far out as those of its kind are on average; both in the
    middle of the widest gap that those of its kind leave around the city. Last, districts of which
    the built-up discs overlap are pushed apart until they touch: centres given are those of offices,
    which in an old town stand next to each other.

    Parameters
    ----------
    census : Census
    radius_km : array, shape (districts,)
        Radius of each built-up disc.
    """
    is_known = ~np.isnan(census.centre[:, 0])
    middle = census.centre[is_known & census.is_core].mean(axis=0)
    per_degree = KM_PER_DEGREE * np.array([np.cos(np.radians(middle[1])), 1.0])
    centre: FloatArray = (census.centre - middle) * per_degree
    for of_kind in (census.is_core, ~census.is_core):
        known = centre[of_kind & is_known]
        angles = np.arctan2(known[:, 1], known[:, 0])
        if of_kind is census.is_core:
            distance = float(np.sqrt(np.square(radius_km[of_kind & is_known]).sum()))
        else:
            distance = float(np.linalg.norm(known, axis=1).mean()) if len(known) else 0.0
        for number in np.flatnonzero(of_kind & ~is_known):
            angle = _widest_gap(angles)
            centre[number] = distance * np.array([np.cos(angle), np.sin(angle)])
            angles = np.append(angles, angle)
    return push_apart(centre, radius_km)


def _widest_gap(angles: FloatArray) -> float:
    """Direction in the middle of the widest gap between directions, radians; north if there are none."""
    if not len(angles):
        return np.pi / 2
    ordered = np.sort(np.mod(angles, 2 * np.pi))
    gap = np.diff(np.append(ordered, ordered[0] + 2 * np.pi))
    widest = int(np.argmax(gap))
    return float(ordered[widest] + gap[widest] / 2)


def push_apart(points: FloatArray, radius_km: FloatArray) -> FloatArray:
    """Move the centres of overlapping discs away from each other until they (nearly) only touch.

    In every round each overlapping pair moves along the line between its centres by half of the
    overlap, the larger disc less than the smaller one.

    >>> push_apart(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([1.0, 1.0])).round(3).tolist()
    [[-0.5, 0.0], [1.5, 0.0]]
    """
    points = points.copy()
    if len(points) < 2:
        return points
    area = np.square(radius_km)
    yields = area[None, :] / (area[:, None] + area[None, :])
    for _ in range(ROUNDS_OF_PUSHING):
        apart = points[:, None] - points[None]
        distance = np.linalg.norm(apart, axis=-1)
        overlap = np.maximum(radius_km[:, None] + radius_km[None, :] - distance, 0.0)
        np.fill_diagonal(overlap, 0.0)
        if overlap.max() < 1e-3:
            break
        direction = apart / np.maximum(distance, 1e-9)[..., None]
        points += 0.5 * (direction * (yields * overlap)[..., None]).sum(axis=1)
    return points


def _scatter(census: Census, geography: CensusGeography, counts: IntArray, streams: Streams) -> FloatArray:
    """Put every community somewhere in its subdistrict, shape (communities, 2), km.

    The urban people of a district fill a disc at `urban_persons_per_km2`, its rural people a ring
    around it at `rural_persons_per_km2`. Subdistricts lie uniformly in the disc, towns in the ring
    (on the disc's edge where nobody is rural); communities lie uniformly in a disc around their
    subdistrict's middle that holds its people at the density of its kind.
    """
    urban_km2 = census.urban_people / geography.urban_persons_per_km2
    rural_km2 = (census.people - census.urban_people) / geography.rural_persons_per_km2
    built_up = np.sqrt(urban_km2 / np.pi)
    whole = np.sqrt((urban_km2 + rural_km2) / np.pi)
    centre = district_centres(census, built_up)

    code, of_district, is_town = census.subdistrict_code, census.subdistrict_district, census.is_town
    radius = streams.uniform_at("world/subdistrict/radius", 0, code)
    angle = streams.uniform_at("world/subdistrict/angle", 0, code)
    inner = np.where(is_town, built_up[of_district], 0.0)
    outer = np.where(is_town, whole[of_district], built_up[of_district])
    # Uniform over the ring between inner and outer: as over a disc, with the inner part cut out.
    share = (np.square(inner) + (np.square(outer) - np.square(inner)) * radius) / np.square(outer)
    middle = centre[of_district] + in_disc(outer, share, angle)

    mean_size = census.people / census.households
    of_community = census.community_subdistrict
    people = np.bincount(of_community, counts * mean_size[census.community_district], minlength=len(code))
    density = np.where(is_town, geography.rural_persons_per_km2, geography.urban_persons_per_km2)
    reach = np.sqrt(people / density / np.pi)
    return middle[of_community] + in_disc(
        reach[of_community],
        streams.uniform_at("world/community/radius", 0, census.community_code),
        streams.uniform_at("world/community/angle", 0, census.community_code),
    )


# --- what feeds them ------------------------------------------------------------------------------


def weighted_sites(points: FloatArray, weight: IntArray, num: int) -> FloatArray:
    """Sites for stations or depots, each in the middle of as many households, shape (num, 2).

    The communities are cut in two across their longer side, so that the households on both sides
    are as the sites due to them, and the halves again until each part has one. It lies
    at the weighted median of its part in both directions, where a few far villages do not pull it
    out of town. No chance is involved.

    References
    ----------
    Berger, Bokhari (1987), A partitioning strategy for nonuniform problems on multiprocessors,
    IEEE Trans. Comput. C-36:570-580 (recursive coordinate bisection).
    """
    if num == 1:
        return np.array([[_weighted_median(points[:, axis], weight) for axis in (0, 1)]])
    middle = np.average(points, axis=0, weights=weight)
    spread = np.average(np.square(points - middle), axis=0, weights=weight)
    order = np.argsort(points[:, int(np.argmax(spread))], kind="stable")
    left = num // 2
    passed = np.cumsum(weight[order]) / weight.sum()
    cut = int(np.argmin(np.abs(passed - left / num))) + 1
    # At least one community for each station on either side.
    cut = min(max(cut, left), len(points) - (num - left))
    halves = (order[:cut], left), (order[cut:], num - left)
    return np.concatenate([weighted_sites(points[part], weight[part], due) for part, due in halves])


def _weighted_median(values: FloatArray, weight: IntArray) -> float:
    order = np.argsort(values, kind="stable")
    passed = np.cumsum(weight[order])
    return float(values[order[np.searchsorted(passed, passed[-1] / 2)]])


def ring_points(
    points: FloatArray, weight: IntArray, num: int, ring_km: float, streams: Streams, purpose: str
) -> FloatArray:
    """Points on a circle around the weighted mean, each facing as many households, shape (num, 2).

    Going around from a seeded direction, every one stands where half of its share of the
    households has been passed.
    """
    middle = np.average(points, axis=0, weights=weight)
    begin = 2 * np.pi * float(streams.uniform(f"world/{purpose}/angle", 0, 1)[0])
    angle = np.mod(np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]) - begin, 2 * np.pi)
    order = np.argsort(angle, kind="stable")
    passed = np.cumsum(weight[order])
    at = angle[order][np.searchsorted(passed, (np.arange(num) + 0.5) / num * passed[-1])] + begin
    return middle + ring_km * np.column_stack([np.cos(at), np.sin(at)])


def _drop_point_names(census: Census) -> tuple[str, ...]:
    """District, subdistrict and community; with the division code where two are called the same."""
    names = [
        f"{census.districts[district].zh} {census.subdistricts[subdistrict]} {name}"
        for district, subdistrict, name in zip(
            census.community_district, census.community_subdistrict, census.communities, strict=True
        )
    ]
    seen: set[str] = set()
    for number, code in enumerate(census.community_code.tolist()):
        if names[number] in seen:
            names[number] = f"{names[number]} {code}"
        seen.add(names[number])
    return tuple(names)
