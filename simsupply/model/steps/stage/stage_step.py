"""Stages: work by a crew at a place, computed window by window with the `serve` kernel."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.queues import UnitQueues, by_wave, keys
from simsupply.model.flow.step import Completion, Load, StepModel
from simsupply.model.flow.wait_hours import WaitHours
from simsupply.model.flow.waits import WaitCells, WaitMeter, orders_of_units
from simsupply.model.flow.waves import Wave
from simsupply.model.flow.work_in_process import WorkInProcess
from simsupply.model.kernels.arguments import Begun, Queues, Servers, Window, Worked
from simsupply.model.kernels.arrays import complete
from simsupply.model.kernels.fitting import serve_fitting
from simsupply.model.kernels.serve import door_times, serve
from simsupply.model.kernels.single_queue import serve_queue
from simsupply.model.kernels.working_time import HAND_OVER
from simsupply.model.staff.duty import Duty
from simsupply.model.steps.stage.stage_jobs import Jobs, contact_kinds, make_jobs
from simsupply.records.replication import ShockRecord
from simsupply.scenario.households import Households
from simsupply.scenario.staffing import Crew
from simsupply.strategy.steps.stage import Stage
from simsupply.strategy.waits import Cause
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


_EACH_ORDER = np.zeros(0, dtype=np.int64)


class _Arrivals:
    """Counts the orders of a wave as they reach a stage: a unit is ready when its last one has.

    `ready` is kept for units in sequence only; the others join a queue when they are ready.
    """

    def __init__(self, jobs: Jobs, in_sequence: bool, has_queue: bool) -> None:
        self.num_left = len(jobs.place)
        self.ready = np.full(self.num_left if in_sequence else 0, np.inf)
        self.has_waited = np.zeros(self.num_left if has_queue else 0, dtype=bool)
        # Where every order is a unit there is nothing to count.
        self.is_single = self.num_left == len(jobs.wave) and jobs.orders is None
        if not self.is_single:
            self.remaining, self.latest = np.diff(jobs.ptr), np.zeros(self.num_left)
            self.unit_of = np.repeat(np.arange(self.num_left), self.remaining)
            if jobs.orders is not None:
                in_place = np.empty(len(jobs.wave), dtype=np.int64)
                in_place[jobs.orders] = self.unit_of
                self.unit_of = in_place

    def add(self, orders: IntArray, times: FloatArray) -> tuple[IntArray, FloatArray]:
        """Note that orders have come; return the units that are ready now, and since when."""
        if self.is_single:
            return orders, times
        units: IntArray = complete(self.unit_of, orders, times, self.remaining, self.latest)
        return units, self.latest[units]


class StageStep(StepModel):
    """A crew serves units at each of its places, in the order the discipline says.

    `stages` says what the crew does in each channel that uses it.
    """

    def __init__(
        self,
        stages: dict[str, Stage],
        crew: Crew,
        duty: Duty,
        households: Households,
        horizon: float,
        streams: Streams,
        work_in_process: WorkInProcess,
        hours: WaitHours,
    ) -> None:
        super().__init__(stage.name for stage in stages.values())
        self.stages, self.crew, self.duty = stages, crew, duty
        self.discipline = next(iter(stages.values())).discipline
        self.households = households
        self.horizon, self.streams = horizon, streams
        num_places = len(duty.server_ptr) - 1
        self.num_classes = 2 if self.discipline == "priority" else 1
        self.work_in_process = work_in_process
        # Minutes of work; where shocks may strike, also when it was begun.
        num_columns = 2 if work_in_process else 1
        self.queue = UnitQueues(num_places * self.num_classes, num_columns, in_sequence=self.discipline == "sequence")
        self.may_hand_over = bool((duty.end_rule == HAND_OVER).any())
        self.is_plain = self.num_classes == 1 and not self.may_hand_over and duty.fit_end is None
        self.duty_at = duty.interval_ptr[:-1].copy()
        self.free_at = np.zeros(duty.num_servers)
        self.busy, self.overtime = np.zeros(num_places), np.zeros(num_places)
        self.waves: dict[int, tuple[Jobs, _Arrivals]] = {}
        self.has_queue = any(contact_kinds(stage)[1] for stage in stages.values())
        self.met: Counter[str] = Counter()
        self.meter = WaitMeter(hours)
        # Equipment is room for customers, or boxes.
        self.waits_for: Cause = "room" if crew.people == "equipment" else "people"
        self.now = 0.0

    def expect(self, wave: Wave) -> None:
        """Learn of a wave; put it on the dispatch list of every place."""
        stage = self.stages[wave.channel.name]
        jobs = make_jobs(stage, wave, self.households, self.streams)
        arrivals = _Arrivals(jobs, self.queue.in_sequence, self.has_queue)
        if arrivals.num_left:
            self.waves[wave.number] = jobs, arrivals
        if self.queue.in_sequence:
            self._enqueue(jobs, np.arange(arrivals.num_left), jobs.place, np.empty(arrivals.num_left))

    def receive(self, completion: Completion) -> None:
        """Note arrivals; who is not on a dispatch list joins a queue."""
        if not len(completion.orders):
            return
        jobs, arrivals = self.waves[completion.wave.number]
        units, ready = arrivals.add(completion.orders, completion.times)
        self._note_arrivals(jobs, completion, None if arrivals.is_single else (units, ready))
        if self.queue.in_sequence:
            arrivals.ready[units] = ready
            return
        place = jobs.place[units]
        queue = place if self.num_classes == 1 else place * 2 + ~jobs.has_priority[units]
        self._enqueue(jobs, units, queue, ready)

    def _note_arrivals(self, jobs: Jobs, come: Completion, complete: tuple[IntArray, FloatArray] | None) -> None:
        """Count who has come, and let them wait until their unit is complete."""
        wave, name = jobs.wave, self.stages[jobs.wave.channel.name].name
        self.meter.come(wave.base, name, int(np.count_nonzero(come.times < self.horizon)))
        self.queue_changes(name, self.stages[wave.channel.name].at, wave, come.orders, come.times, 1)
        if complete is not None:
            self.meter.wait_from(wave, name, come.orders, come.times)
            self.meter.wait_no_more(wave, name, *complete, jobs.ptr, jobs.all_orders)

    def _enqueue(self, jobs: Jobs, units: IntArray, queue: IntArray, ready: FloatArray) -> None:
        begun_at = [np.full(len(units), np.nan)] if self.work_in_process else []
        self.queue.add(keys(jobs.wave, units), queue, ready, jobs.service[units], *begun_at)

    def advance(self, until: float) -> list[Completion]:
        """Start everything that can start before `until`."""
        queue, duty = self.queue, self.duty
        queue.arrange()
        if not len(queue):
            return []
        if queue.in_sequence:
            queue.ready = np.empty(len(queue))
            for in_wave, (_, arrivals), units in by_wave(queue.key, self.waves):
                queue.ready[in_wave] = arrivals.ready[units]
        # Who was not begun now is looked for only where it is not known otherwise.
        is_looked_for = self.has_queue or self.work_in_process or self.may_hand_over
        start = np.full(len(queue), np.nan) if is_looked_for else np.empty(len(queue))
        interval = np.empty(len(queue), dtype=np.int64)
        window = Window(until, self.horizon)
        queues = Queues(self.num_classes, queue.head, queue.end, queue.ready, queue.work[0], queue.handed_at)
        state, begun = Servers(self.duty_at, self.free_at), Begun(start, interval)
        worked = Worked(self.busy, self.overtime)
        shared = (self._steps_of(queue.key), self.busy_by_step) if len(self.names) > 1 else ()
        if duty.fit_end is not None:
            finished, done = serve_fitting(
                self.now, window, queues, duty.intervals, duty.fit_end, state, begun, worked, duty.speed, *shared
            )
        else:
            kernel = serve_queue if self.is_plain else serve
            finished, done = kernel(window, queues, duty.intervals, state, begun, worked, duty.speed, *shared)
        self.now = until
        if self.has_queue:
            self._note_who_waits(start)
        ready, queue_of = queue.ready, queue.queue
        if self.may_hand_over:
            now_begun = np.flatnonzero(~np.isnan(start))
            for in_wave, (jobs, _), units in by_wave(queue.key[now_begun], self.waves):
                self._note_waits(jobs, units, now_begun[in_wave], ready, start, queue_of)
        key = queue.key[finished]
        if self.work_in_process:
            queue.work[1] = np.where(np.isnan(start), queue.work[1], start)
            self._count(key, queue.queue[finished], queue.work[1][finished], done)
        place = queue.queue[finished] // self.num_classes if self.levels else None
        queue.drop(finished)
        completions = []
        for in_wave, (jobs, arrivals), units in by_wave(key, self.waves):
            if not self.may_hand_over:
                self._note_waits(jobs, units, finished[in_wave], ready, start, queue_of)
            completions.append(self._finished(jobs, units, done[in_wave], finished[in_wave], start, interval))
            self._meet(completions[-1], arrivals)
            if self.levels and place is not None:
                stage = self.stages[jobs.wave.channel.name]
                self.levels.change("in_hand", stage.name, stage.at, place[in_wave], done[in_wave], -1)
            arrivals.num_left -= len(units)
            if arrivals.num_left == 0:
                del self.waves[jobs.wave.number]
        return completions

    def _steps_of(self, key: IntArray) -> IntArray:
        """Which of the stages that share the crew each unit belongs to."""
        number = np.empty(len(key), dtype=np.int64)
        for in_wave, (jobs, _), _ in by_wave(key, self.waves):
            number[in_wave] = self.names.index(self.stages[jobs.wave.channel.name].name)
        return number

    def _count(self, key: IntArray, queue: IntArray, begin: FloatArray, done: FloatArray) -> None:
        """Tell when units were in hand."""
        for in_wave, (jobs, _), _ in by_wave(key, self.waves):
            name = self.stages[jobs.wave.channel.name].name
            self.work_in_process.count(name, queue[in_wave] // self.num_classes, begin[in_wave], done[in_wave])

    def struck(self) -> list[ShockRecord]:
        """What shocks found in hand; work handed over and not yet done is still in hand."""
        if self.work_in_process and len(self.queue):
            begun = np.flatnonzero(~np.isnan(self.queue.work[1]))
            queue, begin = self.queue.queue[begun], self.queue.work[1][begun]
            self._count(self.queue.key[begun], queue, begin, np.full(len(begun), np.inf))
        return self.work_in_process.records()

    def _note_who_waits(self, start: FloatArray) -> None:
        """Note which of the units begun just now could not begin at once."""
        begun = ~np.isnan(start)
        waits = start[begun] > self.queue.ready[begun]
        for in_wave, (_, arrivals), units in by_wave(self.queue.key[begun], self.waves):
            arrivals.has_waited[units] = waits[in_wave]

    def _note_waits(
        self,
        jobs: Jobs,
        units: IntArray,
        of_line: IntArray,
        ready: FloatArray,
        start: FloatArray,
        queue: IntArray,
    ) -> None:
        """Note how long units waited that stand at `of_line` of the whole queue, whose are the last three arrays."""
        name, shift = self.stages[jobs.wave.channel.name].name, self.num_classes - 1
        if self.spent or self.levels:
            self._note_begun(jobs, units, start[of_line], queue[of_line] // self.num_classes)
        self.meter.add(
            jobs.wave,
            name,
            self.waits_for,
            units,
            ready,
            start,
            self.meter.hours.duty,
            queue,
            jobs.ptr if len(jobs.ptr) <= len(jobs.wave) else _EACH_ORDER,
            jobs.all_orders,
            of_line,
            shift,
        )

    def _note_begun(self, jobs: Jobs, units: IntArray, start: FloatArray, place: IntArray) -> None:
        """Tell the recorder that units were taken in hand."""
        stage = self.stages[jobs.wave.channel.name]
        of_unit, orders = orders_of_units(units, jobs.ptr, jobs.all_orders)
        self.begin(stage.name, "service", jobs.wave, orders, start[of_unit])
        self.queue_changes(stage.name, stage.at, jobs.wave, orders, start[of_unit], -1)
        if self.levels:
            self.levels.change("in_hand", stage.name, stage.at, place, start, 1)

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        queue = self.queue
        # What was handed over has begun.
        left = np.flatnonzero(np.isinf(queue.handed_at))
        ready, never = queue.ready, np.full(len(queue), np.inf)
        for in_wave, (jobs, arrivals), units in by_wave(queue.key[left], self.waves):
            if queue.in_sequence:
                ready[left[in_wave]] = arrivals.ready[units]
            self._note_waits(jobs, units, left[in_wave], ready, never, queue.queue)
        return self.meter

    def _meet(self, completion: Completion, arrivals: _Arrivals) -> None:
        """Count the meetings of orders that are finished by the horizon."""
        always, who_waited = contact_kinds(self.stages[completion.wave.channel.name])
        if always or who_waited:
            in_time = completion.before(np.nextafter(self.horizon, np.inf))
            self.met.update(dict.fromkeys(always, len(in_time.orders)))
            if who_waited:
                # Here every order is a unit.
                units = in_time.orders if arrivals.is_single else arrivals.unit_of[in_time.orders]
                num = int(arrivals.has_waited[units].sum())
                self.met.update(dict.fromkeys(who_waited, num))

    def _finished(
        self, jobs: Jobs, units: IntArray, done: FloatArray, of_line: IntArray, start: FloatArray, interval: IntArray
    ) -> Completion:
        """Turn units into the orders in them, each with its own time of completion.

        `start` and `interval` are those of the whole queue, in which the units stand at `of_line`.
        """
        if len(jobs.ptr) == len(jobs.wave) + 1 and jobs.offset is None and jobs.orders is None:
            return Completion(jobs.wave, units, done)
        counts = jobs.ptr[units + 1] - jobs.ptr[units]
        orders = jobs.orders_of(units)
        if jobs.offset is None:
            return Completion(jobs.wave, orders, np.repeat(done, counts))
        duty, offset = self.duty, jobs.offset[orders]
        start, interval = start[of_line], interval[of_line]
        if duty.speed is not None:
            offset = offset / np.repeat(duty.speed[interval], counts)
        if not duty.may_halt:
            return Completion(jobs.wave, orders, np.repeat(start, counts) + offset)
        ptr = np.concatenate([[0], np.cumsum(counts)])
        interval_end = duty.interval_ptr[np.searchsorted(duty.interval_ptr, interval, side="right")]
        times = door_times(ptr, start, interval, interval_end, offset, duty.start, duty.halt)
        return Completion(jobs.wave, orders, times)

    def load(self) -> Load:
        """Work of the crew up to the horizon."""
        busy = float(self.busy.sum())
        return Load(
            busy_min=busy,
            busy_by_step=tuple(self.busy_by_step.tolist()) if len(self.names) > 1 else (busy,),
            overtime_min=float(self.overtime.sum()),
            scheduled_min=self.duty.scheduled_min(self.horizon),
            apart_min=self.duty.apart_min,
            people=self.crew.people,
        )

    def contacts(self) -> dict[str, int]:
        """Meetings at the counter, and in the queue before it, by kind."""
        return dict(self.met)
