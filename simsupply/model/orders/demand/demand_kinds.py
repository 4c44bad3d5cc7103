"""Every kind of demand and how it is modelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simsupply.base.spec import Spec
from simsupply.model.orders.demand.cycle import CycleDemandModel
from simsupply.model.orders.demand.demand_model import DemandModel
from simsupply.model.orders.demand.purchases import PurchaseDemandModel
from simsupply.model.orders.demand.single_orders import PoissonDemandModel
from simsupply.model.orders.demand.surge import SurgeDemandModel
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import CycleDemand, PoissonDemand, PurchaseDemand, SurgeDemand
from simsupply.streams.keyed import Streams

DEMAND_KINDS: dict[type[Spec], Callable[[Scenario, Any, Streams], DemandModel[Any]]] = {
    CycleDemand: CycleDemandModel,
    PoissonDemand: PoissonDemandModel,
    SurgeDemand: SurgeDemandModel,
    PurchaseDemand: PurchaseDemandModel,
}


def demand_model(scenario: Scenario, streams: Streams) -> DemandModel[Any]:
    """The model of the scenario's kind of demand."""
    demand = scenario.spec.demand
    return DEMAND_KINDS[type(demand)](scenario, demand, streams)
