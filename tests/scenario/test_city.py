"""Cities from a census: exact totals, chains that hold, keyed draws, shares of the census."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml

import simsupply as ss
from benchmarks.frozen import scenario_file
from simsupply.base.problems import InputError
from simsupply.base.spec import parse
from simsupply.scenario.census import read_census
from simsupply.scenario.city import census_places, largest_remainder, push_apart, weighted_sites
from simsupply.scenario.geography import CensusGeography
from simsupply.streams.keyed import Streams

DISTANCES = [("depot", "station"), ("station", "drop_point"), ("depot", "drop_point")]
STRATEGIES = ["standard_crates_via_stations", "individual_orders_via_stations"]


def demo(**changes):
    """Load the demonstration city with changes, for instance ``geography__depots__count=1``."""
    world = demonstration()
    for path, value in changes.items():
        node = world["scenario"]
        *parts, last = path.split("__")
        for part in parts:
            node = node[part]
        node[last] = value
    return ss.load_scenario(world)


@cache
def demonstration_text():
    return ss.load_scenario("demo_city").spec.model_dump_json()


def demonstration():
    return json.loads(demonstration_text())


@pytest.fixture(scope="module")
def city():
    return ss.load_scenario(scenario_file("changchun"))


@pytest.fixture(scope="module")
def whole_city():
    """Places of all fifteen units, without drawing their households."""
    data = yaml.safe_load(Path(scenario_file("changchun_all")).read_text(encoding="utf-8"))
    geography = parse(CensusGeography, data["scenario"]["geography"], source="changchun_all")
    return census_places(geography, Streams(seed=1, replication=0))


def households_by_district(places):
    return np.bincount(places.district, np.diff(places.first_household), len(places.districts))


# --- totals ---------------------------------------------------------------------------------------


def test_changchun_totals(city):
    places = city.places
    assert len(city.households) == 1_808_963
    assert places.count("drop_point") == 701
    assert len(places.districts) == 9
    # Of the 95, two industrial zones hold nothing but a placeholder without a committee.
    assert len(places.subdistricts) == 93
    assert households_by_district(places).tolist() == read_census("changchun", "core").households.tolist()


def test_changchun_all_totals(whole_city):
    assert whole_city.first_household[-1] == 3_330_525
    assert whole_city.count("drop_point") == 2_798
    assert len(whole_city.subdistricts) == 231
    assert households_by_district(whole_city).tolist() == read_census("changchun").households.tolist()


@pytest.mark.parametrize("world_seed", [1, 2, 3])
def test_demo_districts_are_exact_under_every_seed(world_seed):
    places = demo(geography__world_seed=world_seed).places
    assert households_by_district(places).tolist() == [1250, 1050, 700]
    assert places.count("drop_point") == 20


# --- chains ---------------------------------------------------------------------------------------


def assert_chains_hold(places, stations_per_district):
    assert (np.diff(places.first_household) >= 1).all()
    station, depot = places.serving["station"], places.serving["depot"]
    assert (station // stations_per_district == places.district).all()
    for kind in ("depot", "station", "drop_point"):
        assert len(set(places.names[kind])) == places.count(kind) == len(places.docks[kind])
        assert len(places.east_north_km[kind]) == places.count(kind)
        assert places.num_households(kind).sum() == places.first_household[-1]
    for leg in DISTANCES:
        assert (places.km[leg] > 0).all()
    # Every station has exactly one depot, the nearest one.
    points = places.east_north_km
    away = np.linalg.norm(points["station"][:, None] - points["depot"][None], axis=-1)
    assert (depot == away.argmin(axis=1)[station]).all()
    # A community's station is the nearest of its district.
    away = np.linalg.norm(points["drop_point"][:, None] - points["station"][None], axis=-1)
    same = np.arange(places.count("station"))[None] // stations_per_district == places.district[:, None]
    assert (station == np.where(same, away, np.inf).argmin(axis=1)).all()


def test_chains_hold_in_changchun(city):
    assert_chains_hold(city.places, 4)
    assert (city.places.num_households("station") > 0).all()


def test_chains_hold_with_the_counties(whole_city):
    assert_chains_hold(whole_city, 4)
    assert whole_city.count("depot") == 6 + 6


@pytest.mark.parametrize("stations", [1, 3, 5])
def test_chains_hold_in_the_demonstration(stations):
    assert_chains_hold(demo(geography__stations_per_district=stations).places, stations)


def test_road_is_detour_times_straight_line(city):
    places = city.places
    points, station = places.east_north_km, places.serving["station"]
    straight = np.linalg.norm(points["station"][station] - points["drop_point"], axis=1)
    expected = np.maximum(1.3 * straight, 0.13)
    np.testing.assert_allclose(places.km["station", "drop_point"], expected)


def test_more_stations_than_communities_are_refused():
    with pytest.raises(InputError, match=r"stations_per_district.*<= 5"):
        demo(geography__stations_per_district=6)


def test_shares_are_needed_where_there_is_no_census():
    with pytest.raises(InputError, match=r"scenario\.households\.lift_share"):
        ss.load_scenario("subdistrict", ["scenario.households.lift_share=null"])


# --- keyed draws ----------------------------------------------------------------------------------


def test_same_seed_same_city():
    first, other = demo(), demo()
    assert (first.places.east_north_km["drop_point"] == other.places.east_north_km["drop_point"]).all()
    assert (first.places.first_household == other.places.first_household).all()
    assert (first.households.persons == other.households.persons).all()
    assert (first.households.has_lift == other.households.has_lift).all()


def test_another_seed_is_another_city():
    first, other = demo().places, demo(geography__world_seed=2).places
    assert (first.east_north_km["drop_point"] != other.east_north_km["drop_point"]).any()
    assert (first.first_household != other.first_household).any()


def test_stations_and_depots_are_decisions_that_move_nobody():
    base = demo()
    other = demo(geography__stations_per_district=3, geography__depots__count=1, geography__depots__ring_km=9)
    assert (base.places.east_north_km["drop_point"] == other.places.east_north_km["drop_point"]).all()
    assert (base.places.first_household == other.places.first_household).all()
    for name in ("drop_point", "persons", "has_lift", "is_priority", "pantry_min"):
        assert (getattr(base.households, name) == getattr(other.households, name)).all()


def test_taking_the_counties_in_moves_nobody_in_the_city(city):
    geography = city.settings.geography.model_copy(update={"units": "all"})
    wide = census_places(geography, Streams(seed=1, replication=0))
    number = {name: place for place, name in enumerate(wide.names["drop_point"])}
    inside = np.array([number[name] for name in city.places.names["drop_point"]])
    points = wide.east_north_km["drop_point"][inside]
    np.testing.assert_allclose(points, city.places.east_north_km["drop_point"], atol=1e-9)
    assert (np.diff(wide.first_household)[inside] == np.diff(city.places.first_household)).all()


def test_one_attribute_given_leaves_the_others():
    base, other = demo().households, demo(households__lift_share=0.5).households
    assert (base.has_lift != other.has_lift).any()
    for name in ("persons", "is_priority", "pantry_min"):
        assert (getattr(base, name) == getattr(other, name)).all()


# --- shares of the census -------------------------------------------------------------------------


def by_district(city, values):
    district = city.places.district[city.households.drop_point]
    num = len(city.places.districts)
    return np.bincount(district, values, num) / np.bincount(district, minlength=num)


def assert_near(share, expected, num):
    """Within 4.5 standard errors of a share of `num` independent units."""
    assert (np.abs(share - expected) < 4.5 * np.sqrt(expected * (1 - expected) / num)).all()


def test_lifts_follow_the_census(city):
    census = read_census("changchun", "core")
    buildings = census.households / 12
    assert_near(by_district(city, city.households.has_lift), census.lift_share, buildings)


def test_household_sizes_follow_the_census(city):
    census = read_census("changchun", "core")
    alone = census.one_person_households / census.households
    assert_near(by_district(city, city.households.persons == 1), alone, census.households)
    mean = census.household_people / census.households
    np.testing.assert_allclose(by_district(city, city.households.persons), mean, rtol=0.01)


def test_priority_lives_alone_and_is_old(city):
    census, households = read_census("changchun", "core"), city.households
    assert (households.persons[households.is_priority] == 1).all()
    expected = census.one_person_households / census.households * census.share_65plus
    assert_near(by_district(city, households.is_priority), expected, census.households)


def test_villages_are_smaller_than_residents_communities(city):
    census = read_census("changchun", "core", committees_only=True)
    counts, is_village = np.diff(city.places.first_household), census.community_kind == "villagers"
    assert counts[is_village].mean() / counts[~is_village].mean() == pytest.approx(0.18, rel=0.15)


# --- pieces of the rule ---------------------------------------------------------------------------


def test_largest_remainder_is_exact_and_proportional():
    weight = np.array([0.1, 2.0, 3.3, 0.0, 7.7])
    shared = largest_remainder(1001, weight)
    assert shared.sum() == 1001
    assert (np.abs(shared - 1001 * weight / weight.sum()) < 1).all()


def test_pushed_apart_discs_touch_at_most():
    radius = np.array([3.0, 2.0, 1.0, 1.0])
    points = push_apart(np.array([[0.0, 0.0], [1.0, 0.5], [-0.5, 1.0], [50.0, 50.0]]), radius)
    distance = np.linalg.norm(points[:, None] - points[None], axis=-1) + 100 * np.eye(4)
    assert (distance >= radius[:, None] + radius[None] - 0.01).all()
    assert points[3].tolist() == [50.0, 50.0]


def test_sites_stand_in_the_two_towns_not_between_them():
    towns = np.array([[0.0, 0.0], [0.1, 0.0], [10.0, 0.0], [10.1, 0.0], [30.0, 0.0]])
    sites = weighted_sites(towns, np.array([100, 100, 100, 100, 1]), 2)
    assert sites[0, 0] <= 0.1
    assert 10.0 <= sites[1, 0] <= 10.1


# --- simulated -------------------------------------------------------------------------------


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_demonstration_runs(strategy):
    values = ss.simulate(demo(), strategy, replications=1, seed=1).values.loc[0]
    assert values["mass_balance_error_kg"] == pytest.approx(0, abs=1e-6)
    assert values["coverage"] > 0
    assert values["orders_attempted"] == 3000
    for step in ("trunk", "sort", "local", "door"):
        assert 0 < values[f"utilisation.{step}"] < 1


def test_two_packers_at_each_depot_feed_the_demonstration_in_a_week_and_one_does_not():
    """A crate of five lines takes 0.5 + 5 x 0.3 = 2 min, 3,000 of them 6,000 min; a packer has 7 x 540 = 3,780 min.

    Of two depots with n packers each that is 6,000 / (n x 7,560) of the time: 20 % of the plan's four, 40 % of two,
    79 % of one. The depot with the most households has 1,750, 93 % of one packer's week: too little is left for the
    way to the doors.
    """
    served, busy = {}, {}
    for packers in (4, 2, 1):
        world = demonstration()
        world["staffing"]["crews"]["site_workers"]["headcount"] = packers
        values = ss.simulate(ss.load_scenario(world), STRATEGIES[0], replications=1, seed=1).values.loc[0]
        served[packers], busy[packers] = values["coverage"], values["utilisation.pack"]
    assert served[4] > 0.99
    assert served[2] > 0.99
    assert served[1] < 0.9
    # Minutes are drawn around these: the mean of 3,000 crates lies within a few hundredths of 2 min.
    assert busy == pytest.approx({packers: 6000 / (packers * 7560) for packers in (4, 2, 1)}, rel=0.03)
