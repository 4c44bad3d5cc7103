"""Gateways, loads that stay together, dates, floors and closed places: exact times worked out on paper.

Vehicles drive 40 km/h: 10 km are 15 min, 20 km 30 min. Four packers finish the four orders of day 0 at 490.
"""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.model.run_loop import run_replication
from tests.plans.paper_plans import (
    DAY,
    Plain,
    channel,
    crew,
    cycle,
    delay,
    ends,
    fleet,
    gate,
    leg,
    shift,
    simulate,
    stage,
    strategy,
    world,
)

PACK = stage("pack", "packers", effort={"per_order_min": 10})
TRUNK = leg("trunk", "trucks", "depot", "gateway")


def through_gateway(households: list[int], stations: int = 0, **gateway: Any) -> Plain:
    """Depot - 10 km - gateway - 10 km - drop points, or - 20 km - as many stations - 10 km - drop points."""
    edge = {"name": "edge", "depot": "site", "distance_km": 10.0, **gateway}
    return {
        "kind": "listed",
        "depots": [{"name": "site"}],
        "gateways": [edge],
        "stations": [
            {"name": f"hub{number}", "gateway": "edge", "distance_km": 20.0, "docks": 2} for number in range(stations)
        ],
        "drop_points": [
            {"name": f"d{number}", "households": count, "distance_km": 10.0}
            | ({"station": f"hub{number % stations}"} if stations else {"gateway": "edge"})
            for number, count in enumerate(households)
        ],
    }


def test_standing_time_at_the_gateway() -> None:
    """Packed 490, at the gateway 505, disinfected together by 512, may be touched at 542, at the drop point 557."""
    plan = world(
        through_gateway([4]),
        {"packers": crew(4), "cleaners": crew(1, "gateway")},
        {"trucks": fleet(), "vans": fleet(1, "gateway")},
    )
    result = simulate(
        plan,
        PACK,
        TRUNK,
        stage("disinfect", "cleaners", "gateway", per="load", effort={"per_load_min": 7}),
        delay("standing", 30),
        leg("deliver", "vans", "gateway"),
    )
    assert ends(result, "trunk") == [505] * 4
    assert ends(result, "disinfect") == [512] * 4
    assert ends(result, "standing") == [542] * 4
    assert ends(result, "deliver") == [557] * 4


def swapping(loads_for: str | None, payload: int = 100) -> ss.Result:
    """Two stations with two households each; one worker at the gateway changes a tractor in 5 min."""
    plan = world(
        through_gateway([2, 2], stations=2),
        {"packers": crew(4), "swappers": crew(1, "gateway")},
        {
            "trucks": fleet(4, payload_parcels=payload),
            "tractors": fleet(4, "gateway", payload_parcels=payload),
            "vans": fleet(2, "station"),
        },
    )
    return simulate(
        plan,
        PACK,
        leg("trunk", "trucks", "depot", "gateway", loads_for=loads_for),
        stage("swap", "swappers", "gateway", per="load", effort={"per_load_min": 5}),
        leg("onward", "tractors", "gateway", "station", keeps_loads=loads_for is not None),
        leg("local", "vans", "station"),
    )


def test_a_trailer_goes_on_with_another_tractor() -> None:
    """A trailer for each station, both at 505. Swapped by 510, 515; 20 km on by 540, 545; 10 km on by 555, 560."""
    result = swapping("station")
    assert ends(result, "trunk") == [505] * 4
    assert ends(result, "swap") == [510, 510, 515, 515]
    assert ends(result, "onward") == [540, 540, 545, 545]
    assert ends(result, "local") == [555, 555, 560, 560]


def test_small_trailers_are_swapped_one_by_one() -> None:
    """One parcel a trailer: four swaps, in the order of the dispatch list, in which the stations take turns."""
    result = swapping("station", payload=1)
    assert ends(result, "swap") == [510, 520, 515, 525]
    assert ends(result, "onward") == [540, 550, 545, 555]


def test_a_truck_for_the_gateway_is_one_load() -> None:
    """Without loads_for one truck takes everything: one swap, by 510, and loads for each station are made up anew."""
    assert ends(swapping(None), "swap") == [510] * 4


@pytest.mark.parametrize(
    "room",
    [
        {"floor_parcels": 2},
        {"floor_m3": 0.3, "parcel_m3": 0.1},
        {"floor_m3": 0.25, "parcel_m3": 0.1},
        {"floor_pallets": 1, "parcels_per_pallet": 2},
    ],
)
def test_a_full_floor_blocks_the_truck(room: Plain) -> None:
    """Two parcels fit (three in the second case: no room for a second truck of two either).

    Both trucks come at 505. The first unloads; its parcels leave the floor once the van has loaded them, 4 min
    each: 513. Until then the second stands there, unloads at 513 and is home at 528 instead of 520.
    The third load goes with the first truck at 520: it comes at 535, when the second van has long loaded (521).
    """
    plan = world(
        through_gateway([6], docks=2, **room),
        {"packers": crew(6)},
        {"trucks": fleet(2, payload_parcels=2), "vans": fleet(3, "gateway", payload_parcels=2)},
    )
    onward = leg("deliver", "vans", "gateway", load={"per_parcel_min": 4}, discipline="fifo")
    result = simulate(plan, PACK, TRUNK, onward)
    assert ends(result, "trunk") == [505, 505, 513, 513, 535, 535]
    assert ends(result, "deliver") == [528, 528, 536, 536, 558, 558]
    # Trucks 490-520 and 520-550, 490-528.
    assert result.values.loc[0, "utilisation.trunk"] == pytest.approx((60 + 38) / (2 * 7 * 600))


def test_a_blocked_truck_is_late_for_its_next_load() -> None:
    """A van that takes 20 min to load has cleared the floor by 525, before the truck comes for the second time, at 535.

    With 40 min the first load leaves the floor at 545; the truck stands there until then.
    """
    for minutes, second in ((10, 535), (20, 545)):
        plan = world(
            through_gateway([4], floor_parcels=2),
            {"packers": crew(4)},
            {"trucks": fleet(1, payload_parcels=2), "vans": fleet(2, "gateway", payload_parcels=2)},
        )
        onward = leg("deliver", "vans", "gateway", load={"per_parcel_min": minutes}, discipline="fifo")
        assert ends(simulate(plan, PACK, TRUNK, onward), "trunk") == [505, 505, second, second]


def dated(condition: Plain) -> list[Plain]:
    """Through the gateway with 30 min of standing time, or straight to the drop point, 20 km."""
    through = [TRUNK, delay("standing", 30), leg("onward", "vans", "gateway")]
    direct = leg("direct", "haulers")
    return [PACK, *[step | {"when": condition} for step in through], direct | {"when": condition | {"unless": True}}]


def test_a_gateway_is_used_on_some_days() -> None:
    """Straight: 490 + 30 = 520. On day 1 through the gateway: 505, 535, 550."""
    plan = world(
        through_gateway([4]),
        {"packers": crew(4)},
        {"trucks": fleet(), "haulers": fleet(), "vans": fleet(1, "gateway")},
        demand=cycle(days=1),
        horizon_days=3,
    )
    result = simulate(plan, *dated({"from_day": 1, "to_day": 2}))
    assert ends(result, "direct", wave=0) == [520] * 4
    assert ends(result, "onward", wave=1) == [DAY + 550] * 4
    assert ends(result, "direct", wave=2) == [2 * DAY + 520] * 4
    orders = result.orders
    assert orders is not None
    assert orders["channel"].unique().tolist() == ["only"]


def test_a_gateway_opens_and_closes_with_the_tier() -> None:
    """Sealed on day 1 only: then through the gateway."""
    plan = world(
        through_gateway([4]),
        {"packers": crew(4)},
        {"trucks": fleet(), "haulers": fleet(), "vans": fleet(1, "gateway")},
        demand=cycle(days=1),
        horizon_days=3,
    )
    settings = {"open": ["order"], "entry": "gate", "last_mile": "carry"}
    plan["tiers"] = {
        "default": "controlled",
        "settings": {"controlled": settings, "sealed": settings},
        "calendar": [{"tier": "sealed", "from_day": 1, "to_day": 2}],
    }
    result = simulate(plan, *dated({"tiers": ["sealed"]}))
    assert ends(result, "direct", wave=0) == [520] * 4
    assert ends(result, "onward", wave=1) == [DAY + 550] * 4
    assert ends(result, "direct", wave=2) == [2 * DAY + 520] * 4


def test_a_drop_point_has_hours() -> None:
    """Deliveries 11:30-13:00 at 15 min from the depot: a gate 11:15-12:45 before the leg; handing out from 15:00 on.

    Packed by 490, off at 675, there at 690. The crew comes at 14:00, residents are let in at 900: 902, 904, ...
    """
    plan = world([4], {"packers": crew(4), "hands": crew(1, "drop_point", shift("14:00", "20:00"))}, {"vans": fleet()})
    result = simulate(
        plan,
        PACK,
        gate("window", "11:15", "12:45"),
        leg("deliver", "vans"),
        gate("open", "15:00", "20:00"),
        stage("hand_out", "hands", "drop_point", discipline="fifo", effort={"per_order_min": 2}),
    )
    assert ends(result, "deliver") == [690] * 4
    assert ends(result, "hand_out") == [902, 904, 906, 908]


# --- closed places ----------------------------------------------------------------------------------


def two_depots(orders: str, **closed: Any) -> Plain:
    """Depots a and b with a drop point of one household each, 10 km; from b to a it is 5 km more."""
    geography = {
        "kind": "listed",
        "depots": [{"name": "a", "docks": 2, "diverts_to": "b", "diverts_km": 5.0}, {"name": "b", "docks": 2}],
        "drop_points": [
            {"name": f"at_{depot}", "households": 1, "distance_km": 10.0, "depot": depot} for depot in ("a", "b")
        ],
    }
    plan = world(
        geography,
        {"packers": crew(1, at_shift_end="finish")},
        {"vans": fleet(2)},
        demand=cycle(days=1),
        horizon_days=3,
    )
    shock = {"kind": "place", "at": "depot", "places": ["a"], "orders": orders}
    plan["shocks"] = {"closed": shock | (closed or {"from_day": 1, "to_day": 2})}
    return plan


def test_new_orders_of_a_closed_place_go_to_the_other() -> None:
    """Day 1: b packs both, 490 and 500; to the drop point of a it is 15 km, 22.5 min: 512.5; to its own 515."""
    result = simulate(two_depots("nearest"), PACK, leg("deliver", "vans"))
    assert ends(result, "pack", wave=1) == [DAY + 490, DAY + 500]
    assert ends(result, "deliver", wave=0) == [505, 505]
    assert ends(result, "deliver", wave=1) == [DAY + 512.5, DAY + 515]
    assert ends(result, "deliver", wave=2) == [2 * DAY + 505] * 2


def test_new_orders_of_a_closed_place_wait_there() -> None:
    """Those of day 1 are packed when a has opened again, on day 2 by 490; those of day 2 after them."""
    result = simulate(two_depots("hold"), PACK, leg("deliver", "vans"))
    assert ends(result, "deliver", wave=1) == [2 * DAY + 505, DAY + 505]
    assert ends(result, "deliver", wave=2) == [2 * DAY + 515, 2 * DAY + 505]


def test_work_in_hand_waits_whatever_becomes_of_new_orders() -> None:
    """Closed on day 0 from 08:04 to 12:00: 4 of 10 min are done, the others from 720 to 726; 15 min on the road."""
    for orders in ("hold", "nearest"):
        closed = {"from_day": 0, "from_time": "08:04", "to_day": 0, "to_time": "12:00"}
        result = simulate(two_depots(orders, **closed), PACK, leg("deliver", "vans"))
        assert ends(result, "pack", wave=0) == [726, 490]
        assert ends(result, "deliver", wave=0) == [741, 505]


def test_a_place_at_part_capacity_is_open() -> None:
    """Nobody is diverted from it, and one packer is what is left of one, rounded up."""
    plan = two_depots("nearest", from_day=1, to_day=2, capacity=0.5)
    result = simulate(plan, PACK, leg("deliver", "vans"))
    assert ends(result, "deliver", wave=1) == [DAY + 505] * 2


def test_a_closed_station_diverts_to_another_and_its_gateway() -> None:
    """Hub0 is fed by the gateway, 10 + 20 km; hub1 by the depot, 20 km. Hub0 closed: its goods go through hub1.

    Open: 490 + 15 at the gateway, standing 0, + 30 to hub0, + 15: 550. Closed: 490 + 30 to hub1, and 10 + 2 km, 18 min.
    """
    geography = through_gateway([2, 2], stations=2)
    hubs = geography["stations"]
    hubs[0] |= {"diverts_to": "hub1", "diverts_km": 2.0}
    del hubs[1]["gateway"]
    hubs[1]["depot"] = "site"
    plan = world(
        geography,
        {"packers": crew(4)},
        {"haulers": fleet(2), "vans": fleet(2, "station")},
        demand=cycle(days=1),
        horizon_days=2,
    )
    plan["shocks"] = {
        "closed": {"kind": "place", "at": "station", "places": ["hub0"], "orders": "nearest", "from_day": 1}
    }
    result = simulate(plan, PACK, leg("haul", "haulers", "depot", "station"), leg("local", "vans", "station"))
    # Past the gateway without a stop: 30 km, 45 min.
    assert ends(result, "haul", wave=0) == [535, 535, 520, 520]
    assert ends(result, "local", wave=0) == [550, 550, 535, 535]
    assert ends(result, "haul", wave=1) == [DAY + 520] * 4
    assert ends(result, "local", wave=1) == [DAY + 538, DAY + 538, DAY + 535, DAY + 535]


# --- what vehicles wait for ---------------------------------------------------------------------------


def test_a_truck_is_held_on_the_way_and_its_driver_rests() -> None:
    """Held 25 min on the way: there at 530, unloaded by 540, rests until 585, home 600; again there 640, 650."""
    plan = world([4], {"packers": crew(4)}, {"vans": fleet(1, payload_parcels=2)})
    deliver = leg("deliver", "vans", held_min=25, rest_min=45, unload={"per_load_min": 10})
    result = simulate(plan, PACK, deliver)
    assert ends(result, "deliver") == [540, 540, 650, 650]


def test_through_the_gate_of_a_campus() -> None:
    """Approved a day ahead; two disinfections, 30 min of standing; the vehicle is inside until the goods are off.

    Listed at 00:00 of day 0 and packed by 490, approved for day 1. At 08:00 the truck leaves: at the gate at 495,
    disinfected by 500. 20 km inside (30 min): 530, disinfected again by 535, may be touched at 565, four parcels
    of 1 min: 569. Then 10 km (15 min) by the shuttle: 584.
    """
    plan = world(
        through_gateway([4], stations=1),
        {"packers": crew(4), "cleaners": crew(1, "gateway"), "crew_inside": crew(1, "station")}
        | {"unloaders": crew(1, "station")},
        {"trucks": fleet(), "inside": fleet(1, "gateway"), "shuttles": fleet(1, "station")},
    )
    clean = {"per_load_min": 5}
    approved = {"gate": {"name": "approved", "opens": "07:00", "closes": "18:00", "days_ahead": 1}}
    result = simulate(
        plan,
        PACK,
        approved,
        leg("approach", "trucks", "depot", "gateway", loads_for="station"),
        stage("disinfect", "cleaners", "gateway", per="load", effort=clean),
        leg("route", "inside", "gateway", "station", keeps_loads=True, rest_min=39),
        stage("disinfect_again", "crew_inside", "station", per="load", effort=clean),
        delay("standing", 30),
        stage("unload", "unloaders", "station", per="load", effort={"per_order_min": 1}),
        leg("shuttle", "shuttles", "station"),
    )
    for step, minute in (
        ("approved", 420),
        ("approach", 495),
        ("disinfect", 500),
        ("route", 530),
        ("disinfect_again", 535),
        ("standing", 565),
        ("unload", 569),
        ("shuttle", 584),
    ):
        assert ends(result, step) == [DAY + minute] * 4


def test_both_engines_say_so() -> None:
    """The same times from the reference, for the trailer and the diverted order."""
    plan = ss.load_scenario(two_depots("nearest"))
    decided = ss.load_strategy(strategy(channel("only", PACK, leg("deliver", "vans"))))
    fast = run_replication(plan, decided, seed=1, number=0)
    slow = run_replication(plan, decided, seed=1, number=0, engine="reference")
    assert fast.last_delivery_min == slow.last_delivery_min == 2 * DAY + 505
