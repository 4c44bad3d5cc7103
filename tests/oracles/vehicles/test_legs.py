"""Legs on paper: docks, the end of the drivers' day, trunk and local leg, leaving when full."""

from __future__ import annotations

import pytest

from tests.plans.paper_plans import (
    clock,
    crew,
    cycle,
    delay,
    ends,
    fleet,
    gate,
    is_never,
    leg,
    listed,
    shift,
    simulate,
    stage,
    world,
)


def pack(minutes: float, **more):
    return stage("pack", "packers", effort={"per_order_min": minutes}, **more)


@pytest.mark.parametrize(("docks", "second"), [(1, 560), (2, 540)])
def test_two_vans_share_the_dock(docks, second) -> None:
    """Two orders packed at 490; loading 20, drive 15, unload 15.

    Van 0: 490-510, 525, 540. Van 1 with one dock: 510-530, 545, 560; with two docks as van 0.
    """
    plan = world(listed([1, 1], docks=docks), {"packers": crew(2)}, {"vans": fleet(2)})
    result = simulate(
        plan,
        pack(10),
        leg("deliver", "vans", load={"per_parcel_min": 20}, unload={"per_parcel_min": 15}),
    )
    assert ends(result, "deliver") == [540, second]


def test_dock_wait_of_three_loads_and_two_vans() -> None:
    """One dock, loading 20, drive 15, no unloading: all three packed at 490.

    Van 0: 490-510, there 525, back 540. Van 1: 510-530, 545, 560. Third load: van 0 at 540: 560, 575.
    """
    plan = world([1, 1, 1], {"packers": crew(3)}, {"vans": fleet(2)})
    result = simulate(plan, pack(10), leg("deliver", "vans", load={"per_parcel_min": 20}))
    assert ends(result, "deliver") == [525, 545, 575]


def test_loads_leave_in_dispatch_list_order_even_when_a_later_one_is_ready() -> None:
    """Three households of 10 min at d0, one of d1; one packer: 490, 500, 510, 520; clerk first makes d1 ready early.

    compile per consignment 10 min an order, two clerks: d0 510, d1 490; fifo packing, 5 min: d1 495,
    d0 515, 520, 525. One van, 30 min there and back: d0's load first, 525 -> 540, back 555; d1's 555 -> 570.
    """
    plan = world([3, 1], {"clerks": crew(2), "packers": crew(1)}, {"vans": fleet(1)})
    result = simulate(
        plan,
        stage("compile", "clerks", per="consignment", effort={"per_order_min": 10}),
        pack(5, discipline="fifo"),
        leg("deliver", "vans"),
    )
    assert ends(result, "pack") == [515, 520, 525, 495]
    assert ends(result, "deliver") == [540, 540, 540, 570]


def test_van_out_at_the_end_of_the_shift_finishes_its_trip() -> None:
    """Vans 08:00-10:00, loading 10, drive 15, unload 5; one order packed each 55 min: 535, 590, 645.

    First: 545, 560, 565, back 580. Second given at 590 < 600: 600, 615, 620, back 635 in overtime.
    Third is ready at 645, after hours: day 1 1920: 1930, 1945, 1950.
    """
    plan = world([1, 1, 1], {"packers": crew(1)}, {"vans": fleet(1, "depot", shift("08:00", "10:00"))})
    result = simulate(
        plan,
        pack(55),
        leg("deliver", "vans", load={"per_parcel_min": 10}, unload={"per_parcel_min": 5}),
    )
    assert ends(result, "deliver") == [565, 620, 1950]


def test_no_load_at_the_very_end_of_the_shift() -> None:
    """Packed at 600 = 10:00, when the vans stop: given at 1920, there 1935. With 10:01 given at 600: 615."""
    for end, there in (("10:00", 1935), ("10:01", 615)):
        plan = world([1], {"packers": crew(1)}, {"vans": fleet(1, "depot", shift("08:00", end))})
        assert ends(simulate(plan, pack(120), leg("deliver", "vans")), "deliver") == [there]


def test_van_has_a_break() -> None:
    """Break 09:00-09:30 = 540-570. 50 min packing each: 530, 580, and from 2 km/40 km/h = 3 min... 10 km: 15.

    First: given 530, there 545, back 560 (in the break, finished). Second ready 580: 595.
    With packing of 60 min the first is ready at 540, in the break: given at 570, 585.
    """
    duty = shift("08:00", "18:00", ("09:00", "09:30"))
    plan = world([1, 1], {"packers": crew(1)}, {"vans": fleet(1, "depot", duty)})
    assert ends(simulate(plan, pack(50), leg("deliver", "vans")), "deliver") == [545, 595]
    assert ends(simulate(plan, pack(60), leg("deliver", "vans")), "deliver")[0] == 585


def test_longest_free_vehicle_goes_first_and_each_distance_counts() -> None:
    """d0 at 20 km (30 min), d1 at 10 km (15 min), d2 at 10 km; all packed at 490; two vans.

    Van 0 to d0: 520, back 550. Van 1 to d1: 505, back 520. d2 by van 1 at 520: 535.
    """
    plan = world(listed([1, 1, 1], km=[20, 10, 10]), {"packers": crew(3)}, {"vans": fleet(2)})
    assert ends(simulate(plan, pack(10), leg("deliver", "vans")), "deliver") == [520, 505, 535]


def test_drive_minutes_replace_distance() -> None:
    """drive_min [7, 7]: packed 490 and 500; one van: 497, back 504; then 511."""
    plan = world([1, 1], {"packers": crew(1)}, {"vans": fleet(1)})
    assert ends(simulate(plan, pack(10), leg("deliver", "vans", drive_min=[7, 7])), "deliver") == [497, 511]


# --- via a station ---------------------------------------------------------------------------------------


def via_hub(drop_points: list[tuple[int, str]], hubs: tuple[str, ...] = ("hub",)):
    return {
        "kind": "listed",
        "depots": [{"name": "site"}],
        "stations": [{"name": hub, "depot": "site", "distance_km": 20} for hub in hubs],
        "drop_points": [
            {"name": f"d{number}", "households": count, "distance_km": 10, "station": hub}
            for number, (count, hub) in enumerate(drop_points)
        ],
    }


def test_trunk_takes_two_consignments_then_vans_take_one_each() -> None:
    """d0 {0,1}, d1 {2,3}, d2 {4} via one hub; truck for 4 orders, so {0,1}+{2,3} together, then {4}.

    pack, one packer, 10 min: 490, 500, 510, 520, 530.
    trunk: complete at 520; load 2 consignments * 5 + 4 * 1 = 14 -> 534; 20 km = 30 min -> 564; unload 4 * 1.5
    = 6 -> 570; back 600. Second load ready 530, truck free 600: 5 + 1 = 6 -> 606, 636, 1.5 -> 637.5.
    rest: delay of 10: 580, 580, 580, 580, 647.5.
    sort at the hub per consignment, 2 + 3 an order, one sorter: {0,1} 580-588, {2,3} 588-596; {4} 647.5-652.5.
    barrier 10:00-20:00 = 600: 600 four times, 652.5.
    deliver, one van: {0,1} 600 -> 615, back 630; {2,3} 630 -> 645, back 660; {4} 660 -> 675.
    """
    plan = world(
        via_hub([(2, "hub"), (2, "hub"), (1, "hub")]),
        {"packers": crew(1), "sorters": crew(1, "station")},
        {"trucks": fleet(1, payload_parcels=4), "vans": fleet(1, "station", payload_parcels=2)},
    )
    result = simulate(
        plan,
        pack(10),
        leg(
            "trunk",
            "trucks",
            "depot",
            "station",
            load={"per_consignment_min": 5, "per_parcel_min": 1},
            unload={"per_parcel_min": 1.5},
        ),
        delay("rest", 10),
        stage(
            "sort",
            "sorters",
            "station",
            per="consignment",
            effort={"per_consignment_min": 2, "per_order_min": 3},
        ),
        gate("barrier", "10:00", "20:00"),
        leg("deliver", "vans", "station"),
    )
    assert ends(result, "trunk") == [570, 570, 570, 570, 637.5]
    assert ends(result, "rest") == [580, 580, 580, 580, 647.5]
    assert ends(result, "sort") == [588, 588, 596, 596, 652.5]
    assert ends(result, "barrier") == [600, 600, 600, 600, 652.5]
    assert ends(result, "deliver") == [615, 615, 645, 645, 675]


def test_trunk_load_is_bound_by_weight_too() -> None:
    """14 kg orders, truck 30 kg: d0 {0}, d1 {1}, d2 {2}: {0}+{1} together, {2} alone. All packed at 490.

    One truck: 490 -> 520, back 550; {2} 550 -> 580.
    """
    plan = world(
        via_hub([(1, "hub")] * 3),
        {"packers": crew(3)},
        {"trucks": fleet(1, payload_kg=30), "vans": fleet(3, "station")},
    )
    result = simulate(plan, pack(10), leg("trunk", "trucks", "depot", "station"), leg("deliver", "vans", "station"))
    assert ends(result, "trunk") == [520, 520, 580]
    assert ends(result, "deliver") == [535, 535, 595]


def test_each_station_has_its_own_truck_loads_and_vans() -> None:
    """d0, d1 via east, d2 via west; two trucks, one for east with both, one for west; all packed at 490.

    trunk 30 min: 520 all. East's one van: d0 535, back 550, d1 565. West's van: d2 535.
    """
    plan = world(
        via_hub([(1, "east"), (1, "east"), (1, "west")], ("east", "west")),
        {"packers": crew(3)},
        {"trucks": fleet(2), "vans": fleet(1, "station")},
    )
    result = simulate(plan, pack(10), leg("trunk", "trucks", "depot", "station"), leg("deliver", "vans", "station"))
    assert ends(result, "trunk") == [520, 520, 520]
    assert ends(result, "deliver") == [535, 565, 535]


def test_a_truck_takes_consignments_of_several_turns() -> None:
    """d0 (2 households) by east, d1 (2) by west, local vans for one parcel: the dispatch list goes e w e w.

    One packer, 10 min: e 490, w 500, e 510, w 520. A truck with room for all takes both of a station:
    east's is complete at 510 -> 30 min -> 540, west's at 520 -> 550. Two trips of 20 km there and back.
    """
    plan = world(
        via_hub([(2, "east"), (2, "west")], ("east", "west")),
        {"packers": crew(1)},
        {"trucks": fleet(2), "vans": fleet(4, "station", payload_parcels=1)},
    )
    result = simulate(plan, pack(10), leg("trunk", "trucks", "depot", "station"), leg("deliver", "vans", "station"))
    assert ends(result, "pack") == [490, 510, 500, 520]
    assert ends(result, "trunk") == [540, 540, 550, 550]
    # 2 trucks x 40 km, 4 vans x 20 km.
    assert result.values.loc[0, "vehicle_km"] == 160


# --- leaving at a time, leaving when full ------------------------------------------------------------------


def test_leave_when_full_takes_whichever_are_ready() -> None:
    """One drop point of 5, vans for 3: consignments {0,1,2} {3,4}.

    compile 10 min an order, two clerks: 510 and 500. Packing fifo, one packer, 5 min: 3 at 505, 4 at 510,
    then 0 515, 1 520, 2 525. Leave with 2: {3,4} at 510 -> 525, back 540; {0,1} at 520, van at 540 -> 555;
    2 stays: it is alone.
    """
    plan = world([5], {"clerks": crew(2), "packers": crew(1)}, {"vans": fleet(1, payload_parcels=3)})
    steps = (
        stage("compile", "clerks", per="consignment", effort={"per_order_min": 10}),
        pack(5, discipline="fifo"),
    )
    result = simulate(plan, *steps, leg("deliver", "vans", leave={"kind": "full", "orders": 2}))
    assert ends(result, "compile") == [510, 510, 510, 500, 500]
    assert ends(result, "pack") == [515, 520, 525, 505, 510]
    times = ends(result, "deliver")
    assert times[:2] == [555, 555]
    assert times[3:] == [525, 525]
    assert is_never(times[2])
    # With 3 to a load: {3,4,0} at 515 -> 530; 1 and 2 stay.
    times = ends(simulate(plan, *steps, leg("deliver", "vans", leave={"kind": "full", "orders": 3})), "deliver")
    assert [times[0], *times[3:]] == [530, 530, 530]
    assert is_never(times[1])
    assert is_never(times[2])


def test_leave_when_full_counts_each_destination_apart() -> None:
    """d0 {0,1,2}, d1 {3,4}; one packer, 10 min: 490 ... 530; one van with 2, loading 1 a parcel, unloading 1 a parcel.

    {0,1} at 500: 502, 517, 519, back 534. {3,4} at 530, van 534: 536, 551, 553. 2 stays.
    """
    plan = world([3, 2], {"packers": crew(1)}, {"vans": fleet(1)})
    result = simulate(
        plan,
        pack(10),
        leg(
            "deliver",
            "vans",
            leave={"kind": "full", "orders": 2},
            load={"per_parcel_min": 1},
            unload={"per_parcel_min": 1},
        ),
    )
    times = ends(result, "deliver")
    assert [*times[:2], *times[3:]] == [519, 519, 553, 553]
    assert is_never(times[2])


def test_leave_when_full_goes_on_with_the_next_wave() -> None:
    """3 households, cycle of a day: the one left on day 0 goes with the first of day 1 (490 + 1440 = 1930).

    One packer, 10 min: 490, 500, 510 and 1930, 1940, 1950. {0,1} 500 -> 515. {2 of day 0, 0 of day 1}
    1930 -> 1945, back 1960; {1,2} at 1950, van 1960 -> 1975.
    """
    plan = world([3], {"packers": crew(1)}, {"vans": fleet(1)}, demand=cycle(7, 1), horizon_days=2)
    result = simulate(plan, pack(10), leg("deliver", "vans", leave={"kind": "full", "orders": 2}))
    assert ends(result, "deliver", 0) == [515, 515, clock(1, 505)]
    assert ends(result, "deliver", 1) == [clock(1, 505), clock(1, 535), clock(1, 535)]


def test_leave_at_departure_times_takes_what_stands_ready() -> None:
    """Five households, one packer, 10 min: 490, 500, ... 530. Three vans, loads of at most 2, 15 min to drive.

    Departures at 08:20 (500) and 09:00 (540): at 500 the first two, the second just in time -> 515; at 540
    {2, 3} and {4}, one van each -> 555.
    """
    plan = world([5], {"packers": crew(1)}, {"vans": fleet(3)})
    leave = {"kind": "time", "orders": 2, "at": ["08:20", "09:00"]}
    result = simulate(plan, pack(10), leg("deliver", "vans", leave=leave))
    assert ends(result, "deliver") == [515, 515, 555, 555, 555]


def test_what_missed_the_last_departure_leaves_the_next_day() -> None:
    """Two households, one packer, 10 min: 490, 500. One departure at 08:15 (495): the second leaves a day later."""
    plan = world([2], {"packers": crew(1)}, {"vans": fleet(2)})
    result = simulate(plan, pack(10), leg("deliver", "vans", leave={"kind": "time", "orders": 2, "at": ["08:15"]}))
    assert ends(result, "deliver") == [510, clock(1, 510)]


def test_leave_when_full_or_at_the_latest_at_a_time() -> None:
    """As above, loads of 2 leave when full: {0, 1} at 500, {2, 3} at 520; the fifth at 09:00 (540), alone."""
    plan = world([5], {"packers": crew(1)}, {"vans": fleet(3)})
    leave = {"kind": "full", "orders": 2, "at": ["09:00"]}
    result = simulate(plan, pack(10), leg("deliver", "vans", leave=leave))
    assert ends(result, "deliver") == [515, 515, 535, 535, 555]
