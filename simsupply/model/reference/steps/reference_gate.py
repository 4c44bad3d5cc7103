"""Gates of the reference engine."""

from __future__ import annotations

import math

import numpy as np

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.flow.wait_hours import WaitHours
from simsupply.model.flow.waits import WaitCells
from simsupply.model.flow.waves import Wave
from simsupply.model.reference.clock import Clock
from simsupply.model.reference.pool import NEVER
from simsupply.model.reference.steps.reference_step import ReferenceStep
from simsupply.model.reference.waits import ReferenceWaits
from simsupply.model.steps.gate.opening_hours import slots_per_day
from simsupply.scenario.world import Scenario
from simsupply.strategy.release import WEEKDAYS
from simsupply.strategy.steps.gate import Gate, Slots
from simsupply.streams.keyed import Streams


class ReferenceGate(ReferenceStep):
    """Open between two times of day on some days; with slots, each household at its own time."""

    def __init__(self, clock: Clock, spec: Gate, scenario: Scenario, streams: Streams) -> None:
        super().__init__(clock, [spec.name])
        self.spec, self.scenario, self.streams = spec, scenario, streams
        self.meter = ReferenceWaits(WaitHours(scenario.horizon_min, scenario.target_min))
        self.slots = self._slots(spec.slots) if spec.slots else {}

    def _slots(self, slots: Slots) -> dict[int, float]:
        """Minute of the day at which each household is called."""
        times, households = {}, self.scenario.households
        per_day = slots_per_day(self.spec)
        place, building, number, called = -1, -1, -1, 0
        for household in range(len(households)):
            if int(households.drop_point[household]) != place:
                place, building, number = int(households.drop_point[household]), -1, -1
            if int(households.building[household]) != building or called == slots.households:
                building, number, called = int(households.building[household]), number + 1, 0
            called += 1
            times[household] = self.spec.opens + number % per_day * slots.minutes
        return times

    def arrive(self, wave: Wave, order: int) -> None:
        """Let it through now or at the next opening."""
        self.meter.arrive(wave, self.spec.name, self.clock.now)
        time, opens = self._next(int(wave.household[order]), self.spec.slots), self._next(0, None)
        self.meter.add(wave, order, self.spec.name, "gate", self.clock.now, time, ordered=((self.clock.now, opens),))
        if time < NEVER:
            self.clock.call(lambda: self.finish(wave, order), time)

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        return self.meter

    def _next(self, household: int, slots: Slots | None) -> float:
        """When somebody may pass: at her slot, or without `slots` when it opens."""
        spec, now = self.spec, self.clock.now
        day = math.floor(now / MINUTES_PER_DAY) + spec.days_ahead
        since = day * MINUTES_PER_DAY if spec.days_ahead else now
        while day * MINUTES_PER_DAY <= self.scenario.end_min:
            midnight = day * MINUTES_PER_DAY
            weekday = WEEKDAYS[(self.scenario.first_weekday + day) % 7]
            is_day = not spec.weekdays or weekday in spec.weekdays
            if is_day and slots and midnight < self.scenario.end_min:
                time = midnight + self.slots[household]
                if time >= since and self._comes(slots, day, household):
                    return time
            elif is_day and since - midnight < spec.closes:
                return since if since - midnight >= spec.opens else midnight + spec.opens
            day += 1
        return NEVER

    def _comes(self, slots: Slots, day: int, household: int) -> bool:
        drawn = self.streams.uniform_at(f"no_show/{self.spec.name}", day, np.array([household]))
        return float(drawn[0]) >= slots.no_show_share
