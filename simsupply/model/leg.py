"""Legs: vehicles that load at a dock, drive, unload and come back, as SimPy processes."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from simsupply.model.calendars import Duty
from simsupply.model.clock import Clock, ServerPool
from simsupply.model.effort import group_minutes
from simsupply.model.kernels import chunk, complete
from simsupply.model.steps import Load, Passed, StepModel
from simsupply.model.waves import Wave
from simsupply.scenario.spec import Fleet
from simsupply.scenario.world import Places
from simsupply.strategy.spec import Leg
from simsupply.streams import Streams, to_lognormal, to_uniform_between

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(eq=False)
class Trip:
    """One vehicle load and everything about its journey that is settled before it leaves."""

    wave: Wave
    orders: IntArray
    origin: int
    km: float
    load_min: float
    drive_min: float
    unload_min: float
    return_min: float
    ready: float = np.inf


@dataclass(eq=False)
class _Loads:
    """The planned loads of one wave; a load is ready when the last of its orders is."""

    trips: list[Trip]
    load_of: IntArray
    remaining: IntArray
    latest: FloatArray


class LegStep(StepModel):
    """Vehicles of one fleet take loads in run-sheet order, or in order of readiness.

    A vehicle is on the road from the moment it is given a load until it is back at its base; a
    driver who is under way at the end of the shift finishes the trip. Loading takes a dock.
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
        self.legs, self.fleet, self.duty, self.places = legs, fleet, duty, places
        self.horizon, self.streams = horizon, streams
        self.clock = Clock()
        self.booked = Load(
            scheduled_min=duty.scheduled_min(horizon), people_per_server=fleet.people_per_vehicle
        )
        self.under_way: dict[Trip, tuple[float, float]] = {}
        self.arrivals: list[Passed] = []
        self.loads: dict[int, _Loads] = {}
        self.run_sheets: dict[int, deque[Trip]] = defaultdict(deque)
        self.ready_trips: list[Trip] = []
        self.standing: list[Passed] = []
        self.pools, self.docks, self.dispatched = [], [], []
        for place, docks in enumerate(places.docks[fleet.at]):
            self.pools.append(ServerPool(self.clock, duty, place))
            self.docks.append(simpy.Resource(self.clock, capacity=int(docks)))
            self.dispatched.append(simpy.Store(self.clock))
            self.clock.process(self._dispatch(place))

    # --- what is to be carried ------------------------------------------------------------------

    def expect(self, wave: Wave) -> None:
        """Make up the loads of the run sheet: consignments for the same place, up to the payload."""
        leg = self.legs[wave.channel.name]
        if leg.leave.kind != "planned":
            return
        ptr = wave.consignment_ptr
        drop_point = wave.drop_point[ptr[:-1]]
        origin = self.places.serving[leg.origin][drop_point]
        if leg.to == "drop_point":
            first = np.arange(len(drop_point))
        else:
            # Consignments for one station stand together on the run sheet.
            target = self.places.serving[leg.to][drop_point]
            is_new = np.append(True, (target[1:] != target[:-1]) | (origin[1:] != origin[:-1]))
            groups = np.append(np.flatnonzero(is_new), len(target))
            kg, parcels = np.add.reduceat(wave.kg, ptr[:-1]), np.diff(ptr)
            for weights, limit in ((kg, self.fleet.payload_kg), (parcels, self.fleet.payload_parcels)):
                number = chunk(groups, weights.astype(float), float(limit), 2**62)
                is_new[1:] |= number[1:] != number[:-1]
                groups = np.append(np.flatnonzero(is_new), len(target))
            first = groups[:-1]
        bounds = np.append(first, len(drop_point))
        sizes = np.diff(ptr[bounds])
        trips = self._make_trips(
            wave, np.arange(len(wave)), ptr[bounds], np.diff(bounds), origin[first], drop_point[first]
        )
        self.loads[wave.number] = _Loads(
            trips, np.repeat(np.arange(len(trips)), sizes), sizes.copy(), np.zeros(len(trips))
        )
        if leg.discipline == "sequence":
            for trip in trips:
                self.run_sheets[trip.origin].append(trip)

    def _make_trips(
        self,
        wave: Wave,
        orders: IntArray,
        ptr: IntArray,
        consignments: IntArray,
        origin: IntArray,
        drop_point: IntArray,
    ) -> list[Trip]:
        """Settle the journeys of loads that are the slices `ptr` of `orders`."""
        leg = self.legs[wave.channel.name]
        km = self.places.km[leg.origin, leg.to][drop_point]
        first_household = wave.household[orders[ptr[:-1]]]
        columns = (
            origin,
            km,
            group_minutes(leg.load, wave, orders, ptr, consignments),
            self._drive_minutes(leg, "out", km, wave.day, first_household),
            group_minutes(leg.unload, wave, orders, ptr, consignments),
            self._drive_minutes(leg, "back", km, wave.day, first_household),
        )
        return [
            Trip(wave, orders[ptr[number] : ptr[number + 1]], *values)
            for number, values in enumerate(zip(*(column.tolist() for column in columns), strict=True))
        ]

    def _drive_minutes(self, leg: Leg, way: str, km: FloatArray, day: int, entities: IntArray) -> FloatArray:
        """Minutes on the road, keyed by (leg, way, day, first household of the load)."""
        purpose = f"drive/{leg.name}/{way}"
        if leg.drive_min is not None:
            low, high = leg.drive_min
            return to_uniform_between(self.streams.uniform_at(purpose, day, entities), low, high)
        minutes: FloatArray = km / self.fleet.speed_km_h * 60
        if self.fleet.speed_cv:
            sigma = np.sqrt(np.log1p(self.fleet.speed_cv**2))
            minutes = minutes * to_lognormal(self.streams.uniform_at(purpose, day, entities), sigma)
        return minutes

    def receive(self, passed: Passed) -> None:
        """Note what stands ready at the dock."""
        if self.legs[passed.wave.channel.name].leave.kind == "full":
            self.standing.append(passed)
            return
        loads = self.loads[passed.wave.number]
        ready = complete(loads.load_of, passed.orders, passed.times, loads.remaining, loads.latest)
        for number in ready.tolist():
            loads.trips[number].ready = float(loads.latest[number])
            if self.legs[passed.wave.channel.name].discipline == "fifo":
                self.ready_trips.append(loads.trips[number])
        if not loads.remaining.any():
            del self.loads[passed.wave.number]

    def _fill_up(self, until: float) -> None:
        """Make loads of so many finished orders for one place, in the order they were finished."""
        if not self.standing:
            return
        waves = {passed.wave.number: passed.wave for passed in self.standing}
        number = np.concatenate([np.full(len(orders), wave.number) for wave, orders, _ in self.standing])
        orders = np.concatenate([orders for _, orders, _ in self.standing])
        times = np.concatenate([times for _, _, times in self.standing])
        self.standing = []
        for wave_number, wave in waves.items():
            leg = self.legs[wave.channel.name]
            size = leg.leave.orders
            assert size is not None
            of_wave = number == wave_number
            drop_point = wave.drop_point[orders[of_wave]]
            target = self.places.serving[leg.to][drop_point]
            for place in np.unique(target):
                mine, mine_times = orders[of_wave][target == place], times[of_wave][target == place]
                order = np.lexsort((mine, mine_times))
                mine, mine_times = mine[order], mine_times[order]
                num = int(np.searchsorted(mine_times, until)) // size
                full, left = np.split(mine, [num * size])
                if len(left):
                    self.standing.append(Passed(wave, left, mine_times[num * size :]))
                ptr = np.arange(num + 1) * size
                first_drop = wave.drop_point[full[ptr[:-1]]]
                origin = self.places.serving[leg.origin][first_drop]
                trips = self._make_trips(wave, full, ptr, np.ones(num, dtype=np.int64), origin, first_drop)
                for trip, ready in zip(trips, mine_times[size - 1 : num * size : size].tolist(), strict=True):
                    trip.ready = ready
                self.ready_trips += trips

    # --- SimPy ------------------------------------------------------------------------------------

    def advance(self, until: float) -> list[Passed]:
        """Let the vehicles go on to `until`; return what has been unloaded."""
        self._fill_up(until)
        for place, sheet in self.run_sheets.items():
            while sheet and sheet[0].ready < np.inf:
                self.dispatched[place].put(sheet.popleft())
        known = sorted(self.ready_trips, key=lambda trip: trip.ready)
        self.ready_trips = [trip for trip in known if trip.ready >= until]
        for trip in known[: len(known) - len(self.ready_trips)]:
            self.dispatched[trip.origin].put(trip)
        self.clock.run(until=until)
        arrivals, self.arrivals = self.arrivals, []
        return arrivals

    def _dispatch(self, place: int) -> Generator[Any, Any, None]:
        while True:
            trip = yield self.dispatched[place].get()
            if trip.ready > self.clock.now:
                yield self.clock.at(trip.ready)
            server = yield self.pools[place].request()
            self.clock.process(self._drive(trip, place, server))

    def _drive(self, trip: Trip, place: int, server: int) -> Generator[Any, Any, None]:
        clock, pool = self.clock, self.pools[place]
        self.under_way[trip] = (clock.now, pool.duty_end(server))
        with self.docks[place].request() as dock:
            yield dock
            yield clock.timeout(trip.load_min)
        yield clock.timeout(trip.drive_min)
        yield clock.timeout(trip.unload_min)
        self.arrivals.append(Passed(trip.wave, trip.orders, np.full(len(trip.orders), clock.now)))
        yield clock.timeout(trip.return_min)
        self._book(self.booked, trip)
        del self.under_way[trip]
        pool.release(server)

    def _book(self, work: Load, trip: Trip) -> None:
        """Add a trip that has lasted until now, as far as it lies before the horizon."""
        begin, shift_end = self.under_way[trip]
        if begin >= self.horizon:
            return
        end = min(self.clock.now, self.horizon)
        work.busy_min += max(0.0, min(end, shift_end) - begin)
        work.overtime_min += max(0.0, end - max(begin, shift_end))
        work.vehicle_km += 2 * trip.km

    def load(self) -> Load:
        """Work of the vehicles up to the horizon, those still under way included."""
        work = replace(self.booked)
        for trip in self.under_way:
            self._book(work, trip)
        return work
