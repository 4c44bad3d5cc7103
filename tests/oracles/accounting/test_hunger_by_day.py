"""Who is hungry on which day, and the longest time without: by hand, midnight to midnight.

Hungry on a day is who is without at least one of the goods needed for 6 hours of it or more.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import simsupply as ss
from tests.plans.demand_plans import (
    allotted,
    alone,
    group_of_goods,
    idle_world,
    in_tiers,
    split,
    value,
    way,
    with_goods,
)
from tests.plans.paper_plans import Plain, crew, cycle, delay, simulate, stage, world

ENGINES = pytest.mark.parametrize("engine", ["auto", "reference"])


def hungry(result: ss.Result, tier: str = "") -> list[float]:
    """Share of households hungry on each day, of those under a tier."""
    name = f"hungry_household_share.{tier}" if tier else "hungry_household_share"
    days = result.days
    assert days["channel"][days["measure"] == name].isna().all()
    return list(days[days["measure"] == name].sort_values("day")["value"])


def longest(result: ss.Result) -> float:
    return value(result, "gap_h_longest") * 60


def crates(goods: Plain, parcel: Plain) -> ss.Result:
    """Everybody is sent a parcel at 08:00 on days 0, 3, 6, which is there at 09:00; horizon 7 days."""
    plan = with_goods(idle_world([1]), goods)
    return alone(plan, way("crate", delay("count", 60), release=allotted(3, "08:00"), parcel=parcel))


def test_two_goods_that_run_down_by_themselves() -> None:
    """As in `test_pantry`: without greens 3600-4860 and 7740-9180; rice is always there.

    Minutes by day: day 2 (2880-4320) 720, day 3 540; day 5 (7200-8640) 900, day 6 540. Longest: 1440.
    """
    goods = {"rice": group_of_goods(0.4, 2), "greens": group_of_goods(0.3, 0.5)}
    result = crates(goods, {"content": {"rice": 1.2, "greens": 0.6}})
    assert hungry(result) == [0, 0, 1, 1, 0, 1, 1]
    assert longest(result) == pytest.approx(1440)
    assert value(result, "hungry_household_share_worst_day") == 1


def test_a_time_without_one_of_them_goes_on_when_another_one_comes() -> None:
    """Only greens are sent: without them 3600-4860; rice is out from 7200 on, and greens from 7740 to 9180.

    The greens of 9180 end nothing: 7200-10,080 is 2880 without a break.
    """
    goods = {"rice": group_of_goods(0.4, 5), "greens": group_of_goods(0.3, 0.5)}
    result = crates(goods, {"content": {"greens": 0.6}})
    assert hungry(result) == [0, 0, 1, 1, 0, 1, 1]
    assert longest(result) == pytest.approx(2880)


def test_a_time_without_begins_with_the_first_that_is_out_and_ends_with_the_last() -> None:
    """Greens out at 720, rice at 1440; at 540 of day 0 and 3 only rice for a day comes: until 2880, then 4860-6300.

    Greens never come: without from 720 to the horizon of 7 days, though rice comes twice meanwhile.
    """
    goods = {"rice": group_of_goods(0.4, 1), "greens": group_of_goods(0.3, 0.5)}
    result = crates(goods, {"content": {"rice": 0.4}})
    assert longest(result) == pytest.approx(10_080 - 720)
    assert hungry(result) == [1] * 7


@pytest.mark.parametrize(("comes_at", "is_hungry"), [(360, 1), (359, 0)], ids=["6 h", "a minute less"])
def test_six_hours_are_enough(comes_at: float, is_hungry: int) -> None:
    """Nothing at home at 00:00; a parcel for a week comes after 6 hours, or a minute before."""
    plan = idle_world([1], cycle(need=7, days=7), people={"pantry_days": {"low": 0, "high": 0}})
    result = alone(plan, way("crate", delay("road", comes_at)))
    assert hungry(result) == [is_hungry, 0, 0, 0, 0, 0, 0]
    assert longest(result) == pytest.approx(comes_at)


def test_hours_of_a_day_are_added_up() -> None:
    """Nothing at home, 0.25 kg at 03:00 of every day: it lasts 6 hours, until 09:00.

    Without 00:00-03:00 and 09:00-24:00: hungry every day; on day 0 the three hours alone would not be enough, nor
    would a sum over midnight. Longest: 09:00-03:00, 18 hours.
    """
    plan = idle_world([1], cycle(need=7, days=1), people={"pantry_days": {"low": 0, "high": 0}})
    step = way("crate", delay("road", 180), parcel={"kg": 0.25})
    result = alone(plan, step)
    assert hungry(result) == [1] * 7
    assert longest(result) == pytest.approx(18 * 60)


@pytest.mark.parametrize(("kg", "is_hungry"), [(0.75, 1), (0.751, 0)])
def test_two_times_without_on_one_day_are_one_sum(kg: float, is_hungry: int) -> None:
    """0.75 kg at 03:00 last 18 hours, until 21:00: 3 h before and 3 h after are enough; not with a gram more."""
    plan = idle_world([1], cycle(need=7, days=1), horizon_days=1, people={"pantry_days": {"low": 0, "high": 0}})
    result = alone(plan, way("crate", delay("road", 180), parcel={"kg": kg}))
    assert hungry(result) == [is_hungry]


def test_what_goes_on_is_cut_at_the_horizon() -> None:
    """A pantry of 2.75 days, nothing comes: out at 18:00 of day 2, which is 6 h of it; day 3 whole. Horizon 4 days."""
    plan = idle_world([1], horizon_days=4, people={"pantry_days": {"low": 2.75, "high": 2.75}})
    result = alone(plan, way("crate", delay("road", 20_000)))
    assert hungry(result) == [0, 0, 1, 1]
    assert longest(result) == pytest.approx(1800)
    assert result.tables["days"]["day"].max() == 3


def households(**more: Any) -> Plain:
    """Ten at the first drop point, thirty at the second; out at 12:00 of day 0, and nothing comes; two days."""
    return idle_world([10, 30], horizon_days=2, people={"pantry_days": {"low": 0.5, "high": 0.5}}, **more)


@ENGINES
def test_by_the_tier_of_the_day(engine: Any) -> None:
    """Those of the first are sealed on day 1 only and sent a week's food then, at 02:00, before that day is lost.

    Day 0: all are without from 12:00 on. Day 1: the ten have it again at 02:00; the thirty go without.
    """
    plan = in_tiers(
        households(), {"tier": "sealed", "from_day": 1, "to_day": 2, "communities": ["d0"]}, default="precaution"
    )
    decided = {
        "name": "paper",
        "title": {"en": "Paper plan", "zh": "纸面方案"},
        "channels": {
            "crate": way("crate", delay("road", 120), release=allotted(1), parcel={"kg": 14}),
            "late": way("late", delay("road", 20_000), release=allotted(1)),
        },
        "mix": [{"channel": "crate", "from_day": 1, "tiers": ["sealed"]}, {"channel": "late", "tiers": ["precaution"]}],
    }
    result = ss.simulate(ss.load_scenario(plan), ss.load_strategy(decided), replications=1, engine=engine)
    assert hungry(result) == [1, 0.75]
    np.testing.assert_array_equal(hungry(result, "precaution"), [1, 1])
    np.testing.assert_array_equal(hungry(result, "controlled"), [np.nan, np.nan])
    np.testing.assert_array_equal(hungry(result, "sealed"), [np.nan, 0])
    assert value(result, "hungry_household_share_worst_day") == 1
    # 12:00 of day 0 to 02:00, or to the end.
    assert longest(result) == pytest.approx(36 * 60)
    assert split(result, "tier", "precaution", "gap_h_longest") == pytest.approx(36)


def test_the_worst_off_tenth_by_their_longest_time() -> None:
    """Eleven households are served at 500, 520 ... 700 with nothing at home: a tenth is two, 680 and 700."""
    plan = world([11], {"packers": crew(1)}, horizon_days=1, people={"pantry_days": {"low": 0, "high": 0}})
    values = simulate(plan, stage("pack", "packers", effort={"per_order_min": 20}), parcel={"kg": 2}).values.loc[0]
    assert values["gap_h_longest"] == pytest.approx(700 / 60)
    assert values["gap_h_longest_worst_decile"] == pytest.approx(690 / 60)
