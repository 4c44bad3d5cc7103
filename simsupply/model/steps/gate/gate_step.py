"""Gates: what comes outside opening hours, or before its time slot, waits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.step import Completion
from simsupply.model.flow.wait_hours import WaitHours
from simsupply.model.flow.waits import WaitCells, WaitMeter
from simsupply.model.steps.gate.opening_hours import Hours, next_open, not_before
from simsupply.model.steps.gate.slot_calls import SlotCalls
from simsupply.model.steps.unattended import UnattendedStep
from simsupply.scenario.world import Scenario
from simsupply.strategy.steps.gate import Gate
from simsupply.streams.keyed import Streams

FloatArray = NDArray[np.float64]


class GateStep(UnattendedStep):
    """Open between two times of day on some days; what comes outside waits for the next opening, or for its slot."""

    def __init__(self, spec: Gate, scenario: Scenario, streams: Streams) -> None:
        super().__init__([spec.name])
        self.spec = spec
        self.hours = Hours(spec.opens, spec.closes, spec.weekdays, scenario.first_weekday)
        self.meter = WaitMeter(WaitHours(scenario.horizon_min, scenario.target_min))
        self.calls = SlotCalls(spec, spec.slots, self.hours, scenario, streams) if spec.slots else None

    def advance(self, until: float) -> list[Completion]:
        """Let through whom it can; with slots, those of the slots that begin before `until`."""
        if self.calls is None:
            return super().advance(until)
        inbox, self.inbox = self.inbox, []
        for come in inbox:
            since = not_before(come.times, self.spec.days_ahead)
            opens = next_open(since, self.hours)
            self.note_waits(come, opens)
            self.meter.wait_from(come.wave, self.spec.name, come.orders, opens, "gate")
            self.calls.join(come, since)
        called = list(self.calls.advance(until))
        for wave, orders, times in called:
            self.queue_changes(self.spec.name, "drop_point", wave, orders, times, -1)
            self.meter.wait_no_more(wave, self.spec.name, orders, times, cause="gate")
        return called

    def release_times(self, completion: Completion) -> FloatArray:
        """When orders that have come are let through, where there are no slots."""
        return next_open(not_before(completion.times, self.spec.days_ahead), self.hours)

    def note_waits(self, come: Completion, times: FloatArray) -> None:
        """Note that orders wait until it opens at `times`, as the plan orders."""
        wave, name, meter = come.wave, self.spec.name, self.meter
        meter.come(wave.base, name, int(np.count_nonzero(come.times < meter.hours.horizon)))
        meter.wait_from(wave, name, come.orders, come.times, "gate", is_ordered=True)
        meter.wait_no_more(wave, name, come.orders, times, cause="gate", is_ordered=True)
        self.queue_changes(name, "drop_point", wave, come.orders, come.times, 1)
        if self.calls is None:
            self.queue_changes(name, "drop_point", wave, come.orders, times, -1)

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        return self.meter
