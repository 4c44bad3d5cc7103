"""Queues whose mean sojourn is known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import simsupply as ss
from tests.plans.paper_plans import channel, crew, shift, stage, strategy, world


def sojourns(
    orders: int, rate: float, servers: int, kind: str, *, replications: int, warm_up: int, seed: int = 1
) -> np.ndarray:
    """Mean minutes from order to done of each replication, without the first orders."""
    days = math.ceil(orders / rate / 1440 * 1.1)
    demand = {
        "kind": "poisson",
        "need_kg_per_household_week": 14,
        "rate_per_min": rate,
        "max_orders": orders,
        "order_kg": 1,
        "lines_per_order": 1,
    }
    plan = world(
        [orders],
        {"servers": crew(servers, "depot", shift("00:00", "24:00"))},
        demand=demand,
        horizon_days=days,
        run_out_days=1,
    )
    work = stage("served", "servers", discipline="fifo", effort={"per_order_min": 1}, variability={"kind": kind})
    result = ss.simulate(
        ss.load_scenario(plan),
        ss.load_strategy(strategy(channel("queue", work))),
        replications=replications,
        seed=seed,
        detail="orders",
    )
    table = result.orders.sort_values(["replication", "placed"])
    assert len(table) == orders * replications
    assert table["served"].notna().all()
    stay = (table["served"] - table["placed"]).to_numpy().reshape(replications, orders)
    return stay[:, warm_up:].mean(axis=1)


def assert_mean(sample: np.ndarray, expected: float) -> None:
    """The 95 % t-interval of the replications covers the expectation, and it is narrow enough to tell."""
    half = stats.t.ppf(0.975, len(sample) - 1) * sample.std(ddof=1) / math.sqrt(len(sample))
    assert half < 0.05 * expected
    assert sample.mean() == pytest.approx(expected, abs=half)


@pytest.mark.lengthy
def test_three_servers_with_exponential_times() -> None:
    """M/M/3, rate 2.4 a minute, 1 min each: a = 2.4, load 0.8.

    Sum over k < 3 of a^k / k! = 1 + 2.4 + 2.88 = 6.28; a^3 / 3! / (1 - 0.8) = 11.52; Erlang C = 11.52 / 17.8.
    Mean wait = C / (3 - 2.4) = 1.078652; sojourn 2.078652.
    """
    wait = 11.52 / 17.8 / 0.6
    assert wait == pytest.approx(1.07865, abs=5e-6)
    assert_mean(sojourns(20_000, 2.4, 3, "exponential", replications=20, warm_up=1_000), 1 + wait)


def test_one_server_with_constant_times() -> None:
    """M/D/1 at load 0.7: wait = 0.7 / (2 * 0.3) = 7/6 min; sojourn 13/6."""
    assert_mean(sojourns(10_000, 0.7, 1, "none", replications=10, warm_up=500), 1 + 7 / 6)
