"""Stages of a component."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.components.event_step import EventStep, each_once
from simsupply.model.components.graph import Outline
from simsupply.model.components.short_at_stages import ShortAtStage
from simsupply.model.components.state import ComponentState
from simsupply.model.events import arena as a
from simsupply.model.events import columns as c
from simsupply.model.events.writing import write_units
from simsupply.model.flow.step import Completion, Load
from simsupply.model.flow.wait_hours import hours_of_stages
from simsupply.model.flow.waits import WaitCells, WaitMeter
from simsupply.model.flow.waves import Wave
from simsupply.model.flow.work_in_process import work_at_stages
from simsupply.model.steps.stage.stage_jobs import Jobs, contact_kinds, make_jobs
from simsupply.records.replication import ShockRecord
from simsupply.scenario.paces import Pace
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.strategy.steps.stage import Stage
from simsupply.strategy.waits import Cause

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class EventStage(EventStep):
    """A crew serves units at its places."""

    def __init__(self, component: ComponentState, step: Outline) -> None:
        super().__init__(component, step)
        scenario, rosters = self.layout.scenario, self.layout.rosters
        self.line: IntArray = np.array(self.layout.working[step].line, dtype=np.int64)
        staffing = scenario.spec.staffing
        # Of each crew: of its people, and of those who joined it later.
        self.paces = [
            (staffing.pace_of(staffing.crews[name]), staffing.pace_of_arrivals(staffing.crews[name]))
            for name in step.first.crews
        ]
        self.meter = WaitMeter(hours_of_stages(step.users, scenario, rosters))
        self.short = ShortAtStage(component, step)
        self.work_in_process = work_at_stages(step.users, rosters.shocks, scenario)
        self.met: Counter[str] = Counter()
        # Units in hand of which it was not known at the end of the last window when they are done.
        self.in_hand: IntArray = np.zeros(0, dtype=np.int64)

    def waits_at(self, body: Any) -> PlaceKind | None:
        """Where the crew works."""
        stage: Stage = body
        return stage.at

    def tell(self, begun: IntArray, over: IntArray) -> None:
        """Tell the recorder which units were taken in hand in a window, and which are done."""
        if not self.levels:
            return
        times = self.rows[a.F_JOB_TIMES].table
        orders, of = self.members(begun)
        for wave, which, numbers in self.component.inside.by_wave(orders):
            self.note_queue(wave, numbers, times[begun[of[which]], c.J_BEGUN], -1)
        in_hand = np.concatenate([self.in_hand, begun])
        is_done = np.isfinite(times[in_hand, c.J_DONE])
        for jobs, column, by in ((begun, c.J_BEGUN, 1), (in_hand[is_done], c.J_DONE, -1)):
            nodes, place = self.rows[a.I_JOB].table[jobs, c.J_NODE], self.places_of(jobs)
            for node, route in self.nodes.items():
                stage, at = self.step.users[route], np.flatnonzero(nodes == node)
                if len(at):
                    self.levels.change("in_hand", stage.name, stage.at, place[at], times[jobs[at], column], by)
        self.in_hand = in_hand[~is_done]

    def lay_out(self, wave: Wave, first: int, node: int, column: int, orders: IntArray, times: FloatArray) -> None:
        """Cut the wave into units."""
        layout = self.layout
        stage = self.step.users[wave.channel.name]
        of_pace = {
            pace: make_jobs(stage.at_pace(pace), wave, layout.scenario.households, layout.streams)
            for pace in dict.fromkeys(pace for paces in self.paces for pace in paces)
        }
        jobs, later = (of_pace[pace] for pace in self.paces[0])
        num = len(jobs.place)
        in_sequence = stage.discipline == "sequence"
        first_job = self.rows[a.I_JOB].reserve(num)
        self.rows[a.F_JOB_TIMES].reserve(num)
        number = first_job + np.arange(num)
        has_priority = jobs.has_priority if stage.discipline == "priority" else np.zeros(num, dtype=bool)
        is_plain = jobs.orders is None and jobs.offset is None
        nodes = self.rows[a.I_NODE].table
        nodes[node, c.N_IS_PLAIN], nodes[node, c.N_HAS_DOORS] = int(is_plain), int(jobs.offset is not None)
        of_wave = np.arange(len(wave)) if jobs.orders is None else jobs.orders
        base = first
        if not is_plain:
            base = self.rows[a.I_MEMBER].add((first + of_wave)[:, None])
            doors = np.zeros((len(of_wave), c.MEMBER_TIMES))
            if jobs.offset is not None and later.offset is not None:
                doors[:, 0], doors[:, 1] = jobs.offset[of_wave], later.offset[of_wave]
            self.rows[a.F_MEMBER_TIMES].add(doors)
        write_units(
            self.rows[a.I_JOB].data,
            self.rows[a.F_JOB_TIMES].data,
            first_job,
            node,
            self.line[jobs.place],
            base,
            jobs.ptr,
            has_priority,
            jobs.service,
            later.service,
        )
        if len(self.paces) > 1:
            self._add_minutes(number, of_pace)
        if self.step.first.together and not wave.comes_singly:
            self._add_lists(number, jobs.place)
        if num == len(wave) and jobs.orders is None:
            orders[:, c.ORDER_HEAD + column] = number
        else:
            orders[of_wave, c.ORDER_HEAD + column] = np.repeat(number, np.diff(jobs.ptr))
        if in_sequence:
            self.component.put(number)

    def _add_minutes(self, number: IntArray, of_pace: dict[Pace, Jobs]) -> None:
        """Write down how long units take people of crews that join, and each of their doors."""
        if not len(number):
            return
        parts = []
        for pace in (pace for paces in self.paces[1:] for pace in paces):
            jobs = of_pace[pace]
            minutes = jobs.service
            if jobs.offset is not None:
                of_wave = np.arange(len(jobs.offset)) if jobs.orders is None else jobs.orders
                minutes = np.insert(jobs.offset[of_wave], jobs.ptr[:-1], jobs.service)
            parts.append(minutes)
        jobs = next(iter(of_pace.values()))
        sizes = np.ones(len(number), dtype=np.int64) + (0 if jobs.offset is None else np.diff(jobs.ptr))
        # Unit after unit, and in each pace after pace.
        unit = np.tile(np.repeat(np.arange(len(number)), sizes), len(parts))
        first = self.rows[a.F_MORE_MINUTES].add(np.concatenate(parts)[np.argsort(unit, kind="stable")][:, None])
        self.rows[a.I_JOB].table[number, c.J_MORE] = first + len(parts) * (np.cumsum(sizes) - sizes)

    def _add_lists(self, number: IntArray, place: IntArray) -> None:
        """Write down how many units of a list are to come to each place."""
        places, of_unit, counts = np.unique(place, return_inverse=True, return_counts=True)
        if len(places):
            first = self.rows[a.I_LIST].add(counts.astype(np.int64)[:, None])
            self.rows[a.I_JOB].table[number, c.J_LIST] = first + of_unit

    def have_begun(self, node: int, jobs: IntArray) -> None:
        """Note what units that have begun waited for."""
        begun = self.rows[a.F_JOB_TIMES].table[jobs, c.J_BEGUN]
        self._note_waits(node, jobs, begun)
        if self.spent:
            orders, of = self.members(jobs)
            for wave, which, numbers in self.component.inside.by_wave(orders):
                name = self.step.users[wave.channel.name].name
                self.begin(name, "service", wave, numbers, begun[of[which]])

    def _note_waits(self, node: int, jobs: IntArray, until: FloatArray) -> None:
        """Note that the orders of complete units waited for each other, and then up to these times for somebody."""
        ready = self.rows[a.F_JOB_TIMES].table[jobs, c.J_READY]
        rows = self.rows[a.I_JOB].table
        several = rows[jobs, c.J_END] - rows[jobs, c.J_FIRST] > 1
        if several.any():
            orders, of = self.members(jobs[several])
            self.wait_plainly(node, orders, self.came(node, orders), ready[several][of], "departure")
        waited = np.flatnonzero(until > ready)
        if not len(waited):
            return
        jobs, ready, until = jobs[waited], ready[waited], until[waited]
        if self.short.is_together:
            # As long as too few stood ready they waited for each other.
            rows, since, end, are_few = self.short.cut_by_units(self.rows[a.I_JOB].table[jobs, c.J_LINE], ready, until)
            for which in each_once(rows[are_few]) if self.spent else [np.arange(int(are_few.sum()))]:
                orders, of = self.members(jobs[rows[are_few][which]])
                self.wait_plainly(node, orders, since[are_few][which][of], end[are_few][which][of], "departure")
            jobs, ready, until = jobs[rows[~are_few]], since[~are_few], end[~are_few]
        if self.short.cause is not None:
            self._wait_for(self.short.cause, jobs, ready, until)
            return
        rows, since, end, is_room = self.short.cut_by_room(self.places_of(jobs), ready, until)
        self._wait_for("room", jobs[rows[is_room]], since[is_room], end[is_room])
        self._wait_for("people", jobs[rows[~is_room]], since[~is_room], end[~is_room])

    def _wait_for(self, cause: Cause, jobs: IntArray, begin: FloatArray, end: FloatArray) -> None:
        """Note that the orders of units waited for people or for room."""
        for which in each_once(jobs) if self.spent else [np.arange(len(jobs))]:
            orders, of = self.members(jobs[which])
            place = self.places_of(jobs[which])[of]
            since, until = begin[which][of], end[which][of]
            for wave, in_wave, numbers in self.component.inside.by_wave(orders):
                name, duty = self.step.users[wave.channel.name].name, self.meter.hours.duty
                self.meter.add(wave, name, cause, numbers, since[in_wave], until[in_wave], duty, place[in_wave])

    def have_finished(self, node: int, column: int, completion: Completion, orders: IntArray) -> None:
        """Count the meetings of orders that are finished by the horizon."""
        always, who_waited = contact_kinds(self.step.users[completion.wave.channel.name])
        if not always and not who_waited:
            return
        in_time = completion.times <= self.layout.scenario.horizon_min
        for kind in always:
            self.met[kind] += int(in_time.sum())
        if who_waited:
            jobs = self.rows[a.I_ORDER].table[orders[in_time], c.ORDER_HEAD + column]
            times = self.rows[a.F_JOB_TIMES].table[jobs]
            num = int((times[:, c.J_BEGUN] > times[:, c.J_READY]).sum())
            for kind in who_waited:
                self.met[kind] += num

    def contacts(self) -> dict[str, int]:
        """Meetings at the counter, and in the line before it, by kind."""
        return {kind: num for kind, num in self.met.items() if num}

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        jobs, times = self.rows[a.I_JOB].table, self.rows[a.F_JOB_TIMES].table
        # Where everybody has left nobody waits.
        for node in self.nodes if self.component.inside.num_open else ():
            of_node = np.flatnonzero(jobs[:, c.J_NODE] == node)
            ready = of_node[(jobs[of_node, c.J_MISSING] == 0) & np.isnan(times[of_node, c.J_BEGUN])]
            self._note_waits(node, ready, np.full(len(ready), np.inf))
            self._note_incomplete(node, of_node[jobs[of_node, c.J_MISSING] > 0])
        return self.meter

    def places_of(self, jobs: IntArray) -> IntArray:
        """Place of each unit, by its line."""
        places: IntArray = np.searchsorted(self.line, self.rows[a.I_JOB].table[jobs, c.J_LINE])
        return places

    def _note_incomplete(self, node: int, jobs: IntArray) -> None:
        """Note that orders still wait for the others of their unit."""
        orders, _ = self.members(jobs)
        came = self.came(node, orders)
        has_come = came < self.component.now
        self.wait_plainly(node, orders[has_come], came[has_come], np.full(int(has_come.sum()), np.inf), "departure")

    def struck(self) -> list[ShockRecord]:
        """What shocks found in hand; what is not done at the end of the run is still in hand."""
        self.forget()
        return self.work_in_process.records()

    def forget(self) -> None:
        """Count who was in hand as shocks struck."""
        if self.work_in_process:
            jobs, times = self.rows[a.I_JOB].table, self.rows[a.F_JOB_TIMES].table
            for node, route in self.nodes.items():
                begun = np.flatnonzero((jobs[:, c.J_NODE] == node) & ~np.isnan(times[:, c.J_BEGUN]))
                done = times[begun, c.J_DONE]
                done = np.where(done < self.component.now, done, np.inf)
                place = self.places_of(begun)
                name = self.step.users[route].name
                self.work_in_process.count(name, place, times[begun, c.J_BEGUN], done)

    def loads_of_its_own(self) -> list[Load]:
        """Work of the crew up to the horizon; a crew that does several things tells it by itself."""
        if self.layout.team_of(self.step) is not None:
            return []
        return self.crew_loads(self.step.first.crew, [(self.step, name) for name in self.names])
