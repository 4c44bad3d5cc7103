"""How often a channel delivers to a household and how much it typically brings."""

from __future__ import annotations

from simsupply.scenario.weekdays import WEEKDAYS
from simsupply.scenario.world_spec import (
    CycleDemand,
    Demand,
    PoissonDemand,
    PurchaseDemand,
    SurgeDemand,
    WorldSpec,
    mean_orders_at_once,
)
from simsupply.strategy.channels import Channel, ParcelContent
from simsupply.strategy.release import Allotment, GroupRelease, OrderRelease

# Where a scenario leaves the size of households to its districts; only for estimates.
_TYPICAL_PERSONS = 2.7


def cadence_days(channel: Channel, demand: Demand) -> float:
    """Days between two deliveries to the same household, on average; 0 if neither channel nor demand says so."""
    release = channel.release
    if isinstance(release, OrderRelease) and release.weekdays:
        if not isinstance(demand, CycleDemand):
            return 0
        gaps = [days_to_next_list(channel, demand, WEEKDAYS.index(weekday), 0) for weekday in release.weekdays]
        return sum(gaps) / len(gaps)
    return days_to_next_list(channel, demand, 0, 0)


def days_to_next_list(channel: Channel, demand: Demand, day: int, first_weekday: int) -> int:
    """Days from a list of a channel on `day` to the next one on which the same household may order or is due.

    0 if neither channel nor demand says so.

    Parameters
    ----------
    first_weekday : int
        Day of the week of day 0; 0 is Monday.
    """
    release = channel.release
    if isinstance(release, Allotment):
        if release.every_days is not None:
            return release.every_days
        return demand.cycle_days if isinstance(demand, CycleDemand) else 0
    if not isinstance(demand, CycleDemand):
        return 0
    least = release.once_in_days or 1
    if isinstance(release, OrderRelease) and release.weekdays:
        weekday = (first_weekday + day) % 7
        return next(gap for gap in range(least, least + 7) if WEEKDAYS[(weekday + gap) % 7] in release.weekdays)
    rhythm = demand.cycle_days
    if isinstance(release, OrderRelease) and release.every_days is not None:
        rhythm = release.every_days
    elif isinstance(release, GroupRelease):
        rhythm = release.window_days
    return -(-least // rhythm) * rhythm


def order_cover_days(channel: Channel, demand: Demand, day: int | None = None, first_weekday: int = 0) -> float:
    """For how many days the orders of a household at a list, or its parcel, are meant to last: until the next list.

    Without a `day`, on average.
    """
    if not isinstance(channel.release, Allotment):
        if isinstance(demand, SurgeDemand):
            return demand.order_covers_days
        if isinstance(demand, PurchaseDemand):
            return min(demand.max_cover_days, 1 / demand.purchases_per_household_day)
    if day is None:
        return cadence_days(channel, demand)
    return days_to_next_list(channel, demand, day, first_weekday)


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
    if not isinstance(channel.release, Allotment):
        days /= mean_orders_at_once(demand)
    if world.goods is None:
        return (demand.need_kg_per_household_week or 0.0) / 7 * days
    carried = [group for name, group in world.goods.items() if parcel.goods is None or name in parcel.goods]
    return sum(group.kg_per_person_day for group in carried) * persons * days


def basket_lines(channel: Channel, world: WorldSpec) -> float:
    """Lines of a normal order where its parcel does not say them: the demand's, and what some goods add."""
    carried = [
        parcel.content or parcel.goods or world.goods or () for parcel in channel.parcels if parcel.lines is None
    ]
    names = {name for goods in carried for name in goods}
    # What is carried and not known is reported where it stands.
    groups = [group for name, group in (world.goods or {}).items() if name in names]
    return world.demand.lines_per_order * (1 + sum(group.lines_share or 0.0 for group in groups))


def order_lines(channel: Channel, world: WorldSpec) -> float:
    """Typical number of lines of an order or parcel; mean over the bundles."""
    shares = [bundle.share for bundle in channel.bundles.values()] or [1.0]
    lines = [float(parcel.lines or basket_lines(channel, world)) for parcel in channel.parcels]
    return sum(share * each for share, each in zip(shares, lines, strict=True))
