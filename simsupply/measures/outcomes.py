"""What a group of households, or all of them, got: what metrics of households are computed from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simsupply.measures.metric import Metric, bounds_of_entry, within_bounds
from simsupply.records.replication import Replication
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Outcomes:
    """What a group of households got in one replication, one entry per household.

    Minutes are counted from the first day that is measured, `measured_from_day`.

    Attributes
    ----------
    first_delivery_min : float array
        First delivery up to the end of the run; infinity: none.
    longest_gap_min, empty_min, longest_empty_min : float arrays
        As in `simsupply.records.replication.HouseholdRecord`.
    kg_per_person : float array
        Goods received up to the horizon, per person of the household; not what is no need.
    useful_kg, needed_kg : float arrays
        Sum over goods of min(received, needed), and of needed, up to the horizon.
    is_priority : bool array
    horizon_min, target_min, priority_target_min : float
        End of the planning period; by when everybody, and priority households, should be served.
    """

    first_delivery_min: FloatArray
    longest_gap_min: FloatArray
    empty_min: FloatArray
    longest_empty_min: FloatArray
    kg_per_person: FloatArray
    useful_kg: FloatArray
    needed_kg: FloatArray
    is_priority: BoolArray
    horizon_min: float
    target_min: float
    priority_target_min: float
    _values: dict[str, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.first_delivery_min)

    def take(self, which: slice | IntArray | BoolArray) -> Outcomes:
        """Some of the households."""
        return Outcomes(
            first_delivery_min=self.first_delivery_min[which],
            longest_gap_min=self.longest_gap_min[which],
            empty_min=self.empty_min[which],
            longest_empty_min=self.longest_empty_min[which],
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

    def value(self, metric: Metric[[Outcomes]]) -> float:
        """Value of a metric, computed once; there must be at least one household."""
        if metric.name not in self._values:
            self._values[metric.name] = within_bounds(metric.name, metric.compute(self), bounds_of_entry(metric))
        return self._values[metric.name]


def outcomes_of(run: Replication, scenario: Scenario) -> Outcomes:
    """Outcomes of all households of a replication."""
    record, households = run.households, scenario.households
    useful, needed = np.zeros(len(households)), np.zeros(len(households))
    is_need = scenario.goods.is_need
    for column in np.flatnonzero(is_need).tolist():
        need = scenario.need_kg(column, scenario.measured_from_min, scenario.horizon_min)
        useful += np.minimum(record.kg_by_goods[:, column], need)
        needed += need
    return Outcomes(
        first_delivery_min=record.first_delivery_min - scenario.measured_from_min,
        longest_gap_min=record.longest_gap_min,
        empty_min=record.empty_min,
        longest_empty_min=record.longest_empty_min,
        kg_per_person=(record.kg if is_need.all() else record.kg_by_goods[:, is_need].sum(axis=1)) / households.persons,
        useful_kg=useful,
        needed_kg=needed,
        is_priority=households.is_priority,
        horizon_min=scenario.measured_min,
        target_min=scenario.target_min,
        priority_target_min=scenario.settings.priority_target_hours * 60,
    )
