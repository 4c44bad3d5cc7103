"""Every channel at work in one city under three tiers: each has work, nothing is lost, and both engines agree."""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from simsupply.model.run_loop import run_replication

STRATEGY = "all_channels_via_stations"
A_WEEK = [
    "scenario.horizon_days=9",
    "scenario.run_out_days=3",
    "tiers.calendar=[{tier: sealed, from_day: 2, districts: [Old Town]}, {tier: precaution, districts: [New Zone]}]",
]


@pytest.mark.lengthy
def test_every_channel_has_work_and_nothing_is_lost() -> None:
    replication = run_replication(ss.load_scenario("demo_tiers"), ss.load_strategy(STRATEGY), seed=1, number=0)
    assert abs(replication.mass_balance_error_kg) < 1e-6
    for name, counts in replication.channels.items():
        if name == "group_buying":
            # No compound of 120 households has 100 members.
            assert counts.rejected == counts.attempted > 0
        else:
            assert counts.delivered > 0, name
    assert replication.visits > 0
    assert all(number > 0 for number in replication.contacts.values())
    # Orders are refused, and then packs are sent that nobody has asked for.
    assert replication.channels["online_orders"].rejected > 0
    assert replication.channels["crates_by_tier_via_stations"].delivered > 0


@pytest.mark.lengthy
def test_both_engines_agree() -> None:
    scenario, strategy = ss.load_scenario("demo_tiers", A_WEEK), ss.load_strategy(STRATEGY)
    kernels = run_replication(scenario, strategy, seed=2, number=0)
    reference = run_replication(scenario, strategy, seed=2, number=0, engine="reference")
    for name, values in vars(kernels.households).items():
        np.testing.assert_array_equal(values, getattr(reference.households, name))
    assert kernels.channels == reference.channels
    assert kernels.contacts == reference.contacts
    assert kernels.visits == reference.visits
    assert kernels.last_delivery_min == reference.last_delivery_min
