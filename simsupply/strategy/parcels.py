"""How often a channel delivers to a household and how much it brings."""

from __future__ import annotations

from simsupply.scenario.spec import CycleDemand, Demand, PoissonDemand, SurgeDemand
from simsupply.strategy.release import Allot
from simsupply.strategy.spec import Channel


def cadence_days(channel: Channel, demand: Demand) -> int:
    """Days between two deliveries to the same household; 0 if neither channel nor demand says so."""
    if isinstance(channel.release, Allot) and channel.release.every_days is not None:
        return channel.release.every_days
    return demand.cycle_days if isinstance(demand, CycleDemand) else 0


def order_kg(channel: Channel, demand: Demand) -> float:
    """Weight of one order or parcel, kg: what a household needs until the next one comes."""
    if channel.parcel.kg is not None:
        return channel.parcel.kg
    if isinstance(demand, PoissonDemand) and not isinstance(channel.release, Allot):
        return demand.order_kg
    if isinstance(demand, SurgeDemand) and not isinstance(channel.release, Allot):
        return demand.need_kg_per_household_week * demand.order_covers_days / 7
    return demand.need_kg_per_household_week * cadence_days(channel, demand) / 7
