"""Gates of the reference engine."""

from __future__ import annotations

import math
from collections import Counter
from functools import partial
from typing import NamedTuple

import numpy as np

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.flow.wait_hours import WaitHours
from simsupply.model.flow.waits import WaitCells
from simsupply.model.flow.waves import Wave
from simsupply.model.reference.clock import Clock, decided_at
from simsupply.model.reference.pool import NEVER
from simsupply.model.reference.steps.reference_step import ReferenceStep
from simsupply.model.reference.waits import ReferenceWaits
from simsupply.model.steps.gate.opening_hours import slots_per_day
from simsupply.scenario.weekdays import WEEKDAYS
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.gate import Gate, Slots
from simsupply.streams.keyed import Streams


class _Waiting(NamedTuple):
    """An order that waits to be called since its own slot began on `day`, in the order in which it comes to its turn.

    It `came` to a gate that opened at `opens`, minutes.
    """

    day: int
    household: int
    number: int
    order: int
    wave: Wave
    came: float
    opens: float


class ReferenceGate(ReferenceStep):
    """Open between two times of day on some days; with slots, so many households at a time."""

    def __init__(self, clock: Clock, spec: Gate, scenario: Scenario, streams: Streams) -> None:
        super().__init__(clock, [spec.name])
        self.spec, self.scenario, self.streams = spec, scenario, streams
        self.meter = ReferenceWaits(WaitHours(scenario.horizon_min, scenario.target_min))
        self.per_day = slots_per_day(spec) if spec.slots else 0
        self.own = self._own_slots(spec.slots) if spec.slots else {}
        self.waiting: list[_Waiting] = []
        # Slots that will be called, by day and number of the day.
        self.planned: set[tuple[int, int]] = set()
        self.called_last = -1, -1

    def _own_slots(self, slots: Slots) -> dict[int, int]:
        """Number of each household's own slot of the day."""
        own, households = {}, self.scenario.households
        place, building, number, called = -1, -1, -1, 0
        for household in range(len(households)):
            if int(households.drop_point[household]) != place:
                place, building, number = int(households.drop_point[household]), -1, -1
            if int(households.building[household]) != building or called == slots.households:
                building, number, called = int(households.building[household]), number + 1, 0
            called += 1
            own[household] = number % self.per_day
        return own

    def arrive(self, wave: Wave, order: int) -> None:
        """Let it through now or at the next opening, or let it wait for its slot."""
        now, spec = self.clock.now, self.spec
        self.meter.arrive(wave, spec.name, now)
        self.queue_changes(spec.name, "drop_point", wave, order, now, 1)
        day = math.floor(now / MINUTES_PER_DAY) + spec.days_ahead
        since = day * MINUTES_PER_DAY if spec.days_ahead else now
        opens = self._next_open(day, since)
        if spec.slots:
            self._wait(spec.slots, wave, order, day, since, now, opens)
            return
        self._waited(wave, order, now, opens, opens)
        self.queue_changes(spec.name, "drop_point", wave, order, opens, -1)
        if opens < NEVER:
            self.clock.call(lambda: self.finish(wave, order), opens)

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        for waiting in self.waiting:
            self._waited(waiting.wave, waiting.order, waiting.came, waiting.opens, NEVER)
        return self.meter

    def _waited(self, wave: Wave, order: int, came: float, opens: float, called: float) -> None:
        """Note a wait: until it opened as the plan orders."""
        self.meter.add(wave, order, self.spec.name, "gate", came, called, ordered=((came, opens),))

    def _next_open(self, day: int, since: float) -> float:
        while day * MINUTES_PER_DAY <= self.scenario.end_min:
            midnight = day * MINUTES_PER_DAY
            if self._is_open_on(day) and since - midnight < self.spec.closes:
                return since if since - midnight >= self.spec.opens else midnight + self.spec.opens
            day += 1
        return NEVER

    def _is_open_on(self, day: int) -> bool:
        weekdays = self.spec.weekdays
        return not weekdays or WEEKDAYS[(self.scenario.first_weekday + day) % 7] in weekdays

    # --- slots ----------------------------------------------------------------------------------

    def _time(self, slots: Slots, day: int, slot: int) -> float:
        return day * MINUTES_PER_DAY + (self.spec.opens + slot * slots.minutes)

    def _wait(self, slots: Slots, wave: Wave, order: int, day: int, since: float, came: float, opens: float) -> None:
        """Let an order wait from its household's own slot on, the first that begins at or after `since`."""
        household = int(wave.household[order])
        own = self.own[household]
        while not self._is_open_on(day) or self._time(slots, day, own) < since:
            day += 1
        self.waiting.append(_Waiting(day, household, wave.number, order, wave, came, opens))
        if (day, own) == self.called_last:
            # It has come as the slot began, but after it was called.
            self._plan_following(slots, day, own)
        self._plan(slots, day, own)

    def _plan(self, slots: Slots, day: int, slot: int) -> None:
        """Call a slot when it begins, after all that happens at that instant before this step."""
        time = self._time(slots, day, slot)
        if (day, slot) not in self.planned and time < self.scenario.end_min:
            self.planned.add((day, slot))
            self.clock.call(partial(self._call, slots, day, slot), time, decided_at(self.rank))

    def _call(self, slots: Slots, day: int, slot: int) -> None:
        """Call those whose own slot it is, then whoever waits, so many households at each drop point."""
        self.called_last = day, slot
        ready = sorted(
            (waiting for waiting in self.waiting if (waiting.day, self.own[waiting.household]) <= (day, slot)),
            key=lambda waiting: (self.own[waiting.household] != slot, *waiting[:4]),
        )
        at_drop_point, called = Counter[int](), set[int]()
        for waiting in ready:
            drop_point = int(self.scenario.households.drop_point[waiting.household])
            if waiting.household not in called and at_drop_point[drop_point] < slots.households:
                at_drop_point[drop_point] += 1
                called.add(waiting.household)
        self.waiting = [waiting for waiting in self.waiting if waiting not in ready or waiting.household not in called]
        for waiting in sorted(ready, key=lambda waiting: waiting[2:4]):
            order, wave, came, opens = waiting[3:]
            if waiting.household not in called:
                continue
            if self._comes(slots, day, waiting.household):
                self._waited(wave, order, came, opens, self.clock.now)
                self.queue_changes(self.spec.name, "drop_point", wave, order, self.clock.now, -1)
                self.finish(wave, order)
            else:
                self._wait(slots, wave, order, day + 1, (day + 1) * MINUTES_PER_DAY, came, opens)
        if any(waiting.household not in called for waiting in ready):
            self._plan_following(slots, day, slot)

    def _plan_following(self, slots: Slots, day: int, slot: int) -> None:
        """Call the slot behind another one too."""
        following = (day, slot + 1) if slot + 1 < self.per_day else (day + 1, 0)
        while not self._is_open_on(following[0]):
            following = (following[0] + 1, 0)
        self._plan(slots, *following)

    def _comes(self, slots: Slots, day: int, household: int) -> bool:
        drawn = self.streams.uniform_at(f"no_show/{self.spec.name}", day, np.array([household]))
        return float(drawn[0]) >= slots.no_show_share
