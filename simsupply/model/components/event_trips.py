"""Trips of a leg of a component: where they stand in the arena, and what the recorder is told of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.event_step import EventStep
from simsupply.model.components.graph import Outline
from simsupply.model.components.state import ComponentState
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.flow.loads import Cargo
from simsupply.model.flow.queues import keys, wave_and_place
from simsupply.model.kernels.arrays import ranges
from simsupply.model.vehicles.trip_notes import TripLog, lost_by_cause, trip_notes, waited
from simsupply.model.vehicles.trips import Trips
from simsupply.records.levels import LevelRecorder
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.strategy.steps.leg import Leg

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
NEVER = float("inf")


class EventTrips(EventStep):
    """Vehicles of one fleet or several, whose trips are recorded, and the levels that they change.

    Attributes
    ----------
    first_job, cargo
        Of loads in parts made up together: the first job, and what was settled about them, with the route.
    out : int array
        Loads under way at the end of the last window; where levels are recorded.
    """

    def __init__(self, component: ComponentState, step: Outline) -> None:
        super().__init__(component, step)
        self.driving = self.layout.driving[step]
        self.vehicles, self.at = self.driving.vehicles, self.driving.vehicles.fleets[0].at
        self.line: IntArray = np.array(self.driving.line, dtype=np.int64)
        self.first_job: list[int] = []
        self.cargo: list[tuple[Cargo, str]] = []
        self.out: IntArray = np.zeros(0, dtype=np.int64)

    def waits_at(self, body: Any) -> PlaceKind | None:
        """Where its vehicles are loaded."""
        leg: Leg = body
        return leg.origin

    # --- where loads stand ------------------------------------------------------------------------

    def bases(self, jobs: IntArray) -> IntArray:
        """Place of each job, by its line."""
        lines = self.rows[a.I_JOB].table[jobs, c.J_LINE]
        order = np.argsort(self.line)
        found: IntArray = order[np.searchsorted(self.line[order], lines, side="right") - 1]
        return found

    def by_cargo(self, jobs: IntArray) -> list[tuple[Trips, str, IntArray, IntArray]]:
        """Loads made up together, the route, which of these the jobs are, and the jobs."""
        batch = np.searchsorted(np.array(self.first_job), jobs, side="right") - 1
        found = []
        for number in np.unique(batch).tolist():
            in_batch = jobs[batch == number]
            cargo, name = self.cargo[number]
            assert isinstance(cargo, Trips)
            found.append((cargo, name, in_batch - self.first_job[number], in_batch))
        return found

    def under_way(self) -> IntArray:
        """Loads of trips that are under way."""
        servers = self.rows[a.I_SERVER].table
        first = self.driving.first_server
        job = servers[first : first + self.vehicles.duty.num_servers, c.S_JOB]
        found: IntArray = np.sort(job[job >= 0])
        return found

    def _of_nodes(self, jobs: IntArray) -> Iterator[tuple[int, Leg, IntArray]]:
        """Jobs of each of its rows in the loop, where there are any."""
        nodes = self.rows[a.I_JOB].table[jobs, c.J_NODE]
        for node, name in self.nodes.items():
            if (nodes == node).any():
                yield node, self.step.users[name], jobs[nodes == node]

    def _loads_of(self, node: int, jobs: IntArray) -> Iterator[tuple[Cargo, IntArray, IntArray]]:
        """What was settled about loads, which of these the jobs are, and the jobs."""
        if not self.driving.inside:
            for cargo, _, which, in_batch in self.by_cargo(jobs):
                yield cargo, which, in_batch
            return
        # Loads that are made up in the loop are nowhere kept: what was settled about them is settled anew.
        maker = self.driving.makers[self.nodes[node]]
        orders, of = self.members(jobs)
        key = np.empty(len(orders), dtype=np.int64)
        for wave, which, numbers in self.component.inside.by_wave(orders):
            key[which] = keys(wave, numbers)
        ptr = np.searchsorted(of, np.arange(len(jobs) + 1))
        loads = maker.loads(self.component.inside.waves, key, ptr, np.ones(len(jobs), dtype=np.int64))
        yield loads, np.arange(len(jobs)), jobs

    # --- trips --------------------------------------------------------------------------------------

    def tell(self, begun: IntArray, over: IntArray) -> None:
        """Tell the recorder what has happened in a window."""
        if self.trips:
            self._tell_trips(over)
        if self.levels:
            self._tell_levels(self.levels, begun)

    def record_rest(self) -> None:
        """Tell the recorder of trips that are not over."""
        if self.trips:
            self._tell_trips(self.under_way())

    def _persons(self, jobs: IntArray) -> tuple[str, ...]:
        """Who of a crew is in the vehicle on each trip: numbers among the people of the place."""
        crew, layout = self.driving.crew, self.layout
        if crew is None:
            return ("",) * len(jobs)
        rows = self.rows[a.I_JOB].table[jobs]
        first = layout.first_server[crew] + layout.rosters.crew(crew).server_ptr[self.bases(jobs)]
        fleet = self.vehicles.fleet_of[rows[:, c.J_SERVER] - self.driving.first_server]
        seats = np.array([of_fleet.people_per_vehicle for of_fleet in self.vehicles.fleets])[fleet]
        # The loop has written down when the vehicle was busy, and behind it when whoever is in it was.
        people = self.rows[a.I_SPELL].table[ranges(rows[:, c.J_SPELL] + 1, seats), 0]
        numbers = (people - np.repeat(first, seats) + 1).tolist()
        ptr = np.concatenate([[0], np.cumsum(seats)]).tolist()
        return tuple(" ".join(map(str, numbers[begin:end])) for begin, end in pairwise(ptr))

    def _tell_trips(self, jobs: IntArray) -> None:
        assert self.trips is not None
        waves = self.component.inside.waves
        for node, leg, of_node in self._of_nodes(jobs):
            for loads, which, of_loads in self._loads_of(node, of_node):
                log = self._log(node, leg, loads, which, of_loads, self.trips.end_min)
                wave, _ = wave_and_place(int(loads.key[which[0]]))
                about = leg, waves[wave].base, self.vehicles, self.driving.crew or ""
                self.trips.add(trip_notes(*about, loads, which, waves, log))

    def _log(self, node: int, leg: Leg, loads: Cargo, which: IntArray, jobs: IntArray, end_min: float) -> TripLog:
        """When what happened on these trips, as far as it has."""
        rows, times = self.rows[a.I_JOB].table[jobs], self.rows[a.F_JOB_TIMES].table[jobs]
        orders, of = self.members(jobs)
        first_came = np.minimum.reduceat(self.came(node, orders), np.searchsorted(of, np.arange(len(jobs))))
        sizes = rows[:, c.J_PART_END] - rows[:, c.J_PART]
        when = self.rows[a.F_PART_TIMES].table[ranges(rows[:, c.J_PART], sizes), : c.PART_HEAD]
        has_begun = ~np.isnan(when[:, c.Q_CAME])
        came, docked, room, through = (
            np.where(has_begun, when[:, column], NEVER) for column in (c.Q_CAME, c.Q_DOCKED, c.Q_ROOM, c.Q_THROUGH)
        )
        start, head = times[:, c.J_BEGUN], np.cumsum(sizes) - sizes
        if isinstance(loads, Trips):
            stops = np.flatnonzero(loads.stop[ranges(loads.part_ptr[which], sizes)] >= 0)
            road, place = lost_by_cause(loads, which, np.where(room < NEVER, when[:, c.Q_LOST], 0.0))
            out, depart = through[head], through[head + int(leg.fetch)]
        else:
            stops, (road, place) = head + 2, np.zeros((2, len(jobs)))
            out, depart = np.where(room < NEVER, when[:, c.Q_DRIVEN], NEVER)[head], through[head]
        dock_wait, room_wait = np.zeros((2, len(jobs)))
        # Summed up stop by stop, as the trips go on.
        for number in range(int(sizes.max())):
            is_there = number < sizes
            part = (head + number)[is_there]
            dock_wait[is_there] += waited(came[part], docked[part], end_min)
            room_wait[is_there] += waited(docked[part], room[part], end_min)
        return TripLog(
            taken_by=rows[:, c.J_SERVER] - self.driving.first_server,
            since=first_came,
            ready=first_came if leg.leave.kind == "ready" else times[:, c.J_READY],
            start=start,
            docked=start if leg.fetch else docked[head],
            load_begin=out if leg.fetch else docked[head],
            depart=depart,
            back=times[:, c.J_DONE],
            arrive=came[stops],
            unload_begin=room[stops],
            unload_end=through[stops],
            dock_wait=dock_wait,
            room_wait=room_wait,
            road_wait=road,
            place_wait=place,
            persons=self._persons(jobs),
        )

    # --- levels -------------------------------------------------------------------------------------

    def _tell_levels(self, levels: LevelRecorder, begun: IntArray) -> None:
        """Tell what has changed in this window on trips that have begun in it or before."""
        for _, leg, jobs in self._of_nodes(begun):
            since = self.rows[a.F_JOB_TIMES].table[jobs, c.J_BEGUN]
            orders, of = self.members(jobs)
            for wave, which, numbers in self.component.inside.by_wave(orders):
                self.note_queue(wave, numbers, since[of[which]], -1)
            kind = leg.to if leg.fetch else leg.origin
            levels.change("vehicles", leg.name, kind, self.bases(jobs), since, 1)
        jobs = np.concatenate([self.out, begun])
        for _, leg, of_node in self._of_nodes(jobs):
            self._tell_way(levels, leg, of_node)
        self.out = jobs[np.isinf(self.rows[a.F_JOB_TIMES].table[jobs, c.J_DONE])]

    def _tell_way(self, levels: LevelRecorder, leg: Leg, jobs: IntArray) -> None:
        """Tell what vehicles under way have taken and given back in this window: themselves, docks, floors."""
        since, now, layout = self.component.since, self.component.now, self.layout

        def change(level: str, step: str, kind: PlaceKind, place: IntArray, times: FloatArray, by: Any) -> None:
            is_now = (times >= since) & (times < now)
            if is_now.any():
                much = np.broadcast_to(by, times.shape)[is_now]
                levels.change(level, step, kind, place[is_now], times[is_now], much)

        rows = self.rows[a.I_JOB].table[jobs]
        done = self.rows[a.F_JOB_TIMES].table[jobs, c.J_DONE]
        change("vehicles", leg.name, leg.to if leg.fetch else leg.origin, self.bases(jobs), done, -1)
        part = ranges(rows[:, c.J_PART], rows[:, c.J_PART_END] - rows[:, c.J_PART])
        part = part[~np.isnan(self.rows[a.F_PART_TIMES].table[part, c.Q_CAME])]
        says, when = self.rows[a.I_PART].table[part], self.rows[a.F_PART_TIMES].table[part]
        came, docked, room, through = (when[:, column] for column in (c.Q_CAME, c.Q_DOCKED, c.Q_ROOM, c.Q_THROUGH))
        for prefix, column, kind, docks in (
            ("", c.Q_DOCKS, leg.origin, np.array(self.driving.docks)),
            ("unload_", c.Q_DOCKS_TO, leg.to, layout.docks_of.get(leg.to)),
        ):
            at, place = _places(docks, says[:, column])
            change(f"{prefix}dock_queue", leg.name, kind, place, came[at], 1)
            change(f"{prefix}dock_queue", leg.name, kind, place, docked[at], -1)
            change(f"{prefix}docks", leg.name, kind, place, docked[at], 1)
            change(f"{prefix}docks", leg.name, kind, place, through[at], -1)
        at, place = _places(layout.floor_of.get(leg.to), says[:, c.Q_FLOOR])
        change("floor_queue", "", leg.to, place, docked[at], 1)
        change("floor_queue", "", leg.to, place, room[at], -1)
        change("floor", "", leg.to, place, room[at], says[at, c.Q_PARCELS])
        at, place = _places(layout.floor_of.get(leg.origin), says[:, c.Q_LEAVES])
        change("floor", "", leg.origin, place, through[at], -says[at, c.Q_PARCELS])


def _places(rows_of_places: IntArray | None, rows: IntArray) -> tuple[IntArray, IntArray]:
    """Which of these floors or docks are limited (-1: not), and the places at which they are."""
    at = np.flatnonzero(rows >= 0)
    if rows_of_places is None or not len(at):
        return at[:0], at[:0]
    limited = np.flatnonzero(rows_of_places >= 0)
    return at, limited[np.searchsorted(rows_of_places[limited], rows[at])]
