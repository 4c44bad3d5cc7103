"""Random parts have the law they are said to have: attendance, times, wishes, pantries, drives."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import simsupply as ss
from tests.oracles.plans import channel, crew, ends, fleet, leg, listed, play, shift, stage, strategy, world

SURE = 1e-4  # a law is doubted below this probability


def test_everybody_comes_on_his_own() -> None:
    """10 people, 7 days, attendance 0.3: person-days are binomial(70, 0.3), 10 h each; 300 replications."""
    plan = world([1], {"packers": crew(10)}, attendance=0.3)
    result = ss.simulate(
        ss.load_scenario(plan),
        ss.load_strategy(strategy(channel("only", stage("pack", "packers", effort={"per_order_min": 1})))),
        replications=300,
        seed=1,
    )
    days = result.values["worker_hours"].to_numpy() / 10
    assert days == pytest.approx(np.round(days))
    assert stats.binomtest(round(days.sum()), 300 * 70, 0.3).pvalue > SURE
    # Independent from day to day and person to person: the variance is binomial too.
    spread = days.var(ddof=1) * 299 / (70 * 0.3 * 0.7)
    assert SURE < stats.chi2(299).cdf(spread) < 1 - SURE


@pytest.mark.parametrize(
    ("variability", "law"),
    [
        ({"kind": "exponential"}, stats.expon()),
        ({"kind": "lognormal", "sigma": 0.4}, stats.lognorm(0.4, scale=np.exp(-0.08))),
    ],
)
def test_factor_on_effort_has_mean_one(variability, law) -> None:
    """As many packers as orders, 10 min each: (end - 480) / 10 has the law, with mean 1."""
    assert law.mean() == pytest.approx(1)
    plan = world([5000], {"packers": crew(5000)})
    work = stage("pack", "packers", effort={"per_order_min": 10}, variability=variability)
    factors = (np.array(ends(play(plan, work), "pack")) - 480) / 10
    assert stats.kstest(factors, law.cdf).pvalue > SURE
    # Neighbours do not share their luck.
    assert abs(np.corrcoef(factors[:-1], factors[1:])[0, 1]) < 4 / np.sqrt(5000)


def test_poisson_wishes() -> None:
    """Rate 0.5 a minute: exponential gaps of mean 2; one order per household."""
    demand = {
        "kind": "poisson",
        "need_kg_per_household_week": 14,
        "rate_per_min": 0.5,
        "order_kg": 1,
        "lines_per_order": 1,
    }
    plan = world([4000], {"packers": crew(1)}, demand=demand)
    orders = play(plan, stage("pack", "packers", effort={"per_order_min": 1})).orders
    assert orders["household"].is_unique
    assert len(orders) == 4000
    gaps = np.diff(np.sort(np.append(orders["placed"].to_numpy(), 0)))
    assert stats.kstest(gaps, stats.expon(scale=2).cdf).pvalue > SURE


def test_pantries_are_uniform() -> None:
    """Nobody comes for 7 days, pantries of 1 to 5 days: deprived 7 - U(1, 5) days each, 4 on average."""
    plan = world(
        [5000], {"packers": crew(1)}, attendance=0, people={"pantry_days": {"low": 1, "high": 5}}
    )
    values = play(plan, stage("pack", "packers", effort={"per_order_min": 1})).values.loc[0]
    error = 4 / np.sqrt(12) / np.sqrt(5000)
    assert values["deprived_household_days"] / 5000 == pytest.approx(4, abs=4 * error)


def test_drive_minutes_are_drawn_once_for_both_ways() -> None:
    """One van around the clock, drives U(10, 20) and the same back: ends e_k = r + 2 sum(x_j, j < k) + x_k."""
    duty = shift("00:00", "24:00")
    plan = world(
        listed([1] * 400), {"packers": crew(400, "depot", duty)}, {"vans": fleet(1, "depot", duty)}, horizon_days=14
    )
    result = play(
        plan, stage("pack", "packers", effort={"per_order_min": 10}), leg("deliver", "vans", drive_min=[10, 20])
    )
    free, drives = 10.0, []
    for end in ends(result, "deliver"):
        drives.append(end - free)
        free += 2 * drives[-1]
    assert min(drives) > 10 - 1e-6
    assert max(drives) < 20 + 1e-6
    assert stats.kstest(drives, stats.uniform(10, 10).cdf).pvalue > SURE
