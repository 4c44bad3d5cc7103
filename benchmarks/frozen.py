"""The plans of `benchmarks/plans` by their names: files that need nothing of `configs/`, whose numbers stay."""

from __future__ import annotations

from pathlib import Path

PLANS = Path(__file__).resolve().parent / "plans"

# What the weekly demand of these plans becomes when shops are closed: 25 times the normal number of online orders are
# tried, day after day. It is the built-in demand surge_25x of the day they were frozen.
SURGE_25X = (
    "~demand.cycle_days",
    "demand.kind=surge",
    "demand.normal_orders_per_household_day=0.04",  # A  4 % (3-5 %) of one purchase per household and day is online
    "demand.multiplier=25",  # S  20-30 times normal
    "demand.order_covers_days=3",  # A  a basket lasts three days; pack weights of 4.5 kg for 3 people x 3 days (P)
)


def scenario_file(name: str) -> str:
    """Path of a frozen scenario."""
    return str(PLANS / f"{name}.yaml")


def strategy_file(name: str) -> str:
    """Path of a frozen strategy."""
    return str(PLANS / f"{name}_strategy.yaml")
