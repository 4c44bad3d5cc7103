"""A plan of a hundred households, and results made up for the words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

import simsupply as ss
from simsupply.experiment.comparison import Case, Comparison
from simsupply.results.by_replication import coverage_frame
from simsupply.results.result import Result
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from tests.plans.tiny_plan import SCENARIO, Plain, changed

DEMAND = {
    "kind": "cycle",
    "need_kg_per_household_week": 13,
    "cycle_days": 7,
    "lines_per_order": 12,
    "release_time": "00:00",
}


@cache
def tiny_scenario(attendance: float = 1.0) -> Scenario:
    """Two drop points, three stages and vans; target 2 days."""
    return ss.load_scenario(changed(tiny_data(), {"staffing.attendance": attendance}))


def tiny_data() -> Plain:
    """The scenario of a hundred households as plain data."""
    return changed(SCENARIO, {"demand": DEMAND})


@cache
def strategy(name: str) -> StrategySpec:
    """A built-in strategy."""
    return ss.load_strategy(name)


def made_up(
    name: str, attendance: float, coverage: Sequence[float], *, busy: float = 0.5, last_h: float = np.nan
) -> Case:
    """A case with these shares served, one per replication; `pack` or `pick` is the busiest stage."""
    stage = "pack" if name == "standard_crates" else "pick"
    values = pd.DataFrame(
        {
            "coverage": list(coverage),
            "fill_rate": list(coverage),
            "hungry_household_share_worst_day": [1 - share for share in coverage],
            "empty_pantry_h_worst_decile": 60.0,
            "last_household_served_h": last_h,
            f"utilisation.{stage}": busy,
            "utilisation.door": busy / 2,
        }
    ).rename_axis("replication")
    hours = np.array([0.0, 48.0])
    curve = np.column_stack([np.zeros(len(values)), values["coverage"]])
    tables = {"values": values, "coverage": coverage_frame(range(len(values)), hours, curve)}
    result = Result(tiny_scenario(attendance), strategy(name), 1, tables)
    return Case(strategy(name), attendance, result)


def comparison(*cases: Case) -> Comparison:
    """A comparison of made-up cases."""
    return Comparison(tiny_scenario(), cases)
