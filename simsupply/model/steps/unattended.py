"""Steps without workers: when an order goes on follows from when it came."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.step import Passed, StepModel

FloatArray = NDArray[np.float64]


class UnattendedStep(StepModel):
    """Lets out whatever comes in, each order at a time of its own."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(names)
        self.inbox: list[Passed] = []

    def receive(self, passed: Passed) -> None:
        """Take orders in."""
        self.inbox.append(passed)

    def advance(self, until: float) -> list[Passed]:
        """Let everything out that has come in; the times may lie behind `until`."""
        inbox, self.inbox = self.inbox, []
        return [passed._replace(times=self.release_times(passed)) for passed in inbox]

    @abstractmethod
    def release_times(self, passed: Passed) -> FloatArray:
        """When orders that have come may go on, minutes, shape (orders,)."""
