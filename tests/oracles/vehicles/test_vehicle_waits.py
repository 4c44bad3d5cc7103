"""What vehicles lose before docks, on closed roads, at closed places and for want of room; minutes by hand."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.results.vehicle_table import WAITS
from tests.plans.paper_plans import DAY, Plain, channel, crew, ends, fleet, leg, listed, stage, strategy, world

PACK = stage("pack", "packers", effort={"per_order_min": 10})
LOADED = {"load": {"per_parcel_min": 20}}
ENGINES = pytest.mark.parametrize("engine", ["auto", "reference"])


def run(plan: Plain, *steps: Plain, engine: Any = "auto") -> ss.Result:
    decided = ss.load_strategy(strategy(channel("only", *steps)))
    return ss.simulate(ss.load_scenario(plan), decided, replications=1, detail="orders", engine=engine)


def lost(result: ss.Result) -> dict[str, float]:
    """Minutes lost by what, without zeros; the measure is their sum."""
    (row,) = result.vehicles.to_dict("records")
    minutes = {what: round(60 * row[f"{what}_wait_h"], 9) for what in WAITS}
    assert 60 * result.values.loc[0, "vehicle_wait_h"] == pytest.approx(sum(minutes.values()))
    return {what: number for what, number in minutes.items() if number}


def struck(engine: Any, households: int = 1, docks: int = 1, vans: int = 1, how: Plain | None = None, **shock: Any):
    """Everything packed at 490, 15 min on the road, a shock on day 0."""
    plan = world(listed([1] * households, docks=docks), {"packers": crew(9)}, {"vans": fleet(vans)})
    plan["shocks"] = {"shock": {"from_day": 0, **shock}}
    return lost(run(plan, PACK, leg("deliver", "vans", **(how or {})), engine=engine))


@ENGINES
@pytest.mark.parametrize("more", [{}, {"max_trip_km": 90}], ids=["simple", "in parts"])
def test_a_van_waits_for_the_dock(engine: Any, more: Plain) -> None:
    """One dock, loading 20. Van 0: 490-510, back 540; van 1 waits for 20; van 0 again at 540, the dock is free."""
    plan = world([1, 1, 1], {"packers": crew(3)}, {"vans": fleet(2, **more)})
    result = run(plan, PACK, leg("deliver", "vans", **LOADED), engine=engine)
    assert ends(result, "deliver") == [525, 545, 575]
    assert lost(result) == {"dock": 20}


def test_no_docks_no_wait_for_who_fetches() -> None:
    plan = world([1, 1], {"packers": crew(3)}, {"vans": fleet(2, "drop_point")})
    assert lost(run(plan, PACK, leg("fetch", "vans", fetch=True, **LOADED))) == {}


@ENGINES
def test_a_van_stands_on_a_closed_road(engine: Any) -> None:
    """Closed 495-540: it stands for 45, gone and back at 565; the second trip begins when the road is open."""
    assert struck(engine, 2, kind="road", from_time="08:15", to_day=0, to_time="09:00") == {"road": 45}


@ENGINES
def test_a_slow_road_costs_what_it_takes_longer(engine: Any) -> None:
    """Half speed 495-540. Out: 10 left take 20; back: 12.5 of 15 take 25: 10 + 12.5 lost."""
    shock = {"kind": "road", "speed": 0.5, "from_time": "08:15", "to_day": 0, "to_time": "09:00"}
    assert struck(engine, 2, **shock) == {"road": 22.5}


@ENGINES
def test_a_road_that_stays_closed_costs_all_the_time_to_the_horizon(engine: Any) -> None:
    """One van stands from 495 to the end of day 6, the other load has none."""
    assert struck(engine, 2, kind="road", from_time="08:15") == {"road": 7 * DAY - 495}


@ENGINES
def test_a_place_that_is_closed_on_arrival(engine: Any) -> None:
    """There at 505, open again at 600."""
    how = {"unload": {"per_parcel_min": 3}}
    shock = {"kind": "place", "at": "drop_point", "from_time": "08:20", "to_day": 0, "to_time": "10:00"}
    assert struck(engine, how=how, **shock) == {"place": 95}


@ENGINES
def test_a_dock_that_is_shut_while_a_van_loads(engine: Any) -> None:
    """Half of two docks shut 492-600: the second van stands at its dock for 108; the third load waits for none."""
    shock = {"kind": "place", "at": "depot", "capacity": 0.5, "from_time": "08:12", "to_day": 0, "to_time": "10:00"}
    assert struck(engine, 3, docks=2, vans=2, how=LOADED, **shock) == {"place": 108}


@ENGINES
def test_a_dock_that_is_shut_before_a_van_loads(engine: Any) -> None:
    """Shut 450-550; the vans have their loads at 480, when they come on duty: 70 and 90 min."""
    plan = world(listed([1, 1]), {}, {"vans": fleet(2)})
    closed = {"kind": "place", "at": "depot", "from_day": 0, "to_day": 0, "from_time": "07:30", "to_time": "09:10"}
    plan["shocks"] = {"closed": closed}
    assert lost(run(plan, leg("deliver", "vans", **LOADED), engine=engine)) == {"dock": 160}


def test_trucks_wait_for_a_dock_to_unload() -> None:
    """Two trucks reach the station at 505; one is unloaded at a time, 10 min."""
    geography = listed([1, 1], docks=2)
    geography["stations"] = [{"name": "hub", "depot": "site", "distance_km": 10.0, "unload_docks": 1}]
    for place in geography["drop_points"]:
        place["station"] = "hub"
    plan = world(geography, {"packers": crew(2)}, {"trucks": fleet(2, payload_parcels=1)})
    result = run(plan, PACK, leg("trunk", "trucks", "depot", "station", unload={"per_parcel_min": 10}))
    assert lost(result) == {"dock": 10}


def test_a_dock_to_unload_that_is_never_free_again() -> None:
    """Unloading takes longer than the run: the second truck waits from 505 to the horizon."""
    geography = listed([1, 1], docks=2)
    geography["stations"] = [{"name": "hub", "depot": "site", "distance_km": 10.0, "unload_docks": 1}]
    for place in geography["drop_points"]:
        place["station"] = "hub"
    plan = world(geography, {"packers": crew(2)}, {"trucks": fleet(2, payload_parcels=1)})
    result = run(plan, PACK, leg("trunk", "trucks", "depot", "station", unload={"per_parcel_min": 50000}))
    assert lost(result) == {"dock": 7 * DAY - 505}


@pytest.mark.parametrize("more", [{}, {"max_trip_km": 90}], ids=["simple", "in parts"])
def test_a_van_waits_for_room(more: Plain) -> None:
    """Room for two: both vans of two arrive at 505, the walker's doors at 510 and 517 make room for the second."""
    geography = listed([4], docks=2)
    geography["drop_points"][0]["floor_parcels"] = 2
    crews = {"packers": crew(4), "walkers": crew(1, "drop_point")}
    plan = world(geography, crews, {"vans": fleet(2, payload_parcels=2, **more)})
    walk = stage("door", "walkers", "drop_point", effort={"per_order_min": 6}, discipline="fifo")
    result = run(plan, PACK, leg("deliver", "vans"), walk)
    # Doors at 511 and 517.
    assert ends(result, "deliver") == [505, 505, 517, 517]
    assert lost(result) == {"floor": 12}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_said_where_much_was_lost(language: Any) -> None:
    """45 of 105 minutes under way, as above: 43 %, one hour when rounded; nothing is said without the shock."""
    plan = world(listed([1] * 2), {"packers": crew(9)}, {"vans": fleet(1)})
    assert "time under way" not in ss.answer(run(plan, PACK, leg("deliver", "vans")))
    plan["shocks"] = {"shut": {"kind": "road", "from_day": 0, "from_time": "08:15", "to_day": 0, "to_time": "09:00"}}
    said = ss.answer(run(plan, PACK, leg("deliver", "vans")), language)
    expected = {
        "en": "Of their time under way vehicles lost 43 % on closed roads.",
        "zh": "车辆在途时间中，道路封闭占43%。",
    }
    assert expected[language] in said
