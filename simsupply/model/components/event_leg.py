"""Legs of a component: loads made up for it, and what is told of its trips."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.event_step import each_once
from simsupply.model.components.event_trips import EventTrips
from simsupply.model.components.graph import Outline
from simsupply.model.components.short_of_people import ShortOfPeople
from simsupply.model.components.state import ComponentState
from simsupply.model.components.trip_rows import parts_of_loads, parts_of_trips
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.events.sums import TICKS
from simsupply.model.flow.effort import order_minutes
from simsupply.model.flow.loads import Carrier, Loads
from simsupply.model.flow.queues import keys
from simsupply.model.flow.step import Completion, Load
from simsupply.model.flow.wait_hours import PlaceHours, hours_of_legs
from simsupply.model.flow.waits import WaitCells, WaitMeter
from simsupply.model.flow.waves import Wave
from simsupply.model.flow.work_in_process import trips_of_crew
from simsupply.model.vehicles.affected_trips import AffectedTrips
from simsupply.model.vehicles.trips import TripMaker, Trips
from simsupply.records.recorder import Recorder
from simsupply.records.replication import ShockRecord
from simsupply.records.ticks import ticks_of
from simsupply.strategy.waits import Cause

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
# Orders are known by their place in their wave below these bits; see `simsupply.model.flow.queues`.
_PLACE = (1 << 40) - 1


class EventLeg(EventTrips):
    """Vehicles of one fleet or several, with drivers of their own or of a crew."""

    def __init__(self, component: ComponentState, step: Outline) -> None:
        super().__init__(component, step)
        layout = self.layout
        hours = hours_of_legs(step.users, layout.scenario, layout.rosters)
        # Waits on trips are added up when these are over, but told order by order when each is unloaded.
        self.meter, self.of_trips, self.of_orders = WaitMeter(hours), WaitMeter(hours), WaitMeter(hours)
        self.of_trips.cells = self.meter.cells
        self.affected = AffectedTrips(step.users, self.vehicles, layout.rosters.shocks, layout.scenario)
        crew = self.driving.crew
        self.trips_of_crew = trips_of_crew(step.users, crew, layout.rosters.shocks) if crew else None
        self.turned_back = np.zeros(len(self.vehicles.fleets), dtype=np.int64)
        self.short = ShortOfPeople(component, self.driving) if self.driving.crew else None

    def record(self, recorder: Recorder) -> None:
        """Tell it what happens from now on."""
        super().record(recorder)
        self.of_orders.spent = recorder.spent

    # --- loads ----------------------------------------------------------------------------------

    def lay_out(self, wave: Wave, first: int, node: int, column: int, orders: IntArray, times: FloatArray) -> None:
        """Make up the loads of the dispatch list, or say at which stand each order will wait for its load."""
        name = wave.channel.name
        maker, leg = self.driving.makers[name], self.step.users[name]
        if not len(wave.consignments_at(leg.name)):
            return
        if leg.leave.kind == "planned":
            cargo = maker.planned(wave)
            jobs = self._add_jobs(node, cargo, name, first + (cargo.orders & _PLACE))
            rows = self.rows[a.I_JOB].table
            rows[jobs, c.J_MISSING] = np.diff(cargo.ptr)
            of_wave = cargo.orders & _PLACE
            orders[of_wave, c.ORDER_HEAD + column] = np.repeat(jobs, np.diff(cargo.ptr))
            if leg.is_sequence:
                self.component.put(jobs)
            return
        passing = wave.passing(leg.name)
        who = np.arange(len(wave)) if passing is None else passing
        stand = self.rows[a.I_NODE].table[node, c.N_STAND] + maker.stands(wave, who)
        orders[who, c.ORDER_HEAD + column] = stand
        self._open_stands(node, stand, self.layout.cells.of_drop_point[wave.drop_point[who]])
        if self.driving.inside:
            carrier = maker.carriers[0] if isinstance(maker, TripMaker) else maker
            assert isinstance(carrier, Carrier)
            extra = int(self.rows[a.I_NODE].table[node, c.N_EXTRA])
            times[:, extra : extra + c.EXTRA] = self._extras(carrier, wave)

    def _open_stands(self, node: int, stand: IntArray, cell: IntArray) -> None:
        """Let stands at which orders will wait for the first time be in the cells of these orders."""
        stands, first = self.rows[a.I_STAND].table, self.rows[a.I_FIRST_STAND].data
        is_new = stands[stand, c.H_LOADS] < 0
        if is_new.any():
            new, at = np.unique(stand[is_new], return_index=True)
            cells = cell[is_new][at]
            stands[new, c.H_LOADS] = self.driving.loads + cells
            for number, place in zip(new.tolist(), (node * self.layout.cells.num + cells).tolist(), strict=True):
                stands[number, c.H_SIBLING], first[place] = first[place], number
        assert (stands[stand, c.H_LOADS] == self.driving.loads + cell).all()

    def _extras(self, maker: Carrier, wave: Wave) -> FloatArray:
        """What each order adds to a load, and what it settles as the first one of it, shape (orders, `EXTRA`)."""
        leg, layout = maker.leg, self.layout
        found = np.zeros((len(wave), c.EXTRA))
        for column, effort in ((c.E_LOAD, leg.load), (c.E_UNLOAD, leg.unload)):
            if maker.fleet.handling is not None:
                effort = effort.model_copy(update=maker.fleet.handling.model_dump())
            found[:, column] = order_minutes(effort, wave)
        first = maker.first_orders({wave.number: wave}, keys(wave, np.arange(len(wave))))
        found[:, c.E_OUT] = maker.drive_minutes("out", first.km, first.day, first.drawn_by, first.minutes)
        found[:, c.E_EMPTY] = maker.drive_minutes("back", first.km_back, first.day, first.drawn_by, first.minutes_back)
        found[:, c.E_HELD] = first.held + leg.held_min
        found[:, c.E_KM], found[:, c.E_KM_BACK] = first.km, first.km_back
        found[:, c.E_LINE] = self.line[first.target if leg.fetch else first.origin] + 1
        found[:, c.E_DOCKS] = -1 if leg.fetch else np.array(self.driving.docks)[first.origin]
        found[:, c.E_FLOOR_FROM] = layout.floors_at(leg.origin, first.origin)
        found[:, c.E_FLOOR_TO] = layout.floors_at(leg.to, first.target)
        return found

    def make_loads(self, node: int, members: IntArray, ptr: IntArray, now: FloatArray) -> IntArray:
        """Make loads of lots of orders, the slices `ptr` of the members, that leave at these moments; the jobs."""
        jobs, part_of = self._load(node, members, ptr)
        self.rows[a.F_JOB_TIMES].table[jobs, c.J_READY] = now[part_of]
        return jobs

    def offer(self, stand: int, node: int, members: IntArray) -> IntArray:
        """Make a load of the first of the orders that stand ready, instead of what was offered before; the job."""
        before = int(self.rows[a.I_STAND].table[stand, c.H_OFFER])
        if before >= 0:
            at = self.first_job.index(before)
            del self.first_job[at], self.cargo[at]
        jobs, _ = self._load(node, members, np.array([0, len(members)]), most=1)
        self.rows[a.I_JOB].table[jobs, c.J_STAND] = stand
        self.rows[a.F_JOB_TIMES].table[jobs, c.J_READY] = self.came(node, members[:1])
        says = self.rows[a.I_STAND].table[stand]
        says[c.H_OFFER], says[c.H_IS_OFFERED] = jobs[0], 1
        return jobs

    def _load(self, node: int, members: IntArray, ptr: IntArray, most: int | None = None) -> tuple[IntArray, IntArray]:
        """Make loads of lots of orders, or as many of the loads that these would be; the jobs, and the lot of each."""
        name = self.nodes[node]
        maker, inside = self.driving.makers[name], self.component.inside
        key = np.empty(len(members), dtype=np.int64)
        waves: dict[int, Wave] = {}
        for wave, which, numbers in inside.by_wave(members):
            key[which], waves[wave.number] = keys(wave, numbers), wave
        key, ptr, part_of = maker.split(waves, key, ptr)
        if most is not None:
            ptr, part_of = ptr[: most + 1], part_of[:most]
        cargo = maker.loads(waves, key[: ptr[-1]], ptr, np.ones_like(part_of))
        first = np.array([inside.first[number] for number in (cargo.orders >> 40).tolist()], dtype=np.int64)
        return self._add_jobs(node, cargo, name, first + (cargo.orders & _PLACE)), part_of

    def _add_jobs(self, node: int, cargo: Any, name: str, members: IntArray) -> IntArray:
        """Write loads and their trips down; `members` are the orders of the cargo."""
        num = len(cargo)
        rows, times = np.full((num, c.JOB), -1, dtype=np.int64), np.full((num, c.JOB_TIMES), np.nan)
        jobs = self.rows[a.I_JOB].used + np.arange(num)
        fleets = cargo.may_take if isinstance(cargo, Trips) else np.ones(num, dtype=np.int64)
        rows[:, c.J_LINE], rows[:, c.J_NODE] = self.line[cargo.base] + fleets, node
        rows[:, c.J_KEY] = members[cargo.ptr[1:] - 1]
        for column in (c.J_MISSING, c.J_HAS_PRIORITY, c.J_WAS_BEGUN):
            rows[:, column] = 0
        ptr = cargo.ptr
        if isinstance(cargo, Trips):
            # Whoever is unloaded first comes first.
            load = np.repeat(np.arange(num), np.diff(ptr))
            members = members[np.lexsort((cargo.done_after, load))]
        first = self.rows[a.I_MEMBER].add(members[:, None])
        self.rows[a.F_MEMBER_TIMES].add(np.zeros((len(members), c.MEMBER_TIMES)))
        rows[:, c.J_FIRST], rows[:, c.J_END] = first + ptr[:-1], first + ptr[1:]
        leg = self.step.users[name]
        if isinstance(cargo, Trips):
            parts, part_times, part_ptr = parts_of_trips(cargo, leg, self.driving, self.layout, first)
        else:
            assert isinstance(cargo, Loads)
            parts, part_times, part_ptr = parts_of_loads(cargo, leg, self.driving, self.layout, first)
        first_part = self.rows[a.I_PART].add(parts)
        self.rows[a.F_PART_TIMES].add(part_times)
        rows[:, c.J_PART], rows[:, c.J_PART_END] = first_part + part_ptr[:-1], first_part + part_ptr[1:]
        times[:, c.J_DONE] = np.inf
        self.rows[a.I_JOB].add(rows)
        self.rows[a.F_JOB_TIMES].add(times)
        if isinstance(cargo, Trips) and num:
            self.first_job.append(int(jobs[0]))
            self.cargo.append((cargo, name))
        return jobs

    # --- what is told of trips ------------------------------------------------------------------

    def have_begun(self, node: int, jobs: IntArray) -> None:
        """Note what loads that have a vehicle waited for."""
        self._note_waits(node, jobs, self.rows[a.F_JOB_TIMES].table[jobs, c.J_BEGUN])
        if self.spent:
            # Where an order stood is no matter any more.
            orders, of = self.members(jobs)
            self.rows[a.I_ORDER].table[orders, c.ORDER_HEAD + self.rows[a.I_NODE].table[node, c.N_COLUMN]] = jobs[of]
        if self.cargo:
            begun = self.rows[a.F_JOB_TIMES].table[jobs, c.J_BEGUN]
            for cargo, _, which, in_batch in self.by_cargo(jobs[begun < self.layout.scenario.horizon_min]):
                servers = self.rows[a.I_JOB].table[in_batch, c.J_SERVER] - self.driving.first_server
                np.add.at(self.turned_back, (fleet := self.vehicles.fleet_of[servers]), cargo.turned_back[fleet, which])

    def have_finished(self, node: int, column: int, completion: Completion, orders: IntArray) -> None:
        """Tell what the time of each order on board went on."""
        if not self.spent:
            return
        wave, numbers, _ = completion
        name, jobs = self.step.users[wave.channel.name].name, self.rows[a.I_ORDER].table[orders, c.ORDER_HEAD + column]
        first = self.rows[a.I_JOB].table[jobs, c.J_PART]
        begun, docked = self.rows[a.F_JOB_TIMES].table[jobs, c.J_BEGUN], self.rows[a.F_PART_TIMES].table[first]
        is_fetched = self.step.users[wave.channel.name].fetch
        self.begin(name, "travel", wave, numbers, begun if is_fetched else docked[:, c.Q_DOCKED])
        self._note_trips(node, np.unique(jobs), self.of_orders, orders)

    def are_over(self, node: int, jobs: IntArray) -> None:
        """Note what vehicles waited for on trips that are over, and which of these shocks struck."""
        self._note_trips(node, jobs, self.of_trips)
        self._count(jobs, self.rows[a.F_JOB_TIMES].table[jobs, c.J_DONE])

    def _count(self, jobs: IntArray, back_at: FloatArray) -> None:
        if self.trips_of_crew and len(jobs):
            nodes, begin = self.rows[a.I_JOB].table[jobs, c.J_NODE], self.rows[a.F_JOB_TIMES].table[jobs, c.J_BEGUN]
            for node, route in self.nodes.items():
                of_node = np.flatnonzero(nodes == node)
                anywhere = np.zeros(len(of_node), dtype=np.int64)
                self.trips_of_crew.count(self.step.users[route].name, anywhere, begin[of_node], back_at[of_node])
        if not self.driving.in_parts or not self.affected.occurrences or not len(jobs):
            return
        order = np.argsort(jobs, kind="stable")
        jobs, back_at = jobs[order], back_at[order]
        done = 0
        for cargo, name, which, in_batch in self.by_cargo(jobs):
            servers = self.rows[a.I_JOB].table[in_batch, c.J_SERVER] - self.driving.first_server
            begin = self.rows[a.F_JOB_TIMES].table[in_batch, c.J_BEGUN]
            self.affected.count(name, cargo, which, servers, begin, back_at[done : done + len(in_batch)])
            done += len(in_batch)

    def _note_waits(self, node: int, jobs: IntArray, until: FloatArray) -> None:
        """Note that orders waited for the others of their load, or for its time, and then for a vehicle or people."""
        leg = self.step.users[self.nodes[node]]
        orders, of = self.members(jobs)
        came, ready = self.came(node, orders), self.rows[a.F_JOB_TIMES].table[jobs, c.J_READY][of]
        if leg.leave.kind == "ready":
            # Every order has waited for a vehicle since it came.
            ready = came
        else:
            self.wait_plainly(node, orders, came, ready, "departure", is_ordered=leg.leave.kind == "time")
        self._wait_for_vehicles(node, jobs, of, orders, ready, until[of])

    def _wait_for_vehicles(
        self, node: int, jobs: IntArray, of: IntArray, orders: IntArray, begin: FloatArray, end: FloatArray
    ) -> None:
        waited = (end > begin) & self.meter.counts(begin)
        of, orders, begin, end = of[waited], orders[waited], begin[waited], end[waited]
        base = self.bases(jobs)[of]
        if self.short is not None and len(orders):
            rows, since, until, for_people = self.short.cut(self._fleets(jobs)[of], base, begin, end)
            at = rows[for_people]
            off = PlaceHours([np.zeros((0, 2))] * len(self.meter.hours.drivers.off), self.meter.hours.drivers.off)
            for nth in each_once(at) if self.spent else [np.arange(len(at))]:
                spells = np.flatnonzero(for_people)[nth]
                self._wait(orders[at[nth]], since[spells], until[spells], base[at[nth]], off, "people", self.meter)
            rows, begin, end = rows[~for_people], since[~for_people], until[~for_people]
            orders, base = orders[rows], base[rows]
        for nth in each_once(orders) if self.spent else [np.arange(len(orders))]:
            self._wait(orders[nth], begin[nth], end[nth], base[nth], self.meter.hours.duty, "vehicle", self.meter)

    def _wait(
        self,
        orders: IntArray,
        begin: FloatArray,
        end: FloatArray,
        place: IntArray,
        at: PlaceHours,
        cause: Cause,
        meter: WaitMeter,
    ) -> None:
        for wave, which, numbers in self.component.inside.by_wave(orders):
            name = self.step.users[wave.channel.name].name
            meter.add(wave, name, cause, numbers, begin[which], end[which], at, place[which])

    def _fleets(self, jobs: IntArray) -> IntArray:
        found: IntArray = self.rows[a.I_LINE].table[self.rows[a.I_JOB].table[jobs, c.J_LINE], c.L_FLEETS]
        return found

    def _note_trips(self, node: int, jobs: IntArray, meter: WaitMeter, of_these: IntArray | None = None) -> None:
        """Note what orders waited for on trips of these loads, part by part; what is not over yet goes on for good.

        `of_these`: of these orders only.
        """
        leg = self.step.users[self.nodes[node]]
        parts, part_times = self.rows[a.I_PART].table, self.rows[a.F_PART_TIMES].table
        jobs = self._held_up(jobs)
        rows = self.rows[a.I_JOB].table[jobs]
        most = int((rows[:, c.J_PART_END] - rows[:, c.J_PART]).max()) if len(jobs) else 0
        orders, of = self.members(jobs)
        position = np.arange(len(orders)) - np.searchsorted(of, of) + rows[of, c.J_FIRST]
        bases = self.bases(jobs)
        is_meant = np.ones(len(orders), dtype=bool) if of_these is None else np.isin(orders, of_these)
        for number in range(most):
            part = rows[:, c.J_PART] + number
            is_there = (part < rows[:, c.J_PART_END]) & ~np.isnan(
                part_times[np.minimum(part, len(parts) - 1), c.Q_CAME]
            )
            part = np.where(is_there, part, 0)
            says, when = parts[part], part_times[part]
            came, docked, room, through = (when[:, column] for column in (c.Q_CAME, c.Q_DOCKED, c.Q_ROOM, c.Q_THROUGH))
            # Whoever is unloaded with this part of the trip or a later one: members stand in that order.
            left = is_meant & is_there[of] & (position >= self._first_left(rows, part, parts)[of])
            at = of[left]
            who = orders[left]
            if number == 0 and not leg.fetch:
                handling = self.meter.hours.handling[self.at]
                self._wait(who, came[at], docked[at], bases[at], handling, "dock", meter)
            else:
                self._wait_on_board(node, who, came[at], docked[at], "dock", meter)
                self._wait_on_board(node, who, docked[at], room[at], "room", meter)
            if not self.driving.in_parts or not self.meter.may_close:
                continue
            self._note_closed(leg, number, who, at, says, room, through, jobs, meter)

    def _wait_on_board(
        self, node: int, orders: IntArray, begin: FloatArray, end: FloatArray, cause: Cause, meter: WaitMeter
    ) -> None:
        """Note waits of what is on board, which are no travel."""
        self.wait_plainly(node, orders, begin, end, cause, meter=meter)
        if meter.spent is None:
            return
        for wave, which, numbers in self.component.inside.by_wave(orders):
            name, size = self.step.users[wave.channel.name].name, len(wave)
            meter.spent.add(wave.number, size, name, "travel", numbers, ticks_of(begin[which]) - ticks_of(end[which]))

    def _held_up(self, jobs: IntArray) -> IntArray:
        """Those of these loads that had to wait on their trips, or may have been at a closed place."""
        if self.driving.in_parts and self.meter.may_close:
            return jobs
        rows, when = self.rows[a.I_JOB].table, self.rows[a.F_PART_TIMES].table
        is_held = np.zeros(len(jobs), dtype=bool)
        for number in range(int((rows[jobs, c.J_PART_END] - rows[jobs, c.J_PART]).max(initial=0))):
            part = np.minimum(rows[jobs, c.J_PART] + number, rows[jobs, c.J_PART_END] - 1)
            is_held |= when[part, c.Q_ROOM] > when[part, c.Q_CAME]
        return jobs[is_held]

    def _first_left(self, rows: IntArray, part: IntArray, parts: IntArray) -> IntArray:
        """First member of each load that is on board in a part."""
        first = rows[:, c.J_FIRST].copy()
        before = rows[:, c.J_PART].copy()
        while (before < part).any():
            unloads = (before < part) & (parts[before, c.Q_END] > parts[before, c.Q_FIRST])
            first[unloads] = parts[before[unloads], c.Q_END]
            before = np.minimum(before + 1, np.maximum(part, before))
        return first

    def _note_closed(
        self,
        leg: Any,
        number: int,
        who: IntArray,
        at: IntArray,
        says: IntArray,
        room: FloatArray,
        through: FloatArray,
        jobs: IntArray,
        meter: WaitMeter,
    ) -> None:
        """Note how long what is on board waited while it, or what is with it, was handled at a closed place."""
        stop = says[:, c.Q_STOP]
        places = {leg.to: stop}
        if number == int(leg.fetch):
            origin = np.empty(len(jobs), dtype=np.int64)
            for cargo, _, which, in_batch in self.by_cargo(np.sort(jobs)):
                origin[np.isin(jobs, in_batch)] = cargo.origin[jobs[np.isin(jobs, in_batch)] - (in_batch[0] - which[0])]
            places = {leg.origin: origin}
        for kind, where in places.items():
            is_handled = where[at] >= 0
            orders, of = who[is_handled], at[is_handled]
            if number == int(leg.fetch) or len(orders):
                for wave, which, numbers in self.component.inside.by_wave(orders):
                    of_wave = of[which]
                    name = self.step.users[wave.channel.name].name
                    meter.add_closed(wave, name, numbers, room[of_wave], through[of_wave], kind, where[of_wave])

    def forget(self) -> None:
        """Forget loads whose trips are over."""
        self.first_job, self.cargo = [], []
        if self.short is not None:
            self.short.forget()

    # --- the end ----------------------------------------------------------------------------------

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        jobs, times = self.rows[a.I_JOB].table, self.rows[a.F_JOB_TIMES].table
        under_way = self.under_way()
        for node, name in self.nodes.items():
            self._note_trips(node, under_way[jobs[under_way, c.J_NODE] == node], self.of_trips)
            leg = self.step.users[name]
            of_node = np.flatnonzero((jobs[:, c.J_NODE] == node) & np.isnan(times[:, c.J_BEGUN]))
            if leg.leave.kind != "ready":
                ready = of_node[jobs[of_node, c.J_MISSING] == 0]
                self._note_waits(node, ready, np.full(len(ready), np.inf))
            if leg.leave.kind == "planned":
                orders, _ = self.members(of_node[jobs[of_node, c.J_MISSING] > 0])
                came = self.came(node, orders)
                has_come = came < self.component.now
                never = np.full(int(has_come.sum()), np.inf)
                self.wait_plainly(node, orders[has_come], came[has_come], never, "departure")
            else:
                self._note_standing(node, is_ready=leg.leave.kind == "ready", is_ordered=leg.leave.kind == "time")
        return self.meter

    def _note_standing(self, node: int, *, is_ready: bool, is_ordered: bool) -> None:
        """Note that orders still stand."""
        stands, orders = self.rows[a.I_STAND].table, self.rows[a.I_ORDER].table
        for stand in stands[stands[:, c.H_NODE] == node]:
            found, order = [], int(stand[c.H_HEAD])
            while order >= 0:
                found.append(order)
                order = int(orders[order, c.O_NEXT])
            who: IntArray = np.array(found, dtype=np.int64)
            if not len(who):
                continue
            came, never = self.came(node, who), np.full(len(who), np.inf)
            if not is_ready:
                self.wait_plainly(node, who, came, never, "departure", is_ordered=is_ordered)
            elif stand[c.H_OFFER] >= 0:
                offer: IntArray = np.array([stand[c.H_OFFER]])
                self._wait_for_vehicles(node, offer, np.zeros(len(who), dtype=np.int64), who, came, never)

    def struck(self) -> list[ShockRecord]:
        """Trips that shocks struck, those still under way included; asked for once."""
        under_way = self.under_way()
        self._count(under_way, np.full(len(under_way), np.inf))
        of_crew = self.trips_of_crew.records() if self.trips_of_crew else []
        # Of the simplest trips nothing else is told, in no engine.
        return [*of_crew, *(self.affected.records() if self.driving.in_parts else [])]

    def loads_of_its_own(self) -> list[Load]:
        """Work of each fleet up to the horizon, vehicles still under way included."""
        self.component.book_under_way()
        names = [(self.step, name) for name in self.names]
        horizon = self.layout.scenario.horizon_min
        servers = self.rows[a.I_SERVER].table
        waits = self.rows[a.F_SERVER_TIMES].table[:, c.V_WAITS]
        own = self.driving.first_server + np.arange(self.vehicles.duty.num_servers)
        loads = []
        for number, (name, fleet, duty) in enumerate(
            zip(self.vehicles.names, self.vehicles.fleets, self.vehicles.duties, strict=True)
        ):
            load = self.booked(self.driving.book + number, names)
            of_fleet = own[self.vehicles.fleet_of == number]
            lost = {
                what: sum(
                    int(max(0.0, horizon - wait) * TICKS + 0.5)
                    for wait in waits[of_fleet[np.isin(servers[of_fleet, c.S_STATE], states)]].tolist()
                )
                for what, states in (("dock", (c.WAITS_FOR_DOCK, c.WAITS_AT_STOP)), ("floor", (c.WAITS_FOR_ROOM,)))
            }
            load.dock_wait_min = (round(load.dock_wait_min * TICKS) + lost["dock"]) / TICKS
            load.floor_wait_min = (round(load.floor_wait_min * TICKS) + lost["floor"]) / TICKS
            load.scheduled_min = duty.scheduled_min(horizon)
            if not self.driving.in_parts:
                load.apart_min = duty.apart_min
            load.people_per_server = fleet.people_per_vehicle
            load.people = "worker" if fleet.people_per_vehicle and self.driving.crew is None else "equipment"
            load.fleet, load.turned_back = name, int(self.turned_back[number])
            loads.append(load)
        return loads
