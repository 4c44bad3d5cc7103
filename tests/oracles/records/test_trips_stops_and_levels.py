"""Trips, their stops, and levels hour by hour; every minute by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import simsupply as ss
from tests.plans.paper_plans import Plain, channel, crew, cycle, door, fleet, leg, listed, shift, stage, strategy, world
from tests.plans.supply_plans import source, stock, with_supply

PACK = stage("pack", "packers", effort={"per_order_min": 10})
ENGINES = pytest.mark.parametrize("engine", ["auto", "events", "reference"])
Row = dict[str, Any]


def run(plan: Plain, *steps: Plain, engine: Any = "auto") -> ss.Result:
    decided = ss.load_strategy(strategy(channel("only", *steps)))
    return ss.simulate(ss.load_scenario(plan), decided, replications=1, detail=["orders", "trips"], engine=engine)


def trips(result: ss.Result, *columns: str) -> list[tuple[Any, ...]]:
    assert result.trips is not None
    return list(result.trips[list(columns)].itertuples(index=False, name=None))


def stops(result: ss.Result, *columns: str) -> list[tuple[Any, ...]]:
    assert result.stops is not None
    return list(result.stops[list(columns)].itertuples(index=False, name=None))


def level(result: ss.Result, name: str, step: str, day: int = 0) -> dict[tuple[str, int], tuple[float, int]]:
    """Minutes times number, and largest number, of one level on a day, by place and hour."""
    table = result.levels
    assert table is not None
    found = table[(table["level"] == name) & (table["step"] == step) & (table["day"] == day)]
    return {(row["place"], row["hour"]): (round(row["mean"] * 60, 9), row["max"]) for row in found.to_dict("records")}


def cross(**vans: Any) -> Plain:
    """Two drop points each east and west, 10 and 20 km from the depot, one north at 10 km; two vans, one dock."""
    points = [(10, 0), (20, 0), (-10, 0), (-20, 0), (0, 10)]
    geography = {
        "kind": "listed",
        "detour_factor": 1,
        "depots": [{"name": "site", "x_km": 0, "y_km": 0, "docks": 1}],
        "drop_points": [{"name": f"d{n}", "households": 1, "x_km": x, "y_km": y} for n, (x, y) in enumerate(points)],
    }
    return world(geography, {"packers": crew(500)}, {"vans": fleet(2, "depot", shift("08:00", "09:40"), **vans)})


def two_vans(engine: Any) -> ss.Result:
    """Loading takes 10 for a parcel, unloading 5; two stops a trip.

    All packed at 490. Van 1 goes east: loads 490-510, at d0 525-530, at d1 545-550, back at 580, when its shift ends.
    Van 2 goes west: waits for the dock from 490 on, loads 510-530, at d2 545-550, at d3 565-570, back at 600.
    The load for d4 waits until 08:00 of day 1 (1920): van 1 loads until 1930, is there 1945-1950 and back at 1965.
    """
    handling = {"load": {"per_parcel_min": 10}, "unload": {"per_parcel_min": 5}}
    return run(cross(), PACK, leg("deliver", "vans", route="milk_run", max_stops=2, **handling), engine=engine)


@ENGINES
def test_two_vans_two_stops_a_dock_and_a_night(engine: Any) -> None:
    result = two_vans(engine)
    times = trips(result, "trip", "day", "vehicle", "ready", "start", "load_begin", "depart", "arrive", "back")
    assert times == [
        (0, 0, 1, 490, 490, 490, 510, 525, 580),
        (1, 0, 2, 490, 490, 510, 530, 545, 600),
        (2, 1, 1, 490, 1920, 1920, 1930, 1945, 1965),
    ]
    assert trips(result, "from", "to", "stops", "orders", "kg", "km", "turned_back") == [
        ("site", "d1", 2, 2, 28, 40, 0),
        ("site", "d3", 2, 2, 28, 40, 0),
        ("site", "d4", 1, 1, 14, 20, 0),
    ]
    waits = [f"{what}_wait_min" for what in ("departure", "vehicle", "dock", "room", "road", "place")]
    assert trips(result, *waits) == [(0, 0, 0, 0, 0, 0), (0, 0, 20, 0, 0, 0), (0, 1430, 0, 0, 0, 0)]
    assert (
        trips(result, "step", "channel", "fleet", "base", "people", "crew", "persons")
        == [("deliver", "only", "vans", "site", 1, "", "")] * 3
    )
    assert stops(result, "trip", "stop", "place", "orders", "kg", "km", "arrive", "unload_begin", "unload_end") == [
        (0, 1, "d0", 1, 14, 10, 525, 525, 530),
        (0, 2, "d1", 1, 14, 10, 545, 545, 550),
        (1, 1, "d2", 1, 14, 10, 545, 545, 550),
        (1, 2, "d3", 1, 14, 10, 565, 565, 570),
        (2, 1, "d4", 1, 14, 10, 1945, 1945, 1950),
    ]


@ENGINES
def test_levels_of_the_same_day(engine: Any) -> None:
    """Hours are those of the day; what is over within an instant does not count: one load of five waits at 490.

    In the packers' queue 5 orders from 00:00 to 08:00, in their hands 480-490. Vans out 490-580 and 490-600: 50 minutes
    each before 09:00, 40 and 60 after it. The dock is in use 490-530, a van waits for it 490-510.
    """
    result = two_vans(engine)
    assert level(result, "queue", "pack") == {("site", hour): (300, 5) for hour in range(8)}
    assert level(result, "in_hand", "pack") == {("site", 8): (50, 5)}
    assert level(result, "vehicles", "deliver") == {("site", 8): (100, 2), ("site", 9): (100, 2)}
    assert level(result, "docks", "deliver") == {("site", 8): (40, 1)}
    assert level(result, "dock_queue", "deliver") == {("site", 8): (20, 1)}
    waits = {("site", hour): (60, 1) for hour in range(9, 24)}
    assert level(result, "queue", "deliver") == {("site", 8): (50, 1), **waits}
    assert level(result, "queue", "deliver", day=1) == {("site", hour): (60, 1) for hour in range(8)}
    assert level(result, "vehicles", "deliver", day=1) == {("site", 8): (45, 1)}
    assert result.levels is not None
    assert set(result.levels["day"]) == {0, 1}


@ENGINES
def test_what_the_time_of_its_orders_went_on(engine: Any) -> None:
    """East 490-530 and 490-550 on board; west 20 for the dock, then 510-550 and 510-570; north the night, then 30."""
    table = two_vans(engine).time_in_system
    assert table is not None
    wide = table.pivot(index="household", columns=["step", "spent_on"], values="minutes").fillna(0)
    assert wide["pack", "people"].tolist() == [480] * 5
    assert wide["pack", "service"].tolist() == [10] * 5
    assert wide["deliver", "dock"].tolist() == [0, 0, 20, 20, 0]
    assert wide["deliver", "vehicle"].tolist() == [0, 0, 0, 0, 1430]
    assert wide["deliver", "travel"].tolist() == [40, 60, 40, 60, 30]
    assert wide.sum(axis=1).tolist() == [530, 550, 550, 570, 1950]
    assert len(wide.columns) == 5


@ENGINES
@pytest.mark.parametrize("more", [{}, {"max_trip_km": 90}], ids=["simple", "in parts"])
def test_a_dock_wait_of_a_simple_trip(engine: Any, more: Plain) -> None:
    """One dock, loading 20: 490-510, and 510-530; the first van is back at 540 and takes the third load at once."""
    plan = world([1, 1, 1], {"packers": crew(3)}, {"vans": fleet(2, **more)})
    result = run(plan, PACK, leg("deliver", "vans", load={"per_parcel_min": 20}), engine=engine)
    assert trips(result, "vehicle", "to", "start", "load_begin", "depart", "arrive", "back", "dock_wait_min") == [
        (1, "d0", 490, 490, 510, 525, 540, 0),
        (2, "d1", 490, 510, 530, 545, 560, 20),
        (1, "d2", 540, 540, 560, 575, 590, 0),
    ]


@ENGINES
@pytest.mark.parametrize("more", [{}, {"max_trip_km": 90}], ids=["simple", "in parts"])
def test_who_fetches_drives_out_before_she_loads(engine: Any, more: Plain) -> None:
    """Out 490-505, loading 505-525, home 525-540, unloading 540-545; she needs no dock."""
    plan = world([1], {"packers": crew(1)}, {"vans": fleet(1, "drop_point", **more)})
    handling = {"load": {"per_parcel_min": 20}, "unload": {"per_parcel_min": 5}}
    result = run(plan, PACK, leg("fetch", "vans", fetch=True, **handling), engine=engine)
    assert trips(result, "base", "from", "to", "start", "load_begin", "depart", "arrive", "back", "km") == [
        ("d0", "site", "d0", 490, 505, 525, 540, 545, 20)
    ]
    assert level(result, "vehicles", "fetch") == {("d0", 8): (50, 1), ("d0", 9): (5, 1)}
    assert level(result, "docks", "fetch") == {}


@ENGINES
def test_a_van_stands_on_a_closed_road_overnight(engine: Any) -> None:
    """Closed from 495 on until 08:00 of day 1: of 15 minutes 5 are driven; there at 1930, back at 1945."""
    plan = world([1], {"packers": crew(1)}, {"vans": fleet(1)})
    shock = {"kind": "road", "from_day": 0, "from_time": "08:15", "to_day": 1, "to_time": "08:00"}
    result = run(plan | {"shocks": {"shock": shock}}, PACK, leg("deliver", "vans"), engine=engine)
    assert trips(result, "start", "arrive", "back", "road_wait_min") == [(490, 1930, 1945, 1425)]
    # On board it is not told apart for what the vehicle stands.
    table = result.time_in_system
    assert table is not None
    assert table[table["spent_on"] == "travel"]["minutes"].tolist() == [1440]


@ENGINES
def test_a_trip_that_is_not_over(engine: Any) -> None:
    """The road is closed from 495 on for good: the trip comes with the end of the run, without what is to come.

    The vehicle lost what there was from 495 to the end, 7 x 1440 - 495.
    """
    plan = world([1], {"packers": crew(1)}, {"vans": fleet(1)}, run_out_days=0)
    shock = {"kind": "road", "from_day": 0, "from_time": "08:15", "to_day": 6, "to_time": "24:00"}
    result = run(plan | {"shocks": {"shock": shock}}, PACK, leg("deliver", "vans"), engine=engine)
    assert result.trips is not None
    (row,) = result.trips.to_dict("records")
    assert (row["start"], row["depart"], row["road_wait_min"]) == (490, 490, 7 * 1440 - 495)
    assert pd.isna(row["arrive"])
    assert pd.isna(row["back"])
    assert result.time_in_system is not None
    assert result.time_in_system.empty
    assert level(result, "vehicles", "deliver", day=6) == {("site", hour): (60, 1) for hour in range(24)}


@ENGINES
def test_a_van_waits_for_room_on_a_floor(engine: Any) -> None:
    """Room for two; both vans with two parcels are there at 505. Doors at 510 and 517: then the second has room.

    On the floor: two 505-510, one 510-517, two 517-524, one 524-531: 38 parcel minutes. The van waits for 12.
    """
    geography = listed([4])
    geography["drop_points"][0]["floor_parcels"] = 2
    crews = {"packers": crew(4), "walkers": crew(1, "drop_point")}
    plan = world(geography, crews, {"vans": fleet(2, payload_parcels=2)})
    rounds = door()
    rounds["stage"]["discipline"] = "fifo"
    result = run(plan, PACK, leg("deliver", "vans", discipline="fifo"), rounds, engine=engine)
    assert trips(result, "arrive", "back", "room_wait_min") == [(505, 520, 0), (505, 532, 12)]
    assert stops(result, "arrive", "unload_begin", "unload_end") == [(505, 505, 505), (505, 517, 517)]
    assert level(result, "floor", "") == {("d0", 8): (38, 2)}
    assert level(result, "floor_queue", "") == {("d0", 8): (12, 1)}
    table = result.time_in_system
    assert table is not None
    assert table[table["step"] == "deliver"].groupby("spent_on")["minutes"].sum().to_dict() == {
        "room": 24,
        "travel": 60,
    }


@ENGINES
def test_a_van_waits_for_a_dock_to_unload(engine: Any) -> None:
    """One dock at the station, unloading 5: both trucks there at 505; the second is unloaded 510-515."""
    geography = listed([2], docks=2)
    geography["stations"] = [{"name": "hub", "depot": "site", "distance_km": 10.0, "unload_docks": 1}]
    geography["drop_points"][0]["station"] = "hub"
    plan = world(geography, {"packers": crew(2)}, {"trucks": fleet(2, payload_parcels=1)})
    trunk = leg("trunk", "trucks", "depot", "station", unload={"per_parcel_min": 5}, discipline="fifo")
    result = run(plan, PACK, trunk, engine=engine)
    assert stops(result, "arrive", "unload_begin", "unload_end") == [(505, 505, 510), (505, 510, 515)]
    assert trips(result, "dock_wait_min", "back") == [(0, 525), (5, 530)]
    assert level(result, "unload_docks", "trunk") == {("hub", 8): (10, 1)}
    assert level(result, "unload_dock_queue", "trunk") == {("hub", 8): (5, 1)}


@ENGINES
def test_who_of_a_crew_is_in_the_van(engine: Any) -> None:
    """Three people pack and drive, two in a van. Persons 1 and 2 pack until 490: 3 has been free longest, then 1."""
    plan = world([2], {"staff": crew(3)}, {"vans": fleet(1, people_per_vehicle=2, drivers="staff")})
    result = run(plan, stage("pack", "staff", effort={"per_order_min": 10}), leg("deliver", "vans"), engine=engine)
    assert trips(result, "start", "people", "crew", "persons") == [(490, 2, "staff", "3 1")]


@ENGINES
def test_a_floor_between_two_legs(engine: Any) -> None:
    """A crew of two packs and drives two trucks to a station with room for one parcel and one van; a trip takes both.

    Packed 480-490, both trucks there at 505: the second has room when the van, loading 10, has left with the first
    parcel at 515. The van is at the drop point at 535, back at 555, loads until 565, is there at 585, back at 605.
    """
    geography = listed([2], docks=2)
    geography["stations"] = [{"name": "hub", "depot": "site", "distance_km": 10.0, "docks": 1, "floor_parcels": 1}]
    geography["drop_points"][0]["station"] = "hub"
    fleets = {"trucks": fleet(2, payload_parcels=1, drivers="staff"), "vans": fleet(1, "station", payload_parcels=1)}
    plan = world(geography, {"staff": crew(2)}, fleets)
    pack = stage("pack", "staff", effort={"per_order_min": 10}, discipline="fifo")
    trunk = leg("trunk", "trucks", "depot", "station", discipline="fifo")
    onward = leg("deliver", "vans", "station", drive_min=[20, 20], load={"per_parcel_min": 10}, discipline="fifo")
    result = run(plan, pack, trunk, onward, engine=engine)
    assert result.notes[0].startswith("engine: reference" if engine == "reference" else "engine: events for pack")
    assert trips(result, "step", "vehicle", "start", "depart", "arrive", "back", "room_wait_min", "persons") == [
        ("trunk", 1, 490, 490, 505, 520, 0, "1"),
        ("trunk", 2, 490, 490, 505, 530, 10, "2"),
        ("deliver", 1, 505, 515, 535, 555, 0, ""),
        ("deliver", 1, 555, 565, 585, 605, 0, ""),
    ]
    assert trips(result, "ready", "vehicle_wait_min") == [(490, 0), (490, 0), (505, 0), (515, 40)]
    # 505-515 the first parcel, 515-565 the second.
    assert level(result, "floor", "") == {("hub", 8): (35, 1), ("hub", 9): (25, 1)}
    assert level(result, "floor_queue", "") == {("hub", 8): (10, 1)}
    assert level(result, "in_hand", "pack") == {("site", 8): (20, 2)}
    assert level(result, "vehicles", "trunk") == {("site", 8): (30 + 40, 2)}
    assert level(result, "queue", "deliver") == {("hub", 8): (25, 1), ("hub", 9): (15, 1)}
    assert level(result, "docks", "deliver") == {("hub", 8): (10, 1), ("hub", 9): (10, 1)}
    assert level(result, "vehicles", "deliver") == {("hub", 8): (35, 1), ("hub", 9): (15 + 45, 1), ("hub", 10): (5, 1)}
    table = result.time_in_system
    assert table is not None
    second = table[(table["household"] == 1) & (table["step"] != "pack")]
    assert list(second[["step", "spent_on", "minutes"]].itertuples(index=False, name=None)) == [
        ("trunk", "room", 10),
        ("trunk", "travel", 15),
        ("deliver", "vehicle", 40),
        ("deliver", "travel", 30),
    ]


@ENGINES
def test_a_van_leaves_with_what_is_there(engine: Any) -> None:
    """Packed at 490, 500 and 510; the van takes what is there: one at 490, and at 520, when it is back, two."""
    plan = world([3], {"packers": crew(1)}, {"vans": fleet(1)})
    ready = leg("deliver", "vans", leave={"kind": "ready", "orders": 2}, discipline="fifo")
    pack = stage("pack", "packers", effort={"per_order_min": 10}, discipline="fifo")
    result = run(plan, pack, ready, engine=engine)
    columns = "ready", "start", "back", "orders", "departure_wait_min", "vehicle_wait_min"
    assert trips(result, *columns) == [(490, 490, 520, 1, 0, 0), (500, 520, 550, 2, 0, 20)]
    assert level(result, "queue", "deliver") == {("site", 8): (20 + 10, 2)}


@ENGINES
def test_a_van_that_waits_for_room_at_the_end(engine: Any) -> None:
    """There is room for one parcel and nobody to take it to the door: the second van stands there from 505 on.

    Of 7 days it waits 7 x 1440 - 505 minutes, and the trip comes without an end.
    """
    geography = listed([2])
    geography["drop_points"][0]["floor_parcels"] = 1
    crews = {"packers": crew(2), "walkers": crew(0, "drop_point")}
    plan = world(geography, crews, {"vans": fleet(2, payload_parcels=1)}, run_out_days=0)
    rounds = door()
    rounds["stage"]["discipline"] = "fifo"
    result = run(plan, PACK, leg("deliver", "vans", discipline="fifo"), rounds, engine=engine)
    assert trips(result, "vehicle", "arrive", "room_wait_min") == [(1, 505, 0), (2, 505, 7 * 1440 - 505)]
    assert result.trips is not None
    assert result.trips["back"].isna().tolist() == [False, True]
    assert level(result, "floor", "", day=6) == {("d0", hour): (60, 1) for hour in range(24)}
    assert level(result, "floor_queue", "", day=6) == {("d0", hour): (60, 1) for hour in range(24)}


@ENGINES
def test_waits_for_the_others_of_a_load(engine: Any) -> None:
    """Packed one by one at 490 and 500: full with two at 500; then a delay of 30, a gate at 12:00 (720) and one round.

    Two minutes to the first door, three there, three at the second: 725 and 728.
    """
    crews = {"packers": crew(1), "walkers": crew(1, "drop_point")}
    plan = world([2], crews, {"vans": fleet(1)})
    full = leg("deliver", "vans", leave={"kind": "full", "orders": 2}, discipline="fifo")
    then = [
        {"delay": {"name": "air", "minutes": 30}},
        {"gate": {"name": "window", "opens": "12:00", "closes": "14:00"}},
        door(households=2),
    ]
    result = run(plan, PACK, full, *then, engine=engine)
    assert trips(result, "ready", "departure_wait_min", "vehicle_wait_min") == [(500, 10, 0)]
    table = result.time_in_system
    assert table is not None
    found = {
        household: list(rows[["step", "spent_on", "minutes"]].itertuples(index=False, name=None))
        for household, rows in table.groupby("household")
    }
    rest = [("deliver", "travel", 15), ("air", "service", 30), ("window", "gate", 175)]
    first = [("pack", "people", 480), ("pack", "service", 10), ("deliver", "departure", 10)]
    assert found == {
        0: [*first, *rest, ("door", "service", 5)],
        1: [("pack", "people", 490), ("pack", "service", 10), *rest, ("door", "service", 8)],
    }
    assert level(result, "queue", "window") == {
        ("d0", 9): (2 * 55, 2),
        ("d0", 10): (120, 2),
        ("d0", 11): (120, 2),
    }


def test_folders_by_day_hold_what_is_in_memory(tmp_path: Path) -> None:
    """A trip is in the part of the day on which it is over, its stops too; levels in that of their hour."""
    plan, decided = ss.load_scenario(cross()), strategy(channel("only", PACK, leg("deliver", "vans")))
    steps = ss.load_strategy(decided)
    kept = ss.simulate(plan, steps, replications=2, detail="trips")
    ss.simulate(plan, steps, replications=2, detail="trips", folder=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["households", "levels", "stops", "trips"]
    for name in ("trips", "stops", "levels"):
        parts = pd.read_parquet(tmp_path / name)
        parts["replication"] = parts["replication"].astype(int)
        table = kept.tables[name]
        for column in table:
            assert parts[column].tolist() == table[column].tolist(), (name, column)
    for path in (tmp_path / "trips").rglob("*.parquet"):
        day = int(path.stem.removeprefix("day="))
        assert (pd.read_parquet(path)["back"] // 1440 == day).all()


@ENGINES
def test_an_order_held_for_a_place_that_has_not_opened(engine: Any) -> None:
    """The drop point opens at 10:00 of day 1 (2040): packed by 2050, there at 2065; the leg waited for room."""
    plan = world([1], {"packers": crew(1)}, {"vans": fleet(1)})
    shock = {"kind": "place", "at": "drop_point", "from_day": 0, "to_day": 1, "to_time": "10:00"}
    result = run(plan | {"shocks": {"shock": shock}}, PACK, leg("deliver", "vans"), engine=engine)
    table = result.time_in_system
    assert table is not None
    assert list(table[["step", "spent_on", "minutes"]].itertuples(index=False, name=None)) == [
        ("pack", "service", 10),
        ("deliver", "room", 2040),
        ("deliver", "travel", 15),
    ]


@ENGINES
def test_an_order_that_waited_for_goods(engine: Any) -> None:
    """Two of four orders of 06:00 are filled at once, two when 24 kg come at noon of day 1 (2160 - 360 = 1800)."""
    plan = world([4], {"packers": crew(1)}, demand=cycle(days=7, release_time="06:00"))
    plan = with_supply(plan, {"food": stock(3.5, 14)}, sources={"market": source(24)})
    decided = strategy(channel("only", {"delay": {"name": "wait", "minutes": 30}}))
    decided |= {"when_short": "wait", "allocation": [{"kind": "nearest_first"}]}
    scenario = ss.load_scenario(plan)
    result = ss.simulate(scenario, ss.load_strategy(decided), replications=1, detail="orders", engine=engine)
    table = result.time_in_system
    assert table is not None
    wide = table.pivot(index="household", columns="spent_on", values="minutes").fillna(0)
    assert wide["goods"].tolist() == [0, 0, 1800, 1800]
    assert wide["service"].tolist() == [30] * 4


@ENGINES
@pytest.mark.parametrize("more", [{}, {"max_trip_km": 90}], ids=["simple", "in parts"])
def test_a_van_that_is_down_when_it_has_a_dock(engine: Any, more: Plain) -> None:
    """One dock, loading 60: van 1 490-550. Van 2, down 540-600, has the dock at 550 and is loaded 600-660."""
    plan = world([1, 1], {"packers": crew(2)}, {"vans": fleet(2, **more)})
    shock = {"kind": "fleet", "fleets": ["vans"], "capacity": 0.5, "from_day": 0, "to_day": 0}
    plan["shocks"] = {"shock": shock | {"from_time": "09:00", "to_time": "10:00"}}
    result = run(plan, PACK, leg("deliver", "vans", load={"per_parcel_min": 60}), engine=engine)
    assert trips(result, "vehicle", "start", "load_begin", "depart", "back", "dock_wait_min") == [
        (1, 490, 490, 550, 580, 0),
        (2, 490, 550, 660, 690, 60),
    ]
