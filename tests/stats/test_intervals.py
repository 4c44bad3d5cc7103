"""Intervals of quantiles and of shares of replications against formulas, definitions and chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simsupply.stats.intervals import Estimate, quantile_estimate, share_estimate


@given(st.integers(1, 200), st.floats(0, 1))
def test_wilson_is_scipy_s(num: int, share: float) -> None:
    hits = round(share * num)
    found, known = share_estimate(hits, num), stats.binomtest(hits, num).proportion_ci(0.95, method="wilson")
    assert (found.ci_low, found.ci_high) == (pytest.approx(known.low, abs=1e-12), pytest.approx(known.high, abs=1e-12))
    assert 0 <= found.ci_low <= found.mean <= found.ci_high <= 1


def test_wilson_by_hand() -> None:
    """1 of 2, z^2 = 3.841459: centre 0.5, half-width sqrt(z^2 / (4 (2 + z^2))) = 0.405471."""
    found = share_estimate(1, 2)
    assert found.ci_high == pytest.approx(0.5 + math.sqrt(3.841459 / (4 * 5.841459)), abs=1e-6)


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
