"""Shares of a channel's orders that go another way: who they are, when they come, and what they share with the rest.

Households 0-9 of `d0` unless a case says otherwise, a list at 00:00 of day 0; one packer takes 10 min an order from 480
on, so order i is packed at 490 + 10 i. By seed 1 the orders of households 0, 1, 6 and 7 are of the branch of a share
of 0.3 (`COLD`), which `test_who_is_of_a_branch_is_drawn_for_household_and_day` looks up.
"""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from simsupply.model.city.tier_calendar import draw_tiers
from simsupply.model.orders.capacity import Basket, limiting_stages, orders_per_day, room_for_orders
from simsupply.model.orders.open_orders import OpenOrders, OpenPart
from simsupply.model.run_loop import run_replication
from simsupply.results.longest_waits import longest_waits
from simsupply.strategy.routes import routes_of, ways_of
from simsupply.streams.keyed import Streams
from tests.plans.both_engines import deliveries, exact, with_shocks
from tests.plans.demand_plans import assert_binomial
from tests.plans.paper_plans import (
    Plain,
    channel,
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
    strategy,
    world,
)
from tests.plans.supply_plans import stock, with_supply

SHARE = 0.3
COLD = [0, 1, 6, 7]
REST = [2, 3, 4, 5, 8, 9]
PACK = stage("pack", "packers", effort={"per_order_min": 10})
DRIVE = leg("drive", "vans")


def of(branch: str | list[str], step: Plain) -> Plain:
    """A step for orders of a branch only."""
    return {**step, "branch": branch}


def branching(*steps: Plain, **shares: float) -> Plain:
    """A strategy of one channel with branches."""
    branches = {name: {"share": share} for name, share in (shares or {"cold": SHARE}).items()}
    return strategy({**channel("only", *steps), "branches": branches})


def town(households: int = 10, **vehicles: Plain) -> Plain:
    """One packer, one in the cold room, one who walks to the doors, one van of each kind."""
    crews = {"packers": crew(1), "cold_room": crew(1), "walkers": crew(1, "drop_point")}
    return world([households], crews, {"vans": fleet(1), "reefers": fleet(1), **vehicles})


def chill(**more: object) -> Plain:
    return of("cold", stage("chill", "cold_room", **{"effort": {"per_order_min": 20}, **more}))


def times_of(result: ss.Result, step: str, households: list[int]) -> list[float]:
    found = deliveries(result, step, max(households) + 1)
    return [found[household][0] for household in households]


# --- who -----------------------------------------------------------------------------------------------------------


def test_who_is_of_a_branch_is_drawn_for_household_and_day() -> None:
    """Of 3 lists each order is of the branch by the number drawn for ("branch", day, household) below 0.3."""
    plan = town()
    plan["demand"] = cycle(14, 1)
    plan["scenario"] |= {"horizon_days": 3, "service_target_days": 3}
    result = exact(plan, branching(PACK, chill(), DRIVE))
    streams = Streams(seed=1, replication=0)
    assert np.flatnonzero(streams.uniform_at("branch", 0, np.arange(10)) < SHARE).tolist() == COLD
    orders = result.orders
    assert orders is not None
    for day in range(3):
        of_day = orders[orders["placed"] // 1440 == day].sort_values("household")
        expected = streams.uniform_at("branch", day, np.arange(10)) < SHARE
        assert (~of_day["chill"].isna()).tolist() == expected.tolist()


def test_another_strategy_with_the_same_branch_draws_the_same_households() -> None:
    """Other steps, crews, batches and vehicles; and a share that is larger takes more of the same."""
    plan = town()
    other = branching(
        of("cold", delay("cool", 90)), stage("pack", "packers", per="consignment", effort={"per_order_min": 1}), DRIVE
    )
    assert [not is_never(time) for time in ends(exact(plan, other), "cool")] == [number in COLD for number in range(10)]
    wider = branching(PACK, chill(), DRIVE, cold=0.6)
    found = {number for number, time in enumerate(ends(exact(plan, wider), "chill")) if not is_never(time)}
    assert set(COLD) < found


def test_the_share_of_a_branch_is_what_chance_explains_and_every_order_comes_once_by_its_way() -> None:
    """200 households on 3 days under 10 seeds: cold 0.2, frozen 0.3, rest 0.5; each waits 30, 60 or 90 min."""
    plan = world([200], {"packers": crew(1)}, demand=cycle(14, 1), horizon_days=3)
    waits = {"cold": 30.0, "frozen": 60.0, "rest": 90.0}
    decided = branching(*(of(name, delay(name, minutes)) for name, minutes in waits.items()), cold=0.2, frozen=0.3)
    scenario, chosen = ss.load_scenario(plan), ss.load_strategy(decided)
    orders = ss.simulate(scenario, chosen, replications=10, seed=5, detail="orders").orders
    assert orders is not None
    assert len(orders) == 6000
    passed = ~orders[list(waits)].isna()
    assert (passed.sum(axis=1) == 1).all()
    for name, minutes in waits.items():
        assert (orders.loc[passed[name], name] - orders.loc[passed[name], "placed"] == minutes).all()
    for name, share in (("cold", 0.2), ("frozen", 0.3), ("rest", 0.5)):
        assert_binomial(int(passed[name].sum()), 6000, share)


# --- when ----------------------------------------------------------------------------------------------------------


def test_a_crew_of_its_own_for_some_orders_and_one_van_for_all() -> None:
    """The cold ones are packed at 490, 500, 550, 560 and cooled 20 min each: 510, 530, 570, 590.

    One van for all ten waits for the last: it leaves at 590 and is there at 605.
    """
    result = exact(town(), branching(PACK, chill(), DRIVE))
    assert ends(result, "pack") == [490.0 + 10 * number for number in range(10)]
    assert times_of(result, "chill", COLD) == [510, 530, 570, 590]
    assert all(map(is_never, times_of(result, "chill", REST)))
    assert ends(result, "drive") == [605.0] * 10
    waits = result.tables["waits"].set_index(["step", "cause"])
    # Only four orders ever come to the cold room, two of which wait there: 10 min and 10 min.
    assert waits.loc[("chill", "people"), "orders"] == 4
    assert waits.loc[("chill", "people"), "wait_h"] == pytest.approx(20 / 60)


def test_vehicles_side_by_side_have_loads_of_their_own() -> None:
    """And consignments of their own: the four cold ones are packed first, 490-520, then the six others, 530-580.

    The reefer leaves at 520, the van at 580.
    """
    steps = PACK, of("cold", leg("cool_drive", "reefers")), of("rest", DRIVE)
    result = exact(town(), branching(*steps))
    assert times_of(result, "cool_drive", COLD) == [535] * 4
    assert times_of(result, "drive", REST) == [595] * 6


def test_consignments_are_cut_for_the_vehicles_on_their_way() -> None:
    """A reefer holds 2, the van all. Consignments take turns: two cold ones (packed at 490, 500), the six others
    (510-560), two cold ones (570, 580). The reefer leaves at 500 and 580, the van still takes its six at once, at 560.
    """
    result = exact(
        town(reefers=fleet(1, payload_parcels=2)),
        branching(PACK, of("cold", leg("cool_drive", "reefers")), of("rest", DRIVE)),
    )
    assert times_of(result, "cool_drive", COLD) == [515, 515, 595, 595]
    assert times_of(result, "drive", REST) == [575] * 6


def test_a_milk_run_of_one_branch_beside_direct_trips_of_the_other() -> None:
    """Two drop points of five households, no distance at all; the consignments take turns: of the first drop point the
    cold ones (0, 1: 490, 500), then its others (2, 3, 4: 510-530), of the second 6, 7 (540, 550) and 5, 8, 9 (560-580).

    One trip brings all four cold ones when the last is packed, at 550; the van leaves at 530 and at 580.
    """
    geography = {
        "kind": "spread",
        "radius_km": 1e-9,
        "detour_factor": 1,
        "world_seed": 1,
        "households": 10,
        "depots": {"count": 1, "docks": 2},
        "drop_points": {"count": 2},
    }
    plan = world(geography, {"packers": crew(1)}, {"vans": fleet(1), "reefers": fleet(1)})
    assert ss.load_scenario(plan).households.drop_point.tolist() == [0] * 5 + [1] * 5
    tour = of("cold", leg("tour", "reefers", route="milk_run", max_stops=2))
    result = exact(plan, branching(PACK, tour, of("rest", DRIVE)))
    assert times_of(result, "tour", COLD) == pytest.approx([550] * 4)
    assert times_of(result, "drive", REST) == pytest.approx([530, 530, 530, 580, 580, 580])
    run = run_replication(result.scenario, result.strategy, seed=1, number=0)
    trips = {step.fleet: step.trips for step in run.steps}
    assert (trips["reefers"], trips["vans"]) == (1, 2)


def test_orders_that_came_by_different_vehicles_meet_on_one_vehicle_again() -> None:
    """A lorry each to the station, 15 min: the cold ones (packed 490-520) are there at 535, the others at 595.

    One van takes all ten on when the last is there: 610. A van of 4 takes the four cold ones at 535 (550), four of the
    others at 595 (610) and, back at 625, the last two (640).
    """
    geography = {
        "kind": "listed",
        "depots": [{"name": "site", "docks": 2}],
        "stations": [{"name": "hub", "depot": "site", "distance_km": 10.0, "docks": 1}],
        "drop_points": [{"name": "d0", "households": 10, "distance_km": 10.0, "station": "hub"}],
    }
    lorries = (
        of("cold", leg("cool_trunk", "reefers", "depot", "station")),
        of("rest", leg("trunk", "lorries", "depot", "station")),
    )

    def plan(parcels: int) -> Plain:
        vans = fleet(1, "station", payload_parcels=parcels)
        return world(geography, {"packers": crew(1)}, {"reefers": fleet(1), "lorries": fleet(1), "vans": vans})

    result = exact(plan(100), branching(PACK, *lorries, leg("local", "vans", "station", "drop_point")))
    assert times_of(result, "cool_trunk", COLD) == [535] * 4
    assert times_of(result, "trunk", REST) == [595] * 6
    assert ends(result, "local") == [610] * 10
    result = exact(plan(4), branching(PACK, *lorries, leg("local", "vans", "station", "drop_point")))
    assert times_of(result, "local", COLD) == [550] * 4
    assert times_of(result, "local", REST) == [610] * 4 + [640] * 2


# --- units of the orders of the step only ----------------------------------------------------------------------------


def test_a_consignment_at_a_step_of_a_branch_is_what_the_branch_has_in_it() -> None:
    """Ready with the last cold one, at 560; 4 orders of 5 min and 3 min for the consignment: 583. All leave then."""
    effort = {"per_order_min": 5, "per_consignment_min": 3}
    result = exact(town(), branching(PACK, chill(per="consignment", effort=effort), DRIVE))
    assert times_of(result, "chill", COLD) == [583] * 4
    assert ends(result, "drive") == [598] * 10


def test_rounds_go_to_the_doors_of_the_branch_only() -> None:
    """All are there at 595; rounds of 3 and 1 of the cold ones: 2 min there, 3 at each door, 2 back.

    600, 603, 606, back at 608; then 610 + 3. The others are done with the van.
    """
    result = exact(town(), branching(PACK, DRIVE, of("cold", door(3))))
    assert times_of(result, "door", COLD) == [600, 603, 606, 613]
    assert times_of(result, "drive", REST) == [595] * 6


def test_a_load_at_a_step_of_a_branch_is_what_the_branch_has_on_it() -> None:
    """Unloaded at 595 the cold part of the load takes 7 min and 1 min an order: 606."""
    unpack = stage("unpack", "walkers", "drop_point", per="load", effort={"per_order_min": 1, "per_load_min": 7})
    result = exact(town(), branching(PACK, DRIVE, of("cold", unpack)))
    assert times_of(result, "unpack", COLD) == [606] * 4


def test_a_step_for_two_of_three_branches() -> None:
    """Below 0.3 cold, up to 0.6 frozen: both are cooled, and only the rest is sorted."""
    plan = town()
    drawn = Streams(seed=1, replication=0).uniform_at("branch", 0, np.arange(10))
    steps = PACK, of(["cold", "frozen"], delay("cool", 5)), of("rest", delay("sort", 7)), DRIVE
    result = exact(plan, branching(*steps, cold=0.3, frozen=0.3))
    assert [not is_never(time) for time in ends(result, "cool")] == (drawn < 0.6).tolist()
    assert [not is_never(time) for time in ends(result, "sort")] == (drawn >= 0.6).tolist()


def test_one_crew_at_steps_side_by_side_does_several_things() -> None:
    """One person packs cold ones in 20 min and others in 10; one step follows on both, so the longest ready goes first.

    All are ready at 0; among those the step that comes first: `pack` 490, ..., 540 for the six others, then 560, ...
    """
    steps = (
        of("rest", stage("pack", "packers", effort={"per_order_min": 10})),
        of("cold", stage("pack_cold", "packers", effort={"per_order_min": 20})),
        DRIVE,
    )
    result = exact(town(), branching(*steps))
    assert "does several things" in result.notes[0]
    assert times_of(result, "pack", REST) == [490, 500, 510, 520, 530, 540]
    assert times_of(result, "pack_cold", COLD) == [560, 580, 600, 620]
    assert ends(result, "drive") == [635] * 10


def test_branches_and_steps_that_depend_on_the_day() -> None:
    """The cold room opens on day 1: on day 0 all go the same way, and on day 1 those drawn for it do not."""
    plan = town()
    plan["demand"] = cycle(14, 1)
    plan["scenario"] |= {"horizon_days": 2, "service_target_days": 2}
    result = exact(plan, branching(PACK, {**chill(), "when": {"from_day": 1}}, DRIVE))
    cold = Streams(seed=1, replication=0).uniform_at("branch", 1, np.arange(10)) < SHARE
    assert all(map(is_never, ends(result, "chill", 0)))
    assert [not is_never(time) for time in ends(result, "chill", 1)] == cold.tolist()


def test_an_order_that_waits_for_goods_stays_of_its_branch() -> None:
    """Taken on at 00:00 of day 0, sent when goods come at noon of day 1 (2160): of the branch by the draw of day 0."""
    plan = with_supply(town(), {"food": stock(0, 7)})
    result = exact(plan, {**branching(PACK, chill(), DRIVE), "when_short": "wait"})
    assert ends(result, "pack") == [2170.0 + 10 * number for number in range(10)]
    assert times_of(result, "chill", COLD) == [2190, 2210, 2250, 2270]
    assert all(map(is_never, times_of(result, "chill", REST)))


def test_orders_are_held_for_a_place_on_the_way_of_their_branch() -> None:
    """The station opens at 10:00; cold ones go through it, the others drive past it, 20 km.

    Those are packed at 490-540 and there at 570. Cold ones are released at 600, packed at 610-640, at the station at
    655 and there at 670. They wait 4 x 10 h for room before the leg to the station, the others not at all.
    """
    geography = {
        "kind": "listed",
        "depots": [{"name": "site", "docks": 2}],
        "stations": [{"name": "hub", "depot": "site", "distance_km": 10.0, "docks": 1}],
        "drop_points": [{"name": "d0", "households": 10, "distance_km": 10.0, "station": "hub"}],
    }
    vans = {"vans": fleet(1), "reefers": fleet(1), "carts": fleet(1, "station")}
    plan = world(geography, {"packers": crew(1)}, vans)
    shock = {"kind": "place", "at": "station", "places": ["hub"], "from_day": 0, "to_day": 0, "to_time": "10:00"}
    steps = (
        PACK,
        of("rest", DRIVE),
        of("cold", leg("trunk", "reefers", to="station")),
        of("cold", leg("local", "carts", "station")),
    )
    result = exact(with_shocks(plan, late=shock), branching(*steps))
    assert times_of(result, "pack", REST) == [490, 500, 510, 520, 530, 540]
    assert times_of(result, "drive", REST) == [570] * 6
    assert times_of(result, "pack", COLD) == [610, 620, 630, 640]
    assert times_of(result, "local", COLD) == [670] * 4
    waits = result.tables["waits"].set_index(["step", "cause"])
    assert waits.loc[("trunk", "room"), "wait_h"] == pytest.approx(40)
    assert waits.loc[("drive", "room"), "wait_h"] == 0


# --- what may be promised --------------------------------------------------------------------------------------------


def _room(decided: Plain, num_open: list[int]) -> dict[str, float]:
    """How many more orders each limiting stage takes on in a day, with so many open on each way."""
    scenario, chosen = ss.load_scenario(town()), ss.load_strategy(decided)
    ways = ways_of(routes_of(chosen.channels["only"], None))
    tiers, basket = draw_tiers(scenario, Streams(seed=1, replication=0)), Basket(1, 14)
    way = np.repeat(np.arange(len(ways)), num_open)
    some = np.ones(len(way))
    parts = [OpenPart(way, np.zeros(len(way), dtype=np.int64), scenario.places, some, 14 * some)]
    return {
        "+".join(stage.name for stage in limit.stages): room_for_orders(
            scenario, limit, 1.0, OpenOrders(parts), basket, basket
        ).item()
        for limit in limiting_stages(scenario, ways, tiers, 0, ["depot"])
    }


def test_a_step_of_a_branch_limits_the_orders_of_the_branch() -> None:
    """600 min a day: 60 packed, less the 6 that are open; 30 cooled, less the 2 of these that are cold."""
    assert _room(branching(PACK, chill(), DRIVE), [2, 4]) == {"pack": 54, "chill": 28}


def test_a_crew_at_steps_side_by_side_is_one_limit() -> None:
    """A quarter takes 40 min, the rest 20: 25 min on the mean. Open are 2 x 40 + 4 x 20 min: (600 - 160) / 25."""
    steps = (
        of("cold", stage("pack_cold", "packers", effort={"per_order_min": 40})),
        of("rest", stage("pack", "packers", effort={"per_order_min": 20})),
        DRIVE,
    )
    assert _room(branching(*steps, cold=0.25), [2, 4]) == pytest.approx({"pack_cold+pack": 17.6})


def test_orders_a_day_weigh_a_step_by_the_share_that_passes_it() -> None:
    """600 min: 60 orders are packed; 10 of 60 min are cooled, which is a quarter of 40 orders."""
    decided = ss.load_strategy(branching(PACK, chill(effort={"per_order_min": 60}), DRIVE, cold=0.25))
    assert orders_per_day(ss.load_scenario(town()), decided.channels["only"], "depot") == pytest.approx([40])


def test_promises_are_kept_to_by_branch() -> None:
    """A day is promised, the cold room has 120 min: of 20 households that call daily no more than 6 are open for it."""
    crews = {"packers": crew(200), "cold_room": crew(1, "depot", shift("08:00", "10:00"))}
    demand = {
        "kind": "surge",
        "normal_orders_per_household_day": 0.2,
        "multiplier": 5,
        "order_covers_days": 1,
        "lines_per_order": 1,
        "need_kg_per_household_week": 7,
    }
    plan = world([200], crews, {"vans": fleet(200)}, demand=demand, horizon_days=2)
    way = branching(PACK, chill(), leg("drive", "vans", leave={"kind": "full", "orders": 1}, discipline="fifo"))
    way["channels"]["only"] |= {"acceptance": {"promise_days": 1}, "release": {"kind": "order", "cut_off": "06:00"}}
    result = exact(plan, way)
    orders = result.orders
    assert orders is not None
    streams = Streams(seed=1, replication=0)
    for day in range(2):
        callers = orders.loc[orders["placed"] // 1440 == day, "household"].to_numpy()
        is_cold = streams.uniform_at("branch", day, callers) < SHARE
        assert is_cold.sum() == 6
        assert (~is_cold).sum() > 100


# --- what is said of it ----------------------------------------------------------------------------------------------


def test_the_answer_says_which_share_goes_which_way() -> None:
    decided = branching(PACK, chill(), DRIVE)
    decided["channels"]["only"]["branches"]["cold"]["title"] = {"en": "Cold chain", "zh": "冷链"}
    result = ss.simulate(ss.load_scenario(town()), ss.load_strategy(decided), replications=1, seed=1)
    english, chinese = ss.answer(result, language="en"), ss.answer(result, language="zh")
    assert "30 % of the orders of Paper plan are of the branch Cold chain and pass: Pack, chill, Drive" in english
    assert "the other 70 % of the orders of Paper plan pass: Pack, Drive" in english
    assert "纸面方案：30% 的订单属于分支“冷链”，经过：装箱、chill、运输" in chinese
    assert "纸面方案：其余 70% 的订单经过：装箱、运输" in chinese


def test_a_wait_for_the_load_goes_back_to_the_branch_that_is_waited_for() -> None:
    """Cold ones are cooled for 100 min each (580-880), others sorted for 1 min each (481-486), side by side; one van
    of all. Each crew has one person, so cold ones wait 0 + 100 + 200 + 300 min, others 0 + 1 + ... + 5; of the hours in
    which loads wait for the last cold one, none are the sorter's.
    """
    plan = town()
    steps = (
        chill(effort={"per_order_min": 100}),
        of("rest", stage("sort", "packers", effort={"per_order_min": 1})),
        DRIVE,
    )
    (longest, *_) = longest_waits(exact(plan, branching(*steps)))
    assert (longest.step, longest.cause) == ("chill", "people")
    assert longest.hours > (100 + 200 + 300) / 60 + 6 * (880 - 486) / 60
