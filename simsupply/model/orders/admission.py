"""Which orders are taken on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import rounded_down
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.dispatch_lists import DispatchLists
from simsupply.model.kernels.choosing import take_on
from simsupply.model.orders.asked_orders import AskedOrders
from simsupply.model.orders.capacity import Basket, limiting_stages, room_for_orders
from simsupply.model.orders.open_orders import OpenOrders
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
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
    """Takes on the orders of one channel while they fit under its limits at every place on their way."""

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
        self.is_late = ~scenario.households.of_kinds(limits.first) if limits.first else None

    def accept(
        self,
        orders: AskedOrders,
        open_orders: OpenOrders,
        held: Basket,
        asked: Basket,
        day: int,
        streams: Streams,
        places: Places,
    ) -> BoolArray:
        """Which orders are taken on, shape (orders,).

        Those of the kinds named `first` come before all others; then in the order in which they
        call, which is drawn for each by (day, household, order of it). A stage limits the orders that go through it,
        place by place.

        Parameters
        ----------
        orders : AskedOrders
        open_orders : OpenOrders
            Those of the channel.
        held, asked : Basket
            Mean content of those, and of what is wanted.
        places : Places
            With the chains that hold now: who calls is taken on by the places that would serve her.
        """
        callers = orders.household
        called = streams.uniform_at("demand/call", day, orders.key)
        if self.is_late is not None:
            called[self.is_late[callers]] += 1.0
        kinds, rooms, limited = self._rooms(open_orders, held, asked, day)
        drop_point = self.scenario.households.drop_point[callers]
        place = np.array([places.serving[kind][drop_point] for kind in kinds])
        room = np.zeros((len(rooms), max(map(len, rooms))), dtype=np.int64)
        for number, of_limit in enumerate(rooms):
            room[number, : len(of_limit)] = of_limit
        way = self.dispatch_lists.way_of_callers(self.channel, callers, orders.key, day)
        is_taken = np.zeros(len(orders), dtype=bool)
        is_taken[take_on(np.argsort(called, kind="stable"), place, way, room, limited)] = True
        return is_taken

    def _rooms(
        self, open_orders: OpenOrders, held: Basket, asked: Basket, day: int
    ) -> tuple[list[PlaceKind], list[IntArray], BoolArray]:
        """Limits: the kind of place of each, how many more orders each place allows, and for which ways.

        Ways: bool array, shape (ways, limits).
        """
        limits, ways = self.limits, self.dispatch_lists.ways[self.channel.name]
        kinds: list[PlaceKind] = []
        rooms, limited = list[IntArray](), list[BoolArray]()
        if limits.orders_per_day is not None:
            kinds.append("depot")
            rooms.append(np.full(self.scenario.places.count("depot"), int(limits.orders_per_day)))
            limited.append(np.ones(len(ways), dtype=bool))
        if limits.promise_days is not None:
            looked_at = PLACE_KINDS if limits.promise_by == "whole_way" else PLACE_KINDS[:1]
            for stages in limiting_stages(self.scenario, ways, self.tiers, day, looked_at):
                fits = room_for_orders(self.scenario, stages, limits.promise_days, open_orders, held, asked)
                kinds.append(stages.at)
                rooms.append(rounded_down(np.clip(fits, 0, _NO_LIMIT)))
                limited.append(stages.is_on)
        return kinds, rooms, np.array(limited).T
