"""Goods that do not come out of stock (`from_stock: false`): a directed donation, what a township buys itself."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from tests.plans.both_engines import deliveries, exact, kg_of, stock_on_days
from tests.plans.demand_plans import mix, use, way
from tests.plans.paper_plans import Plain, clock, crew, cycle, delay, world
from tests.plans.supply_plans import NEVER_REVIEWED, stock, with_supply

WAIT = delay("wait", 30)
DONATION = {"kind": "allot", "every_days": 3, "at": "09:00"}


def plan_of(initial_days: float, up_to: float = 0, **more: Any) -> Plain:
    """Ten households of one address, a kilogram each a day, and a store with so many days of it."""
    plan = world([10], {"packers": crew(1)}, demand=cycle(7, 1, release_time="06:00"))
    return with_supply(plan, {"food": stock(initial_days, up_to)}, **more)


def beside() -> Plain:
    """Orders of every day from stock, and 2 kg for everybody every third day that come with their channel."""
    given = way("given", WAIT, release=DONATION, parcel={"kg": 2}, from_stock=False)
    return mix(use(way("in_stock", WAIT)), use(given))


def test_an_empty_store_does_not_matter() -> None:
    """Nothing is in stock. 2 kg on days 0, 3 and 6 for each of ten at 09:30, 60 kg; nothing is drawn."""
    given = way("given", WAIT, release=DONATION, parcel={"kg": 2}, from_stock=False)
    result = exact(plan_of(0, review=NEVER_REVIEWED), mix(use(given)))
    assert deliveries(result, "wait", 1)[0] == [clock(day, 570) for day in (0, 3, 6)]
    assert stock_on_days(result, "drawn_kg") == pytest.approx([0] * 7)
    assert stock_on_days(result, "asked_kg") == pytest.approx([0] * 7)
    assert sum(kg_of(result)) == pytest.approx(60)


def test_what_is_left_for_others_stays() -> None:
    """30 kg in stock are three days of orders; parcels of days 0, 3 and 6 take nothing of it."""
    result = exact(plan_of(3, review=NEVER_REVIEWED), beside())
    assert stock_on_days(result, "drawn_kg") == pytest.approx([10, 10, 10, 0, 0, 0, 0])
    assert sum(kg_of(result)) == pytest.approx(30 + 60)


def test_nobody_orders_for_it_ahead() -> None:
    """Counted at noon, up to one day: 10 kg. From stock, 2 kg for each on day 3 would be 20 kg asked for ahead.

    With it each noon asks for the 10 kg of the day's orders, and no more: they are there at noon of the next day,
    for the list of the morning after. Day 0 takes the 10 kg of the start, day 1 finds nothing; then every second
    list is filled.
    """
    result = exact(plan_of(1, 1), beside())
    assert max(stock_on_days(result, "received_kg")) == pytest.approx(10)
    assert sum(kg_of(result)) == pytest.approx(sum(stock_on_days(result, "drawn_kg")) + 60)


def test_without_a_supply_there_is_no_stock_to_spare() -> None:
    """Refused by its key: everything is there anyway."""
    plan = {key: value for key, value in plan_of(0).items() if key != "supply"}
    with pytest.raises(InputError) as caught:
        ss.simulate(ss.load_scenario(plan), ss.load_strategy(beside()), replications=1)
    assert [problem.key for problem in caught.value.problems] == ["strategy.channels.given.from_stock"]
