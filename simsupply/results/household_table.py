"""What each household got, one row per household: a table, and a Parquet file per replication."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.base.files import write_whole
from simsupply.records.replication import Replication
from simsupply.scenario.tiers import TIERS
from simsupply.scenario.world import Scenario


def household_table(run: Replication, scenario: Scenario) -> pd.DataFrame:
    """One row per household of a replication, by its number.

    Columns: replication, household, drop_point (number), district, tier (in force longest),
    persons, is_priority, ``kind.<kind>`` (bool), first_delivery_h (up to the end of the run; NaN:
    none), longest_gap_h, empty_pantry_h, longest_empty_h, kg, and for each group of goods ``empty_h.<goods>`` (NaN
    where the household does not need it) and ``kg.<goods>``; hours and kg from the first day that is
    measured up to the horizon.
    """
    households, record = scenario.households, run.households
    first = (record.first_delivery_min - scenario.measured_from_min) / 60
    columns: dict[str, object] = {
        "replication": np.full(len(households), run.number, dtype=np.int32),
        "household": np.arange(len(households), dtype=np.int32),
        "drop_point": households.drop_point,
        "district": _named(
            scenario.places.district[households.drop_point], [title.en for title in scenario.places.districts]
        ),
        "tier": _named(run.tier, TIERS),
        "persons": households.persons,
        "is_priority": households.is_priority,
        **{f"kind.{name}": households.of_kinds([name]) for name in households.kind_names},
        "first_delivery_h": np.where(np.isfinite(first), first, np.nan),
        "longest_gap_h": record.longest_gap_min / 60,
        "empty_pantry_h": record.empty_min / 60,
        "longest_empty_h": record.longest_empty_min / 60,
        "kg": record.kg,
    }
    for column, name in enumerate(scenario.goods.names):
        needs_it = (scenario.need_kg_per_day(column) > 0) & scenario.goods.is_need[column]
        columns[f"empty_h.{name}"] = np.where(needs_it, record.empty_min_by_goods[:, column] / 60, np.nan)
        columns[f"kg.{name}"] = record.kg_by_goods[:, column]
    return pd.DataFrame(columns)


def _named(number: NDArray[np.integer], names: Sequence[str]) -> pd.Categorical:
    """Names instead of numbers, kept once each; two numbers may have the same name."""
    known = list(dict.fromkeys(names))
    place = np.array([known.index(name) for name in names])
    return pd.Categorical.from_codes(place[number], categories=known)


def write_households(run: Replication, scenario: Scenario, folder: Path) -> Path:
    """Write ``FOLDER/replication=R.parquet``, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    table = household_table(run, scenario)
    path = folder / f"replication={run.number:04d}.parquet"
    return write_whole(path, lambda part: table.to_parquet(part, index=False))
