"""Legs: vehicles that load, drive, unload and come back, computed window by window with `haul`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.loads import Cargo, Carrier, Loads
from simsupply.model.flow.queues import UnitQueues, by_wave, keys
from simsupply.model.flow.step import Completion, Load, StepModel
from simsupply.model.flow.wait_hours import PlaceHours, WaitHours
from simsupply.model.flow.waits import WaitCells, WaitMeter
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.arguments import Docks, Hauled, HaulLog, LoadQueues, Servers, TripMinutes, Window, Worked
from simsupply.model.kernels.arrays import by_group, complete, fill_loads, first_come, ranges, sort_within
from simsupply.model.kernels.haul import haul
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.trip_notes import TripLog, note_vehicles, trip_notes, waited
from simsupply.scenario.places import Places
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.waits import Cause
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


AnyCargo = TypeVar("AnyCargo", bound=Cargo)


MadeCargo = TypeVar("MadeCargo", bound=Cargo, covariant=True)


class Maker(Protocol[MadeCargo]):
    """Makes up the loads of one leg of a channel."""

    @property
    def leg(self) -> Leg:
        """What the strategy says of the leg."""

    def stands(self, wave: Wave, orders: IntArray) -> IntArray:
        """At which stand finished orders wait, where loads leave when full or at a time."""

    @property
    def lot(self) -> int:
        """How many finished orders, where loads do not leave as planned, are made up into loads together."""

    def departures(self, since: float, until: float) -> FloatArray:
        """Departure times from the day of `since` to that of `until`, ascending; minutes."""

    def planned(self, wave: Wave) -> MadeCargo:
        """Make up the loads of the dispatch list, for the smallest vehicle."""

    def split(self, waves: Mapping[int, Wave], orders: IntArray, ptr: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Share out lots of finished orders among trips: orders, ptr, and of which lot each was a part."""

    def loads(
        self, waves: Mapping[int, Wave], orders: IntArray, ptr: IntArray, num_consignments: IntArray
    ) -> MadeCargo:
        """Settle the trips of loads that are the slices `ptr` of `orders`, at least one."""


@dataclass(eq=False)
class Batch(Generic[AnyCargo]):
    """Loads made up together; `first` is the number of the first one, `ready` infinite: not yet.

    `since`: when the first order of each came, where trips are recorded.
    """

    loads: AnyCargo
    waves: dict[int, Wave]
    first: int
    num_left: int
    ready: FloatArray
    since: FloatArray

    @property
    def channel(self) -> str:
        """Name of the channel they are of."""
        return next(iter(self.waves.values())).channel.name


class _Arrivals:
    """Counts the orders of a wave into its planned loads."""

    def __init__(self, batch: Batch[Any], wave: Wave) -> None:
        self.batch = batch
        self.remaining = np.diff(batch.loads.ptr)
        ((_, _, orders),) = by_wave(batch.loads.orders, {wave.number: wave})
        self.load_of = np.empty(len(wave), dtype=np.int64)
        self.load_of[orders] = np.repeat(np.arange(len(self.remaining)), self.remaining)
        self.latest = np.zeros(len(self.remaining))

    def add(self, orders: IntArray, times: FloatArray) -> IntArray:
        """Note that orders have come; return the loads that are ready now."""
        loads: IntArray = complete(self.load_of, orders, times, self.remaining, self.latest)
        self.batch.ready[loads] = self.latest[loads]
        return loads


class FleetStep(StepModel, Generic[AnyCargo]):
    """Loads are made up, stand in a queue at each place, and are given to vehicles.

    Behind `num_columns` of its own, the queue of loads has the number of each load.
    """

    def __init__(
        self,
        makers: Mapping[str, Maker[AnyCargo]],
        vehicles: Vehicles,
        places: Places,
        hours: WaitHours,
        num_queues: int,
        num_columns: int,
    ) -> None:
        super().__init__(maker.leg.name for maker in makers.values())
        self.makers, self.vehicles, self.places, self.horizon = makers, vehicles, places, hours.horizon
        self.meter = WaitMeter(hours)
        duty, leg = vehicles.duty, next(iter(makers.values())).leg
        self.queue = UnitQueues(num_queues, num_columns=num_columns + 1, in_sequence=leg.is_sequence)
        self.duty_at = duty.interval_ptr[:-1].copy()
        self.free_at = np.zeros(duty.num_servers)
        if leg.fetch:
            # With as many docks as vehicles nobody ever waits.
            self.dock_ptr = duty.server_ptr
        else:
            self.dock_ptr = np.concatenate([[0], np.cumsum(places.docks[vehicles.fleets[0].at])]).astype(np.int64)
        self.dock_free_at = np.zeros(self.dock_ptr[-1])
        self.num_loads = 0
        self.batches: list[Batch[AnyCargo]] = []
        self.planned: dict[int, _Arrivals] = {}
        self.standing: dict[str, list[Completion]] = {name: [] for name in makers}

    def expect(self, wave: Wave) -> None:
        """Make up the loads of the dispatch list."""
        maker = self.makers[wave.channel.name]
        if maker.leg.leave.kind != "planned" or not len(wave.consignments_at(maker.leg.name)):
            return
        loads = maker.planned(wave)
        batch = self._batch(loads, {wave.number: wave}, np.full(len(loads), np.inf))
        self.planned[wave.number] = _Arrivals(batch, wave)
        if self.queue.in_sequence:
            self._enqueue(batch, np.arange(len(loads)))

    def receive(self, completion: Completion) -> None:
        """Note what stands ready at the dock."""
        wave, orders, times = completion
        if not len(orders):
            return
        leg = self.makers[wave.channel.name].leg
        self.meter.come(wave.base, leg.name, int(np.count_nonzero(times < self.horizon)))
        self.queue_changes(leg.name, leg.origin, wave, orders, times, 1)
        if leg.leave.kind != "planned":
            self.standing[wave.channel.name].append(completion)
            return
        arrivals = self.planned[wave.number]
        ready = arrivals.add(orders, times)
        loads = arrivals.batch.loads
        if self.trips:
            np.minimum.at(arrivals.batch.since, arrivals.load_of[orders], times)
        self.meter.wait_from(wave, leg.name, orders, times)
        self.meter.wait_no_more(wave, leg.name, ready, arrivals.latest[ready], loads.ptr, loads.orders)
        if not self.queue.in_sequence:
            self._enqueue(arrivals.batch, ready)
        if not arrivals.remaining.any():
            del self.planned[wave.number]

    def _batch(self, loads: AnyCargo, waves: dict[int, Wave], ready: FloatArray) -> Batch[AnyCargo]:
        batch = Batch(loads, waves, self.num_loads, len(loads), ready, np.full(len(loads), np.inf))
        self.num_loads += len(loads)
        self.batches.append(batch)
        return batch

    @abstractmethod
    def _enqueue(self, batch: Batch[AnyCargo], which: IntArray) -> None:
        """Let loads of a batch join the queue."""

    def _fill_up(self, name: str, until: float) -> None:
        """Make loads of finished orders for one place, in the order they were finished."""
        standing, self.standing[name] = self.standing[name], []
        if not standing:
            return
        maker = self.makers[name]
        leave = maker.leg.leave
        waves = {wave.number: wave for wave, _, _ in standing}
        key = np.concatenate([keys(wave, orders) for wave, orders, _ in standing])
        times = np.concatenate([times for _, _, times in standing])
        order = first_come(times, key)
        if order is not None:
            key, times = key[order], times[order]
        stand = np.empty(len(key), dtype=np.int64)
        for in_wave, wave, orders in by_wave(key, waves):
            stand[in_wave] = maker.stands(wave, orders)
        order, ptr = by_group(stand, int(stand.max()) + 1)
        key, times = key[order], times[order]
        departures = maker.departures(float(times.min()), until)
        first, end, moment = fill_loads(ptr, times, maker.lot, departures, leave.kind == "time", until)
        sizes = end - first
        if sizes.sum() < len(key):
            taken = ranges(first, sizes)
            is_left = np.ones(len(key), dtype=bool)
            is_left[taken] = False
            for in_wave, wave, orders in by_wave(key[is_left], waves):
                self.standing[name].append(Completion(wave, orders, times[is_left][in_wave]))
            key, times = key[taken], times[taken]
        if len(sizes):
            self._note_standing(name, waves, key, times, np.repeat(moment, sizes))
            stood, stood_since = key, times
            key, load_ptr, part_of = maker.split(waves, key, np.concatenate([[0], np.cumsum(sizes)]))
            loads = maker.loads(waves, key, load_ptr, np.ones_like(part_of))
            batch = self._batch(loads, waves, moment[part_of])
            if self.trips:
                order = np.argsort(stood)
                came = stood_since[order][np.searchsorted(stood[order], key)]
                batch.since[:] = np.minimum.reduceat(came, load_ptr[:-1])
            self._enqueue(batch, np.arange(len(part_of)))

    def _steps_of(self, number: IntArray) -> IntArray:
        """Which of the legs that share the fleets each load belongs to."""
        steps = np.empty(len(number), dtype=np.int64)
        for batch in self.batches:
            in_batch, _ = of_batch(batch, number)
            steps[in_batch] = self.names.index(self.makers[batch.channel].leg.name)
        return steps

    def _note_standing(
        self, name: str, waves: Mapping[int, Wave], key: IntArray, begin: FloatArray, end: FloatArray
    ) -> None:
        """Note from when to when orders stood ready before their load left, or was full."""
        leg = self.makers[name].leg
        for in_wave, wave, orders in by_wave(key, waves):
            is_ordered = leg.leave.kind == "time"
            self.meter.wait_from(wave, leg.name, orders, begin[in_wave], is_ordered=is_ordered)
            self.meter.wait_no_more(wave, leg.name, orders, end[in_wave], is_ordered=is_ordered)

    def _note_waits(self, batch: Batch[AnyCargo], which: IntArray, start: FloatArray, docked: FloatArray) -> None:
        """Note how long loads of a batch waited for a vehicle, and the vehicle for a dock."""
        loads, ready = batch.loads, batch.ready[which]
        name = self.makers[batch.channel].leg.name
        if self.spent or self.levels:
            self._note_gone(batch, which, start, docked)
        hours = self.meter.hours
        handling = hours.handling[self.vehicles.fleets[0].at]
        causes: tuple[tuple[Cause, FloatArray, FloatArray, PlaceHours], ...] = (
            ("vehicle", ready, start, hours.duty),
            ("dock", start, docked, handling),
        )
        spells = [spell for spell in causes if (spell[2] > spell[1]).any()]
        if not spells:
            return
        if len(batch.waves) == 1:
            (wave,) = batch.waves.values()
            for cause, begin, end, at in spells:
                self.meter.add(wave, name, cause, which, begin, end, at, loads.base[which], loads.ptr, loads.orders)
            return
        sizes = loads.ptr[which + 1] - loads.ptr[which]
        base = np.repeat(loads.base[which], sizes)
        for in_wave, wave, orders in by_wave(loads.orders[ranges(loads.ptr[which], sizes)], batch.waves):
            for cause, begin, end, at in spells:
                since, until = np.repeat(begin, sizes)[in_wave], np.repeat(end, sizes)[in_wave]
                self.meter.add(wave, name, cause, orders, since, until, at, base[in_wave])

    def _note_gone(self, batch: Batch[AnyCargo], which: IntArray, start: FloatArray, docked: FloatArray) -> None:
        """Tell the recorder that orders have been given to a vehicle, and are on board from the dock on."""
        loads, leg = batch.loads, self.makers[batch.channel].leg
        sizes = loads.ptr[which + 1] - loads.ptr[which]
        since, on_board = np.repeat(start, sizes), np.repeat(docked, sizes)
        for in_wave, wave, orders in by_wave(loads.orders[ranges(loads.ptr[which], sizes)], batch.waves):
            self.queue_changes(leg.name, leg.origin, wave, orders, since[in_wave], -1)
            self.begin(leg.name, "travel", wave, orders, on_board[in_wave])

    def _note_trips(self, batch: Batch[AnyCargo], which: IntArray, log: TripLog) -> None:
        """Tell the recorder of trips."""
        leg = self.makers[batch.channel].leg
        if self.trips:
            base = next(iter(batch.waves.values())).base
            self.trips.add(trip_notes(leg, base, self.vehicles, "", batch.loads, which, batch.waves, log))
        if self.levels:
            note_vehicles(self.levels, leg, batch.loads, which, log)

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        for name, standing in self.standing.items():
            leg = self.makers[name].leg
            for wave, orders, times in standing:
                self.meter.wait_from(wave, leg.name, orders, times, is_ordered=leg.leave.kind == "time")
        for batch in self.batches if len(self.queue) else ():
            _, which = of_batch(batch, self.queue.work[-1])
            which = which[np.isfinite(batch.ready[which])]
            never = np.full(len(which), np.inf)
            self._note_waits(batch, which, never, never)
        return self.meter

    def _arrange(self, until: float) -> None:
        """Put everything in a queue that can leave before `until`."""
        for name in self.standing:
            self._fill_up(name, until)
        queue = self.queue
        queue.arrange()
        if len(queue) and queue.in_sequence:
            queue.ready = np.empty(len(queue))
            for batch in self.batches:
                in_batch, which = of_batch(batch, queue.work[-1])
                queue.ready[in_batch] = batch.ready[which]

    def _gone(self, batch: Batch[AnyCargo], num: int) -> None:
        """Forget a batch once all its loads are under way."""
        batch.num_left -= num
        if batch.num_left == 0:
            self.batches.remove(batch)


class LegStep(FleetStep[Loads]):
    """Vehicles of one fleet take loads in run-sheet order, or in order of readiness.

    A vehicle is in use from the moment it is given a load until it is back at its base; a driver
    who is under way at the end of the shift finishes the trip. Loading takes a dock, which vehicles
    that fetch find free whenever they come.
    """

    def __init__(
        self,
        legs: dict[str, Leg],
        vehicles: Vehicles,
        places: Places,
        hours: WaitHours,
        streams: Streams,
    ) -> None:
        carriers = {name: Carrier(leg, vehicles.fleets[0], streams) for name, leg in legs.items()}
        num_places = len(vehicles.duty.server_ptr) - 1
        # Minutes of the four parts of a trip.
        super().__init__(carriers, vehicles, places, hours, num_places, num_columns=4)
        self.busy, self.overtime, self.km = np.zeros(num_places), np.zeros(num_places), 0.0
        self.dock_wait, self.num_trips = np.zeros(num_places), 0

    def _enqueue(self, batch: Batch[Loads], which: IntArray) -> None:
        loads = batch.loads
        self.queue.add(
            loads.key[which],
            loads.base[which],
            batch.ready[which],
            *(minutes[which] for minutes in (loads.load, loads.drive, loads.unload, loads.back)),
            batch.first + which,
        )

    def advance(self, until: float) -> list[Completion]:
        """Send off everything that can leave before `until`."""
        self._arrange(until)
        queue, duty = self.queue, self.vehicles.duty
        if not len(queue):
            return []
        start, docked, done = np.full((3, len(queue)), np.nan)
        spent = np.full((len(queue), 3), np.inf)
        shared = (self._steps_of(queue.work[-1]), self.busy_by_step) if len(self.names) > 1 else ()
        log = self._open_log() if self.trips else None
        haul(
            Window(until, self.horizon),
            LoadQueues(1, queue.in_sequence, queue.head, queue.end, queue.ready, queue.key),
            TripMinutes(*queue.work[:4]),
            duty.intervals,
            Servers(self.duty_at, self.free_at),
            Docks(self.dock_ptr, self.dock_free_at, self.dock_wait),
            Hauled(start, docked, done, spent),
            Worked(self.busy, self.overtime),
            *(shared if log is None else (*(shared or (None, None)), log)),
        )
        is_left = np.isnan(start)
        number = queue.work[4][~is_left]
        gone = Hauled(start[~is_left], docked[~is_left], done[~is_left], spent[~is_left])
        if log:
            self._note_hauled(number, gone, HaulLog(*(column[~is_left] for column in log)))
        queue.keep(is_left)
        return [completion for batch in list(self.batches) for completion in self._depart(batch, number, gone)]

    def _open_log(self) -> HaulLog:
        """For the loads that stand in the queue now."""
        number, num = self.queue.work[-1], len(self.queue)
        road_before = np.zeros(num)
        for batch in self.batches:
            if self.makers[batch.channel].leg.fetch:
                in_batch, which = of_batch(batch, number)
                road_before[in_batch] = batch.loads.road_empty[which]
        return HaulLog(road_before, np.full(num, -1, dtype=np.int64), np.full(num, np.nan), np.full((num, 4), np.nan))

    def _note_hauled(self, number: IntArray, gone: Hauled, log: HaulLog) -> None:
        """Tell the recorder of the trips that have begun."""
        for batch in self.batches:
            in_batch, which = of_batch(batch, number)
            if not len(which):
                continue
            leg = self.makers[batch.channel].leg
            start, docked, ends = gone.start[in_batch], gone.docked[in_batch], log.part_end[in_batch]
            none = np.zeros(len(which))
            found = TripLog(
                taken_by=log.taken_by[in_batch],
                since=batch.since[which],
                ready=batch.ready[which],
                start=start,
                docked=docked,
                # Who stands at a dock broken down has begun.
                load_begin=log.load_begin[in_batch] if leg.fetch else docked,
                depart=ends[:, 0],
                back=ends[:, 3],
                arrive=ends[:, 1],
                unload_begin=ends[:, 1],
                unload_end=ends[:, 2],
                dock_wait=waited(start, docked, self.trips.end_min if self.trips else np.inf),
                room_wait=none,
                road_wait=none,
                place_wait=none,
                persons=("",) * len(which),
            )
            self._note_trips(batch, which, found)

    def _depart(self, batch: Batch[Loads], number: IntArray, gone: Hauled) -> list[Completion]:
        """Orders of a batch that are under way now, in the order in which they are unloaded."""
        in_batch, which = of_batch(batch, number)
        self._note_waits(batch, which, gone.start[in_batch], gone.docked[in_batch])
        loads, times = batch.loads, gone.done[in_batch]
        is_counted = gone.start[in_batch] < self.horizon
        counted, spent = which[is_counted], gone.spent[in_batch][is_counted]
        is_fetched = self.makers[next(iter(self.makers))].leg.fetch
        out = driven_share(spent[:, 1], loads.road_out[counted])
        empty = driven_share(spent[:, 0 if is_fetched else 2], loads.road_empty[counted])
        km, km_back = loads.km[counted], loads.km_back[counted]
        # As long there as back: one product, as it always was to the last bit.
        driven = km * (out + empty) if (km == km_back).all() else km * out + km_back * empty
        self.km += float(driven.sum())
        self.num_trips += len(counted)
        self._gone(batch, len(which))
        order = np.argsort(times, kind="stable")
        which, times = which[order], times[order]
        sizes = loads.ptr[which + 1] - loads.ptr[which]
        orders, times = loads.orders[ranges(loads.ptr[which], sizes)], np.repeat(times, sizes)
        # What comes together is taken in run-sheet order; whoever receives it need not sort it.
        sort_within(orders, sizes)
        return [Completion(wave, numbers, times[in_wave]) for in_wave, wave, numbers in by_wave(orders, batch.waves)]

    def load(self) -> Load:
        """Work of the vehicles up to the horizon, those still under way included."""
        fleet = self.vehicles.fleets[0]
        busy = float(self.busy.sum())
        return Load(
            busy_min=busy,
            busy_by_step=tuple(self.busy_by_step.tolist()) if len(self.names) > 1 else (busy,),
            overtime_min=float(self.overtime.sum()),
            scheduled_min=self.vehicles.duty.scheduled_min(self.horizon),
            apart_min=self.vehicles.duty.apart_min,
            vehicle_km=self.km,
            people_per_server=fleet.people_per_vehicle,
            people="worker" if fleet.people_per_vehicle else "equipment",
            fleet=self.vehicles.names[0],
            trips=self.num_trips,
            dock_wait_min=float(self.dock_wait.sum()),
        )


def driven_share(spent: FloatArray, road: FloatArray) -> FloatArray:
    """Share of a way driven after so many minutes of it, of the `road` minutes that it takes."""
    return np.where(spent >= road, 1.0, spent / np.where(road > 0, road, 1.0))


def of_batch(batch: Batch[AnyCargo], number: IntArray) -> tuple[NDArray[np.bool_], IntArray]:
    """Which of the loads belong to a batch, and their places in it."""
    in_batch = (number >= batch.first) & (number < batch.first + len(batch.loads))
    return in_batch, number[in_batch] - batch.first
