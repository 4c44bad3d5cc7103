"""Legs of the reference engine: one process per load."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import simpy
from simpy.events import Event

from simsupply.model.flow.end_state import Unfinished, VehicleUnderWay
from simsupply.model.flow.loads import Cargo, Carrier
from simsupply.model.flow.queues import keys, wave_and_place
from simsupply.model.flow.step import Load
from simsupply.model.flow.wait_hours import WaitHours
from simsupply.model.flow.waits import WaitCells
from simsupply.model.flow.waves import Wave
from simsupply.model.flow.work_in_process import WorkInProcess
from simsupply.model.reference.clock import LOADS, Clock, decided_at
from simsupply.model.reference.crew_sheet import CrewSheet
from simsupply.model.reference.floor import Floor
from simsupply.model.reference.lines import VehicleLine
from simsupply.model.reference.pool import NEVER, Job, Pool, Server
from simsupply.model.reference.spells import Spells, parted
from simsupply.model.reference.steps.recorded_trips import RecordedTrips
from simsupply.model.reference.steps.reference_step import Process
from simsupply.model.reference.steps.reference_team import Team
from simsupply.model.reference.timesheet import Timesheet
from simsupply.model.reference.trip_note import TripNote
from simsupply.model.reference.waits import ReferenceWaits, spell_pairs
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.leg import Maker
from simsupply.records.replication import ShockRecord
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.staffing import Fleet
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.waits import Cause
from simsupply.streams.keyed import Streams


class ReferenceLeg(RecordedTrips):
    """Vehicles of one fleet; one process per load."""

    def __init__(
        self,
        clock: Clock,
        legs: dict[str, Leg],
        vehicles: Vehicles,
        scenario: Scenario,
        streams: Streams,
        floors: dict[tuple[PlaceKind, int], Floor],
        hours: WaitHours,
        team: Team | None = None,
        trips_of_crew: WorkInProcess | None = None,
    ) -> None:
        super().__init__(clock, legs, vehicles, scenario, floors, team)
        self.trips_of_crew = trips_of_crew
        if team:
            team.steps.append(self)
            team.under_way.append(self._book_drivers_under_way)
        self.fleet, self.duty = vehicles.fleets[0], vehicles.duty
        self.carriers: dict[str, Maker[Any]] = {name: Carrier(leg, self.fleet, streams) for name, leg in legs.items()}
        self.sheet = Timesheet(scenario.horizon_min)
        self.under_way: dict[Server, float] = {}
        self.leg_of: dict[Server, str] = {}
        self.waits: dict[Server, tuple[str, float]] = {}
        self.pools: list[Pool | VehicleLine] = []
        self.docks: list[simpy.Resource] = []
        self.load_of: dict[tuple[int, int], tuple[Pool | VehicleLine, Job]] = {}
        self.missing: dict[Job, int] = {}
        self.meter = ReferenceWaits(hours)
        self.arrived_at: dict[tuple[int, int], float] = {}
        self.ready_at: dict[Job, float] = {}
        # Loads that are held up with their vehicle: how to book it, once it is known until when.
        self.held_up: dict[Job, Callable[[float], None]] = {}
        self.just_come: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.standing: dict[tuple[str, int], list[int]] = defaultdict(list)
        # What would leave now if there were a vehicle, where vehicles leave with what is there.
        self.offered: dict[tuple[str, int], Job] = {}

    def open(self) -> None:
        """Set up vehicles and docks."""
        for place, docks in enumerate(self.scenario.places.docks[self.fleet.at].tolist()):
            self.pools.append(self._pool(place))
            self.docks.append(simpy.Resource(self.clock, capacity=docks))
        self._open_departures()

    def _pool(self, place: int) -> Pool | VehicleLine:
        """The vehicles of a place, with drivers of their own or of a crew."""
        if self.team is None:
            return Pool(self.clock, self.rank, self.duty, place, self._begin)
        seats = [fleet.people_per_vehicle for fleet in self.vehicles.fleets]
        fleet_of: list[int] = self.vehicles.fleet_of.tolist()
        people, rank = self.team.places[place], self.team.rank_in(self)
        return VehicleLine(people, self.rank, rank, self._begin, self.duty, place, fleet_of, seats)

    @property
    def _loads_made(self) -> float:
        """When in an instant loads are made up: just before it is decided which vehicle takes one, and who drives."""
        return decided_at((self.team or self).rank + LOADS)

    def _open_departures(self) -> None:
        for name, carrier in self.carriers.items():
            for time in carrier.departures(0.0, self.scenario.end_min).tolist():
                self.clock.call(partial(self._depart, name), time, self._loads_made)

    def expect(self, wave: Wave) -> None:
        """Make up the loads of the dispatch list."""
        self.waves[wave.number] = wave
        carrier = self.carriers[wave.channel.name]
        if carrier.leg.leave.kind != "planned" or not len(wave.consignments_at(carrier.leg.name)):
            return
        loads = carrier.planned(wave)
        for load in range(len(loads)):
            job, pool = self._job(carrier, loads, load)
            for key in loads.orders[loads.ptr[load] : loads.ptr[load + 1]].tolist():
                self.load_of[wave_and_place(key)] = pool, job
            self.missing[job] = int(loads.ptr[load + 1] - loads.ptr[load])
            if carrier.leg.is_sequence:
                pool.put(job)

    def _job(self, carrier: Maker[Any], loads: Cargo, load: int) -> tuple[Job, Pool | VehicleLine]:
        return Job((int(loads.key[load]),), (carrier, loads, load)), self.pools[int(loads.base[load])]

    def arrive(self, wave: Wave, order: int) -> None:
        """Note what stands ready at the dock."""
        carrier = self.carriers[wave.channel.name]
        self.meter.arrive(wave, carrier.leg.name, self.clock.now)
        self.queue_changes(carrier.leg.name, carrier.leg.origin, wave, order, self.clock.now, 1)
        self.arrived_at[wave.number, order] = self.clock.now
        if carrier.leg.leave.kind != "planned":
            target = int(carrier.stands(wave, np.array([order]))[0])
            # What comes in the same instant stands in the order of the dispatch list.
            if not self.just_come:
                self.clock.call(self._fill_up, self.clock.now, self._loads_made)
            self.just_come[wave.channel.name, target].append(int(keys(wave, np.array([order]))[0]))
            return
        pool, job = self.load_of.pop((wave.number, order))
        self.missing[job] -= 1
        if self.missing[job] == 0:
            del self.missing[job]
            self._complete(job)
            if carrier.leg.is_sequence:
                pool.wake()
            else:
                job.key = (self.clock.now, *job.key)
                pool.put(job)

    def _fill_up(self) -> None:
        """Make a load whenever so many finished orders for one place stand ready."""
        for (name, target), orders in self.just_come.items():
            leave, standing = self.carriers[name].leg.leave, self.standing[name, target]
            standing += sorted(orders)
            while leave.kind == "full" and len(standing) >= (leave.orders or 0):
                self._send(name, target)
            if leave.kind == "ready":
                self._offer(name, target)
        self.just_come.clear()

    def _offer(self, name: str, target: int) -> None:
        """Let the first orders that stand ready for one place leave as soon as there is a vehicle."""
        carrier, standing, before = (
            self.carriers[name],
            self.standing[name, target],
            self.offered.pop((name, target), None),
        )
        if before:
            self._pool_of(before).take_out(before)
            del self.ready_at[before]
        if not standing:
            return
        load = np.array(standing[: carrier.leg.leave.orders])
        orders, ptr, _ = carrier.split(self.waves, load, np.array([0, len(load)]))
        loads = carrier.loads(self.waves, orders[: ptr[1]], ptr[:2], np.ones(1, dtype=np.int64))
        job, pool = self._job(carrier, loads, 0)
        number, order = wave_and_place(standing[0])
        since = self.arrived_at[number, order]
        job.key, job.is_ready = (since, *job.key), True
        self.ready_at[job] = job.ready_at = since
        self.offered[name, target] = job
        pool.put(job)

    def _take_what_is_there(self, job: Job) -> None:
        """A vehicle leaves with it; offer what still stands."""
        name, target = next(key for key, offered in self.offered.items() if offered is job)
        _, loads, load = job.content
        gone = set(loads.orders[loads.ptr[load] : loads.ptr[load + 1]].tolist())
        self.standing[name, target] = [order for order in self.standing[name, target] if order not in gone]
        del self.offered[name, target]
        self._offer(name, target)

    def _pool_of(self, job: Job) -> Pool | VehicleLine:
        """The vehicles of which one will take a load."""
        _, loads, load = job.content
        return self.pools[int(loads.base[load])]

    def _depart(self, name: str) -> None:
        """Send off what stands ready, full load or not."""
        self._fill_up()
        for of_channel, target in list(self.standing):
            while of_channel == name and self.standing[name, target]:
                self._send(name, target)

    def _send(self, name: str, target: int) -> None:
        """Make loads of the first orders that stand ready for one place."""
        carrier, standing = self.carriers[name], self.standing[name, target]
        lot = np.array(standing[: carrier.lot])
        del standing[: carrier.lot]
        orders, ptr, part_of = carrier.split(self.waves, lot, np.array([0, len(lot)]))
        loads = carrier.loads(self.waves, orders, ptr, np.ones_like(part_of))
        for number in range(len(part_of)):
            job, pool = self._job(carrier, loads, number)
            job.key = self.clock.now, *job.key
            self._complete(job)
            pool.put(job)

    def _complete(self, job: Job) -> None:
        """A load may leave now."""
        job.is_ready = True
        self.ready_at[job] = job.ready_at = self.clock.now
        self.since[job] = self._first_came(job)
        for wave, order in self._on_board(job):
            self._wait_for_departure(wave, order, self.clock.now)

    def _first_came(self, job: Job) -> float:
        """When the first order of a load came that waits still."""
        return min(self.arrived_at[wave.number, order] for wave, order in self._on_board(job))

    def _wait_for_departure(self, wave: Wave, order: int, until: float) -> None:
        """Book what an order waited for the others of its load, or for the time at which it leaves."""
        leg, since = self.carriers[wave.channel.name].leg, self.arrived_at.pop((wave.number, order))
        ordered = ((since, until),) if leg.leave.kind == "time" else ()
        self.meter.add(wave, order, leg.name, "departure", since, until, ordered)

    def _wait_at_base(self, job: Job, cause: Cause, since: float, until: float) -> None:
        """Book what the orders of a load waited for a vehicle, or their vehicle for a dock."""
        maker, loads, load = job.content
        base, at = int(loads.base[load]), self.fleet.at
        for wave, order in self._on_board(job):
            self.meter.at_place(wave, order, maker.leg.name, cause, at, base, since, until)

    def _wait_to_leave(self, job: Job, since: float, until: float) -> None:
        """Book what the orders of a load waited for a vehicle, or for people while one stood there."""
        carrier, _, _ = job.content
        pool, is_ready = self._pool_of(job), carrier.leg.leave.kind == "ready"
        without = pool.without_people(job, since, until) if isinstance(pool, VehicleLine) and since < until else []
        for wave, order in self._on_board(job):
            # Where vehicles leave with what is there, every order has waited for one since it came.
            came = self.arrived_at.pop((wave.number, order)) if is_ready else since
            self._wait_for_vehicle(job, wave, order, came, until, without)

    def _wait_for_vehicle(
        self, job: Job, wave: Wave, order: int, since: float, until: float, without_people: Spells
    ) -> None:
        carrier, loads, load = job.content
        name, at, base = carrier.leg.name, self.fleet.at, int(loads.base[load])
        for begin, end, few in parted(since, until, without_people):
            if few:
                ordered = spell_pairs(self.meter.hours.drivers.off[base])
                self.meter.add(wave, order, name, "people", begin, end, ordered)
            else:
                self.meter.at_place(wave, order, name, "vehicle", at, base, begin, end)

    def _hold(self, job: Job, book: Callable[[float, float], None]) -> None:
        """A load is held up from now on, until `_go_on`; `book` is told from when to when."""
        self.held_up[job] = partial(book, self.clock.now)

    def _go_on(self, job: Job) -> None:
        self.held_up.pop(job)(self.clock.now)

    def _wait_for_floor(self, job: Job, since: float, until: float) -> None:
        maker, _, _ = job.content
        for wave, order in self._on_board(job):
            self.meter.add_on_board(wave, order, maker.leg.name, "room", since, until)

    def under_way_now(self) -> list[VehicleUnderWay]:
        """Vehicles on trips, and what each waits for at a stop."""
        found = []
        for server in self.under_way:
            note = self.notes[server]
            orders = note.loads.orders[note.loads.ptr[note.load] : note.loads.ptr[note.load + 1]].tolist()
            fleet = self.vehicles.names[int(self.vehicles.fleet_of[server.number])]
            base, people = int(note.loads.base[note.load]), len(self.party[server]) - 1
            vehicle = VehicleUnderWay(note.leg, fleet, base, list(map(wave_and_place, orders)), people)
            what, since = self.waits.get(server, ("", 0.0))
            if what and note.arrive:
                vehicle.waits_for, vehicle.since = "room" if what == "floor" else "dock", since
                vehicle.stop = note.stops[len(note.arrive) - 1]
            found.append(vehicle)
        return found

    def unfinished(self) -> list[Unfinished]:
        """Loads of which some orders have not come, and what stands until there is enough for one."""
        found = [
            Unfinished(job.content[0].leg.name, [(wave.number, order) for wave, order in self._on_board(job)])
            for job in self.missing
        ]
        for (name, _), standing in self.standing.items():
            leg = self.carriers[name].leg
            if standing and leg.leave.kind == "full" and not leg.leave.at:
                found.append(Unfinished(leg.name, list(map(wave_and_place, standing)), is_open=True))
        return found

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        for job, ready in self.ready_at.items():
            self._wait_to_leave(job, ready, NEVER)
        for place, job in self.offered.items():
            for number, order in map(wave_and_place, self.standing[place]):
                since = self.arrived_at.pop((number, order), None)
                if since is not None:
                    line = self._pool_of(job)
                    few = line.without_people(job, since, NEVER) if isinstance(line, VehicleLine) else []
                    self._wait_for_vehicle(job, self.waves[number], order, since, NEVER, few)
        for number, order in list(self.arrived_at):
            self._wait_for_departure(self.waves[number], order, NEVER)
        for book in self.held_up.values():
            book(NEVER)
        return self.meter

    def _begin(self, job: Job, server: Server) -> None:
        carrier, _, _ = job.content
        ready = might_leave = self.ready_at.pop(job)
        if carrier.leg.leave.kind == "ready":
            might_leave = self.since[job] = self._first_came(job)
        self._wait_to_leave(job, ready, self.clock.now)
        self.party[server] = self._pool_of(job).party(server)
        self._open_note(job, server, might_leave)
        if carrier.leg.leave.kind == "ready":
            self._take_what_is_there(job)
        self.clock.process(self._trip(job, server))

    def _trip(self, job: Job, server: Server) -> Process:
        carrier, loads, load = job.content
        leg, origin, target = carrier.leg, int(loads.origin[load]), int(loads.target[load])
        on_board = [wave_and_place(key) for key in loads.orders[loads.ptr[load] : loads.ptr[load + 1]].tolist()]
        self.under_way[server], self.leg_of[server] = self.clock.now, leg.name
        if self.clock.now < self.scenario.horizon_min:
            self.sheet.trips += 1
            # A way that takes no time is driven when its trip begins.
            for km, road in ((loads.km, loads.road_out), (loads.km_back, loads.road_empty)):
                self.sheet.drive(float(km[load]) if road[load] == 0 else 0.0)
        out = float(loads.km[load]), float(loads.road_out[load])
        empty = float(loads.km_back[load]), float(loads.road_empty[load])
        note = self.notes[server]
        if leg.fetch:
            yield from self._spend(server, float(loads.load[load]), *empty, note)
        else:
            with self.docks[origin].request() as dock:
                self._hold(job, partial(self._wait_at_base, job, "dock"))
                yield from self._wait(self.sheet, server, "dock", dock)
                self._go_on(job)
                self._note_docked(job, server)
                yield from self._spend(server, float(loads.load[load]))
        self._note_loaded(server)
        if (leg.origin, origin) in self.floors:
            self.floors[leg.origin, origin].leave(len(on_board))
        yield from self._spend(server, float(loads.drive[load]), *out)
        note.arrive.append(self.clock.now)
        if (leg.to, target) in self.floors:
            room = self.floors[leg.to, target].enter(len(on_board), int(loads.key[load]))
            self._hold(job, partial(self._wait_for_floor, job))
            note.room_waits.append([self.clock.now, NEVER])
            yield from self._wait(self.sheet, server, "floor", room)
            note.room_waits[-1][1] = self.clock.now
            self._go_on(job)
        note.unload_begin.append(self.clock.now)
        yield from self._spend(server, float(loads.unload[load]))
        note.unload_end.append(self.clock.now)
        for wave, order in on_board:
            self.finish(self.waves[wave], order)
        yield from self._spend(server, float(loads.back[load]), *(() if leg.fetch else empty))
        self._book(self.sheet, server)
        self._close_note(server)
        self._come_back(server)
        self._pool_of(job).bring_back(server)

    def _wait(self, sheet: Timesheet, server: Server, what: str, event: Event) -> Generator[Event, Any, Any]:
        """Wait for a dock or for room, and book the time."""
        since = self.clock.now
        self.waits[server] = what, since
        granted = yield event
        del self.waits[server]
        sheet.book_wait(what, since, self.clock.now)
        return granted

    def _spend(
        self, server: Server, left: float, km: float = 0.0, road: float = 0.0, note: TripNote | None = None
    ) -> Process:
        """Spend minutes on the road or at a dock, the first `road` of them driving `km`.

        A breakdown prolongs them by the time down. `note`: where to write when the driving was over, and loading began.
        """
        driven, road_left = 0.0, road
        while True:
            now, first = self.clock.now, self._first_struck(server)
            if note and note.load_begin == NEVER:
                if now + road_left <= first.struck_at:
                    note.load_begin = now + road_left
                else:
                    road_left -= max(0.0, first.struck_at - now)
            if driven < road:
                further = min(left, max(0.0, first.struck_at - now), road - driven)
                self.sheet.book_km(km, now, further, road)
                driven += further
            if now + left <= first.struck_at:
                yield self.clock.at(now + left)
                return
            left -= max(0.0, first.struck_at - now)
            yield from self._until_back(first)

    def _first_struck(self, vehicle: Server) -> Server:
        """Who of those on a trip breaks down, or is struck, first: the vehicle or somebody in it."""
        return min(self.party[vehicle], key=lambda server: server.struck_at)

    def _until_back(self, server: Server) -> Process:
        """Let somebody who is down be back on duty."""
        if server.resume(server.struck_at) is None:
            # Nobody will repair it before the run is over.
            server.current -= 1
            yield self.clock.event()
        yield self.clock.at(server.intervals[server.current].start)

    def _book(self, sheet: Timesheet, vehicle: Server) -> None:
        """Book a trip that has lasted until now, without the time the vehicle was down."""
        self._book_one(sheet, vehicle, vehicle)

    def _book_drivers(self, sheet: CrewSheet, vehicle: Server) -> None:
        """Book the trip for the people of a crew who are in the vehicle."""
        for person in self.party[vehicle][1:]:
            self._book_one(sheet, person, vehicle)

    def _book_drivers_under_way(self, sheet: CrewSheet) -> None:
        for vehicle in self.under_way:
            self._book_drivers(sheet, vehicle)

    def _count_for_crew(self, vehicle: Server, back_at: float) -> None:
        """Count a trip among those that shocks of the crew in the seats could strike."""
        if self.trips_of_crew:
            begin, back = np.array([self.under_way[vehicle]]), np.array([back_at])
            self.trips_of_crew.count(self.leg_of[vehicle], np.zeros(1, dtype=np.int64), begin, back)

    def struck(self) -> list[ShockRecord]:
        """Trips that shocks of the crew in the seats struck, those still under way included; asked for once."""
        if not self.trips_of_crew:
            return []
        for vehicle in self.under_way:
            self._count_for_crew(vehicle, NEVER)
        return self.trips_of_crew.records()

    def _come_back(self, vehicle: Server) -> None:
        """Let a trip be over."""
        if self.team:
            self._book_drivers(self.team.sheet, vehicle)
        self._count_for_crew(vehicle, self.clock.now)
        del self.under_way[vehicle], self.party[vehicle]

    def _book_one(self, sheet: Timesheet | CrewSheet, server: Server, vehicle: Server) -> None:
        """Book a trip of a vehicle for itself or for somebody in it, without the time that one was down."""
        begin = self.under_way[vehicle]
        for interval in server.intervals:
            if interval.start >= self.clock.now:
                return
            if interval.end > begin:
                until = min(self.clock.now, interval.struck_at)
                sheet.book(server, self.leg_of[vehicle], max(begin, interval.start), until)
                # What lies before that has been booked, overtime or not.
                begin = interval.struck_at

    def _people(self, fleet: Fleet) -> str:
        """Whose hours a vehicle's are: those in its seats are counted with their crew."""
        return "worker" if fleet.people_per_vehicle and self.team is None else "equipment"

    def load(self) -> Load:
        """Work of the vehicles up to the horizon, those still under way included."""
        sheet = self.sheet.copy()
        for server in self.under_way:
            self._book(sheet, server)
        for what, since in self.waits.values():
            sheet.book_wait(what, since, NEVER)
        return replace(
            sheet.load(self.names),
            scheduled_min=self.duty.scheduled_min(self.scenario.horizon_min),
            apart_min=self.duty.apart_min,
            people_per_server=self.fleet.people_per_vehicle,
            people=self._people(self.fleet),
            fleet=self.vehicles.names[0],
        )
