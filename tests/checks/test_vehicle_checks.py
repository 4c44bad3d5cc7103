"""Wrong input about vehicles: refused before the run, all of it at once, by key."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.config.load import fit
from tests.plans.paper_plans import Plain, channel, crew, fleet, leg, listed, stage, strategy, world


def plan_of(geography: Any = None, **fleets: Plain) -> Plain:
    return world(geography or listed([1, 1], km=[5, 10]), {"packers": crew(1)}, fleets or {"vans": fleet(1)})


def problems_of(plan: Plain, **how: Any) -> dict[str, str]:
    """What is said about which key, of a plan with one leg."""
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    decided = strategy(channel("only", pack, leg("deliver", how.pop("fleet", "vans"), **how)))
    try:
        fit(ss.load_scenario(plan), ss.load_strategy(decided))
    except InputError as error:
        return {problem.key: str(problem.allowed) for problem in error.problems}
    return {}


DELIVER = "strategy.channels.only.steps.1.leg"


def test_what_is_right_is_taken() -> None:
    assert not problems_of(plan_of())


@pytest.mark.parametrize(
    ("says", "key", "allowed"),
    [
        ({"type": "box_van"}, "type", "did you mean 'box_van_4_2m'?"),
        ({"curfew": {"from": "07:00", "to": "19:00"}}, "curfew", "some of the hours of every shift"),
        ({"curfew": {"from": "07:00", "to": "07:00"}}, "curfew", "differ"),
        ({"people_per_vehicle": 0, "attendance": 0.5}, "attendance", "nothing for a vehicle without people"),
        (
            {"people_per_vehicle": 0, "rest": {"after_hours_driving": 4, "minutes": 20}},
            "rest",
            "nothing for a vehicle without people",
        ),
        ({"passes": {"recognised": 0.0, "otherwise": "turn_back"}}, "passes.recognised", "max_tries"),
        (
            {"passes": {"recognised": 0.5, "tiers": {"sealed": 0.0}, "otherwise": "turn_back"}},
            "passes.recognised",
            "max_tries",
        ),
        ({"passes": {"recognised": 0.5, "otherwise": "delay", "max_tries": 2}}, "passes", "turn_back only"),
        ({"passes": {"recognised": 1.5, "otherwise": "delay"}}, "passes.recognised", "less than or equal to 1"),
        (
            {"passes": {"recognised": 0.5, "districts": {"Whole": 0.1}, "otherwise": "delay"}},
            "passes.districts.Whole",
            "Whole area",
        ),
        ({"requisition": {"asked_day": 5, "lead_days": 2}}, "requisition.lead_days", "within the horizon"),
        ({"requisition": {"asked_day": "2022-03-14", "lead_days": 2}}, "requisition.asked_day", "start_date"),
        ({"requisition": {"asked_day": -1, "lead_days": 2}}, "requisition.asked_day", "day 0 or later"),
        ({"max_trip_km": 3}, "max_trip_km", ">= 5, the nearest end"),
    ],
)
def test_a_fleet_that_cannot_be(says: Plain, key: str, allowed: str) -> None:
    found = problems_of(plan_of(vans=fleet(1, **says)))
    assert allowed in found[f"fleet.vans.{key}"]


def test_a_destination_too_far_for_every_fleet() -> None:
    fleets = {"vans": fleet(1, max_trip_km=6), "cars": fleet(1, max_trip_km=5)}
    found = problems_of(plan_of(**fleets), fleet=["vans", "cars"])
    assert found == {f"{DELIVER}.fleet": "a fleet that may go 10 km, to 'd1'"}


def test_a_vehicle_that_fits_no_dock() -> None:
    geography = listed([1])
    geography["depots"][0]["max_length_m"] = 9
    found = problems_of(plan_of(geography, vans=fleet(1, length_m=9.6)))
    assert found == {"fleet.vans.length_m": "<= 9, the docks of 'site'"}
    assert not problems_of(plan_of(geography, vans=fleet(1, length_m=9)))


def test_a_payload_below_one_order_in_any_fleet() -> None:
    found = problems_of(plan_of(vans=fleet(1), carts=fleet(1, payload_kg=10)), fleet=["vans", "carts"])
    assert found == {"fleet.carts.payload_kg": ">= 14, the weight of one order of channel 'only'"}


def test_fleets_of_a_leg_must_exist_and_start_there() -> None:
    fleets = {"vans": fleet(1), "carts": fleet(1, "drop_point")}
    found = problems_of(plan_of(**fleets), fleet=["vans", "carts", "busses"])
    assert set(found) == {f"{DELIVER}.fleet", f"{DELIVER}.from"}
    assert "valid: carts, vans" in found[f"{DELIVER}.fleet"]


@pytest.mark.parametrize(
    ("says", "allowed"),
    [
        ({"route": "milk_run", "max_stops": 2}, "direct, where places are listed"),
        ({"route": "milk_run"}, "max_stops for route: milk_run"),
        ({"max_stops": 2}, "max_stops for route: milk_run"),
        ({"route": "milk_run", "max_stops": 2, "drive_min": [1, 2]}, "without fetch and drive_min"),
        ({"road": "street"}, "'trunk', 'town' or 'estate'"),
        ({"fleet": ["vans", "vans"]}, "each fleet once"),
    ],
)
def test_a_leg_that_cannot_be(says: Plain, allowed: str) -> None:
    found = problems_of(plan_of(), **says)
    assert len(found) == 1
    assert allowed in next(iter(found.values()))


def test_who_fetches_cannot_be_turned_back() -> None:
    passes = {"recognised": 0.5, "otherwise": "turn_back"}
    found = problems_of(plan_of(vans=fleet(1, "drop_point", passes=passes)), fetch=True)
    assert "delay, for vehicles that fetch" in found["fleet.vans.passes.otherwise"]


def test_a_fleet_stands_beside_the_same_others_in_every_leg() -> None:
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    alone = channel("one", pack, leg("deliver", "vans"))
    beside = channel("two", pack, leg("deliver", ["vans", "cars"]))
    with pytest.raises(InputError) as error:
        fit(
            ss.load_scenario(plan_of(vans=fleet(1), cars=fleet(1))),
            ss.load_strategy(strategy(alone, beside, from_days=(0, 3))),
        )
    (problem,) = error.value.problems
    assert problem.key == "strategy.channels.two.steps.1.leg.fleet"
    assert str(problem.allowed) == "['vans'], as in the other leg that uses 'vans'"


@pytest.mark.parametrize(
    ("helped", "said"),
    [("lorries", "valid: vans"), ("cars", "valid: vans"), ("carts", "valid: vans"), ("trolleys", "valid: vans")],
)
def test_a_fleet_assists_another_at_the_same_kind_of_place(helped: str, said: str) -> None:
    """Not one that does not exist, itself, one that assists too, or one that stands elsewhere."""
    fleets = {"cars": fleet(1, assists=helped), "carts": fleet(1, assists="vans"), "trolleys": fleet(1, "drop_point")}
    with pytest.raises(InputError) as error:
        ss.load_scenario(plan_of(vans=fleet(1), **fleets))
    (problem,) = error.value.problems
    assert problem.key == "fleet.cars.assists"
    assert "a fleet at depot that assists no other itself" in str(problem.allowed)
    assert said in str(problem.allowed)


def test_everything_wrong_is_said_at_once() -> None:
    vans = fleet(1, length_m=12, max_trip_km=2, passes={"recognised": 0.5, "otherwise": "turn_back"})
    geography = listed([1, 1], km=[5, 10])
    geography["depots"][0]["max_length_m"] = 9
    found = problems_of(plan_of(geography, vans=vans), route="milk_run", max_stops=2)
    assert set(found) == {"fleet.vans.length_m", "fleet.vans.max_trip_km", f"{DELIVER}.route", f"{DELIVER}.fleet"}
