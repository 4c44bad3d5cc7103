"""Metrics of people and vehicles: kilometres, hours, and meetings that may infect."""

from __future__ import annotations

from collections.abc import Callable

from simsupply.base.spec import Title
from simsupply.measures.metric import Metric
from simsupply.records.replication import Replication
from simsupply.scenario.world import Scenario


def hours_of(people: str) -> Callable[[Replication, Scenario], float]:
    """Hours on duty, overtime included, of ``worker`` or ``volunteer``."""

    def compute(run: Replication, scenario: Scenario) -> float:
        return sum(
            (step.scheduled_min + step.apart_min + step.overtime_min) * step.people_per_server / 60
            for step in run.steps
            if step.people == people
        )

    return compute


def vehicle_km(run: Replication, scenario: Scenario) -> float:
    """Road distance of all trips."""
    return sum(step.vehicle_km for step in run.steps)


def _vehicle_wait_h(run: Replication, scenario: Scenario) -> float:
    minutes = (
        step.dock_wait_min + step.road_wait_min + step.place_wait_min + step.floor_wait_min for step in run.steps
    )
    return sum(minutes) / 60


EFFORT_METRICS: tuple[Metric[[Replication, Scenario]], ...] = (
    Metric(
        name="vehicle_km",
        unit="km",
        definition=(
            "road driven up to the horizon, there and back; a way under way then counts by the share of its minutes "
            "that were driven, as hours do"
        ),
        better="less",
        titles=Title(en="Kilometres of vehicles", zh="车辆行驶里程"),
        compute=vehicle_km,
    ),
    Metric(
        name="vehicle_wait_h",
        unit="h",
        definition=(
            "hours of vehicles under way lost before docks, on roads closed or slow for a shock, at closed places"
            " and for want of room on a floor"
        ),
        better=None,
        titles=Title(en="Hours that vehicles lost under way", zh="车辆途中耽误时间（小时）"),
        compute=_vehicle_wait_h,
    ),
    Metric(
        name="worker_hours",
        unit="h",
        definition="paid people on duty, overtime included",
        better="less",
        titles=Title(en="Hours of workers", zh="员工工时"),
        compute=hours_of("worker"),
    ),
    Metric(
        name="volunteer_hours",
        unit="h",
        definition="volunteers on duty, overtime included",
        better="less",
        titles=Title(en="Hours of volunteers", zh="志愿者工时"),
        compute=hours_of("volunteer"),
    ),
    Metric(
        name="contacts",
        unit="encounters",
        definition="meetings of staff and residents, and of residents who stand in line less than 2 m apart",
        better="less",
        titles=Title(en="Contacts", zh="接触人次"),
        compute=lambda r, s: sum(r.contacts.values()),
    ),
)
