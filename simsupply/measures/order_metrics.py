"""Metrics of orders: how many were made, taken on, turned away and delivered, and how many waited."""

from __future__ import annotations

import numpy as np

from simsupply.base.spec import Title
from simsupply.measures.metric import Metric
from simsupply.records.replication import Replication
from simsupply.scenario.normal_demand import normal_orders_per_day
from simsupply.scenario.world import Scenario


def _attempts_vs_normal(run: Replication, scenario: Scenario) -> float:
    normal = normal_orders_per_day(scenario)
    return np.nan if normal is None else run.attempted_on_busiest_day / normal


ORDER_METRICS: tuple[Metric[[Replication, Scenario]], ...] = (
    Metric(
        name="orders_attempted",
        unit="orders",
        definition="orders made or parcels allotted",
        better=None,
        titles=Title(en="Orders attempted", zh="提交订单数"),
        compute=lambda r, s: r.orders.attempted,
    ),
    Metric(
        name="orders_accepted",
        unit="orders",
        definition="orders taken on",
        better="more",
        titles=Title(en="Orders accepted", zh="接单数"),
        compute=lambda r, s: r.orders.accepted,
    ),
    Metric(
        name="orders_rejected",
        unit="orders",
        definition="orders turned away",
        better="less",
        titles=Title(en="Orders turned away", zh="拒单数"),
        compute=lambda r, s: r.orders.rejected,
    ),
    Metric(
        name="orders_cancelled",
        unit="orders",
        definition="orders taken on, but not paid and therefore not sent",
        better="less",
        titles=Title(en="Orders cancelled", zh="取消订单数"),
        compute=lambda r, s: r.orders.cancelled,
    ),
    Metric(
        name="orders_collecting",
        unit="orders",
        definition="sets of groups that were still too small at the horizon",
        better="less",
        titles=Title(en="Sets of groups still too small", zh="期末仍未成团的单数"),
        compute=lambda r, s: r.orders.collecting,
    ),
    Metric(
        name="orders_delivered",
        unit="orders",
        definition="orders that reached the household",
        better="more",
        titles=Title(en="Orders delivered", zh="送达订单数"),
        compute=lambda r, s: r.orders.delivered,
    ),
    Metric(
        name="attempts_vs_normal_peak",
        unit="ratio",
        definition=(
            "orders attempted on the busiest day (not parcels sent unasked) / orders of a normal day; null if the"
            " demand does not say what is normal"
        ),
        better=None,
        titles=Title(en="Orders on the busiest day against a normal day", zh="最忙日提交订单与平日之比"),
        compute=_attempts_vs_normal,
    ),
    Metric(
        name="visits",
        unit="visits",
        definition="households' visits to shops; not counted as orders",
        better=None,
        titles=Title(en="Visits to shops", zh="到店采购人次"),
        compute=lambda r, s: r.visits,
    ),
    Metric(
        name="backlog_peak_orders",
        unit="orders",
        definition="most orders accepted and not yet delivered at any moment",
        better="less",
        titles=Title(en="Largest backlog", zh="积压订单峰值"),
        compute=lambda r, s: r.backlog_peak,
    ),
)
