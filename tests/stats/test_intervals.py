"""Intervals of quantiles and of shares of replications against formulas, definitions and chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simsupply.stats.bounded import mean_ends
from simsupply.stats.intervals import SHARE, Estimate, estimate, interval, quantile_estimate, share_estimate
from simsupply.stats.unseen import is_spread_known, number_apart, unseen_share


@given(st.integers(1, 200), st.floats(0, 1))
def test_a_share_of_replications_is_scipy_s(num: int, share: float) -> None:
    hits = round(share * num)
    found, known = share_estimate(hits, num), stats.binomtest(hits, num).proportion_ci(0.95, method="exact")
    assert (found.ci_low, found.ci_high) == (pytest.approx(known.low, abs=1e-12), pytest.approx(known.high, abs=1e-12))
    assert 0 <= found.ci_low <= found.mean <= found.ci_high <= 1


def test_a_share_by_hand() -> None:
    """1 of 2: P(at least 1 of 2) = 1 - (1 - p)^2 = 0.025 at p = 1 - sqrt(0.975), and as much from the other end."""
    found = share_estimate(1, 2)
    assert found.ci_low == pytest.approx(1 - math.sqrt(0.975))
    assert found.ci_high == pytest.approx(math.sqrt(0.975))


@pytest.mark.parametrize("hits", [0, 1, 7, 19, 20])
def test_a_metric_that_is_all_or_nothing_is_a_share_of_replications(hits: int) -> None:
    values = np.array([1.0] * hits + [0.0] * (20 - hits))
    counted = share_estimate(hits, 20)
    assert interval(values, bounds=SHARE) == (pytest.approx(counted.ci_low), pytest.approx(counted.ci_high))


def test_equal_shares_have_a_width() -> None:
    """Ten times 1: 0.025^(1/10) = 0.6915 may be all; ten times 0.98: 0.3085 of them may be 0 instead, or 1."""
    unseen = 1 - 0.025**0.1
    assert unseen == pytest.approx(0.3085, abs=1e-4)
    assert unseen_share(10, 0.95) == pytest.approx(unseen)
    found = estimate([1.0] * 10, "share")
    assert (found.mean, found.ci_low, found.ci_high) == (1.0, pytest.approx(1 - unseen), 1.0)
    low, high = interval(np.full(10, 0.98), bounds=SHARE)
    assert (low, high) == (pytest.approx(0.98 - 0.98 * unseen), pytest.approx(0.98 + 0.02 * unseen))


def test_a_smooth_share_has_student_s_interval() -> None:
    """Values near 0.9 that vary by 0.001 are as many as 100,000 all-or-nothing ones: the bounds are far away."""
    values = 0.9 + 0.001 * np.random.default_rng(4).normal(size=12)
    low, high = interval(values, bounds=SHARE)
    known = stats.t.interval(0.95, 11, values.mean(), stats.sem(values))
    assert (low, high) == (pytest.approx(known[0], abs=2e-5), pytest.approx(known[1], abs=2e-5))


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12), st.sampled_from([0.9, 0.95, 0.999]))
def test_intervals_of_shares_stay_within_what_is_possible(values: list[float], confidence: float) -> None:
    low, high = interval(np.array(values), confidence, SHARE)
    assert 0 <= low <= np.mean(values) + 1e-9
    assert np.mean(values) - 1e-9 <= high <= 1
    assert low < high


def test_hours_do_not_go_below_none() -> None:
    found = estimate([0.0, 10.0], "h", (0.0, math.inf))
    assert found.ci_low == 0
    assert found.ci_high == pytest.approx(5 + 5 * math.tan(math.pi * 0.475))


def test_many_intervals_at_once_are_each_by_itself() -> None:
    rows = np.array([[0.2, 0.5, 0.4], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0], [0.98, 0.98, 0.98]])
    ends = mean_ends(rows.mean(axis=1), np.array([np.ptp(row) and row.std(ddof=1) for row in rows]), 3, 0.0, 1.0, 0.95)
    for row, low, high in zip(rows, *ends, strict=True):
        assert interval(row, bounds=SHARE) == (pytest.approx(low), pytest.approx(high))


# --- what has not been seen --------------------------------------------------------------------------


def test_what_equal_values_exclude() -> None:
    """149 equal shares exclude, with 95 %, that 2 % are otherwise: 0.98^149 = 4.9 %, 0.98^148 = 5.03 %."""
    assert number_apart(np.array([0.5] * 7 + [0.1, 0.9])) == 2
    assert not is_spread_known(np.ones(148), 0.02, 0.95, 1.0)
    assert is_spread_known(np.ones(149), 0.02, 0.95, 1.0)
    # What has no bounds: 0.95^59 = 4.8 %, 0.95^58 = 5.1 %.
    assert not is_spread_known(np.ones(58), 0.02, 0.95, None)
    assert is_spread_known(np.ones(59), 0.02, 0.95, None)


def test_five_that_are_otherwise_tell_how_far() -> None:
    assert not is_spread_known(np.array([1.0] * 20 + [0.0] * 4), 0.02, 0.95, 1.0)
    assert is_spread_known(np.array([1.0] * 20 + [0.0] * 5), 0.02, 0.95, 1.0)
    # Values that do not repeat are smooth, however few.
    assert is_spread_known(np.array([0.1, 0.2, 0.3]), 0.02, 0.95, 1.0)


@pytest.mark.parametrize(("hits", "num"), [(0, 0), (-1, 3), (4, 3)])
def test_no_share(hits: int, num: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        share_estimate(hits, num)


def test_median_of_ten_by_table() -> None:
    """Conover's table: with n = 10 the 95 % interval of the median runs from the 2nd to the 9th value (97.9 %)."""
    found = quantile_estimate([3, 1, 2, 10, 9, 8, 7, 6, 5, 4], 0.5, "h")
    assert found == Estimate(5.0, 2.0, 9.0, 10, "h")


@pytest.mark.parametrize(("share", "num"), [(0.5, 6), (0.9, 36), (0.1, 36)])
def test_too_few_for_an_interval(share: float, num: int) -> None:
    """0.5^5 = 3.1 % is more than 2.5 %, 0.5^6 is not; 0.9^35 = 2.50 %, 0.9^36 = 2.25 %."""
    assert quantile_estimate(range(num - 1), share, "h").ci_low is None
    found = quantile_estimate(range(num), share, "h")
    assert found.ci_low is not None
    assert found.ci_high is not None


@given(st.integers(2, 80), st.sampled_from([0.1, 0.25, 0.5, 0.9]))
def test_ends_leave_out_no_more_than_they_may(num: int, share: float) -> None:
    """By summing the binomial law: an end is as near as it can be with at most 2.5 % beyond it."""
    found = quantile_estimate(np.arange(1, num + 1), share, "h")
    below = [math.comb(num, k) * share**k * (1 - share) ** (num - k) for k in range(num + 1)]
    lows = [rank for rank in range(1, num + 1) if sum(below[:rank]) <= 0.025]
    highs = [rank for rank in range(1, num + 1) if sum(below[rank:]) <= 0.025]
    if lows and highs:
        assert (found.ci_low, found.ci_high) == (max(lows), min(highs))
    else:
        assert found.ci_low is None


def test_order_statistics_hold_the_true_quantile() -> None:
    """Exponential values, 0.9 quantile log(10): at least 95 % of 2,000 intervals hold it (4 standard errors: 2 %)."""
    samples = np.random.default_rng(2).exponential(size=(2000, 60))
    held = [
        found.ci_low <= math.log(10) <= found.ci_high for found in (quantile_estimate(row, 0.9, "h") for row in samples)
    ]
    assert 0.93 < np.mean(held) < 0.995


@pytest.mark.parametrize("values", [[], [math.nan], [1.0, math.nan]])
def test_a_value_missing_somewhere_has_no_quantile(values: list[float]) -> None:
    found = quantile_estimate(values, 0.5, "h")
    assert (found.mean, found.ci_low, found.ci_high) == (None, None, None)


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, math.nan])
def test_what_is_no_quantile(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile_estimate([1.0], share, "h")


def test_equal_values() -> None:
    assert quantile_estimate([0.3] * 40, 0.9, "h") == Estimate(0.3, 0.3, 0.3, 40, "h")
