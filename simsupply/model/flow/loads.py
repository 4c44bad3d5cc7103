"""What vehicles carry: loads made up of orders, and what is settled about each trip before it begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.flow.effort import order_minutes
from simsupply.model.flow.queues import by_wave, keys
from simsupply.model.flow.waves import Wave, starts
from simsupply.model.kernels.arrays import chunk, ranges
from simsupply.scenario.staffing import Fleet
from simsupply.strategy.channels import Channel
from simsupply.strategy.steps.effort import Effort
from simsupply.strategy.steps.leg import Leg
from simsupply.streams.keyed import Streams, to_lognormal, to_uniform_between

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Cargo:
    """Loads are the slices `ptr` of `orders`; each has one trip.

    Attributes
    ----------
    orders : int array
        See `simsupply.model.flow.queues.keys`.
    ptr : int array, shape (loads + 1,)
    origin, target, base : int arrays, shape (loads,)
        Places between which each travels, and where its vehicle is based: at the origin, or with
        ``fetch`` at the target.
    km, km_back : float arrays, shape (loads,)
        One way, to the last stop; and from there.
    """

    orders: IntArray
    ptr: IntArray
    origin: IntArray
    target: IntArray
    base: IntArray
    km: FloatArray
    km_back: FloatArray

    def __len__(self) -> int:
        return len(self.ptr) - 1

    @property
    def key(self) -> IntArray:
        """The last order of each load stands for the load: with it the load is complete."""
        return self.orders[self.ptr[1:] - 1]


def planned_slices(leg: Leg, wave: Wave) -> tuple[IntArray, IntArray, IntArray]:
    """What goes on one vehicle by the dispatch list: consignments for the same place, up to the payload.

    A vehicle to a station takes consignments of several turns of the dispatch list. Loads stand in
    the order in which they become complete when the dispatch list is worked off in order. A leg that
    keeps its loads takes those of the leg before. Where orders come from other vehicles (of other branches), what is
    for one drop point (or compound) goes together too.

    Returns
    -------
    orders : int array
        All orders of the wave that are taken on the leg, load after load.
    ptr : int array, shape (loads + 1,)
    num_consignments : int array, shape (loads,)
    """
    if leg.keeps_loads:
        return kept_slices(leg.name, wave)
    fleets = [wave.fleet[name] for name in leg.fleets]
    payload_kg = min(fleet.payload_kg for fleet in fleets)
    payload_parcels = min(fleet.payload_parcels for fleet in fleets)
    taken = wave.consignments_at(leg.name)
    first_orders = wave.consignment_ptr[taken]
    sizes = np.diff(wave.consignment_ptr)[taken]
    bundle, bounds = np.arange(len(sizes)), np.arange(len(sizes) + 1)
    if leg.destination != "drop_point" or wave.group is not None:
        target = wave.places.serving[leg.destination][wave.drop_point[first_orders]]
        if leg.destination == "drop_point" and wave.group is not None:
            target = wave.group[taken]
        bundle = np.argsort(target, kind="stable")
        target = target[bundle]
        is_new = np.append(True, target[1:] != target[:-1])[: len(target)]
        kg = np.add.reduceat(wave.kg, wave.consignment_ptr[:-1])[taken][bundle]
        for weights, limit in ((kg, payload_kg), (sizes[bundle], payload_parcels)):
            groups = np.append(np.flatnonzero(is_new), len(target))
            number = chunk(groups, weights.astype(float), float(limit), 2**62)
            is_new[1:] |= number[1:] != number[:-1]
        first = np.flatnonzero(is_new)
        num = np.diff(np.append(first, len(target)))
        turn = np.argsort(bundle[first + num - 1])
        bundle = bundle[ranges(first[turn], num[turn])]
        bounds = np.concatenate([[0], np.cumsum(num[turn])])
    orders = ranges(first_orders[bundle], sizes[bundle])
    load_ptr = np.concatenate([[0], np.cumsum(sizes[bundle])])[bounds]
    return orders, load_ptr, np.diff(bounds)


def kept_slices(step: str, wave: Wave) -> tuple[IntArray, IntArray, IntArray]:
    """The loads of the leg before a step as they came, of the orders that pass the step; see `planned_slices`.

    What orders of other branches were in a load is left out of it; loads of which nothing is left are no loads.
    """
    if wave.way is None:
        return planned_slices(leg_before(wave.channel, step), wave)
    legs = {number: leg_before(wave.ways[number].channel, step) for number in wave.ways_through(step).tolist()}
    parts, num = list[tuple[IntArray, IntArray]](), 0
    for name in dict.fromkeys(leg.name for leg in legs.values()):
        ways = [number for number, leg in legs.items() if leg.name == name]
        orders, ptr, _ = planned_slices(legs[ways[0]], wave)
        load = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr)) + num
        is_here = np.isin(wave.way[orders], ways)
        parts.append((orders[is_here], load[is_here]))
        num += len(ptr) - 1
    orders, load = (np.concatenate(column) for column in zip(*parts, strict=True))
    if not len(orders):
        return orders, np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64)
    # In the order in which they become complete; orders of a load stand in the order of the wave.
    last = np.zeros(num, dtype=np.int64)
    np.maximum.at(last, load, orders)
    in_order = np.lexsort((orders, last[load]))
    orders, load = orders[in_order], load[in_order]
    ptr = starts(load)
    is_first = np.ones(len(orders), dtype=np.int64)
    is_first[1:] = (wave.consignment_of[orders[1:]] != wave.consignment_of[orders[:-1]]) | (load[1:] != load[:-1])
    return orders, ptr, np.add.reduceat(is_first, ptr[:-1])


def leg_before(channel: Channel, step: str) -> Leg:
    """The last leg before a step of a channel; checked before the run to be there."""
    legs: list[Leg] = []
    for earlier in channel.steps:
        if earlier.body.name == step:
            break
        legs += [earlier.leg] if earlier.leg else []
    return legs[-1]


@dataclass(frozen=True)
class Loads(Cargo):
    """Loads of the simplest trips: load, drive, unload, drive back.

    Attributes
    ----------
    load, drive, unload, back : float arrays, shape (loads,)
        Minutes of each part of the trip: until it is loaded, on the road, until it is unloaded, and
        back to the base. Who fetches drives out before she loads, and then is back with the load.
    road_out, road_empty : float arrays, shape (loads,)
        Minutes on the road with the load, and without it: those with which `drive`, and `back` (who fetches: `load`),
        begin.
    """

    load: FloatArray
    drive: FloatArray
    unload: FloatArray
    back: FloatArray
    road_out: FloatArray
    road_empty: FloatArray


@dataclass(frozen=True)
class FirstOrder:
    """What the first order of each load says of it, arrays of shape (loads,).

    Attributes
    ----------
    drop_point, origin, target : int arrays
        For whom it is; the places between which the leg takes it.
    km, km_back : float arrays
        Road of the leg, and back.
    minutes, minutes_back : float arrays or None
        Driving minutes where they are given.
    household, drawn_by, day : int arrays
        With what draws are keyed by (see `simsupply.model.flow.waves.Wave`), and the day of release.
    held : float array
        Minutes for which it is held on its way in.
    """

    drop_point: IntArray
    origin: IntArray
    target: IntArray
    km: FloatArray
    km_back: FloatArray
    minutes: FloatArray | None
    minutes_back: FloatArray | None
    household: IntArray
    drawn_by: IntArray
    day: IntArray
    held: FloatArray


@dataclass(frozen=True)
class Carrier:
    """A fleet on one leg of a channel."""

    leg: Leg
    fleet: Fleet
    streams: Streams

    def departures(self, since: float, until: float) -> FloatArray:
        """Departure times from the day of `since` to that of `until`, ascending; minutes."""
        days = np.arange(since // MINUTES_PER_DAY, until // MINUTES_PER_DAY + 1)
        times: FloatArray = (days[:, None] * MINUTES_PER_DAY + np.array(self.leg.leave.at, dtype=float)).ravel()
        return times

    def stands(self, wave: Wave, orders: IntArray) -> IntArray:
        """At which stand finished orders wait, where loads leave when full or at a time: that of their destination."""
        return wave.places.serving[self.leg.to][wave.drop_point[orders]]

    @property
    def lot(self) -> int:
        """How many finished orders, where loads do not leave as planned, are made up into loads together."""
        assert self.leg.leave.orders is not None  # planned loads are made up otherwise
        return self.leg.leave.orders

    def split(self, waves: Mapping[int, Wave], orders: IntArray, ptr: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Share out lots of finished orders among trips, one each: orders, ptr, and of which lot each was a part."""
        return orders, ptr, np.arange(len(ptr) - 1)

    def planned(self, wave: Wave) -> Loads:
        """Make up the loads of the dispatch list."""
        return self.loads({wave.number: wave}, *self.made_up(wave))

    def made_up(self, wave: Wave) -> tuple[IntArray, IntArray, IntArray]:
        """What goes on one vehicle by the dispatch list: orders, ptr, consignments of each load."""
        orders, ptr, num_consignments = planned_slices(self.leg, wave)
        return keys(wave, orders), ptr, num_consignments

    def loads(self, waves: Mapping[int, Wave], orders: IntArray, ptr: IntArray, num_consignments: IntArray) -> Loads:
        """Settle the trips of loads that are the slices `ptr` of `orders`, at least one.

        A load travels between the places of its first order; its drives are keyed by
        (leg, way, day of release, household of that order), where the way ``out`` is that of the
        goods. Who goes in to a drop point is held there as long as that order says; a rest is
        spent after unloading.
        """
        leg, num = self.leg, len(ptr) - 1
        first = self.first_orders(waves, orders[ptr[:-1]])
        load = self.handling_minutes(leg.load, waves, orders, ptr, num_consignments)
        empty = self.drive_minutes("back", first.km_back, first.day, first.drawn_by, first.minutes_back)
        out = self.drive_minutes("out", first.km, first.day, first.drawn_by, first.minutes)
        return Loads(
            orders=orders,
            ptr=ptr,
            origin=first.origin,
            target=first.target,
            base=first.target if leg.fetch else first.origin,
            km=first.km,
            km_back=first.km_back,
            load=empty + load if leg.fetch else load,
            drive=out + (first.held + leg.held_min),
            unload=self.handling_minutes(leg.unload, waves, orders, ptr, num_consignments),
            back=(np.zeros(num) if leg.fetch else empty) + leg.rest_min,
            road_out=out,
            road_empty=empty,
        )

    def first_orders(self, waves: Mapping[int, Wave], orders: IntArray) -> FirstOrder:
        """Look up orders that stand for their loads (or for their stops)."""
        leg = self.leg
        drop_point, origin, target, household, drawn_by, day = np.zeros((6, len(orders)), dtype=np.int64)
        km, km_back, minutes, minutes_back, held = np.zeros((5, len(orders)))
        has_minutes = False
        for in_wave, wave, first in by_wave(orders, waves):
            if wave.entry_min is not None and leg.to == "drop_point":
                held[in_wave] = wave.entry_min[first]
            places, at = wave.places, wave.drop_point[first]
            km[in_wave] = places.km[leg.origin, leg.to][at]
            km_back[in_wave] = places.km_back(leg.origin, leg.to)[at]
            if has_minutes := bool(places.minutes):
                minutes[in_wave] = places.minutes[leg.origin, leg.to][at]
                minutes_back[in_wave] = places.minutes[leg.to, leg.origin][at]
            origin[in_wave], target[in_wave] = places.serving[leg.origin][at], places.serving[leg.to][at]
            drop_point[in_wave], household[in_wave], day[in_wave] = at, wave.household[first], wave.day
            drawn_by[in_wave] = wave.drawn_by[first]
        return FirstOrder(
            drop_point=drop_point,
            origin=origin,
            target=target,
            km=km,
            km_back=km_back,
            minutes=minutes if has_minutes else None,
            minutes_back=minutes_back if has_minutes else None,
            household=household,
            drawn_by=drawn_by,
            day=day,
            held=held,
        )

    def handling_minutes(
        self,
        effort: Effort,
        waves: Mapping[int, Wave],
        orders: IntArray,
        ptr: IntArray,
        num_consignments: IntArray,
    ) -> FloatArray:
        """Minutes to load or unload each of the slices `ptr` of `orders`."""
        if self.fleet.handling is not None:
            effort = effort.model_copy(update=self.fleet.handling.model_dump())
        if effort.is_zero:
            return np.zeros(len(num_consignments))
        minutes = np.empty(len(orders))
        for in_wave, wave, numbers in by_wave(orders, waves):
            minutes[in_wave] = order_minutes(effort, wave)[numbers]
        total: FloatArray = np.add.reduceat(minutes, ptr[:-1]) + effort.per_consignment_min * num_consignments
        return total + effort.per_load_min

    def drive_minutes(
        self, way: str, km: FloatArray, day: IntArray, drawn_by: IntArray, given: FloatArray | None = None
    ) -> FloatArray:
        """Minutes on the road, drawn by (day of release, household or number of single order) of what is a load.

        `given`: by a matrix, instead of the speed.
        """
        leg, fleet = self.leg, self.fleet
        mean = km / fleet.speed_on(leg.road) * 60 if given is None else given
        if leg.drive_min is None and not fleet.speed_cv:
            return mean
        uniform = np.empty(len(km))
        for number in np.unique(day).tolist():
            today = day == number
            uniform[today] = self.streams.uniform_at(f"drive/{leg.name}/{way}", number, drawn_by[today])
        if leg.drive_min is not None:
            return to_uniform_between(uniform, *leg.drive_min)
        sigma = np.sqrt(np.log1p(fleet.speed_cv**2))
        minutes: FloatArray = mean * to_lognormal(uniform, sigma)
        return minutes
