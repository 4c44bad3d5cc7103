"""The dispatch lists of filled orders: which route each takes, and through which places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.diversions import Chains
from simsupply.model.city.occurrences import Timeline
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.waves import Orders, Wave, plan_wave, single_orders
from simsupply.scenario.tiers import TIERS
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.strategy.routes import NO_TIERS, Route, route_by_tier, routes_of

FloatArray = NDArray[np.float64]
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
        if orders.number is not None:
            return self._singles(channel, orders, time, time)
        return [
            plan_wave(self.scenario, route, time, self._next_number(), of_route, self.chains.at(time))
            for route, of_route in self._by_route(channel, orders, day)
        ]

    def opening(self, channel: Channel, households: IntArray, time: float, day: int) -> FloatArray | None:
        """When every place to which orders go that are released at a time has opened, minutes, shape (households,).

        None: all have. Nothing is sent to a place before it opens for the first time.
        """
        openings = self.chains.openings
        if not len(households) or not any((opening > time).any() for opening in openings.values()):
            return None
        serving, drop_point = self.chains.at(time).serving, self.scenario.households.drop_point[households]
        number = self.route_of(channel, households, day)
        found = np.zeros(len(households))
        for route, steps in enumerate(self.routes[channel.name]):
            for kind in {step.leg.to for step in steps.channel.steps if step.leg} & openings.keys():
                on_route = number == route
                latest = np.maximum(found, openings[kind][serving[kind][drop_point]])
                found[on_route] = latest[on_route]
        return found if (found > time).any() else None

    def leg_to_late_places(self, channel: Channel) -> str:
        """Name of the first leg of a channel to a kind of places of which some open late."""
        return next(step.leg.name for step in channel.steps if step.leg and step.leg.to in self.chains.openings)

    def of_singles(
        self, channel: Channel, orders: Orders, time: float
    ) -> tuple[list[Wave], list[tuple[float, Orders]]]:
        """Waves of orders that come one by one within a day, and those held for a place that opens later, and when."""
        assert orders.placed is not None
        waves, held = list[Wave](), list[tuple[float, Orders]]()
        # The chains are those of the minute at which each order is placed.
        for since, until in pairwise(self.chains.changes(time, time + MINUTES_PER_DAY)):
            part = orders.take(slice(*np.searchsorted(orders.placed, [since, until]).tolist()))
            opens = self.opening(channel, part.household, since, self._day(since))
            if opens is not None:
                held += [(at, part.take(opens == at)) for at in np.unique(opens[opens > since]).tolist()]
                part = part.take(opens <= since)
            waves += self._singles(channel, part, time, since)
        return waves, held

    def _singles(self, channel: Channel, orders: Orders, release_min: float, since: float) -> list[Wave]:
        """Waves of single orders, by the chains and tiers of a moment."""
        return [
            single_orders(self.scenario, route, release_min, self._next_number(), part, self.chains.at(since))
            for route, part in self._by_route(channel, orders, self._day(since))
        ]

    def _day(self, time: float) -> int:
        return min(int(time // MINUTES_PER_DAY), len(self.tiers.number) - 1)

    def _by_route(self, channel: Channel, orders: Orders, day: int) -> Iterator[tuple[Route, Orders]]:
        """Orders of a day by the route that they take, with the minutes for which they are held on their way in."""
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
