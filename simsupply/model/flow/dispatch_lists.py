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
from simsupply.strategy.routes import NO_TIERS, Route, route_by_tier, routes_of, ways_of
from simsupply.streams.keyed import Streams

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

    def __init__(
        self, scenario: Scenario, strategy: StrategySpec, tiers: TierCalendar, shocks: Timeline, streams: Streams
    ) -> None:
        self.scenario, self.tiers, self.streams = scenario, tiers, streams
        self.chains = Chains(scenario, shocks)
        self.routes = {name: routes_of(channel, scenario.spec.tiers) for name, channel in strategy.channels.items()}
        self.ways = {name: ways_of(routes) for name, routes in self.routes.items()}
        self.first_way = {
            name: np.cumsum([0, *(len(route.ways) for route in routes[:-1])]) for name, routes in self.routes.items()
        }
        settings = scenario.spec.tiers or NO_TIERS
        self.entry_min = np.array([settings.of(tier).checkpoint_min for tier in TIERS])
        self.num_waves = 0

    def way_of_callers(self, channel: Channel, households: IntArray, keys: IntArray, day: int) -> IntArray:
        """Number of the way that orders would take which these households place and that are released on a day.

        `keys`: by which whatever is drawn for each is keyed. Of the ways of all routes of the channel, in their order;
        -1: none.
        """
        placed = np.full(len(households), float(day * MINUTES_PER_DAY))
        return self._ways_of_keys(channel, households, keys, placed, day)

    def way_of_orders(self, channel: Channel, orders: Orders, time: float, day: int) -> IntArray:
        """The same of orders that are released at a time of a day."""
        return self._ways_of_keys(channel, orders.household, *self._keys(orders, time), day)

    def _ways_of_keys(
        self, channel: Channel, households: IntArray, drawn_by: IntArray, placed: FloatArray, day: int
    ) -> IntArray:
        number = np.array(route_by_tier(self.routes[channel.name], day))
        route: IntArray = number[self.tiers.number[day]][self.scenario.households.compound[households]]
        if len(self.ways[channel.name]) == len(self.routes[channel.name]):
            return route
        branch, way = self._branches(channel, drawn_by, placed), np.full(len(households), -1)
        for number_of_route, of_route in enumerate(self.routes[channel.name]):
            on_route = route == number_of_route
            way[on_route] = self.first_way[channel.name][number_of_route] + _way_of(of_route)[branch[on_route]]
        return way

    def _branches(self, channel: Channel, drawn_by: IntArray, placed: FloatArray) -> IntArray:
        """Number of the branch of each order, of those of the channel.

        Drawn once for an order, by the day on which it was placed and its household (or its own number, where orders
        come singly). So it stays what it is when the order waits, and is the same under every strategy that has the
        same shares.
        """
        until = np.cumsum(list(channel.branch_shares.values()))
        branch = np.empty(len(drawn_by), dtype=np.int64)
        days = (placed // MINUTES_PER_DAY).astype(np.int64)
        for day in np.unique(days).tolist():
            on_day = days == day
            drawn = self.streams.uniform_at("branch", day, drawn_by[on_day])
            # The last share ends at 1 but for rounding.
            branch[on_day] = np.minimum(np.searchsorted(until, drawn, side="right"), len(until) - 1)
        return branch

    def _keys(self, orders: Orders, time: float) -> tuple[IntArray, FloatArray]:
        """What draws of orders released at a time are keyed by, and when each was placed."""
        placed = np.full(len(orders), time) if orders.placed is None else orders.placed
        return orders.household_keys(len(self.scenario.households)) if orders.number is None else orders.number, placed

    def _way_on(self, route: Route, orders: Orders, time: float) -> IntArray | None:
        """Way of each order of a route that is released at a time; None: it has one."""
        if len(route.ways) == 1:
            return None
        way: IntArray = _way_of(route)[self._branches(route.channel, *self._keys(orders, time))]
        return way

    def of_list(self, channel: Channel, orders: Orders, time: float, day: int) -> list[Wave]:
        """Waves of orders that are released together, route by route."""
        if orders.number is not None:
            return self._singles(channel, orders, time, time)
        return [
            plan_wave(
                self.scenario,
                route,
                time,
                self._next_number(),
                of_route,
                self.chains.at(time),
                self._way_on(route, of_route, time),
            )
            for route, of_route in self._by_route(channel, orders, day)
        ]

    def opening(self, channel: Channel, orders: Orders, time: float, day: int) -> FloatArray | None:
        """When every place to which orders go that are released at a time has opened, minutes, shape (orders,).

        None: all have. Nothing is sent to a place before it opens for the first time.
        """
        openings, households = self.chains.openings, orders.household
        if not len(households) or not any((opening > time).any() for opening in openings.values()):
            return None
        serving, drop_point = self.chains.at(time).serving, self.scenario.households.drop_point[households]
        number = self.way_of_orders(channel, orders, time, day)
        found = np.zeros(len(households))
        for way, steps in enumerate(self.ways[channel.name]):
            for kind in {step.leg.to for step in steps.channel.steps if step.leg} & openings.keys():
                on_way = number == way
                latest = np.maximum(found, openings[kind][serving[kind][drop_point]])
                found[on_way] = latest[on_way]
        return found if (found > time).any() else None

    def legs_to_late_places(self, channel: Channel, orders: Orders) -> Iterator[tuple[str, BoolArray]]:
        """Names of the first legs of a channel to a kind of places of which some open late, and who goes on each."""
        branches = list(channel.branch_shares)
        assert orders.placed is not None  # they are held
        branch = self._branches(channel, *self._keys(orders, 0.0)) if channel.branches else np.zeros(len(orders))
        for number, name in enumerate(branches):
            steps = channel.of_branch(name).steps
            leg = next((step.leg.name for step in steps if step.leg and step.leg.to in self.chains.openings), None)
            if leg is not None and (branch == number).any():
                yield leg, branch == number

    def of_singles(
        self, channel: Channel, orders: Orders, time: float
    ) -> tuple[list[Wave], list[tuple[float, Orders]]]:
        """Waves of orders that come one by one within a day, and those held for a place that opens later, and when."""
        assert orders.placed is not None
        waves, held = list[Wave](), list[tuple[float, Orders]]()
        # The chains are those of the minute at which each order is placed.
        for since, until in pairwise(self.chains.changes(time, time + MINUTES_PER_DAY)):
            part = orders.take(slice(*np.searchsorted(orders.placed, [since, until]).tolist()))
            opens = self.opening(channel, part, since, self._day(since))
            if opens is not None:
                held += [(at, part.take(opens == at)) for at in np.unique(opens[opens > since]).tolist()]
                part = part.take(opens <= since)
            waves += self._singles(channel, part, time, since)
        return waves, held

    def _singles(self, channel: Channel, orders: Orders, release_min: float, since: float) -> list[Wave]:
        """Waves of single orders, by the chains and tiers of a moment."""
        return [
            single_orders(
                self.scenario,
                route,
                release_min,
                self._next_number(),
                part,
                self.chains.at(since),
                self._way_on(route, part, since),
            )
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


def _way_of(route: Route) -> IntArray:
    """Number of the way that orders of each branch take on a route, in the order of the branches."""
    return np.array(
        [
            next(number for number, way in enumerate(route.ways) if branch in way.branches)
            for branch in route.channel.branch_shares
        ]
    )
