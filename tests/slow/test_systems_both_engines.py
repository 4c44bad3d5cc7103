"""Scenarios of S8 to S14: every order finishes every step at the same moment, whichever engine simulates it."""

from __future__ import annotations

import pandas as pd
import pytest

import simsupply as ss

pytestmark = pytest.mark.slow
SHORT = ("scenario.horizon_days=5", "scenario.run_out_days=2", "scenario.service_target_days=3")
PLANS = (
    ("township", "next_day_lists", SHORT),
    ("calendar_town", "buying_days", SHORT),
    ("regiment_town", "gate_windows", SHORT),
    ("campus", "bulk_and_small", ()),
    ("scarce_goods", "scarce_urgent", ()),
    ("reserves_city", "standard_crates", ()),
    ("sealed_compounds", "norm_door_then_packs", SHORT),
)


@pytest.mark.parametrize(("name", "strategy", "changes"), PLANS, ids=[name for name, *_ in PLANS])
def test_both_engines(name: str, strategy: str, changes: tuple[str, ...]) -> None:
    scenario = ss.load_scenario(name, list(changes))
    orders = []
    for engine in ("auto", "reference"):
        table = ss.simulate(scenario, strategy, replications=1, seed=2, detail=["orders"], engine=engine).orders
        assert table is not None
        orders.append(table.sort_values(["placed", "household", "channel", "wave", "order"], ignore_index=True))
    assert len(orders[0]) > 1000
    pd.testing.assert_frame_equal(*orders, check_exact=True)
