"""Delays of the reference engine."""

from __future__ import annotations

from simsupply.model.flow.waves import Wave
from simsupply.model.reference.clock import Clock
from simsupply.model.reference.steps.reference_step import ReferenceStep
from simsupply.strategy.steps.delay import Delay


class ReferenceDelay(ReferenceStep):
    """Time passes."""

    def __init__(self, clock: Clock, spec: Delay) -> None:
        super().__init__(clock, [spec.name])
        self.minutes = spec.minutes

    def arrive(self, wave: Wave, order: int) -> None:
        """Let it go after the standing time."""
        self.begin(self.names[0], "service", wave, order, self.clock.now)
        self.clock.call(lambda: self.finish(wave, order), self.clock.now + self.minutes)
