"""Metrics of stock: what spoiled, how low it fell, what orders lacked, what reserves gave."""

from __future__ import annotations

import numpy as np

from simsupply.base.spec import Title
from simsupply.measures.metric import Metric
from simsupply.records.replication import RELATIVE_TOLERANCE, Replication
from simsupply.scenario.world import Scenario


def _lowest_cover(run: Replication, scenario: Scenario) -> float:
    if run.supply is None or np.isnan(run.supply.cover_days).all():
        return np.nan
    return float(np.nanmin(run.supply.cover_days))


def _short_share(run: Replication, scenario: Scenario) -> float:
    if run.supply is None or not run.supply.asked_kg.any():
        return np.nan
    short = 1 - float(run.supply.drawn_kg.sum() / run.supply.asked_kg.sum())
    # Rounding must not make a shortage.
    return short if short > RELATIVE_TOLERANCE else 0.0


def _reserve_kg(run: Replication, scenario: Scenario) -> float:
    return np.nan if run.supply is None else sum(release.kg for release in run.supply.releases)


STOCK_METRICS: tuple[Metric[[Replication, Scenario]], ...] = (
    Metric(
        name="spoiled_kg",
        unit="kg",
        definition="goods that passed their shelf life, at depots and reserves and on their way there",
        better="less",
        titles=Title(en="Goods spoiled", zh="过期损耗物资"),
        compute=lambda r, s: r.spoiled_kg,
    ),
    Metric(
        name="cover_days_lowest",
        unit="days",
        definition=(
            "lowest stock of any of the goods at the end of any day, all depots together, in days of need at the "
            "peak; null where there is no section supply"
        ),
        better="more",
        titles=Title(en="Lowest stock, in days of cover", zh="库存最低可保障天数"),
        compute=_lowest_cover,
        needs=("supply",),
    ),
    Metric(
        name="short_kg_share",
        unit="share",
        definition=(
            "kg that orders should have held and were not sent with / kg that they should have held, orders that "
            "were turned away or wait for want of goods included; null where there is no section supply"
        ),
        better="less",
        titles=Title(en="Share of goods that orders lacked", zh="订单缺量占比"),
        compute=_short_share,
        needs=("supply",),
    ),
    Metric(
        name="reserve_kg",
        unit="kg",
        definition="goods released from reserves because stock was low; null where there is no section supply",
        better=None,
        titles=Title(en="Goods released from reserves", zh="动用储备物资"),
        compute=_reserve_kg,
        needs=("supply",),
    ),
)
