"""Steps without workers: when an order goes on follows from when it came."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from simsupply.model.flow.step import Completion, StepModel

FloatArray = NDArray[np.float64]


class UnattendedStep(StepModel):
    """Lets out whatever comes in, each order at a time of its own."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(names)
        self.inbox: list[Completion] = []

    def receive(self, completion: Completion) -> None:
        """Take orders in."""
        self.inbox.append(completion)

    def advance(self, until: float) -> list[Completion]:
        """Let everything out that has come in; the times may lie behind `until`."""
        if not self.inbox:
            return []
        inbox, self.inbox = self.inbox, []
        outbox = [completion._replace(times=self.release_times(completion)) for completion in inbox]
        for come, gone in zip(inbox, outbox, strict=True):
            self.note_waits(come, gone.times)
        return outbox

    def note_waits(self, come: Completion, times: FloatArray) -> None:
        """Note for what orders waited until `times`, if time that passes is a wait."""
        return

    @abstractmethod
    def release_times(self, completion: Completion) -> FloatArray:
        """When orders that have come may go on, minutes, shape (orders,)."""
