"""How far attempts are above a normal day, and which share of them is refused: values by hand."""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from simsupply.measures.order_metrics import on_busiest_day
from tests.plans.demand_plans import allotted, idle_world, mix, ordered, purchases, split, use, value, way
from tests.plans.paper_plans import Plain, delay

NOTHING_IS_TAKEN = {"orders_per_day": 0}


def surge(multiplier: float, normal: float = 0.04, covers: float = 3) -> Plain:
    return {
        "kind": "surge",
        "need_kg_per_household_week": 14,
        "normal_orders_per_household_day": normal,
        "multiplier": multiplier,
        "order_covers_days": covers,
        "lines_per_order": 1,
    }


def played(households: int, demand: Plain, replications: int, **keys: object) -> ss.Result:
    """Two weeks in which everybody tries and nothing is taken on."""
    channel = way("list", delay("road", 10), release=ordered(), acceptance=NOTHING_IS_TAKEN)
    plan = idle_world([households], demand, horizon_days=14)
    return ss.simulate(ss.load_scenario(plan), ss.load_strategy(mix(use(channel))), replications=replications, seed=3)


def test_the_surge_that_was_typed_in_comes_out() -> None:
    """2000 households try 0.04 x 30.5 = 1.22 times a day; of 80 normal orders that is 30.5 on each of 14 days.

    A day's tries vary by sqrt(2000 x 0.22 x 0.78) = 18.5, so the ratio by 0.23, and the mean of 20 replications by
    0.05. The largest of 14 days would lie some 1.7 of these 0.23 above: 30.9.
    """
    result = played(2000, surge(30.5), 20)
    assert result.values["attempts_vs_normal_peak"].mean() == pytest.approx(30.5, abs=4 * 0.05)
    rows = result.days[result.days["measure"] == "attempted"]
    largest = rows.groupby(["replication", "day"])["value"].sum().groupby("replication").max().mean() / 80
    assert largest > 30.5 + 5 * 0.05
    # Everybody tries at least once a day: 2000 / 80.
    assert (result.values["callers_vs_normal_peak"] == 25).all()


def test_a_normal_day_is_normal() -> None:
    """300 households, one order in ten days: 30 a day, by chance sqrt(27) = 5.2 more or less; of 40 means 0.03."""
    assert played(300, surge(1, 0.1), 40).values["attempts_vs_normal_peak"].mean() == pytest.approx(1, abs=4 * 0.03)


def test_nobody_orders_more_often_than_an_order_lasts() -> None:
    """Everybody tries every day until something comes that lasts 3 days: 3 tries for each order of a normal day."""
    result = played(90, surge(1, normal=1), 1)
    assert value(result, "attempts_vs_normal_peak") == pytest.approx(3)
    assert value(result, "callers_vs_normal_peak") == pytest.approx(3)


def test_a_day_that_is_busier_is_found() -> None:
    """Five times as many on day 1, in both halves: 250 + 248; and 0 where nobody tries."""
    assert on_busiest_day(np.array([[50, 52], [250, 248], [49, 51]])) == 498
    assert on_busiest_day(np.zeros((3, 2), dtype=np.int64)) == 0
    # A single household has no other half.
    assert on_busiest_day(np.array([[1, 0], [4, 0]])) == 4


def test_tries_and_those_who_try_are_told_apart() -> None:
    """Who was refused tries 3 more times a day: on day 1 each of 100 makes 4 tries; a quarter orders normally."""
    demand = purchases(online=0.25, retries_per_day=3)
    result = played(100, demand, 1)
    assert value(result, "attempts_vs_normal_peak") == pytest.approx(400 / 25)
    assert value(result, "callers_vs_normal_peak") == pytest.approx(100 / 25)


def test_parcels_are_no_attempts_of_which_some_are_refused() -> None:
    """10 households try 4 times on the only day, one order is taken: 39 of 40; 10 parcels are not in it."""
    lists = way("list", delay("road", 10), release=ordered(), acceptance={"orders_per_day": 1})
    parcels = way("parcels", delay("stand", 10), release=allotted(1), parcel={"kg": 1})
    plan = idle_world([10], surge(4, normal=1, covers=1), horizon_days=1)
    result = ss.simulate(
        ss.load_scenario(plan), ss.load_strategy(mix(use(lists), use(parcels))), replications=1, seed=1
    )
    assert value(result, "attempts_refused_share") == 39 / 40
    assert value(result, "orders_rejected") == 39
    assert value(result, "orders_attempted") == 50
    assert split(result, "channel", "list", "orders_attempted") == 40
    assert "98 % of residents' attempts were refused" in ss.answer(result)
