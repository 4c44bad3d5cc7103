"""The metrics of one replication: pure functions of its records.

Shares are 0..1. A value that does not exist (the hours until everybody is served, when somebody never is) is
NaN here and null in files. Those of groups of households are in `simsupply.measures.splits`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.measures.household_metrics import HOUSEHOLD_METRICS
from simsupply.measures.metric import bounds_of_entry, within_bounds
from simsupply.measures.metric_families import FAMILIES
from simsupply.measures.metric_registry import RUN_METRICS
from simsupply.measures.outcomes import Outcomes, outcomes_of
from simsupply.records.replication import Replication
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]


def measure(run: Replication, scenario: Scenario, everybody: Outcomes | None = None) -> dict[str, float]:
    """All metrics of one replication by name, in the order of the registry, then those of families.

    Parameters
    ----------
    everybody : Outcomes, optional
        `simsupply.measures.outcomes.outcomes_of` the replication, where it is at hand already.
    """
    values = measure_households(outcomes_of(run, scenario) if everybody is None else everybody)
    values |= {
        metric.name: within_bounds(metric.name, float(metric.compute(run, scenario)), bounds_of_entry(metric))
        for metric in RUN_METRICS
    }
    for family in FAMILIES:
        for part, value in family.compute(run, scenario).items():
            name = family.prefix + part
            values[name] = within_bounds(name, value, bounds_of_entry(family))
    return values


def measure_households(households: Outcomes) -> dict[str, float]:
    """All metrics of households by name, of a group of at least one."""
    return {metric.name: households.value(metric) for metric in HOUSEHOLD_METRICS}


def coverage_curve(everybody: Outcomes, end_min: float, step_min: float = 60.0) -> tuple[FloatArray, FloatArray]:
    """Share of households served at least once by t, at t = 0, `step_min`, ... to `end_min`, which counts.

    Minutes are counted from the first day that is measured.

    Returns
    -------
    hours, share : arrays of the same shape
    """
    moments = np.arange(0.0, end_min + step_min / 2, step_min)
    served = np.searchsorted(everybody.first_in_order, moments, side="right")
    return moments / 60, served / len(everybody)
