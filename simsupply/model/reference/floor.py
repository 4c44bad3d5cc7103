"""Limited floor of a drop point or station."""

from __future__ import annotations

from heapq import heappop, heappush

from simpy.events import Event

from simsupply.model.reference.clock import FLOORS, Clock, decided_at
from simsupply.records.levels import LevelRecorder
from simsupply.scenario.place_kinds import PlaceKind


class Floor:
    """Vehicles that find no room for all their parcels wait, first come, first served; `number` among the floors."""

    def __init__(self, clock: Clock, number: int, parcels: float) -> None:
        self.clock, self.priority, self.room = clock, decided_at(FLOORS, number), parcels
        self.waiting: list[tuple[float, int, int, Event]] = []
        self.levels: LevelRecorder | None = None
        self.at: tuple[PlaceKind, int] = "drop_point", -1

    def record(self, at: tuple[PlaceKind, int], levels: LevelRecorder | None) -> None:
        """Tell how much stands on it, and who waits; `at`: which floor it is."""
        self.at, self.levels = at, levels

    def _change(self, level: str, by: int) -> None:
        if self.levels:
            self.levels.change(level, "", *self.at, self.clock.now, by)

    def enter(self, parcels: int, key: int) -> Event:
        """Ask for room; who comes in the same instant goes by `key`."""
        event = self.clock.event()
        heappush(self.waiting, (self.clock.now, key, parcels, event))
        self._change("floor_queue", 1)
        self._wake()
        return event

    def leave(self, parcels: int) -> None:
        """Give room back."""
        self.room += parcels
        self._change("floor", -parcels)
        self._wake()

    def _wake(self) -> None:
        self.clock.call(self._admit, self.clock.now, self.priority)

    def _admit(self) -> None:
        if self.waiting and self.waiting[0][2] <= self.room:
            _, _, parcels, event = heappop(self.waiting)
            self.room -= parcels
            self._change("floor_queue", -1)
            self._change("floor", parcels)
            event.succeed()
            # The next one after whatever that brings about in this instant.
            self._wake()
