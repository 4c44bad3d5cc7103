"""Need that changes over days: pantries, orders, baskets, stocks and measures follow the need of each day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simsupply as ss
from tests.helpers.problems import problems_of
from tests.plans.both_engines import exact, stock_on_days
from tests.plans.demand_plans import (
    FOREVER,
    group_of_goods,
    idle_world,
    mix,
    ordered,
    purchases,
    split,
    table,
    use,
    value,
    way,
    with_goods,
)
from tests.plans.paper_plans import Plain, cycle, delay
from tests.plans.supply_plans import by_day, replication, source, stock, with_supply

NEVER = delay("road", FOREVER)
DOUBLE = [{"from_day": 2, "kg_per_person_day": 1.0}]


def staple(pantry_days: float, rows: list[Plain], **more: Any) -> Plain:
    """Half a kg a day, unless a day differs."""
    return {"staple": group_of_goods(0.5, pantry_days, by_day=rows, **more)}


def one_household(goods: Plain, demand: Plain | None = None, **more: Any) -> Plain:
    return with_goods(idle_world([1], demand or cycle(), **more), goods)


def test_a_pantry_runs_down_by_the_need_of_each_day() -> None:
    """2.0 kg at home (4 days of usual use), 0.5 kg a day, 1.0 kg from day 2 on: 0.5 + 0.5 + 1.0, empty at day 3.0.

    Of five days two are without: 48 h.
    """
    result = exact(one_household(staple(4, DOUBLE), horizon_days=5), mix(use(way("list", NEVER))))
    assert value(result, "empty_pantry_h") == 48
    # It needed 0.5 + 0.5 + 3 x 1.0.
    assert result.scenario.need_kg(0, 0.0, 5 * 1440.0)[0] == 4.0


def test_the_same_where_all_food_is_one() -> None:
    """3.5 kg a household and week, 7 from day 2 on: as above."""
    demand = {**cycle(3.5), "by_day": [{"from_day": 2, "need_kg_per_household_week": 7}]}
    plan = idle_world([1], demand, people={"pantry_days": {"low": 4, "high": 4}}, horizon_days=5)
    assert value(exact(plan, mix(use(way("list", NEVER)))), "empty_pantry_h") == 48


def test_an_order_holds_the_need_of_the_days_ahead() -> None:
    """Lists of three days on days 0 and 3, half a day on the road, nothing at home; four days.

    Day 0: 0.5 + 0.5 + 1.0 = 2.0 kg, there at 720. They last half of day 0 (0.25), day 1 (0.5), day 2 (1.0), and with
    the 0.25 kg left a quarter of day 3: to 4320 + 360. Day 3: 3 x 1.0 = 3.0 kg, there at 4320 + 720.
    Without anything: 12 h at first and 6 h on day 3. Needed are 3.0 kg, and got 5.0.
    """
    plan = one_household(staple(0, DOUBLE), cycle(days=3), horizon_days=4)
    result = exact(plan, mix(use(way("list", delay("road", 720)))))
    assert value(result, "kg_per_person") == 5.0
    assert value(result, "empty_pantry_h") == 18
    assert value(result, "fill_rate") == 1


def test_weekdays_and_dates() -> None:
    """From Friday 2022-03-11 on: 1.0 kg on Saturday and Sunday, 2.0 from Monday, the 14th, on; 2.0 kg at home.

    Friday 0.5, Saturday 1.0, and the last 0.5 kg by the noon of Sunday: 2.5 days of 4, 36 h without.
    """
    rows = [
        {"weekdays": ["sat", "sun"], "kg_per_person_day": 1.0},
        {"from_day": "2022-03-14", "kg_per_person_day": 2.0},
    ]
    plan = one_household(staple(4, rows), horizon_days=4, start_date="2022-03-11")
    assert value(exact(plan, mix(use(way("list", NEVER)))), "empty_pantry_h") == 36


def test_several_goods_are_shared_by_the_need_of_the_days_ahead() -> None:
    """Two days of 0.5 kg of staple; 0.125 kg of milk on day 0, 0.375 on day 1: 1.0 and 0.5 kg, whenever they come.

    Shared by the need of day 0 alone milk would have been 0.3 kg, and by that of day 1, when they come, 0.64.
    """
    goods = staple(0, []) | {"milk": group_of_goods(0.125, 0, by_day=[{"from_day": 1, "kg_per_person_day": 0.375}])}
    plan = one_household(goods, cycle(days=2), horizon_days=2)
    result = exact(plan, mix(use(way("list", delay("road", 2000)))))
    assert split(result, "goods", "staple", "fill_rate") == 1
    assert split(result, "goods", "milk", "fill_rate") == 1
    assert value(result, "kg_per_person") == pytest.approx(1.5)


def test_a_basket_holds_what_has_been_used_up() -> None:
    """1 kg a day, 2 from day 1 on; lists at 900. Day 0: 1.625 days since the last basket, 1.625 kg.

    Day 1: a day since then, 540 min at 1 kg a day and 900 at 2: 0.375 + 1.25 = 1.625 kg.
    """
    demand = purchases(by_day=[{"from_day": 1, "need_kg_per_household_week": 14}])
    plan = idle_world([1], demand, horizon_days=2)
    result = exact(plan, mix(use(way("list", delay("road", 10), release=ordered(cut_off="15:00")))))
    assert len(table(result)) == 2
    assert value(result, "kg_per_person") == pytest.approx(2 * 1.625)


def test_depots_count_the_days_to_come() -> None:
    """Two days of cover at the start: 0.5 + 1.0 kg, where 1.0 kg a day are needed from day 1 on. Nobody orders.

    At the end of day 0 that lasts 1.5 days. At noon of day 0 two days are 0.25 + 1.0 + 0.5 = 1.75 kg, so 0.25 kg are
    asked for, and come after 24 h; at noon of day 1 two days are 2.0 kg, and 0.25 kg more are asked for.
    """
    goods = staple(9, [{"from_day": 1, "kg_per_person_day": 1.0}])
    plan = with_supply(
        one_household(goods, horizon_days=3),
        {"staple": stock(2, 2)},
        sources={"market": source(24)},
    )
    decided = mix(use(way("list", NEVER), from_day=2))
    run = replication(plan, decided)
    assert by_day(run, "received_kg") == pytest.approx([0, 0.25, 0.25])
    assert by_day(run, "on_hand_kg")[:2] == pytest.approx([1.5, 1.75])
    assert by_day(run, "cover_days")[:2] == pytest.approx([1.5, 1.75])


def test_short_goods_are_cut_from_the_need_of_the_days_ahead() -> None:
    """Stock for one usual day (0.5 kg), a list for two days of 0.5 and 1.0 kg: a third of it is sent."""
    plan = with_supply(
        one_household(staple(0, [{"from_day": 1, "kg_per_person_day": 1.0}]), cycle(days=2), horizon_days=2),
        {"staple": stock(1)},
    )
    result = exact(plan, mix(use(way("list", delay("road", 10)))))
    assert stock_on_days(result, "asked_kg", "staple")[0] == pytest.approx(1.5)
    assert value(result, "kg_per_person") == pytest.approx(0.5)


def test_tries_by_day() -> None:
    """0.5 normal tries a day and household: with a multiplier of 2 everybody tries once, with 4 from day 1 on twice."""
    demand = {
        "kind": "surge",
        "need_kg_per_household_week": 7,
        "normal_orders_per_household_day": 0.5,
        "multiplier": 2,
        "by_day": [{"from_day": 1, "multiplier": 4}],
        "order_covers_days": 2,
        "lines_per_order": 1,
    }
    channel = way("list", NEVER, release=ordered(), acceptance={"orders_per_day": 0})
    result = exact(idle_world([3], demand, horizon_days=3), mix(use(channel)))
    rows = result.days[result.days["measure"] == "attempted"].groupby("day")["value"].sum()
    assert list(rows) == [3, 6, 6]
    assert "surge: given, 2 to 4 times normal attempts" in str(result.notes)


def test_wishes_by_day() -> None:
    """Everybody buys every day, and three times as much is tried on Tuesday: 2, 6, 2 tries of two households."""
    demand = purchases(by_day=[{"weekdays": ["tue"], "multiplier": 3}])
    channel = way("list", NEVER, release=ordered(), acceptance={"orders_per_day": 0})
    result = exact(idle_world([2], demand, horizon_days=3), mix(use(channel)))
    assert list(result.days[result.days["measure"] == "attempted"].groupby("day")["value"].sum()) == [2, 6, 2]


def test_single_orders_by_day() -> None:
    """0.1 orders a minute, a tenth of that on day 1: of Poisson numbers 144, 14.4 and 144."""
    demand = {
        "kind": "poisson",
        "need_kg_per_household_week": 7,
        "rate_per_min": 0.1,
        "by_day": [{"from_day": 1, "rate_per_min": 0.01}, {"from_day": 2, "rate_per_min": 0.1}],
        "order_kg": 1,
        "lines_per_order": 1,
    }
    result = exact(idle_world([5], demand, horizon_days=3), mix(use(way("list", delay("road", 10)))))
    number = np.bincount((table(result)["placed"] // 1440).astype(int), minlength=3)
    for found, mean in zip(number, (144, 14.4, 144), strict=True):
        assert abs(found - mean) < 4 * np.sqrt(mean)


def test_entries_that_say_the_usual_change_nothing() -> None:
    """To the digit."""
    plan, decided = one_household(staple(1, []), cycle(days=2)), mix(use(way("list", delay("road", 700))))
    same = one_household(staple(1, [{"from_day": 1, "kg_per_person_day": 0.5}]), cycle(days=2))
    assert exact(plan, decided).values.equals(exact(same, decided).values)


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([{"from_day": 7, "kg_per_person_day": 1}], "goods.staple.by_day.0.from_day"),
        ([{"from_day": -1, "kg_per_person_day": 1}], "goods.staple.by_day.0.from_day"),
        ([{"from_day": "2022-03-14", "kg_per_person_day": 1}], "goods.staple.by_day.0.from_day"),
        ([{"from_day": 1, "kg_per_person_day": -1}], "goods.staple.by_day.0.kg_per_person_day"),
        ([{"from_day": 1}], "goods.staple.by_day.0.kg_per_person_day"),
        ([{"weekdays": ["Friday"], "kg_per_person_day": 1}], "goods.staple.by_day.0.weekdays.0"),
    ],
)
def test_wrong_days_and_numbers_are_refused(rows: list[Plain], key: str) -> None:
    problems = problems_of(lambda: ss.load_scenario(one_household(staple(1, rows))))
    assert [problem.key for problem in problems] == [key]


def test_all_that_is_wrong_with_a_demand_by_day_is_said_at_once() -> None:
    rows = [{"from_day": 9, "need_kg_per_household_week": 9}, {"from_day": 8, "need_kg_per_household_week": 9}]
    plan = one_household(staple(1, []), {**cycle(), "by_day": rows})
    assert sorted(problem.key for problem in problems_of(lambda: ss.load_scenario(plan))) == [
        "demand.by_day.0.from_day",
        "demand.by_day.0.need_kg_per_household_week",
        "demand.by_day.1.from_day",
        "demand.by_day.1.need_kg_per_household_week",
    ]
    (problem,) = problems_of(lambda: ss.load_scenario(idle_world([1], {**cycle(), "by_day": [{"from_day": 1}]})))
    assert problem.key == "demand.by_day.0"


def test_what_has_no_effect_is_said() -> None:
    """An entry for Sundays in a plan of a Monday, and orders at once where everybody is sent parcels."""
    demand = {**cycle(), "orders_at_once": 2, "by_day": [{"weekdays": ["sun"], "need_kg_per_household_week": 9}]}
    plan = idle_world([1], demand, horizon_days=1)
    result = exact(plan, mix(use(way("parcels", delay("road", 1), release={"kind": "allot", "every_days": 1}))))
    notes = str(result.notes)
    assert "demand.by_day.0 holds on no day" in notes
    assert "demand.orders_at_once has no effect" in notes
