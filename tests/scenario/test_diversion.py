"""Who is served through which other place while one is closed, and how far it is then."""

from __future__ import annotations

import numpy as np

import simsupply as ss
from simsupply.scenario.diversion import divert
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.places import Places
from tests.plans.paper_plans import Plain, crew, world

# Kinds of place, and what each of them feeds.
FED: tuple[tuple[PlaceKind, PlaceKind], ...] = (("station", "drop_point"), ("gateway", "station"), ("depot", "gateway"))


def spread(**more: Plain | None) -> Places:
    geography = {
        "kind": "spread",
        "radius_km": 5.0,
        "detour_factor": 1.3,
        "world_seed": 3,
        "households": 60,
        "depots": {"count": 3},
        "gateways": {"count": 4, "ring_km": 7.0},
        "stations": {"count": 5},
        "drop_points": {"count": 30},
    }
    return ss.load_scenario(world(geography | more, {"packers": crew()})).places


def km(places: Places, origin: PlaceKind, to: PlaceKind) -> np.ndarray:
    """Road distances along the chains, from the points."""
    a, b = (places.east_north_km[kind][places.serving[kind]] for kind in (origin, to))
    return np.linalg.norm(a - b, axis=1) * 1.3


def test_everybody_belongs_to_the_nearest_above() -> None:
    places = spread()
    points, serving = places.east_north_km, places.serving
    for above, below in FED:
        away = np.linalg.norm(points[below][:, None] - points[above][None], axis=-1)
        assert (serving[above] == away.argmin(axis=1)[serving[below]]).all()
    # On a circle, a quarter turn apart.
    radius = np.linalg.norm(points["gateway"], axis=1)
    np.testing.assert_allclose(radius, 7.0)
    np.testing.assert_allclose(points["gateway"][0], -points["gateway"][2], atol=1e-9)
    for above, below in places.km:
        np.testing.assert_array_equal(places.km[above, below], km(places, above, below))


def test_no_gateway_moves_nothing() -> None:
    """Depots, stations and drop points lie where they do without gateways."""
    with_them, without = spread(), spread(gateways=None)
    others: tuple[PlaceKind, ...] = ("depot", "station", "drop_point")
    for kind in others:
        np.testing.assert_array_equal(with_them.east_north_km[kind], without.east_north_km[kind])
    assert ("depot", "gateway") not in without.km
    assert (without.serving["gateway"] == -1).all()


def test_the_nearest_open_place_takes_over_and_brings_its_own_chain() -> None:
    places = spread()
    points = places.east_north_km
    for kind, fed in FED:
        busiest = int(np.bincount(places.serving[kind]).argmax())
        around = divert(places, {kind: np.array([busiest])})
        was = places.serving[kind] == busiest
        others = np.delete(np.arange(places.count(kind)), busiest)
        where = points[fed][places.serving[fed][was]]
        away = np.linalg.norm(where[:, None] - points[kind][others][None], axis=-1)
        assert (around.serving[kind][was] == others[away.argmin(axis=1)]).all()
        for same in PLACE_KINDS:
            np.testing.assert_array_equal(around.serving[same][~was], places.serving[same][~was])
        for number in range(PLACE_KINDS.index(kind) + 1, 4):
            np.testing.assert_array_equal(around.serving[PLACE_KINDS[number]], places.serving[PLACE_KINDS[number]])
        # Above it is whatever feeds the one that takes over.
        for above in PLACE_KINDS[: PLACE_KINDS.index(kind)]:
            expected = places.roads.feeders[kind, above][around.serving[kind]]
            assert (around.serving[above][was] == expected[was]).all()
        for first, second in around.km:
            np.testing.assert_array_equal(around.km[first, second], km(around, first, second))


def test_with_all_closed_everybody_stays() -> None:
    places = spread()
    around = divert(places, {"gateway": np.arange(4)})
    for kind in PLACE_KINDS:
        np.testing.assert_array_equal(around.serving[kind], places.serving[kind])


def test_several_closed_places_are_all_avoided() -> None:
    places = spread()
    around = divert(places, {"station": np.array([0, 1]), "gateway": np.array([2]), "depot": np.array([1])})
    assert not np.isin(around.serving["station"], [0, 1]).any()
    assert not (around.serving["gateway"] == 2).any()
    assert not (around.serving["depot"] == 1).any()


def test_a_city_has_gateways_on_a_ring() -> None:
    """Between the depots outside and the stations of the districts; who is fed by which station stays."""
    city = ss.load_scenario("demo_city").places
    ring = "+scenario.geography.gateways={count: 3, ring_km: 6.0}"
    edge = ss.load_scenario("demo_city", [ring.replace("+", "")]).places
    np.testing.assert_array_equal(edge.serving["station"], city.serving["station"])
    np.testing.assert_array_equal(edge.east_north_km["depot"], city.east_north_km["depot"])
    assert edge.names["gateway"] == ("gateway_1", "gateway_2", "gateway_3")
    assert (edge.serving["gateway"] >= 0).all()
    assert (edge.km["depot", "gateway"] > 0).all()
