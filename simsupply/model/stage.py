"""Stages: work by a crew at a place, computed wave by wave with the `serve` kernel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simsupply.model.calendars import Duty
from simsupply.model.effort import factor, group_minutes, order_minutes
from simsupply.model.kernels import FINISH, PAUSE, chunk, complete, serve
from simsupply.model.steps import Load, Passed, StepModel
from simsupply.model.waves import Wave
from simsupply.scenario.spec import Crew
from simsupply.scenario.world import Households
from simsupply.strategy.spec import Stage
from simsupply.streams import Streams

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SHIFT_END = {"finish": FINISH, "pause": PAUSE}


@dataclass(eq=False)
class Jobs:
    """The work a wave brings to a stage, unit by unit (order, consignment or round).

    `ptr` cuts the wave's orders into units; `place` and `service` are per unit; `offset` is per
    order: minutes from the unit's start to that order's own completion, if that is earlier than
    the unit's. `remaining` and `latest` count arrivals.
    """

    wave: Wave
    ptr: IntArray
    unit_of: IntArray
    place: IntArray
    service: FloatArray
    offset: FloatArray | None
    remaining: IntArray
    latest: FloatArray


def make_jobs(
    stage: Stage, wave: Wave, place_of_drop_point: IntArray, households: Households, streams: Streams
) -> Jobs:
    """Cut a wave into the units of a stage and draw how long each takes.

    The draw of an order is keyed by (stage, day of release, household), that of a consignment by
    its first household; so another strategy, crew or batching leaves it as it is.
    """
    purpose = f"effort/{stage.name}"
    offset = None
    if stage.per == "order":
        ptr = np.arange(len(wave) + 1)
        service = order_minutes(stage.effort, wave)
        service *= factor(stage.variability, purpose, wave.day, wave.household, streams)
    elif stage.per == "consignment":
        ptr = wave.consignment_ptr
        service = group_minutes(stage.effort, wave, np.arange(len(wave)), ptr, np.ones(len(ptr) - 1, dtype=np.int64))
        service *= factor(stage.variability, purpose, wave.day, wave.household[ptr[:-1]], streams)
    else:
        rounds = stage.rounds
        assert rounds is not None
        number = chunk(wave.consignment_ptr, wave.kg, rounds.carry_kg, rounds.households)
        is_first = np.ones(len(wave), dtype=bool)
        is_first[1:] = (wave.consignment_of[1:] != wave.consignment_of[:-1]) | (number[1:] != number[:-1])
        ptr = np.append(np.flatnonzero(is_first), len(wave))
        at_door = np.where(
            households.has_lift[wave.household], rounds.door_with_lift_min, rounds.door_without_lift_min
        ) + order_minutes(stage.effort, wave)
        at_door *= factor(stage.variability, purpose, wave.day, wave.household, streams)
        passed = np.cumsum(at_door)
        before = np.repeat(passed[ptr[:-1]] - at_door[ptr[:-1]], np.diff(ptr))
        offset = rounds.walk_min / 2 + (passed - before)
        service = offset[ptr[1:] - 1] + rounds.walk_min / 2
    sizes = np.diff(ptr)
    return Jobs(
        wave=wave,
        ptr=ptr,
        unit_of=np.repeat(np.arange(len(sizes)), sizes),
        place=place_of_drop_point[wave.drop_point[ptr[:-1]]],
        service=service,
        offset=offset,
        remaining=sizes.copy(),
        latest=np.zeros(len(sizes)),
    )


@dataclass(eq=False)
class _RunSheet:
    """Units of one wave in service order, place by place; `head` is the next one of each place."""

    jobs: Jobs
    unit: IntArray
    head: IntArray
    end: IntArray
    position_of: IntArray
    ready: FloatArray
    service: FloatArray


def ranges(first: IntArray, sizes: IntArray) -> IntArray:
    """Concatenate ``first[i], first[i] + 1, ...`` of the given sizes.

    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    return np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())


class StageStep(StepModel):
    """A crew at each of its places serves units in run-sheet order or first come, first served.

    `stages` says what the crew does in each channel that uses it.
    """

    def __init__(
        self,
        stages: dict[str, Stage],
        crew: Crew,
        duty: Duty,
        place_of_drop_point: IntArray,
        households: Households,
        horizon: float,
        streams: Streams,
    ) -> None:
        super().__init__(stage.name for stage in stages.values())
        self.stages, self.crew, self.duty = stages, crew, duty
        self.discipline = next(iter(stages.values())).discipline
        self.place_of_drop_point, self.households = place_of_drop_point, households
        self.horizon, self.streams = horizon, streams
        self.num_places = len(duty.server_ptr) - 1
        self.duty_at = duty.interval_ptr[:-1].copy()
        self.free_at = np.zeros(duty.num_servers)
        self.last_start = np.zeros(self.num_places)
        self.busy = np.zeros(self.num_places)
        self.overtime = np.zeros(self.num_places)
        self.jobs: dict[int, Jobs] = {}
        self.sheets: dict[int, _RunSheet] = {}
        self.waiting: list[tuple[Jobs, IntArray]] = []

    def expect(self, wave: Wave) -> None:
        """Put the wave on the run sheet of every place."""
        stage = self.stages[wave.channel.name]
        jobs = make_jobs(stage, wave, self.place_of_drop_point, self.households, self.streams)
        self.jobs[wave.number] = jobs
        if self.discipline == "sequence":
            unit = np.argsort(jobs.place, kind="stable")
            end = np.cumsum(np.bincount(jobs.place, minlength=self.num_places))
            position_of = np.empty_like(unit)
            position_of[unit] = np.arange(len(unit))
            self.sheets[wave.number] = _RunSheet(
                jobs=jobs,
                unit=unit,
                head=np.concatenate([[0], end[:-1]]),
                end=end,
                position_of=position_of,
                ready=np.full(len(unit), np.inf),
                service=jobs.service[unit],
            )

    def receive(self, passed: Passed) -> None:
        """Note arrivals; a unit is ready when the last of its orders has come."""
        jobs = self.jobs[passed.wave.number]
        units = complete(jobs.unit_of, passed.orders, passed.times, jobs.remaining, jobs.latest)
        if self.discipline == "fifo":
            self.waiting.append((jobs, units))
        elif len(units):
            sheet = self.sheets[passed.wave.number]
            sheet.ready[sheet.position_of[units]] = jobs.latest[units]

    def advance(self, until: float) -> list[Passed]:
        """Start everything that can start before `until`."""
        return self._advance_fifo(until) if self.discipline == "fifo" else self._advance_sheets(until)

    def _advance_sheets(self, until: float) -> list[Passed]:
        result = []
        # A later wave starts at a place only when the earlier ones are through there.
        is_open = np.ones(self.num_places, dtype=bool)
        for number, sheet in list(self.sheets.items()):
            before = sheet.head.copy()
            end = np.where(is_open, sheet.end, sheet.head)
            start, done = self._serve(until, sheet.head, end, sheet.ready, sheet.service)
            started = ranges(before, sheet.head - before)
            result.append(_finished(sheet.jobs, sheet.unit[started], start[started], done[started]))
            is_open &= sheet.head == sheet.end
            if (sheet.head == sheet.end).all():
                del self.sheets[number], self.jobs[number]
        return result

    def _advance_fifo(self, until: float) -> list[Passed]:
        if not self.waiting:
            return []
        number = np.concatenate([np.full(len(units), jobs.wave.number) for jobs, units in self.waiting])
        unit = np.concatenate([units for _, units in self.waiting])
        place, ready, service = (
            np.concatenate([getattr(jobs, column)[units] for jobs, units in self.waiting])
            for column in ("place", "latest", "service")
        )
        # First come, first served; what comes together is taken in run-sheet order.
        order = np.lexsort((unit, number, ready, place))
        number, unit, place, ready, service = (
            column[order] for column in (number, unit, place, ready, service)
        )
        end = np.cumsum(np.bincount(place, minlength=self.num_places))
        head = np.concatenate([[0], end[:-1]])
        first = head.copy()
        start, done = self._serve(until, head, end, ready, service)
        is_started = np.zeros(len(unit), dtype=bool)
        is_started[ranges(first, head - first)] = True
        result, self.waiting = [], []
        for wave_number in np.unique(number):
            jobs, of_wave = self.jobs[int(wave_number)], number == wave_number
            now = of_wave & is_started
            result.append(_finished(jobs, unit[now], start[now], done[now]))
            left = unit[of_wave & ~is_started]
            if len(left):
                self.waiting.append((jobs, left))
            elif not jobs.remaining.any():
                del self.jobs[int(wave_number)]
        return result

    def _serve(
        self, until: float, head: IntArray, end: IntArray, ready: FloatArray, service: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        start, done = np.empty(len(ready)), np.empty(len(ready))
        serve(
            until,
            self.horizon,
            head,
            end,
            ready,
            service,
            SHIFT_END[self.crew.at_shift_end],
            self.duty.server_ptr,
            self.duty.interval_ptr,
            self.duty.start,
            self.duty.end,
            self.duty_at,
            self.free_at,
            self.last_start,
            start,
            done,
            self.busy,
            self.overtime,
        )
        return start, done

    def load(self) -> Load:
        """Work of the crew up to the horizon."""
        return Load(
            busy_min=float(self.busy.sum()),
            overtime_min=float(self.overtime.sum()),
            scheduled_min=self.duty.scheduled_min(self.horizon),
            people=self.crew.people,
        )


def _finished(jobs: Jobs, units: IntArray, start: FloatArray, done: FloatArray) -> Passed:
    """Turn started units into the orders in them, each with its own time of completion."""
    counts = jobs.ptr[units + 1] - jobs.ptr[units]
    orders = ranges(jobs.ptr[units], counts)
    if jobs.offset is None:
        times = np.repeat(done, counts)
    else:
        times = np.repeat(start, counts) + jobs.offset[orders]
    return Passed(jobs.wave, orders, times)
