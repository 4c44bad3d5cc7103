"""Shocks that strike vehicles: roads closed or slow, places closed on arrival, docks shut, vehicles lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plans.paper_plans import Plain, crew, ends, fleet, leg, listed, simulate, stage, world


def struck(households: int = 1, docks: int = 1, vans: int = 1, how: Plain | None = None, **shock: Any) -> list[float]:
    """Deliveries: everything packed at 490, 15 min on the road."""
    plan = world(listed([1] * households, docks=docks), {"packers": crew(9)}, {"vans": fleet(vans)})
    plan["shocks"] = {"shock": {"from_day": 0, "to_day": 0, **shock}}
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    return ends(simulate(plan, pack, leg("deliver", "vans", **(how or {}))), "deliver")


def test_a_road_that_is_closed_stops_whoever_is_under_way() -> None:
    """Closed 08:15-09:00 = 495-540: 5 min driven, 10 left: 550; back 565, then 580."""
    assert struck(2, kind="road", from_time="08:15", to_time="09:00") == [550, 580]


def test_a_slow_road() -> None:
    """Half speed 495-540: 5 min driven, 10 left take 20: 515. Back: 25 min at half speed, 2.5 left: 542.5; 557.5."""
    assert struck(2, kind="road", speed=0.5, from_time="08:15", to_time="09:00") == [515, 557.5]


def test_a_road_of_another_leg_or_after_the_trip_does_not_matter() -> None:
    assert struck(kind="road", legs=["trunk"], from_time="08:15", to_time="09:00") == [505]
    assert struck(kind="road", from_time="08:40", to_time="09:00") == [505]


def test_two_shocks_on_one_road_the_slower_counts() -> None:
    """Half speed 495-540, closed 500-520: 5 driven, 2.5 crawled, 20 stood, 7.5 left take 15: 535."""
    plan = world([1], {"packers": crew(1)}, {"vans": fleet(1)})
    half = {"kind": "road", "speed": 0.5, "from_day": 0, "to_day": 0, "from_time": "08:15", "to_time": "09:00"}
    shut = {"kind": "road", "from_day": 0, "to_day": 0, "from_time": "08:20", "to_time": "08:40"}
    plan["shocks"] = {"half": half, "shut": shut}
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    assert ends(simulate(plan, pack, leg("deliver", "vans")), "deliver") == [535]


def test_a_place_that_is_closed_on_arrival() -> None:
    """Drop points closed 08:20-10:00: there at 505, unloads 3 min from 600 on."""
    how = {"unload": {"per_parcel_min": 3}}
    assert struck(how=how, kind="place", at="drop_point", from_time="08:20", to_time="10:00") == [603]
    # Nothing to unload, and yet nobody is let in.
    assert struck(kind="place", at="drop_point", from_time="08:20", to_time="10:00") == [600]


def test_a_place_that_closes_while_goods_are_loaded() -> None:
    """Loading 20 from 490, closed 500-600: 10 left at 600, leaves at 610: 625."""
    how = {"load": {"per_parcel_min": 20}}
    assert struck(how=how, kind="place", at="depot", from_time="08:20", to_time="10:00") == [625]


def test_at_part_capacity_the_last_docks_are_shut() -> None:
    """Two docks, half capacity 492-600: the second van has loaded 2 of 20 min, and goes on at 600: 618, 633.

    A third load: the first van is back at 540, dock 0 is free: 560, 575.
    """
    how = {"load": {"per_parcel_min": 20}}
    shock = {"kind": "place", "at": "depot", "capacity": 0.5, "from_time": "08:12", "to_time": "10:00"}
    assert struck(3, docks=2, vans=2, how=how, **shock) == [525, 633, 575]


def test_vehicles_wait_for_the_dock_that_opens_first() -> None:
    """One dock, shut from 489 to 550 (nobody can begin to load): 550 + 20 + 15, and the next one 20 later."""
    how = {"load": {"per_parcel_min": 20}}
    plan = world(listed([1, 1]), {}, {"vans": fleet(2)})
    closed = {"kind": "place", "at": "depot", "from_day": 0, "to_day": 0, "from_time": "07:30", "to_time": "09:10"}
    plan["shocks"] = {"closed": closed}
    assert ends(simulate(plan, leg("deliver", "vans", **how)), "deliver") == [585, 605]


@pytest.mark.parametrize("capacity", [0.0, 0.4])
def test_vehicles_that_are_lost_stand_with_what_is_on_board(capacity: float) -> None:
    """All but one of two vans stop 495-540: d0's goes on if one is left (505), d1's stands: 550."""
    times = struck(
        2, docks=2, vans=2, kind="fleet", fleets=["vans"], capacity=capacity, from_time="08:15", to_time="09:00"
    )
    assert times == ([505, 550] if capacity else [550, 550])


def test_what_a_shock_struck_is_listed() -> None:
    """Two vans leave at 490 and stand 495-540 with 10 min to go: 550, back 565, as the roads close again.

    The third load is given out then, and stands until 600.
    """
    plan = world(listed([1] * 3), {"packers": crew(9)}, {"vans": fleet(2)})
    span = {"from_day": 0, "to_day": 0, "from_time": "08:15", "to_time": "09:00"}
    plan["shocks"] = {"shut": {"kind": "road", **span}, "later": {"kind": "road", **span, "to_time": "10:00"}}
    plan["shocks"]["later"]["from_time"] = "09:25"
    result = simulate(plan, stage("pack", "packers", effort={"per_order_min": 10}), leg("deliver", "vans"))
    assert ends(result, "deliver") == [550, 550, 615]
    rows = result.shocks.set_index("shock")[["start_h", "step", "under_way", "begun"]].to_dict("index")
    assert rows == {
        "shut": {"start_h": 8.25, "step": "deliver", "under_way": 2, "begun": 0},
        "later": {"start_h": 565 / 60, "step": "deliver", "under_way": 0, "begun": 1},
    }
