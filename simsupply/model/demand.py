"""Who orders at a release, and which orders a depot takes on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.model.arrays import by_group
from simsupply.model.capacity import orders_per_day
from simsupply.model.waves import Release
from simsupply.scenario.spec import SurgeDemand
from simsupply.scenario.world import Scenario
from simsupply.strategy.release import Allot
from simsupply.strategy.spec import Channel
from simsupply.streams import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Taken:
    """What came of a release: the households whose orders were accepted (ascending), and the counts."""

    households: IntArray
    attempted: int
    rejected: int


def take_orders(scenario: Scenario, release: Release, is_open: NDArray[np.bool_], streams: Streams) -> Taken:
    """Ask every household, then accept what the depots can still promise.

    With surge demand each household without an open order tries on average
    ``normal_orders_per_household_day * multiplier`` times a day; it is accepted at most once. A
    channel with ``acceptance`` takes orders, in the order in which the households call, while its
    depot has fewer open orders than it can handle within the promised days. Who is turned away
    tries again the next day, since nothing has come.

    Parameters
    ----------
    is_open : bool array, shape (households,)
        Households with an order accepted and not yet delivered at the moment of the release.
    """
    num, demand = len(scenario.households), scenario.spec.demand
    if not isinstance(demand, SurgeDemand) or isinstance(release.channel.release, Allot):
        return Taken(np.arange(num), num, 0)
    day = int(release.time // MINUTES_PER_DAY)
    rate = demand.normal_orders_per_household_day * demand.multiplier
    sure, chance = int(rate), rate - int(rate)
    extra = streams.bernoulli("demand/attempt", day, num, probability=chance)
    attempts = np.where(is_open, 0, sure + extra.astype(np.int64))
    callers = np.flatnonzero(attempts)
    accepted = _accept(scenario, release.channel, callers, day, is_open, streams)
    attempted = int(attempts.sum())
    return Taken(accepted, attempted, attempted - len(accepted))


def _accept(
    scenario: Scenario,
    channel: Channel,
    callers: IntArray,
    day: int,
    is_open: NDArray[np.bool_],
    streams: Streams,
) -> IntArray:
    """The first callers of each depot that still fit under its promise, ascending."""
    limit = promise_limit(scenario, channel)
    if limit is None:
        return callers
    serving = scenario.places.serving["depot"]
    depots = serving[scenario.households.drop_point]
    num_depots = scenario.places.count("depot")
    room = np.maximum(limit - np.bincount(depots[is_open], minlength=num_depots), 0)
    depot = depots[callers]
    called = streams.uniform_at("demand/call", day, callers)
    accepted = []
    by_depot, ptr = by_group(depot, num_depots)
    for number in range(num_depots):
        mine = by_depot[ptr[number] : ptr[number + 1]]
        if len(mine) > room[number]:
            first = np.argpartition(called[mine], room[number])[: room[number]]
            mine = mine[first]
        accepted.append(callers[mine])
    return np.sort(np.concatenate(accepted))


def promise_limit(scenario: Scenario, channel: Channel) -> IntArray | None:
    """Open orders each depot may have, shape (depots,); None: no limit.

    The promised days times what the slowest of the channel's stages at the depot can do in a day:
    expected minutes on duty / mean minutes of effort per order.
    """
    if channel.acceptance is None:
        return None
    daily = orders_per_day(scenario, channel, "depot")
    return np.floor(np.minimum(channel.acceptance.promise_days * daily, 2**62)).astype(np.int64)
