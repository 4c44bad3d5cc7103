"""Trips in parts: what a vehicle does one after the other, by fleet, where more matters than there and back.

A trip is a sequence of *parts*: a way on the road, handling at a place, or time that passes. Each has its
minutes, which depend on the vehicle, and a calendar of `simsupply.model.city.closures` that may stop or slow it.
All of it is settled before the trip begins, so both engines work with the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import fits
from simsupply.model.city.closures import ALWAYS, Closures
from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.flow.loads import Cargo, Carrier, FirstOrder
from simsupply.model.flow.queues import by_wave, keys
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.dispatch import PLACE, ROAD
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.given_routes import (
    GivenTrips,
    given_loads,
    given_parts,
    given_tours,
    given_trips,
    payloads,
    trips_of,
)
from simsupply.model.vehicles.milk_run import Stops, milk_run_loads, milk_run_tours, single_stops, split_stops, stops_of
from simsupply.scenario.areas import area_numbers
from simsupply.scenario.staffing import Fleet
from simsupply.scenario.tiers import TIERS
from simsupply.scenario.vehicle_types import fleets_meant
from simsupply.scenario.vehicles import Passes
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.given_route import GivenRoute
from simsupply.strategy.steps.leg import Leg
from simsupply.streams.keyed import Streams, to_bernoulli

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
# Parts before the first stop, at each stop, and after the last one.
_BEFORE, _AT_STOP, _AFTER = 3, 3, 2


@dataclass(frozen=True)
class Trips(Cargo):
    """Loads and the parts of their trips.

    Before the first stop: loading at a dock, ways of a vehicle that is turned back, waits between its tries
    (who fetches: the empty way, loading without a dock, nothing). At each stop: the way there, the time it
    is held on its way in, unloading. After the last one: the way back (who fetches: nothing), disinfection.

    Attributes
    ----------
    part_ptr : int array, shape (loads + 1,)
        Parts of each trip.
    part_min : float array, shape (fleets, parts)
    part_calendar : int array, shape (parts,)
        That of a dock is known only when the vehicle has one.
    part_waits : int array, shape (parts,)
        `ROAD` or `PLACE` of `simsupply.model.kernels.dispatch`: for what time is lost by the calendar.
    part_km : float array, shape (fleets, parts)
        Road of each part.
    done_after : int array, shape (orders,)
        The part of its trip with which each order is unloaded.
    stop : int array, shape (parts,)
        Place at which the part unloads; -1: it does not.
    may_take : int array, shape (loads,)
        Fleets that may take it, as bits.
    district : int array, shape (loads,)
        That of the first order on board.
    driving_min, trip_km : float arrays, shape (fleets, loads)
        Of the whole trip, without the time that a vehicle stands.
    turned_back : int array, shape (fleets, loads)
        Tries in vain.
    """

    part_ptr: IntArray
    part_min: FloatArray
    part_calendar: IntArray
    part_waits: IntArray
    part_km: FloatArray
    done_after: IntArray
    stop: IntArray
    may_take: IntArray
    district: IntArray
    driving_min: FloatArray
    trip_km: FloatArray
    turned_back: IntArray


@dataclass(frozen=True)
class TripMaker:
    """The fleets of one leg of a channel: makes up their loads and settles the trips."""

    leg: Leg
    vehicles: Vehicles
    closures: Closures
    scenario: Scenario
    tiers: TierCalendar
    streams: Streams

    def stands(self, wave: Wave, orders: IntArray) -> IntArray:
        """At which stand finished orders wait, where loads leave when full or at a time: of their trip or place."""
        if self.given is not None:
            trip, _ = trips_of(self.given, {wave.number: wave}, keys(wave, orders))
            return trip
        kind = self.leg.origin if self.leg.is_milk_run else self.leg.to
        return wave.places.serving[kind][wave.drop_point[orders]]

    @cached_property
    def given(self) -> GivenTrips | None:
        """Trips that the plan gives; None: there are none."""
        return given_trips(self.leg.route, self.scenario) if isinstance(self.leg.route, GivenRoute) else None

    @cached_property
    def _holds(self) -> tuple[FloatArray, IntArray]:
        assert self.given is not None
        return payloads(self.given, self.vehicles.fleets, self.vehicles.names)

    @property
    def lot(self) -> int:
        """How many finished orders, where loads do not leave as planned, are made up into loads together.

        All that stand ready when the time has come; without a time, as many as are waited for.
        """
        leave = self.leg.leave
        return 2**62 if self.leg.has_stops and leave.kind == "time" else self.carriers[0].lot

    @cached_property
    def carriers(self) -> tuple[Carrier, ...]:
        """What each fleet would need by itself."""
        return tuple(Carrier(self.leg, fleet, self.streams) for fleet in self.vehicles.fleets)

    @cached_property
    def _recognised(self) -> tuple[FloatArray | None, ...]:
        """Probability that a pass is recognised, by fleet, shape (tiers, districts); None: nobody asks."""
        return tuple(self._probability(fleet.passes) if fleet.passes else None for fleet in self.vehicles.fleets)

    def _probability(self, passes: Passes) -> FloatArray:
        places = self.scenario.places
        by_district = np.ones(len(places.districts))
        for name, share in passes.districts.items():
            by_district[area_numbers(places, "districts", [name])] = share
        by_tier = np.array([passes.of_tier(tier) for tier in TIERS])
        least: FloatArray = np.minimum(by_tier[:, None], by_district)
        return least

    def departures(self, since: float, until: float) -> FloatArray:
        """Departure times from the day of `since` to that of `until`, ascending; minutes."""
        return self.carriers[0].departures(since, until)

    def planned(self, wave: Wave) -> Trips:
        """Make up the loads of the dispatch list, for the smallest vehicle."""
        if self.given is not None:
            return self.loads({wave.number: wave}, *given_loads(wave, self.leg, self.given, self._holds))
        if not self.leg.is_milk_run:
            return self.loads({wave.number: wave}, *self.carriers[0].made_up(wave))
        payload_parcels = min(fleet.payload_parcels for fleet in self.vehicles.fleets)
        made_up = milk_run_loads(wave, self.leg, self.scenario.places, self._payload_kg, payload_parcels)
        return self.loads({wave.number: wave}, *made_up)

    def split(self, waves: Mapping[int, Wave], orders: IntArray, ptr: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Share out lots of finished orders among trips: orders, ptr, and of which lot each was a part."""
        if not self.leg.has_stops:
            return self.carriers[0].split(waves, orders, ptr)
        kg = np.empty(len(orders))
        for in_wave, wave, numbers in by_wave(orders, waves):
            kg[in_wave] = wave.kg[numbers]
        if self.given is not None:
            trip, rank = trips_of(self.given, waves, orders)
            return given_parts(orders, ptr, trip, rank, kg, self._holds, self.carriers[0].lot)
        drop_point = self._drop_points(waves, orders)
        return split_stops(orders, ptr, drop_point, kg, self._payload_kg, self.leg, self.scenario.places)

    @property
    def _payload_kg(self) -> float:
        return min(fleet.payload_kg for fleet in self.vehicles.fleets)

    def _drop_points(self, waves: Mapping[int, Wave], orders: IntArray) -> IntArray:
        drop_point = np.empty(len(orders), dtype=np.int64)
        for in_wave, wave, numbers in by_wave(orders, waves):
            drop_point[in_wave] = wave.drop_point[numbers]
        return drop_point

    def loads(self, waves: Mapping[int, Wave], orders: IntArray, ptr: IntArray, num_consignments: IntArray) -> Trips:
        """Settle the trips of loads that are the slices `ptr` of `orders`, at least one.

        What is drawn is keyed by the first order of the load, as for `simsupply.model.flow.loads.Carrier`.
        """
        leg, places, num, num_fleets = self.leg, self.scenario.places, len(ptr) - 1, len(self.carriers)
        first = self.carriers[0].first_orders(waves, orders[ptr[:-1]])
        origin = first.origin
        may_take = np.full(num, -1, dtype=np.int64)
        if leg.has_stops:
            # Whoever is unloaded first is on top: handling is counted stop by stop.
            drop_point = self._drop_points(waves, orders)
            if self.given is None:
                found = milk_run_tours(ptr, drop_point, leg, places)
            else:
                trip_of_order, rank = trips_of(self.given, waves, orders)
                found = given_tours(ptr, drop_point, rank)
                may_take = self._named[trip_of_order[ptr[:-1]]]
            stops = stops_of(orders, ptr, drop_point, found, leg, places)
            consignments = _consignments(waves, stops)
        else:
            stops = single_stops(orders, ptr, first)
            consignments = num_consignments
        at_stop = self.carriers[0].first_orders(waves, stops.orders[stops.order_ptr[:-1]]) if leg.has_stops else first
        target = at_stop.target
        tier = self.tiers.number[first.day, self.scenario.households.compound[first.household]].astype(np.int64)

        part_ptr = np.concatenate([[0], np.cumsum(_BEFORE + _AFTER + _AT_STOP * np.diff(stops.ptr))])
        head, tail = part_ptr[:-1], part_ptr[1:] - _AFTER
        trip = np.repeat(np.arange(num), np.diff(stops.ptr))
        way = head[trip] + _BEFORE + _AT_STOP * (np.arange(len(trip)) - stops.ptr[trip])
        last = stops.ptr[1:] - 1

        calendar = np.full(part_ptr[-1], ALWAYS, dtype=np.int64)
        road = self.closures.road[leg.name]
        calendar[head + (0 if leg.fetch else 1)] = road[places.district[first.drop_point]]
        if leg.fetch:
            calendar[head + 1] = self.closures.place[leg.origin][origin]
        calendar[way] = road[places.district[at_stop.drop_point]]
        calendar[way + 2] = self.closures.place[leg.to][target]
        calendar[tail] = road[places.district[at_stop.drop_point[last]]]

        minutes, km = np.zeros((2, num_fleets, part_ptr[-1]))
        km[:, way], km[:, head if leg.fetch else tail] = stops.km, stops.km_home
        turned_back = np.zeros((num_fleets, num), dtype=np.int64)
        km_in_vain = stops.km[stops.ptr[:-1]] + stops.km_turned
        for number, carrier in enumerate(self.carriers):
            minutes_of_fleet, fleet = minutes[number], carrier.fleet
            factor = self._tier_factor(fleet, tier)
            load = carrier.handling_minutes(leg.load, waves, orders, ptr, num_consignments)
            day, drawn_by = first.day, first.drawn_by
            out = carrier.drive_minutes("out", stops.km, day[trip], drawn_by[trip], stops.minutes) / factor[trip]
            empty = carrier.drive_minutes("back", stops.km_home, day, drawn_by, stops.minutes_home) / factor
            turned_back[number], delay = self._at_checkpoints(number, fleet, first, tier)
            if leg.fetch:
                minutes_of_fleet[head], minutes_of_fleet[head + 1] = empty, load
            else:
                minutes_of_fleet[head], minutes_of_fleet[tail] = load, empty
                # Back by the same draw as out.
                turned = carrier.drive_minutes("out", stops.km_turned, day, drawn_by, stops.minutes_turned) / factor
                minutes_of_fleet[head + 1] = turned_back[number] * (out[stops.ptr[:-1]] + turned)
                km[number, head + 1] = turned_back[number] * km_in_vain
                minutes_of_fleet[head + 2] = turned_back[number] * (
                    fleet.passes.again_after_min if fleet.passes else 0.0
                )
            minutes_of_fleet[way], minutes_of_fleet[way + 1] = out, at_stop.held
            minutes_of_fleet[way[stops.ptr[:-1]] + 1] += delay + leg.held_min
            minutes_of_fleet[way + 2] = carrier.handling_minutes(
                leg.unload, waves, stops.orders, stops.order_ptr, consignments
            )
            minutes_of_fleet[tail + 1] = leg.rest_min
            if fleet.disinfection:
                minutes_of_fleet[way + 2] += fleet.disinfection.on_arrival_min
                minutes_of_fleet[tail + 1] += fleet.disinfection.at_base_min
        km_there = np.add.reduceat(stops.km, stops.ptr[:-1])
        drives = np.concatenate([head + (0 if leg.fetch else 1), way, tail])
        part_waits = np.full(part_ptr[-1], PLACE, dtype=np.int64)
        part_waits[drives] = ROAD
        driving = np.zeros_like(minutes)
        driving[:, drives] = minutes[:, drives]
        target_of_load = target[last]
        stop = np.full(part_ptr[-1], -1, dtype=np.int64)
        stop[way + 2] = target
        return Trips(
            orders=orders,
            ptr=ptr,
            origin=origin,
            target=target_of_load,
            base=target_of_load if leg.fetch else origin,
            km=km_there,
            km_back=stops.km_home,
            part_ptr=part_ptr,
            part_min=minutes,
            part_calendar=calendar,
            part_waits=part_waits,
            part_km=km,
            done_after=(way + 2)[stops.stop_of],
            stop=stop,
            may_take=self._may_take(km_there) & may_take,
            district=places.district[first.drop_point],
            driving_min=np.add.reduceat(driving, head, axis=1),
            trip_km=km_there + stops.km_home + turned_back * km_in_vain,
            turned_back=turned_back,
        )

    def _tier_factor(self, fleet: Fleet, tier: IntArray) -> FloatArray:
        # With `drive_min` it is settled how long a way takes.
        factors = fleet.tier_speed_factor if self.leg.drive_min is None else {}
        return np.array([factors.get(name, 1.0) for name in TIERS])[tier]

    def _at_checkpoints(
        self, number: int, fleet: Fleet, first: FirstOrder, tier: IntArray
    ) -> tuple[IntArray, FloatArray]:
        """How often each vehicle is turned back, and how long it is delayed."""
        num, passes, recognised = len(tier), fleet.passes, self._recognised[number]
        turned_back, delay = np.zeros(num, dtype=np.int64), np.zeros(num)
        if passes is None or recognised is None:
            return turned_back, delay
        share = recognised[tier, self.scenario.places.district[first.drop_point]]
        for day in np.unique(first.day).tolist():
            today = first.day == day
            purpose, who = f"pass/{self.leg.name}", first.drawn_by[today]
            if passes.otherwise == "delay":
                for checkpoint in range(passes.checkpoints):
                    uniform = self.streams.uniform_at(f"{purpose}/{checkpoint}", day, who)
                    delay[today] += np.where(to_bernoulli(uniform, share[today]), 0.0, passes.delay_min)
                continue
            uniform = self.streams.uniform_at(purpose, day, who)
            turned_back[today] = _tries_in_vain(uniform, share[today] ** passes.checkpoints, passes.max_tries)
        return turned_back, delay

    @cached_property
    def _named(self) -> IntArray:
        """Fleets that may go on each given trip, as bits."""
        assert self.given is not None
        names, fleets = self.vehicles.names, self.scenario.spec.fleet
        bits = [
            sum(1 << names.index(fleet) for fleet in fleets_meant(name, names, fleets)) if name else -1
            for name in self.given.fleet
        ]
        return np.array(bits, dtype=np.int64)

    def _may_take(self, km: FloatArray) -> IntArray:
        bits = np.zeros(len(km), dtype=np.int64)
        for number, fleet in enumerate(self.vehicles.fleets):
            bits |= np.where(fits(km, fleet.max_trip_km or np.inf), 1 << number, 0)
        return bits


def _tries_in_vain(uniform: FloatArray, success: FloatArray, most: int | None) -> IntArray:
    """Failures before the first success, geometric, at most `most`; fewer where `success` is higher."""
    is_sure, is_vain = success >= 1, success <= 0
    chance = np.where(is_sure | is_vain, 0.5, success)
    tries = np.floor(np.log(uniform) / np.log1p(-chance))
    limit = 2**31 if most is None else most
    return np.where(is_sure, 0, np.where(is_vain, limit, np.minimum(tries, limit))).astype(np.int64)


def _consignments(waves: Mapping[int, Wave], stops: Stops) -> IntArray:
    """Consignments that are unloaded at each stop."""
    number = np.empty(len(stops.orders), dtype=np.int64)
    for in_wave, wave, orders in by_wave(stops.orders, waves):
        # No two waves have as many consignments as that.
        number[in_wave] = wave.consignment_of[orders] + wave.number * (1 << 32)
    counts = [
        len(np.unique(number[first:end]))
        for first, end in zip(stops.order_ptr[:-1].tolist(), stops.order_ptr[1:].tolist(), strict=True)
    ]
    return np.array(counts, dtype=np.int64)
