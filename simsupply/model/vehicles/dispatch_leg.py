"""Legs whose vehicles make trips in parts, computed window by window with `dispatch`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.closures import Closures
from simsupply.model.flow.queues import by_wave
from simsupply.model.flow.step import Completion, Load
from simsupply.model.flow.wait_hours import WaitHours
from simsupply.model.kernels.arguments import (
    CalendarDocks,
    Calendars,
    Dispatched,
    DispatchLog,
    Fleets,
    LoadQueues,
    Servers,
    TripParts,
    Window,
)
from simsupply.model.kernels.arrays import first_come, ranges
from simsupply.model.kernels.dispatch import DOCK, PLACE, ROAD, dispatch
from simsupply.model.vehicles.affected_trips import AffectedTrips
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.leg import Batch, FleetStep, of_batch
from simsupply.model.vehicles.trip_notes import log_of_parts
from simsupply.model.vehicles.trips import TripMaker, Trips
from simsupply.records.replication import ShockRecord
from simsupply.scenario.places import Places
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.leg import Leg

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def needs_parts(legs: Mapping[str, Leg], vehicles: Vehicles, closures: Closures, places: Places) -> bool:
    """Whether trips are more than loading, driving, unloading and driving back."""
    return (
        not closures.is_empty
        or any(np.isfinite(places.unload_docks.get(leg.to, np.inf)).any() for leg in legs.values())
        or not have_one_stop(legs.values(), vehicles)
    )


def have_one_stop(legs: Iterable[Leg], vehicles: Vehicles) -> bool:
    """Whether vehicles of one fleet go there and back, with nothing on the way that depends on them."""
    return (
        len(vehicles.fleets) == 1
        and not any(leg.has_stops for leg in legs)
        and not any(
            fleet.max_trip_km is not None or fleet.disinfection or fleet.rest or fleet.passes or fleet.tier_speed_factor
            for fleet in vehicles.fleets
        )
    )


def rests(vehicles: Vehicles) -> tuple[FloatArray, FloatArray]:
    """Minutes of driving after which vehicles of each fleet rest (infinity: never), and for how long."""
    after = [fleet.rest.after_hours_driving * 60 if fleet.rest else np.inf for fleet in vehicles.fleets]
    return np.array(after), np.array([fleet.rest.minutes if fleet.rest else np.inf for fleet in vehicles.fleets])


class DispatchStep(FleetStep[Trips]):
    """Vehicles of one fleet or several; see `simsupply.model.kernels.dispatch.dispatch`."""

    def __init__(
        self,
        makers: Mapping[str, TripMaker],
        vehicles: Vehicles,
        scenario: Scenario,
        affected: AffectedTrips,
        hours: WaitHours,
    ) -> None:
        num_fleets, num_places = len(vehicles.fleets), len(vehicles.duty.server_ptr) - 1
        self.num_classes = 1 << num_fleets
        num_queues = num_places * self.num_classes
        super().__init__(makers, vehicles, scenario.places, hours, num_queues, num_columns=0)
        first = next(iter(makers.values()))
        self.pace, self.use_docks = first.closures.pace, not first.leg.fetch
        base = vehicles.fleets[0].at
        self.dock_calendar, self.dock_opening = first.closures.dock[base], first.closures.opening[base]
        self.rest_after, self.rest_min = rests(vehicles)
        self.affected = affected
        self.driven = np.zeros(vehicles.duty.num_servers)
        self.loads = [
            Load(
                scheduled_min=duty.scheduled_min(self.horizon),
                people_per_server=fleet.people_per_vehicle,
                people="worker" if fleet.people_per_vehicle else "equipment",
                fleet=name,
            )
            for name, fleet, duty in zip(vehicles.names, vehicles.fleets, vehicles.duties, strict=True)
        ]
        self.busy_of_fleet = np.zeros((num_fleets, len(self.names)))
        self.busy, self.overtime, self.waits = np.zeros(num_fleets), np.zeros(num_fleets), np.zeros((num_fleets, 3))
        self.km_left = np.zeros(num_fleets)

    def _enqueue(self, batch: Batch[Trips], which: IntArray) -> None:
        trips = batch.loads
        queue = trips.base[which] * self.num_classes + trips.may_take[which]
        self.queue.add(trips.key[which], queue, batch.ready[which], batch.first + which)

    def advance(self, until: float) -> list[Completion]:
        """Send off everything that can leave before `until`."""
        self._arrange(until)
        queue, duty = self.queue, self.vehicles.duty
        if not len(queue):
            return []
        # Batches have their numbers in order, one behind the other.
        first = np.array([batch.first for batch in self.batches])
        batch_of = np.searchsorted(first, queue.work[-1], side="right") - 1
        part_ptr, rows = _rows(self.batches, batch_of, queue.work[-1] - first[batch_of])
        part_min = np.concatenate([batch.loads.part_min for batch in self.batches], axis=1)[:, rows]
        part_km = np.concatenate([batch.loads.part_km for batch in self.batches], axis=1)[:, rows]
        driving = np.concatenate([batch.loads.driving_min for batch in self.batches], axis=1)
        skip = np.cumsum([0, *(len(batch.loads) for batch in self.batches[:-1])])
        start, docked, back_at = np.full((3, len(queue)), np.nan)
        taken_by = np.full(len(queue), -1, dtype=np.int64)
        part_end = np.full(len(rows), np.nan)
        trips = TripParts(
            part_ptr,
            part_min,
            np.concatenate([batch.loads.part_calendar for batch in self.batches])[rows],
            np.concatenate([batch.loads.part_waits for batch in self.batches])[rows],
            part_km,
            driving[:, skip[batch_of] + queue.work[-1] - first[batch_of]],
        )
        fleet_of, work = self.vehicles.fleet_of, (self.busy, self.overtime, self.waits, self.km_left)
        shared = (self._steps_of(queue.work[-1]), self.busy_of_fleet) if len(self.names) > 1 else ()
        log = DispatchLog(self.trips.end_min, np.zeros(len(rows))) if self.trips else None
        dispatch(
            Window(until, self.horizon),
            LoadQueues(self.num_classes, queue.in_sequence, queue.head, queue.end, queue.ready, queue.key),
            trips,
            Fleets(fleet_of, self.rest_after, self.rest_min, self.driven, *work),
            duty.intervals,
            Servers(self.duty_at, self.free_at),
            CalendarDocks(self.use_docks, self.dock_ptr, self.dock_calendar, self.dock_opening, self.dock_free_at),
            Calendars(self.pace.ptr, self.pace.time, self.pace.speed),
            Dispatched(start, docked, taken_by, back_at, part_end),
            *(shared if log is None else (*(shared or (None, None)), log)),
        )
        is_gone = ~np.isnan(start)
        completions = []
        for batch in list(self.batches):
            in_batch, which = of_batch(batch, queue.work[-1])
            taken = np.flatnonzero(in_batch & is_gone)
            if len(taken):
                which = queue.work[-1][taken] - batch.first
                self._note_waits(batch, which, start[taken], docked[taken])
                if self.affected.occurrences:
                    self._count(batch, which, taken_by[taken], start[taken], back_at[taken])
                parts = ranges(part_ptr[taken], part_ptr[taken + 1] - part_ptr[taken])
                ends = part_end[parts]
                if log:
                    leg, since, ready = self.makers[batch.channel].leg, batch.since[which], batch.ready[which]
                    times = taken_by[taken], since, ready, start[taken], docked[taken], log.end
                    found = log_of_parts(leg, batch.loads, which, ends, log.lost[parts], *times)
                    self._note_trips(batch, which, found)
                completions += self._depart(batch, which, start[taken], docked[taken], taken_by[taken], ends)
        queue.keep(~is_gone)
        return completions

    def _depart(
        self,
        batch: Batch[Trips],
        which: IntArray,
        start: FloatArray,
        docked: FloatArray,
        taken_by: IntArray,
        ends: FloatArray,
    ) -> list[Completion]:
        """Orders of a batch that are under way now; `ends` are those of the parts of these loads."""
        trips, fleet = batch.loads, self.vehicles.fleet_of[taken_by]
        self._gone(batch, len(which))
        counts = start < self.horizon
        for number, load in enumerate(self.loads):
            of_fleet = which[counts & (fleet == number)]
            load.vehicle_km += float(trips.trip_km[number, of_fleet].sum())
            load.trips += len(of_fleet)
            load.turned_back += int(trips.turned_back[number, of_fleet].sum())
        end_of = np.full(len(trips.part_calendar), np.nan)
        end_of[ranges(trips.part_ptr[which], trips.part_ptr[which + 1] - trips.part_ptr[which])] = ends
        rows = ranges(trips.ptr[which], trips.ptr[which + 1] - trips.ptr[which])
        if self.meter.may_close:
            self._note_closed(batch, which, rows, docked, end_of)
        orders, times = trips.orders[rows], end_of[trips.done_after[rows]]
        in_order = first_come(times, orders)
        if in_order is not None:
            orders, times = orders[in_order], times[in_order]
        return [Completion(wave, numbers, times[in_wave]) for in_wave, wave, numbers in by_wave(orders, batch.waves)]

    def _note_closed(
        self, batch: Batch[Trips], which: IntArray, rows: IntArray, docked: FloatArray, end_of: FloatArray
    ) -> None:
        """Note how long what is on board waited while it, or what is with it, was handled at a closed place.

        `rows` are the orders of the loads `which`, `end_of` says when each part of their trips was over.
        """
        trips = batch.loads
        leg = self.makers[batch.channel].leg
        load = np.repeat(np.arange(len(which)), trips.ptr[which + 1] - trips.ptr[which])
        first = trips.part_ptr[which][load]
        begin = end_of[first] if leg.fetch else docked[load]
        handled = [(leg.origin, rows, begin, end_of[first + int(leg.fetch)], trips.origin[which][load])]
        for part in np.unique(trips.done_after[rows] - first).tolist():
            # Whoever is unloaded at this stop or a later one.
            there = trips.done_after[rows] >= first + part
            at = first[there] + part
            handled.append((leg.to, rows[there], end_of[at - 1], end_of[at], trips.stop[at]))
        for kind, on_board, since, until, place in handled:
            for in_wave, wave, orders in by_wave(trips.orders[on_board], batch.waves):
                self.meter.add_closed(wave, leg.name, orders, since[in_wave], until[in_wave], kind, place[in_wave])

    def _count(
        self, batch: Batch[Trips], which: IntArray, servers: IntArray, start: FloatArray, back_at: FloatArray
    ) -> None:
        """Note which of these trips shocks strike; a load is of the channel of its last order."""
        for in_wave, wave, _ in by_wave(batch.loads.key[which], batch.waves):
            self.affected.count(
                wave.channel.name, batch.loads, which[in_wave], servers[in_wave], start[in_wave], back_at[in_wave]
            )

    def struck(self) -> list[ShockRecord]:
        """Trips that shocks struck."""
        return self.affected.records()

    def load_by_fleet(self) -> list[Load]:
        """Work of each fleet up to the horizon, vehicles still under way included."""
        return [
            replace(
                load,
                busy_min=float(busy),
                busy_by_step=tuple(by_step.tolist()) if len(self.names) > 1 else (float(busy),),
                overtime_min=float(overtime),
                vehicle_km=load.vehicle_km - float(km_left),
                dock_wait_min=float(waits[DOCK]),
                road_wait_min=float(waits[ROAD]),
                place_wait_min=float(waits[PLACE]),
            )
            for load, busy, by_step, overtime, waits, km_left in zip(
                self.loads, self.busy, self.busy_of_fleet, self.overtime, self.waits, self.km_left, strict=True
            )
        ]


def _rows(batches: list[Batch[Trips]], batch_of: IntArray, load: IntArray) -> tuple[IntArray, IntArray]:
    """Parts of the loads that wait: ptr, and their rows in the parts of all batches together."""
    num = len(load)
    first, size = np.empty(num, dtype=np.int64), np.empty(num, dtype=np.int64)
    skip = 0
    for number, batch in enumerate(batches):
        in_batch = batch_of == number
        ptr = batch.loads.part_ptr
        first[in_batch] = skip + ptr[load[in_batch]]
        size[in_batch] = ptr[load[in_batch] + 1] - ptr[load[in_batch]]
        skip += int(ptr[-1])
    return np.concatenate([[0], np.cumsum(size)]), ranges(first, size)
