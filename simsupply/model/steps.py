"""What every step of a channel has in common: it takes finished orders in and gives them out later.

A step works in windows of time. Within a window the steps of a channel are advanced one after the
other, from list to door: since goods only flow forward, a step then knows everything that reaches
it before the window's end, and its result is exact however long the window is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simsupply.config.spec import MINUTES_PER_DAY
from simsupply.model.waves import Wave
from simsupply.strategy.steps import Gate, Hold

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Passed(NamedTuple):
    """Orders of one wave that have finished a step, and when."""

    wave: Wave
    orders: IntArray
    times: FloatArray

    def before(self, moment: float) -> Passed:
        """Those that finished before `moment`."""
        is_before = self.times < moment
        return self if is_before.all() else Passed(self.wave, self.orders[is_before], self.times[is_before])


@dataclass
class Load:
    """What a step did up to the horizon, for utilisation and hours worked (minutes, km)."""

    busy_min: float = 0.0
    overtime_min: float = 0.0
    scheduled_min: float = 0.0
    vehicle_km: float = 0.0
    people_per_server: int = 1
    people: str = "worker"


class StepModel(ABC):
    """A crew, a fleet, a hold or a gate at all its places, for every channel that uses it."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(names))

    def expect(self, wave: Wave) -> None:
        """Learn of a wave at its release, before any of its orders arrives."""
        return None

    @abstractmethod
    def receive(self, passed: Passed) -> None:
        """Take orders that have finished the step before (times may lie in the future)."""

    @abstractmethod
    def advance(self, until: float) -> list[Passed]:
        """Go on to `until`; return the orders whose time of finishing has become known."""

    def load(self) -> Load | None:
        """Work done; none for steps without workers."""
        return None


class HoldStep(StepModel):
    """Time passes without a worker."""

    def __init__(self, spec: Hold) -> None:
        super().__init__([spec.name])
        self.minutes = spec.minutes
        self.inbox: list[Passed] = []

    def receive(self, passed: Passed) -> None:
        """Take orders in."""
        self.inbox.append(passed)

    def advance(self, until: float) -> list[Passed]:
        """Let everything out, each after the standing time."""
        inbox, self.inbox = self.inbox, []
        return [Passed(wave, orders, self.release_times(times)) for wave, orders, times in inbox]

    def release_times(self, times: FloatArray) -> FloatArray:
        """When orders that came at `times` may go on."""
        return times + self.minutes


class GateStep(HoldStep):
    """Open between two times of day; what comes outside waits for the next opening."""

    def __init__(self, spec: Gate) -> None:
        super().__init__(Hold(name=spec.name, minutes=0.0))
        self.opens, self.closes = spec.opens, spec.closes

    def release_times(self, times: FloatArray) -> FloatArray:
        """When orders that came at `times` are let through."""
        midnight = np.floor(times / MINUTES_PER_DAY) * MINUTES_PER_DAY
        of_day = times - midnight
        opening = np.where(of_day >= self.closes, midnight + MINUTES_PER_DAY, midnight) + self.opens
        return np.where((of_day >= self.opens) & (of_day < self.closes), times, opening)
