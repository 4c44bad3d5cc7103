"""Time slots of a gate: who is called when, how many at a time, and who comes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.flow.queues import by_wave, keys
from simsupply.model.flow.step import Completion
from simsupply.model.flow.waves import Wave
from simsupply.model.kernels.choosing import call_to_slot, slot_numbers
from simsupply.model.steps.gate.opening_hours import Hours, first_slot, slots_per_day
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.gate import Gate, Slots
from simsupply.streams.keyed import Streams, to_bernoulli

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class SlotCalls:
    """Calls households to the slots of a gate, slot after slot; see `simsupply.strategy.steps.gate.Slots`.

    Each waits until its own slot begins for the first time (`first`, minutes). From then on it is called to a slot as
    soon as there is a place: to its own before all others, else to whichever has places left.
    """

    def __init__(self, spec: Gate, slots: Slots, hours: Hours, scenario: Scenario, streams: Streams) -> None:
        self.spec, self.slots, self.hours, self.streams = spec, slots, hours, streams
        households = scenario.households
        self.per_day, self.drop_point = slots_per_day(spec), households.drop_point
        self.own = slot_numbers(households.drop_point, households.building, slots.households) % np.int32(self.per_day)
        self.num_places, self.end = scenario.places.count("drop_point"), scenario.end_min
        self.waves: dict[int, Wave] = {}
        # Orders whose own slot is still to come, by when it begins; and those that find none, in any order.
        self.key, self.household, self.first = self._nobody()
        self.late_key, self.late_household, self.late_first = self._nobody()
        # The slot that is to be called next, counted from the first one of day 0.
        self.next = 0

    def join(self, completion: Completion, since: FloatArray) -> None:
        """Take in orders that wait for a slot from `since` on, minutes, shape (orders,)."""
        wave, orders, _ = completion
        self.waves[wave.number] = wave
        self._wait(keys(wave, orders), wave.household[orders], since)

    def own_minute(self, household: IntArray) -> FloatArray:
        """Minute of the day at which the own slot of each household begins."""
        minutes: FloatArray = self.spec.opens + self.own[household].astype(np.float64) * self.slots.minutes
        return minutes

    def next_call(self) -> float:
        """When the next slot begins to which anybody who waits may be called; infinity: none."""
        following = self.next
        while self.hours.days_to_wait()[following // self.per_day % 7] != 0:
            following += self.per_day - following % self.per_day
        time = self._time(following)
        first = float(self.first[0]) if len(self.first) else np.inf
        return time if len(self.late_key) or first < time else first

    def advance(self, until: float) -> Iterator[Completion]:
        """Call the slots that begin before `until`; who has come by then is known."""
        key, times = list[IntArray](), list[FloatArray]()
        while (time := self._time(self.next)) < min(until, self.end):
            if self.hours.days_to_wait()[self.next // self.per_day % 7] == 0:
                passed = self._call(self.next // self.per_day, self.next % self.per_day, time)
                key.append(passed)
                times.append(np.full(len(passed), time))
            self.next += 1
        if key:
            all_keys, all_times = np.concatenate(key), np.concatenate(times)
            for which, wave, orders in by_wave(all_keys, self.waves):
                yield Completion(wave, orders, all_times[which])

    def _time(self, number: int) -> float:
        day, slot = divmod(number, self.per_day)
        return day * MINUTES_PER_DAY + (self.spec.opens + slot * self.slots.minutes)

    def _call(self, day: int, slot: int, time: float) -> IntArray:
        """Keys of the orders that pass in one slot."""
        due = int(np.searchsorted(self.first, time, side="right"))
        if not due and not len(self.late_key):
            return self.key[:0]
        key = np.concatenate([self.late_key, self.key[:due]])
        household = np.concatenate([self.late_household, self.household[:due]])
        first = np.concatenate([self.late_first, self.first[:due]])
        self.key, self.household, self.first = self.key[due:], self.household[due:], self.first[due:]
        # Who has waited since an earlier day, then building after building.
        order = np.lexsort((key, household, first // MINUTES_PER_DAY))
        key, household, first = key[order], household[order], first[order]
        is_called = call_to_slot(
            household, self.own[household] == slot, self.drop_point[household], self.slots.households, self.num_places
        )
        comes = is_called.copy()
        if self.slots.no_show_share:
            drawn = self.streams.uniform_at(f"no_show/{self.spec.name}", day, household[is_called])
            comes[is_called] = ~to_bernoulli(drawn, self.slots.no_show_share)
        self.late_key, self.late_household, self.late_first = key[~is_called], household[~is_called], first[~is_called]
        stays_away = is_called & ~comes
        if stays_away.any():
            tomorrow = np.full(int(stays_away.sum()), (day + 1) * MINUTES_PER_DAY)
            self._wait(key[stays_away], household[stays_away], tomorrow)
        passed: IntArray = key[comes]
        return passed

    def _wait(self, key: IntArray, household: IntArray, since: FloatArray) -> None:
        """Let orders wait for their own slot from `since` on."""
        first = np.concatenate([self.first, first_slot(since, self.own_minute(household), self.hours)])
        order = np.argsort(first, kind="stable")
        self.first = first[order]
        self.key = np.concatenate([self.key, key])[order]
        self.household = np.concatenate([self.household, household])[order]

    def _nobody(self) -> tuple[IntArray, IntArray, FloatArray]:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0)
