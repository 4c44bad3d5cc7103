"""What vehicles carry: loads made up of orders, and what is settled about each trip before it begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.model.arrays import chunk, ranges
from simsupply.model.effort import order_minutes
from simsupply.model.line import by_wave, keys
from simsupply.model.waves import Wave
from simsupply.scenario.spec import Fleet
from simsupply.strategy.spec import Channel
from simsupply.strategy.steps import Effort, Leg
from simsupply.streams import Streams, to_lognormal, to_uniform_between

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Loads:
    """Loads are the slices `ptr` of `orders`; each has one trip.

    Attributes
    ----------
    orders : int array
        See `simsupply.model.line.keys`.
    ptr : int array, shape (loads + 1,)
    origin, target, base : int arrays, shape (loads,)
        Places between which each travels, and where its vehicle is based: at the origin, or with
        ``fetch`` at the target.
    km : float array, shape (loads,)
        One way.
    load, drive, unload, back : float arrays, shape (loads,)
        Minutes of each part of the trip: until it is loaded, on the road, until it is unloaded, and
        back to the base. Who fetches drives out before she loads, and then is back with the load.
    """

    orders: IntArray
    ptr: IntArray
    origin: IntArray
    target: IntArray
    base: IntArray
    km: FloatArray
    load: FloatArray
    drive: FloatArray
    unload: FloatArray
    back: FloatArray

    def __len__(self) -> int:
        return len(self.ptr) - 1

    @property
    def key(self) -> IntArray:
        """The last order of each load stands for the load: with it the load is complete."""
        return self.orders[self.ptr[1:] - 1]


def planned_slices(leg: Leg, wave: Wave) -> tuple[IntArray, IntArray, IntArray]:
    """What goes on one vehicle by the run sheet: consignments for the same place, up to the payload.

    A vehicle to a station takes consignments of several turns of the run sheet. Loads stand in
    the order in which they become complete when the run sheet is worked off in order. A leg that
    keeps its loads takes those of the leg before.

    Returns
    -------
    orders : int array
        All orders of the wave, load after load.
    ptr : int array, shape (loads + 1,)
    num_consignments : int array, shape (loads,)
    """
    if leg.keeps_loads:
        return planned_slices(leg_before(wave.channel, leg.name), wave)
    fleet = wave.fleet[leg.fleet]
    ptr = wave.consignment_ptr
    sizes = np.diff(ptr)
    bundle, bounds = np.arange(len(sizes)), np.arange(len(sizes) + 1)
    if leg.destination != "drop_point":
        target = wave.places.serving[leg.destination][wave.drop_point[ptr[:-1]]]
        bundle = np.argsort(target, kind="stable")
        target = target[bundle]
        is_new = np.append(True, target[1:] != target[:-1])
        kg = np.add.reduceat(wave.kg, ptr[:-1])[bundle]
        for weights, limit in ((kg, fleet.payload_kg), (sizes[bundle], fleet.payload_parcels)):
            groups = np.append(np.flatnonzero(is_new), len(target))
            number = chunk(groups, weights.astype(float), float(limit), 2**62)
            is_new[1:] |= number[1:] != number[:-1]
        first = np.flatnonzero(is_new)
        num = np.diff(np.append(first, len(target)))
        turn = np.argsort(bundle[first + num - 1])
        bundle = bundle[ranges(first[turn], num[turn])]
        bounds = np.concatenate([[0], np.cumsum(num[turn])])
    orders = ranges(ptr[bundle], sizes[bundle])
    load_ptr = np.concatenate([[0], np.cumsum(sizes[bundle])])[bounds]
    return orders, load_ptr, np.diff(bounds)


def leg_before(channel: Channel, step: str) -> Leg:
    """The last leg before a step of a channel; checked before the run to be there."""
    legs: list[Leg] = []
    for one in channel.steps:
        if one.body.name == step:
            break
        legs += [one.leg] if one.leg else []
    return legs[-1]


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

    def planned(self, wave: Wave) -> Loads:
        """Make up the loads of the run sheet."""
        orders, load_ptr, num_consignments = planned_slices(self.leg, wave)
        return self.loads({wave.number: wave}, keys(wave, orders), load_ptr, num_consignments)

    def loads(self, waves: Mapping[int, Wave], orders: IntArray, ptr: IntArray, num_consignments: IntArray) -> Loads:
        """Settle the trips of loads that are the slices `ptr` of `orders`, at least one.

        A load travels between the places of its first order; its drives are keyed by
        (leg, way, day of release, household of that order), where the way ``out`` is that of the
        goods. Who goes in to a drop point is held there as long as that order says; a rest is
        spent after unloading.
        """
        leg, num = self.leg, len(ptr) - 1
        origin, target, household, day = np.zeros((4, num), dtype=np.int64)
        km, held = np.zeros(num), np.full(num, leg.held_min)
        for mine, wave, first in by_wave(orders[ptr[:-1]], waves):
            if wave.entry_min is not None and leg.to == "drop_point":
                held[mine] += wave.entry_min[first]
            places, drop_point = wave.places, wave.drop_point[first]
            km[mine] = places.km[leg.origin, leg.to][drop_point]
            origin[mine], target[mine] = places.serving[leg.origin][drop_point], places.serving[leg.to][drop_point]
            household[mine], day[mine] = wave.household[first], wave.day
        load = self._handling_minutes(leg.load, waves, orders, ptr, num_consignments)
        empty = self._drive_minutes("back", km, day, household)
        return Loads(
            orders=orders,
            ptr=ptr,
            origin=origin,
            target=target,
            base=target if leg.fetch else origin,
            km=km,
            load=empty + load if leg.fetch else load,
            drive=self._drive_minutes("out", km, day, household) + held,
            unload=self._handling_minutes(leg.unload, waves, orders, ptr, num_consignments),
            back=(np.zeros(num) if leg.fetch else empty) + leg.rest_min,
        )

    def _handling_minutes(
        self,
        effort: Effort,
        waves: Mapping[int, Wave],
        orders: IntArray,
        ptr: IntArray,
        num_consignments: IntArray,
    ) -> FloatArray:
        if effort.is_zero:
            return np.zeros(len(num_consignments))
        minutes = np.empty(len(orders))
        for mine, wave, numbers in by_wave(orders, waves):
            minutes[mine] = order_minutes(effort, wave)[numbers]
        total: FloatArray = np.add.reduceat(minutes, ptr[:-1]) + effort.per_consignment_min * num_consignments
        return total + effort.per_load_min

    def _drive_minutes(self, way: str, km: FloatArray, day: IntArray, household: IntArray) -> FloatArray:
        leg, fleet = self.leg, self.fleet
        if leg.drive_min is None and not fleet.speed_cv:
            return km / fleet.speed_km_h * 60
        uniform = np.empty(len(km))
        for number in np.unique(day).tolist():
            today = day == number
            uniform[today] = self.streams.uniform_at(f"drive/{leg.name}/{way}", number, household[today])
        if leg.drive_min is not None:
            return to_uniform_between(uniform, *leg.drive_min)
        sigma = np.sqrt(np.log1p(fleet.speed_cv**2))
        minutes: FloatArray = km / fleet.speed_km_h * 60 * to_lognormal(uniform, sigma)
        return minutes
