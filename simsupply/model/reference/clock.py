"""SimPy's environment, with events at absolute times and at the end of an instant."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import Any

import simpy
from simpy.events import NORMAL, Event

# Behind every ordinary event of the same instant (SimPy's own priorities are 0 and 1).
END_OF_INSTANT = 2
# What is decided then goes in a fixed order, lowest number first: floors, docks for unloading, then by the rank of a
# step (1, 2, ...) its docks for loading, its loads, its people or vehicles. Within each kind: place by place.
FLOORS, UNLOADING_DOCKS = 0.0, 0.2
LOADING_DOCKS, LOADS = -0.5, -0.25
# More places than that of one kind there are not.
_PLACES = 1 << 24


def decided_at(rank: float, place: int = 0) -> float:
    """When in an instant something is decided, as a priority: by rank, and by place where ranks are equal."""
    return END_OF_INSTANT + rank + place / _PLACES / 8


class Clock(simpy.Environment):
    """SimPy's environment with absolute times.

    SimPy schedules by delay, and ``now + (time - now)`` may miss `time` by a rounding error. The
    kernels work with absolute times, so both must mean the same number.
    """

    def at(self, time: float, priority: float = NORMAL) -> Event:
        """Event that happens at `time` >= now (minutes)."""
        event = Event(self)
        event._ok, event._value = True, None  # noqa: SLF001 -- as in SimPy's own Timeout, which is an event in so many minutes
        queue: list[Any] = self._queue
        heappush(queue, (max(time, self._now), priority, next(self._eid), event))
        return event

    def call(self, action: Callable[[], None], time: float, priority: float = NORMAL) -> None:
        """Do something at `time`."""
        event = self.at(time, priority)
        assert event.callbacks is not None  # it has not happened yet
        event.callbacks.append(lambda _: action())
