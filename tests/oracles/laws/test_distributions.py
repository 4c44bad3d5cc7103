"""Random parts have the law they are said to have: attendance, times, wishes, pantries, drives."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import simsupply as ss
from tests.plans.paper_plans import channel, crew, ends, fleet, leg, listed, shift, simulate, stage, strategy, world

SURE = 1e-4  # a law is doubted below this probability


@pytest.mark.lengthy
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
    factors = (np.array(ends(simulate(plan, work), "pack")) - 480) / 10
    assert stats.kstest(factors, law.cdf).pvalue > SURE
    # Neighbours do not share their luck.
    assert abs(np.corrcoef(factors[:-1], factors[1:])[0, 1]) < 4 / np.sqrt(5000)


def test_poisson_wishes() -> None:
    """Rate 0.5 a minute, 4,000 orders: exponential gaps of mean 2, and each of a household drawn evenly."""
    demand = {
        "kind": "poisson",
        "need_kg_per_household_week": 14,
        "rate_per_min": 0.5,
        "max_orders": 4000,
        "order_kg": 1,
        "lines_per_order": 1,
    }
    plan = world([250, 750], {"packers": crew(1)}, demand=demand)
    orders = simulate(plan, stage("pack", "packers", effort={"per_order_min": 1})).orders
    found = np.bincount(orders["household"], minlength=1000)
    assert stats.chisquare(found).pvalue > SURE
    assert len(orders) == 4000
    gaps = np.diff(np.sort(np.append(orders["placed"].to_numpy(), 0)))
    assert stats.kstest(gaps, stats.expon(scale=2).cdf).pvalue > SURE


def test_pantries_are_uniform() -> None:
    """Nobody comes for 7 days, pantries of 1 to 5 days: deprived 7 - U(1, 5) days each, 4 on average."""
    plan = world([5000], {"packers": crew(1)}, attendance=0, people={"pantry_days": {"low": 1, "high": 5}})
    values = simulate(plan, stage("pack", "packers", effort={"per_order_min": 1})).values.loc[0]
    error = 4 / np.sqrt(12) / np.sqrt(5000)
    assert values["deprived_household_days"] / 5000 == pytest.approx(4, abs=4 * error)


AROUND_THE_CLOCK = shift("00:00", "24:00")


def drive(vans: int, leg_says: dict, **fleet_says) -> ss.Result:
    """As many vans, docks and drop points at 10 km; all packed at 10, no loading: off at once."""
    plan = world(
        listed([1] * vans, docks=vans),
        {"packers": crew(vans, "depot", AROUND_THE_CLOCK)},
        {"vans": fleet(vans, "depot", AROUND_THE_CLOCK, **fleet_says)},
        horizon_days=1,
    )
    return simulate(plan, stage("pack", "packers", effort={"per_order_min": 10}), leg("deliver", "vans", **leg_says))


def test_drive_minutes_are_uniform() -> None:
    """Drives of 10 to 20 min: there at 10 + U(10, 20)."""
    out = np.array(ends(drive(2000, {"drive_min": [10, 20]}), "deliver")) - 10
    assert stats.kstest(out, stats.uniform(10, 10).cdf).pvalue > SURE


def test_the_way_back_is_drawn_by_itself() -> None:
    """One van, 2,000 plans of one trip in one: busy = out + back, both U(10, 20) and uncorrelated."""
    result = drive(2000, {"drive_min": [10, 20]})
    out = np.array(ends(result, "deliver")) - 10
    back = result.values.loc[0, "utilisation.deliver"] * 1440 * 2000 - out.sum()
    # Sum of 2,000 draws U(10, 20): mean 30,000, standard deviation sqrt(2000 * 100 / 12) = 129.
    assert abs(back - 30_000) < 4 * 129
    assert back != pytest.approx(out.sum(), abs=1e-6)
