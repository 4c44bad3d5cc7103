"""At the last minute of a target is within it; a quantile is always somebody's value; from when on is measured."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import simsupply as ss
from simsupply.measures.household_metrics import HOUSEHOLD_METRICS
from simsupply.measures.measure import coverage_curve
from simsupply.measures.metric_registry import unit_of
from simsupply.measures.outcomes import Outcomes
from simsupply.stats.intervals import quantile_estimate
from simsupply.stats.quantiles import quantile, quantile_in_order
from tests.plans.both_engines import exact
from tests.plans.paper_plans import Plain, channel, crew, delay, ends, shift, stage, strategy, world

# --- at the target -----------------------------------------------------------------------------------------


def one_day(households: int, minutes: float, end: str = "24:00", contact: bool = False) -> ss.Result:
    """One worker from 00:00 on; one day is measured and nothing runs on after it."""
    plan = world(
        [households],
        {"s": crew(1, "depot", shift("00:00", end))},
        horizon_days=1,
        run_out_days=0,
        people={"priority_share": 1},
        priority_target_hours=24,
    )
    more = {"contact": "door"} if contact else {}
    return exact(plan, strategy(channel("only", stage("s", "s", effort={"per_order_min": minutes}, **more))))


def test_what_is_delivered_at_the_last_minute_of_the_target_is_on_time() -> None:
    """96 orders of 15 min: the last one at 1440 min = 24 h, the end of target, horizon and run."""
    result = one_day(96, 15, contact=True)
    assert ends(result, "s")[-1] == 1440
    values = result.values.loc[0]
    for metric in ("coverage", "priority_on_time_share"):
        assert values[metric] == 1, metric
    assert values["orders_delivered"] == 96
    assert values["contacts"] == 96
    assert values["last_household_served_h"] == 24
    # Of 96 the ceil(.95 * 96) = 92nd; the ten served last at 87 ... 96 quarters of an hour.
    assert values["time_to_first_delivery_h_p95"] == 23
    assert values["time_to_first_delivery_h_worst_decile"] == (87 + 96) / 2 / 4
    # 2 kg a day needed, 14 kg came to everybody.
    assert values["fill_rate"] == 1
    assert result.coverage[0, result.hours == 24] == 1
    days = result.days
    assert days.loc[days["measure"] == "delivered", "value"].tolist() == [96]
    assert result.households["first_delivery_h"].max() == 24


def test_a_minute_later_is_too_late() -> None:
    """The 96th order at 1441 min would be after the run."""
    values = one_day(96, 1441 / 96).values.loc[0]
    assert values["coverage"] == 95 / 96
    assert values["priority_on_time_share"] == 95 / 96
    assert values["orders_delivered"] == 95
    assert math.isnan(values["last_household_served_h"])


def seen(first: list[float], **more: Any) -> Outcomes:
    columns = dict.fromkeys(
        ("longest_gap_min", "empty_min", "longest_empty_min", "kg_per_person", "useful_kg", "needed_kg"),
        np.ones(len(first)),
    )
    return Outcomes(
        first_delivery_min=np.array(first, dtype=float),
        is_priority=np.ones(len(first), dtype=bool),
        **{**columns, "horizon_min": 2880.0, "target_min": 1440.0, "priority_target_min": 1440.0, **more},
    )


def test_one_rule_at_the_target_in_measures_and_curves() -> None:
    """Three households, served at, before and after 1440 min."""
    households = seen([1440, 600, 1441])
    compute = {metric.name: metric.compute for metric in HOUSEHOLD_METRICS}
    assert compute["coverage"](households) == compute["priority_on_time_share"](households) == 2 / 3
    hours, share = coverage_curve(households, 2880)
    assert share[hours == 24] == 2 / 3
    # At the horizon too.
    assert compute["time_to_first_delivery_h_p95"](seen([2880])) == 48
    assert compute["time_to_first_delivery_h_worst_decile"](seen([2880])) == 48
    assert math.isnan(compute["time_to_first_delivery_h_p95"](seen([2881])))


# --- quantiles ---------------------------------------------------------------------------------------------


def test_the_95th_of_100_exists_when_five_are_never_served() -> None:
    """100 orders of 10 min, until 15:50: the 95th at 950 min = 15.83 h; five are never served."""
    values = one_day(100, 10, "15:50").values.loc[0]
    assert values["coverage"] == 0.95
    assert values["time_to_first_delivery_h_p95"] == 950 / 60
    assert values["time_to_first_delivery_h"] == 500 / 60


def test_one_definition_of_a_quantile() -> None:
    """Of 100 values the 95th, of four the second, of three the second: the ceil(share * n)-th."""
    values = np.arange(1.0, 101)[::-1]
    assert quantile(values, 0.95) == quantile_in_order(values[::-1], 0.95) == 95
    assert quantile(np.array([4.0, 1, 3, 2]), 0.5) == 2
    assert quantile(np.array([5.0, 1, 3]), 0.5) == 3
    # 0.07 * 100 is a little more than 7.
    assert quantile(values, 0.07) == 7
    assert quantile_estimate(values, 0.95, "h").mean == 95
    compute = {metric.name: metric.compute for metric in HOUSEHOLD_METRICS}
    gaps = seen([60] * 100, **dict.fromkeys(("longest_gap_min", "empty_min", "kg_per_person"), values * 60))
    assert compute["gap_h_p95"](gaps) == 95
    assert unit_of("gap_h_p95") == "h"


# --- from when on it is measured -----------------------------------------------------------------------------


def measured(from_day: int, goods: bool, target_days: float = 1) -> ss.Result:
    """One person who needs 1 kg a day and has it for a day; 2 kg at 09:00 of days 0, 3 and 6; a week is simulated.

    At 540, 4860, 9180 min; the pantry is empty 4320-4860 and 7740-9180.
    """
    plan = world(
        [1],
        {},
        demand={"kind": "cycle", "cycle_days": 3, "lines_per_order": 1},
        run_out_days=0,
        service_target_days=target_days,
    )
    plan["scenario"]["measured_from_day"] = from_day
    parcel: Plain = {"kg": 2}
    if goods:
        pantry = plan["scenario"]["households"].pop("pantry_days")
        plan["goods"] = {name: {"kg_per_person_day": 0.5, "pantry_days": pantry} for name in ("rice", "greens")}
        parcel = {"content": {"rice": 1, "greens": 1}}
    else:
        plan["demand"]["need_kg_per_household_week"] = 7
    release = {"kind": "allot", "every_days": 3, "at": "08:00"}
    return exact(plan, strategy(channel("only", delay("on_the_way", 60), release=release, parcel=parcel)))


@pytest.mark.parametrize("goods", [False, True])
@pytest.mark.parametrize(
    ("from_day", "first_min", "gap_min", "empty_min", "kg", "longest_min"),
    [
        # 4320 between two deliveries; 540 + 1440 min empty; three times 2 of 7 kg.
        (0, 540, 4320, 1980, 6, 1440),
        # The delivery of day 0 only fills the pantry: first 4860 - 1440 min later; 2 times 2 of 6 kg.
        (1, 3420, 4320, 1980, 4, 1440),
        # From 5760 on: 9180 is 3420 min later; empty from 7740 on.
        (4, 3420, 3420, 1440, 2, 1440),
        # From 8640 on: of the time without food 540 min are left; the longest gap is that after 9180.
        (6, 540, 900, 540, 2, 540),
    ],
)
def test_what_households_get_is_measured_from_a_day_on(
    from_day: int, first_min: float, gap_min: float, empty_min: float, kg: float, longest_min: float, goods: bool
) -> None:
    result = measured(from_day, goods)
    values = result.values.loc[0]
    assert values["time_to_first_delivery_h"] == values["last_household_served_h"] == first_min / 60
    assert values["gap_h_p95"] == gap_min / 60
    assert values["empty_pantry_h"] == pytest.approx(empty_min / 60)
    assert values["gap_h_longest"] == values["gap_h_longest_worst_decile"] == pytest.approx(longest_min / 60)
    assert values["kg_per_person"] == kg
    assert values["fill_rate"] == pytest.approx(min(1, kg / (7 - from_day)))
    assert values["coverage"] == (first_min <= 1440)
    assert result.hours[result.coverage[0] == 1].min() == first_min / 60
    assert result.hours.max() == 24 * (7 - from_day)
    assert result.households["first_delivery_h"].tolist() == [first_min / 60]
    # All that is not a household's is counted from day 0.
    assert values["orders_attempted"] == values["orders_delivered"] == 3


@pytest.mark.parametrize("goods", [False, True])
@pytest.mark.parametrize(("from_day", "share"), [(0, 1), (1, 1), (4, 1), (6, 1)])
def test_hungry_days_are_counted_from_there(from_day: int, share: float, goods: bool) -> None:
    """Empty 4320-4860 (540 min of day 3) and 7740-9180 (900 of day 5, 540 of day 6); days before are not known."""
    result = measured(from_day, goods)
    days = result.days[result.days["measure"] == "hungry_household_share"].sort_values("day")["value"].to_numpy()
    expected = np.array([0, 0, 0, 1, 0, 1, 1], dtype=float)
    expected[:from_day] = np.nan
    np.testing.assert_array_equal(days, expected)
    assert result.values.loc[0, "hungry_household_share_worst_day"] == share


def never_served(pantry_days: float, goods: bool, from_day: int) -> ss.Result:
    """One household that is sent nothing in time, with food for some days; 4 days are simulated."""
    pantry = {"low": pantry_days, "high": pantry_days}
    plan = world([1], {}, demand={"kind": "cycle", "cycle_days": 7, "lines_per_order": 1}, run_out_days=0)
    plan["scenario"] |= {"horizon_days": 4, "service_target_days": 1, "measured_from_day": from_day}
    parcel: Plain = {"kg": 2}
    if goods:
        del plan["scenario"]["households"]["pantry_days"]
        plan["goods"] = {name: {"kg_per_person_day": 0.5, "pantry_days": pantry} for name in ("rice", "greens")}
        parcel = {"content": {"rice": 1, "greens": 1}}
    else:
        plan["scenario"]["households"]["pantry_days"] = pantry
        plan["demand"]["need_kg_per_household_week"] = 7
    return exact(plan, strategy(channel("only", delay("on_the_way", 20_000), parcel=parcel)))


@pytest.mark.parametrize("goods", [False, True])
@pytest.mark.parametrize(
    ("pantry_days", "days", "longest_min"),
    [
        # Out at 18:00 of day 1, six hours of it, but that day is not measured: days 2 and 3 whole.
        (1.75, [np.nan, np.nan, 1, 1], 2880),
        # Out at 19:00 of day 2, which is 5 h of it; day 3 whole.
        (2 + 19 / 24, [np.nan, np.nan, 0, 1], 1440 + 300),
    ],
)
def test_a_time_without_that_began_before_counts_from_there(
    pantry_days: float, days: list[float], longest_min: float, goods: bool
) -> None:
    result = never_served(pantry_days, goods, from_day=2)
    table = result.days[result.days["measure"] == "hungry_household_share"].sort_values("day")
    np.testing.assert_array_equal(table["value"], days)
    values = result.values.loc[0]
    assert values["gap_h_longest"] == values["empty_pantry_h"] == pytest.approx(longest_min / 60)
    assert values["hungry_household_share_worst_day"] == 1


def test_the_targets_are_counted_from_there() -> None:
    """3420 min are 57 h."""
    assert measured(1, False, target_days=2).values.loc[0, "coverage"] == 0
    assert measured(1, False, target_days=3).values.loc[0, "coverage"] == 1


def test_measuring_changes_nothing_that_happens() -> None:
    """At midnight of day 2 everybody has waited 2 days, whenever it is measured from: parcels from then on."""
    watch = {"metric": "households_past_days", "past_days": 1.5, "above": 0.5}
    crate = channel("crate", delay("stand", 10), release={"kind": "allot", "every_days": 2}, parcel={"kg": 2})
    for from_day in (0, 2):
        plan = world([20], {}, run_out_days=0, horizon_days=5, service_target_days=1, measured_from_day=from_day)
        decided = strategy(crate)
        del decided["calendar"]
        decided |= {"mix": [{"channel": "crate", "when": "hunger"}], "triggers": {"hunger": watch}}
        table = exact(plan, decided).days
        on_day = table[(table["measure"] == "attempted") & (table["value"] > 0)]
        assert on_day["day"].unique().tolist() == [2, 4]
