"""How much memory and time a replication will need, estimated before it starts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simsupply.base.catalogue import message
from simsupply.base.problems import found_in
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.orders.capacity import orders_per_day
from simsupply.records.detail import DetailWord
from simsupply.records.replication import Engine
from simsupply.scenario.size import BASE_BYTES, Part, parts_of, refuse_too_large
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import CycleDemand, PoissonDemand, PurchaseDemand, SurgeDemand, mean_orders_at_once
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.strategy.parcels import cadence_days
from simsupply.strategy.waits import waits_of

# Measured (docs/performance.md): memory of an open order; CPU time of an order from list to door with kernels (0.4 to
# 2.5 us for each attempt, some 4 us where every channel is used), and with a process of its own in SimPy.
BYTES_PER_ORDER = 450
# Of an open order, for each thing at each step that its time may go on, where that is recorded.
BYTES_PER_TIME = 8
SECONDS_PER_ORDER = 4e-6
SECONDS_PER_PROCESS = 250e-6


def open_orders_peak(scenario: Scenario, strategy: StrategySpec) -> float:
    """Most orders in the system at one time, roughly: inflow against what the crews can do."""
    return max(_peak(scenario, channel) for channel in strategy.channels.values())


def _peak(scenario: Scenario, channel: Channel) -> float:
    households, demand = len(scenario.households), scenario.spec.demand
    asked, days, horizon = float(households), 1.0, scenario.settings.horizon_days
    if isinstance(demand, PoissonDemand) and not channel.release.is_allotted:
        asked = min(_most(demand, "rate_per_min") * MINUTES_PER_DAY, demand.max_orders or math.inf)
    elif demand.kind != "cycle" and not channel.release.is_allotted:
        return households * mean_orders_at_once(demand)  # what is placed at once, at most
    else:
        days = cadence_days(channel, demand)
        if not channel.release.is_allotted:
            asked *= mean_orders_at_once(demand)
    releases = math.ceil(horizon / days)
    handled = min(float(orders_per_day(scenario, channel, at).sum()) for at in ("depot", "drop_point"))
    left_over = max(0.0, asked - handled * days)
    return asked + left_over * (releases - 1)


def num_attempts(scenario: Scenario, strategy: StrategySpec) -> float:
    """Orders that households place or are allotted in a replication, roughly and at most."""
    spec = scenario.spec
    households, days, demand = len(scenario.households), spec.scenario.horizon_days, spec.demand
    allotted = sum(
        households * -(-days // max(1, cadence_days(channel, demand)))
        for channel in strategy.channels.values()
        if channel.release.is_allotted
    )
    if isinstance(demand, PoissonDemand):
        return allotted + min(_most(demand, "rate_per_min") * scenario.horizon_min, demand.max_orders or math.inf)
    if isinstance(demand, CycleDemand):
        return allotted + households * mean_orders_at_once(demand) * -(-days // demand.cycle_days)
    if isinstance(demand, SurgeDemand):
        a_day = demand.normal_orders_per_household_day * _most(demand, "multiplier")
    else:
        assert isinstance(demand, PurchaseDemand)
        a_day = _most(demand, "multiplier") * (1 + demand.retries_per_day)
    return allotted + households * days * a_day * mean_orders_at_once(demand)


def _most(demand: PoissonDemand | SurgeDemand | PurchaseDemand, key: str) -> float:
    """The largest number said, of all days."""
    on_days = (getattr(entry, key) for entry in demand.by_day)
    return max(float(getattr(demand, key)), *(float(said) for said in on_days if said is not None), 0.0)


def orders_part(scenario: Scenario, strategy: StrategySpec, engine: Engine, details: Sequence[DetailWord] = ()) -> Part:
    """What the orders of a replication take."""
    strategy = as_staffed(strategy, scenario.spec)
    peak, attempts = open_orders_peak(scenario, strategy), num_attempts(scenario, strategy)
    what = message("part_orders", households=len(scenario.households), orders=peak, attempts=attempts)
    seconds = (SECONDS_PER_PROCESS if engine == "reference" else SECONDS_PER_ORDER) * attempts
    is_cycle = scenario.spec.demand.kind == "cycle"
    each = BYTES_PER_ORDER
    if "orders" in details:
        each += BYTES_PER_TIME * max(len(way.steps) + len(waits_of(way)) for way in strategy.channels.values())
    return Part("scenario.horizon_days" if is_cycle else "demand", what, each * peak, seconds)


def estimate_bytes(scenario: Scenario, strategy: StrategySpec) -> float:
    """Peak memory of one replication, bytes."""
    parts = [*parts_of(scenario.spec), orders_part(scenario, strategy, "auto")]
    return BASE_BYTES + sum(part.bytes for part in parts)


def check_estimate(
    scenario: Scenario,
    strategy: StrategySpec,
    engine: Engine = "auto",
    available: float | None = None,
    details: Sequence[DetailWord] = (),
) -> None:
    """Refuse a run that would not fit in memory or take hours, before it starts.

    Parameters
    ----------
    engine : {"auto", "reference"}
        The one that will be used.
    available : float, optional
        Bytes; without it, what the machine has free now.
    details : sequence of str
        What is recorded besides the summary.

    Raises
    ------
    InputError
        With the estimate and the key to lower.
    """
    parts = [*parts_of(scenario.spec), orders_part(scenario, strategy, engine, details)]
    with found_in(message("scenario_with_strategy", scenario=scenario.name, strategy=strategy.name)):
        refuse_too_large(parts, available)
