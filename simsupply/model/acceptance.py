"""Which orders a depot takes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.arrays import by_group
from simsupply.model.capacity import Basket, room_for_orders
from simsupply.model.tiers import TierCalendar
from simsupply.scenario.places import Places
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

    def accept(
        self,
        callers: IntArray,
        open_at: IntArray,
        held: Basket,
        asked: Basket,
        day: int,
        streams: Streams,
        places: Places,
    ) -> IntArray:
        """The callers whose orders are taken on, ascending.

        Those of the kinds named `first` come before all others; then in the order in which they
        call, which is drawn by (day, household).

        Parameters
        ----------
        callers : int array
            Households, ascending.
        open_at : int array, shape (depots,)
            Orders of the channel accepted by each depot and not yet delivered.
        held, asked : Basket
            Mean content of those, and of what the callers want.
        places : Places
            With the chains that hold now: who calls is taken on by the depot that would serve her.
        """
        limits = self.channel.acceptance
        if limits is None:
            return callers
        room = np.full(self.num_depots, 2**62)
        if limits.promise_days is not None:
            fits = room_for_orders(
                self.scenario, self.channel, limits.promise_days, self.tiers, day, open_at, held, asked
            )
            room = np.floor(np.clip(fits, 0, 2**62)).astype(np.int64)
        if limits.orders_per_day is not None:
            room = np.minimum(room, int(limits.orders_per_day))
        households = self.scenario.households
        depot = places.serving["depot"][households.drop_point[callers]]
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
