"""Stock by goods and releases of reserves, as tidy tables over replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from simsupply.records.replication import SupplyRecord

MEASURES = (
    "asked_kg",
    "rationed_kg",
    "drawn_kg",
    "received_kg",
    "spoiled_kg",
    "cancelled_kg",
    "on_hand_kg",
    "in_transit_kg",
    "reserve_kg",
    "cover_days",
    "ration",
)
COLUMNS = ("replication", "day", "goods", "measure", "value")
RELEASE_COLUMNS = ("replication", "reserve", "goods", "asked_min", "arrived_min", "kg")
RATIONING_COLUMNS = ("replication", "goods", "decided_min", "from_min", "until_min")


def supply_table(runs: Sequence[tuple[int, SupplyRecord]]) -> pd.DataFrame:
    """Stock of several replications: replication, day, goods, measure, value (`SupplyRecord`)."""
    parts = []
    for number, record in runs:
        num_days = len(record.asked_kg)
        for measure in MEASURES:
            values = getattr(record, measure)
            parts.append(
                pd.DataFrame(
                    {
                        "replication": number,
                        "day": np.repeat(np.arange(num_days), len(record.goods)),
                        "goods": np.tile(np.array(record.goods, dtype=object), num_days),
                        "measure": measure,
                        "value": values.ravel(),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def release_table(runs: Sequence[tuple[int, SupplyRecord]]) -> pd.DataFrame:
    """Goods released from reserves because stock was low, one row per reserve, goods and time."""
    rows = [{"replication": number, **vars(release)} for number, record in runs for release in record.releases]
    return pd.DataFrame(rows, columns=list(RELEASE_COLUMNS))


def rationing_table(runs: Sequence[tuple[int, SupplyRecord]]) -> pd.DataFrame:
    """Times in which orders were cut, one row per goods and time (`RationingPeriod`)."""
    rows = [{"replication": number, **vars(period)} for number, record in runs for period in record.rationing]
    return pd.DataFrame(rows, columns=list(RATIONING_COLUMNS))
