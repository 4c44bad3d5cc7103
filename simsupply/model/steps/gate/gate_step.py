"""Gates: what comes outside opening hours, or before its time slot, waits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY
from simsupply.model.flow.step import Completion
from simsupply.model.flow.wait_hours import WaitHours
from simsupply.model.flow.waits import WaitCells, WaitMeter
from simsupply.model.kernels.choosing import slot_numbers
from simsupply.model.steps.gate.opening_hours import (
    Hours,
    next_open,
    next_slot,
    not_before,
    slots_per_day,
)
from simsupply.model.steps.unattended import UnattendedStep
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.gate import Gate
from simsupply.streams.keyed import Streams, to_bernoulli

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class GateStep(UnattendedStep):
    """Open between two times of day on some days; what comes outside waits for the next opening."""

    def __init__(self, spec: Gate, scenario: Scenario, streams: Streams) -> None:
        super().__init__([spec.name])
        self.spec, self.streams = spec, streams
        self.hours = Hours(spec.opens, spec.closes, spec.weekdays, scenario.first_weekday)
        self.meter = WaitMeter(WaitHours(scenario.horizon_min, scenario.target_min))
        self.num_days = round(scenario.end_min / MINUTES_PER_DAY)
        self.slot: NDArray[np.int32] | None = None
        if spec.slots:
            households = scenario.households
            number = slot_numbers(households.drop_point, households.building, spec.slots.households)
            self.slot = number % np.int32(slots_per_day(spec))

    def release_times(self, completion: Completion) -> FloatArray:
        """When orders that have come are let through."""
        since = not_before(completion.times, self.spec.days_ahead)
        if not self.spec.slots or self.slot is None:
            return next_open(since, self.hours)
        households = completion.wave.household[completion.orders]
        of_day = self.spec.opens + self.slot[households].astype(np.float64) * self.spec.slots.minutes
        purpose, no_show = f"no_show/{self.spec.name}", self.spec.slots.no_show_share

        def shows_up(day: int, which: IntArray) -> NDArray[np.bool_]:
            if not no_show:
                return np.ones(len(which), dtype=bool)
            return ~to_bernoulli(self.streams.uniform_at(purpose, day, households[which]), no_show)

        return next_slot(since, of_day, self.hours, self.num_days, shows_up)

    def note_waits(self, come: Completion, times: FloatArray) -> None:
        """Note how long orders waited: until it opens as the plan orders, then for their slot."""
        wave, name, meter = come.wave, self.spec.name, self.meter
        meter.come(wave.base, name, int(np.count_nonzero(come.times < meter.hours.horizon)))
        meter.wait_from(wave, name, come.orders, come.times, "gate", is_ordered=True)
        opens = times
        if self.spec.slots:
            opens = next_open(not_before(come.times, self.spec.days_ahead), self.hours)
            meter.wait_from(wave, name, come.orders, opens, "gate")
            meter.wait_no_more(wave, name, come.orders, times, cause="gate")
        meter.wait_no_more(wave, name, come.orders, opens, cause="gate", is_ordered=True)

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        return self.meter
