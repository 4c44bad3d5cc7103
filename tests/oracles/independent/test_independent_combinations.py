"""Mechanisms of the supply side together, derived a second time from the documentation alone."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from tests.plans.both_engines import (
    deliveries,
    exact,
    kg_of,
    of_day,
    on_days,
    only,
    stock_on_days,
    with_shocks,
    with_staffing,
)
from tests.plans.demand_plans import (
    assert_binomial,
    counts,
    days_of,
    group_of_goods,
    in_tiers,
    mix,
    open_gate,
    ordered,
    purchases,
    times,
    use,
    value,
    way,
    with_goods,
)
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
    shift,
    stage,
    world,
)
from tests.plans.supply_plans import NEVER_REVIEWED, source, stock, with_supply

DAILY = cycle(7, 1)
WAIT = delay("wait", 30)
NEAREST = {"kind": "nearest_first"}


def job(minutes: float, name: str = "pack", who: str = "packers", at: str = "depot") -> Plain:
    """So many minutes of work on each order."""
    return stage(name, who, at, effort={"per_order_min": minutes})


def infected(crew_name: str, day: int, **more: Any) -> Plain:
    """One given case; found the day after."""
    return {"found_after_days": 1, "isolation_days": 3, "cases": [{"crew": crew_name, "day": day}], **more}


def shocked(kind: str, start: str, end: str, day: int = 0, **more: Any) -> Plain:
    """A shock between two times of one day."""
    return {"kind": kind, "from_day": day, "from_time": start, "to_day": day, "to_time": end, **more}


# --- people ---------------------------------------------------------------------------------------------------


def test_work_in_hand_of_somebody_sent_away() -> None:
    """900 min from 480 of day 0; found on day 1, away on days 1 to 3.

    pause: 600 on day 0, 300 on day 4, until 780. hand_over, with a colleague: 300 on day 1, until 780. finish: in
    overtime, before anybody knows: 1380 of day 0.
    """
    plan = with_staffing(world([1], {"packers": crew(1, at_shift_end="pause")}), infections=infected("packers", 0))
    assert ends(only(plan, job(900)), "pack") == [clock(4, 780)]
    plan = with_staffing(world([2], {"packers": crew(2, at_shift_end="hand_over")}), infections=infected("packers", 0))
    # Both have 300 min left on day 1, when the colleague is alone: 780 and 1080.
    assert sorted(ends(only(plan, job(900)), "pack")) == [clock(1, 780), clock(1, 1080)]
    plan = with_staffing(world([1], {"packers": crew(1)}), infections=infected("packers", 0))
    assert ends(only(plan, job(900)), "pack") == [1380]


def test_those_turned_back_are_filled_in_for() -> None:
    """No packer gets through; two of three loaders fill in, who have a rule of their own that lets them through."""
    crews = {
        "packers": crew(4, reassign={"from": "loaders", "when_below": 0.5, "up_to": 4}),
        "loaders": crew(3, commute={"recognised": 1}),
    }
    plan = with_staffing(world([2], crews), commute={"recognised": 0})
    result = only(plan, job(60), job(10, "load", "loaders"))
    assert on_days(result, "packers", "turned_back") == [4] * 7
    assert on_days(result, "packers", "filled_in") == [2] * 7
    assert on_days(result, "loaders", "present") == [1] * 7
    # Both packed at 540; the one loader: 550, 560.
    assert sorted(ends(result, "load")) == [550, 560]


def test_who_arrives_needs_a_bed() -> None:
    """One from the start, one more on each of the days 1 and 2, two beds: two are there from day 1 on."""
    packers = crew(1, arrivals={"from_day": 1, "per_day": 1, "up_to": 3})
    plan = with_staffing(world([1], {"packers": packers}), closed_loop={"depot": {"beds": 2, "limit": True}})
    result = only(plan, job(60))
    assert on_days(result, "packers", "present") == [1, 2, 2, 2, 2, 2, 2]


def test_a_pass_is_held_for_good_and_recognised_each_day() -> None:
    """Half hold a pass that is always recognised: the same people each day.

    All hold one, recognised by half at each of two checkpoints: a quarter comes, others each day.
    """
    plan = world([1], {"packers": crew(400)})
    same = only(with_staffing(plan, commute={"recognised": 1, "pass_share": 0.5}), job(60))
    present = on_days(same, "packers", "present")
    assert len(set(present)) == 1
    assert_binomial(present[0], 400, 0.5)
    anew = only(with_staffing(plan, commute={"recognised": 0.5, "checkpoints": 2}), job(60))
    present = on_days(anew, "packers", "present")
    assert len(set(present)) > 1
    assert_binomial(sum(present), 7 * 400, 0.25)


def test_a_depot_has_the_mean_of_those_it_serves() -> None:
    """Three of four households are sealed, where nobody is recognised: a quarter gets through to the depot."""
    recognised = {"default": 1, "tiers": {"sealed": 0}}
    plan = with_staffing(world([3, 1], {"packers": crew(400)}), commute={"recognised": recognised})
    plan = in_tiers(plan, {"tier": "controlled", "communities": ["d1"]})
    assert_binomial(sum(on_days(only(plan, job(60)), "packers", "present")), 7 * 400, 0.25)


def test_the_lower_of_district_and_tier() -> None:
    """Default 0, tier 1: the lower one is 0, so nobody."""
    plan = with_staffing(
        world([1], {"packers": crew(2)}), commute={"recognised": {"default": 0, "tiers": {"sealed": 1}}}
    )
    assert on_days(only(in_tiers(plan), job(60)), "packers", "present") == [0] * 7


def test_drivers_are_late_and_tested() -> None:
    """Late by 45 min: the load packed at 490 leaves at 525, there at 540. Tested for 15 min at 480: leaves at 495."""
    plan = world([1], {"packers": crew(1)}, {"vans": fleet(1)})
    late = {**plan["fleet"]["vans"], "commute": {"recognised": 0, "otherwise": "delayed", "delay_min": 45}}
    tested = {**plan["fleet"]["vans"], "tests": {"antigen_per_day": 1, "antigen_min": 15}}
    for vans, minute in ((late, 540), (tested, 510)):
        result = only({**plan, "fleet": {"vans": vans}}, job(10), leg("bring", "vans"))
        assert ends(result, "bring") == [minute]


def test_speed_and_fit() -> None:
    """At half speed 200 min are 400: 480-880; another 400 do not fit until 1080: day 1 at full speed, 680."""
    packers = crew(1, at_shift_end="fit", productivity={"start": 0.5, "end": 1, "over_days": 1})
    assert ends(only(world([2], {"packers": packers}), job(200)), "pack") == [880, clock(1, 680)]


def test_breaks_tests_and_pause() -> None:
    """08:00-18:00 with a break 12:00-13:00, tests of 10 min at both ends: duty 490-720 and 780-1070.

    300 min: 230 until 720, 70 until 850. The next: 220 until 1070, 80 from 490 of day 1: 570.
    """
    packers = crew(1, "depot", shift("08:00", "18:00", ("12:00", "13:00")), at_shift_end="pause")
    plan = with_staffing(world([2], {"packers": packers}), tests={"antigen_per_day": 2, "antigen_min": 10})
    assert ends(only(plan, job(300)), "pack") == [850, clock(1, 570)]


def test_a_staff_shock_on_people_who_fill_in() -> None:
    """The morning counts: packers lost from 09:00 on are not replaced, and work in hand waits until 11:00.

    All four packers are there in the morning, so no loader fills in.
    """
    crews = {"packers": crew(4, reassign={"from": "loaders", "when_below": 1, "up_to": 4}), "loaders": crew(4)}
    plan = with_shocks(world([1], crews), ill=shocked("staff", "09:00", "11:00", crews=["packers"]))
    result = only(plan, job(120), job(10, "load", "loaders"))
    assert ends(result, "pack") == [720]
    assert on_days(result, "packers", "filled_in")[0] == 0


# --- vehicles and shocks ------------------------------------------------------------------------------------------


def far_trip(**shock: Any) -> list[float]:
    """A van that leaves at 490 for 40 km (an hour), on duty until 09:00."""
    plan = world([1], {"packers": crew(1)}, {"vans": fleet(1, "depot", shift("08:00", "09:00"))})
    plan["scenario"]["geography"]["drop_points"][0]["distance_km"] = 40
    return ends(only(with_shocks(plan, taken=shock), job(10), leg("bring", "vans")), "bring")


def test_fleet_lost_while_on_duty() -> None:
    """490 + 60 = 550. Lost 500-530, still on duty after it: 580, as the trip is always finished."""
    assert far_trip(**shocked("fleet", "05:00", "06:00", fleets=["vans"])) == [550]
    assert far_trip(**shocked("fleet", "08:20", "08:50", fleets=["vans"])) == [580]


def test_fleet_lost_while_in_overtime() -> None:
    """Under way until 550, lost 545-605, after the end of duty at 540: not there before 605 + 5."""
    assert far_trip(**shocked("fleet", "09:05", "10:05", fleets=["vans"]))[0] >= 610


def test_shock_that_begins_as_work_does() -> None:
    """Lost 08:00-09:00: the job begins at 540. Lost 09:00-10:00 when it ends at 540: it has ended."""
    plan = world([1], {"packers": crew(1)})
    for start, end, minute in (("08:00", "09:00", 600), ("09:00", "10:00", 540)):
        shock = shocked("staff", start, end, crews=["packers"])
        assert ends(only(with_shocks(plan, ill=shock), job(60)), "pack") == [minute]


def test_a_gateway_closed_with_hold() -> None:
    """Its worker stops 08:30-09:30: disinfection from 505 on, 20 min: 5 min until 510, 15 from 570: 585; 600 at d0."""
    geography = {
        "kind": "listed",
        "depots": [{"name": "site"}],
        "gateways": [{"name": "edge", "depot": "site", "distance_km": 10}],
        "drop_points": [{"name": "d0", "households": 1, "distance_km": 10, "gateway": "edge"}],
    }
    crews = {"packers": crew(1), "yard": crew(1, "gateway")}
    plan = world(geography, crews, {"trucks": fleet(1), "vans": fleet(1, "gateway")})
    plan = with_shocks(plan, alarm=shocked("place", "08:30", "09:30", at="gateway"))
    clean = stage("clean", "yard", "gateway", per="load", effort={"per_load_min": 20})
    result = only(plan, job(10), leg("in", "trucks", to="gateway"), clean, leg("out", "vans", origin="gateway"))
    assert (ends(result, "in"), ends(result, "clean"), ends(result, "out")) == ([505], [585], [600])


def two_depots(households: tuple[int, int] = (2, 2)) -> Plain:
    """Depot b takes over from a, no farther away."""
    return {
        "kind": "listed",
        "depots": [{"name": "a", "diverts_to": "b", "diverts_km": 0}, {"name": "b"}],
        "drop_points": [
            {"name": f"d{number}", "households": count, "distance_km": 10, "depot": depot}
            for number, (depot, count) in enumerate(zip("ab", households, strict=True))
        ],
    }


A_CLOSED = {"kind": "place", "at": "depot", "places": ["a"], "orders": "nearest", "from_day": 1, "to_day": 2}


def test_the_receiving_depot_takes_on_no_more_than_it_may() -> None:
    """Three orders a day and depot: two from each on day 0; three of four at b on day 1; two from each on day 2.

    One of those turned away on day 1 wants something on day 2 anyway.
    """
    plan = world(two_depots(), {"packers": crew(4)}, demand=purchases())
    limited = way("only", WAIT, acceptance={"orders_per_day": 3}, release=ordered())
    result = exact(with_shocks(plan, flood=A_CLOSED), mix(use(limited)))
    days = days_of(result, "only")
    assert (days[0], days[1], days[2]) == (4, 3, 4)
    assert counts(result, "only")["rejected"] == 1


def test_diverted_orders_wait_behind_no_one_at_home() -> None:
    """One packer at each depot, 60 min an order: day 1's four at b 540, 600, 660, 720; at a nothing is left over."""
    plan = world(two_depots(), {"packers": crew(1)}, demand=DAILY)
    result = only(with_shocks(plan, flood=A_CLOSED), job(60))
    found = ends(result, "pack")
    assert sorted(of_day(found[4:8], 1)) == [540, 600, 660, 720]
    assert sorted(of_day(found[8:12], 2)) == [540, 540, 600, 600]


def test_promise_at_the_receiving_depot_counts_its_own_people() -> None:
    """10 orders a day per depot, of 8 households each: 16 at b on day 1, of which it takes on 10."""
    plan = world(two_depots((8, 8)), {"packers": crew(1)}, demand=purchases())
    promising = way("only", job(60), acceptance={"promise_days": 1}, release=ordered())
    result = exact(with_shocks(plan, flood=A_CLOSED), mix(use(promising)))
    days = days_of(result, "only")
    assert (days[0], days[1], days[2]) == (16, 10, 16)


# --- supply ---------------------------------------------------------------------------------------------------------


def two_goods(rice_days: float, milk_days: float, when_short: str, **more: Any) -> ss.Result:
    """Four households, 1 kg of rice and 0.5 of milk a day, ordered once, for a week."""
    plan = world([4], {"packers": crew(4)}, demand=cycle(days=7, release_time="06:00"))
    plan = with_goods(plan, {"rice": group_of_goods(1, 1), "milk": group_of_goods(0.5, 1)})
    stocks = {"rice": stock(rice_days), "milk": stock(milk_days, **more)}
    plan = with_supply(plan, stocks, sources={"dairy": source(24, goods=["milk"])})
    return only(plan, job(10), allocation=[NEAREST] if when_short != "partial" else [], when_short=when_short)


def test_one_of_the_goods_is_short() -> None:
    """Rice for a week, milk for half of it. partial: all of the rice and half of the milk; as long to pack: 490.

    reject: whole orders only, 3.5 kg of milk each of 7 kg: two. wait: the other two at noon of day 1, when 14 kg of
    the milk ordered on day 0 (up to 7 days: 14 - 0) are there; packed at 730.
    """
    part = two_goods(7, 3.5, "partial")
    assert kg_of(part) == pytest.approx([7 + 1.75] * 4)
    assert ends(part, "pack") == [490] * 4
    assert kg_of(two_goods(7, 3.5, "reject")) == pytest.approx([10.5, 10.5, 0, 0])
    waiting = two_goods(7, 3.5, "wait", up_to=7)
    assert ends(waiting, "pack") == [490, 490, clock(1, 730), clock(1, 730)]
    assert kg_of(waiting) == pytest.approx([10.5] * 4)


def test_what_is_passed_over_does_not_keep_the_other_goods() -> None:
    """Milk for nobody: with reject nobody gets rice either, and all of it is still there."""
    result = two_goods(7, 0, "reject")
    assert kg_of(result) == [0] * 4
    assert stock_on_days(result, "on_hand_kg", "rice")[-1] == pytest.approx(28)


def test_the_next_basket_makes_up_for_what_was_missing() -> None:
    """Ten households buy every day at 00:00 what they have used up. 5 kg on day 0: half of 1 kg each.

    What is asked for at noon is there when day 1 begins: then 1 kg and the 0.5 that was missing. Then 1 kg a day.
    """
    plan = world([10], {"packers": crew(1)}, demand=purchases())
    plan = with_supply(plan, {"food": stock(0.5, 9)}, sources={"market": source(12)})
    result = only(plan, WAIT)
    assert stock_on_days(result, "asked_kg") == pytest.approx([10, 15, 10, 10, 10, 10, 10])
    assert stock_on_days(result, "drawn_kg") == pytest.approx([5, 15, 10, 10, 10, 10, 10])


def test_parcels_for_everybody_are_filled_when_due() -> None:
    """A parcel of 2 kg for each of ten every three days at 09:00, 30 kg in stock: 2 kg each, then 1, then nothing."""
    plan = world([10], {"packers": crew(1)}, demand=cycle(7, 1))
    plan = with_supply(plan, {"food": stock(3)}, review=NEVER_REVIEWED)
    parcels = {"kind": "allot", "every_days": 3, "at": "09:00"}
    result = only(plan, WAIT, release=parcels, parcel={"kg": 2})
    assert stock_on_days(result, "drawn_kg") == pytest.approx([20, 0, 0, 10, 0, 0, 0])
    assert deliveries(result, "wait", 1)[0] == [570, clock(3, 570)]
    assert counts(result, "only")["delivered"] == 20


def test_daily_round_of_scarce_goods() -> None:
    """Requests by 11:00, out at 17:00, counted at 17:30: what is sent for then comes the day after at 17:30.

    Packed 11:00-11:10, leaves at 1020, there at 1035. 10 kg in stock for ten households: gone on day 0; those of day 1
    are turned away, for the goods come at 17:30 of day 1; then each day's come before the next list.
    """
    plan = world([10], {"packers": crew(10)}, {"vans": fleet(1)}, demand=cycle(7, 1, release_time="11:00"))
    plan = with_supply(plan, {"food": stock(1, 1)}, at="17:30")
    round_of_the_day = {"kind": "order", "every_days": 1, "cut_off": "11:00"}
    bring = leg("bring", "vans", leave={"kind": "time", "orders": 10, "at": ["17:00"]}, discipline="fifo")
    result = only(plan, job(10), bring, release=round_of_the_day)
    assert stock_on_days(result, "drawn_kg") == pytest.approx([10, 0, 10, 0, 10, 0, 10])
    assert deliveries(result, "bring", 1)[0] == [clock(day, 1035) for day in (0, 2, 4, 6)]


def test_an_order_held_at_a_closed_depot_has_its_goods() -> None:
    """10 kg at the depot, closed on day 0: day 0's ten orders have them and wait; on day 1 nothing is left."""
    plan = world([10], {"packers": crew(10)}, demand=DAILY)
    plan = with_supply(plan, {"food": stock(1)}, review=NEVER_REVIEWED)
    shock = {"kind": "place", "at": "depot", "from_day": 0, "to_day": 1}
    result = only(with_shocks(plan, flood=shock), job(10))
    assert ends(result, "pack") == [clock(1, 490)] * 10
    assert stock_on_days(result, "drawn_kg") == pytest.approx([10, 0, 0, 0, 0, 0, 0])


def test_ladder_looks_at_all_depots_together() -> None:
    """Two depots of 10 households, 2 days = 40 kg together. Day 0 leaves 20 kg, one day of all: below 1.1.

    The market is closed, so the 20 kg that are lacking come from the reserve, in one release for both.
    """
    plan = world(two_depots((10, 10)), {"packers": crew(1)}, demand=cycle(7, 1, release_time="06:00"))
    plan = with_supply(
        plan,
        {"food": stock(2, 2)},
        reserves={"near": {"kg": {"food": 100}, "delay_hours": 6}},
        ladder={"below_days": 1.1, "above_days": 1.9},
    )
    plan = with_shocks(plan, closed={"kind": "supply", "sources": ["market"], "from_day": 0})
    result = only(plan, WAIT)
    assert result.releases is not None
    first = result.releases.iloc[0]
    assert (first["asked_min"], first["arrived_min"], first["kg"]) == (720, 1080, pytest.approx(20))


def test_wait_and_a_gate() -> None:
    """Goods for orders that wait come at noon of day 1; the gate is open 08:00-11:00: they pass it on day 2."""
    plan = world([2], {"packers": crew(1)}, demand=cycle(days=7, release_time="06:00"))
    plan = with_supply(plan, {"food": stock(0, 14)}, sources={"market": source(24)})
    result = only(plan, open_gate("open", "08:00", "11:00"), allocation=[NEAREST], when_short="wait")
    assert ends(result, "open") == [clock(2, 480)] * 2


def test_cost_of_goods() -> None:
    """Prices: 2 a kg bought, 3 a kg released, 1 a kg spoiled.

    Stock of 10 kg that keep 0.2 days: all spoils at 04:48. Noon of day 0: 10 kg from the market, there on day 1 at
    noon and spoiled at 16:48. The only review; nothing is ever sent.
    """
    prices = {"goods_kg": 2, "reserve_kg": 3, "spoiled_kg": 1}
    plan = world([10], {"packers": crew(1)}, demand=cycle(7, 1, release_time="06:00"), prices=prices)
    plan = with_supply(
        plan,
        {"food": stock(1, 1, shelf_life_days=0.2)},
        sources={"market": source(4)},
        review={"at": "12:00", "every_days": 1000},
    )
    result = only(plan, WAIT)
    assert value(result, "spoiled_kg") == pytest.approx(20)
    assert value(result, "cost") == pytest.approx(10 * 2 + 20 * 1)
    assert is_never(value(result, "last_household_served_h"))


def test_walkers_learn_while_a_floor_is_full() -> None:
    """Room for one parcel at the drop point, one parcel a load; a walker at half speed on day 0.

    Loads of one leave the depot (10 km) at 490 and 490: both there at 505. Round: 4 out, 6 at the door, 4 back: 515.
    The second is unloaded at 515; the walker is back at 519: 529.
    """
    plan = world(
        [2],
        {
            "packers": crew(2),
            "walkers": crew(1, "drop_point", productivity={"start": 0.5, "end": 0.5, "over_days": 1}),
        },
        {"vans": fleet(2, payload_parcels=1)},
    )
    plan["scenario"]["geography"]["drop_points"][0]["floor_parcels"] = 1
    plan["scenario"]["geography"]["depots"][0]["docks"] = 2
    walk = door()
    walk["stage"]["discipline"] = "fifo"
    result = only(plan, job(10), leg("bring", "vans", discipline="fifo"), walk)
    assert sorted(ends(result, "bring")) == [505, 515]
    assert sorted(ends(result, "door")) == [515, 529]


@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_everybody_is_accounted_for(engine: Any) -> None:
    """Planned = present + absent by reason, with everything that keeps people away at once."""
    packers = crew(20, arrivals={"from_day": 1, "per_day": 2, "up_to": 26}, attendance=0.8)
    plan = with_staffing(
        world([30], {"packers": packers, "clerks": crew(10)}, demand=DAILY),
        attendance=0.7,
        commute={"recognised": 0.8, "pass_share": 0.9},
        infections=infected("packers", 0, quarantine_days=2, per_contact=0.01, close_at=3, closure_days=1),
    )
    plan = with_shocks(plan, ill={"kind": "staff", "crews": ["clerks"], "capacity": 0.5, "from_day": 2, "to_day": 4})
    result = only(plan, job(5), job(2, "note", "clerks"))
    away = (
        "stayed_away",
        "turned_back",
        "infected",
        "quarantined",
        "closed",
        "no_bed",
        "lent",
        "not_called_up",
        "shock",
    )
    for name in ("packers", "clerks"):
        total = [sum(day) for day in zip(*(on_days(result, name, what) for what in ("present", *away)), strict=True)]
        assert total == on_days(result, name, "planned")
    assert on_days(result, "packers", "planned") == [20, 22, 24, 26, 26, 26, 26]


def test_day_of_the_whole_chain() -> None:
    """Goods at noon of day 1, waiting orders packed 20 min with tests in between, brought and walked.

    Tests of 15 min at 480 and 1065. Two orders wait until 720, two packers: 740. The van: 755; the walker: 2 + 3 + 2:
    760, 767.
    """
    plan = world(
        [2],
        {"packers": crew(2), "walkers": crew(1, "drop_point")},
        {"vans": fleet(1)},
        demand=cycle(days=7, release_time="06:00"),
    )
    plan = with_staffing(plan, tests={"antigen_per_day": 2, "antigen_min": 15})
    plan = with_supply(plan, {"food": stock(0, 14)}, sources={"market": source(24)})
    result = only(plan, job(20), leg("bring", "vans"), door(), allocation=[NEAREST], when_short="wait")
    assert ends(result, "bring") == [clock(1, 755)] * 2
    assert of_day(ends(result, "door"), 1) == [760, 767]


def test_an_order_that_waits_was_placed_when_it_was() -> None:
    """Two orders of 06:00 of day 0 are taken on then, and sent at noon of day 1."""
    assert times(_waiting(), "placed") == [360, 360]


def _waiting() -> ss.Result:
    plan = world([2], {"packers": crew(1)}, demand=cycle(days=7, release_time="06:00"))
    plan = with_supply(plan, {"food": stock(0, 14)}, sources={"market": source(24)})
    return only(plan, WAIT, allocation=[NEAREST], when_short="wait")


def test_an_order_that_waits_is_open() -> None:
    """Attempted and accepted on day 0, on its way at the end of it, delivered on day 1."""
    days = _waiting().days.sort_values("day")
    found = {
        name: [int(number) for number in days.loc[days["measure"] == name, "value"].iloc[:2]]
        for name in ("attempted", "accepted", "open", "delivered")
    }
    assert found == {"attempted": [2, 0], "accepted": [2, 0], "open": [2, 0], "delivered": [0, 2]}
