"""What demand would be in normal times, the yardstick of a surge."""

from __future__ import annotations

from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import PurchaseDemand, SurgeDemand


def normal_orders_per_day(scenario: Scenario) -> float | None:
    """Orders of all households on a day in normal times, those placed at once being one; None: not said.

    With demand of kind surge nobody orders more often in normal times than an order lasts, however often is tried.
    """
    num, demand = len(scenario.households), scenario.spec.demand
    if isinstance(demand, SurgeDemand):
        return num * min(demand.normal_orders_per_household_day, 1 / demand.order_covers_days)
    if isinstance(demand, PurchaseDemand):
        return num * demand.purchases_per_household_day * demand.online_share
    return None
