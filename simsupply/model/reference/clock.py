"""SimPy's environment, with events at absolute times and at the end of an instant."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import Any

import simpy
from simpy.events import NORMAL, Event

# Behind every ordinary event of the same instant (SimPy's own priorities are 0 and 1).
END_OF_INSTANT = 2


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
