"""Limited floor of a drop point or station."""

from __future__ import annotations

from heapq import heappop, heappush

from simpy.events import Event

from simsupply.model.reference.clock import FLOORS, Clock, decided_at


class Floor:
    """Vehicles that find no room for all their parcels wait, first come, first served; `number` among the floors."""

    def __init__(self, clock: Clock, number: int, parcels: float) -> None:
        self.clock, self.priority, self.room = clock, decided_at(FLOORS, number), parcels
        self.waiting: list[tuple[float, int, int, Event]] = []

    def enter(self, parcels: int, key: int) -> Event:
        """Ask for room; who comes in the same instant goes by `key`."""
        event = self.clock.event()
        heappush(self.waiting, (self.clock.now, key, parcels, event))
        self._wake()
        return event

    def leave(self, parcels: int) -> None:
        """Give room back."""
        self.room += parcels
        self._wake()

    def _wake(self) -> None:
        self.clock.call(self._admit, self.clock.now, self.priority)

    def _admit(self) -> None:
        if self.waiting and self.waiting[0][2] <= self.room:
            _, _, parcels, event = heappop(self.waiting)
            self.room -= parcels
            event.succeed()
            # The next one after whatever that brings about in this instant.
            self._wake()
