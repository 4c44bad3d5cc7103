"""What every step of the reference engine has in common: an order enters, and an event tells when it has finished."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable
from typing import Any

from simpy.events import Event

from simsupply.model.flow.end_state import Unfinished, VehicleUnderWay
from simsupply.model.flow.recorded import Recorded
from simsupply.model.flow.step import Load
from simsupply.model.flow.waits import WaitCells
from simsupply.model.flow.waves import Wave
from simsupply.model.reference.clock import Clock
from simsupply.records.replication import ShockRecord

Process = Generator[Event, Any, None]


class ReferenceStep(Recorded, ABC):
    """A step that orders enter one by one."""

    def __init__(self, clock: Clock, names: Iterable[str]) -> None:
        self.clock, self.names = clock, tuple(dict.fromkeys(names))
        # The place of the step on the way from list to door; simultaneous decisions go in this order.
        self.rank = 0
        # Of crews that do several things, told with the first of their steps.
        self.other_loads: list[Callable[[], list[Load]]] = []
        self.finished: dict[tuple[int, int], Event] = {}

    def open(self) -> None:
        """Get ready, once the rank is known."""
        return

    def expect(self, wave: Wave) -> None:
        """Learn of a wave at its release."""
        return

    def enter(self, wave: Wave, order: int) -> Event:
        """Take an order in; the event happens when it has finished the step."""
        event = self.finished[wave.number, order] = self.clock.event()
        self.arrive(wave, order)
        return event

    def finish(self, wave: Wave, order: int) -> None:
        """Let an order go on to the next step now."""
        self.finished.pop((wave.number, order)).succeed()

    @abstractmethod
    def arrive(self, wave: Wave, order: int) -> None:
        """Deal with an order that has just come."""

    def load(self) -> Load | None:
        """Work done up to the horizon; none for steps without workers."""
        return None

    def loads(self) -> list[Load]:
        """The same, of each fleet by itself where there are several."""
        load = self.load()
        return [load] if load else []

    def load_by_fleet(self) -> list[Load]:
        """The same, and that of crews that do several things."""
        return [*self.loads(), *(load for loads in self.other_loads for load in loads())]

    def struck(self) -> list[ShockRecord]:
        """What shocks did to it; none where no shock could."""
        return []

    def under_way_now(self) -> list[VehicleUnderWay]:
        """Vehicles on trips."""
        return []

    def unfinished(self) -> list[Unfinished]:
        """Units and loads of which some orders have not come."""
        return []

    def waited(self) -> WaitCells:
        """How long orders waited before it, up to the horizon; asked for once."""
        return WaitCells()

    def contacts(self) -> dict[str, int]:
        """Meetings of residents up to the horizon, by kind."""
        return {}
