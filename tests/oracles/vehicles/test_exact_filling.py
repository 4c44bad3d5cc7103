"""Loads, rounds, milk runs, floors and shifts are filled to the last parcel, whatever the rounding of sums.

In floating point ten times 4.2 is more than 42 when summed up, 300 times 4.2 more than 1260, 50 times 3.3 more than
165, and 42.0 // 4.2 is 9.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import simsupply as ss
from simsupply.base.filling import fits, how_many, rounded_down, rounded_up
from simsupply.model.kernels.choosing import fill_whole
from simsupply.model.orders.capacity import Basket, LimitingStages, room_for_orders
from simsupply.model.orders.open_orders import OpenOrders
from simsupply.model.run_loop import run_replication
from simsupply.scenario.floors import Floor
from tests.plans.paper_plans import Plain, channel, crew, door, ends, fleet, leg, listed, shift, stage, strategy, world

PACK = stage("pack", "packers", discipline="fifo", effort={"per_order_min": 0.001})
LOADS = [(10, 4.2, 42.0), (300, 4.2, 1260.0), (50, 3.3, 165.0), (3, 0.1, 0.3)]


def trips_and_km(plan: Plain, decided: Plain) -> tuple[int, float]:
    """Trips and kilometres of the vehicles, the same under both engines."""
    found = []
    for engine in ("auto", "reference"):
        scenario, plan_of_ways = ss.load_scenario(plan), ss.load_strategy(decided)
        steps = run_replication(scenario, plan_of_ways, seed=1, number=0, engine=engine).steps  # type: ignore[arg-type]
        found.append((sum(step.trips for step in steps), sum(step.vehicle_km for step in steps)))
    assert found[0] == pytest.approx(found[1], rel=1e-12)
    return found[0]


def of_parcels(kg: float, *steps: Plain) -> Plain:
    return strategy(channel("only", PACK, *steps, parcel={"kg": kg}))


@pytest.mark.parametrize(("number", "kg", "payload"), LOADS)
def test_a_vehicle_takes_as_many_parcels_as_weigh_its_payload(number: int, kg: float, payload: float) -> None:
    """One trip, 10 km there and 10 km back; with a parcel more, two."""
    for households, trips in ((number, 1), (number + 1, 2)):
        plan = world([households], {"packers": crew()}, {"vans": fleet(payload_kg=payload)})
        assert trips_and_km(plan, of_parcels(kg, leg("deliver", "vans"))) == (trips, trips * 20)


@pytest.mark.parametrize(("number", "kg", "payload"), LOADS[:1] + LOADS[2:])
def test_a_vehicle_to_a_station_takes_the_consignments_that_weigh_its_payload(
    number: int, kg: float, payload: float
) -> None:
    """Drop points of one household each at one station: a trip of 5 km there and back, then each its own of 10 km."""
    places = listed([1] * number)
    places["stations"] = [{"name": "hub", "distance_km": 5, "depot": "site"}]
    for place in places["drop_points"]:
        place["station"] = "hub"
    vehicles = {"vans": fleet(payload_kg=payload), "carts": fleet(9, "station")}
    legs = leg("to_hub", "vans", to="station"), leg("on", "carts", "station")
    assert trips_and_km(world(places, {"packers": crew()}, vehicles), of_parcels(kg, *legs)) == (
        1 + number,
        10 + number * 20,
    )


@pytest.mark.parametrize(("number", "kg", "payload"), LOADS[:1] + LOADS[3:])
def test_a_milk_run_takes_as_many_parcels_as_weigh_the_payload(number: int, kg: float, payload: float) -> None:
    """All stops on one trip, though each adds its own kg to the sum."""
    geography = {
        "kind": "spread",
        "radius_km": 2,
        "detour_factor": 1,
        "world_seed": 1,
        "households": number,
        "depots": {"count": 1, "docks": 1},
        "drop_points": {"count": number},
    }
    plan = world(geography, {"packers": crew()}, {"vans": fleet(payload_kg=payload)})
    trips, _ = trips_and_km(plan, of_parcels(kg, leg("deliver", "vans", route="milk_run", max_stops=number)))
    assert trips == 1


def test_a_walking_round_takes_what_may_be_carried() -> None:
    """Ten parcels of 4.2 kg in a round of 42 kg: from 480, 2 min of way and 3 at each door, so the last at 512."""
    at_the_door = listed([10], km=1e-9)
    plan = world(at_the_door, {"packers": crew(), "walkers": crew(1, "drop_point")}, {"vans": fleet()})
    walk = door(households=99, carry_kg=42)
    for engine in ("auto", "reference"):
        result = ss.simulate(
            ss.load_scenario(plan),
            ss.load_strategy(of_parcels(4.2, leg("deliver", "vans"), walk)),
            replications=1,
            seed=1,
            detail="orders",
            engine=engine,  # type: ignore[arg-type]
        )
        assert ends(result, "door") == pytest.approx([482 + 3 * number for number in range(1, 11)], abs=0.1)


def test_what_is_promised_counts_with_whole_rounds_too() -> None:
    """A round of ten doors: 20 km at 300 km/h, 4 min, on ten orders, 3 min at each door; in 34 min on duty are 10."""
    plan = world([10], {"walkers": crew(1)})
    walk = door(households=99, walk_min=0, carry_kg=42, speed_km_h=300)["stage"] | {"at": "depot"}
    scenario, decided = ss.load_scenario(plan), ss.load_strategy(strategy(channel("only", {"stage": walk})))
    (step,) = decided.channels["only"].steps
    at = LimitingStages((step.stage,), np.array([34.0]), np.array([True]))
    basket = Basket(1, 4.2)
    room = room_for_orders(scenario, at, 1.0, OpenOrders([]), basket, basket)
    assert room == pytest.approx([10])
    assert rounded_down(room).tolist() == [10]


def test_a_shift_that_begins_only_what_fits_is_filled_to_its_end() -> None:
    """100 orders of 4.8 min fill 8 h, though the sum of their minutes is a little more; none is left for day 1."""
    packers = crew(1, "depot", shift("08:00", "16:00"), at_shift_end="fit")
    plan = world([100], {"packers": packers})
    way = strategy(channel("only", stage("pack", "packers", effort={"per_order_min": 4.8})))
    for engine in ("auto", "reference"):
        result = ss.simulate(
            ss.load_scenario(plan),
            ss.load_strategy(way),
            replications=1,
            seed=1,
            detail="orders",
            engine=engine,  # type: ignore[arg-type]
        )
        assert ends(result, "pack")[-1] == pytest.approx(960)


def test_a_plan_whose_order_weighs_the_payload_is_no_fault() -> None:
    """0.1 + 0.2 kg are 0.3 kg."""
    plan = world([2], {"packers": crew()}, {"vans": fleet(payload_kg=0.3)})
    plan["goods"] = {
        name: {"kg_per_person_day": 1, "pantry_days": {"low": 1, "high": 1}} for name in ("rice", "greens")
    }
    del plan["demand"]["need_kg_per_household_week"]
    del plan["scenario"]["households"]["pantry_days"]
    parcel = {"content": {"rice": 0.1, "greens": 0.2}}
    way = strategy(channel("only", PACK, leg("deliver", "vans"), parcel=parcel))
    assert trips_and_km(plan, way) == (2, 40)


def test_one_rule_for_every_division() -> None:
    """What rounding takes away is given back, and what it adds is not asked for; a real remainder counts."""
    assert [how_many(*amounts) for amounts in ((42.0, 4.2), (1260, 4.2), (165, 3.3), (42, 4.21))] == [10, 300, 50, 9]
    assert rounded_up(np.array([21 / 1.4, 15.01])).tolist() == [15, 16]
    assert rounded_down(np.array([275 / 1.1, 249.99])).tolist() == [250, 249]
    assert fits(sum([3.3] * 50), 165)
    assert not fits(165.001, 165)
    assert Floor(floor_m3=42, parcel_m3=4.2).room == 10


def test_workers_for_so_many_households_each() -> None:
    """21 households, one worker for 1.4 of them: 15, not 16."""
    plan = world([21], {"packers": {**crew(), "headcount": None, "households_per_worker": 1.4}})
    scenario = ss.load_scenario(plan)
    way = ss.load_strategy(strategy(channel("only", PACK)))
    staff = run_replication(scenario, way, seed=1, number=0).staff
    assert [record.count[0, 0] for record in staff] == [15]


def test_a_stock_goes_to_as_many_orders_as_it_holds() -> None:
    """42 kg are ten orders of 4.2 kg, one after the other."""
    asked = np.full((11, 1), 4.2)
    assert fill_whole(asked, np.array([42.0]), np.arange(11)).tolist() == [True] * 10 + [False]


def test_a_way_as_long_as_a_vehicle_may_drive() -> None:
    """Roads of 0.1 and 0.2 km are no more than the 0.3 km of a vehicle."""
    from simsupply.model.vehicles.trips import TripMaker

    limited = dataclasses.make_dataclass("Limited", ["max_trip_km"])(0.3)
    maker = object.__new__(TripMaker)
    object.__setattr__(maker, "vehicles", dataclasses.make_dataclass("Vehicles", ["fleets"])((limited,)))
    assert maker._may_take(np.array([0.1 + 0.2, 0.31])).tolist() == [1, 0]
