"""Plan S1 at hand for tests: runs of `emergency_city` under its strategies, and what is looked at of each."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import simsupply as ss
from simsupply.config.yaml_files import read_built_in_strategy
from simsupply.strategy.channels import StrategySpec

GRAIN_AND_VEGETABLES = ("staple", "vegetables")
DAYS = 21
"""Sealed days that are measured."""
ALL_COME = "staffing.commute.recognised=1.0"

# Cities of other sizes with as many households on a km2, in a community and at a depot (fewer in the smallest).
OF_SIZE = {
    9000: (
        "scenario.geography.households=9000",
        "scenario.geography.drop_points.count=9",
    ),
    30000: (),
    90000: (
        "scenario.geography.households=90000",
        "scenario.geography.drop_points.count=90",
        "scenario.geography.depots.count=3",
        "scenario.geography.stations.count=3",
    ),  # emergency_city_medium
}


def attendance(share: float) -> tuple[str, ...]:
    """So many of the firms' people are there once the city is sealed, checkpoints or not."""
    return (f"staffing.attendance={{levels: [{{day: 0, share: 1.0}}, {{day: 1, share: {share}}}]}}", ALL_COME)


DOORS = ("staffing=emergency_doors",)
VOLUNTEERS = ("staffing=emergency_volunteers",)
NORMAL_WEEK = (
    "tiers.calendar=[]",
    "staffing.attendance=1.0",
    "scenario.horizon_days=8",
    "scenario.service_target_days=7",
)


@dataclass(frozen=True)
class Outcome:
    """What came of a plan, means over its replications.

    Attributes
    ----------
    attempts_first_day, accepted
        Households that tried to order on the first sealed day, and orders of their own accepted a day once sealed,
        both in
        orders of a normal day.
    fill, vegetables, fill_who_can_order, fill_no_smartphone
        Share of the need that came: of all goods, of vegetables; of all goods of households that can order (no priority
        household) and that cannot.
    under_30
        Share of households that got less than 30 % of their grain and vegetables.
    without_vegetables_h
        Hours without vegetables, of the sealed days.
    busy
        Utilisation by stage or leg.
    first_sent_day
        First day on which a parcel of a channel of parcels is delivered; NaN without one.
    """

    attempts_first_day: float
    accepted: float
    deliveries: float
    fill: float
    vegetables: float
    under_30: float
    gap_10: float
    without_vegetables_h: float
    fill_who_can_order: float
    fill_no_smartphone: float
    fill_priority: float
    busy: Mapping[str, float]
    served: float
    rejected: float
    tonnes_a_day: float
    visits_kg: float
    kg: float
    accepted_household_day: Mapping[int, float]


def strategy_with(name: str, **changes: Any) -> StrategySpec:
    """A built-in strategy with other values: `channels__emergency_orders__parcel__lines=14`."""
    data = read_built_in_strategy(name)
    for key, value in changes.items():
        *way, last = key.split("__")
        at = data
        for word in way:
            at = at[int(word)] if word.isdigit() else at.setdefault(word, {})
        at[last] = value
    return ss.load_strategy(data)


def run(
    strategy: str | StrategySpec,
    overrides: Sequence[str] = (),
    households: int = 30000,
    replications: int = 1,
    scenario: str = "emergency_city",
    seed: int = 1,
) -> list[Outcome]:
    """Simulate a plan; an outcome for each replication."""
    world = ss.load_scenario(scenario, [*OF_SIZE.get(households, ()), *overrides])
    with tempfile.TemporaryDirectory() as folder:
        result = ss.simulate(
            world, strategy, replications=replications, detail=["stages"], folder=Path(folder), seed=seed
        )
        tables = [pd.read_parquet(path) for path in sorted(Path(folder, "households").glob("*.parquet"))]
    decided = ss.load_strategy(strategy) if isinstance(strategy, str) else strategy
    return [outcome_of(result, decided, table, world, number) for number, table in enumerate(tables)]


def mean(outcomes: Sequence[Outcome], what: str) -> float:
    """Mean over replications."""
    return float(np.mean([getattr(outcome, what) for outcome in outcomes]))


def outcome_of(result: Any, strategy: StrategySpec, table: pd.DataFrame, world: Any, number: int) -> Outcome:
    """What is looked at of one replication."""
    values = result.values.iloc[number]
    days, num, demand = result.days, len(world.households), world.spec.demand
    normal = num * demand.purchases_per_household_day * demand.online_share
    start = world.settings.measured_from_day
    sealed = world.settings.horizon_days - start
    days = days[(days["replication"] == number) & (days["day"] >= start) & (days["channel"] != "store_visits")]
    is_own = {name: not channel.release.is_allotted for name, channel in strategy.channels.items()}
    counted = days.groupby(["channel", "measure"])["value"].sum()
    accepted = days[(days["measure"] == "accepted") & days["channel"].map(is_own)].groupby("day")["value"].sum()
    first = days[(days["day"] == start) & (days["measure"] == "attempted")]
    asked = first[~first["channel"].map(lambda name: strategy.channels[name].release.is_allotted)]
    split = result.splits[result.splits["replication"] == number].set_index(["split", "group", "metric"])["value"]
    needed = {
        name: world.need_kg(column, start * 1440.0, (start + sealed) * 1440.0)
        for column, name in enumerate(world.goods.names)
    }
    got = sum(np.minimum(table[f"kg.{name}"], needed[name]) for name in GRAIN_AND_VEGETABLES)
    share = got / sum(needed[name] for name in GRAIN_AND_VEGETABLES)
    busy = {key.removeprefix("utilisation."): value for key, value in values.items() if key.startswith("utilisation.")}
    channel_kg = split[:, :, "kg_delivered"]["channel"]
    return Outcome(
        attempts_first_day=float(asked["value"].sum()) / normal,
        accepted=float(accepted.sum()) / sealed / normal,
        deliveries=float(counted.xs("delivered", level="measure").sum()) / sealed / num,
        fill=float(values["fill_rate"]),
        vegetables=float(split["goods", "vegetables", "fill_rate"]),
        under_30=float((share < 0.3).mean()),
        gap_10=float((table["longest_gap_h"] >= 240).mean()),
        without_vegetables_h=float(table["empty_h.vegetables"].mean()),
        fill_who_can_order=float(split["kind", "other", "fill_rate"]),
        fill_no_smartphone=float(split["kind", "no_smartphone", "fill_rate"]),
        fill_priority=float(split["kind", "priority", "fill_rate"]),
        busy=busy,
        served=float(values["coverage"]),
        rejected=float(counted.xs("rejected", level="measure").sum()),
        tonnes_a_day=float(table["kg"].sum()) / 1000 / sealed,
        visits_kg=float(channel_kg["store_visits"]),
        kg=float(channel_kg.sum()),
        accepted_household_day={int(day): float(value) / num for day, value in accepted.items()},
    )
