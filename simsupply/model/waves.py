"""Waves: the orders released at one moment through one channel, laid out as a run sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.model.arrays import chunk, ranges
from simsupply.scenario.spec import CycleDemand, PoissonDemand, SurgeDemand
from simsupply.scenario.world import Scenario
from simsupply.strategy.parcels import cadence_days, order_kg
from simsupply.strategy.release import Allot
from simsupply.strategy.spec import Channel, StrategySpec
from simsupply.streams import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(eq=False)
class Wave:
    """Orders of one release, in run-sheet order: consignment after consignment.

    Attributes
    ----------
    channel : Channel
    number : int
        0, 1, ... in order of release.
    release_min : float
        When the orders are known.
    household, drop_point : int arrays, shape (orders,)
    placed : float array, shape (orders,)
        When each order may begin its first step, >= `release_min`.
    kg, lines : float arrays, shape (orders,)
    consignment_of : int array, shape (orders,)
    consignment_ptr : int array, shape (consignments + 1,)
        A consignment is a slice of the orders, all for one drop point.
    delivered : float array, shape (orders,)
        When each reached the end of the channel; infinity until then.
    num_open : int
        Orders that have not.
    entry_min : float array, shape (orders,), or None
        Minutes a vehicle is held on its way in to the household; None: it is not.
    """

    channel: Channel
    number: int
    release_min: float
    household: IntArray
    drop_point: IntArray
    placed: FloatArray
    kg: FloatArray
    lines: FloatArray
    consignment_of: IntArray
    consignment_ptr: IntArray
    delivered: FloatArray = field(init=False)
    num_open: int = field(init=False)
    entry_min: FloatArray | None = None

    def __post_init__(self) -> None:
        self.delivered = np.full(len(self.household), np.inf)
        self.num_open = len(self.household)

    @property
    def day(self) -> int:
        """Day of release."""
        return int(self.release_min // MINUTES_PER_DAY)

    def __len__(self) -> int:
        return len(self.household)


@dataclass(frozen=True)
class Release:
    """Orders become known: when, how many, through which channel."""

    time: float
    channel: Channel


def releases(scenario: Scenario, strategy: StrategySpec) -> Iterator[Release]:
    """All releases within the horizon, in order of time."""
    demand, horizon_days = scenario.spec.demand, scenario.spec.scenario.horizon_days
    for use, following in zip(strategy.calendar, [*strategy.calendar[1:], None], strict=True):
        channel = strategy.channels[use.channel]
        last_day = min(following.from_day if following else horizon_days, horizon_days)
        if isinstance(channel.release, Allot):
            days, time = range(use.from_day, last_day, cadence_days(channel, demand)), 0.0
        elif isinstance(demand, CycleDemand):
            first = -(-use.from_day // demand.cycle_days) * demand.cycle_days
            days, time = range(first, last_day, demand.cycle_days), demand.release_time
        elif isinstance(demand, SurgeDemand):
            days, time = range(use.from_day, last_day), demand.release_time
        else:
            days, time = range(use.from_day, min(use.from_day + 1, last_day)), 0.0
        for day in days:
            yield Release(day * MINUTES_PER_DAY + time, channel)


def plan_wave(scenario: Scenario, release: Release, number: int, ordering: IntArray, streams: Streams) -> Wave:
    """Write the run sheet of a release for the households `ordering` (ascending).

    Households of a drop point are taken priority first, then in building order, and cut into
    consignments that fit the smallest vehicle on the way. Consignments of all drop points take
    turns, so that no drop point waits until another one is finished.
    """
    channel, demand = release.channel, scenario.spec.demand
    lines = float(channel.parcel.lines or demand.lines_per_order)
    if isinstance(demand, PoissonDemand) and not isinstance(channel.release, Allot):
        return _single_orders(scenario, release, number, demand, lines, streams)

    households, places = scenario.households, scenario.places
    late = ~households.is_priority[ordering]
    household = ordering[np.argsort(households.drop_point[ordering] * 2 + late, kind="stable")]
    kg = np.full(len(household), order_kg(channel, demand))
    of_drop_point = np.searchsorted(ordering, places.first_household)
    rank = chunk(of_drop_point, kg, *_vehicle_limits(scenario, channel))

    drop_point = households.drop_point[household].astype(np.int64)
    first = np.flatnonzero(np.append(True, (drop_point[1:] != drop_point[:-1]) | (rank[1:] != rank[:-1]))[: len(rank)])
    sizes = np.diff(np.append(first, len(rank)))
    target = drop_point[first]
    depot, station = places.serving["depot"][target], places.serving["station"][target]
    turn = np.lexsort((target, station, depot, rank[first]))
    sheet = ranges(first[turn], sizes[turn])
    return Wave(
        channel=channel,
        number=number,
        release_min=release.time,
        household=household[sheet],
        drop_point=drop_point[sheet],
        placed=np.full(len(sheet), release.time),
        kg=kg,
        lines=np.full(len(sheet), lines),
        consignment_of=np.repeat(np.arange(len(turn)), sizes[turn]),
        consignment_ptr=np.concatenate([[0], np.cumsum(sizes[turn])]).astype(np.int64),
    )


def _single_orders(
    scenario: Scenario,
    release: Release,
    number: int,
    demand: PoissonDemand,
    lines: float,
    streams: Streams,
) -> Wave:
    """Orders that come one by one; each is a consignment of its own."""
    households = scenario.households
    between = streams.exponential("demand/interarrival", 0, len(households), mean=1 / demand.rate_per_min)
    placed = release.time + np.cumsum(between)
    num = int(np.searchsorted(placed, scenario.horizon_min))
    return Wave(
        channel=release.channel,
        number=number,
        release_min=release.time,
        household=np.arange(num),
        drop_point=households.drop_point[:num].astype(np.int64),
        placed=placed[:num],
        kg=np.full(num, demand.order_kg),
        lines=np.full(num, lines),
        consignment_of=np.arange(num),
        consignment_ptr=np.arange(num + 1),
    )


def _vehicle_limits(scenario: Scenario, channel: Channel) -> tuple[float, int]:
    """Payload (kg, parcels) of the smallest vehicle on the way; without vehicles, no limit."""
    fleets = [scenario.spec.fleet[step.leg.fleet] for step in channel.steps if step.leg]
    return (
        min((fleet.payload_kg for fleet in fleets), default=np.inf),
        min((fleet.payload_parcels for fleet in fleets), default=2**62),
    )
