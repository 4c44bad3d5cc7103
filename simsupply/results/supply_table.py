"""Stock by goods and releases of reserves, as tidy tables over replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from simsupply.figures.labels import Language, group_label
from simsupply.records.replication import SupplyRecord
from simsupply.scenario.world import Scenario

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


def stock_by_goods(supply: pd.DataFrame, scenario: Scenario, language: Language) -> pd.DataFrame:
    """Means over replications by goods and day, in days of need: panel, day, measure, mean.

    Measures are ``depots``, ``in_transit``, ``reserves``, and ``short``: the share of what orders should
    have held on the day that they were not sent with.
    """
    wide = supply.pivot_table(index=["goods", "day"], columns="measure", values="value", aggfunc="mean", sort=False)
    wide = wide.reindex(columns=list(MEASURES)).reset_index()
    parts = []
    for name, of_goods in wide.groupby("goods", sort=False):
        on_hand, cover = of_goods["on_hand_kg"].to_numpy(), of_goods["cover_days"].to_numpy()
        if np.isnan(cover).all():
            continue
        need = _daily_need(scenario, str(name))
        asked = of_goods["asked_kg"].to_numpy()
        short = np.divide(asked - of_goods["drawn_kg"].to_numpy(), asked, out=np.zeros(len(asked)), where=asked > 0)
        values = {
            "depots": on_hand / need,
            "in_transit": of_goods["in_transit_kg"].to_numpy() / need,
            "reserves": of_goods["reserve_kg"].to_numpy() / need,
            "short": np.clip(short, 0.0, 1.0),
        }
        title = group_label(str(name), language)
        parts += [
            pd.DataFrame({"panel": title, "day": of_goods["day"].to_numpy(), "measure": measure, "mean": mean})
            for measure, mean in values.items()
        ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["panel", "day", "measure", "mean"])


def _daily_need(scenario: Scenario, goods: str) -> float:
    supply = scenario.spec.supply
    factor = 1.0 if supply is None else supply.peak_factor
    return float(scenario.need_kg_per_day(scenario.goods.names.index(goods)).sum()) * factor
