"""How long orders wait before each step, and for what: order-minutes added up on paper.

A plan has a horizon of one day and a target of 0.4 days (576 minutes) unless told otherwise. What is told of a cause
is (total, within the target's time, ordered by the plan, within the target's time and not ordered).
"""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.config.load import fit
from tests.plans.demand_plans import FOREVER, allotted, group_of_goods, grouped, idle_world, way, with_goods
from tests.plans.paper_plans import (
    DAY,
    Plain,
    channel,
    crew,
    delay,
    door,
    ends,
    fleet,
    gate,
    leg,
    listed,
    shift,
    stage,
    strategy,
    world,
)
from tests.plans.supply_plans import source, stock, with_supply

PACK = stage("pack", "packers", effort={"per_order_min": 10})
ENGINES = pytest.mark.parametrize("engine", ["auto", "reference"])
Sums = tuple[float, float, float, float]


def day(geography: Any, crews: Plain, vehicles: Plain | None = None, **more: Any) -> Plain:
    """A plan of one day."""
    return world(geography, crews, vehicles, **{"horizon_days": 1, "service_target_days": 0.4, **more})


def waits(plan: Plain, decided: Plain, engine: Any) -> tuple[ss.Result, dict[str, Sums]]:
    """What was waited for at all, by step and cause; the measures say the same in hours."""
    scenario, strategy_spec = ss.load_scenario(plan), ss.load_strategy(decided)
    fit(scenario, strategy_spec)
    result = ss.simulate(scenario, strategy_spec, replications=1, detail="orders", engine=engine)
    found: dict[str, Sums] = {}
    for row in result.tables["waits"].to_dict("records"):
        hours = row["wait_h"], row["within_target_h"], row["ordered_h"], row["held_back_h"]
        name = f"{row['step']}.{row['cause']}"
        assert result.values.loc[0, f"wait_h.{name}"] == pytest.approx(hours[0])
        if any(hours):
            found[name] = tuple(60 * value for value in hours)
    return result, found


def found(plan: Plain, *steps: Plain, engine: Any, **how: Any) -> dict[str, Sums]:
    return waits(plan, strategy(channel("only", *steps, **how)), engine)[1]


def closed(at: str, since: str, until: str) -> Plain:
    """All places of a kind are closed for a time of day 0."""
    when = {"from_day": 0, "from_time": since, "to_day": 0, "to_time": until}
    return {"raid": {"kind": "place", "at": at, **when}}


def sums(*minutes: float) -> Any:
    """To less than a hundredth of a second: times are rounded to 2^-20 of a minute."""
    return pytest.approx(minutes, abs=1e-4)


@ENGINES
def test_for_people(engine: Any) -> None:
    """Three orders of 00:00, one packer from 08:00, 100 minutes each: begun at 480, 580, 680.

    480 + 580 + 680; of that 3 x 480 before anybody is planned. Within 576: 480 + 576 + 576, 192 of it not ordered.
    """
    step = stage("pack", "packers", effort={"per_order_min": 100})
    assert found(day([3], {"packers": crew(1)}), step, engine=engine) == {"pack.people": sums(1740, 1632, 1440, 192)}


@ENGINES
def test_what_is_not_begun_waits_until_the_horizon(engine: Any) -> None:
    """The second of two jobs of 1500 minutes: 1440, of which 480 + 360 (from 18:00) are ordered; the first 480.

    With a target of a day: 480 + 1440 within it; not ordered are the 600 of 08:00-18:00.
    """
    plan = day([2], {"packers": crew(1)}, service_target_days=1)
    step = stage("pack", "packers", effort={"per_order_min": 1500})
    assert found(plan, step, engine=engine) == {"pack.people": sums(1920, 1920, 1320, 600)}


@ENGINES
def test_nobody_who_comes_is_no_order_of_the_plan(engine: Any) -> None:
    """Planned 08:00-18:00 with a break 12:00-13:00, nobody comes: 1440, of which 480 + 60 + 360 are ordered."""
    packers = crew(1, "depot", shift("08:00", "18:00", ("12:00", "13:00")), attendance=0)
    plan = day([1], {"packers": packers}, service_target_days=1)
    assert found(plan, PACK, engine=engine) == {"pack.people": sums(1440, 1440, 900, 540)}


@ENGINES
def test_a_crew_that_arrives_later_is_not_planned_before(engine: Any) -> None:
    """One packer from day 1 on: begun at 1920, nobody planned before; a target of two days."""
    late = crew(0, arrivals={"from_day": 1, "per_day": 1, "up_to": 1})
    plan = day([1], {"packers": late}, horizon_days=2, service_target_days=2)
    result, waited = waits(plan, strategy(channel("only", PACK)), engine)
    assert ends(result, "pack") == [1930]
    assert waited == {"pack.people": sums(1920, 1920, 1920, 0)}


@ENGINES
def test_a_closed_place_is_room(engine: Any) -> None:
    """The depot is closed 07:30-10:00: begun at 600. Ordered 450 (nobody planned before 08:00), room 150."""
    plan = day([1], {"packers": crew(1)}, service_target_days=1)
    plan["shocks"] = closed("depot", "07:30", "10:00")
    expected = {"pack.people": sums(450, 450, 450, 0), "pack.room": sums(150, 150, 0, 150)}
    assert found(plan, PACK, engine=engine) == expected


@ENGINES
def test_boxes_are_room(engine: Any) -> None:
    """One box around the clock, 300 minutes each: the second order waits 300, the third 600; 300 + 576 within."""
    boxes = crew(1, "drop_point", shift("00:00", "24:00"), people="equipment")
    step = stage("box", "boxes", "drop_point", effort={"per_order_min": 300})
    assert found(day([3], {"boxes": boxes}), step, engine=engine) == {"box.room": sums(900, 876, 0, 876)}


@ENGINES
def test_the_others_of_a_unit(engine: Any) -> None:
    """Packed at 490 and 500, then loaded as one consignment: the first order waits 10 for the second.

    The only loader is there from 09:00: both wait from 500 to 540 as the plan orders. Target: from 576 on nothing.
    Before: 480 and 490 for the packer, 960 of it before 08:00.
    """
    crews = {"packers": crew(1), "loaders": crew(1, "depot", shift("09:00", "18:00"))}
    load = stage("load", "loaders", per="consignment", effort={"per_consignment_min": 5})
    assert found(day([2], crews), PACK, load, engine=engine) == {
        "pack.people": sums(970, 970, 960, 10),
        "load.departure": sums(10, 10, 0, 10),
        "load.people": sums(80, 80, 80, 0),
    }


@ENGINES
@pytest.mark.parametrize(
    ("leave", "expected"),
    [
        # Packed at 490, 500, 510; at noon all leave: 230 + 220 + 210; until 576: 86 + 76 + 66.
        ({"kind": "time", "orders": 9, "at": ["12:00"]}, sums(660, 228, 660, 0)),
        # Two leave at 500; the third stands there from 510 to the horizon, 66 within the target.
        ({"kind": "full", "orders": 2}, sums(10 + 930, 10 + 66, 0, 10 + 66)),
        # Planned: all three on one van.
        ({"kind": "planned"}, sums(20 + 10, 30, 0, 30)),
    ],
    ids=["time", "full", "planned"],
)
@pytest.mark.parametrize("more", [{}, {"max_trip_km": 90}], ids=["simple", "in parts"])
def test_for_departure(engine: Any, leave: Plain, expected: Any, more: Plain) -> None:
    plan = day([3], {"packers": crew(1)}, {"vans": fleet(2, **more)})
    waited = found(plan, PACK, leg("deliver", "vans", leave=leave), engine=engine)
    assert waited["deliver.departure"] == expected
    assert set(waited) == {"pack.people", "deliver.departure"}


@ENGINES
@pytest.mark.parametrize("more", [{}, {"max_trip_km": 90}], ids=["simple", "in parts"])
def test_for_a_vehicle(engine: Any, more: Plain) -> None:
    """Two loads at 490, one van from 09:00: off at 540 and, back from 2 x 15 on the road, at 570.

    50 + 80; 50 of each before the van is planned; the target ends at 576.
    """
    plan = day([1, 1], {"packers": crew(2)}, {"vans": fleet(1, "depot", shift("09:00", "18:00"), **more)})
    waited = found(plan, PACK, leg("deliver", "vans"), engine=engine)
    assert waited == {"pack.people": sums(960, 960, 960, 0), "deliver.vehicle": sums(130, 130, 100, 30)}


@ENGINES
@pytest.mark.parametrize("more", [{}, {"max_trip_km": 90}], ids=["simple", "in parts"])
def test_for_a_dock(engine: Any, more: Plain) -> None:
    """One dock, loading 50: the second van waits 490-540, the third 490-590, of which 86 are within the target."""
    plan = day([1, 1, 1], {"packers": crew(3)}, {"vans": fleet(3, **more)})
    waited = found(plan, PACK, leg("deliver", "vans", load={"per_parcel_min": 50}), engine=engine)
    assert waited == {"pack.people": sums(1440, 1440, 1440, 0), "deliver.dock": sums(150, 136, 0, 136)}


@ENGINES
def test_a_closed_depot_is_room_to_a_van_that_loads(engine: Any) -> None:
    """Packed at 490, closed 495-555: the van loads 10 minutes, 5 of them before it closes: until 560. 60 for room."""
    plan = day([1], {"packers": crew(1)}, {"vans": fleet(1)})
    plan["shocks"] = closed("depot", "08:15", "09:15")
    waited = found(plan, PACK, leg("deliver", "vans", load={"per_parcel_min": 10}), engine=engine)
    assert waited == {"pack.people": sums(480, 480, 480, 0), "deliver.room": sums(60, 60, 0, 60)}


@ENGINES
@pytest.mark.parametrize("docks", [1, 2])
def test_a_closed_depot_goes_before_a_dock(engine: Any, docks: int) -> None:
    """Packed at 484, vans from 490 (6 ordered of each), the depot closed 485-545: with two docks both wait 55 for room.

    Loading takes 10: with one dock the second waits for it until 555 besides.
    """
    plan = day(listed([1, 1], docks=docks), {"packers": crew(2)}, {"vans": fleet(2, "depot", shift("08:10", "18:00"))})
    plan["shocks"] = closed("depot", "08:05", "09:05")
    pack = stage("pack", "packers", effort={"per_order_min": 4})
    waited = found(plan, pack, leg("deliver", "vans", load={"per_parcel_min": 10}), engine=engine)
    expected = {
        "pack.people": sums(960, 960, 960, 0),
        "deliver.vehicle": sums(12, 12, 12, 0),
        "deliver.room": sums(110, 110, 0, 110),
    }
    if docks == 1:
        expected["deliver.dock"] = sums(10, 10, 0, 10)
    assert waited == expected


@ENGINES
def test_a_loaded_van_before_a_closed_place(engine: Any) -> None:
    """There at 505; the drop point is closed 08:00-10:00: unloading begins at 600. 95, of which 71 within 576."""
    plan = day([1], {"packers": crew(1)}, {"vans": fleet(1)})
    plan["shocks"] = {
        "raid": {
            "kind": "place",
            "at": "drop_point",
            "from_day": 0,
            "from_time": "08:00",
            "to_day": 0,
            "to_time": "10:00",
        }
    }
    result, waited = waits(
        plan, strategy(channel("only", PACK, leg("deliver", "vans", unload={"per_parcel_min": 5}))), engine
    )
    assert ends(result, "deliver") == [605]
    assert waited == {"pack.people": sums(480, 480, 480, 0), "deliver.room": sums(95, 71, 0, 71)}


def test_for_room_on_a_floor() -> None:
    """Two vans there at 505, room for one parcel; the first is carried away at 510 (walk 2, door 3), then the second.

    5 for room; the walker is back at 512, so the second waits 2 for her.
    """
    places = listed([2], docks=2)
    places["drop_points"][0]["floor_parcels"] = 1
    crews = {"packers": crew(2), "walkers": crew(1, "drop_point")}
    plan = day(places, crews, {"vans": fleet(2, payload_parcels=1)})
    walk = door(1, 4)
    walk["stage"]["discipline"] = "fifo"
    assert found(plan, PACK, leg("deliver", "vans"), walk, engine="auto") == {
        "pack.people": sums(960, 960, 960, 0),
        "deliver.room": sums(5, 5, 0, 5),
        "door.people": sums(2, 2, 0, 2),
    }


def test_for_a_dock_to_unload() -> None:
    """One dock at the station, unloading 20: two trucks there at 505, the second waits until 525."""
    places = {
        "kind": "listed",
        "depots": [{"name": "site", "docks": 2}],
        "stations": [{"name": "hub", "depot": "site", "distance_km": 10, "unload_docks": 1}],
        "drop_points": [{"name": "d0", "station": "hub", "households": 2, "distance_km": 10}],
    }
    plan = day(places, {"packers": crew(2)}, {"trucks": fleet(2, payload_parcels=1)})
    trunk = leg("trunk", "trucks", "depot", "station", unload={"per_parcel_min": 20})
    assert found(plan, PACK, trunk, engine="auto") == {
        "pack.people": sums(960, 960, 960, 0),
        "trunk.dock": sums(20, 20, 0, 20),
    }


@ENGINES
def test_for_opening_hours_and_slots(engine: Any) -> None:
    """Packed at 490 and 490; the gate opens at 12:00, one household each half hour: 230, and 230 + 30.

    Without slots both 230. Until 576: 86 each, all of it before it opens.
    """
    plan = day([2], {"packers": crew(2)})
    assert found(plan, PACK, gate("noon", "12:00", "18:00"), engine=engine)["noon.gate"] == sums(460, 172, 460, 0)
    slots = gate("noon", "12:00", "18:00")
    slots["gate"]["slots"] = {"minutes": 30, "households": 1}
    assert found(plan, PACK, slots, engine=engine)["noon.gate"] == sums(490, 172, 460, 0)
    plan["scenario"]["service_target_days"] = 1
    assert found(plan, PACK, slots, engine=engine)["noon.gate"] == sums(490, 490, 460, 30)


@ENGINES
def test_time_that_passes_is_no_wait(engine: Any) -> None:
    assert found(day([1], {"packers": crew(1)}), delay("stand", 300), engine=engine) == {}


# --- to be taken on, and for goods ----------------------------------------------------------------------


def capped(number: int = 1, **more: Any) -> Plain:
    """A list at 09:00 every day of which so many are taken on; an order is on its way for good."""
    release = {"kind": "order", "every_days": 1, "cut_off": "09:00"}
    return way("list", delay("road", FOREVER), release=release, acceptance={"orders_per_day": number}, **more)


def surge(households: int = 3, **more: Any) -> Plain:
    """Everybody without an open order tries once a day."""
    demand = {
        "kind": "surge",
        "need_kg_per_household_week": 7,
        "normal_orders_per_household_day": 1,
        "multiplier": 1,
        "order_covers_days": 1,
        "lines_per_order": 1,
    }
    return idle_world([households], demand, **{"horizon_days": 2, "service_target_days": 0.4, **more})


@ENGINES
def test_to_be_taken_on(engine: Any) -> None:
    """One of three at 540, one at 1980, one still turned away at 2880: 1440 + 2340; 576 each within the target."""
    result, waited = waits(surge(), alone_decided(capped()), engine)
    assert waited == {"road.admission": sums(3780, 1152, 0, 1152)}
    (row,) = result.tables["waits"].query("cause == 'admission'").to_dict("records")
    assert (row["channel"], row["orders"]) == ("list", 2)


@ENGINES
def test_a_group_that_is_too_small_waits_to_be_taken_on(engine: Any) -> None:
    """All three join by 09:00; four are needed, so they wait from 540 to the horizon."""
    group = way("group", delay("road", 10), release=grouped(4, "wait"))
    _, waited = waits(surge(), alone_decided(group), engine)
    assert waited == {"road.admission": sums(3 * 2340, 3 * 576, 0, 3 * 576)}


def short(**more: Any) -> Plain:
    """Three households, 1 kg a day each; 1 kg in stock, 2 kg more at noon of day 1."""
    plan = with_goods(idle_world([3], horizon_days=2, service_target_days=0.4), {"food": group_of_goods(1, 1)})
    supply = {"food": stock(1 / 3, 1)}
    return with_supply(plan, supply, sources={"market": source(24)}, **more)


def alone_decided(only: Plain, **more: Any) -> Plain:
    return {
        "name": "paper",
        "title": {"en": "Paper plan", "zh": "纸面方案"},
        "channels": {only["name"]: only},
        "calendar": [{"channel": only["name"], "from_day": 0}],
        **more,
    }


@ENGINES
def test_for_goods_that_come(engine: Any) -> None:
    """A parcel for all at 09:00; one is sent. Asked for at noon, there on day 1 at noon: 2 x (2160 - 540)."""
    parcels = way("packs", delay("road", 10), release=allotted(7, "09:00"), parcel={"content": {"food": 1}})
    _, waited = waits(short(), alone_decided(parcels, when_short="wait"), engine)
    assert waited == {"road.goods": sums(3240, 1152, 0, 1152)}


@ENGINES
def test_turned_away_for_goods(engine: Any) -> None:
    """Two of three are turned away at 540, and nothing more is sent to them: until 2880."""
    parcels = way("packs", delay("road", 10), release=allotted(7, "09:00"), parcel={"content": {"food": 1}})
    _, waited = waits(short(), alone_decided(parcels, when_short="reject"), engine)
    assert waited == {"road.goods": sums(2 * (2 * DAY - 540), 1152, 0, 1152)}


# --- work of a step of its own --------------------------------------------------------------------------


@ENGINES
@pytest.mark.parametrize("rule", ["finish", "hand_over", "fit"])
def test_a_shared_crew_is_as_busy_at_a_step_as_it_works_there(engine: Any, rule: str) -> None:
    """Two packers, 1200 minutes on duty; two calls of 6 minutes, two baskets of 60: .01 and .1, together .11."""
    call = stage("call", "packers", effort={"per_order_min": 6})
    pick = stage("pick", "packers", effort={"per_order_min": 60})
    plan = day([2], {"packers": crew(2, at_shift_end=rule)}, service_target_days=1)
    calls, picks = channel("calls", call, release=allotted(7)), channel("picks", pick, release=allotted(7))
    decided = {**strategy(calls, picks, from_days=(0, 1)), "mix": [{"channel": "calls"}, {"channel": "picks"}]}
    del decided["calendar"]
    result, _ = waits(plan, decided, engine)
    assert result.values.loc[0, "utilisation.call"] == pytest.approx(12 / 1200)
    assert result.values.loc[0, "utilisation.pick"] == pytest.approx(120 / 1200)


@ENGINES
@pytest.mark.parametrize("more", [{}, {"max_trip_km": 90}], ids=["simple", "in parts"])
def test_a_shared_fleet_is_as_busy_on_a_leg_as_it_drives_there(engine: Any, more: Plain) -> None:
    """Two vans, 1200 minutes: one trip of 30 minutes for packs, one of 30 + 20 (unloading) for medicine."""
    plan = day([1], {"packers": crew(1)}, {"vans": fleet(2, **more)}, service_target_days=1)
    packs = channel("packs", leg("bring", "vans"), release=allotted(7, "09:00"))
    pills = channel("pills", leg("take", "vans", unload={"per_parcel_min": 20}), release=allotted(7, "09:00"))
    decided = {**strategy(packs, pills, from_days=(0, 1)), "mix": [{"channel": "packs"}, {"channel": "pills"}]}
    del decided["calendar"]
    result, _ = waits(plan, decided, engine)
    assert result.values.loc[0, "utilisation.bring"] == pytest.approx(30 / 1200)
    assert result.values.loc[0, "utilisation.take"] == pytest.approx(50 / 1200)
