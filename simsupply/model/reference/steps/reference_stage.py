"""Stages of the reference engine: one process per unit of work in hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from simsupply.model.flow.end_state import Unfinished
from simsupply.model.flow.step import Load
from simsupply.model.flow.wait_hours import WaitHours
from simsupply.model.flow.waits import WaitCells
from simsupply.model.flow.waves import Wave
from simsupply.model.flow.work_in_process import WorkInProcess
from simsupply.model.kernels.working_time import HAND_OVER
from simsupply.model.reference.clock import Clock
from simsupply.model.reference.crew_sheet import CrewSheet
from simsupply.model.reference.lines import Decisions, Line, PeopleAtPlace
from simsupply.model.reference.pool import NEVER, Job, Server
from simsupply.model.reference.spells import at_least, parted
from simsupply.model.reference.steps.reference_step import Process, ReferenceStep
from simsupply.model.reference.steps.reference_team import Team
from simsupply.model.reference.waits import ReferenceWaits
from simsupply.model.reference.workers import Workers
from simsupply.model.staff.duty import Duty
from simsupply.model.steps.stage.stage_jobs import Jobs, contact_kinds, make_jobs
from simsupply.records.replication import ShockRecord
from simsupply.scenario.staffing import Crew
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.stage import Stage
from simsupply.strategy.waits import Cause
from simsupply.streams.keyed import Streams


class ReferenceStage(ReferenceStep):
    """A crew at each of its places, or several that work together; one process per unit in hand.

    Parameters
    ----------
    crews : dict of str to Crew
        Who works on a unit: the crew of the step, and those who join it.
    duties : sequence of Duty
        Of each of them.
    teams : sequence of Team
        Of each of them, where it has a line for each of its steps; else none.
    """

    def __init__(
        self,
        clock: Clock,
        stages: dict[str, Stage],
        crews: Sequence[Crew],
        duties: Sequence[Duty],
        scenario: Scenario,
        streams: Streams,
        work_in_process: WorkInProcess,
        hours: WaitHours,
        teams: Sequence[Team] = (),
    ) -> None:
        super().__init__(clock, [stage.name for stage in stages.values()])
        self.teams = teams
        for team in teams:
            team.steps.append(self)
        sheets = [team.sheet for team in teams] or [
            CrewSheet(crew, duty, scenario.horizon_min) for crew, duty in zip(crews, duties, strict=True)
        ]
        staffing = scenario.spec.staffing
        self.workers = [
            Workers(crew, duty, staffing, sheet) for crew, duty, sheet in zip(crews, duties, sheets, strict=True)
        ]
        self.work_in_process, self.begun_at = work_in_process, dict[Job, float]()
        self.stages, self.scenario, self.streams = stages, scenario, streams
        self.together = next(iter(stages.values())).together
        self.pools: list[Line] = []
        self.waves: dict[int, Wave] = {}
        self.unit_of: dict[tuple[int, int], tuple[Line, Job]] = {}
        self.missing: dict[Job, int] = {}
        # Units of each list that are still to come, by wave and place.
        self.to_come: Counter[tuple[int, int]] = Counter()
        self.ready_at: dict[Job, float] = {}
        self.met: Counter[str] = Counter()
        self.meter = ReferenceWaits(hours)
        self.arrived_at: dict[tuple[int, int], float] = {}

    def open(self) -> None:
        """Call the crews together."""
        for place in range(len(self.workers[0].duty.server_ptr) - 1):
            if self.teams:
                crews = [team.places[place] for team in self.teams]
                ranks = [team.rank_in(self) for team in self.teams]
            else:
                crews = [PeopleAtPlace(Decisions(self.clock, self.rank, place), self.workers[0].duty, place)]
                ranks = [lambda job: (0.0, 0.0)]
            self.pools.append(
                Line(crews, self.rank, ranks, self._begin, self._minutes_for, self.together, self._is_last)
            )

    def expect(self, wave: Wave) -> None:
        """Write down the units of the wave."""
        stage = self.stages[wave.channel.name]
        self.waves[wave.number] = wave
        paces = dict.fromkeys(pace for workers in self.workers for pace in workers.paces)
        jobs, *others = (make_jobs(stage.at_pace(pace), wave, self.scenario.households, self.streams) for pace in paces)
        for unit, place in enumerate(jobs.place.tolist()):
            orders_of_unit = range(int(jobs.ptr[unit]), int(jobs.ptr[unit + 1]))
            orders = orders_of_unit if jobs.orders is None else jobs.orders[orders_of_unit].tolist()
            job = Job((wave.number, unit), (wave, place, bool(jobs.has_priority[unit])))
            each = (_minutes_and_doors(of_pace, unit, orders) for of_pace in (jobs, *others))
            job.by_pace = dict(zip(paces, each, strict=True))
            job.minutes, job.doors = job.by_pace[self.workers[0].paces[0]]
            self.missing[job] = len(orders)
            self.to_come[wave.number, place] += 1
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
        _, place, has_priority = job.content
        self.to_come[wave.number, place] -= 1
        job.is_ready = True
        self.ready_at[job] = job.ready_at = self.clock.now
        for of_unit, _ in job.doors:
            self._wait_for_others(wave, of_unit, self.clock.now)
        discipline = self.stages[wave.channel.name].discipline
        if discipline == "sequence":
            pool.wake()
            return
        first = (not has_priority,) if discipline == "priority" else ()
        job.key = (*first, self.clock.now, *job.key)
        pool.put(job)

    def _is_last(self, job: Job) -> bool:
        """Whether nothing more of its list is to come to its place; what comes singly is of no list."""
        wave, place, _ = job.content
        return not wave.comes_singly and not self.to_come[wave.number, place]

    def _begin(self, jobs: list[Job], servers: tuple[Server, ...]) -> None:
        for job in jobs:
            if not job.was_begun:
                ready = self.ready_at.pop(job)
                job.has_waited = self.clock.now > ready
                self.begun_at[job] = self.clock.now
                self._wait_for_crews(job, ready, self.clock.now)
                self._note_begun(job)
        job = jobs[0]
        if len(jobs) > 1:
            job = Job(job.key, job.content, is_ready=True, ready_at=job.ready_at, members=tuple(jobs))
        self.clock.process(self._work(job, servers))

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

    def _wait_for_crews(self, job: Job, ready: float, until: float) -> None:
        """Book what the orders of a unit waited until it was begun: for others to be served with it, or for people."""
        wave, place, _ = job.content
        stage, line = self.stages[wave.channel.name], self.pools[place]
        for since, end, are_too_few in parted(ready, until, [(start, stop) for start, stop in line.too_few]):
            for order, _ in job.doors if are_too_few else ():
                self.meter.add(wave, order, stage.name, "departure", since, end)
            for first, last, is_room in () if are_too_few else self._waits_for_room(line, since, end):
                cause: Cause = "room" if is_room else "people"
                for order, _ in job.doors:
                    self.meter.at_place(wave, order, stage.name, cause, stage.at, place, first, last)

    def _waits_for_room(self, line: Line, begin: float, end: float) -> Iterator[tuple[float, float, bool]]:
        """Parts of a time, and whether equipment was waited for in them: it was all that was not there."""
        people = [
            crew for crew, workers in zip(line.crews, self.workers, strict=True) if workers.crew.people != "equipment"
        ]
        if not people or len(people) == len(self.workers):
            return parted(begin, end, [] if people else [(begin, end)])
        return parted(begin, end, at_least(len(people), [crew.enough(1, begin, end) for crew in people]))

    def unfinished(self) -> list[Unfinished]:
        """Units of which some orders have not come."""
        found = []
        for job in self.missing:
            wave, _, _ = job.content
            name = self.stages[wave.channel.name].name
            found.append(Unfinished(name, [(wave.number, order) for order, _ in job.doors]))
        return found

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        for number, order in list(self.arrived_at):
            self._wait_for_others(self.waves[number], order, NEVER)
        for job, ready in self.ready_at.items():
            self._wait_for_crews(job, ready, NEVER)
        return self.meter

    def _work(self, job: Job, servers: tuple[Server, ...]) -> Process:
        wave, place, _ = job.content
        name, line = self.stages[wave.channel.name].name, self.pools[place]
        units = job.members or (job,)
        if not job.was_begun:
            self._take_up(job, servers)
        while True:
            intervals = [server.intervals[server.current] for server in servers]
            halt = min(interval.halt for interval in intervals)
            begin, finish = self.clock.now, self.clock.now + job.minutes
            for workers, server in zip(self.workers, servers, strict=True):
                workers.sheet.book(server, name, begin, min(finish, halt))
            if finish <= halt:
                for unit in units:
                    for order, minutes in unit.doors:
                        self._call_at(begin + minutes, unit, order)
                yield self.clock.at(finish)
                self._count(units, finish)
                line.release(servers)
                return
            for unit in units:
                done = [door for door in unit.doors if begin + door[1] <= halt]
                for order, minutes in done:
                    self._call_at(begin + minutes, unit, order)
                unit.doors = [(order, minutes - (halt - begin)) for order, minutes in unit.doors[len(done) :]]
            job.minutes -= halt - begin
            yield self.clock.at(halt)
            if any(interval.halt == halt and interval.rule == HAND_OVER for interval in intervals):
                job.was_begun = True
                line.release(servers)
                line.put(job)
                return
            go_on = _all_back(servers, halt)
            yield self.clock.at(go_on) if go_on < NEVER else self.clock.event()

    def _take_up(self, job: Job, servers: tuple[Server, ...]) -> None:
        """Settle how long work takes these people: as long as the slowest of them, and the longest of the units."""
        wave, place, _ = job.content
        name, now = self.stages[wave.channel.name].name, self.clock.now
        units = job.members or (job,)
        for unit in units:
            taken = []
            for workers, server in zip(self.workers, servers, strict=True):
                minutes, doors = workers.minutes_of(unit, server)
                speed = server.intervals[server.current].speed * workers.speed_of_line(server, name, place, now)
                taken.append((minutes / speed, speed, doors))
            unit.minutes, speed, doors = max(taken, key=lambda found: found[0])
            unit.doors = [(order, minutes / speed) for order, minutes in doors]
        for workers in self.workers:
            workers.line_age.begin(name, place, now)
        if job.members:
            job.minutes = max(unit.minutes for unit in units)
            for unit in units:
                unit.doors = [(order, job.minutes) for order, _ in unit.doors]

    def _minutes_for(self, job: Job, server: Server, crew: int) -> float:
        """Minutes that somebody of a crew would take, before what they have learned."""
        if job.was_begun:
            return job.minutes
        wave, place, _ = job.content
        workers, name = self.workers[crew], self.stages[wave.channel.name].name
        return workers.minutes_of(job, server)[0] / workers.speed_of_line(server, name, place, self.clock.now)

    def _count(self, units: Iterable[Job], done: float) -> None:
        """Tell when units were in hand."""
        for job in units:
            wave, place, _ = job.content
            stage = self.stages[wave.channel.name]
            if self.levels:
                self.levels.change("in_hand", stage.name, stage.at, place, done, -1)
            self.work_in_process.count(
                stage.name, np.array([place]), np.array([self.begun_at.pop(job)]), np.array([done])
            )

    def struck(self) -> list[ShockRecord]:
        """What shocks found in hand; what is not done at the end of the run is still in hand."""
        self._count(list(self.begun_at), NEVER)
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
        """Work of the crew up to the horizon; one with a line for each of its steps tells it by itself."""
        return [] if self.teams else self.workers[0].sheet.loads(self.names)


def _all_back(servers: Sequence[Server], halt: float) -> float:
    """When everybody on a unit can go on after a halt: whoever is off then comes back first; infinity: never again."""
    moment = halt
    while off := [server for server in servers if server.intervals[server.current].halt <= moment]:
        for server in off:
            interval = server.resume()
            if interval is None:
                server.current -= 1
                return NEVER
            moment = max(moment, interval.start)
    return moment


def _minutes_and_doors(jobs: Jobs, unit: int, orders: Sequence[int]) -> tuple[float, list[tuple[int, float]]]:
    """Minutes of a unit; orders that are done before it is, and after how much work."""
    minutes = float(jobs.service[unit])
    offsets = [minutes] * len(orders) if jobs.offset is None else jobs.offset[orders].tolist()
    return minutes, list(zip(orders, offsets, strict=True))
