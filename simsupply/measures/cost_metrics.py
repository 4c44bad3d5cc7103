"""What a plan costs at the scenario's prices, and whether all goods are accounted for."""

from __future__ import annotations

import math

from simsupply.base.spec import Title
from simsupply.measures.effort_metrics import hours_of, vehicle_km
from simsupply.measures.metric import Metric
from simsupply.records.replication import Replication
from simsupply.scenario.world import Scenario


def _cost(run: Replication, scenario: Scenario) -> float:
    prices = scenario.settings.prices
    return (
        prices.worker_hour * hours_of("worker")(run, scenario)
        + prices.volunteer_hour * hours_of("volunteer")(run, scenario)
        + prices.vehicle_km * vehicle_km(run, scenario)
        + _cost_of_goods(run, scenario)
    )


def _cost_of_goods(run: Replication, scenario: Scenario) -> float:
    prices = scenario.settings.prices
    if run.supply is None:
        return 0.0
    return (
        prices.goods_kg * run.supply.bought_kg
        + prices.reserve_kg * sum(release.kg for release in run.supply.releases)
        + prices.spoiled_kg * run.spoiled_kg
    )


COST_METRICS: tuple[Metric[[Replication, Scenario]], ...] = (
    Metric(
        name="cost",
        unit="currency",
        definition="hours, kilometres and goods up to the horizon at the scenario's unit prices",
        better="less",
        titles=Title(en="Cost", zh="费用"),
        compute=_cost,
    ),
    Metric(
        name="mass_balance_error_kg",
        unit="kg",
        definition="released - delivered - still on its way; zero but for rounding",
        better=None,
        titles=Title(en="Error of the mass balance", zh="物料平衡误差"),
        compute=lambda r, s: r.mass_balance_error_kg,
        bounds=(-math.inf, math.inf),
    ),
)
