"""Rows of days that are not complete yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from simsupply.base.spec import MINUTES_PER_DAY

Part = TypeVar("Part")


class Pending(Generic[Part]):
    """Parts of a table by day, until the day is complete."""

    def __init__(self) -> None:
        self.parts: dict[int, list[Part]] = defaultdict(list)
        self.open_from = 0

    def days(self, minutes: NDArray[np.float64]) -> Iterator[tuple[int, NDArray[np.bool_]]]:
        """To which days times belong, and which of them to each; what is late belongs to the first open day."""
        days = np.maximum((minutes // MINUTES_PER_DAY).astype(np.int64), self.open_from)
        for day in np.unique(days).tolist():
            yield day, days == day

    def complete(self, until: float) -> Iterator[tuple[int, list[Part]]]:
        """Take out the days that end at or before `until`; nothing can be added to them any more."""
        self.open_from = int(until // MINUTES_PER_DAY)
        for day in sorted(day for day in self.parts if (day + 1) * MINUTES_PER_DAY <= until):
            yield day, self.parts.pop(day)
