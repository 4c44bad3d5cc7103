"""Given routes on paper: the vehicle goes the stops of the file in their order, with what is there for them.

All is packed at 490, and no time passes but that of the road; 40 km/h, so 10 km are 15 min.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import simsupply as ss
from tests.oracles.vehicles.test_milk_runs import PACK, on_map, plan_of
from tests.plans.paper_plans import Plain, channel, clock, cycle, ends, fleet, leg, strategy, world

ENGINES = pytest.mark.parametrize("engine", ["auto", "reference"])
ROAD = on_map((0, 0), (10, 0), (20, 0), (30, 0))


def rows(*lines: str) -> Plain:
    """A file of routes as it is once read."""
    return {
        "kind": "given",
        "file": {"name": "r.csv", "rows": [(n + 1, line.split(",")) for n, line in enumerate(lines)]},
    }


def run_of(plan: Plain, route: Plain, engine: str, pack: Plain = PACK, **how: object) -> ss.Result:
    fleets = how.pop("fleet", "vans")
    decided = strategy(channel("only", pack, leg("deliver", fleets, route=route, **how)))
    return ss.simulate(
        ss.load_scenario(plan), ss.load_strategy(decided), replications=1, seed=1, detail="orders", engine=engine
    )


@ENGINES
def test_stops_are_made_in_the_order_given(engine: str) -> None:
    """Drop points at 10, 20, 30 km of one road; given: d2, d0, d1: 30 + 20 + 10 + 20 km back = 80 km."""
    result = run_of(plan_of(ROAD), rows("trip,place", "1,d2", "1,d0", "1,d1"), engine)
    assert ends(result, "deliver") == [490 + 75, 490 + 90, 490 + 45]
    assert result.values.loc[0, "vehicle_km"] == 80


@ENGINES
def test_trips_and_the_fleet_that_goes(engine: str) -> None:
    """Trip A goes to d0 and d1 by bus (20 km/h), trip B to d2 by whoever is free first: the vans, first of the leg.

    d0 after 10 km at 490 + 30, d1 at 550; d2 after 30 km by van: 490 + 45.
    """
    plan = plan_of(ROAD)
    plan["fleet"]["buses"] = fleet(1, speed_km_h=20)
    plan["scenario"]["geography"]["depots"][0]["docks"] = 2
    result = run_of(plan, rows("place,trip,fleet", "d0,A,buses", "d2,B,", "d1,A,"), engine, fleet=["vans", "buses"])
    assert ends(result, "deliver") == [520, 550, 535]


@ENGINES
def test_what_does_not_fit_goes_on_another_trip(engine: str) -> None:
    """One van for two parcels: d2 and d0 are a load, d1 the next, which is complete first on the list of d0, d1, d2.

    d1 at 490 + 30, back at 550; d2 at 595, d0 at 625: 40 + 60 km.
    """
    result = run_of(plan_of(ROAD, payload_parcels=2), rows("trip,place", "1,d2", "1,d0", "1,d1"), engine)
    assert ends(result, "deliver") == [625, 520, 595]
    assert result.values.loc[0, "vehicle_km"] == 40 + 60


@ENGINES
def test_the_vehicle_takes_what_is_there(engine: str) -> None:
    """One packer: d0 at 490, d1 at 500, d2 at 510; the trip d2, d1, d0 leaves at 08:25 = 505 with d1 and d0.

    d1 at 505 + 30, d0 at 550, back at 565; at 08:55 = 535 d2 is ready, and leaves when the van is back: 565 + 45.
    """
    plan = plan_of(ROAD, packers=1)
    leave = {"kind": "time", "orders": 9, "at": ["08:25", "08:55"]}
    result = run_of(plan, rows("trip,place", "1,d2", "1,d1", "1,d0"), engine, leave=leave)
    assert ends(result, "deliver") == [550, 535, 610]


@ENGINES
def test_a_trip_is_full_with_orders_of_its_own_stops(engine: str) -> None:
    """One packer: d0 at 490, d1 at 500, d2 at 510; trips of d0 and d2, and of d1, full with two, or at 09:00.

    d2 then d0 at 510: d2 at 555, d0 at 585, back at 600. d1 leaves at 540, but the van only at 600: 630.
    """
    plan = plan_of(ROAD, packers=1)
    leave = {"kind": "full", "orders": 2, "at": ["09:00"]}
    result = run_of(plan, rows("trip,place", "a,d2", "b,d1", "a,d0"), engine, leave=leave)
    assert ends(result, "deliver") == [585, 630, 555]


@ENGINES
def test_routes_by_day(engine: str) -> None:
    """Orders of every second day; day 2 has a route of its own, day 4 is the Wednesday: day 0 is a Saturday.

    Days 0 and 6: d0, d1, d2: 15, 30, 45 min. Day 2: d2, d1, d0: 45, 60, 75. Day 4: d1, d0, d2: 30, 45, 75.
    """
    plan = world(
        ROAD,
        plan_of(ROAD)["staffing"]["crews"],
        {"vans": fleet()},
        demand=cycle(days=2),
        start_date="2022-03-12",
    )
    route = rows(
        "trip,place,day",
        "1,d0,",
        "1,d1,",
        "1,d2,",
        "1,d2,2",
        "1,d1,2022-03-14",
        "1,d0,2",
        "1,d1,wed",
        "1,d0,wed",
        "1,d2,wed",
    )
    result = run_of(plan, route, engine)
    expected = {0: (15, 30, 45), 2: (75, 60, 45), 4: (45, 30, 75), 6: (15, 30, 45)}
    for number, (day, minutes) in enumerate(expected.items()):
        assert ends(result, "deliver", wave=number) == [clock(day, 490 + way) for way in minutes]


def test_a_file_beside_the_strategy(tmp_path: Path) -> None:
    """Read by its path from the strategy's file."""
    import yaml

    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "routes.csv").write_text("trip,place\n1,d2\n1,d0\n1,d1\n", encoding="gb18030")
    decided = strategy(channel("only", PACK, leg("deliver", "vans", route={"kind": "given", "file": "routes.csv"})))
    path = tmp_path / "own" / "mine.yaml"
    path.write_text(yaml.safe_dump(decided), encoding="utf-8")
    result = ss.simulate(plan_of_scenario(), str(path), replications=1, seed=1, detail="orders")
    assert ends(result, "deliver") == [565, 580, 535]


def plan_of_scenario() -> ss.Scenario:
    return ss.load_scenario(plan_of(ROAD))


@ENGINES
def test_consignments_take_turns_on_a_trip(engine: str) -> None:
    """Two households at d1 for vans of one parcel: d0, d1, then the second of d1: 15, then 30 + 30, then 60 + 90.

    One van: d0 at 505, back 520; d1 at 550, back 580; d1 again at 610.
    """
    geography = on_map((0, 0), (10, 0), (20, 0))
    geography["drop_points"][1]["households"] = 2
    result = run_of(plan_of(geography, payload_parcels=1), rows("trip,place", "1,d0", "1,d1"), engine)
    assert ends(result, "deliver") == [505, 550, 610]


@ENGINES
def test_orders_of_a_branch_go_a_given_route(engine: str) -> None:
    """By seed 1 the orders of d0 and d1 are cold (0.3), that of d2 is not. Cold trip: d2, d1, d0, without d2 then.

    d1 after 20 km at 490 + 30, d0 back at 10 km at 535; a van of its own goes straight to d2, 30 km: 535.
    """
    plan = plan_of(ROAD)
    plan["fleet"]["reefers"] = fleet(1)
    plan["scenario"]["geography"]["depots"][0]["docks"] = 2
    cold = leg("tour", "reefers", route=rows("trip,place", "1,d2", "1,d1", "1,d0")) | {"branch": "cold"}
    steps = PACK, cold, leg("deliver", "vans") | {"branch": "rest"}
    decided = strategy({**channel("only", *steps), "branches": {"cold": {"share": 0.3}}})
    result = ss.simulate(
        ss.load_scenario(plan),
        ss.load_strategy(decided),
        replications=1,
        seed=1,
        detail="orders",
        engine=engine,  # type: ignore[arg-type]
    )
    assert ends(result, "tour")[:2] == [535, 520]
    assert ends(result, "deliver")[2] == 535
