"""Replicating until precise, and topping up what has been run."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.experiment.precision import PrecisionSettings, next_number, reached, read_precision
from simsupply.report.run_answer import precision_words
from simsupply.results.joining import joined
from tests.plans.tiny_comparison import strategy, tiny_scenario

FRAMES = ("values", "splits", "days", "staff", "shocks")


def simulated(**how: Any) -> ss.Result:
    return ss.simulate(tiny_scenario(0.5), strategy("standard_crates"), seed=3, **how)


def table(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns).rename_axis("replication")


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table by their keys; a table of one go has its replications side by side."""
    keys = [name for name in rows.columns if name in ("replication", "day", "channel", "measure", "crew", "metric")]
    return rows.sort_values([*keys, *({"split", "group"} & set(rows.columns))]).reset_index(
        drop=rows.index.name is None
    )


def settings(most: int = 100, **metrics: Any) -> PrecisionSettings:
    return read_precision({"metrics": metrics, "max": most}, "test")


def test_goals_by_hand() -> None:
    """1, 2, 3: half-width 2.484138, 124 % of the mean; for 1.0, 3 * 2.484138^2 = 18.5 replications are needed.

    An interval that would begin below 0 begins at 0: half of 0 to 4.484138 is 2.242069.
    """
    values = table(worker_hours=[1, 2, 3], mass_balance_error_kg=[1, 2, 3])
    found = reached(values, settings(mass_balance_error_kg=1.0, worker_hours=1.0))
    assert [finding.is_met for finding in found] == [False, False]
    assert found[0].half_width == pytest.approx(2.484138, abs=1e-6)
    assert found[1].half_width == pytest.approx(2.242069, abs=1e-6)
    assert found[0].needed == 19
    # Never more than twice what there is, nor than allowed.
    assert next_number(values, settings(mass_balance_error_kg=1.0)) == 6
    assert next_number(values, settings(5, mass_balance_error_kg=1.0)) == 5
    assert next_number(values, settings(3, mass_balance_error_kg=1.0)) is None
    assert next_number(values, settings(mass_balance_error_kg=2.4)) == 4
    assert next_number(values, settings(mass_balance_error_kg="125%")) is None
    assert next_number(values, settings(mass_balance_error_kg="124%")) == 4


def test_equal_shares_are_not_precise() -> None:
    """Ten times 1 are known to u / 2 = 15.4 points, u = 1 - 0.025^(1/10); 5 points need 1 - 0.025^(1/n) <= 0.1: n = 36.

    0.9^35 = 0.02503, 0.9^36 = 0.02253.
    """
    values, wanted = table(coverage=[1.0] * 10), settings(coverage=0.05)
    (found,) = reached(values, wanted)
    assert found.half_width == pytest.approx((1 - 0.025**0.1) / 2)
    assert (found.is_met, found.needed) == (False, 36)
    assert next_number(values, wanted) == 20
    assert not reached(table(coverage=[1.0] * 35), wanted)[0].is_met
    assert reached(table(coverage=[1.0] * 36), wanted)[0].is_met
    # The same wherever the share lies between 0 and 1: what is unseen may be all or nothing.
    assert reached(table(coverage=[0.98] * 36), wanted)[0].half_width == pytest.approx((1 - 0.025 ** (1 / 36)) / 2)


def test_equal_values_without_bounds_are_precise_after_59() -> None:
    """Then one in twenty that is otherwise is excluded: 0.95^59 = 4.8 %."""
    (found,) = reached(table(worker_hours=[8.0] * 10), settings(worker_hours=1.0))
    assert (found.half_width, found.is_met, found.needed) == (0, False, 59)
    assert next_number(table(worker_hours=[8.0] * 40), settings(worker_hours=1.0)) == 59
    assert reached(table(worker_hours=[8.0] * 59), settings(worker_hours=1.0))[0].is_met


def test_two_shares_are_hardly_precise() -> None:
    """0, 1: the exact interval of one in two is 1 - sqrt(0.975) to sqrt(0.975), half of it 0.487."""
    (found,) = reached(table(coverage=[0, 1]), settings(coverage=0.48))
    assert not found.is_met
    assert found.half_width == pytest.approx(math.sqrt(0.975) - 0.5)


def test_relative_to_a_mean_of_zero() -> None:
    """No half-width but none is within 1 % of zero: said so, without a number that is no number."""
    values, wanted = table(mass_balance_error_kg=[-1, 1]), settings(mass_balance_error_kg="1%")
    (found,) = reached(values, wanted)
    assert (found.is_met, found.needed) == (False, None)
    assert next_number(values, wanted) == 4
    (found,) = reached(table(spoiled_kg=[0] * 59), settings(spoiled_kg="1%"))
    assert found.is_met


def test_a_metric_that_is_missing_somewhere_stops_at_once() -> None:
    values = table(last_household_served_h=[1, np.nan], coverage=[0.1, 0.9])
    asked = settings(last_household_served_h=1.0, coverage=0.001)
    assert next_number(values, asked) is None
    assert reached(values, asked)[0].half_width is None


@pytest.mark.lengthy
def test_until_precise() -> None:
    wanted = {"deprived_household_days": 15, "worker_hours": "3%"}
    found = simulated(replications=3, precision={"metrics": wanted, "max": 200})
    num = len(found.values)
    assert 3 < num < 200
    assert all(goal.is_met for goal in found.reached)
    assert found.estimate("deprived_household_days").half_width <= 15
    assert found.estimate("worker_hours").half_width <= 0.03 * found.estimate("worker_hours").mean
    assert found.values.equals(simulated(replications=num).values)
    assert all("as asked for" in line for line in precision_words(found))


@pytest.mark.parametrize(("language", "words"), [("en", "NOT reached, about"), ("zh", "未达到要求")])
def test_precision_that_cannot_be_reached_says_so(language: Any, words: str) -> None:
    found = simulated(replications=2, precision={"metrics": {"worker_hours": "0.01%"}, "max": 5})
    assert len(found.values) == 5
    (goal,) = found.reached
    assert not goal.is_met
    assert goal.needed > 5
    (line,) = precision_words(found, language)
    assert words in line
    assert f"{goal.half_width:.3g}" in line


@pytest.mark.parametrize("language", ["en", "zh"])
def test_precision_of_what_does_not_exist_says_so(language: Any) -> None:
    nobody = ss.simulate(
        tiny_scenario(0.0),
        strategy("standard_crates"),
        replications=2,
        precision={"metrics": {"last_household_served_h": 1}},
    )
    assert len(nobody.values) == 2
    (line,) = precision_words(nobody, language)
    assert {"en": "does not exist", "zh": "并非"}[language] in line
    assert "nan" not in line


def test_topped_up_equals_one_go() -> None:
    whole, topped = simulated(replications=5), ss.top_up(simulated(replications=2), 5)
    for name in FRAMES:
        expected, again = (in_order(getattr(result, name)) for result in (whole, topped))
        assert_frame_equal(expected, again)
    assert np.array_equal(whole.coverage, topped.coverage)
    assert (whole.notes, whole.unstaffed) == (topped.notes, topped.unstaffed)
    assert whole.summary().equals(topped.summary())


def test_topped_up_with_orders_in_memory() -> None:
    whole, topped = simulated(replications=3, detail="orders"), ss.top_up(simulated(replications=1, detail="orders"), 3)
    assert_frame_equal(whole.orders, topped.orders)
    assert_frame_equal(whole.households, topped.households, check_categorical=False)


def test_topping_up_until_precise_plays_nothing_again() -> None:
    wanted = {"metrics": {"worker_hours": 8}, "max": 200}
    minutes: list[float] = []
    earlier = simulated(replications=4)
    found = ss.top_up(earlier, precision=wanted, on_advance=minutes.append)
    assert sum(minutes) == pytest.approx((len(found.values) - 4) * tiny_scenario().end_min)
    assert len(found.values) > 4
    assert found.estimate("worker_hours").half_width <= 8
    assert ss.top_up(found, 2).values is found.values


def test_an_odd_first_number_is_gone_on_from() -> None:
    topped = ss.top_up(simulated(replications=1, first_replication=7), 2)
    assert list(topped.values.index) == [7, 8]
    assert topped.values.loc[[8]].equals(simulated(replications=1, first_replication=8).values)


def test_what_does_not_belong_together() -> None:
    first = simulated(replications=1)
    with pytest.raises(ValueError, match="in both"):
        joined(first, first)
    other = ss.simulate(tiny_scenario(0.5), strategy("standard_crates"), replications=1, first_replication=1, seed=4)
    with pytest.raises(ValueError, match="another scenario"):
        joined(first, other)


@pytest.mark.parametrize(
    ("precision", "replications", "key", "allowed"),
    [
        ({"metrics": {"fill_rat": 1}}, 10, "precision.metrics", "did you mean 'fill_rate'"),
        ({"metrics": {"utilisation.pick": 1}}, 10, "precision.metrics", "utilisation.pack"),
        ({"metrics": {"fill_rate": 0}}, 10, "precision.metrics.fill_rate", "above 0"),
        ({"metrics": {"fill_rate": "-1%"}}, 10, "precision.metrics.fill_rate", "above 0"),
        ({"metrics": {"fill_rate": "narrow"}}, 10, "precision.metrics.fill_rate", "above 0"),
        ({"metrics": {"fill_rate": True}}, 10, "precision.metrics.fill_rate", "above 0"),
        ({"metrics": {}}, 10, "precision.metrics", "at least one item"),
        ({"metrics": {"fill_rate": 1}, "max": 5}, 10, "precision.max", "no less than replications (10)"),
        ({"metrics": {"fill_rate": 1}}, 1, "replications", "2 or more"),
        ({"metric": {"fill_rate": 1}}, 10, "precision.metric", "did you mean 'metrics'"),
        ("1%", 10, "precision", "a mapping"),
    ],
)
def test_what_is_refused(precision: Any, replications: int, key: str, allowed: str) -> None:
    with pytest.raises(InputError) as caught:
        simulated(replications=replications, precision=precision)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert allowed in str(problem.allowed)


def test_distribution_and_shares() -> None:
    found = simulated(replications=40)
    rows = found.distribution()
    days = np.sort(found.values["deprived_household_days"])
    assert rows.loc["deprived_household_days", "worst_decile"] == days[35]
    assert rows.loc["coverage", "worst_decile"] == np.sort(found.values["coverage"])[3]
    assert np.isnan(rows.loc["orders_attempted", "worst_decile"])
    assert (rows["median_low"].dropna() <= rows["median"].loc[rows["median_low"].notna()]).all()
    half = found.share("deprived_household_days", at_most=days[19])
    assert half.mean == 0.5
    assert (
        found.share("last_household_served_h", at_most=1e9).mean
        == found.values["last_household_served_h"].notna().mean()
    )
