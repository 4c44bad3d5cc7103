"""The dispatch lists of filled orders: which route each takes, and through which places."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.city.diversions import Chains
from simsupply.model.city.occurrences import Timeline
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.waves import Orders, Wave, plan_wave, single_orders
from simsupply.scenario.places import Places
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
    depot_of : int array, shape (households,), or None
        Depot that has the last order of each household; only where depots may stand in for each other.
    """

    def __init__(self, scenario: Scenario, strategy: StrategySpec, tiers: TierCalendar, shocks: Timeline) -> None:
        self.scenario, self.tiers = scenario, tiers
        self.chains = Chains(scenario, shocks)
        self.routes = {name: routes_of(channel, scenario.spec.tiers) for name, channel in strategy.channels.items()}
        settings = scenario.spec.tiers or NO_TIERS
        self.entry_min = np.array([settings.of(tier).checkpoint_min for tier in TIERS])
        self.depot_of: IntArray | None = None
        if self.chains.closures:
            self.depot_of = scenario.places.serving["depot"][scenario.households.drop_point]
        self.num_waves = 0

    def route_of(self, channel: Channel, households: IntArray, day: int) -> IntArray:
        """Number of the route that orders of these households take if they are released on a day; -1: none."""
        number = np.array(route_by_tier(self.routes[channel.name], day))
        route: IntArray = number[self.tiers.number[day]][self.scenario.households.compound[households]]
        return route

    def at_depots(self, channel: Channel, is_open: BoolArray, day: int) -> IntArray:
        """Households among those marked at each depot, by their route of a day, shape (routes, depots)."""
        places, num_routes = self.scenario.places, len(self.routes[channel.name])
        drop_point, num_depots = self.scenario.households.drop_point, places.count("depot")
        if num_routes == 1 and self.depot_of is None:
            at_drop_point = np.bincount(drop_point[is_open], minlength=places.count("drop_point"))
            at_depot = np.bincount(places.serving["depot"], weights=at_drop_point, minlength=num_depots)
            return at_depot.astype(int)[None]
        households = np.flatnonzero(is_open)
        depot = places.serving["depot"][drop_point[households]] if self.depot_of is None else self.depot_of[households]
        route = self.route_of(channel, households, day)
        cells = np.bincount(route[route >= 0] * num_depots + depot[route >= 0], minlength=num_routes * num_depots)
        return cells.reshape(num_routes, num_depots)

    def of_list(self, channel: Channel, orders: Orders, time: float, day: int) -> list[Wave]:
        """Waves of orders that are released together, route by route."""
        routes = self.routes[channel.name]
        if not self.entry_min.any() and len(routes) == 1:
            return self._wave(routes[0], orders, time)
        tier = self.tiers.number[day][self.scenario.households.compound[orders.household]]
        waves: list[Wave] = []
        for route in routes:
            under = route.tiers_on(day)
            is_route = np.array([name in under for name in TIERS])
            on_route: BoolArray | slice = is_route[tier]
            if np.asarray(on_route).all():
                on_route = slice(None)
            entry = self.entry_min[tier[on_route]]
            of_route = replace(orders.take(on_route), entry_min=entry if entry.any() else None)
            waves += self._wave(route, of_route, time)
        return waves

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

    def of_singles(self, channel: Channel, orders: Orders, time: float) -> list[Wave]:
        """Waves of orders that come one by one, in order of time."""
        assert orders.placed is not None
        waves, route = [], self.routes[channel.name][0]
        held: list[tuple[float, Orders]] = []
        # The chains are those of the minute at which each order is placed, or at which a place on its way opens.
        for since, until in pairwise(self.chains.changes(time, self.scenario.past_end_min)):
            places = self.chains.at(since)
            for opening, part in held:
                if opening == since:
                    waves.append(single_orders(self.scenario, route, since, self._next_number(), part, places))
            in_period = slice(*np.searchsorted(orders.placed, [since, until]).tolist())
            part = orders.take(in_period)
            opens = self.opening(channel, part.household, since, int(since // MINUTES_PER_DAY))
            if opens is not None:
                held += [(at, part.take(opens == at)) for at in np.unique(opens[opens > since]).tolist()]
                part = part.take(opens <= since)
            if len(part):
                waves.append(single_orders(self.scenario, route, time, self._next_number(), part, places))
        # What no place opens for in the run is begun after it, and open at its end.
        after = self.scenario.past_end_min
        for opening, part in held:
            if opening >= after:
                waves.append(
                    single_orders(self.scenario, route, after, self._next_number(), part, self.chains.at(time))
                )
        return waves

    def _wave(self, route: Route, orders: Orders, time: float) -> list[Wave]:
        if not len(orders):
            return []
        places = self.chains.at(time)
        self._note_depot(orders.household, places)
        return [plan_wave(self.scenario, route, time, self._next_number(), orders, places)]

    def _note_depot(self, household: IntArray, places: Places) -> None:
        if self.depot_of is not None:
            self.depot_of[household] = places.serving["depot"][self.scenario.households.drop_point[household]]

    def _next_number(self) -> int:
        self.num_waves += 1
        return self.num_waves - 1
