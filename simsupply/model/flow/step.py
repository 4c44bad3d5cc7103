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

from simsupply.model.flow.recorded import Recorded
from simsupply.model.flow.waits import WaitCells
from simsupply.model.flow.waves import Wave
from simsupply.records.replication import ShockRecord

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Completion(NamedTuple):
    """Orders of one wave that have finished a step, and when."""

    wave: Wave
    orders: IntArray
    times: FloatArray

    def before(self, moment: float) -> Completion:
        """Those that finished before `moment`."""
        is_before = self.times < moment
        return self if is_before.all() else Completion(self.wave, self.orders[is_before], self.times[is_before])


@dataclass
class Load:
    """What a step did up to the horizon, for utilisation and hours worked (minutes, km).

    `names`: the steps of a crew that does several things; empty: the names of the step itself.
    """

    busy_min: float = 0.0
    overtime_min: float = 0.0
    scheduled_min: float = 0.0
    apart_min: float = 0.0
    busy_by_step: tuple[float, ...] = ()
    vehicle_km: float = 0.0
    people_per_server: int = 1
    people: str = "worker"
    fleet: str = ""
    trips: int = 0
    turned_back: int = 0
    dock_wait_min: float = 0.0
    road_wait_min: float = 0.0
    place_wait_min: float = 0.0
    floor_wait_min: float = 0.0
    names: tuple[str, ...] = ()


class StepModel(Recorded, ABC):
    """A crew, a fleet, a hold or a gate at all its places, for every channel that uses it."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        # What of the work was that of each.
        self.busy_by_step = np.zeros(len(self.names))

    def expect(self, wave: Wave) -> None:
        """Learn of a wave at its release, before any of its orders arrives."""
        return

    @abstractmethod
    def receive(self, completion: Completion) -> None:
        """Take orders that have finished the step before (times may lie in the future)."""

    @abstractmethod
    def advance(self, until: float) -> list[Completion]:
        """Go on to `until`; return the orders whose time of finishing has become known."""

    def load(self) -> Load | None:
        """Work done; none for steps without workers."""
        return None

    def load_by_fleet(self) -> list[Load]:
        """The same, of each fleet by itself where there are several."""
        load = self.load()
        return [load] if load else []

    def struck(self) -> list[ShockRecord]:
        """What shocks did to it; none where no shock could."""
        return []

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        return WaitCells()

    def contacts(self) -> dict[str, int]:
        """Meetings of residents up to the horizon, by kind; an order counts once it has finished the step."""
        return {}
