"""Metrics of what households got: they exist for all households and for any group of them.

Each is written once, as a function of `Outcomes`; `simsupply.measures.splits` applies them to groups.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simsupply.base.spec import Title
from simsupply.measures.household_statistics import (
    fill_rate,
    gini_in_order,
    household_days,
    mean_hours,
    mean_of_largest_tenth,
    worst_tenth,
)
from simsupply.measures.metric import Metric
from simsupply.measures.outcomes import Outcomes
from simsupply.stats.quantiles import quantile, quantile_in_order


def _first_delivery_quantile(share: float) -> Callable[[Outcomes], float]:
    def compute(seen: Outcomes) -> float:
        value = quantile_in_order(seen.first_in_order, share)
        return value / 60 if value <= seen.horizon_min else np.nan

    return compute


def _first_delivery_worst_tenth(seen: Outcomes) -> float:
    last = seen.first_in_order[-worst_tenth(len(seen)) :]
    return float(last.mean() / 60) if last[-1] <= seen.horizon_min else np.nan


def _last_household(seen: Outcomes) -> float:
    latest = float(seen.first_in_order[-1])
    return latest / 60 if np.isfinite(latest) else np.nan


def _priority_on_time(seen: Outcomes) -> float:
    first = seen.first_delivery_min[seen.is_priority]
    return float((first <= seen.priority_target_min).mean()) if len(first) else np.nan


HOUSEHOLD_METRICS: tuple[Metric[[Outcomes]], ...] = (
    Metric(
        name="coverage",
        unit="share",
        definition="households served at least once within the service target, at its last minute too",
        better="more",
        titles=Title(en="Households served", zh="已送达家庭占比"),
        compute=lambda seen: float((seen.first_delivery_min <= seen.target_min).mean()),
    ),
    Metric(
        name="fill_rate",
        unit="share",
        definition="sum of min(received, needed) / sum of needed, up to the horizon",
        better="more",
        titles=Title(en="Share of the need that came", zh="需求满足率"),
        compute=lambda seen: fill_rate(seen.useful_kg, seen.needed_kg),
    ),
    Metric(
        name="time_to_first_delivery_h",
        unit="h",
        definition="median over households; null if more than half of them are not served within the horizon",
        better="less",
        titles=Title(en="Hours to the first delivery", zh="首次送达用时（小时）"),
        compute=_first_delivery_quantile(0.5),
    ),
    Metric(
        name="time_to_first_delivery_h_p95",
        unit="h",
        definition="95th percentile over households; null if more than 5 % are not served within the horizon",
        better="less",
        titles=Title(en="Hours to the first delivery, 95th percentile", zh="首次送达用时，第95百分位（小时）"),
        compute=_first_delivery_quantile(0.95),
    ),
    Metric(
        name="time_to_first_delivery_h_worst_decile",
        unit="h",
        definition="mean over the tenth of households served last; null if one of them is not served within the "
        "horizon",
        better="less",
        titles=Title(en="Hours to the first delivery, worst-off tenth", zh="最差十分之一的首次送达用时（小时）"),
        compute=_first_delivery_worst_tenth,
    ),
    Metric(
        name="last_household_served_h",
        unit="h",
        definition="until every household has been served once, run-out included; null if that does not happen",
        better="less",
        titles=Title(en="Hours until every household is served", zh="送达每一户用时（小时）"),
        compute=_last_household,
    ),
    Metric(
        name="gap_h_p95",
        unit="h",
        definition="95th percentile over households of the longest time without a delivery, from the start to the "
        "horizon",
        better="less",
        titles=Title(en="Longest hours without a delivery, 95th percentile", zh="最长未送达时间，第95百分位（小时）"),
        compute=lambda seen: quantile(seen.longest_gap_min, 0.95) / 60,
    ),
    Metric(
        name="deprived_household_days",
        unit="household-days",
        definition="time with an empty pantry, summed over households",
        better="less",
        titles=Title(en="Days with an empty pantry, all households", zh="断供总户日数"),
        compute=lambda seen: household_days(seen.empty_min),
        source="Holguin-Veras et al. 2013, J. Oper. Manag. 31:262-280 (deprivation time)",
    ),
    Metric(
        name="empty_pantry_h",
        unit="h",
        definition="time without at least one of the goods a household needs, mean over households",
        better="less",
        titles=Title(en="Hours with an empty pantry, per household", zh="户均断供时间（小时）"),
        compute=lambda seen: mean_hours(seen.empty_min),
    ),
    Metric(
        name="empty_pantry_h_worst_decile",
        unit="h",
        definition="the same, mean over the tenth of households with most of it",
        better="less",
        titles=Title(en="Hours with an empty pantry, worst-off tenth", zh="最差十分之一的断供时间（小时）"),
        compute=lambda seen: mean_of_largest_tenth(seen.empty_min) / 60,
    ),
    Metric(
        name="gap_h_longest",
        unit="h",
        definition="longest time without a break that any household was without at least one of the goods it needs, up "
        "to the horizon",
        better="less",
        titles=Title(en="Longest hours without, of any household", zh="家庭最长连续断供时间（小时）"),
        compute=lambda seen: float(seen.longest_empty_min.max() / 60),
    ),
    Metric(
        name="gap_h_longest_worst_decile",
        unit="h",
        definition="the same of each household, mean over the tenth of households with most of it",
        better="less",
        titles=Title(en="Longest hours without, worst-off tenth", zh="最差十分之一的最长连续断供时间（小时）"),
        compute=lambda seen: mean_of_largest_tenth(seen.longest_empty_min) / 60,
    ),
    Metric(
        name="priority_on_time_share",
        unit="share",
        definition="priority households first served within the priority target, at its last minute too; null if there "
        "are none",
        better="more",
        titles=Title(en="Priority households served on time", zh="特殊困难群体按时送达占比"),
        compute=_priority_on_time,
    ),
    Metric(
        name="kg_per_person",
        unit="kg",
        definition="goods received per person, mean over households",
        better="more",
        titles=Title(en="Goods received per person", zh="人均收到物资"),
        compute=lambda seen: float(seen.kg_per_person.mean()),
    ),
    Metric(
        name="kg_per_person_worst_decile",
        unit="kg",
        definition="the same, mean over the tenth of households with least of it",
        better="more",
        titles=Title(en="Goods received per person, worst-off tenth", zh="最差十分之一的人均收到物资"),
        compute=lambda seen: float(seen.kg_per_person_in_order[: worst_tenth(len(seen))].mean()),
    ),
    Metric(
        name="gini_kg_per_person",
        unit="index",
        definition="Gini coefficient of kg received per person, over households",
        better="less",
        titles=Title(en="Inequality of goods received per person (Gini)", zh="人均收到物资的不均等程度（基尼系数）"),
        compute=lambda seen: gini_in_order(seen.kg_per_person_in_order),
    ),
)
