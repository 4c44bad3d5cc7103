"""Gates: what comes outside opening hours, or before its time slot, waits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.step import Completion
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
        self.calls = SlotCalls(spec, spec.slots, self.hours, scenario, streams) if spec.slots else None

    def advance(self, until: float) -> list[Completion]:
        """Let through whom it can; with slots, those of the slots that begin before `until`."""
        if self.calls is None:
            return super().advance(until)
        inbox, self.inbox = self.inbox, []
        for completion in inbox:
            self.calls.join(completion, not_before(completion.times, self.spec.days_ahead))
        return list(self.calls.advance(until))

    def release_times(self, completion: Completion) -> FloatArray:
        """When orders that have come are let through, where there are no slots."""
        return next_open(not_before(completion.times, self.spec.days_ahead), self.hours)
