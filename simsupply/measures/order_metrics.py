"""Metrics of orders: how many were made, taken on, turned away and delivered, and how many waited."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import Title
from simsupply.measures.metric import Metric
from simsupply.records.replication import Replication
from simsupply.scenario.normal_demand import normal_orders_per_day
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import mean_orders_at_once

IntArray = NDArray[np.int64]


def _vs_normal(by_half: IntArray, scenario: Scenario, at_once: float = 1.0) -> float:
    """What the busiest day has / orders of a normal day, so many of them at once; see `on_busiest_day`."""
    normal = normal_orders_per_day(scenario)
    return np.nan if normal is None else on_busiest_day(by_half) / (normal * at_once)


def on_busiest_day(by_half: IntArray) -> int:
    """What the busiest day has, without what chance alone adds to the largest of many days.

    The largest of counts that vary by chance is on average above all their means. So either half of the households is
    counted on the day that is the busiest of the other half, which does not know of its chances.

    Parameters
    ----------
    by_half : int array, shape (days, 2)

    Examples
    --------
    By themselves the halves have at most 12 and 13; on each other's busiest days 9 and 11.

    >>> on_busiest_day(np.array([[12, 11], [9, 13]]))
    20
    """
    if not by_half.all(axis=1).any():
        # Of a single household, or on days of a single call, there are no two halves.
        return int(by_half.sum(axis=1).max(initial=0))
    even, odd = by_half.argmax(axis=0)
    return int(by_half[odd, 0] + by_half[even, 1])


ORDER_METRICS: tuple[Metric[[Replication, Scenario]], ...] = (
    Metric(
        name="orders_attempted",
        unit="orders",
        definition="orders that residents tried to place, and parcels allotted",
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
        definition="orders turned away, and parcels not sent for want of goods",
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
            "orders attempted on the busiest day, every try of a household (not parcels sent unasked) / orders of a"
            " normal day; without what chance adds to the largest of many days; null if the demand does not say what"
            " is normal"
        ),
        better=None,
        titles=Title(en="Orders on the busiest day against a normal day", zh="最忙日提交订单与平日之比"),
        compute=lambda r, s: _vs_normal(r.asked.tries, s, mean_orders_at_once(s.spec.demand)),
    ),
    Metric(
        name="callers_vs_normal_peak",
        unit="ratio",
        definition=(
            "households that try to order on the busiest day, however often (on each list anew) / orders of a normal"
            " day; without what chance adds; null as above"
        ),
        better=None,
        titles=Title(
            en="Households that try to order on the busiest day against a normal day", zh="最忙日下单户数与平日订单之比"
        ),
        compute=lambda r, s: _vs_normal(r.asked.callers, s),
    ),
    Metric(
        name="attempts_refused_share",
        unit="share",
        definition="attempts of residents that were turned away / all of them; without parcels sent unasked",
        better="less",
        titles=Title(en="Attempts refused", zh="居民提交被拒率"),
        compute=lambda r, s: r.asked.rejected / r.asked.attempted if r.asked.attempted else np.nan,
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
