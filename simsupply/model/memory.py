"""How much memory a run will need, estimated before it starts."""

from __future__ import annotations

import numpy as np
import psutil

from simsupply.base.catalogue import message
from simsupply.base.problems import wrong
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.orders.capacity import orders_per_day
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.strategy.parcels import cadence_days

# Measured as peak resident memory of runs from 20,000 to 3.3 million households (docs/performance.md).
BASE_BYTES = 350e6
BYTES_PER_HOUSEHOLD = 150
BYTES_PER_ORDER = 450
GIB = 2**30


def open_orders_peak(scenario: Scenario, strategy: StrategySpec) -> float:
    """Most orders in the system at one time, roughly: inflow against what the crews can do."""
    return max(_peak(scenario, channel) for channel in strategy.channels.values())


def _peak(scenario: Scenario, channel: Channel) -> float:
    households, demand = len(scenario.households), scenario.spec.demand
    asked, days, horizon = float(households), 1.0, scenario.settings.horizon_days
    if demand.kind == "poisson" and not channel.release.is_allotted:
        asked = min(demand.rate_per_min * MINUTES_PER_DAY, demand.max_orders or np.inf)
    elif demand.kind != "cycle" and not channel.release.is_allotted:
        return households  # one open order each at most
    else:
        days = cadence_days(channel, demand)
    releases = int(-(-horizon // days))
    handled = min(float(orders_per_day(scenario, channel, at).sum()) for at in ("depot", "drop_point"))
    left_over = max(0.0, asked - handled * days)
    return asked + left_over * (releases - 1)


def estimate_bytes(scenario: Scenario, strategy: StrategySpec) -> float:
    """Peak memory of one replication, bytes."""
    return (
        BASE_BYTES
        + BYTES_PER_HOUSEHOLD * len(scenario.households)
        + BYTES_PER_ORDER * open_orders_peak(scenario, strategy)
    )


def check_memory(scenario: Scenario, strategy: StrategySpec, available: float | None = None) -> None:
    """Refuse a run that would not fit in memory, before it starts.

    Parameters
    ----------
    available : float, optional
        Bytes; without it, what the machine has free now.

    Raises
    ------
    InputError
        With the estimate and what to lower.
    """
    free = psutil.virtual_memory().available if available is None else available
    needed = estimate_bytes(scenario, strategy)
    if needed > free:
        is_cycle = scenario.spec.demand.kind == "cycle"
        lower = message("fewer_households_or_shorter") if is_cycle else message("fewer_households")
        raise wrong(
            message("scenario_with_strategy", scenario=scenario.name, strategy=strategy.name),
            "memory",
            message(
                "memory_of_run",
                households=len(scenario.households),
                orders=open_orders_peak(scenario, strategy),
                gib=needed / GIB,
            ),
            message("memory_free_now", gib=free / GIB, lower=lower),
        )
