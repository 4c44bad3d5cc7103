"""Every table of a result, once: the run, topping up, reading back, writing and the docs loop over `TABLES`.

A new table is a function that builds it, in a module of its own or here, and one entry below; then a run has it
(``result.tables[name]``), writes it, reads it back and tops it up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from simsupply.measures.measure import coverage_curve, measure
from simsupply.measures.outcomes import Outcomes
from simsupply.measures.splits import COLUMNS as SPLIT_COLUMNS
from simsupply.measures.splits import split_table, split_values
from simsupply.records.levels import COLUMNS as LEVEL_COLUMNS
from simsupply.records.recorder import order_table
from simsupply.records.replication import Replication
from simsupply.records.time_in_system import COLUMNS as SPENT
from simsupply.records.trips import STOP_COLUMNS, TRIP_COLUMNS
from simsupply.results import (
    by_replication,
    day_table,
    shock_table,
    staff_table,
    standstill_table,
    supply_table,
    vehicle_table,
    wait_table,
)
from simsupply.results.household_table import household_table
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec


class SimulatedReplication(NamedTuple):
    """A replication as soon as it has been run, with what several tables are computed from.

    `in_memory`: the tables of `simsupply.records.detail` that are kept there.
    """

    run: Replication
    scenario: Scenario
    strategy: StrategySpec
    everybody: Outcomes
    in_memory: Mapping[str, pd.DataFrame]


Kept = Sequence[tuple[int, Any]]
"""Number of each replication, and what was kept of it."""


def stacked(first: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Rows of both, numbered anew."""
    # An empty table has no types of its own to keep.
    parts = [part for part in (first, more) if not part.empty]
    return pd.concat(parts, ignore_index=True) if parts else first


def _as_it_is(table: pd.DataFrame) -> pd.DataFrame:
    return table


@dataclass(frozen=True)
class Table:
    """One table of a result.

    Attributes
    ----------
    name : str
        Key in `Result.tables`.
    about : str
        What it tells, for the docs.
    columns : tuple of str
        Those of its file, or those that do not depend on the plan (`has_more_columns`).
    keep : callable
        What of a replication it is built from, so that no more stays in memory; None: this one has nothing for it.
    build : callable
        From what was kept of all replications, scenario and strategy.
    join : callable
        The same table of other replications put below it.
    file : str or None
        Written to ``FILE.parquet``; None: it is in memory only.
    may_be_absent : bool
        Whether there are results without it: those in which nothing was kept.
    is_in : callable
        Whether the folder of a run of a scenario holds its file.
    is_in_every_replication : bool
        Whether it has rows of every replication, if it has any.
    is_written_empty : bool
        Whether there is a file where it has no rows.
    has_more_columns : bool
        Whether there are others that depend on the plan.
    to_file, from_file : callable
        Between the table and what is in its file.
    """

    name: str
    about: str
    columns: tuple[str, ...]
    keep: Callable[[SimulatedReplication], Any]
    build: Callable[[Kept, Scenario, StrategySpec], pd.DataFrame]
    join: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame] = stacked
    file: str | None = None
    may_be_absent: bool = False
    is_in: Callable[[Scenario], bool] = lambda scenario: True
    is_in_every_replication: bool = False
    is_written_empty: bool = True
    has_more_columns: bool = False
    to_file: Callable[[pd.DataFrame], pd.DataFrame] = _as_it_is
    from_file: Callable[[pd.DataFrame], pd.DataFrame] = _as_it_is

    @property
    def none(self) -> pd.DataFrame:
        """The table without rows."""
        return pd.DataFrame(columns=list(self.columns))


def _has_supply(scenario: Scenario) -> bool:
    return scenario.spec.supply is not None


def _stack_all(kept: Kept, scenario: Scenario, strategy: StrategySpec) -> pd.DataFrame:
    return pd.concat([table for _, table in kept], ignore_index=True)


def _order_table(simulated: SimulatedReplication) -> pd.DataFrame | None:
    if "orders" not in simulated.in_memory:
        return None
    steps = (step.body.name for channel in simulated.strategy.channels.values() for step in channel.steps)
    return order_table(simulated.in_memory["orders"], list(dict.fromkeys(steps)), simulated.run.number)


def _of_detail(name: str, about: str, columns: tuple[str, ...]) -> Table:
    """A table that `detail` keeps in memory as it is, with the number of the replication in front."""

    def keep(simulated: SimulatedReplication) -> pd.DataFrame | None:
        rows = simulated.in_memory.get(name)
        if rows is None:
            return None
        found = pd.DataFrame(columns=list(columns)) if rows.empty else rows.copy()
        found.insert(0, "replication", simulated.run.number)
        return found

    return Table(name, about, ("replication", *columns), keep, _stack_all, may_be_absent=True)


TABLES: tuple[Table, ...] = (
    Table(
        name="values",
        about="every metric of every replication",
        columns=("replication", "metric", "value", "unit"),
        keep=lambda simulated: measure(simulated.run, simulated.scenario, simulated.everybody),
        build=lambda kept, scenario, strategy: by_replication.metric_table(kept),
        join=by_replication.rows_below,
        file="replications",
        is_in_every_replication=True,
        to_file=by_replication.long_metrics,
        from_file=by_replication.wide_metrics,
    ),
    Table(
        name="coverage",
        about="share of households served at least once, hour by hour",
        columns=("replication", "hour", "share"),
        keep=lambda simulated: coverage_curve(
            simulated.everybody, simulated.scenario.end_min - simulated.scenario.measured_from_min
        ),
        build=lambda kept, scenario, strategy: by_replication.coverage_table(kept),
        join=by_replication.rows_below,
        file="coverage",
        is_in_every_replication=True,
        to_file=by_replication.long_coverage,
        from_file=by_replication.wide_coverage,
    ),
    Table(
        name="days",
        about="orders by channel, triggers, tiers and hungry households, day by day",
        columns=day_table.COLUMNS,
        keep=lambda simulated: simulated.run.days,
        build=lambda kept, scenario, strategy: day_table.day_table(kept, strategy),
        file="days",
        is_in_every_replication=True,
    ),
    Table(
        name="staff",
        about="people planned, present and absent, by crew and day",
        columns=staff_table.COLUMNS,
        keep=lambda simulated: simulated.run.staff,
        build=lambda kept, scenario, strategy: staff_table.staff_table(kept),
        file="staff",
        is_in_every_replication=True,
    ),
    Table(
        name="vehicles",
        about="trips, kilometres, hours under way and what of them was lost, by fleet",
        columns=vehicle_table.COLUMNS,
        keep=lambda simulated: simulated.run.steps,
        build=lambda kept, scenario, strategy: vehicle_table.vehicle_table(kept),
        file="vehicles",
        is_in_every_replication=True,
    ),
    Table(
        name="waits",
        about="order-hours waited before each step, by channel and cause",
        columns=wait_table.COLUMNS,
        keep=lambda simulated: simulated.run.waits,
        build=lambda kept, scenario, strategy: wait_table.wait_table(kept),
        file="waits",
        is_in_every_replication=True,
    ),
    Table(
        name="shocks",
        about="trips and work that each shock struck; no file without shocks",
        columns=shock_table.COLUMNS,
        keep=lambda simulated: simulated.run.shocks,
        build=lambda kept, scenario, strategy: shock_table.shock_table(kept),
        file="shocks",
        is_written_empty=False,
    ),
    Table(
        name="standstills",
        about="vehicles that stood still for good (a deadlock); no file without any",
        columns=standstill_table.COLUMNS,
        keep=lambda simulated: simulated.run.standstills,
        build=lambda kept, scenario, strategy: standstill_table.standstill_table(kept),
        file="standstills",
        is_written_empty=False,
    ),
    Table(
        name="splits",
        about="measures by tier, district, listed place, kind of household, goods and channel",
        columns=SPLIT_COLUMNS,
        keep=lambda simulated: split_values(simulated.run, simulated.scenario, simulated.everybody),
        build=split_table,
        file="splits",
        may_be_absent=True,
        is_in_every_replication=True,
    ),
    Table(
        name="supply",
        about="stock by goods, day by day; with a section `supply`",
        columns=supply_table.COLUMNS,
        keep=lambda simulated: simulated.run.supply,
        build=lambda kept, scenario, strategy: supply_table.supply_table(kept),
        file="supply",
        may_be_absent=True,
        is_in=_has_supply,
    ),
    Table(
        name="reserve_releases",
        about="goods that reserves released; with a section `supply`",
        columns=supply_table.RELEASE_COLUMNS,
        keep=lambda simulated: simulated.run.supply,
        build=lambda kept, scenario, strategy: supply_table.release_table(kept),
        file="reserve_releases",
        may_be_absent=True,
        is_in=_has_supply,
    ),
    Table(
        name="rationing",
        about="times in which orders were cut; with a section `supply`",
        columns=supply_table.RATIONING_COLUMNS,
        keep=lambda simulated: simulated.run.supply,
        build=lambda kept, scenario, strategy: supply_table.rationing_table(kept),
        file="rationing",
        may_be_absent=True,
        is_in=_has_supply,
    ),
    Table(
        name="orders",
        about="when each order finished each step (a column for each); with `detail=orders` and no folder",
        columns=("replication", "wave", "channel", "household", "order", "placed"),
        keep=_order_table,
        build=_stack_all,
        may_be_absent=True,
        has_more_columns=True,
    ),
    _of_detail("time_in_system", "what the time of each order went on; with `detail=orders` and no folder", SPENT),
    _of_detail("trips", "each trip of a vehicle; with `detail=trips` and no folder", TRIP_COLUMNS),
    _of_detail("stops", "each stop of a trip; with `detail=trips` and no folder", STOP_COLUMNS),
    _of_detail(
        "levels",
        "queues, vehicles and docks in use, and floors, hour by hour; with `detail=trips` and no folder",
        LEVEL_COLUMNS,
    ),
    Table(
        name="households",
        about="what each household got; with `detail=orders` or `trips` and no folder",
        columns=("replication", "household", "drop_point", "district", "tier", "persons", "is_priority"),
        keep=lambda simulated: household_table(simulated.run, simulated.scenario) if simulated.in_memory else None,
        build=_stack_all,
        may_be_absent=True,
        has_more_columns=True,
    ),
)
