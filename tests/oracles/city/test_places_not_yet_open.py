"""Nothing is sent to a place that has not opened: its orders wait, and take nobody's time; under both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simsupply as ss
from simsupply.model.run_loop import run_replication
from tests.plans.both_engines import deliveries, exact, with_shocks
from tests.plans.paper_plans import Plain, channel, clock, crew, cycle, fleet, leg, listed, stage, strategy, world
from tests.plans.supply_plans import stock, with_supply

PACK = stage("pack", "packers", effort={"per_order_min": 10})
BRING = leg("bring", "vans")


def shut(*places: str, at: str = "drop_point", **times: Any) -> Plain:
    """Closed whole from the first minute on, up to the midnight that begins day 3."""
    return {"kind": "place", "at": at, "places": list(places), "from_day": 0, "to_day": 3, **times}


def two(vans: int = 1, via_station: bool = False) -> Plain:
    """One household each at d0 and d1, an order on day 0; one packer; a van each way of 15 min."""
    places = listed([1, 1])
    vehicles = {"vans": fleet(vans)}
    if via_station:
        places["stations"] = [{"name": name, "distance_km": 10, "depot": "site"} for name in ("s0", "s1")]
        for number, place in enumerate(places["drop_points"]):
            place["station"] = f"s{number}"
        vehicles["carts"] = fleet(1, "station")
    return world(places, {"packers": crew(1)}, vehicles, demand=cycle(days=7))


def waits(plan: Plain, decided: Plain) -> float:
    scenario, how = ss.load_scenario(plan), ss.load_strategy(decided)
    run = run_replication(scenario, how, seed=1, number=0)
    return sum(step.place_wait_min + step.dock_wait_min for step in run.steps)


@pytest.mark.parametrize("milk", [{}, {"route": "milk_run", "max_stops": 2}])
def test_orders_for_a_drop_point_that_has_not_opened_are_held(milk: Plain) -> None:
    """d1's is packed at once: 490, there 505. d0's is released at 00:00 of day 3: packed 490, there 505.

    The only van does not stand before d0 for three days.
    """
    plan = two()
    if milk:
        plan["scenario"]["geography"] = {
            "kind": "spread",
            "radius_km": 1e-9,
            "detour_factor": 1,
            "world_seed": 1,
            "households": 2,
            "depots": {"count": 1, "docks": 1},
            "drop_points": {"count": 2},
        }
    names = ss.load_scenario(plan).places.names["drop_point"]
    plan, decided = (
        with_shocks(plan, late=shut(names[0])),
        strategy(channel("only", PACK, leg("bring", "vans", **milk))),
    )
    found = deliveries(exact(plan, decided), "bring", 2)
    way = 0 if milk else 15
    assert found[1] == pytest.approx([490 + way])
    assert found[0] == pytest.approx([clock(3, 490 + way)])
    assert waits(plan, decided) == pytest.approx(0)


def test_a_station_that_has_not_opened() -> None:
    """s0 opens on day 3; d1's goods go by s1: 490 + 15 + 15 = 520. A channel that goes by no station is not held:

    20 km with one van, there 490 + 30 and, back at 550, 580.
    """
    steps = PACK, leg("in", "vans", to="station"), leg("out", "carts", "station")
    plan = with_shocks(two(via_station=True), late=shut("s0", at="station"))
    found = deliveries(exact(plan, strategy(channel("only", *steps))), "out", 2)
    assert found == {0: [clock(3, 520)], 1: [520]}
    direct = deliveries(exact(plan, strategy(channel("only", PACK, BRING))), "bring", 2)
    assert sorted(time for times in direct.values() for time in times) == [520, 580]


def test_one_closure_after_the_other() -> None:
    """Closed up to day 3 and, for another reason, from the noon of day 2 up to day 4: open from day 4 on."""
    more = shut("d0", from_day=2, from_time="12:00", to_day=4)
    plan = with_shocks(two(), late=shut("d0"), flood=more)
    assert deliveries(exact(plan, strategy(channel("only", PACK, BRING))), "bring", 2)[0] == [clock(4, 505)]


def test_orders_held_are_open_and_in_the_books() -> None:
    """On days 0 to 2 one order is on its way, and it is delivered on day 3; attempted and accepted once, on day 0."""
    result = exact(with_shocks(two(), late=shut("d0")), strategy(channel("only", PACK, BRING)))
    rows = result.days[result.days["channel"] == "only"]
    by_day = {name: table.sort_values("day")["value"].tolist() for name, table in rows.groupby("measure")}
    assert by_day["accepted"] == [2, 0, 0, 0, 0, 0, 0]
    assert by_day["open"] == [1, 1, 1, 0, 0, 0, 0]
    assert by_day["delivered"] == [1, 0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize(("opens", "hours"), [(True, 72), (False, 168)])
def test_orders_held_wait_for_room(opens: bool, hours: float) -> None:
    """d0's order is held from 00:00 of day 0 to 00:00 of day 3, 72 h, or to the horizon of 7 days, 168 h.

    Of it lies within the target what comes before the end of the target's days.
    """
    late = shut("d0")
    if not opens:
        del late["to_day"]
    result = exact(with_shocks(two(), late=late), strategy(channel("only", PACK, BRING)))
    assert result.values.loc[0, "wait_h.bring.room"] == pytest.approx(hours)
    rows = result.tables["waits"]
    (row,) = rows[(rows["step"] == "bring") & (rows["cause"] == "room")].to_dict("records")
    target_h = 24 * result.scenario.settings.service_target_days
    assert row["ordered_h"] == 0
    assert row["within_target_h"] == row["held_back_h"] == pytest.approx(min(hours, target_h))


def test_goods_are_set_aside_for_orders_that_are_held() -> None:
    """28 kg for two orders: both are filled on day 0, and nothing more is drawn on day 3."""
    plan = with_shocks(two(), late=shut("d0"))
    plan["goods"] = {"food": {"kg_per_person_day": 2, "pantry_days": plan["scenario"]["households"].pop("pantry_days")}}
    del plan["demand"]["need_kg_per_household_week"]
    result = exact(with_supply(plan, {"food": stock(7)}), strategy(channel("only", PACK, BRING)))
    table = result.supply
    assert table is not None
    drawn = table[table["measure"] == "drawn_kg"].sort_values("day")["value"].tolist()
    assert drawn == pytest.approx([28, 0, 0, 0, 0, 0, 0])
    assert deliveries(result, "bring", 2)[0] == [clock(3, 505)]


def test_a_place_that_never_opens_is_sent_nothing() -> None:
    """d0 stays closed: its order stays open and no vehicle goes there: 20 km for d1."""
    never = shut("d0")
    del never["to_day"]
    result = exact(with_shocks(two(), late=never), strategy(channel("only", PACK, BRING)))
    assert result.values.loc[0, "vehicle_km"] == pytest.approx(20)
    assert result.values.loc[0, "coverage"] == 0.5


def test_one_that_closes_later_is_a_surprise() -> None:
    """Closed from 08:05 of day 0: d0's order is packed at 490, and the only van waits before d0 up to day 3."""
    plan = with_shocks(two(), flood=shut("d0", from_time="08:05"))
    decided = strategy(channel("only", PACK, BRING))
    found = deliveries(exact(plan, decided), "bring", 2)
    assert found[0] == [clock(3, 0)]
    assert waits(plan, decided) > 0


def test_single_orders_are_held_too() -> None:
    """Orders come one by one to d0, closed up to day 3, and d1: none of d0's is packed before."""
    single = {"kind": "poisson", "need_kg_per_household_week": 14, "rate_per_min": 0.01}
    single |= {"order_kg": 14, "lines_per_order": 1}
    plan = world(listed([20, 20]), {"packers": crew(5)}, {"vans": fleet(5)}, demand=single)
    bring = leg("bring", "vans", leave={"kind": "full", "orders": 1})
    result = exact(with_shocks(plan, late=shut("d0")), strategy(channel("only", PACK, bring)))
    orders = result.orders
    assert orders is not None
    is_late = orders["household"] < 20
    assert orders.loc[is_late, "placed"].min() < clock(3, 0) < orders.loc[is_late, "pack"].min()
    assert orders.loc[~is_late, "pack"].min() < clock(3, 0)
    assert (orders["bring"] > orders["placed"]).all()
    held = np.maximum(clock(3, 0) - orders.loc[is_late, "placed"], 0).sum()
    assert result.values.loc[0, "wait_h.bring.room"] == pytest.approx(held / 60, abs=1e-5)
    never = shut("d0")
    del never["to_day"]
    result = exact(with_shocks(plan, late=never), strategy(channel("only", PACK, bring)))
    assert result.values.loc[0, "orders_delivered"] == int((~is_late & (orders["bring"] < clock(7, 0))).sum()) > 40
    assert result.values.loc[0, "orders_accepted"] == len(orders)
