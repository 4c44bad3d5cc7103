"""What households got: measures that exist for all of them and for any group of them.

Each is written once, as a function of `Outcomes`; `simsupply.measures.metrics` applies it to everybody,
`simsupply.measures.splits` to groups.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.records.replication import Replication
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Outcomes:
    """What a group of households got in one replication, one entry per household.

    Attributes
    ----------
    first_delivery_min : float array
        First delivery up to the end of the run; infinity: none.
    longest_gap_min, empty_min : float arrays
        As in `simsupply.records.replication.HouseholdRecord`.
    kg_per_person : float array
        Goods received up to the horizon, per person of the household.
    useful_kg, needed_kg : float arrays
        Sum over goods of min(received, needed), and of needed, up to the horizon.
    is_priority : bool array
    horizon_min, target_min, priority_target_min : float
        End of the planning period; by when everybody, and priority households, should be served.
    """

    first_delivery_min: FloatArray
    longest_gap_min: FloatArray
    empty_min: FloatArray
    kg_per_person: FloatArray
    useful_kg: FloatArray
    needed_kg: FloatArray
    is_priority: BoolArray
    horizon_min: float
    target_min: float
    priority_target_min: float

    def __len__(self) -> int:
        return len(self.first_delivery_min)

    def take(self, which: slice | IntArray | BoolArray) -> Outcomes:
        """Some of the households."""
        return Outcomes(
            first_delivery_min=self.first_delivery_min[which],
            longest_gap_min=self.longest_gap_min[which],
            empty_min=self.empty_min[which],
            kg_per_person=self.kg_per_person[which],
            useful_kg=self.useful_kg[which],
            needed_kg=self.needed_kg[which],
            is_priority=self.is_priority[which],
            horizon_min=self.horizon_min,
            target_min=self.target_min,
            priority_target_min=self.priority_target_min,
        )

    # Several measures look at the same order, and sorting is most of the work.

    @cached_property
    def first_in_order(self) -> FloatArray:
        """First deliveries, the earliest first."""
        return np.sort(self.first_delivery_min)

    @cached_property
    def kg_per_person_in_order(self) -> FloatArray:
        """Goods received per person, the least first."""
        return np.sort(self.kg_per_person)

    @cached_property
    def measures(self) -> dict[str, float]:
        """All of `HOUSEHOLD_METRICS` by name; there must be at least one household."""
        return {metric.name: metric.compute(self) for metric in HOUSEHOLD_METRICS}


def outcomes_of(run: Replication, scenario: Scenario) -> Outcomes:
    """Outcomes of all households of a replication."""
    record, households = run.households, scenario.households
    days = scenario.horizon_min / MINUTES_PER_DAY
    useful, needed = np.zeros(len(households)), np.zeros(len(households))
    for column in range(len(scenario.goods)):
        need = scenario.need_kg_per_day(column) * days
        useful += np.minimum(record.kg_by_goods[:, column], need)
        needed += need
    return Outcomes(
        first_delivery_min=record.first_delivery_min,
        longest_gap_min=record.longest_gap_min,
        empty_min=record.empty_min,
        kg_per_person=record.kg / households.persons,
        useful_kg=useful,
        needed_kg=needed,
        is_priority=households.is_priority,
        horizon_min=scenario.horizon_min,
        target_min=scenario.target_min,
        priority_target_min=scenario.spec.scenario.priority_target_hours * 60,
    )


def worst_tenth(num: int) -> int:
    """How many households the worst-off tenth of `num` is: a tenth, rounded up.

    >>> worst_tenth(1), worst_tenth(10), worst_tenth(11)
    (1, 1, 2)
    """
    return -(-num // 10)


def mean_of_largest_tenth(values: FloatArray) -> float:
    """Mean over the tenth with the largest values."""
    start = len(values) - worst_tenth(len(values))
    return float(np.partition(values, start)[start:].mean())


def gini(values: FloatArray) -> float:
    """Gini coefficient, sum over i, j of abs(x_i - x_j) / (2 n^2 mean); 0 when all are 0.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    return _gini_in_order(np.sort(values))


def _gini_in_order(ordered: FloatArray) -> float:
    total = ordered.sum()
    if total == 0:
        return 0.0
    rank = np.arange(1, len(ordered) + 1)
    return float(max(0.0, 2 * (rank * ordered).sum() / (len(ordered) * total) - 1 - 1 / len(ordered)))


def fill_rate(useful_kg: FloatArray, needed_kg: FloatArray) -> float:
    """Share of what is needed that was received; NaN where nothing is needed."""
    needed = needed_kg.sum()
    return float(useful_kg.sum() / needed) if needed else np.nan


def mean_hours(minutes: FloatArray) -> float:
    """Mean of minutes, in hours."""
    return float(minutes.mean() / 60)


def household_days(minutes: FloatArray) -> float:
    """Sum of minutes over households, in household-days."""
    return float(minutes.sum() / MINUTES_PER_DAY)


def _first_delivery_quantile(share: float) -> Callable[[Outcomes], float]:
    def compute(seen: Outcomes) -> float:
        # An observed household's time, never one in between, so infinity never mixes with a number.
        value = seen.first_in_order[int(np.ceil(share * (len(seen) - 1)))]
        return float(value / 60) if value < seen.horizon_min else np.nan

    return compute


def _first_delivery_worst_tenth(seen: Outcomes) -> float:
    last = seen.first_in_order[-worst_tenth(len(seen)) :]
    return float(last.mean() / 60) if last[-1] < seen.horizon_min else np.nan


def _last_household(seen: Outcomes) -> float:
    latest = float(seen.first_in_order[-1])
    return latest / 60 if np.isfinite(latest) else np.nan


def _priority_on_time(seen: Outcomes) -> float:
    first = seen.first_delivery_min[seen.is_priority]
    return float((first <= seen.priority_target_min).mean()) if len(first) else np.nan


@dataclass(frozen=True)
class HouseholdMetric:
    """A measure of a group of households (at least one): its name, unit, definition, source and function."""

    name: str
    unit: str
    definition: str
    compute: Callable[[Outcomes], float]
    source: str = ""


HOUSEHOLD_METRICS: tuple[HouseholdMetric, ...] = (
    HouseholdMetric(
        "coverage",
        "share",
        "households served at least once within the service target",
        lambda seen: float((seen.first_delivery_min < seen.target_min).mean()),
    ),
    HouseholdMetric(
        "fill_rate",
        "share",
        "sum of min(received, needed) / sum of needed, up to the horizon",
        lambda seen: fill_rate(seen.useful_kg, seen.needed_kg),
    ),
    HouseholdMetric(
        "time_to_first_delivery_h",
        "h",
        "median over households; null if half of them are not served within the horizon",
        _first_delivery_quantile(0.5),
    ),
    HouseholdMetric(
        "time_to_first_delivery_h_p95",
        "h",
        "95th percentile over households; null if more than 5 % are not served within the horizon",
        _first_delivery_quantile(0.95),
    ),
    HouseholdMetric(
        "time_to_first_delivery_h_worst_decile",
        "h",
        "mean over the tenth of households served last; null if one of them is not served within the horizon",
        _first_delivery_worst_tenth,
    ),
    HouseholdMetric(
        "last_household_served_h",
        "h",
        "until every household has been served once, run-out included; null if that does not happen",
        _last_household,
    ),
    HouseholdMetric(
        "gap_h_p95",
        "h",
        "95th percentile over households of the longest time without a delivery, from the start to the horizon",
        lambda seen: float(np.quantile(seen.longest_gap_min, 0.95) / 60),
    ),
    HouseholdMetric(
        "deprived_household_days",
        "household-days",
        "time with an empty pantry, summed over households",
        lambda seen: household_days(seen.empty_min),
        "Holguin-Veras et al. 2013, J. Oper. Manag. 31:262-280 (deprivation time)",
    ),
    HouseholdMetric(
        "empty_pantry_h",
        "h",
        "time without at least one of the goods a household needs, mean over households",
        lambda seen: mean_hours(seen.empty_min),
    ),
    HouseholdMetric(
        "empty_pantry_h_worst_decile",
        "h",
        "the same, mean over the tenth of households with most of it",
        lambda seen: mean_of_largest_tenth(seen.empty_min) / 60,
    ),
    HouseholdMetric(
        "priority_on_time_share",
        "share",
        "priority households first served within the priority target; null if there are none",
        _priority_on_time,
    ),
    HouseholdMetric(
        "kg_per_person",
        "kg",
        "goods received per person, mean over households",
        lambda seen: float(seen.kg_per_person.mean()),
    ),
    HouseholdMetric(
        "kg_per_person_worst_decile",
        "kg",
        "the same, mean over the tenth of households with least of it",
        lambda seen: float(seen.kg_per_person_in_order[: worst_tenth(len(seen))].mean()),
    ),
    HouseholdMetric(
        "gini_kg_per_person",
        "index",
        "Gini coefficient of kg received per person, over households",
        lambda seen: _gini_in_order(seen.kg_per_person_in_order),
    ),
)
