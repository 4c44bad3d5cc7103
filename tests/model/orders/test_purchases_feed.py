"""Demand ``purchases`` under a daily list: a household whose orders are all taken has enough to eat."""

from __future__ import annotations

import numpy as np

import simsupply as ss
from simsupply.model.run_loop import run_replication

DAYS = 21
AMPLE = [
    "demand=purchases_4_percent_online",
    "demand.need_kg_per_household_week=13.0",
    "scenario.geography.households=240",
    f"scenario.horizon_days={DAYS}",
    *(f"staffing.crews.{crew}.headcount=400" for crew in ("site_workers", "door_team")),
    "fleet.vans.count=24",
]


def test_whose_orders_are_all_taken_is_fed() -> None:
    scenario = ss.load_scenario("subdistrict", AMPLE)
    replication = run_replication(scenario, ss.load_strategy("individual_orders"), seed=1, number=0)
    assert replication.orders.rejected == 0
    per_household = replication.households.kg / (13.0 / 7 * DAYS)
    # What is used up between the last list and the horizon is not ordered yet or on its way.
    assert 0.85 < per_household.mean() < 1.05
    # Nobody is left out, and nobody is sent more than was used up since time 0 and one order ahead.
    assert per_household.min() > 0.5
    assert per_household.max() < 1.0 + 7.0 / DAYS
    empty_share = replication.households.empty_min / (DAYS * 24 * 60)
    assert np.mean(empty_share) < 0.02


def test_a_low_pantry_brings_forward_what_would_have_been_bought_later() -> None:
    """With rare purchases it is the stock at home that keeps a household from going without."""
    empty = {}
    for days in ("null", "2"):
        overrides = [*AMPLE, "demand.purchases_per_household_day=0.05", f"demand.low_pantry_days={days}"]
        scenario = ss.load_scenario("subdistrict", overrides)
        replication = run_replication(scenario, ss.load_strategy("individual_orders"), seed=1, number=0)
        empty[days] = float(replication.households.empty_min.mean())
    assert empty["2"] < 0.5 * empty["null"]
