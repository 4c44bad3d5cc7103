"""Households that place several orders at once: each is taken on, drawn, packed and brought by itself.

Lists are closed at 15:00 = 900 unless a case says otherwise; a household uses up 1 kg a day.
"""

from __future__ import annotations

from typing import Any

import pytest
from scipy import stats

import simsupply as ss
from tests.helpers.problems import problems_of
from tests.plans.both_engines import exact
from tests.plans.demand_plans import (
    FOREVER,
    ROUND_THE_CLOCK,
    SURE,
    counts,
    grouped,
    idle_world,
    mix,
    ordered,
    purchases,
    table,
    totals,
    use,
    value,
    way,
    who,
)
from tests.plans.paper_plans import Plain, crew, cycle, delay, stage, world
from tests.plans.supply_plans import stock, with_supply

COUNT = delay("count", 10)
DAILY = ordered(every_days=1, cut_off="15:00")


def surge(at_once: Any, **more: Any) -> Plain:
    """Everybody tries once a day; what is ordered lasts two days."""
    return {
        "kind": "surge",
        "need_kg_per_household_week": 7,
        "normal_orders_per_household_day": 0.5,
        "multiplier": 2,
        "order_covers_days": 2,
        "lines_per_order": 1,
        "orders_at_once": at_once,
        **more,
    }


def test_each_order_is_packed_and_brought_by_itself() -> None:
    """A list every day at midnight, two orders of half a day's need each, packed one after the other in 10 min.

    The pantry is empty at first. Day 0: 0.5 kg at 10 lasts until 730, 0.5 kg more at 20 until 1450. Day 1: the first
    order of that day comes at 1450, so nobody is without again. Without anything: 10 minutes. A pantry in which the
    orders stood for one would hold until 1450 only if both were booked.
    """
    plan = world(
        [1],
        {"packers": crew(1, "depot", ROUND_THE_CLOCK)},
        demand={**cycle(7, 1), "orders_at_once": 2},
        people={"pantry_days": {"low": 0, "high": 0}},
        horizon_days=2,
    )
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    result = exact(plan, mix(use(way("list", pack))))
    assert sorted(table(result)["pack"]) == [10, 20, 1450, 1460]
    assert value(result, "empty_pantry_h") == pytest.approx(10 / 60)
    assert value(result, "kg_per_person") == pytest.approx(2)
    assert counts(result, "list") == {
        "attempted": 4,
        "accepted": 4,
        "rejected": 0,
        "cancelled": 0,
        "delivered": 4,
    }


def test_each_order_is_taken_on_by_itself() -> None:
    """Two households with two orders each, a depot that takes on three: four tries, one in vain, nobody turned away.

    Both wait for an order from then on, so nobody tries again on day 1.
    """
    way_out = way("list", delay("count", FOREVER), release=DAILY, acceptance={"orders_per_day": 3})
    result = exact(idle_world([2], surge(2), horizon_days=2), mix(use(way_out)))
    assert totals(result)["attempted"] == 4
    assert totals(result)["accepted"] == 3
    assert totals(result)["rejected"] == 1
    assert value(result, "wait_h.count.admission") == 0
    # Normally 2 x 0.5 calls of two orders each: 4 tries are twice as many, 2 callers too.
    assert value(result, "attempts_vs_normal_peak") == pytest.approx(2)
    assert value(result, "callers_vs_normal_peak") == pytest.approx(2)


def test_who_gets_none_of_them_is_turned_away() -> None:
    """A depot that takes on nothing: both orders are refused, and the household waits from 900 to the horizon."""
    way_out = way("list", COUNT, release=DAILY, acceptance={"orders_per_day": 0})
    result = exact(idle_world([1], surge(2), horizon_days=1), mix(use(way_out)))
    assert totals(result)["rejected"] == 2
    assert value(result, "wait_h.count.admission") == pytest.approx(9)


def test_the_first_order_draws_what_it_drew_before() -> None:
    """Packing takes a lognormal time with enough packers for all: the first orders take what single ones take."""
    pack = stage("pack", "packers", effort={"per_order_min": 10}, variability={"kind": "lognormal", "sigma": 0.5})
    plan = world([9], {"packers": crew(99, "depot", ROUND_THE_CLOCK)}, demand=cycle(7, 1), horizon_days=2)
    twice = {**plan, "demand": {**plan["demand"], "orders_at_once": 2}}
    one, two = (exact(each, mix(use(way("list", pack)))).orders for each in (plan, twice))
    assert one is not None
    assert two is not None
    both = two.sort_values(["wave", "household", "order"])
    first = both.groupby(["wave", "household"])["pack"].first()
    assert list(first) == list(one.sort_values(["wave", "household"])["pack"])
    assert both["pack"].nunique() == len(both) == 2 * len(one)


def test_a_drawn_number_is_one_and_a_poisson_number() -> None:
    """Each of 2000 households orders once: 2000 first orders, and Poisson(2000 x 0.6) further ones."""
    result = ss.simulate(
        ss.load_scenario(idle_world([2000], surge({"mean": 1.6}), horizon_days=2)),
        ss.load_strategy(mix(use(way("list", delay("count", FOREVER), release=DAILY)))),
        replications=1,
        detail="orders",
    )
    assert set(who(result)) == set(range(2000))
    further = len(who(result)) - 2000
    assert SURE < stats.poisson(1200).cdf(further) < 1 - SURE


def test_what_is_ordered_by_need_is_shared() -> None:
    """However many orders: what lasts two days is 2 kg for a household."""
    for at_once in (1, 3, {"mean": 2.5}):
        way_out = way("list", COUNT, release=DAILY)
        result = exact(idle_world([30], surge(at_once), horizon_days=1), mix(use(way_out)))
        assert value(result, "kg_per_person") == pytest.approx(2), at_once


def test_fixed_parcels_are_as_the_channel_says() -> None:
    """Two parcels of 1.5 kg each."""
    way_out = way("list", COUNT, release=DAILY, parcel={"kg": 1.5})
    result = exact(idle_world([4], surge(2), horizon_days=1), mix(use(way_out)))
    assert value(result, "kg_per_person") == pytest.approx(3)


def test_what_was_not_taken_on_is_in_the_next_basket() -> None:
    """Baskets by the time since the last one; two orders of which one is taken on.

    Day 0 at 900: 2340 min since the last one, 1.625 kg, two orders of 0.8125 kg. Half of it is missing, so the last one
    was as if sent 1170 min before, at -270. Day 1 at 2340: 2610 min, 1.8125 kg, of which 0.90625 kg are taken on.
    """
    way_out = way("list", COUNT, release=DAILY, acceptance={"orders_per_day": 1})
    result = exact(idle_world([1], purchases(orders_at_once=2), horizon_days=2), mix(use(way_out)))
    assert value(result, "kg_per_person") == pytest.approx(0.8125 + 0.90625)
    assert totals(result)["accepted"] == 2
    assert totals(result)["rejected"] == 2


def test_stock_for_one_of_two_orders() -> None:
    """A stock of one day, 1 kg: two orders of 1 kg each, filled whole or not at all; one is sent, one refused.

    The household is not turned away: something was taken on for it.
    """
    plan = with_supply(idle_world([1], surge(2), horizon_days=1), {"food": stock(1)}, reserves={})
    result = exact(plan, {**mix(use(way("list", COUNT, release=DAILY))), "when_short": "reject"})
    assert counts(result, "list") | {"cancelled": 0} == {
        "attempted": 2,
        "accepted": 1,
        "rejected": 1,
        "cancelled": 0,
        "delivered": 1,
    }
    assert value(result, "wait_h.count.goods") == 0


def test_stock_for_one_of_two_orders_and_the_other_waits() -> None:
    """The same, but the other order waits: both are taken on, one comes."""
    plan = with_supply(idle_world([1], surge(2), horizon_days=1), {"food": stock(1)})
    result = exact(plan, {**mix(use(way("list", COUNT, release=DAILY))), "when_short": "wait"})
    assert totals(result)["accepted"] == 2
    assert totals(result)["delivered"] == 1


@pytest.mark.parametrize(("min_sets", "bought"), [(4, 4), (5, 0)])
def test_every_order_is_a_set_of_its_group(min_sets: int, bought: int) -> None:
    """A compound of two households with two orders each: four sets."""
    channel = way("group", COUNT, release=grouped(min_sets, "wait"), consignment="compound")
    result = exact(idle_world([2], purchases(orders_at_once=2), horizon_days=1), mix(use(channel)))
    assert totals(result)["attempted"] == 4
    assert totals(result)["accepted"] == bought
    assert totals(result)["collecting"] == 4 - bought


def test_once_in_days_counts_days_of_ordering() -> None:
    """Once in three days, two orders each time: days 0 and 3 of 4."""
    way_out = way("list", COUNT, release={**DAILY, "once_in_days": 3})
    result = exact(idle_world([1], purchases(orders_at_once=2), horizon_days=4), mix(use(way_out)))
    assert [time // 1440 for time in table(result)["placed"]] == [0, 0, 3, 3]


def test_one_at_once_is_no_key_at_all() -> None:
    """To the digit."""
    plan, decided = idle_world([40], surge(1), horizon_days=3), mix(use(way("list", COUNT, release=DAILY)))
    without = {**plan, "demand": {key: said for key, said in plan["demand"].items() if key != "orders_at_once"}}
    assert exact(plan, decided).values.equals(exact(without, decided).values)


@pytest.mark.parametrize("wrong", [0, -1, 1.5, 21, {"mean": 1}, {"mean": -2}, {"mean": 50}, {}, "two"])
def test_wrong_numbers_are_refused(wrong: Any) -> None:
    plan = idle_world([1], surge(wrong))
    keys = [problem.key for problem in problems_of(lambda: ss.load_scenario(plan))]
    assert any(key.startswith("demand.orders_at_once") for key in keys), keys


def test_single_orders_have_no_number_at_once() -> None:
    demand = {
        "kind": "poisson",
        "need_kg_per_household_week": 7,
        "rate_per_min": 1,
        "order_kg": 2,
        "lines_per_order": 1,
        "orders_at_once": 2,
    }
    (problem,) = problems_of(lambda: ss.load_scenario(idle_world([1], demand)))
    assert problem.key == "demand.orders_at_once"
    assert "rate_per_min" in str(problem.allowed)


def test_a_list_of_a_cycle_has_a_fixed_number() -> None:
    plan = idle_world([1], {**cycle(), "orders_at_once": {"mean": 2}})
    (problem,) = problems_of(lambda: ss.load_scenario(plan))
    assert problem.key == "demand.orders_at_once"
