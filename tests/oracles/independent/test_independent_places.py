"""Gateways, floors, trailers, closed places and shocks, derived a second time from the documentation alone.

Unless a case says otherwise: a depot with four packers (490: 10 min from 480 on), a gateway 10 km on, drop points
10 km behind it; 40 km/h, so 15 min a leg; loading and unloading take no time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.plans.both_engines import (
    deliveries,
    of_day,
    on_days,
    only,
    when,
    with_shocks,
    with_staffing,
)
from tests.plans.demand_plans import ROUND_THE_CLOCK, in_tiers
from tests.plans.paper_plans import (
    Plain,
    clock,
    crew,
    cycle,
    delay,
    door,
    ends,
    fleet,
    is_never,
    leg,
    stage,
    world,
)

DAILY = cycle(7, 1)
PACK = stage("pack", "packers", effort={"per_order_min": 10})
IN = leg("in", "trucks", to="gateway")
OUT = leg("out", "vans", origin="gateway")
STAND = delay("stand", 30)


def through_gateway(households: Sequence[int] = (1,), km: Sequence[float] | None = None, **gateway: Any) -> Plain:
    """One depot and one gateway."""
    return {
        "kind": "listed",
        "depots": [{"name": "site", "docks": 2}],
        "gateways": [{"name": "edge", "depot": "site", "distance_km": 10, "docks": 2, **gateway}],
        "drop_points": [
            {"name": f"d{number}", "households": count, "distance_km": far, "gateway": "edge"}
            for number, (count, far) in enumerate(zip(households, km or [10] * len(households), strict=True))
        ],
    }


def town(geography: Plain | Sequence[int] = (1,), trucks: int = 2, vans: int = 1, **more: Any) -> Plain:
    """Packers and drivers; crews for what is done at the gateway."""
    demand = more.pop("demand", cycle())
    packers = more.pop("packers", 4)
    crews = {"packers": crew(packers), "yard": crew(1, "gateway"), "walkers": crew(1, "drop_point")}
    vehicles = {"trucks": fleet(trucks), "vans": fleet(vans, "gateway"), "direct": fleet(2)}
    places = geography if isinstance(geography, dict) else through_gateway(geography)
    return world(places, crews, vehicles, demand=demand, **more)


def in_turn(step: Plain) -> Plain:
    """The stage with discipline fifo."""
    return {"stage": {**step["stage"], "discipline": "fifo"}}


# --- gateways ---------------------------------------------------------------------------------------------


def test_standing_at_the_gateway() -> None:
    """490 + 15 = 505; stands until 535; 550 at the drop point. Next day's the same."""
    result = only(town(demand=DAILY), PACK, IN, STAND, OUT)
    for step, minute in (("pack", 490), ("in", 505), ("stand", 535), ("out", 550)):
        assert ends(result, step) == [clock(day, minute) for day in range(7)]


def test_held_and_rest() -> None:
    """One truck, a load for each of two drop points. Held 10 min when loaded, 20 min of rest after unloading.

    490 + 15 + 10 = 515; rest until 535; back at 550 (not held when empty); the second at 550 + 25 = 575.
    """
    slow = leg("in", "trucks", to="gateway", loads_for="drop_point", held_min=10, rest_min=20)
    assert ends(only(town((1, 1), trucks=1), PACK, slow, OUT), "in") == [515, 575]


def test_disinfection_of_each_vehicle() -> None:
    """Two drop points on one truck: one load, 20 min. On one each: two loads, one after the other by the only worker.

    One load: 505 + 20 = 525 for both. Two: 525 and 545.
    """
    clean = stage("clean", "yard", "gateway", per="load", effort={"per_load_min": 20})
    together = only(town((1, 1), vans=2), PACK, IN, clean, OUT)
    assert ends(together, "clean") == [525, 525]
    assert ends(together, "out") == [540, 540]
    apart = only(town((1, 1), vans=2), PACK, leg("in", "trucks", to="gateway", loads_for="drop_point"), clean, OUT)
    assert ends(apart, "clean") == [525, 545]
    assert ends(apart, "out") == [540, 560]


def test_trailer_swap() -> None:
    """Loads for d0 (two households, 10 km behind the gateway) and d1 (one, 20 km) stay on their trailers; one packer.

    Packed at 490, 500 (d0's load leaves) and 510 (d1's). At the gateway 515 and 525; uncoupled by one worker in
    20 min each: 535, 555. The only tractor brings d0's trailer, 550, is back at 565, and brings d1's: 30 min, 595.
    """
    geography = through_gateway((2, 1), (10, 20))
    swap = stage("swap", "yard", "gateway", per="load", effort={"per_load_min": 20})
    result = only(
        town(geography, packers=1),
        PACK,
        leg("in", "trucks", to="gateway", loads_for="drop_point"),
        swap,
        leg("out", "vans", origin="gateway", keeps_loads=True),
    )
    assert ends(result, "pack") == [490, 500, 510]
    assert ends(result, "in") == [515, 515, 525]
    assert ends(result, "swap") == [535, 535, 555]
    assert ends(result, "out") == [550, 550, 595]


def test_effort_of_a_load_adds_up() -> None:
    """A load of two consignments, three orders: 7 + 2 * 3 + 3 * 2 = 19 min from 505 on."""
    clean = stage(
        "clean",
        "yard",
        "gateway",
        per="load",
        effort={"per_load_min": 7, "per_consignment_min": 3, "per_order_min": 2},
    )
    assert ends(only(town((2, 1)), PACK, IN, clean, OUT), "clean") == [524] * 3


# --- steps by day and tier -----------------------------------------------------------------------------------

BY_DAY = (
    PACK,
    when(leg("direct", "direct"), from_day=1, to_day=3, unless=True),
    when(IN, from_day=1, to_day=3),
    when(STAND, from_day=1, to_day=3),
    when(OUT, from_day=1, to_day=3),
)


def test_gateway_opened_by_date() -> None:
    """On days 1 and 2 through the gateway (550), else past it: 20 km, 30 min, 520."""
    result = only(town(demand=DAILY), *BY_DAY)
    found = [
        past if is_never(through) else through
        for past, through in zip(ends(result, "direct"), ends(result, "out"), strict=True)
    ]
    assert found == [clock(day, 550 if day in (1, 2) else 520) for day in range(7)]


def test_the_day_of_release_settles_the_way() -> None:
    """Released at 23:00 of day 0 and packed on day 1: past the gateway all the same. Of day 2: through it, on day 3."""
    result = only(town(demand=cycle(7, 1, release_time="23:00")), *BY_DAY)
    assert ends(result, "direct")[0] == clock(1, 520)
    assert ends(result, "out")[2] == clock(3, 550)
    assert ends(result, "direct")[3] == clock(4, 520)


def test_gateway_opened_by_tier() -> None:
    """d0 is sealed on days 1 and 2, d1 never: only d0's orders of these days pass the gateway."""
    plan = in_tiers(
        town((1, 1), demand=DAILY),
        {"tier": "sealed", "communities": ["d0"], "from_day": 1, "to_day": 3},
        default="controlled",
    )
    steps = (
        PACK,
        when(leg("direct", "direct"), tiers=["sealed"], unless=True),
        when(IN, tiers=["sealed"]),
        when(STAND, tiers=["sealed"]),
        when(OUT, tiers=["sealed"]),
    )
    result = only(plan, *steps)
    out, past = deliveries(result, "out", 2), deliveries(result, "direct", 2)
    assert [is_never(end) for end in out[0]] == [day not in (1, 2) for day in range(7)]
    assert [out[0][day] for day in (1, 2)] == [clock(1, 550), clock(2, 550)]
    assert past[1] == [clock(day, 520) for day in range(7)]


# --- floors ---------------------------------------------------------------------------------------------------

# Where a floor is limited nothing may wait for those before it on the dispatch list.
FIFO: Plain = {"discipline": "fifo"}
ONE_EACH = leg("in", "trucks", to="gateway", loads_for="drop_point", **FIFO)
LOADED = leg("out", "vans", origin="gateway", load={"per_parcel_min": 5}, **FIFO)


def with_small_trucks(plan: Plain) -> Plain:
    """Trucks for two parcels, for a floor must have room for the largest load."""
    trucks = {**plan["fleet"]["trucks"], "payload_parcels": 2}
    return {**plan, "fleet": {**plan["fleet"], "trucks": trucks}}


@pytest.mark.parametrize(
    ("floor", "is_blocked"),
    [
        ({"floor_parcels": 2}, True),
        ({"floor_parcels": 4}, False),
        ({"floor_m3": 1.0, "parcel_m3": 0.3}, True),
        ({"floor_m3": 1.2, "parcel_m3": 0.3}, False),
        ({"floor_pallets": 1, "parcels_per_pallet": 3}, True),
        ({"floor_pallets": 2, "parcels_per_pallet": 2}, False),
    ],
)
def test_full_floor(floor: Plain, is_blocked: bool) -> None:
    """Two trucks of two parcels arrive at 505. There is room for 2, 4, 3 (1.0 / 0.3), 4, 3, 4.

    With room for both they unload at once. Else the second waits until the van has been loaded (505-515) with what the
    first brought. The van: 530, back at 545, 10 min, 15 min: 570 for the second load either way.
    """
    geography = through_gateway((2, 2), **floor)
    result = only(with_small_trucks(town(geography)), PACK, ONE_EACH, LOADED)
    assert ends(result, "in") == [505, 505] + ([515, 515] if is_blocked else [505, 505])
    assert ends(result, "out") == [530, 530, 570, 570]


def test_truck_held_up_by_a_full_floor_is_late_for_its_next_load() -> None:
    """One truck, room for 2, standing 60 min, three loads of 2.

    Load 1: 490-505, stands until 565, van loaded 565-575 (room again), there at 590, van back at 605.
    Load 2: truck back at 520, at the gateway 535, waits until 575; stands until 635; van 635-645, 660, back at 675.
    Load 3: truck back at 590, at the gateway 605, waits until 645; stands until 705, van 705-715, 730.
    """
    geography = through_gateway((2, 2, 2), floor_parcels=2)
    plan = with_small_trucks(town(geography, trucks=1, packers=6))
    result = only(plan, PACK, ONE_EACH, delay("stand", 60), LOADED)
    assert ends(result, "in") == [505, 505, 575, 575, 645, 645]
    assert ends(result, "stand") == [565, 565, 635, 635, 705, 705]
    assert ends(result, "out") == [590, 590, 660, 660, 730, 730]


def test_full_floor_at_the_drop_point() -> None:
    """Room for one parcel at d0; one household a load (payload of one parcel), two trucks, rounds of 2 + 3 + 2 min.

    Direct, 20 km, 30 min: both at 520; the first is delivered at 520 + 5 = 525, only then the second is unloaded. The
    walker is back at 527: 527 + 5 = 532.
    """
    geography = through_gateway((2,))
    geography["drop_points"][0]["floor_parcels"] = 1
    plan = town(geography)
    plan["fleet"]["direct"]["payload_parcels"] = 1
    result = only(plan, PACK, leg("direct", "direct", **FIFO), in_turn(door()))
    assert sorted(ends(result, "direct")) == [520, 525]
    assert sorted(ends(result, "door")) == [525, 532]


# --- closed places ------------------------------------------------------------------------------------------------


def depots(*diverts: tuple[str, str, float]) -> Plain:
    """Depots a, b and c with a drop point each, 10 km away; who takes over from whom, and how far it is."""
    to = {divert: {"diverts_to": other, "diverts_km": km} for divert, other, km in diverts}
    return {
        "kind": "listed",
        "depots": [{"name": name, "docks": 4, **to.get(name, {})} for name in "abc"],
        "drop_points": [
            {"name": f"d{number}", "households": 1, "distance_km": 10, "depot": name}
            for number, name in enumerate("abc")
        ],
    }


def three(geography: Plain, **more: Any) -> Plain:
    """Four packers and four vans at each depot."""
    return world(geography, {"packers": crew(4)}, {"vans": fleet(4)}, demand=DAILY, **more)


def closed(*places: str, orders: str = "hold", at: str = "depot", **times: Any) -> Plain:
    """Places closed on day 1."""
    return {"kind": "place", "at": at, "places": list(places), "orders": orders, "from_day": 1, "to_day": 2, **times}


DIVERT: Plain = {"orders": "nearest"}
BRING = leg("bring", "vans")


def test_diverted_to_the_place_that_takes_over() -> None:
    """On day 1 d0's order goes from b, 10 + 20 km: 490 + 45 = 535; else from a: 505. d1 notices nothing."""
    result = only(with_shocks(three(depots(("a", "b", 20))), flood=closed("a", **DIVERT)), PACK, BRING)
    found = deliveries(result, "bring", 3)
    assert found[0] == [clock(day, 535 if day == 1 else 505) for day in range(7)]
    assert found[1] == found[2] == [clock(day, 505) for day in range(7)]


def test_diverted_twice() -> None:
    """b is closed too: from c, 10 + 20 + 8 km further: 38 km, 57 min: 547. d1's from c: 10 + 8 km, 27 min: 517."""
    plan = three(depots(("a", "b", 20), ("b", "c", 8)))
    found = deliveries(only(with_shocks(plan, flood=closed("a", "b", **DIVERT)), PACK, BRING), "bring", 3)
    assert (found[0][1], found[1][1], found[2][1]) == (clock(1, 547), clock(1, 517), clock(1, 505))


def test_held_where_none_is_open_or_as_the_rule_says() -> None:
    """All closed, or orders: hold: day 1's order waits for the reopening and is packed with day 2's: 505."""
    for shock in (closed(**DIVERT), closed("a")):
        plan = with_shocks(three(depots(("a", "b", 20), ("b", "c", 8), ("c", "a", 5))), flood=shock)
        assert deliveries(only(plan, PACK, BRING), "bring", 3)[0][1:3] == [clock(2, 505)] * 2


def test_only_what_is_released_while_it_is_closed_is_diverted() -> None:
    """Closed on day 0 from 07:00: the order of 00:00 waits at a until the reopening on day 1; then all is as ever."""
    shock = closed("a", from_day=0, from_time="07:00", to_day=1, **DIVERT)
    result = only(with_shocks(three(depots(("a", "b", 20))), flood=shock), PACK, BRING)
    assert deliveries(result, "bring", 3)[0][:3] == [clock(1, 505), clock(1, 505), clock(2, 505)]


def test_a_gateway_that_takes_over_is_fed_by_its_own_depot() -> None:
    """Gateway ga (of depot a) closed: through gb, which depot b feeds over 20 km; from there 10 + 10 km.

    490 + 30 + 30 = 550 on day 1 instead of 490 + 15 + 15 = 520. All packers of a are away: they are not needed.
    """
    geography = {
        "kind": "listed",
        "depots": [{"name": "a", "docks": 2}, {"name": "b", "docks": 2}],
        "gateways": [
            {"name": "ga", "depot": "a", "distance_km": 10, "diverts_to": "gb", "diverts_km": 10},
            {"name": "gb", "depot": "b", "distance_km": 20},
        ],
        "drop_points": [
            {"name": "d0", "households": 1, "distance_km": 10, "gateway": "ga"},
            {"name": "d1", "households": 1, "distance_km": 10, "gateway": "gb"},
        ],
    }
    plan = town(geography, vans=2, demand=DAILY)
    shocks = {"flood": closed("ga", at="gateway", **DIVERT), "away": closed("a")}
    found = deliveries(only(with_shocks(plan, **shocks), PACK, IN, OUT), "out", 2)
    assert found[0][:3] == [520, clock(1, 550), clock(2, 520)]
    assert found[1][:3] == [535, clock(1, 535), clock(2, 535)]


def test_none_is_open_where_the_others_are_closed_by_cases() -> None:
    """On day 1 a is closed by a shock with orders: nearest, and all three for cases (every depot has a guard's case).

    A closure by cases is a shock like any other place's, so none is open and everybody waits where they are. On day
    2 the orders of days 1 and 2 are noted at 481 and 482, packed at 491 and 492, and brought over 10 km: 506, 507.
    """
    plan = three(depots(("a", "b", 20), ("b", "c", 8)))
    rule = {
        "found_after_days": 1,
        "isolation_days": 1,
        "close_at": 1,
        "closure_days": 1,
        "cases": [{"crew": "guards", "day": 0}],
    }
    plan["staffing"]["crews"]["guards"] = crew(1)
    plan = with_shocks(with_staffing(plan, infections=rule), flood=closed("a", **DIVERT))
    guard = stage("guard", "guards", effort={"per_order_min": 1})
    found = deliveries(only(plan, guard, PACK, BRING), "bring", 3)
    assert [found[number][1] for number in range(3)] == [clock(2, 506)] * 3
    assert [found[number][2] for number in range(3)] == [clock(2, 507)] * 3


# --- part capacity, and work in hand --------------------------------------------------------------------------------


def work(minutes: float) -> Plain:
    """So many minutes at the depot."""
    return stage("pack", "packers", effort={"per_order_min": minutes})


@pytest.mark.parametrize(("capacity", "last"), [(1.0, 540), (0.5, 600), (0.25, 720)])
def test_place_at_part_capacity(capacity: float, last: float) -> None:
    """Four orders of 60 min a day: by four, two or one of the four packers on day 1."""
    plan = world([4], {"packers": crew(4)}, demand=DAILY)
    shock = {"kind": "place", "at": "depot", "capacity": capacity, "from_day": 1, "to_day": 2}
    found = ends(only(with_shocks(plan, slow=shock), work(60)), "pack")
    assert max(of_day(found[4:8], 1)) == last
    assert found[:4] == [540] * 4
    assert found[8:12] == [clock(2, 540)] * 4


@pytest.mark.parametrize("rule", ["finish", "pause", "hand_over"])
def test_closure_while_work_is_in_hand(rule: str) -> None:
    """Closed 09:00-11:00: 120 min from 480 on: 60 until 540, 60 from 660 to 720. The next: 720-840."""
    plan = world([2], {"packers": crew(1, at_shift_end=rule)})
    shock = closed(from_day=0, from_time="09:00", to_day=0, to_time="11:00")
    assert ends(only(with_shocks(plan, alarm=shock), work(120)), "pack") == [720, 840]


def test_equipment_in_a_closed_place() -> None:
    """A counter is closed 09:00-11:00: a customer of 120 min from 480 on is through at 720."""
    plan = world([1], {"counters": crew(1, "drop_point", ROUND_THE_CLOCK, people="equipment")})
    shock = closed(at="drop_point", from_day=0, from_time="09:00", to_day=0, to_time="11:00")
    serve = stage("serve", "counters", "drop_point", effort={"per_order_min": 600})
    assert ends(only(with_shocks(plan, alarm=shock), serve), "serve") == [720]


def test_walking_round_in_a_closed_drop_point() -> None:
    """Rounds of 20 min out, 3 at the door, 20 back. Closed 08:10-09:10: 10 min walked, the rest from 550: 563."""
    plan = world([1], {"walkers": crew(1, "drop_point")})
    shock = closed(at="drop_point", from_day=0, from_time="08:10", to_day=0, to_time="09:10")
    assert ends(only(with_shocks(plan, alarm=shock), door(walk_min=40)), "door") == [563]


def test_staff_shock_on_work_in_hand() -> None:
    """Two packers with 120 min each from 480 on; one of them is lost 09:00-10:00: 600 and 660."""
    plan = world([2], {"packers": crew(2)})
    shock = {"kind": "staff", "crews": ["packers"], "capacity": 0.5, "from_day": 0, "from_time": "09:00"}
    shock |= {"to_day": 0, "to_time": "10:00"}
    assert sorted(ends(only(with_shocks(plan, ill=shock), work(120)), "pack")) == [600, 660]


def test_staff_lost_for_days_is_said() -> None:
    """All three packers on days 1 and 2; the others of the place work on."""
    plan = world([1], {"packers": crew(3), "clerks": crew(1)})
    shock = {"kind": "staff", "crews": ["packers"], "from_day": 1, "to_day": 3}
    result = only(with_shocks(plan, ill=shock), work(60), stage("note", "clerks", effort={"per_order_min": 1}))
    assert on_days(result, "packers", "shock") == [0, 3, 3, 0, 0, 0, 0]
    assert on_days(result, "packers", "present") == [3, 0, 0, 3, 3, 3, 3]
    assert on_days(result, "clerks", "present") == [1] * 7


def test_fleet_shock_on_a_vehicle_under_way() -> None:
    """The only van is under way, 490-505; lost 495-600: the other 10 min until 610."""
    plan = world([1], {"packers": crew(1)}, {"vans": fleet(1)})
    shock = {"kind": "fleet", "fleets": ["vans"], "from_day": 0, "from_time": "08:15", "to_day": 0, "to_time": "10:00"}
    assert ends(only(with_shocks(plan, taken=shock), PACK, BRING), "bring") == [610]


def test_half_a_fleet() -> None:
    """Two of four vans on day 1: loads of one order; 505 twice, and after the way back (520) 535 twice."""
    plan = world([4], {"packers": crew(4)}, {"vans": fleet(4, payload_parcels=1)}, demand=DAILY)
    plan["scenario"]["geography"]["depots"][0]["docks"] = 4
    shock = {"kind": "fleet", "fleets": ["vans"], "capacity": 0.5, "from_day": 1, "to_day": 2}
    found = ends(only(with_shocks(plan, taken=shock), PACK, BRING), "bring")
    assert sorted(of_day(found[4:8], 1)) == [505, 505, 535, 535]
    assert found[:4] == [505] * 4


def test_shocks_that_overlap() -> None:
    """Closed 09:00-11:00 and again 10:30-12:00: 60 min until 540, 60 from 720 to 780."""
    plan = world([1], {"packers": crew(1)})
    first = closed(from_day=0, from_time="09:00", to_day=0, to_time="11:00")
    second = closed(from_day=0, from_time="10:30", to_day=0, to_time="12:00")
    assert ends(only(with_shocks(plan, alarm=first, again=second), work(120)), "pack") == [780]


def test_two_halves_are_not_one_whole() -> None:
    """A place at half capacity whose crew is at half: of four packers one or two are left, never none.

    Four orders of 60 min on day 1: done at 600 (two) or 720 (one).
    """
    plan = world([4], {"packers": crew(4)}, demand=DAILY)
    place = {"kind": "place", "at": "depot", "capacity": 0.5, "from_day": 1, "to_day": 2}
    staff = {"kind": "staff", "crews": ["packers"], "capacity": 0.5, "from_day": 1, "to_day": 2}
    found = ends(only(with_shocks(plan, slow=place, ill=staff), work(60)), "pack")
    assert max(of_day(found[4:8], 1)) in (600, 720)


@pytest.mark.parametrize("rule", ["finish", "pause"])
def test_closure_reaches_overtime_too(rule: str) -> None:
    """20 h of work from 08:00 on, the depot closed on day 1. finish: in overtime from 18:00; at 24:00 960 min are done.

    The other 240 min cannot be done before day 2, for the place is closed on day 1. pause: 600 min on day 0, 600 on
    day 2: 1080 there.
    """
    plan = with_shocks(world([1], {"packers": crew(1, at_shift_end=rule)}), flood=closed())
    found = ends(only(plan, work(1200)), "pack")[0]
    assert found >= clock(2, 240)
    if rule == "pause":
        assert found == clock(2, 1080)
