"""Legs: vehicles that load, drive, unload and come back, computed window by window with `haul`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.model.arrays import by_group, complete, fill_loads, first_come, ranges, sort_within
from simsupply.model.calendars import Duty
from simsupply.model.kernels import haul
from simsupply.model.line import Line, by_wave, keys
from simsupply.model.loads import Carrier, Loads
from simsupply.model.steps import Load, Passed, StepModel
from simsupply.model.waves import Wave
from simsupply.scenario.places import Places
from simsupply.scenario.spec import Fleet
from simsupply.strategy.steps import Leg
from simsupply.streams import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(eq=False)
class _Batch:
    """Loads made up together; `first` is the number of the first one, `ready` infinite: not yet."""

    loads: Loads
    waves: dict[int, Wave]
    first: int
    num_left: int
    ready: FloatArray


class _Arrivals:
    """Counts the orders of a wave into its planned loads."""

    def __init__(self, batch: _Batch, wave: Wave) -> None:
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


class LegStep(StepModel):
    """Vehicles of one fleet take loads in run-sheet order, or in order of readiness.

    A vehicle is in use from the moment it is given a load until it is back at its base; a driver
    who is under way at the end of the shift finishes the trip. Loading takes a dock, which vehicles
    that fetch find free whenever they come.
    """

    def __init__(
        self,
        legs: dict[str, Leg],
        fleet: Fleet,
        duty: Duty,
        places: Places,
        horizon: float,
        streams: Streams,
    ) -> None:
        super().__init__(leg.name for leg in legs.values())
        self.fleet, self.duty, self.places, self.horizon = fleet, duty, places, horizon
        self.carriers = {name: Carrier(leg, fleet, streams) for name, leg in legs.items()}
        num_places = len(duty.server_ptr) - 1
        # Behind the minutes of the four parts of a trip stands the number of the load.
        self.line = Line(num_places, num_columns=5, in_sequence=next(iter(legs.values())).is_sequence)
        self.duty_at = duty.interval_ptr[:-1].copy()
        self.free_at = np.zeros(duty.num_servers)
        if next(iter(legs.values())).fetch:
            # With as many docks as vehicles nobody ever waits.
            self.dock_ptr = duty.server_ptr
        else:
            self.dock_ptr = np.concatenate([[0], np.cumsum(places.docks[fleet.at])]).astype(np.int64)
        self.dock_free_at = np.zeros(self.dock_ptr[-1])
        self.busy, self.overtime, self.km = np.zeros(num_places), np.zeros(num_places), 0.0
        self.num_loads = 0
        self.batches: list[_Batch] = []
        self.planned: dict[int, _Arrivals] = {}
        self.standing: dict[str, list[Passed]] = {name: [] for name in legs}

    def expect(self, wave: Wave) -> None:
        """Make up the loads of the run sheet."""
        carrier = self.carriers[wave.channel.name]
        if carrier.leg.leave.kind != "planned" or not len(wave):
            return
        loads = carrier.planned(wave)
        batch = self._batch(loads, {wave.number: wave}, np.full(len(loads), np.inf))
        self.planned[wave.number] = _Arrivals(batch, wave)
        if self.line.in_sequence:
            self._line_up(batch, np.arange(len(loads)))

    def receive(self, passed: Passed) -> None:
        """Note what stands ready at the dock."""
        wave, orders, times = passed
        if not len(orders):
            return
        if self.carriers[wave.channel.name].leg.leave.kind != "planned":
            self.standing[wave.channel.name].append(passed)
            return
        arrivals = self.planned[wave.number]
        ready = arrivals.add(orders, times)
        if not self.line.in_sequence:
            self._line_up(arrivals.batch, ready)
        if not arrivals.remaining.any():
            del self.planned[wave.number]

    def _batch(self, loads: Loads, waves: dict[int, Wave], ready: FloatArray) -> _Batch:
        batch = _Batch(loads, waves, self.num_loads, len(loads), ready)
        self.num_loads += len(loads)
        self.batches.append(batch)
        return batch

    def _line_up(self, batch: _Batch, which: IntArray) -> None:
        loads = batch.loads
        self.line.add(
            loads.key[which],
            loads.base[which],
            batch.ready[which],
            *(minutes[which] for minutes in (loads.load, loads.drive, loads.unload, loads.back)),
            batch.first + which,
        )

    def _fill_up(self, name: str, until: float) -> None:
        """Make loads of finished orders for one place, in the order they were finished."""
        standing, self.standing[name] = self.standing[name], []
        if not standing:
            return
        carrier = self.carriers[name]
        leave = carrier.leg.leave
        waves = {wave.number: wave for wave, _, _ in standing}
        key = np.concatenate([keys(wave, orders) for wave, orders, _ in standing])
        times = np.concatenate([times for _, _, times in standing])
        order = first_come(times, key)
        if order is not None:
            key, times = key[order], times[order]
        num_targets = self.places.count(carrier.leg.to)
        if num_targets == 1:
            ptr = np.array([0, len(key)])
        else:
            target = np.empty(len(key), dtype=np.int64)
            for mine, wave, orders in by_wave(key, waves):
                target[mine] = wave.places.serving[carrier.leg.to][wave.drop_point[orders]]
            order, ptr = by_group(target, num_targets)
            key, times = key[order], times[order]
        departures = carrier.departures(float(times.min()), until)
        first, end, moment = fill_loads(ptr, times, leave.orders, departures, leave.kind == "time", until)
        sizes = end - first
        if sizes.sum() < len(key):
            taken = ranges(first, sizes)
            is_left = np.ones(len(key), dtype=bool)
            is_left[taken] = False
            for mine, wave, orders in by_wave(key[is_left], waves):
                self.standing[name].append(Passed(wave, orders, times[is_left][mine]))
            key = key[taken]
        if len(sizes):
            load_ptr = np.concatenate([[0], np.cumsum(sizes)])
            batch = self._batch(carrier.loads(waves, key, load_ptr, np.ones_like(sizes)), waves, moment)
            self._line_up(batch, np.arange(len(sizes)))

    def advance(self, until: float) -> list[Passed]:
        """Send off everything that can leave before `until`."""
        for name in self.standing:
            self._fill_up(name, until)
        line, duty = self.line, self.duty
        line.arrange()
        if not len(line):
            return []
        if line.in_sequence:
            line.ready = np.empty(len(line))
            for batch in self.batches:
                mine, which = _of_batch(batch, line.work[4])
                line.ready[mine] = batch.ready[which]
        start, done = np.full(len(line), np.nan), np.full(len(line), np.nan)
        haul(
            until,
            self.horizon,
            line.head,
            line.end,
            line.ready,
            *line.work[:4],
            duty.server_ptr,
            duty.interval_ptr,
            duty.start,
            duty.end,
            duty.end_rule,
            self.duty_at,
            self.free_at,
            self.dock_ptr,
            self.dock_free_at,
            start,
            done,
            self.busy,
            self.overtime,
        )
        is_left = np.isnan(start)
        number, start, done = line.work[4][~is_left], start[~is_left], done[~is_left]
        line.keep(is_left)
        return [passed for batch in list(self.batches) for passed in self._depart(batch, number, start, done)]

    def _depart(self, batch: _Batch, number: IntArray, start: FloatArray, done: FloatArray) -> list[Passed]:
        """Orders of a batch that are under way now, in the order in which they are unloaded."""
        mine, which = _of_batch(batch, number)
        loads, times = batch.loads, done[mine]
        self.km += 2 * float(loads.km[which[start[mine] < self.horizon]].sum())
        batch.num_left -= len(which)
        if batch.num_left == 0:
            self.batches.remove(batch)
        order = np.argsort(times, kind="stable")
        which, times = which[order], times[order]
        sizes = loads.ptr[which + 1] - loads.ptr[which]
        orders, times = loads.orders[ranges(loads.ptr[which], sizes)], np.repeat(times, sizes)
        # What comes together is taken in run-sheet order; whoever receives it need not sort it.
        sort_within(orders, sizes)
        return [Passed(wave, numbers, times[of]) for of, wave, numbers in by_wave(orders, batch.waves)]

    def load(self) -> Load:
        """Work of the vehicles up to the horizon, those still under way included."""
        return Load(
            busy_min=float(self.busy.sum()),
            overtime_min=float(self.overtime.sum()),
            scheduled_min=self.duty.scheduled_min(self.horizon),
            apart_min=self.duty.apart_min,
            vehicle_km=self.km,
            people_per_server=self.fleet.people_per_vehicle,
        )


def _of_batch(batch: _Batch, number: IntArray) -> tuple[NDArray[np.bool_], IntArray]:
    """Which of the loads belong to a batch, and their places in it."""
    mine = (number >= batch.first) & (number < batch.first + len(batch.loads))
    return mine, number[mine] - batch.first
