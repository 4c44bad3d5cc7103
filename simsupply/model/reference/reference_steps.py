"""Steps of the reference engine: an order enters, and an event tells when it has finished."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import simpy
from simpy.events import Event

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.flow.in_hand import InHand
from simsupply.model.flow.loads import Cargo, Carrier
from simsupply.model.flow.queues import keys, wave_and_place
from simsupply.model.flow.step import Load
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.working_time import HAND_OVER
from simsupply.model.reference.clock import END_OF_INSTANT, Clock
from simsupply.model.reference.floor import Floor
from simsupply.model.reference.pool import NEVER, Job, Pool, Server, Timesheet
from simsupply.model.staff.duty import Duty
from simsupply.model.steps.opening_hours import slots_per_day
from simsupply.model.steps.stage import contact_kinds, make_jobs
from simsupply.model.vehicles.fleets import Vehicles
from simsupply.model.vehicles.leg import Maker
from simsupply.records.replication import ShockRecord
from simsupply.scenario.place_kinds import PlaceKind
from simsupply.scenario.staffing import Crew
from simsupply.scenario.world import Scenario
from simsupply.strategy.release import WEEKDAYS
from simsupply.strategy.steps import Gate, Hold, Leg, Slots, Stage
from simsupply.streams.keyed import Streams

Process = Generator[Event, Any, None]


class ReferenceStep(ABC):
    """A step that orders enter one by one."""

    def __init__(self, clock: Clock, names: Iterable[str]) -> None:
        self.clock, self.names = clock, tuple(dict.fromkeys(names))
        # The place of the step on the way from list to door; simultaneous decisions go in this order.
        self.rank = 0
        self.finished: dict[tuple[int, int], Event] = {}

    def open(self) -> None:
        """Get ready, once the rank is known."""
        return None

    def expect(self, wave: Wave) -> None:
        """Learn of a wave at its release."""
        return None

    def enter(self, wave: Wave, order: int) -> Event:
        """Take an order in; the event happens when it has finished the step."""
        event = self.finished[wave.number, order] = self.clock.event()
        self.arrive(wave, order)
        return event

    def finish(self, wave: Wave, order: int) -> None:
        """Let an order go on to the next step now."""
        self.finished.pop((wave.number, order)).succeed()

    @abstractmethod
    def arrive(self, wave: Wave, order: int) -> None:
        """Deal with an order that has just come."""

    def load(self) -> Load | None:
        """Work done up to the horizon; none for steps without workers."""
        return None

    def load_by_fleet(self) -> list[Load]:
        """The same, of each fleet by itself where there are several."""
        load = self.load()
        return [load] if load else []

    def struck(self) -> list[ShockRecord]:
        """What shocks did to it; none where no shock could."""
        return []

    def contacts(self) -> dict[str, int]:
        """Meetings of residents up to the horizon, by kind."""
        return {}


class ReferenceHold(ReferenceStep):
    """Time passes."""

    def __init__(self, clock: Clock, spec: Hold) -> None:
        super().__init__(clock, [spec.name])
        self.minutes = spec.minutes

    def arrive(self, wave: Wave, order: int) -> None:
        """Let it go after the standing time."""
        self.clock.call(lambda: self.finish(wave, order), self.clock.now + self.minutes)


class ReferenceGate(ReferenceStep):
    """Open between two times of day on some days; with slots, each household at its own time."""

    def __init__(self, clock: Clock, spec: Gate, scenario: Scenario, streams: Streams) -> None:
        super().__init__(clock, [spec.name])
        self.spec, self.scenario, self.streams = spec, scenario, streams
        self.slots = self._slots(spec.slots) if spec.slots else {}

    def _slots(self, slots: Slots) -> dict[int, float]:
        """Minute of the day at which each household is called."""
        times, households = {}, self.scenario.households
        per_day = slots_per_day(self.spec)
        place, building, number, called = -1, -1, -1, 0
        for one in range(len(households)):
            if int(households.drop_point[one]) != place:
                place, building, number = int(households.drop_point[one]), -1, -1
            if int(households.building[one]) != building or called == slots.households:
                building, number, called = int(households.building[one]), number + 1, 0
            called += 1
            times[one] = self.spec.opens + number % per_day * slots.minutes
        return times

    def arrive(self, wave: Wave, order: int) -> None:
        """Let it through now or at the next opening."""
        time = self._next(int(wave.household[order]))
        if time < NEVER:
            self.clock.call(lambda: self.finish(wave, order), time)

    def _next(self, household: int) -> float:
        spec, now = self.spec, self.clock.now
        day = math.floor(now / MINUTES_PER_DAY) + spec.days_ahead
        since = day * MINUTES_PER_DAY if spec.days_ahead else now
        while day * MINUTES_PER_DAY < self.scenario.end_min:
            midnight = day * MINUTES_PER_DAY
            weekday = WEEKDAYS[(self.scenario.first_weekday + day) % 7]
            is_day = not spec.weekdays or weekday in spec.weekdays
            if is_day and spec.slots:
                time = midnight + self.slots[household]
                if time >= since and self._comes(spec.slots, day, household):
                    return time
            elif is_day and since - midnight < spec.closes:
                return since if since - midnight >= spec.opens else midnight + spec.opens
            day += 1
        return NEVER

    def _comes(self, slots: Slots, day: int, household: int) -> bool:
        drawn = self.streams.uniform_at(f"no_show/{self.spec.name}", day, np.array([household]))
        return float(drawn[0]) >= slots.no_show_share


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
        in_hand: InHand,
    ) -> None:
        super().__init__(clock, [stage.name for stage in stages.values()])
        self.in_hand, self.begun_at = in_hand, dict[Job, float]()
        self.stages, self.crew, self.duty, self.scenario, self.streams = stages, crew, duty, scenario, streams
        self.sheet = Timesheet(scenario.horizon_min)
        self.pools: list[Pool] = []
        self.unit_of: dict[tuple[int, int], tuple[Pool, Job]] = {}
        self.missing: dict[Job, int] = {}
        self.ready_at: dict[Job, float] = {}
        self.met: Counter[str] = Counter()

    def open(self) -> None:
        """Call the crews together."""
        for place in range(len(self.duty.server_ptr) - 1):
            pool = Pool(self.clock, self.rank, self.duty, place, lambda job, server: self._begin(job, server))
            self.pools.append(pool)

    def expect(self, wave: Wave) -> None:
        """Write down the units of the wave."""
        stage = self.stages[wave.channel.name]
        jobs = make_jobs(stage, wave, self.scenario.households, self.streams)
        for unit, place in enumerate(jobs.place.tolist()):
            mine = range(int(jobs.ptr[unit]), int(jobs.ptr[unit + 1]))
            orders = mine if jobs.orders is None else jobs.orders[mine].tolist()
            minutes = float(jobs.service[unit])
            # Orders that are done before their unit is, and after how much work.
            offsets = [minutes] * len(orders) if jobs.offset is None else jobs.offset[orders].tolist()
            job = Job((wave.number, unit), (wave, place, bool(jobs.has_priority[unit])), minutes)
            job.doors = list(zip(orders, offsets, strict=True))
            self.missing[job] = len(orders)
            for order in orders:
                self.unit_of[wave.number, order] = self.pools[place], job
            if stage.discipline == "sequence":
                self.pools[place].put(job)

    def arrive(self, wave: Wave, order: int) -> None:
        """Count it into its unit; a complete unit is ready."""
        pool, job = self.unit_of.pop((wave.number, order))
        self.missing[job] -= 1
        if self.missing[job]:
            return
        del self.missing[job]
        job.is_ready = True
        self.ready_at[job] = self.clock.now
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
            job.has_waited = self.clock.now > self.ready_at.pop(job)
            self.begun_at[job] = self.clock.now
        self.clock.process(self._work(job, server))

    def _work(self, job: Job, server: Server) -> Process:
        _, place, _ = job.content
        interval = server.next_interval(self.clock.now)
        if interval is not None and not job.was_begun:
            job.minutes /= interval.speed
            job.doors = [(order, minutes / interval.speed) for order, minutes in job.doors]
        while interval is not None:
            begin, finish = self.clock.now, self.clock.now + job.minutes
            if finish <= interval.halt:
                self.sheet.book(server, begin, finish)
                for order, minutes in job.doors:
                    self._call_at(begin + minutes, job, order)
                yield self.clock.at(finish)
                self._count(job, finish)
                self.pools[place].release(server)
                return
            self.sheet.book(server, begin, interval.halt)
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

    def _count(self, job: Job, done: float) -> None:
        """Tell when a unit was in hand."""
        wave, place, _ = job.content
        name = self.stages[wave.channel.name].name
        self.in_hand.count(name, np.array([place]), np.array([self.begun_at.pop(job)]), np.array([done]))

    def struck(self) -> list[ShockRecord]:
        """What shocks found in hand; what is not done at the end of the run is still in hand."""
        for job in list(self.begun_at):
            self._count(job, NEVER)
        return self.in_hand.records()

    def _call_at(self, time: float, job: Job, order: int) -> None:
        self.clock.call(lambda: self._finish_one(job, order), time)

    def _finish_one(self, job: Job, order: int) -> None:
        """Let an order of a unit go on, and count whom it met."""
        wave, _, _ = job.content
        self.finish(wave, order)
        if self.clock.now < self.scenario.horizon_min:
            always, who_waited = contact_kinds(self.stages[wave.channel.name])
            self.met.update([*always, *(who_waited if job.has_waited else [])])

    def contacts(self) -> dict[str, int]:
        """Meetings at the counter, and in the line before it, by kind."""
        return dict(self.met)

    def load(self) -> Load:
        """Work of the crew up to the horizon."""
        scheduled = self.duty.scheduled_min(self.scenario.horizon_min)
        apart = self.duty.apart_min
        return replace(self.sheet.total, scheduled_min=scheduled, apart_min=apart, people=self.crew.people)


class ReferenceLeg(ReferenceStep):
    """Vehicles of one fleet; one process per load."""

    def __init__(
        self,
        clock: Clock,
        legs: dict[str, Leg],
        vehicles: Vehicles,
        scenario: Scenario,
        streams: Streams,
        floors: dict[tuple[PlaceKind, int], Floor],
    ) -> None:
        super().__init__(clock, [leg.name for leg in legs.values()])
        self.vehicles, self.scenario, self.floors = vehicles, scenario, floors
        self.fleet, self.duty = vehicles.fleets[0], vehicles.duty
        self.carriers: dict[str, Maker[Any]] = {name: Carrier(leg, self.fleet, streams) for name, leg in legs.items()}
        self.sheet = Timesheet(scenario.horizon_min)
        self.under_way: dict[Server, float] = {}
        self.waits: dict[Server, tuple[str, float]] = {}
        self.pools: list[Pool] = []
        self.docks: list[simpy.Resource] = []
        self.waves: dict[int, Wave] = {}
        self.load_of: dict[tuple[int, int], tuple[Pool, Job]] = {}
        self.missing: dict[Job, int] = {}
        self.just_come: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.standing: dict[tuple[str, int], list[int]] = defaultdict(list)

    def open(self) -> None:
        """Set up vehicles and docks."""
        for place, docks in enumerate(self.scenario.places.docks[self.fleet.at].tolist()):
            pool = Pool(self.clock, self.rank, self.duty, place, lambda job, server: self._begin(job, server))
            self.pools.append(pool)
            self.docks.append(simpy.Resource(self.clock, capacity=docks))
        for name, carrier in self.carriers.items():
            for time in carrier.departures(0.0, self.scenario.end_min).tolist():
                self.clock.call(partial(self._depart, name), time, END_OF_INSTANT + self.rank)

    def expect(self, wave: Wave) -> None:
        """Make up the loads of the run sheet."""
        self.waves[wave.number] = wave
        carrier = self.carriers[wave.channel.name]
        if carrier.leg.leave.kind != "planned" or not len(wave):
            return
        loads = carrier.planned(wave)
        for load in range(len(loads)):
            job, pool = self._job(carrier, loads, load)
            for key in loads.orders[loads.ptr[load] : loads.ptr[load + 1]].tolist():
                self.load_of[wave_and_place(key)] = pool, job
            self.missing[job] = int(loads.ptr[load + 1] - loads.ptr[load])
            if carrier.leg.is_sequence:
                pool.put(job)

    def _job(self, carrier: Maker[Any], loads: Cargo, load: int) -> tuple[Job, Pool]:
        return Job((int(loads.key[load]),), (carrier, loads, load)), self.pools[int(loads.base[load])]

    def arrive(self, wave: Wave, order: int) -> None:
        """Note what stands ready at the dock."""
        carrier = self.carriers[wave.channel.name]
        if carrier.leg.leave.kind != "planned":
            target = int(wave.places.serving[carrier.standing_by][wave.drop_point[order]])
            # What comes in the same instant stands in the order of the run sheet.
            if not self.just_come:
                self.clock.call(self._fill_up, self.clock.now, END_OF_INSTANT + self.rank)
            self.just_come[wave.channel.name, target].append(int(keys(wave, np.array([order]))[0]))
            return
        pool, job = self.load_of.pop((wave.number, order))
        self.missing[job] -= 1
        if self.missing[job] == 0:
            del self.missing[job]
            job.is_ready = True
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
        self.just_come.clear()

    def _depart(self, name: str) -> None:
        """Send off what stands ready, full load or not."""
        self._fill_up()
        for of_channel, target in list(self.standing):
            while of_channel == name and self.standing[name, target]:
                self._send(name, target)

    def _send(self, name: str, target: int) -> None:
        """Make a load of the first orders that stand ready for one place."""
        carrier, standing = self.carriers[name], self.standing[name, target]
        load = np.array(standing[: carrier.leg.leave.orders])
        del standing[: carrier.leg.leave.orders]
        orders, ptr, part_of = carrier.split(self.waves, load, np.array([0, len(load)]))
        loads = carrier.loads(self.waves, orders, ptr, np.ones_like(part_of))
        for number in range(len(part_of)):
            job, pool = self._job(carrier, loads, number)
            job.key, job.is_ready = (self.clock.now, *job.key), True
            pool.put(job)

    def _begin(self, job: Job, server: Server) -> None:
        self.clock.process(self._trip(job, server))

    def _trip(self, job: Job, server: Server) -> Process:
        carrier, loads, load = job.content
        leg, origin, target = carrier.leg, int(loads.origin[load]), int(loads.target[load])
        on_board = [wave_and_place(key) for key in loads.orders[loads.ptr[load] : loads.ptr[load + 1]].tolist()]
        self.under_way[server] = self.clock.now
        if self.clock.now < self.scenario.horizon_min:
            self.sheet.total.trips += 1
            self.sheet.total.vehicle_km += 2 * float(loads.km[load])
        if leg.fetch:
            yield from self._spend(server, float(loads.load[load]))
        else:
            with self.docks[origin].request() as dock:
                yield from self._wait(self.sheet, server, "dock", dock)
                yield from self._spend(server, float(loads.load[load]))
        if (leg.origin, origin) in self.floors:
            self.floors[leg.origin, origin].leave(len(on_board))
        yield from self._spend(server, float(loads.drive[load]))
        if (leg.to, target) in self.floors:
            room = self.floors[leg.to, target].enter(len(on_board), int(loads.key[load]))
            yield from self._wait(self.sheet, server, "floor", room)
        yield from self._spend(server, float(loads.unload[load]))
        for wave, order in on_board:
            self.finish(self.waves[wave], order)
        yield from self._spend(server, float(loads.back[load]))
        self._book(self.sheet, server)
        del self.under_way[server]
        self.pools[int(loads.base[load])].release(server)

    def _wait(self, sheet: Timesheet, server: Server, what: str, event: Event) -> Generator[Event, Any, Any]:
        """Wait for a dock or for room, and book the time."""
        since = self.clock.now
        self.waits[server] = what, since
        granted = yield event
        del self.waits[server]
        sheet.book_wait(what, since, self.clock.now)
        return granted

    def _spend(self, server: Server, left: float) -> Process:
        """Spend minutes on the road or at a dock; a breakdown prolongs them by the time down."""
        while True:
            now, interval = self.clock.now, server.intervals[server.current]
            if now + left <= interval.halt:
                yield self.clock.at(now + left)
                return
            left -= max(0.0, interval.halt - now)
            if server.resume() is None:
                # Nobody will repair it before the run is over.
                server.current -= 1
                yield self.clock.event()
            yield self.clock.at(server.intervals[server.current].start)

    def _book(self, sheet: Timesheet, server: Server) -> None:
        """Book a trip that has lasted until now, without the time the vehicle was down."""
        begin = self.under_way[server]
        for interval in server.intervals:
            if interval.start >= self.clock.now:
                return
            if interval.end > begin:
                sheet.book(server, max(begin, interval.start), min(self.clock.now, interval.halt))
                # What lies before the halt has been booked, overtime or not.
                begin = interval.halt

    def load(self) -> Load:
        """Work of the vehicles up to the horizon, those still under way included."""
        sheet = Timesheet(self.scenario.horizon_min)
        sheet.total = replace(self.sheet.total)
        for server in self.under_way:
            self._book(sheet, server)
        for what, since in self.waits.values():
            sheet.book_wait(what, since, NEVER)
        return replace(
            sheet.total,
            scheduled_min=self.duty.scheduled_min(self.scenario.horizon_min),
            apart_min=self.duty.apart_min,
            people_per_server=self.fleet.people_per_vehicle,
            people="worker" if self.fleet.people_per_vehicle else "equipment",
            fleet=self.vehicles.names[0],
        )
