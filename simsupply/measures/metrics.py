"""Key measures: pure functions of the records of one replication.

Each has a name, a unit, a definition in words and, where it is not ours, a source. Shares are
0..1. A value that does not exist (the hours until everybody is served, when somebody never is) is
NaN here and null in files. Measures of what households got are in `simsupply.measures.outcomes`, those of
groups of them in `simsupply.measures.splits`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.measures.outcomes import HOUSEHOLD_METRICS, HouseholdMetric, Outcomes, outcomes_of
from simsupply.records.replication import RELATIVE_TOLERANCE, Replication
from simsupply.scenario.normal_demand import normal_orders_per_day
from simsupply.scenario.world import Scenario

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class RunMetric:
    """A measure of a whole replication: its name, unit, definition, source and function."""

    name: str
    unit: str
    definition: str
    compute: Callable[[Replication, Scenario], float]
    source: str = ""


def _hours(people: str) -> Callable[[Replication, Scenario], float]:
    def compute(run: Replication, scenario: Scenario) -> float:
        return sum(
            (step.scheduled_min + step.apart_min + step.overtime_min) * step.people_per_server / 60
            for step in run.steps
            if step.people == people
        )

    return compute


def _attempts_vs_normal(run: Replication, scenario: Scenario) -> float:
    normal = normal_orders_per_day(scenario)
    return np.nan if normal is None else run.attempted_on_busiest_day / normal


def _vehicle_km(run: Replication, scenario: Scenario) -> float:
    return sum(step.vehicle_km for step in run.steps)


def _vehicle_wait_h(run: Replication, scenario: Scenario) -> float:
    minutes = (
        step.dock_wait_min + step.road_wait_min + step.place_wait_min + step.floor_wait_min for step in run.steps
    )
    return sum(minutes) / 60


def _cost(run: Replication, scenario: Scenario) -> float:
    prices = scenario.spec.scenario.prices
    return (
        prices.worker_hour * _hours("worker")(run, scenario)
        + prices.volunteer_hour * _hours("volunteer")(run, scenario)
        + prices.vehicle_km * _vehicle_km(run, scenario)
        + _cost_of_goods(run, scenario)
    )


def _cost_of_goods(run: Replication, scenario: Scenario) -> float:
    prices = scenario.spec.scenario.prices
    if run.supply is None:
        return 0.0
    return (
        prices.goods_kg * run.supply.bought_kg
        + prices.reserve_kg * sum(release.kg for release in run.supply.releases)
        + prices.spoiled_kg * run.spoiled_kg
    )


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


RUN_METRICS: tuple[RunMetric, ...] = (
    RunMetric("orders_attempted", "orders", "orders made or parcels allotted", lambda r, s: r.orders.attempted),
    RunMetric("orders_accepted", "orders", "orders taken on", lambda r, s: r.orders.accepted),
    RunMetric("orders_rejected", "orders", "orders turned away", lambda r, s: r.orders.rejected),
    RunMetric(
        "orders_cancelled",
        "orders",
        "orders taken on, but not paid and therefore not sent",
        lambda r, s: r.orders.cancelled,
    ),
    RunMetric(
        "orders_collecting",
        "orders",
        "sets of groups that were still too small at the horizon",
        lambda r, s: r.orders.collecting,
    ),
    RunMetric("orders_delivered", "orders", "orders that reached the household", lambda r, s: r.orders.delivered),
    RunMetric(
        "attempts_vs_normal_peak",
        "ratio",
        "orders attempted on the busiest day (not parcels sent unasked) / orders of a normal day; null if the demand "
        "does not say what is normal",
        _attempts_vs_normal,
    ),
    RunMetric("visits", "visits", "households' visits to shops; not counted as orders", lambda r, s: r.visits),
    RunMetric(
        "backlog_peak_orders",
        "orders",
        "most orders accepted and not yet delivered at any moment",
        lambda r, s: r.backlog_peak,
    ),
    RunMetric(
        "spoiled_kg",
        "kg",
        "goods that passed their shelf life, at depots and reserves and on their way there",
        lambda r, s: r.spoiled_kg,
    ),
    RunMetric(
        "cover_days_lowest",
        "days",
        "lowest stock of any of the goods at the end of any day, all depots together, in days of need at the peak; "
        "null where there is no section supply",
        _lowest_cover,
    ),
    RunMetric(
        "short_kg_share",
        "share",
        "kg that orders should have held and were not sent with / kg that they should have held, orders that were "
        "turned away or wait for want of goods included; null where there is no section supply",
        _short_share,
    ),
    RunMetric(
        "reserve_kg",
        "kg",
        "goods released from reserves because stock was low; null where there is no section supply",
        _reserve_kg,
    ),
    RunMetric("vehicle_km", "km", "road distance of all trips, there and back", _vehicle_km),
    RunMetric(
        "vehicle_wait_h",
        "h",
        "hours of vehicles under way lost before docks, on roads closed or slow for a shock, at closed places and for "
        "want of room on a floor",
        _vehicle_wait_h,
    ),
    RunMetric("worker_hours", "h", "paid people on duty, overtime included", _hours("worker")),
    RunMetric("volunteer_hours", "h", "volunteers on duty, overtime included", _hours("volunteer")),
    RunMetric(
        "contacts",
        "encounters",
        "meetings of staff and residents, and of residents who stand in line less than 2 m apart",
        lambda r, s: sum(r.contacts.values()),
    ),
    RunMetric("cost", "currency", "hours, kilometres and goods at the scenario's unit prices", _cost),
    RunMetric(
        "mass_balance_error_kg",
        "kg",
        "released - delivered - still on its way; zero but for rounding",
        lambda r, s: r.mass_balance_error_kg,
    ),
)
METRICS: tuple[HouseholdMetric | RunMetric, ...] = (*HOUSEHOLD_METRICS, *RUN_METRICS)
CONTACTS, UTILISATION = "contacts.", "utilisation."
FAMILIES: dict[str, tuple[str, str]] = {
    f"{CONTACTS}<kind>": ("encounters", "meetings at the gate, in a queue, at the door, in a shop"),
    f"{UTILISATION}<stage>": ("share", "work inside duty hours / hours on duty of those who came"),
}
"""Unit and definition of the metrics that exist once for each kind of something."""


def measure(run: Replication, scenario: Scenario, everybody: Outcomes | None = None) -> dict[str, float]:
    """All metrics of one replication by name.

    After `METRICS` come ``contacts.<kind>`` for every kind of meeting and ``utilisation.<step>``
    for every stage and leg. Utilisation is minutes of work inside duty hours / minutes on duty of
    those who came, up to the horizon; 0 when nobody came.

    Parameters
    ----------
    everybody : Outcomes, optional
        `simsupply.measures.outcomes.outcomes_of` the replication, where it is at hand already.
    """
    if everybody is None:
        everybody = outcomes_of(run, scenario)
    values = dict(everybody.measures)
    values |= {metric.name: float(metric.compute(run, scenario)) for metric in RUN_METRICS}
    values |= {CONTACTS + kind: float(number) for kind, number in run.contacts.items()}
    # A leg that several fleets share has a record for each of them.
    minutes: dict[str, tuple[float, float]] = {}
    for step in run.steps:
        for name in step.names:
            busy, scheduled = minutes.get(name, (0.0, 0.0))
            minutes[name] = busy + step.busy_min, scheduled + step.scheduled_min
    values |= {UTILISATION + name: busy / on_duty if on_duty else 0.0 for name, (busy, on_duty) in minutes.items()}
    return values


def unit_of(name: str) -> str:
    """Unit of a metric by name."""
    for family, (unit, _) in FAMILIES.items():
        if name.startswith(family.partition("<")[0]):
            return unit
    return next(metric.unit for metric in METRICS if metric.name == name)


def coverage_curve(everybody: Outcomes, end_min: float, step_min: float = 60.0) -> tuple[FloatArray, FloatArray]:
    """Share of households served at least once by t, at t = 0, `step_min`, ... to `end_min`.

    Returns
    -------
    hours, share : arrays of the same shape
    """
    moments = np.arange(0.0, end_min + step_min / 2, step_min)
    served = np.searchsorted(everybody.first_in_order, moments, side="right")
    return moments / 60, served / len(everybody)
