"""Milk runs on paper: which stops share a vehicle, in which order, and how far from the best that is known.

All is packed at 490, and no time passes but that of the road; 40 km/h, so 10 km are 15 min.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import simsupply as ss
from simsupply.experiment.simulate import simulate as simulate_plan
from tests.plans.paper_plans import Plain, channel, crew, ends, fleet, leg, simulate, stage, strategy, world
from tests.plans.routing_instances import E_N22_K4, X_N120_K6, Instance

PACK = stage("pack", "packers", effort={"per_order_min": 10})


def on_map(depot: tuple[float, float], *points: tuple[float, float], **more: object) -> Plain:
    """Drop points `d0`, `d1`, ... of one household at points in km, straight roads."""
    return {
        "kind": "listed",
        "detour_factor": 1,
        "depots": [{"name": "site", "x_km": depot[0], "y_km": depot[1]}],
        "drop_points": [
            {"name": f"d{number}", "households": 1, "x_km": x, "y_km": y} for number, (x, y) in enumerate(points)
        ],
        **more,
    }


def plan_of(geography: Plain, vans: int = 1, packers: int = 500, **more: object) -> Plain:
    return world(geography, {"packers": crew(packers)}, {"vans": fleet(vans, **more)})


def run_of(plan: Plain, max_stops: int, engine: str = "auto", **how: object) -> ss.Result:
    decided = strategy(channel("only", PACK, leg("deliver", "vans", route="milk_run", max_stops=max_stops, **how)))
    return simulate_plan(
        ss.load_scenario(plan), ss.load_strategy(decided), replications=1, seed=1, detail="orders", engine=engine
    )


@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_a_tour_goes_round_and_not_to_the_nearest(engine: str) -> None:
    """Depot at 0, stops at 1, -2 and 4 km of one road: from stop to nearest stop 1 + 3 + 6 + 4 = 14 km, round 12.

    Savings: 1 and 4 save 1 + 4 - 3 = 2, -2 saves nothing with either and costs nothing: joined too. Of the tours of
    12 km, 4 - 1 - (-2) or 1 - 4 - (-2), the pair (1, 4) is joined first, then (1, -2), of lower numbers than
    (-2, 4). So 4, 1, -2 or the other way round: the first stop at -2 (2 km) is nearer than that at 4: -2 at 2 km,
    1 at 5, 4 at 8 km; 1.5 min each.
    """
    result = run_of(plan_of(on_map((0, 0), (1, 0), (-2, 0), (4, 0))), 3, engine)
    assert ends(result, "deliver") == pytest.approx([490 + 7.5, 490 + 3, 490 + 12], abs=1e-9)
    assert result.values.loc[0, "vehicle_km"] == pytest.approx(12)


@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_what_saves_most_shares_a_vehicle(engine: str) -> None:
    """Two stops east at (10, 0) and (10, 2), two north at (0, 10) and (2, 10), listed crosswise, two stops a trip.

    East: 10 + 2 + sqrt(104) saves sqrt(104) + 10 - 2; so does north; east with north saves
    10 + 10 - sqrt(200) at most. The trip that holds d0 (the east) is complete first, when the last of it is packed: all
    at 490, so in the order of the list. Each goes to the nearer end first: d0 at 15 min, d2 3 min later.
    The second van does the same in the north with d1 and d3.
    """
    plan = plan_of(on_map((0, 0), (10, 0), (0, 10), (10, 2), (2, 10)), vans=2)
    result = run_of(plan, 2, engine)
    assert ends(result, "deliver") == pytest.approx([505, 505, 508, 508])
    assert result.values.loc[0, "vehicle_km"] == pytest.approx(2 * (12 + 104**0.5))


@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_what_stands_ready_at_a_departure_is_shared_out_together(engine: str) -> None:
    """The same four stops in loads of two that leave at 09:00: again east and north, at 555 and 558.

    In order of readiness d0 and d1 would share a van, and d2 and d3.
    """
    plan = plan_of(on_map((0, 0), (10, 0), (0, 10), (10, 2), (2, 10)), vans=2)
    leave = {"kind": "time", "orders": 2, "at": ["09:00"]}
    result = run_of(plan, 4, engine, leave=leave)
    assert ends(result, "deliver") == pytest.approx([555, 555, 558, 558])


@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_a_full_load_takes_those_with_which_it_is_full(engine: str) -> None:
    """Packed one after the other at 490, 500, 510, 520; full with two: d0 and d1 at 500, d2 and d3 at 520.

    One trip to d0 (10 km east: 515) and on to d1 (sqrt(200) km), as both ends are as near the lower number first.
    The other to (10, 2) and (2, 10), sqrt(104) km each, d2 first.
    """
    plan = plan_of(on_map((0, 0), (10, 0), (0, 10), (10, 2), (2, 10)), vans=2, packers=1)
    decided = strategy(
        channel(
            "only",
            PACK,
            leg("deliver", "vans", route="milk_run", max_stops=4, leave={"kind": "full", "orders": 2}),
        )
    )
    result = simulate_plan(
        ss.load_scenario(plan), ss.load_strategy(decided), replications=1, seed=1, detail="orders", engine=engine
    )
    far = 104**0.5 * 1.5
    assert ends(result, "deliver") == pytest.approx([515, 515 + 200**0.5 * 1.5, 520 + far, 520 + far + 128**0.5 * 1.5])


def test_more_than_a_load_for_one_drop_point_is_cut_off() -> None:
    """Five households at d0 and one at d1, loads of four that leave at 09:00: four of d0 alone, the fifth with d1.

    10 km there and back, and 10 + 5 + 15 km for d0 and d1 at 15 km: 50 km.
    """
    geography = on_map((0, 0), (10, 0), (15, 0))
    geography["drop_points"][0]["households"] = 5
    result = run_of(plan_of(geography), 4, leave={"kind": "time", "orders": 4, "at": ["09:00"]})
    assert result.values.loc[0, "vehicle_km"] == pytest.approx(50)


def test_places_that_cannot_be_told_apart_go_by_their_numbers() -> None:
    """Six stops at one point, two a trip, one van: d0 and d1, then d2 and d3, then d4 and d5; 15 min each way."""
    result = run_of(plan_of(on_map((0, 0), *[(10, 0)] * 6)), 2)
    assert ends(result, "deliver") == pytest.approx([505, 505, 535, 535, 565, 565])


def matrix(tmp_path: Path, name: str, *rows: str) -> str:
    path = tmp_path / name
    path.write_text("\n".join(rows), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_roads_of_a_matrix_need_not_be_as_long_back(tmp_path: Path, engine: str) -> None:
    """site -> a -> b -> site 10 km each, the other way round 30: a at 505, b at 520, 30 km.

    With minutes of 7 and 21 for the same ways, whatever the speed: a at 497, b at 504.
    Direct: 10 out, 30 back to a; 30 out, 10 back from b: 80 km; in minutes a at 497, b at 511.
    """
    km = matrix(tmp_path, "km.csv", ",site,a,b", "site,0,10,30", "a,30,0,10", "b,10,30,0")
    minutes = matrix(tmp_path, "min.csv", ",b,a,site", "site,21,7,0", "a,7,0,21", "b,0,21,7")
    geography: Plain = {
        "kind": "listed",
        "road_matrix": {"file": km},
        "depots": [{"name": "site", "docks": 2}],
        "drop_points": [{"name": name, "households": 1} for name in ("a", "b")],
    }
    result = run_of(plan_of(geography), 2, engine)
    assert ends(result, "deliver") == pytest.approx([505, 520])
    assert result.values.loc[0, "vehicle_km"] == 30
    geography["road_matrix"]["minutes_file"] = minutes
    assert ends(run_of(plan_of(geography), 2, engine), "deliver") == [497, 504]
    decided = strategy(channel("only", PACK, leg("deliver", "vans")))
    direct = simulate_plan(
        ss.load_scenario(plan_of(geography, vans=2)),
        ss.load_strategy(decided),
        replications=1,
        seed=1,
        detail="orders",
        engine=engine,
    )
    assert ends(direct, "deliver") == [497, 511]
    assert direct.values.loc[0, "vehicle_km"] == 80


@pytest.mark.parametrize("engine", ["auto", "reference"])
@pytest.mark.parametrize("route", [{}, {"route": "milk_run", "max_stops": 2}])
def test_who_is_turned_back_drives_the_way_back(tmp_path: Path, route: Plain, engine: str) -> None:
    """10 km out and 30 back, once in vain: 15 + 45 min, then 15: a at 490 + 75; 80 km. In minutes 7 + 21 + 7 = 35."""
    geography: Plain = {
        "kind": "listed",
        "road_matrix": {"file": matrix(tmp_path, "km.csv", ",site,a", "site,0,10", "a,30,0")},
        "depots": [{"name": "site"}],
        "drop_points": [{"name": "a", "households": 1}],
    }
    passes = {"recognised": 0.0, "otherwise": "turn_back", "max_tries": 1}
    decided = strategy(channel("only", PACK, leg("deliver", "vans", **route)))
    for expected, minutes in ((565, None), (525, matrix(tmp_path, "min.csv", ",site,a", "site,0,7", "a,21,0"))):
        if minutes:
            geography["road_matrix"]["minutes_file"] = minutes
        result = simulate_plan(
            ss.load_scenario(plan_of(geography, passes=passes)),
            ss.load_strategy(decided),
            replications=1,
            seed=1,
            detail="orders",
            engine=engine,
        )
        assert ends(result, "deliver") == [expected]
        assert result.values.loc[0, "vehicle_km"] == 80


def test_coordinates_make_every_road_of_a_chain() -> None:
    """Depot (0, 0), station (30, 40): 50 km x 1.2 = 60 km, 90 min; drop point 3 km east of it: 3.6 km, 5.4 min.

    To the drop point past the station it would be the straight line from the depot, sqrt(33^2 + 40^2) x 1.2.
    """
    geography: Plain = {
        "kind": "listed",
        "detour_factor": 1.2,
        "depots": [{"name": "site", "x_km": 0, "y_km": 0}],
        "stations": [{"name": "hub", "depot": "site", "x_km": 30, "y_km": 40}],
        "drop_points": [{"name": "gate", "station": "hub", "households": 1, "x_km": 33, "y_km": 40}],
    }
    plan = world(geography, {"packers": crew()}, {"trucks": fleet(), "vans": fleet(1, "station")})
    result = simulate(plan, PACK, leg("trunk", "trucks", to="station"), leg("local", "vans", "station"))
    assert ends(result, "local") == pytest.approx([490 + 90 + 5.4])
    assert ss.load_scenario(plan).places.km["depot", "drop_point"] == pytest.approx([1.2 * (33**2 + 40**2) ** 0.5])


def test_degrees_are_turned_into_kilometres() -> None:
    """0.09 degrees of a meridian: 0.09 x pi / 180 x 6371.0088 = 10.0075 km; of a parallel at 60 degrees half of it.

    The mean latitude of the four places is 60.0225, whose cosine is 0.49966.
    """
    geography: Plain = {
        "kind": "listed",
        "detour_factor": 1,
        "depots": [{"name": "site", "lon": 125.0, "lat": 60.0}],
        "drop_points": [
            {"name": "north", "households": 1, "lon": 125.0, "lat": 60.09},
            {"name": "east", "households": 1, "lon": 125.09, "lat": 60.0},
            {"name": "here", "households": 1, "lon": 125.0, "lat": 60.0},
        ],
    }
    found = ss.load_scenario(plan_of(geography)).places.km["depot", "drop_point"]
    assert found == pytest.approx([10.0075, 10.0075 * 0.49966, 0], abs=1e-3)


@pytest.mark.parametrize(("instance", "unit"), [(E_N22_K4, 100), (X_N120_K6, 1)])
def test_milk_runs_are_near_the_best_known(instance: Instance, unit: int) -> None:
    """Demands as households, `unit` of them each; kilometres within 8 % of the best known of rounded ways."""
    depot, *customers = instance.rows
    geography = on_map(depot[:2], *(row[:2] for row in customers))
    for place, (_, _, demand) in zip(geography["drop_points"], customers, strict=True):
        place["households"] = demand // unit
    plan = plan_of(geography, vans=20, payload_parcels=instance.capacity // unit, speed_km_h=300)
    result = run_of(plan, len(customers))
    assert instance.best_known - 1 < result.values.loc[0, "vehicle_km"] < 1.08 * instance.best_known
