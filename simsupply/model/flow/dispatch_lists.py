"""The dispatch lists of filled orders: which route each takes, and through which places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.diversions import Chains
from simsupply.model.city.occurrences import Timeline
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.waves import Orders, Wave, plan_wave, single_orders
from simsupply.scenario.tiers import TIERS
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.strategy.routes import NO_TIERS, Route, route_by_tier, routes_of

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class DispatchLists:
    """Lays orders out as waves, numbered in order of release.

    Attributes
    ----------
    chains : Chains
        Who feeds whom at each moment.
    """

    def __init__(self, scenario: Scenario, strategy: StrategySpec, tiers: TierCalendar, shocks: Timeline) -> None:
        self.scenario, self.tiers = scenario, tiers
        self.chains = Chains(scenario, shocks)
        self.routes = {name: routes_of(channel, scenario.spec.tiers) for name, channel in strategy.channels.items()}
        settings = scenario.spec.tiers or NO_TIERS
        self.entry_min = np.array([settings.of(tier).checkpoint_min for tier in TIERS])
        self.num_waves = 0

    def route_of(self, channel: Channel, households: IntArray, day: int) -> IntArray:
        """Number of the route that orders of these households take if they are released on a day; -1: none."""
        number = np.array(route_by_tier(self.routes[channel.name], day))
        route: IntArray = number[self.tiers.number[day]][self.scenario.households.compound[households]]
        return route

    def of_list(self, channel: Channel, orders: Orders, time: float, day: int) -> list[Wave]:
        """Waves of orders that are released together, route by route."""
        return [
            plan_wave(self.scenario, route, time, self._next_number(), of_route, self.chains.at(time))
            for route, of_route in self._by_route(channel, orders, day)
        ]

    def of_singles(self, channel: Channel, orders: Orders, time: float, day: int) -> list[Wave]:
        """Waves of orders of a day that come one by one, in order of time."""
        assert orders.placed is not None
        waves = []
        # The chains are those of the minute at which each order is placed.
        for since, until in pairwise(self.chains.changes(time, np.inf)):
            in_period = slice(*np.searchsorted(orders.placed, [since, until]).tolist())
            for route, part in self._by_route(channel, orders.take(in_period), day):
                number, places = self._next_number(), self.chains.at(since)
                waves.append(single_orders(self.scenario, route, time, number, part, places))
        return waves

    def _by_route(self, channel: Channel, orders: Orders, day: int) -> Iterator[tuple[Route, Orders]]:
        """Orders released on a day by the route that they take, with the minutes for which they are held on their way in."""
        routes = self.routes[channel.name]
        if not len(orders):
            return
        if not self.entry_min.any() and len(routes) == 1:
            yield routes[0], orders
            return
        tier = self.tiers.number[day][self.scenario.households.compound[orders.household]]
        for route in routes:
            under = route.tiers_on(day)
            is_route = np.array([name in under for name in TIERS])
            on_route: BoolArray | slice = is_route[tier]
            if not np.asarray(on_route).any():
                continue
            if np.asarray(on_route).all():
                on_route = slice(None)
            entry = self.entry_min[tier[on_route]]
            yield route, replace(orders.take(on_route), entry_min=entry if entry.any() else None)

    def _next_number(self) -> int:
        self.num_waves += 1
        return self.num_waves - 1
