"""Means and intervals, and what `simulate` takes and refuses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.stats.intervals import Estimate, estimate
from tests.plans.tiny_comparison import strategy, tiny_scenario

NUMBERS = st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=2, max_size=40)


@settings(max_examples=60, deadline=None)
@given(NUMBERS)
def test_interval_is_student_t(values: list[float]) -> None:
    found = estimate(values, "h")
    assert found.n == len(values)
    assert found.mean == pytest.approx(np.mean(values), rel=1e-9, abs=1e-9)
    if len(set(values)) == 1:
        assert found.ci_low == found.mean == found.ci_high
        return
    low, high = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))
    assert found.ci_low == pytest.approx(low, rel=1e-9, abs=1e-6)
    assert found.ci_high == pytest.approx(high, rel=1e-9, abs=1e-6)


def test_interval_by_hand() -> None:
    """1, 2, 3: mean 2, deviation 1, t(2, 0.975) = 4.302653; half-width 4.302653 / sqrt(3) = 2.484138."""
    found = estimate([1, 2, 3], "h")
    assert found.mean == 2
    assert found.ci_high is not None
    assert found.ci_high - 2 == pytest.approx(2.484138, abs=1e-6)


def test_one_value_has_no_interval() -> None:
    assert estimate([4.5], "h") == Estimate(4.5, None, None, 1, "h")


@pytest.mark.parametrize("value", [0.1, 0.9999999999999998, 1 / 3, 0.0])
def test_equal_values_of_what_has_no_bounds_have_an_interval_without_width(value: float) -> None:
    assert estimate([value] * 7, "h") == Estimate(value, value, value, 7, "h")


@pytest.mark.parametrize(("values", "num"), [([], 0), ([math.nan], 0), ([math.nan] * 3, 0), ([1.0, math.nan, 2.0], 2)])
def test_a_value_missing_somewhere_has_no_mean(values: list[float], num: int) -> None:
    """The mean of the replications in which everybody was served would flatter the plan."""
    assert estimate(values, "h") == Estimate(None, None, None, num, "h")


def test_a_share_stays_between_0_and_1() -> None:
    found = estimate([0.0, 1.0], "share")
    assert (found.ci_low, found.ci_high) == (pytest.approx(1 - math.sqrt(0.975)), pytest.approx(math.sqrt(0.975)))
    found = estimate([0.0, 1.0], "h")
    assert found.ci_low is not None
    assert found.ci_low < 0


def test_intervals_hold_the_true_mean_as_often_as_they_say() -> None:
    """95 % of the intervals of normal values hold the true mean; 2,000 samples of five."""
    samples = np.random.default_rng(1).normal(size=(2000, 5))
    held = [found.ci_low <= 0 <= found.ci_high for found in (estimate(row, "h") for row in samples)]
    # Four standard errors: sqrt(0.95 * 0.05 / 2000) = 0.0049.
    assert np.mean(held) == pytest.approx(0.95, abs=0.0195)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ({"replications": 0}, "replications"),
        ({"replications": 2.0}, "replications"),
        ({"replications": True}, "replications"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"first_replication": -1}, "first_replication"),
        ({"detail": "everything"}, "detail"),
        ({"strategy": "standard_crate"}, "strategy"),
    ],
)
def test_what_simulate_refuses(words: dict[str, Any], key: str) -> None:
    given = {"strategy": strategy("standard_crates"), "replications": 1, **words}
    with pytest.raises(InputError) as caught:
        ss.simulate(tiny_scenario(), **given)
    assert key in caught.value.problems[0].key


def test_a_replication_alone_equals_the_one_in_the_batch() -> None:
    scenario = tiny_scenario(0.5)
    batch = ss.simulate(scenario, strategy("standard_crates"), replications=4, seed=3)
    alone = ss.simulate(scenario, strategy("standard_crates"), replications=1, first_replication=2, seed=3)
    assert batch.values.loc[[2]].equals(alone.values)
    assert np.array_equal(batch.coverage[2], alone.coverage[0])


def test_result_tables() -> None:
    result = ss.simulate(tiny_scenario(0.5), strategy("standard_crates"), replications=3)
    summary = result.summary()
    assert list(summary.columns) == ["mean", "ci_low", "ci_high", "n", "unit"]
    assert list(result.utilisation()) == ["compile", "pack", "deliver", "door"]
    band = result.coverage_band()
    assert list(band.columns) == ["hour", "mean", "ci_low", "ci_high"]
    assert band["hour"].iloc[-1] == 24 * 5
    assert (band["ci_low"] <= band["mean"]).all()
    assert (band["mean"] <= band["ci_high"]).all()
    assert (band["mean"].diff().dropna() >= 0).all()
    # Coverage at the target is the curve's value there (nobody is served in the very minute).
    at_target = band.loc[band["hour"] == 48, "mean"].item()
    assert at_target == pytest.approx(summary.loc["coverage", "mean"])
