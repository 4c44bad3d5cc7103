"""Vehicles on paper: disinfection, passes, requisition, several fleets, rest, curfew, speeds, milk runs."""

from __future__ import annotations

import math
from typing import Any

import pytest

import simsupply as ss
from simsupply.model.run_loop import run_replication
from tests.plans.paper_plans import (
    Plain,
    channel,
    clock,
    crew,
    cycle,
    ends,
    fleet,
    leg,
    listed,
    shift,
    simulate,
    stage,
    strategy,
    world,
)


def pack(minutes: float = 10) -> Plain:
    return stage("pack", "packers", effort={"per_order_min": minutes})


def plan_of(vans: Plain, households: int = 1, packers: int = 9, km: float | list[float] = 10, **fleets: Plain) -> Plain:
    """So many drop points of one household, everything packed at 490 by as many packers."""
    return world(listed([1] * households, km=km), {"packers": crew(packers)}, {"vans": vans, **fleets})


def delivered(vans: Plain, households: int = 1, minutes: float = 10, packers: int = 9, **how: object) -> list[float]:
    return ends(simulate(plan_of(vans, households, packers), pack(minutes), leg("deliver", "vans", **how)), "deliver")


def test_a_vehicle_is_disinfected_on_arrival_and_at_its_base() -> None:
    """490 + 15 + 3 on arrival = 508, back 523, 5 at the base = 528; then 543 + 3 = 546."""
    vans = fleet(1, disinfection={"at_base_min": 5, "on_arrival_min": 3})
    assert delivered(vans, 2) == [508, 546]


@pytest.mark.parametrize(
    ("passes", "times", "km"),
    [
        ({"recognised": 1.0, "otherwise": "turn_back"}, [505, 535], 40),
        # Twice there and back in vain: 2 x 30, 10 at the base each time, then 15: 490 + 95; back 600, + 95.
        ({"recognised": 0.0, "otherwise": "turn_back", "max_tries": 2, "again_after_min": 10}, [585, 695], 120),
        ({"recognised": 1.0, "checkpoints": 3, "otherwise": "delay", "delay_min": 4}, [505, 535], 40),
        # Three checkpoints of 4 min: 490 + 27, back 532, + 27.
        ({"recognised": 0.0, "checkpoints": 3, "otherwise": "delay", "delay_min": 4}, [517, 559], 40),
        # The least of what holds: here the tier, which is sealed where a scenario has none.
        ({"recognised": 1.0, "tiers": {"high": 0.0}, "otherwise": "delay", "delay_min": 4}, [509, 543], 40),
        ({"recognised": 1.0, "districts": {"Whole area": 0.0}, "otherwise": "delay", "delay_min": 4}, [509, 543], 40),
    ],
)
def test_passes_that_are_always_or_never_recognised(passes: Plain, times: list[float], km: float) -> None:
    result = simulate(plan_of(fleet(1, passes=passes), 2), pack(), leg("deliver", "vans"))
    assert ends(result, "deliver") == times
    assert result.values.loc[0, "vehicle_km"] == km


def test_how_often_a_vehicle_is_turned_back_is_recorded() -> None:
    passes = {"recognised": 0.0, "otherwise": "turn_back", "max_tries": 2}
    scenario = ss.load_scenario(plan_of(fleet(1, passes=passes), 2))
    record = run_replication(
        scenario, ss.load_strategy(strategy(channel("only", pack(), leg("deliver", "vans")))), seed=1, number=0
    )
    (step,) = [step for step in record.steps if step.fleet]
    assert (step.fleet, step.trips, step.turned_back, step.vehicle_km) == ("vans", 2, 4, 120)


def test_requisitioned_vehicles_are_there_after_their_lead_time() -> None:
    """Asked for on day 1, two days later: 08:00 of day 3, and 15 min."""
    assert delivered(fleet(1, requisition={"asked_day": 1, "lead_days": 2})) == [clock(3, 495)]


def test_vehicles_not_called_up_yet_are_no_victims_of_a_shock() -> None:
    """Two vans for which day 3 is the first; a shock takes half of them away on days 2 and 4."""
    plan = plan_of(fleet(2, requisition={"asked_day": 1, "lead_days": 2}))
    ill = {"kind": "fleet", "fleets": ["vans"], "capacity": 0.5}
    plan["shocks"] = {name: {**ill, "from_day": day, "to_day": day + 1} for name, day in (("one", 2), ("two", 4))}
    table = simulate(plan, pack(), leg("deliver", "vans")).staff
    days = table[table["crew"] == "vans"].pivot(index="day", columns="measure", values="value")
    assert list(days["planned"]) == [2] * 7
    assert list(days["not_called_up"]) == [2, 2, 2, 0, 0, 0, 0]
    assert list(days["shock"]) == [0, 0, 0, 0, 1, 0, 0]
    assert list(days["present"]) == [0, 0, 0, 2, 1, 2, 2]


def test_short_trips_only_and_own_vehicles_first() -> None:
    """A van (40 km/h) and a car (20 km/h, up to 15 km); d0 at 10, d1 at 20, d2 at 10 km, all packed at 490.

    d0 goes by the van, the first choice: 505, back 520. d1 is too far for the car: it waits for the van,
    520 + 30 = 550. d2 does not wait behind d1: by the car, 490 + 30 = 520.
    """
    cars = fleet(1, speed_km_h=20, max_trip_km=15)
    plan = plan_of(fleet(1), 3, km=[10, 20, 10], cars=cars)
    result = simulate(plan, pack(), leg("deliver", ["vans", "cars"]))
    assert ends(result, "deliver") == [505, 550, 520]
    # 20 + 40 km by van, 20 by car.
    assert result.values.loc[0, "vehicle_km"] == 80


def test_requisitioned_buses_help_the_vans_from_their_day_on() -> None:
    """Two loads a day, one van, one bus from day 1: day 0 505 and 535, day 1 both 505."""
    plan = plan_of(fleet(1), 2, buses=fleet(1, requisition={"asked_day": 0, "lead_days": 1}))
    plan["demand"] = cycle(7, 1)
    result = simulate(plan, pack(), leg("deliver", ["vans", "buses"]))
    assert ends(result, "deliver", 0) == [505, 535]
    assert ends(result, "deliver", 1) == [clock(1, 505), clock(1, 505)]


@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_a_fleet_that_assists_is_as_if_the_leg_named_both(engine: Any) -> None:
    """As above, with a leg that names the vans only: day 0 505 and 535, day 1 both 505."""
    buses = fleet(1, requisition={"asked_day": 0, "lead_days": 1}, assists="vans")
    plan = plan_of(fleet(1), 2, buses=buses)
    plan["demand"] = cycle(7, 1)
    decided = ss.load_strategy(strategy(channel("only", pack(), leg("deliver", "vans"))))
    result = ss.simulate(ss.load_scenario(plan), decided, replications=1, detail="orders", engine=engine)
    assert ends(result, "deliver", 0) == [505, 535]
    assert ends(result, "deliver", 1) == [clock(1, 505), clock(1, 505)]


@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_a_trip_that_takes_no_time_is_over_at_once(engine: Any) -> None:
    """Three loads at 490, no minutes to any place: the only vehicle of the first fleet takes one after the other."""
    plan = plan_of(fleet(1), households=3, others=fleet(2))
    decided = strategy(channel("only", pack(), leg("deliver", ["vans", "others"], drive_min=[0, 0])))
    scenario, decided_on = ss.load_scenario(plan), ss.load_strategy(decided)
    record = run_replication(scenario, decided_on, seed=1, number=0, engine=engine)
    assert [(step.fleet, step.trips) for step in record.steps if step.fleet] == [("vans", 3), ("others", 0)]


def test_loads_of_several_fleets_fit_the_smallest_vehicle() -> None:
    """Four households of one drop point, vans for 4, cars for 2: two loads of 2, by van and by car at 490."""
    plan = world([4], {"packers": crew(4)}, {"vans": fleet(1, payload_parcels=4), "cars": fleet(1, payload_parcels=2)})
    assert ends(simulate(plan, pack(), leg("deliver", ["vans", "cars"])), "deliver") == [505] * 4


def test_drivers_rest_after_so_much_driving() -> None:
    """20 min of rest after half an hour: 505, back 520, rests to 540; 555, back 570, to 590; 605."""
    vans = fleet(1, rest={"after_hours_driving": 0.5, "minutes": 20})
    assert delivered(vans, 3) == [505, 555, 605]
    # After an hour of driving: every second trip.
    vans = fleet(1, rest={"after_hours_driving": 1, "minutes": 20})
    assert delivered(vans, 3) == [505, 535, 585]


def test_who_stood_at_the_base_has_rested() -> None:
    """One packer, 50 min: 530, 580, 630. The van is back at 560 and stands until 580: 20 min. No other rest."""
    vans = fleet(1, rest={"after_hours_driving": 1, "minutes": 20})
    assert delivered(vans, 3, minutes=50, packers=1) == [545, 595, 645]


def test_no_trip_begins_in_the_curfew() -> None:
    """Curfew 09:00-10:00. Packed at 530: there 545, back 560 in overtime. Packed at 580: leaves at 600."""
    vans = fleet(1, curfew={"from": "09:00", "to": "10:00"})
    assert delivered(vans, 2, minutes=50, packers=1) == [545, 615]


def test_a_curfew_over_midnight() -> None:
    """On duty all day, curfew 20:00-09:00: what is packed at 490 leaves at 540."""
    assert delivered(fleet(1, "depot", shift("00:00", "24:00"), curfew={"from": "20:00", "to": "09:00"})) == [555]


def test_unmanned_carts_come_though_nobody_does() -> None:
    """Nobody comes to work; carts are loaded without effort at 480, and 15 min later are there. No hours."""
    plan = world([1], {}, {"vans": fleet(1, people_per_vehicle=0)}, attendance=0)
    result = simulate(plan, leg("deliver", "vans"))
    assert ends(result, "deliver") == [495]
    assert result.values.loc[0, "worker_hours"] == 0


def test_speed_by_class_of_road_and_by_tier() -> None:
    """10 km at 20 km/h in town: 30 min. At 40 km/h x 0.5 under the tier: 30 min. Both: 60 min."""
    town = {"town_km_h": 20}
    assert delivered(fleet(1, road_speed_km_h=town), road="town") == [520]
    assert delivered(fleet(1, road_speed_km_h=town), road="trunk") == [505]
    assert delivered(fleet(1, tier_speed_factor={"sealed": 0.5})) == [520]
    assert delivered(fleet(1, road_speed_km_h=town, tier_speed_factor={"high": 0.5}), road="town") == [550]


def test_handling_of_the_vehicle_replaces_the_rates_of_the_leg() -> None:
    """2 min a parcel in and out, and 3 per consignment of the leg: 490 + 5 + 15 + 2."""
    how = {"load": {"per_parcel_min": 9, "per_consignment_min": 3}, "unload": {"per_kg_min": 1}}
    assert delivered(fleet(1, handling={"per_parcel_min": 2}), **how) == [512]


def test_a_vehicle_of_the_catalogue() -> None:
    """A box van in town: 28 km/h, 0.45 min a parcel in and out: 490 + 0.45 + 10 / 28 * 60 + 0.45."""
    vans = {"type": "box_van_4_2m", "at": "depot", "count": 1, "shifts": [shift()]}
    (time,) = delivered(vans, road="town")
    assert time == pytest.approx(490 + 0.45 + 10 / 28 * 60 + 0.45, rel=1e-15)
    (time,) = delivered(vans | {"speed_km_h": 40, "road_speed_km_h": {"town_km_h": 40}}, road="town")
    assert time == pytest.approx(490 + 0.45 + 15 + 0.45, rel=1e-15)


def milk_plan(households: int = 3) -> Plain:
    geography = {
        "kind": "spread",
        "radius_km": 6,
        "detour_factor": 1.5,
        "world_seed": 4,
        "households": households,
        "depots": {"count": 1},
        "drop_points": {"count": households},
    }
    return world(geography, {"packers": crew(9)}, {"vans": fleet(1)})


def test_stops_of_a_milk_run() -> None:
    """Nearest stop first, unloading 2 min at each, 40 km/h; all on board at 490 + 3 x 1."""
    plan = milk_plan()
    where = ss.load_scenario(plan).places.east_north_km["drop_point"]

    def km(a: tuple[float, float], b: tuple[float, float]) -> float:
        return 1.5 * math.dist(a, b)

    expected, here, left, time = [0.0] * 3, (0.0, 0.0), [0, 1, 2], 493.0
    while left:
        stop = min(left, key=lambda number: km(here, tuple(where[number])))
        time += km(here, tuple(where[stop])) / 40 * 60 + 2
        expected[stop], here = time, tuple(where[stop])
        left.remove(stop)
    how = {"load": {"per_parcel_min": 1}, "unload": {"per_parcel_min": 2}}
    milk = leg("deliver", "vans", route="milk_run", max_stops=3, **how)
    result = simulate(plan, pack(), milk)
    assert ends(result, "deliver") == pytest.approx(expected, rel=1e-14)
    way = sum(km(a, b) for a, b in [((0, 0), here)])
    driven = (time - 493 - 6) / 60 * 40 + way
    assert result.values.loc[0, "vehicle_km"] == pytest.approx(driven, rel=1e-13)


def test_a_milk_run_with_one_stop_is_a_direct_trip() -> None:
    plan = milk_plan()
    direct = ends(simulate(plan, pack(), leg("deliver", "vans")), "deliver")
    single = ends(simulate(plan, pack(), leg("deliver", "vans", route="milk_run", max_stops=1)), "deliver")
    # The sweep takes the drop points in another order; the trips are the same ones.
    assert len(set(direct)) == len(set(single)) == 3
    assert max(direct) == pytest.approx(max(single), abs=60)


@pytest.mark.parametrize("leave", [{"kind": "full", "orders": 4}, {"kind": "time", "orders": 4, "at": ["09:00"]}])
def test_milk_runs_leave_when_full_or_at_a_time(leave: Plain) -> None:
    """Four households at four drop points, at most 2 stops: two vans with two each, gone at 490 or at 540."""
    plan = milk_plan(4)
    plan["fleet"]["vans"]["count"] = 2
    milk = leg("deliver", "vans", route="milk_run", max_stops=2, leave=leave)
    result = simulate(plan, pack(), milk)
    times = ends(result, "deliver")
    assert min(times) > (490 if leave["kind"] == "full" else 540)
    assert len(set(times)) == 4
    assert max(times) < 600


def test_vehicles_wait_for_a_dock_to_unload() -> None:
    """Two trucks reach the station at 505; one is unloaded at a time, 10 min: 515 and 525."""
    geography = listed([1, 1])
    geography["stations"] = [{"name": "hub", "depot": "site", "distance_km": 10.0, "unload_docks": 1}]
    for place in geography["drop_points"]:
        place["station"] = "hub"
    geography["depots"][0]["docks"] = 2
    plan = world(geography, {"packers": crew(2)}, {"trucks": fleet(2, payload_parcels=1)})
    result = simulate(plan, pack(), leg("trunk", "trucks", "depot", "station", unload={"per_parcel_min": 10}))
    assert ends(result, "trunk") == [515, 525]
    assert "limited docks at 'hub' hold up 'trunk'" in result.notes[0]
