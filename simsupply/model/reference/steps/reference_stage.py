"""Stages of the reference engine: one process per unit of work in hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from simsupply.model.flow.step import Load
from simsupply.model.flow.wait_hours import WaitHours
from simsupply.model.flow.waits import WaitCells
from simsupply.model.flow.waves import Wave
from simsupply.model.flow.work_in_process import WorkInProcess
from simsupply.model.kernels.working_time import HAND_OVER
from simsupply.model.reference.clock import Clock
from simsupply.model.reference.crew_sheet import CrewSheet
from simsupply.model.reference.line_age import LineAge
from simsupply.model.reference.pool import NEVER, Job, Pool, Server
from simsupply.model.reference.steps.reference_step import Process, ReferenceStep
from simsupply.model.reference.steps.reference_team import Line, Team
from simsupply.model.reference.waits import ReferenceWaits
from simsupply.model.staff.duty import Duty
from simsupply.model.steps.stage.stage_jobs import Jobs, contact_kinds, make_jobs
from simsupply.records.replication import ShockRecord
from simsupply.scenario.staffing import Crew
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.stage import Stage
from simsupply.strategy.waits import Cause
from simsupply.streams.keyed import Streams


class ReferenceStage(ReferenceStep):
    """A crew at each of its places; one process per unit in hand."""

    def __init__(
        self,
        clock: Clock,
        stages: dict[str, Stage],
        crew: Crew,
        duty: Duty,
        scenario: Scenario,
        streams: Streams,
        work_in_process: WorkInProcess,
        hours: WaitHours,
        team: Team | None = None,
    ) -> None:
        super().__init__(clock, [stage.name for stage in stages.values()])
        self.team = team
        if team:
            team.steps.append(self)
        self.work_in_process, self.begun_at = work_in_process, dict[Job, float]()
        self.stages, self.crew, self.duty, self.scenario, self.streams = stages, crew, duty, scenario, streams
        self.sheet = team.sheet if team else CrewSheet(crew, duty, scenario.horizon_min)
        staffing = scenario.spec.staffing
        # Of the people of the crew, and of those who joined it later.
        self.paces = staffing.pace_of(crew), staffing.pace_of_arrivals(crew)
        self.line_age = LineAge(duty)
        self.pools: list[Pool | Line] = []
        self.waves: dict[int, Wave] = {}
        self.unit_of: dict[tuple[int, int], tuple[Pool | Line, Job]] = {}
        self.missing: dict[Job, int] = {}
        self.ready_at: dict[Job, float] = {}
        self.met: Counter[str] = Counter()
        self.meter = ReferenceWaits(hours)
        self.waits_for: Cause = "room" if crew.people == "equipment" else "people"
        self.arrived_at: dict[tuple[int, int], float] = {}

    def open(self) -> None:
        """Call the crews together."""
        for place in range(len(self.duty.server_ptr) - 1):
            if self.team:
                self.pools.append(self.team.line(self, place, self._begin, self._minutes_for))
            else:
                self.pools.append(Pool(self.clock, self.rank, self.duty, place, self._begin, self._minutes_for))

    def expect(self, wave: Wave) -> None:
        """Write down the units of the wave."""
        stage = self.stages[wave.channel.name]
        self.waves[wave.number] = wave
        jobs, *others = (
            make_jobs(stage.at_pace(pace), wave, self.scenario.households, self.streams)
            for pace in dict.fromkeys(self.paces)
        )
        for unit, place in enumerate(jobs.place.tolist()):
            orders_of_unit = range(int(jobs.ptr[unit]), int(jobs.ptr[unit + 1]))
            orders = orders_of_unit if jobs.orders is None else jobs.orders[orders_of_unit].tolist()
            job = Job((wave.number, unit), (wave, place, bool(jobs.has_priority[unit])))
            job.by_pace = tuple(_minutes_and_doors(of_pace, unit, orders) for of_pace in (jobs, *others))
            job.minutes, job.doors = job.by_pace[0]
            self.missing[job] = len(orders)
            for order in orders:
                self.unit_of[wave.number, order] = self.pools[place], job
            if stage.discipline == "sequence":
                self.pools[place].put(job)

    def arrive(self, wave: Wave, order: int) -> None:
        """Count it into its unit; a complete unit is ready."""
        pool, job = self.unit_of.pop((wave.number, order))
        self.meter.arrive(wave, self.stages[wave.channel.name].name, self.clock.now)
        self.arrived_at[wave.number, order] = self.clock.now
        stage = self.stages[wave.channel.name]
        self.queue_changes(stage.name, stage.at, wave, order, self.clock.now, 1)
        self.missing[job] -= 1
        if self.missing[job]:
            return
        del self.missing[job]
        job.is_ready = True
        self.ready_at[job] = job.ready_at = self.clock.now
        for of_unit, _ in job.doors:
            self._wait_for_others(wave, of_unit, self.clock.now)
        discipline = self.stages[wave.channel.name].discipline
        if discipline == "sequence":
            pool.wake()
            return
        _, _, has_priority = job.content
        first = (not has_priority,) if discipline == "priority" else ()
        job.key = (*first, self.clock.now, *job.key)
        pool.put(job)

    def _begin(self, job: Job, server: Server) -> None:
        if not job.was_begun:
            ready = self.ready_at.pop(job)
            job.has_waited = self.clock.now > ready
            self.begun_at[job] = self.clock.now
            self._wait_for_crew(job, ready, self.clock.now)
            self._note_begun(job)
        self.clock.process(self._work(job, server))

    def _note_begun(self, job: Job) -> None:
        """Tell the recorder that a unit was taken in hand."""
        wave, place, _ = job.content
        stage = self.stages[wave.channel.name]
        for order, _ in job.doors:
            self.begin(stage.name, "service", wave, order, self.clock.now)
            self.queue_changes(stage.name, stage.at, wave, order, self.clock.now, -1)
        if self.levels:
            self.levels.change("in_hand", stage.name, stage.at, place, self.clock.now, 1)

    def _wait_for_others(self, wave: Wave, order: int, until: float) -> None:
        """Book what an order waited for the others of its unit."""
        name, since = self.stages[wave.channel.name].name, self.arrived_at.pop((wave.number, order))
        self.meter.add(wave, order, name, "departure", since, until)

    def _wait_for_crew(self, job: Job, ready: float, until: float) -> None:
        """Book what the orders of a unit waited until it was begun."""
        wave, place, _ = job.content
        stage = self.stages[wave.channel.name]
        for order, _ in job.doors:
            self.meter.at_place(wave, order, stage.name, self.waits_for, stage.at, place, ready, until)

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        for number, order in list(self.arrived_at):
            self._wait_for_others(self.waves[number], order, NEVER)
        for job, ready in self.ready_at.items():
            self._wait_for_crew(job, ready, NEVER)
        return self.meter

    def _work(self, job: Job, server: Server) -> Process:
        wave, place, _ = job.content
        name = self.stages[wave.channel.name].name
        interval = server.next_interval(self.clock.now)
        if interval is not None and not job.was_begun:
            speed = interval.speed * self._speed_of_line(job, server)
            job.minutes, job.doors = job.by_pace[-1 if server.arrives else 0]
            job.minutes /= speed
            job.doors = [(order, minutes / speed) for order, minutes in job.doors]
            self.line_age.begin(name, place, self.clock.now)
        while interval is not None:
            begin, finish = self.clock.now, self.clock.now + job.minutes
            if finish <= interval.halt:
                self.sheet.book(server, name, begin, finish)
                for order, minutes in job.doors:
                    self._call_at(begin + minutes, job, order)
                yield self.clock.at(finish)
                self._count(job, finish)
                self.pools[place].release(server)
                return
            self.sheet.book(server, name, begin, interval.halt)
            done = [door for door in job.doors if begin + door[1] <= interval.halt]
            for order, minutes in done:
                self._call_at(begin + minutes, job, order)
            spent = interval.halt - begin
            job.minutes -= spent
            job.doors = [(order, minutes - spent) for order, minutes in job.doors[len(done) :]]
            yield self.clock.at(interval.halt)
            if interval.rule == HAND_OVER:
                job.was_begun = True
                self.pools[place].release(server)
                self.pools[place].put(job)
                return
            interval = server.resume()
            if interval is not None:
                yield self.clock.at(interval.start)

    def _minutes_for(self, job: Job, server: Server) -> float:
        """Minutes that somebody would take, before what they have learned."""
        if job.was_begun:
            return job.minutes
        return job.by_pace[-1 if server.arrives else 0][0] / self._speed_of_line(job, server)

    def _speed_of_line(self, job: Job, server: Server) -> float:
        """Speed at which somebody works in the first hours of a line; 1 later."""
        ramp = self.paces[server.arrives].ramp
        if ramp is None:
            return 1.0
        wave, place, _ = job.content
        age = self.line_age.minutes(self.stages[wave.channel.name].name, place, self.clock.now)
        return ramp.start + (1 - ramp.start) * min(1.0, age / (ramp.hours * 60))

    def _count(self, job: Job, done: float) -> None:
        """Tell when a unit was in hand."""
        wave, place, _ = job.content
        name = self.stages[wave.channel.name].name
        if self.levels:
            self.levels.change("in_hand", name, self.stages[wave.channel.name].at, place, done, -1)
        self.work_in_process.count(name, np.array([place]), np.array([self.begun_at.pop(job)]), np.array([done]))

    def struck(self) -> list[ShockRecord]:
        """What shocks found in hand; what is not done at the end of the run is still in hand."""
        for job in list(self.begun_at):
            self._count(job, NEVER)
        return self.work_in_process.records()

    def _call_at(self, time: float, job: Job, order: int) -> None:
        self.clock.call(lambda: self._finish_one(job, order), time)

    def _finish_one(self, job: Job, order: int) -> None:
        """Let an order of a unit go on, and count whom it met."""
        wave, _, _ = job.content
        self.finish(wave, order)
        if self.clock.now <= self.scenario.horizon_min:
            always, who_waited = contact_kinds(self.stages[wave.channel.name])
            self.met.update([*always, *(who_waited if job.has_waited else [])])

    def contacts(self) -> dict[str, int]:
        """Meetings at the counter, and in the line before it, by kind."""
        return dict(self.met)

    def loads(self) -> list[Load]:
        """Work of the crew up to the horizon; a crew that does several things tells it by itself."""
        return [] if self.team else self.sheet.loads(self.names)


def _minutes_and_doors(jobs: Jobs, unit: int, orders: Sequence[int]) -> tuple[float, list[tuple[int, float]]]:
    """Minutes of a unit; orders that are done before it is, and after how much work."""
    minutes = float(jobs.service[unit])
    offsets = [minutes] * len(orders) if jobs.offset is None else jobs.offset[orders].tolist()
    return minutes, list(zip(orders, offsets, strict=True))
