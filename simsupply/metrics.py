"""Key measures: pure functions of the records of one replication.

Each has a name, a unit, a definition in words and, where it is not ours, a source. Shares are
0..1. A value that does not exist (the hours until everybody is served, when somebody never is) is
NaN here and null in files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.records import Replication
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Metric:
    """A key measure: its name, unit, definition, source and how it is computed."""

    name: str
    unit: str
    definition: str
    compute: Callable[[Replication, Scenario], float]
    source: str = ""


def _coverage(run: Replication, scenario: Scenario) -> float:
    return float((run.households.first_delivery_min < scenario.target_min).mean())


def _fill_rate(run: Replication, scenario: Scenario) -> float:
    received, needed = 0.0, 0.0
    for column in range(len(scenario.goods)):
        need = scenario.need_kg_per_day(column) * (scenario.horizon_min / MINUTES_PER_DAY)
        received += float(np.minimum(run.households.kg_by_goods[:, column], need).sum())
        needed += float(need.sum())
    return received / needed


def _first_delivery_quantile(share: float) -> Callable[[Replication, Scenario], float]:
    def compute(run: Replication, scenario: Scenario) -> float:
        # "higher" is an observed household's time, so infinity never mixes with a number.
        value = np.quantile(run.households.first_delivery_min, share, method="higher")
        return float(value / 60) if value < scenario.horizon_min else np.nan

    return compute


def _last_household(run: Replication, scenario: Scenario) -> float:
    latest = float(run.households.first_delivery_min.max())
    return latest / 60 if np.isfinite(latest) else np.nan


def _priority_on_time(run: Replication, scenario: Scenario) -> float:
    first = run.households.first_delivery_min[scenario.households.is_priority]
    limit = scenario.spec.scenario.priority_target_hours * 60
    return float((first <= limit).mean()) if len(first) else np.nan


def gini(values: FloatArray) -> float:
    """Gini coefficient, sum over i, j of abs(x_i - x_j) / (2 n^2 mean); 0 when all are 0.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    total = values.sum()
    if total == 0:
        return 0.0
    rank = np.arange(1, len(values) + 1)
    return float(max(0.0, 2 * (rank * np.sort(values)).sum() / (len(values) * total) - 1 - 1 / len(values)))


def _hours(people: str) -> Callable[[Replication, Scenario], float]:
    def compute(run: Replication, scenario: Scenario) -> float:
        return sum(
            (step.scheduled_min + step.overtime_min) * step.people_per_server / 60
            for step in run.steps
            if step.people == people
        )

    return compute


def _vehicle_km(run: Replication, scenario: Scenario) -> float:
    return sum(step.vehicle_km for step in run.steps)


def _cost(run: Replication, scenario: Scenario) -> float:
    prices = scenario.spec.scenario.prices
    return (
        prices.worker_hour * _hours("worker")(run, scenario)
        + prices.volunteer_hour * _hours("volunteer")(run, scenario)
        + prices.vehicle_km * _vehicle_km(run, scenario)
    )


METRICS: tuple[Metric, ...] = (
    Metric("coverage", "share", "households served at least once within the service target", _coverage),
    Metric("fill_rate", "share", "sum of min(received, needed) / sum of needed, up to the horizon", _fill_rate),
    Metric(
        "time_to_first_delivery_h",
        "h",
        "median over households; null if half of them are not served within the horizon",
        _first_delivery_quantile(0.5),
    ),
    Metric(
        "time_to_first_delivery_h_p95",
        "h",
        "95th percentile over households; null if more than 5 % are not served within the horizon",
        _first_delivery_quantile(0.95),
    ),
    Metric(
        "last_household_served_h",
        "h",
        "until every household has been served once, run-out included; null if that does not happen",
        _last_household,
    ),
    Metric(
        "gap_h_p95",
        "h",
        "95th percentile over households of the longest time without a delivery, from the start to the horizon",
        lambda run, scenario: float(np.quantile(run.households.longest_gap_min, 0.95) / 60),
    ),
    Metric(
        "deprived_household_days",
        "household-days",
        "time with an empty pantry, summed over households",
        lambda run, scenario: float(run.households.empty_min.sum() / MINUTES_PER_DAY),
        "Holguin-Veras et al. 2013, J. Oper. Manag. 31:262-280 (deprivation time)",
    ),
    Metric(
        "priority_on_time_share",
        "share",
        "priority households first served within the priority target; null if there are none",
        _priority_on_time,
    ),
    Metric(
        "gini_kg_per_person",
        "index",
        "Gini coefficient of kg received per person, over households",
        lambda run, scenario: gini(run.households.kg / scenario.households.persons),
    ),
    Metric("orders_attempted", "orders", "orders made or parcels allotted", lambda r, s: r.orders.attempted),
    Metric("orders_accepted", "orders", "orders taken on", lambda r, s: r.orders.accepted),
    Metric("orders_rejected", "orders", "orders turned away", lambda r, s: r.orders.rejected),
    Metric(
        "orders_cancelled",
        "orders",
        "orders taken on, but not paid and therefore not sent",
        lambda r, s: r.orders.cancelled,
    ),
    Metric(
        "orders_collecting",
        "orders",
        "sets of groups that were still too small at the horizon",
        lambda r, s: r.orders.collecting,
    ),
    Metric("orders_delivered", "orders", "orders that reached the household", lambda r, s: r.orders.delivered),
    Metric(
        "backlog_peak_orders",
        "orders",
        "most orders accepted and not yet delivered at any moment",
        lambda r, s: r.backlog_peak,
    ),
    Metric("spoiled_kg", "kg", "goods that passed their shelf life", lambda r, s: r.spoiled_kg),
    Metric("vehicle_km", "km", "road distance of all trips, there and back", _vehicle_km),
    Metric("worker_hours", "h", "paid people on duty, overtime included", _hours("worker")),
    Metric("volunteer_hours", "h", "volunteers on duty, overtime included", _hours("volunteer")),
    Metric(
        "contacts",
        "encounters",
        "meetings of staff and residents, and of residents who stand in line less than 2 m apart",
        lambda r, s: sum(r.contacts.values()),
    ),
    Metric("cost", "currency", "hours and kilometres at the scenario's unit prices", _cost),
    Metric(
        "mass_balance_error_kg",
        "kg",
        "released - delivered - still on its way; zero but for rounding",
        lambda r, s: r.mass_balance_error_kg,
    ),
)
UTILISATION = "utilisation."


def measure(run: Replication, scenario: Scenario) -> dict[str, float]:
    """All metrics of one replication by name, ``utilisation.<step>`` for every stage and leg last.

    Utilisation is minutes of work inside duty hours / minutes on duty of those who came, up to the
    horizon; 0 when nobody came.
    """
    values = {metric.name: float(metric.compute(run, scenario)) for metric in METRICS}
    for step in run.steps:
        for name in step.names:
            values[UTILISATION + name] = step.busy_min / step.scheduled_min if step.scheduled_min else 0.0
    return values


def unit_of(name: str) -> str:
    """Unit of a metric by name."""
    if name.startswith(UTILISATION):
        return "share"
    return next(metric.unit for metric in METRICS if metric.name == name)


def coverage_curve(run: Replication, scenario: Scenario, step_min: float = 60.0) -> tuple[FloatArray, FloatArray]:
    """Share of households served at least once by t, at t = 0, `step_min`, ... to the run's end.

    Returns
    -------
    hours, share : arrays of the same shape
    """
    moments = np.arange(0.0, scenario.end_min + step_min / 2, step_min)
    served = np.searchsorted(np.sort(run.households.first_delivery_min), moments, side="right")
    return moments / 60, served / len(run.households.first_delivery_min)
