"""Types of vehicles that a plan defines once: used by several fleets and given trips, shown with their titles."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import simsupply as ss
from simsupply.config.load import places_of
from simsupply.scenario.staff_titles import staff_titles
from tests.helpers.problems import problems_of
from tests.oracles.vehicles.test_given_routes import ENGINES, ROAD, rows, run_of
from tests.oracles.vehicles.test_milk_runs import plan_of
from tests.plans.both_engines import exact
from tests.plans.paper_plans import Plain, channel, crew, ends, leg, stage, strategy, world

COLD = {
    "title": {"en": "Refrigerated van", "zh": "冷藏车"},
    "payload_kg": 900,
    "payload_parcels": 60,
    "speed_km_h": 20,
    "road_speed_km_h": {"trunk_km_h": 50, "town_km_h": 30},
}


def typed(**more: object) -> Plain:
    """A fleet that says where and how many, and leaves the rest to its type."""
    return {"at": "depot", "count": 1, "type": "冷藏车", "shifts": [{"start": "08:00", "end": "18:00"}], **more}


def plan_with(*types: tuple[str, Plain], **fleets: Plain) -> Plain:
    plan = world([2], {"packers": crew(1)}, fleets)
    return {**plan, "vehicle_types": dict(types)}


def test_fleets_have_what_their_type_says_but_for_what_they_say_themselves() -> None:
    """Keys below a key as well: of the speeds by road one is the fleet's own."""
    vans = typed(count=2, speed_km_h=25, road_speed_km_h={"town_km_h": 33})
    spec = ss.load_scenario(plan_with(("冷藏车", COLD), cold=typed(), vans=vans)).spec
    assert (spec.fleet["cold"].payload_kg, spec.fleet["vans"].payload_kg) == (900, 900)
    assert (spec.fleet["cold"].speed_km_h, spec.fleet["vans"].speed_km_h) == (20, 25)
    speeds = spec.fleet["vans"].road_speed_km_h
    assert speeds is not None
    assert (speeds.trunk_km_h, speeds.town_km_h) == (50, 33)


def test_a_type_may_start_from_one_of_the_catalogue() -> None:
    """4.2 m van: 300 parcels, two people; the plan's own: 1200 kg."""
    own = {"title": "冷藏车", "type": "box_van_4_2m", "payload_kg": 1200}
    made = ss.load_scenario(plan_with(("冷藏车", own), cold=typed())).spec.fleet["cold"]
    assert (made.payload_kg, made.payload_parcels, made.people_per_vehicle, made.type) == (1200, 300, 2, "冷藏车")


def test_the_title_of_the_type_is_shown() -> None:
    """Two fleets of one title are told apart by their names; one has a title of its own."""
    own = typed(title={"en": "Spare", "zh": "备用车"})
    spec = ss.load_scenario(plan_with(("冷藏车", COLD), a=typed(), b=typed(), spare=own)).spec
    assert staff_titles(spec, "zh") | {"packers": ""} == {
        "packers": "",
        "a": "冷藏车 (a)",
        "b": "冷藏车 (b)",
        "spare": "备用车",
    }
    only = ss.load_scenario(plan_with(("冷藏车", COLD), a=typed())).spec
    assert staff_titles(only, "en")["a"] == "Refrigerated van"


def test_it_drives_as_its_type_says() -> None:
    """Packed at 490 and 500 (10 min each), a load of both, 10 km at 20 km/h: 500 + 30."""
    plan = plan_with(("冷藏车", COLD), cold=typed())
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    result = exact(plan, strategy(channel("only", pack, leg("go", "cold", load={}, unload={}))))
    assert ends(result, "go") == [530, 530]


@ENGINES
def test_given_trips_name_a_type(engine: str) -> None:
    """Trip A goes to d0 and d1 by any vehicle of the type (20 km/h), trip B to d2 by whoever is free first, the vans.

    d0 after 10 km at 490 + 30, d1 at 550; d2 after 30 km by van: 490 + 45.
    """
    plan = plan_of(ROAD)
    slow = {"payload_kg": 1e6, "payload_parcels": 1000, "speed_km_h": 20}
    plan |= {"vehicle_types": {"冷藏车": slow}}
    plan["fleet"] |= {"first": typed(), "second": typed()}
    plan["scenario"]["geography"]["depots"][0]["docks"] = 3
    fleets = ["vans", "first", "second"]
    result = run_of(plan, rows("place,trip,fleet", "d0,A,冷藏车", "d2,B,", "d1,A,"), engine, fleet=fleets)
    assert ends(result, "deliver") == [520, 550, 535]
    # Two trips of the type at once: both of its fleets go.
    both = rows("place,trip,fleet", "d0,A,冷藏车", "d2,B,冷藏车", "d1,A,冷藏车")
    assert ends(run_of(plan, both, engine, fleet=fleets), "deliver") == [520, 550, 580]


def test_an_override_and_where_a_number_comes_from(tmp_path: Path) -> None:
    """The type's number is told of its line; one that an override sets holds for all its fleets."""
    plan = plan_with(("冷藏车", COLD), a=typed(), b=typed(payload_kg=700))
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(plan, allow_unicode=True, sort_keys=False), encoding="utf-8")
    changed = ss.load_scenario(path, ["vehicle_types.冷藏车.payload_kg=500"]).spec.fleet
    assert (changed["a"].payload_kg, changed["b"].payload_kg) == (500, 700)
    places = places_of(path)
    assert places["fleet.a.payload_kg"] == places["vehicle_types.冷藏车.payload_kg"]
    assert places["fleet.b.payload_kg"] != places["vehicle_types.冷藏车.payload_kg"]


def test_the_provenance_can_be_read_again() -> None:
    """What the specification holds is a plan."""
    from simsupply.sweeps.sweep import plain_data

    spec = ss.load_scenario(plan_with(("冷藏车", COLD), a=typed())).spec
    assert ss.load_scenario(plain_data(spec)).spec == spec


@pytest.mark.parametrize(
    ("types", "fleets", "keys"),
    [
        ({"冷藏车": COLD}, {"a": typed(type="冷藏")}, ["fleet.a.type"]),
        ({"冷藏车": {**COLD, "payload_kg": -1}}, {"a": typed(), "b": typed()}, ["vehicle_types.冷藏车.payload_kg"]),
        ({"冷藏车": {**COLD, "wheels": 4}}, {"a": typed()}, ["vehicle_types.冷藏车.wheels"]),
        ({"冷藏车": {**COLD, "type": "van"}}, {"a": typed()}, ["vehicle_types.冷藏车.type"]),
        ({"冷藏车": {**COLD, "count": 4}}, {"a": typed()}, ["vehicle_types.冷藏车.count"]),
        ({"city_bus": COLD}, {"a": typed(type="city_bus")}, ["vehicle_types.city_bus"]),
        (
            {"冷藏车": {"title": "冷藏车", "payload_kg": 5}},
            {"a": typed()},
            ["fleet.a.payload_parcels", "fleet.a.speed_km_h"],
        ),
    ],
)
def test_what_is_wrong_is_said_once(types: Plain, fleets: Plain, keys: list[str]) -> None:
    plan = plan_with(*types.items(), **fleets)
    assert sorted(problem.key for problem in problems_of(lambda: ss.load_scenario(plan))) == keys


def test_a_type_that_nobody_uses_is_remarked() -> None:
    plan = plan_with(("冷藏车", COLD), ("电瓶车", COLD), a=typed())
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    result = exact(plan, strategy(channel("only", pack, leg("go", "a", load={}, unload={}))))
    assert "vehicle_types.电瓶车 is the type of no fleet" in str(result.notes)
