"""Which orders a depot takes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import rounded_down
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.dispatch_lists import DispatchLists
from simsupply.model.kernels.arrays import by_group
from simsupply.model.kernels.choosing import take_on
from simsupply.model.orders.capacity import Basket, depot_stages, room_for_orders
from simsupply.scenario.places import Places
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel
from simsupply.strategy.release import Acceptance
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
_NO_LIMIT = 2**62


class AdmissionControl:
    """Takes on the orders of one channel, depot by depot, while they fit under its limits."""

    def __init__(
        self,
        scenario: Scenario,
        channel: Channel,
        limits: Acceptance,
        tiers: TierCalendar,
        dispatch_lists: DispatchLists,
    ) -> None:
        self.scenario, self.channel, self.limits = scenario, channel, limits
        self.tiers, self.dispatch_lists = tiers, dispatch_lists
        self.num_depots = scenario.places.count("depot")
        self.is_late = ~scenario.households.of_kinds(limits.first) if limits.first else None

    def accept(
        self,
        callers: IntArray,
        is_open: BoolArray,
        held: Basket,
        asked: Basket,
        day: int,
        streams: Streams,
        places: Places,
    ) -> IntArray:
        """The callers whose orders are taken on, ascending.

        Those of the kinds named `first` come before all others; then in the order in which they
        call, which is drawn by (day, household). A stage through which only some orders go limits those alone.

        Parameters
        ----------
        callers : int array
            Households, ascending.
        is_open : bool array, shape (households,)
            Whose order of the channel has been accepted and not yet delivered.
        held, asked : Basket
            Mean content of those, and of what the callers want.
        places : Places
            With the chains that hold now: who calls is taken on by the depot that would serve her.
        """
        room, limited = self._rooms(is_open, held, asked, day)
        households = self.scenario.households
        depot = places.serving["depot"][households.drop_point[callers]]
        called = streams.uniform_at("demand/call", day, callers)
        if self.is_late is not None:
            called[self.is_late[callers]] += 1.0
        if limited.shape[0] > 1:
            route = self.dispatch_lists.route_of(self.channel, callers, day)
            taken: IntArray = callers[take_on(np.argsort(called, kind="stable"), depot, route, room, limited)]
            return taken
        accepted = []
        by_depot, ptr = by_group(depot, self.num_depots)
        least = room.min(axis=0)
        for number in range(self.num_depots):
            of_depot = by_depot[ptr[number] : ptr[number + 1]]
            if len(of_depot) > least[number]:
                first = np.argpartition(called[of_depot], least[number])[: least[number]]
                of_depot = of_depot[first]
            accepted.append(callers[of_depot])
        return np.sort(np.concatenate(accepted))

    def _rooms(self, is_open: BoolArray, held: Basket, asked: Basket, day: int) -> tuple[IntArray, BoolArray]:
        """How many more orders each limit allows, shape (limits, depots), and for which routes, (routes, limits).

        Open orders count on the route of the tier that holds today.
        """
        limits, routes = self.limits, self.dispatch_lists.routes[self.channel.name]
        daily = _NO_LIMIT if limits.orders_per_day is None else int(limits.orders_per_day)
        rooms, limited = [np.full(self.num_depots, daily)], [np.ones(len(routes), dtype=bool)]
        if limits.promise_days is not None:
            open_at = self.dispatch_lists.at_depots(self.channel, is_open, day)
            for stage in depot_stages(self.scenario, routes, self.tiers, day):
                fits = room_for_orders(self.scenario, stage, limits.promise_days, open_at, held, asked)
                rooms.append(rounded_down(np.clip(fits, 0, _NO_LIMIT)))
                limited.append(stage.routes)
        return np.array(rooms), np.array(limited).T
