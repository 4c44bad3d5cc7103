"""The work a wave brings to a stage, drawn once and the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.effort import factor, group_minutes, order_minutes
from simsupply.model.flow.loads import kept_slices
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.arrays import chunk, ranges
from simsupply.scenario.households import Households
from simsupply.strategy.steps.stage import Rounds, Stage
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


_AS_IN_WAVE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Jobs:
    """The work a wave brings to a stage, unit by unit (order, consignment, round or load).

    Attributes
    ----------
    wave : Wave
    ptr : int array, shape (units + 1,)
        Units are slices of the wave's orders, or of `orders`.
    place : int array, shape (units,)
    service : float array, shape (units,)
        Minutes of work.
    has_priority : bool array, shape (units,)
        Whether an order of a priority household is in it.
    offset : float array, shape (orders,), or None
        Minutes of work from the start of the unit until that order is done; None: all orders of a
        unit are done when the unit is.
    orders : int array, or None
        Orders unit after unit; None: all, in the order of the wave.
    """

    wave: Wave
    ptr: IntArray
    place: IntArray
    service: FloatArray
    has_priority: NDArray[np.bool_]
    offset: FloatArray | None = None
    orders: IntArray | None = None

    @property
    def all_orders(self) -> IntArray:
        """Orders unit after unit; empty: in the order of the wave."""
        return _AS_IN_WAVE if self.orders is None else self.orders

    def orders_of(self, units: IntArray) -> IntArray:
        """Orders of these units, unit after unit."""
        where = ranges(self.ptr[units], self.ptr[units + 1] - self.ptr[units])
        return where if self.orders is None else self.orders[where]


def make_jobs(stage: Stage, wave: Wave, households: Households, streams: Streams) -> Jobs:
    """Cut a wave into the units of a stage and draw how long each takes.

    The draw of an order is keyed by (stage, day of release, household or number of a single order), that of a
    consignment by its first household, and so is that of a load; so another strategy, crew or batching leaves it
    as it is. Units are made of the orders that pass the stage: where it is for some branches only, a consignment, round
    or load is what these have in it. What residents walk from their place in the line is not drawn, and comes on top.
    """
    passing = wave.passing(stage.name)
    if passing is not None and stage.per != "load":
        return _within(wave, passing, make_jobs(stage, wave.part(passing), households, streams))
    place_of_drop_point = wave.places.serving[stage.at]
    purpose = f"effort/{stage.name}"
    has_priority = households.is_priority[wave.household]
    if stage.per == "order":
        service = order_minutes(stage.effort, wave)
        service *= factor(stage.variability, purpose, wave.day, wave.drawn_by, streams)
        if stage.queue:
            service += stage.queue.spacing_m / stage.queue.walk_m_per_min
        place = place_of_drop_point[wave.drop_point]
        return Jobs(wave, np.arange(len(wave) + 1), place, service, has_priority)
    if stage.per == "load":
        orders, ptr, num_consignments = kept_slices(stage.name, wave)
        if not len(orders):
            return Jobs(wave, ptr, orders, np.zeros(0), np.zeros(0, dtype=bool), orders=orders)
        first = orders[ptr[:-1]]
        service = group_minutes(stage.effort, wave, orders, ptr, num_consignments) + stage.effort.per_load_min
        service *= factor(stage.variability, purpose, wave.day, wave.drawn_by[first], streams)
        has_priority = np.logical_or.reduceat(has_priority[orders], ptr[:-1])
        return Jobs(wave, ptr, place_of_drop_point[wave.drop_point[first]], service, has_priority, orders=orders)
    offset = None
    if stage.per == "consignment":
        ptr = wave.consignment_ptr
        num_consignments = np.ones(len(ptr) - 1, dtype=np.int64)
        service = group_minutes(stage.effort, wave, np.arange(len(wave)), ptr, num_consignments)
        service *= factor(stage.variability, purpose, wave.day, wave.drawn_by[ptr[:-1]], streams)
    else:
        rounds = stage.rounds
        assert rounds is not None  # Stage's own rule
        number = chunk(wave.consignment_ptr, wave.kg, rounds.carry_kg, rounds.households)
        is_first = np.ones(len(wave), dtype=bool)
        is_first[1:] = (wave.consignment_of[1:] != wave.consignment_of[:-1]) | (number[1:] != number[:-1])
        ptr = np.append(np.flatnonzero(is_first), len(wave))
        at_door = _door_minutes(rounds, wave.household, households) + order_minutes(stage.effort, wave)
        at_door *= factor(stage.variability, purpose, wave.day, wave.drawn_by, streams)
        passed = np.cumsum(at_door)
        before = np.repeat(passed[ptr[:-1]] - at_door[ptr[:-1]], np.diff(ptr))
        walk = _walk_minutes(rounds, wave)
        offset = walk / 2 + (passed - before)
        back = walk[ptr[:-1]] / 2
        if rounds.speed_km_h is not None:
            offset += wave.places.km[stage.at, "drop_point"][wave.drop_point] / rounds.speed_km_h * 60
            home_km = wave.places.km_back(stage.at, "drop_point")[wave.drop_point[ptr[:-1]]]
            back += home_km / rounds.speed_km_h * 60
        service = offset[ptr[1:] - 1] + back
    if len(ptr) > 1:
        has_priority = np.logical_or.reduceat(has_priority, ptr[:-1])
    return Jobs(wave, ptr, place_of_drop_point[wave.drop_point[ptr[:-1]]], service, has_priority, offset)


def _within(wave: Wave, orders: IntArray, jobs: Jobs) -> Jobs:
    """Units of some orders of a wave, of which they were made as if these were all."""
    offset = None
    if jobs.offset is not None:
        offset = np.full(len(wave), np.nan)
        offset[orders] = jobs.offset
    return replace(jobs, wave=wave, offset=offset, orders=orders)


def _walk_minutes(rounds: Rounds, wave: Wave) -> FloatArray:
    """Minutes to the doors and back for each order: what its drop point says, else what the rounds say."""
    own = wave.places.walk_min
    if own is None:
        return np.full(len(wave), rounds.walk_min)
    walk = own[wave.drop_point]
    return np.where(np.isnan(walk), rounds.walk_min, walk)


def _door_minutes(rounds: Rounds, household: IntArray, households: Households) -> FloatArray:
    """Minutes at each door: with a lift, or without and so many floors up."""
    has_lift = households.has_lift[household]
    minutes: FloatArray = np.where(has_lift, rounds.door_with_lift_min, rounds.door_without_lift_min)
    if rounds.per_floor_min:
        minutes += np.where(has_lift, 0, rounds.per_floor_min * (households.floor[household] - 1))
    return minutes


# Residents who stand closer than this meet whoever is ahead of them.
MEETING_M = 2.0


def contact_kinds(stage: Stage) -> tuple[list[str], list[str]]:
    """Kinds of meetings that every finished order means, and those of orders that had to wait."""
    is_close = stage.queue is not None and stage.queue.spacing_m < MEETING_M
    return [stage.contact] if stage.contact else [], ["queue"] if is_close else []
