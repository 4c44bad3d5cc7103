"""Delays: time passes without a worker."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.step import Completion
from simsupply.model.steps.unattended import UnattendedStep
from simsupply.strategy.steps.delay import Delay

FloatArray = NDArray[np.float64]


class DelayStep(UnattendedStep):
    """The same minutes for every order."""

    def __init__(self, spec: Delay) -> None:
        super().__init__([spec.name])
        self.minutes = spec.minutes

    def release_times(self, completion: Completion) -> FloatArray:
        """When orders that have come may go on."""
        return completion.times + self.minutes

    def note_waits(self, come: Completion, times: FloatArray) -> None:
        """Time that passes is no wait."""
        self.begin(self.names[0], "service", come.wave, come.orders, come.times)
