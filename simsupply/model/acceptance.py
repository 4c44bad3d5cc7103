"""Which orders a depot takes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.arrays import by_group
from simsupply.model.capacity import orders_per_day
from simsupply.model.tiers import TierCalendar
from simsupply.scenario.world import Scenario
from simsupply.strategy.spec import Channel
from simsupply.streams import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Doorkeeper:
    """Takes on the orders of one channel, depot by depot, while they fit under its limits."""

    def __init__(self, scenario: Scenario, channel: Channel, tiers: TierCalendar) -> None:
        self.scenario, self.channel, self.tiers = scenario, channel, tiers
        self.num_depots = scenario.places.count("depot")
        limits = channel.acceptance
        self.is_late = ~scenario.households.of_kinds(limits.first) if limits and limits.first else None

    def accept(self, callers: IntArray, open_at: IntArray, day: int, streams: Streams) -> IntArray:
        """The callers whose orders are taken on, ascending.

        Those of the kinds named `first` come before all others; then in the order in which they
        call, which is drawn by (day, household).

        Parameters
        ----------
        callers : int array
            Households, ascending.
        open_at : int array, shape (depots,)
            Orders of the channel accepted by each depot and not yet delivered.
        """
        limits = self.channel.acceptance
        if limits is None:
            return callers
        room = np.full(self.num_depots, 2**62)
        promised = promise_limit(self.scenario, self.channel, self.tiers, day)
        if promised is not None:
            room = np.maximum(promised - open_at, 0)
        if limits.orders_per_day is not None:
            room = np.minimum(room, int(limits.orders_per_day))
        households = self.scenario.households
        depot = self.scenario.places.serving["depot"][households.drop_point[callers]]
        called = streams.uniform_at("demand/call", day, callers)
        if self.is_late is not None:
            called[self.is_late[callers]] += 1.0
        accepted = []
        by_depot, ptr = by_group(depot, self.num_depots)
        for number in range(self.num_depots):
            mine = by_depot[ptr[number] : ptr[number + 1]]
            if len(mine) > room[number]:
                first = np.argpartition(called[mine], room[number])[: room[number]]
                mine = mine[first]
            accepted.append(callers[mine])
        return np.sort(np.concatenate(accepted))


def promise_limit(scenario: Scenario, channel: Channel, tiers: TierCalendar, day: int) -> IntArray | None:
    """Open orders each depot may have, shape (depots,); None: no limit.

    The promised days times what the slowest of the channel's stages at the depot can do on that day:
    expected minutes on duty / mean minutes of effort per order.
    """
    if channel.acceptance is None or channel.acceptance.promise_days is None:
        return None
    daily = orders_per_day(scenario, channel, "depot", tiers, day)
    return np.floor(np.minimum(channel.acceptance.promise_days * daily, 2**62)).astype(np.int64)
