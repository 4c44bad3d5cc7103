"""What listed drop points say of their own, on paper: each key changes what it should, and by how much.

Orders of 00:00 are packed or carried from 08:00 (480) on; a round of one household is 2 min out, the door, 2 min back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simsupply as ss
from simsupply.checks.remarks import remarks
from simsupply.model.orders.capacity import orders_per_day
from simsupply.model.run_loop import run_replication
from simsupply.scenario.world import Scenario
from tests.plans.paper_plans import (
    Plain,
    channel,
    crew,
    door,
    ends,
    fleet,
    leg,
    listed,
    simulate,
    simulate_strategy,
    stage,
    strategy,
    world,
)

WALKERS = {"walkers": crew(1, "drop_point")}


def places(households: list[int], *own: Plain, km: float = 10) -> Plain:
    """Drop points `d0`, `d1`, ... each with keys of its own."""
    geography = listed(households, km)
    for point, keys in zip(geography["drop_points"], own, strict=True):
        point |= keys
    return geography


def scenario(geography: Plain, people: Plain | None = None, **more: Any) -> Scenario:
    return ss.load_scenario(world(geography, WALKERS, people=people, **more))


# --- who lives there --------------------------------------------------------------------------------------


def test_persons_change_the_need() -> None:
    """One person each in `d0` (mean 1), exactly two in `d1` (nobody alone, mean 2), at 0.5 kg a person and day.

    A list a week: 3 x 0.5 x 7 = 10.5 kg for `d0` and 2 x 2 x 0.5 x 7 = 14 kg for `d1`.
    """
    geography = places([3, 2], {"persons": 1}, {"persons": 2, "one_person_share": 0})
    plan = world(geography, WALKERS, people={"persons_mean": None, "pantry_days": None})
    plan["demand"]["need_kg_per_household_week"] = None
    plan["goods"] = {"米": {"kg_per_person_day": 0.5, "pantry_days": {"low": 1, "high": 1}}}
    assert ss.load_scenario(plan).households.persons.tolist() == [1, 1, 1, 2, 2]
    decided = ss.load_strategy(strategy(channel("only", door())))
    assert run_replication(ss.load_scenario(plan), decided, seed=1, number=0).channel_kg == pytest.approx(
        {"only": 24.5}
    )


def test_a_mean_of_its_own_is_drawn_as_that_of_the_scenario() -> None:
    """The same uniform numbers: a place with the mean 2.5 has the households of a scenario with the mean 2.5."""
    of_scenario = scenario(places([50, 50], {}, {}), {"persons_mean": 2.5}).households.persons
    of_place = scenario(places([50, 50], {"persons": 2.5}, {}), {"persons_mean": 4}).households.persons
    assert of_place[:50].tolist() == of_scenario[:50].tolist()
    assert of_place[50:].mean() > of_scenario[50:].mean() + 0.5


def test_lift_share_changes_the_minutes_at_the_doors() -> None:
    """With lifts 1 min at a door, 480 + 2 + 1 = 483 and every 5; without 3 min, 485 and every 7."""
    geography = places([2, 2], {"lift_share": 1}, {"lift_share": 0})
    plan = world(geography, WALKERS, people={"lift_share": None})
    assert ends(simulate(plan, door()), "door") == [483, 488, 485, 492]


def test_priority_share() -> None:
    """All in `d0`, nobody in `d1`; in `d2` those who live alone and are old: with share 1 all of them."""
    alone = {"persons": 1, "one_person_share": 0.5, "share_65plus": 1}
    geography = places([3, 2, 4], {"priority_share": 1}, {"priority_share": 0}, alone)
    found = scenario(geography, {"priority_share": None, "persons_mean": 3}).households
    assert found.is_priority[:5].tolist() == [True] * 3 + [False] * 2
    # Alone or two and more; a mean below 1.5 is one that this share cannot have, so it is 1.5 (`persons_census`).
    assert set(found.persons[5:]) <= {1, 2}
    assert found.is_priority[5:].tolist() == (found.persons[5:] == 1).tolist()


def test_buildings_one_by_one() -> None:
    """One household with a lift, then three without on floors 1 to 3, 1 min more for each floor above the first.

    480 + 2 = 482, doors of 1, 3, 4 and 5 min: 483, 486, 490, 495.
    """
    buildings = [{"households": 1, "has_lift": True}, {"households": 3, "has_lift": False}]
    geography = places([4], {"buildings": buildings})
    plan = world(geography, WALKERS, people={"lift_share": None, "households_per_floor": 1})
    found = ss.load_scenario(plan).households
    assert found.building.tolist() == [0, 1, 1, 1]
    assert found.floor.tolist() == [1, 1, 2, 3]
    assert ends(simulate(plan, door(4, per_floor_min=1)), "door") == [483, 486, 490, 495]


def test_a_building_that_does_not_say_has_its_lift_drawn() -> None:
    """`d1` has the lifts of the scenario, all of them; the second building of `d0` too."""
    buildings = [{"households": 2, "has_lift": False}, {"households": 2}]
    found = scenario(places([4, 2], {"buildings": buildings}, {}), {"lift_share": 1}).households
    assert found.has_lift.tolist() == [False, False, True, True, True, True]


def test_households_per_building() -> None:
    """Buildings of two in `d0`, of one (as the scenario says) in `d1`; one household a floor."""
    found = scenario(places([4, 2], {"households_per_building": 2}, {}), {"households_per_floor": 1}).households
    assert found.building.tolist() == [0, 0, 2, 2, 4, 5]
    assert found.floor.tolist() == [1, 2, 1, 2, 1, 1]


def test_walk_min_is_that_of_the_round() -> None:
    """10 min there and back in `d0`: 480 + 5 + 3 = 488, back at 493, 501; in `d1` the 4 min of the rounds: 485, 492."""
    plan = world(places([2, 2], {"walk_min": 10}, {}), WALKERS)
    assert ends(simulate(plan, door()), "door") == [488, 501, 485, 492]


def test_walk_min_is_in_what_a_day_can_do() -> None:
    """1 household with 10 min and 3 with 4: a mean of 5.5; with a door of 3 min 600 / 8.5 orders a day and walker."""
    found = scenario(places([1, 3], {"walk_min": 10}, {}))
    assert found.mean_walk_min(4) == 5.5
    decided = ss.load_strategy(strategy(channel("only", door())))
    assert orders_per_day(found, decided.channels["only"], "drop_point").tolist() == pytest.approx([600 / 8.5] * 2)


# --- where they lie ---------------------------------------------------------------------------------------

TWO = ({"district": "朝阳区"}, {"district": "宽城区"})


def test_districts_are_told_apart_in_the_mix_and_in_results() -> None:
    """`d0` is in one district, `d1` in the other; each has a channel of its own, 2 and 3 orders."""
    plan = world(places([2, 3], *TWO), {"packers": crew(1)})
    ways = [channel(name, stage("pack", "packers", effort={"per_order_min": 1})) for name in ("first", "second")]
    decided: Plain = {**strategy(ways[0]), "channels": {way["name"]: way for way in ways}}
    del decided["calendar"]
    decided["mix"] = [
        {"channel": "first", "districts": ["朝阳区"]},
        {"channel": "second", "districts": ["宽城区"]},
    ]
    result = simulate_strategy(plan, decided)
    orders = result.orders
    assert orders is not None
    assert orders.sort_values("household")["channel"].tolist() == ["first"] * 2 + ["second"] * 3
    splits = result.split_summary()
    households = splits[(splits["split"] == "district") & (splits["metric"] == "households")]
    assert dict(zip(households["group"], households["mean"], strict=True)) == {"朝阳区": 2, "宽城区": 3}


def test_districts_have_titles_in_the_order_in_which_they_are_given() -> None:
    geography = places([1, 1, 1], {"district": "甲"}, {"district": "乙"}, {"district": "C"})
    geography["districts"] = [{"en": "C", "zh": "丙"}, {"en": "A", "zh": "甲"}]
    found = scenario(geography).places
    assert [(title.en, title.zh) for title in found.districts] == [("C", "丙"), ("A", "甲"), ("乙", "乙")]
    assert found.district.tolist() == [1, 2, 0]


def test_a_closed_road_of_a_district_stops_its_vehicles_alone() -> None:
    """Vans leave at 480 and are there at 495; closed from 08:05 to 09:00 the road holds one of them up for 55 min."""
    shock = {
        "kind": "road",
        "districts": ["朝阳区"],
        "from_day": 0,
        "to_day": 0,
        "from_time": "08:05",
        "to_time": "09:00",
    }
    plan = world(places([1, 1], *TWO), {}, {"vans": fleet(2, payload_parcels=1)}) | {"shocks": {"snow": shock}}
    assert ends(simulate(plan, leg("drive", "vans")), "drive") == [550, 495]


def test_tiers_by_district_and_subdistrict() -> None:
    """Two villages of one name in two districts are two."""
    own = [{"district": d, "subdistrict": s} for d, s in (("甲", "东村"), ("甲", "西村"), ("乙", "东村"))]
    found = scenario(places([1, 1, 1], *own)).places
    assert found.subdistrict.tolist() == [0, 1, 2]
    assert found.subdistricts == ("东村", "西村", "东村")
    tiers = {"default": "precaution", "calendar": [{"from_day": 0, "subdistricts": ["甲 东村"], "tier": "sealed"}]}
    plan = world(places([1, 1, 1], *own), WALKERS) | {"tiers": tiers}
    days = simulate(plan, door()).days
    sealed = days[(days["day"] == 0) & (days["measure"] == "tier_share.sealed")]
    assert sealed["value"].tolist() == pytest.approx([1 / 3])


# --- candidates -------------------------------------------------------------------------------------------


def with_candidates() -> Plain:
    geography = places([2, 2], {}, {})
    geography["depots"].insert(0, {"name": "备选大库", "candidate": True, "opening_cost": 20000, "area_m2": 900})
    geography["stations"] = [
        {"name": "备选站", "depot": "site", "distance_km": 3, "candidate": True, "max_households": 10},
    ]
    geography["drop_points"].insert(1, {"name": "备选点", "distance_km": 1, "station": "备选站", "candidate": True})
    return geography


def test_candidates_change_nothing_and_are_spoken_of() -> None:
    """The world is the one without them: numbers of places, households, draws; the answer says what is not in use."""
    people = {"lift_share": 0.5, "persons_mean": 2.5}
    plan, plain = (
        world(geography, {"packers": crew(1)}, people=people) for geography in (with_candidates(), listed([2, 2]))
    )
    found, without = ss.load_scenario(plan), ss.load_scenario(plain)
    assert found.places.names == without.places.names
    np.testing.assert_array_equal(found.households.persons, without.households.persons)
    pack = stage("pack", "packers", effort={"per_order_min": 1})
    assert ends(simulate(plan, pack), "pack") == ends(simulate(plain, pack), "pack") == [481, 482, 483, 484]
    (said,) = remarks(found.spec, ss.load_strategy(strategy(channel("only", pack))))
    assert said.in_language("en").startswith("not in use: 3 places are candidates (备选大库, 备选站, 备选点)")


def test_an_open_candidate_is_a_place_like_others() -> None:
    """Its station opened, `d0` is fed through it: 3 km to the station and 10 on."""
    geography = with_candidates()
    geography["stations"][0]["candidate"] = False
    geography["drop_points"][0]["station"] = "备选站"
    found = scenario(geography).places
    assert found.names["station"] == ("备选站",)
    assert found.km["depot", "drop_point"].tolist() == [13, 10]


# --- bad input --------------------------------------------------------------------------------------------


def wrong(geography: Plain, people: Plain | None = None) -> list[tuple[str, object, str]]:
    with pytest.raises(ss.InputError) as caught:
        scenario(geography, people)
    return [
        (problem.key.removeprefix("scenario."), problem.value, str(problem.allowed))
        for problem in caught.value.problems
    ]


D0, D1 = "geography.drop_points.0", "geography.drop_points.1"


@pytest.mark.parametrize(
    ("own", "people", "key", "value", "allowed"),
    [
        ({"persons": 0.5}, {}, f"{D0}.persons", 0.5, "greater than or equal to 1"),
        ({"lift_share": 1.5}, {}, f"{D0}.lift_share", 1.5, "less than or equal to 1"),
        ({"priority_share": "10%"}, {}, f"{D0}.priority_share", "10%", "0.1; a share"),
        ({"walk_min": -1}, {}, f"{D0}.walk_min", -1, "greater than or equal to 0"),
        ({"households_per_building": 0}, {}, f"{D0}.households_per_building", 0, "greater than or equal to 1"),
        ({"district": " "}, {}, f"{D0}.district", " ", "text that is not empty"),
        ({"district": "甲"}, {}, f"{D1}.district", None, "other drop points have a district"),
        ({"one_person_share": 0.3}, {}, f"{D0}.persons", None, "a value beside one_person_share"),
        ({"opening_cost": 5}, {}, f"{D0}.opening_cost", 5, "it belongs to a candidate"),
        ({"area_m2": 5}, {}, f"{D0}.area_m2", 5, "it belongs to a candidate"),
        ({"max_households": 1}, {}, f"{D0}.max_households", 1, "2 or more"),
        ({"candidate": True}, {}, f"{D0}.households", 2, "nothing at a candidate"),
        ({"households": 0}, {}, f"{D0}.households", 0, "greater than or equal to 1"),
        ({"name": "default"}, {}, f"{D0}.name", "default", "another name; this one stands for all other places"),
        ({"title": ""}, {}, f"{D0}.title", "", "text that is not empty"),
        ({"persons": 2}, {"persons_mean": None}, "households.persons_mean", None, "this key is required"),
        ({"buildings": [{"households": 3}]}, {}, D0, None, "as many households as the drop point, 2, not 3"),
    ],
)
def test_what_is_refused(own: Plain, people: Plain, key: str, value: object, allowed: str) -> None:
    ((at, given, said),) = wrong(places([2, 2], own, {}), people)
    assert at == key
    assert value is None or given == value
    assert allowed in said


def test_what_every_drop_point_says_is_not_said_again() -> None:
    own = {"persons": 2, "lift_share": 0.5, "priority_share": 0.1}
    assert [(key, value) for key, value, _ in wrong(places([2, 2], own, own))] == [
        ("households.persons_mean", 1.0),
        ("households.lift_share", 0.0),
        ("households.priority_share", 0.0),
    ]


def test_candidates_that_are_assigned_or_stand_alone() -> None:
    geography = with_candidates()
    geography["drop_points"][0]["station"] = "备选站"
    geography["drop_points"][2]["depot"] = "备选大库"
    geography["drop_points"][1] |= {"persons": 2}
    geography["depots"][1] |= {"diverts_to": "备选大库", "diverts_km": 3}
    found = {key: value for key, value, _ in wrong(geography)}
    assert found == {
        "geography.drop_points.1.persons": 2.0,
        "geography.depots.1.diverts_to": "备选大库",
        "geography.drop_points.0.station": "备选站",
        "geography.drop_points.2.depot": "备选大库",
    }
    only = with_candidates()
    del only["depots"][1], only["drop_points"][2], only["drop_points"][0]
    keys = [(key, said) for key, _, said in wrong(only)]
    assert ("geography.depots", "at least one place that is no candidate") in keys
    assert ("geography.drop_points", "at least one place that is no candidate") in keys


def test_titles_of_districts_that_nobody_lies_in_or_that_stand_twice() -> None:
    geography = places([2, 2], *TWO)
    geography["districts"] = [{"en": "A", "zh": "朝阳区"}, {"en": "B", "zh": "朝阳区"}, "南关区"]
    found = [(key, value) for key, value, _ in wrong(geography)]
    assert sorted(found) == [
        ("geography.districts.0", "朝阳区"),
        ("geography.districts.1", "朝阳区"),
        ("geography.districts.2", "南关区"),
    ]


def test_a_district_that_nobody_lies_in_is_no_district_of_a_mix() -> None:
    decided = strategy(channel("only", door()))
    del decided["calendar"]
    decided["mix"] = [{"channel": "only", "districts": ["南关区"]}]
    with pytest.raises(ss.InputError) as caught:
        ss.simulate(scenario(places([2, 2], *TWO)), ss.load_strategy(decided), replications=1)
    assert [(p.key, p.value) for p in caught.value.problems][:1] == [("strategy.mix.0.districts", "南关区")]


def test_a_walk_that_nobody_walks_is_said() -> None:
    spec = scenario(places([2, 2], {"walk_min": 9}, {})).spec
    decided = ss.load_strategy(
        strategy(channel("only", stage("pack", "walkers", "drop_point", effort={"per_order_min": 1})))
    )
    assert [message.in_language("en") for message in remarks(spec, decided)] == [
        "walk_min of drop points changes nothing: the strategy has no rounds to doors"
    ]


# --- how near ---------------------------------------------------------------------------------------------


def test_no_two_places_are_nearer_than_across_the_street() -> None:
    """At the depot itself 0.1 km x 1.3 = 0.13 km of road, at 3-4-5 km away 5 x 1.3 = 6.5."""
    geography = places([1, 1], {"x_km": 0, "y_km": 0}, {"x_km": 3, "y_km": 4})
    geography["depots"][0] |= {"x_km": 0, "y_km": 0}
    for point in geography["drop_points"]:
        del point["distance_km"]
    geography |= {"detour_factor": 1.3, "least_km": 0.1}
    assert scenario(geography).places.km["depot", "drop_point"].tolist() == pytest.approx([0.13, 6.5])


def test_nothing_is_near_where_nothing_has_coordinates() -> None:
    geography = places([1, 1], {}, {}) | {"least_km": 0.1}
    assert wrong(geography) == [("geography.least_km", 0.1, "nothing, where places have no coordinates")]
