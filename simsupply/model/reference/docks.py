"""Docks of one place, some of which may be closed for a time."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count

from simpy.events import Event

from simsupply.model.city.closures import Pace
from simsupply.model.reference.clock import Clock

NEVER = float("inf")


class Docks:
    """Vehicles wait for a dock that is free and open, first come, first served; the lowest number goes first.

    Who comes in the same instant goes by `key`; those that are given their loads one after the other, in this order.
    `openings` say when a dock may be taken, `calendars` how work there goes on.
    """

    def __init__(
        self, clock: Clock, priority: float, openings: Sequence[int], calendars: Sequence[int], pace: Pace
    ) -> None:
        self.clock, self.priority, self.pace = clock, priority, pace
        self.openings, self.calendars = list(openings), list(calendars)
        self.free = set(range(len(self.calendars)))
        self.waiting: list[tuple[float, int, int, Event]] = []
        self.turn = count()

    def request(self, key: int = 0) -> Event:
        """Ask for a dock; the event happens with its number."""
        event = self.clock.event()
        heappush(self.waiting, (self.clock.now, key, next(self.turn), event))
        self._wake(self.clock.now)
        return event

    def release(self, dock: int) -> None:
        """Give it back."""
        self.free.add(dock)
        self._wake(self.clock.now)

    def _wake(self, time: float) -> None:
        if time < NEVER:
            self.clock.call(self._match, time, self.priority)

    def _match(self) -> None:
        if not self.waiting:
            return
        now = self.clock.now
        opens = {dock: self.pace.opens(self.openings[dock], now) for dock in self.free}
        ready = [dock for dock, time in opens.items() if time <= now]
        if not ready:
            self._wake(min(opens.values(), default=NEVER))
            return
        dock = min(ready)
        self.free.remove(dock)
        heappop(self.waiting)[-1].succeed(dock)
        self._wake(now)
