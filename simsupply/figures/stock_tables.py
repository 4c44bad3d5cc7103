"""The table behind the figure of stock by goods."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsupply.base.language import Language
from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.results.supply_table import MEASURES
from simsupply.scenario.group_titles import group_label, group_titles
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]


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
        ends = (of_goods["day"].to_numpy() + 1) * MINUTES_PER_DAY
        asked = of_goods["asked_kg"].to_numpy()
        short = np.divide(asked - of_goods["drawn_kg"].to_numpy(), asked, out=np.zeros(len(asked)), where=asked > 0)
        values = {
            "depots": _cover_days(scenario, str(name), ends, on_hand),
            "in_transit": _cover_days(scenario, str(name), ends, of_goods["in_transit_kg"].to_numpy()),
            "reserves": _cover_days(scenario, str(name), ends, of_goods["reserve_kg"].to_numpy()),
            "short": np.clip(short, 0.0, 1.0),
        }
        title = group_label(str(name), language, group_titles(scenario.spec, "goods"))
        parts += [
            pd.DataFrame({"panel": title, "day": of_goods["day"].to_numpy(), "measure": measure, "mean": mean})
            for measure, mean in values.items()
        ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["panel", "day", "measure", "mean"])


def _cover_days(scenario: Scenario, name: str, since: FloatArray, kg: FloatArray) -> FloatArray:
    """For how many days, from each minute on, so many kg last all households."""
    supply, goods = scenario.spec.supply, scenario.goods
    column = goods.names.index(name)
    factor = 1.0 if supply is None else supply.peak_factor
    days: FloatArray = kg / (float(scenario.need_kg_per_day(column).sum()) * factor)
    if goods.is_alike:
        return days
    ends: FloatArray = goods.used_up_at(column, since, days * goods.kg_per_day[column])
    return (ends - since) / MINUTES_PER_DAY
