"""How often a channel delivers to a household and how much it typically brings."""

from __future__ import annotations

from simsupply.scenario.world_spec import CycleDemand, Demand, PoissonDemand, PurchaseDemand, SurgeDemand, WorldSpec
from simsupply.strategy.channels import Channel, ParcelContent
from simsupply.strategy.release import Allotment

# Where a scenario leaves the size of households to its districts; only for estimates.
_TYPICAL_PERSONS = 2.7


def cadence_days(channel: Channel, demand: Demand) -> int:
    """Days between two deliveries to the same household; 0 if neither channel nor demand says so."""
    if isinstance(channel.release, Allotment) and channel.release.every_days is not None:
        return channel.release.every_days
    return demand.cycle_days if isinstance(demand, CycleDemand) else 0


def order_cover_days(channel: Channel, demand: Demand) -> float:
    """For how many days an order or parcel is meant to last, in normal times."""
    if not isinstance(channel.release, Allotment):
        if isinstance(demand, SurgeDemand):
            return demand.order_covers_days
        if isinstance(demand, PurchaseDemand):
            return min(demand.max_cover_days, 1 / demand.purchases_per_household_day)
    return cadence_days(channel, demand)


def order_kg(channel: Channel, world: WorldSpec) -> float:
    """Typical weight of an order or parcel, kg: exact where all weigh the same.

    Mean over the bundles; a household of mean size where weight goes by persons.
    """
    shares = [bundle.share for bundle in channel.bundles.values()] or [1.0]
    kg = [_parcel_kg(parcel, channel, world) for parcel in channel.parcels]
    return sum(share * each for share, each in zip(shares, kg, strict=True))


def _parcel_kg(parcel: ParcelContent, channel: Channel, world: WorldSpec) -> float:
    demand, persons = world.demand, world.scenario.households.persons_mean or _TYPICAL_PERSONS
    if parcel.content is not None:
        return sum(parcel.content.values()) * (persons if parcel.per == "person" else 1)
    if parcel.kg is not None:
        return parcel.kg
    if isinstance(demand, PoissonDemand) and not isinstance(channel.release, Allotment):
        return demand.order_kg
    days = order_cover_days(channel, demand)
    if world.goods is None:
        return (demand.need_kg_per_household_week or 0.0) / 7 * days
    carried = [group for name, group in world.goods.items() if parcel.goods is None or name in parcel.goods]
    return sum(group.kg_per_person_day for group in carried) * persons * days


def order_lines(channel: Channel, demand: Demand) -> float:
    """Typical number of lines of an order or parcel; mean over the bundles."""
    shares = [bundle.share for bundle in channel.bundles.values()] or [1.0]
    lines = [float(parcel.lines or demand.lines_per_order) for parcel in channel.parcels]
    return sum(share * each for share, each in zip(shares, lines, strict=True))
