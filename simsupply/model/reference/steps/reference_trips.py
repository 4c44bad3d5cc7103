"""Legs of the reference engine whose vehicles make trips in parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from simsupply.model.flow.queues import wave_and_place
from simsupply.model.flow.step import Load
from simsupply.model.flow.wait_hours import WaitHours
from simsupply.model.flow.waves import Wave
from simsupply.model.flow.work_in_process import WorkInProcess
from simsupply.model.kernels.dispatch import ROAD
from simsupply.model.reference.clock import LOADING_DOCKS, Clock, decided_at
from simsupply.model.reference.docks import Docks
from simsupply.model.reference.floor import Floor
from simsupply.model.reference.lines import VehicleLine
from simsupply.model.reference.pool import NEVER, Job, Pool, Server
from simsupply.model.reference.steps.reference_leg import ReferenceLeg
from simsupply.model.reference.steps.reference_step import Process
from simsupply.model.reference.steps.reference_team import Team
from simsupply.model.reference.timesheet import Timesheet
from simsupply.model.vehicles.affected_trips import AffectedTrips
from simsupply.model.vehicles.dispatch_leg import rests
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.trips import TripMaker, Trips
from simsupply.records.replication import ShockRecord
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.leg import Leg
from simsupply.strategy.waits import Cause
from simsupply.streams.keyed import Streams


class VehiclePool(Pool):
    """Vehicles of several fleets: the first load goes first that finds one which may take it.

    Loads that may go by the same fleets stand in one queue: nobody goes before one that is not ready.
    """

    fleet_of: list[int]

    def _match(self) -> bool:
        now, held_up = self.clock.now, set[int]()
        for job in sorted(self.waiting):
            _, trips, load = job.content
            fleets = int(trips.may_take[load])
            if fleets in held_up:
                continue
            could = [
                server
                for server in self.idle
                if fleets >> self.fleet_of[server.number] & 1 and server.has_time(now, 0.0)
            ]
            if job.is_ready and could:
                rank = {
                    server: (self.fleet_of[server.number], server.free_since(now), server.number) for server in could
                }
                server = min(could, key=lambda server: rank[server])
                self.idle.remove(server)
                self.take_out(job)
                self.begin(job, server)
                return True
            held_up.add(fleets)
        if self.waiting:
            self._wake_for_next_duty()
        return False


class ReferenceTrips(ReferenceLeg):
    """Vehicles of one fleet or several; one process per load, part by part."""

    def __init__(
        self,
        clock: Clock,
        legs: dict[str, Leg],
        vehicles: Vehicles,
        scenario: Scenario,
        streams: Streams,
        floors: dict[tuple[PlaceKind, int], Floor],
        makers: Mapping[str, TripMaker],
        unload_docks: Mapping[tuple[PlaceKind, int], Docks],
        affected: AffectedTrips,
        hours: WaitHours,
        team: Team | None = None,
        trips_of_crew: WorkInProcess | None = None,
    ) -> None:
        super().__init__(clock, legs, vehicles, scenario, streams, floors, hours, team, trips_of_crew)
        self.unload_docks, self.affected = unload_docks, affected
        self.trip_of: dict[Server, tuple[Trips, int, str]] = {}
        self.carriers = dict(makers)
        self.closures = next(iter(makers.values())).closures
        self.fleet_of: list[int] = vehicles.fleet_of.tolist()
        self.rest_after, self.rest_min = (column.tolist() for column in rests(vehicles))
        self.driven: dict[Server, float] = defaultdict(float)
        self.sheets = [Timesheet(scenario.horizon_min) for _ in vehicles.fleets]
        self.docks_at: list[Docks] = []

    def open(self) -> None:
        """Set up vehicles and docks."""
        kind = self.fleet.at
        calendars, first = self.closures.dock[kind].tolist(), 0
        openings = self.closures.opening[kind].tolist()
        # Before the next load is given away: a trip that takes no time is over by then.
        rank = (self.team or self).rank + LOADING_DOCKS
        for place, docks in enumerate(self.scenario.places.docks[kind].tolist()):
            self.pools.append(self._pool(place))
            here, priority = slice(first, first + docks), decided_at(rank, place)
            self.docks_at.append(Docks(self.clock, priority, openings[here], calendars[here], self.closures.pace))
            first += docks
        self._open_departures()

    def _pool(self, place: int) -> Pool | VehicleLine:
        """The vehicles of a place, with drivers of their own or of a crew."""
        if self.team:
            return super()._pool(place)
        pool = VehiclePool(self.clock, self.rank, self.duty, place, self._begin)
        pool.fleet_of = self.fleet_of
        return pool

    def _trip(self, job: Job, server: Server) -> Process:
        maker, trips, load = job.content
        leg, fleet, origin = maker.leg, self.fleet_of[server.number], int(trips.origin[load])
        unloaded: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for row in range(int(trips.ptr[load]), int(trips.ptr[load + 1])):
            unloaded[int(trips.done_after[row])].append(wave_and_place(int(trips.orders[row])))
        self.under_way[server] = begin = self.clock.now
        self.leg_of[server] = leg.name
        if begin < self.scenario.horizon_min:
            sheet = self.sheets[fleet]
            sheet.trips += 1
            sheet.turned_back += int(trips.turned_back[fleet, load])
            # A way that takes no time is driven when its trip begins.
            parts = slice(int(trips.part_ptr[load]), int(trips.part_ptr[load + 1]))
            for minutes, km in zip(trips.part_min[fleet, parts], trips.part_km[fleet, parts], strict=True):
                sheet.drive(float(km) if minutes == 0 else 0.0)
        if begin - server.free_at >= self.rest_min[fleet]:
            self.driven[server] = 0.0
        wave, _ = wave_and_place(int(trips.key[load]))
        self.trip_of[server] = trips, load, self.waves[wave].channel.name
        first, sheet, note = int(trips.part_ptr[load]), self.sheets[fleet], self.notes[server]
        for part in range(first, int(trips.part_ptr[load + 1])):
            minutes, calendar = float(trips.part_min[fleet, part]), int(trips.part_calendar[part])
            stop = leg.to, int(trips.stop[part])
            note.lost.append(0.0)
            if part == first and not leg.fetch:
                docks = self.docks_at[origin]
                self._hold(job, partial(self._wait_at_base, job, "dock"))
                dock = yield from self._wait(sheet, server, "dock", docks.request())
                self._go_on(job)
                self._note_docked(job, server)
                self._hold(job, partial(self._handle, job, part, leg.origin, origin))
                yield from self._get_through(server, minutes, docks.calendars[dock], "place", 0.0)
                self._go_on(job)
                docks.release(dock)
            else:
                if stop[1] >= 0:
                    note.arrive.append(self.clock.now)
                if at_stop := self.unload_docks.get(stop):
                    self._hold(job, partial(self._wait_at_stop, job, part, "dock"))
                    note.dock_waits.append([self.clock.now, NEVER])
                    self._note_level(leg, "unload_dock_queue", *stop, 1)
                    dock = yield from self._wait(sheet, server, "dock", at_stop.request(int(trips.key[load])))
                    self._go_on(job)
                    note.dock_waits[-1][1] = self.clock.now
                    self._note_level(leg, "unload_dock_queue", *stop, -1)
                    self._note_level(leg, "unload_docks", *stop, 1)
                if stop in self.floors:
                    room = self.floors[stop].enter(len(unloaded[part]), int(trips.key[load]))
                    self._hold(job, partial(self._wait_at_stop, job, part, "room"))
                    note.room_waits.append([self.clock.now, NEVER])
                    yield from self._wait(sheet, server, "floor", room)
                    note.room_waits[-1][1] = self.clock.now
                    self._go_on(job)
                what = "road" if trips.part_waits[part] == ROAD else "place"
                if stop[1] >= 0:
                    note.unload_begin.append(self.clock.now)
                    self._hold(job, partial(self._handle, job, part, *stop))
                elif leg.fetch and part == first + 1:
                    self._hold(job, partial(self._handle, job, part, leg.origin, origin))
                yield from self._get_through(server, minutes, calendar, what, float(trips.part_km[fleet, part]))
                if job in self.held_up:
                    self._go_on(job)
                if at_stop:
                    at_stop.release(dock)
                    self._note_level(leg, "unload_docks", *stop, -1)
            if stop[1] >= 0:
                note.unload_end.append(self.clock.now)
            if part == first and leg.fetch:
                note.load_begin = self.clock.now
            if part == first + int(leg.fetch):
                self._note_loaded(server)
            if part == first + int(leg.fetch) and (leg.origin, origin) in self.floors:
                self.floors[leg.origin, origin].leave(int(trips.ptr[load + 1] - trips.ptr[load]))
            for wave, order in unloaded.get(part, []):
                self.finish(self.waves[wave], order)
        self._book(self.sheets[fleet], server)
        self._count(server, self.clock.now)
        self._close_note(server)
        self._come_back(server)
        del self.trip_of[server]
        self.driven[server] += float(trips.driving_min[fleet, load])
        if self.driven[server] >= self.rest_after[fleet]:
            self.driven[server] = 0.0
            yield self.clock.at(self.clock.now + self.rest_min[fleet])
        self._pool_of(job).bring_back(server)

    def _left_on_board(self, job: Job, part: int) -> list[tuple[Wave, int]]:
        """Orders that are unloaded with this part of the trip or a later one."""
        _, trips, load = job.content
        rows = range(int(trips.ptr[load]), int(trips.ptr[load + 1]))
        left = [wave_and_place(int(trips.orders[row])) for row in rows if trips.done_after[row] >= part]
        return [(self.waves[number], order) for number, order in left]

    def _handle(self, job: Job, part: int, at: PlaceKind, place: int, since: float, until: float) -> None:
        """Book how long what is on board waited while it, or what is with it, was handled at a closed place."""
        maker, _, _ = job.content
        for wave, order in self._left_on_board(job, part):
            self.meter.while_closed(wave, order, maker.leg.name, at, place, since, until)

    def _wait_at_stop(self, job: Job, part: int, cause: Cause, since: float, until: float) -> None:
        """Book how long what is on board waited for a dock at a stop, or for room on its floor."""
        maker, _, _ = job.content
        for wave, order in self._left_on_board(job, part):
            self.meter.add_on_board(wave, order, maker.leg.name, cause, since, until)

    def _get_through(self, server: Server, left: float, calendar: int, what: str, km: float) -> Process:
        """Spend minutes on a part of a trip, a road of so many km.

        Breakdowns and closures, of a road or a place, prolong it.
        """
        sheet, minutes = self.sheets[self.fleet_of[server.number]], left
        while True:
            now, first = self.clock.now, self._first_struck(server)
            speed, change = self.closures.pace.at(calendar, now)
            stop = min(change, first.struck_at)
            finish = now + (left if speed == 1 else left / speed) if speed > 0 else NEVER
            sheet.book_wait(what, now, min(finish, stop), 1 - speed)
            lost = max(0.0, min(finish, stop, self.scenario.end_min) - now) * (1 - speed)
            self.notes[server].lost[-1] += lost
            if minutes:
                until = min(finish, stop, self.scenario.horizon_min)
                sheet.book_km(km, now, min(left, max(0.0, until - now) * speed), minutes)
            if finish <= stop:
                yield self.clock.at(finish) if finish < NEVER else self.clock.event()
                return
            if stop > now:
                left = max(0.0, left - (stop - now) * speed)
            if first.struck_at <= change:
                yield from self._until_back(first)
            else:
                yield self.clock.at(change)

    def _count(self, server: Server, back_at: float) -> None:
        trips, load, channel = self.trip_of[server]
        begin, back = np.array([self.under_way[server]]), np.array([back_at])
        self.affected.count(channel, trips, np.array([load]), np.array([server.number]), begin, back)

    def struck(self) -> list[ShockRecord]:
        """Trips that shocks struck, those still under way included; asked for once."""
        for server in self.under_way:
            self._count(server, NEVER)
        return [*super().struck(), *self.affected.records()]

    def loads(self) -> list[Load]:
        """Work of each fleet up to the horizon, vehicles still under way included."""
        sheets = [sheet.copy() for sheet in self.sheets]
        for server in self.under_way:
            self._book(sheets[self.fleet_of[server.number]], server)
        for server, (what, since) in self.waits.items():
            sheets[self.fleet_of[server.number]].book_wait(what, since, NEVER)
        return [
            replace(
                sheet.load(self.names),
                scheduled_min=duty.scheduled_min(self.scenario.horizon_min),
                people_per_server=fleet.people_per_vehicle,
                people=self._people(fleet),
                fleet=name,
            )
            for sheet, name, fleet, duty in zip(
                sheets, self.vehicles.names, self.vehicles.fleets, self.vehicles.duties, strict=True
            )
        ]
