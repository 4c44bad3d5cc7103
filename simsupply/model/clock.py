"""SimPy environment and server pool that keep absolute times exact to the last bit."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush, heapreplace
from typing import Any

import simpy
from simpy.events import NORMAL, Event

from simsupply.model.calendars import Duty

# Behind every ordinary event of the same instant (SimPy's own priorities are 0 and 1).
END_OF_INSTANT = 2


class Clock(simpy.Environment):
    """SimPy's environment, with events at absolute times.

    SimPy schedules by delay, and ``now + (time - now)`` may miss `time` by a rounding error. The
    kernels work with absolute times, so both must mean the same number.
    """

    def at(self, time: float, priority: int = NORMAL) -> Event:
        """Event that happens at `time` >= now (minutes)."""
        event = Event(self)
        event._ok, event._value = True, None
        heappush(self._queue, (max(time, self._now), priority, next(self._eid), event))
        return event


class ServerPool:
    """Servers of one place with duty intervals, handed out in order of request.

    A request made or a server freed takes effect at the end of the instant, so that the order in
    which SimPy happens to process simultaneous events does not matter: the server free longest is
    taken, the lowest number among equals.
    """

    def __init__(self, clock: Clock, duty: Duty, place: int) -> None:
        self.clock = clock
        self.duty = duty
        self.waiting: deque[Event] = deque()
        self.idle: list[tuple[float, int]] = []
        self.interval = {
            server: int(duty.interval_ptr[server])
            for server in range(duty.server_ptr[place], duty.server_ptr[place + 1])
        }
        self._wake_at = float("inf")
        for server in self.interval:
            self._return(server, 0.0)

    def request(self) -> Event:
        """Event whose value is the server that was given."""
        event = Event(self.clock)
        self.waiting.append(event)
        self._wake(self.clock.now)
        return event

    def release(self, server: int) -> None:
        """Give a server back; it takes the next request now, or when it is next on duty."""
        self._return(server, self.clock.now)
        self._wake(self.clock.now)

    def duty_end(self, server: int) -> float:
        """End of the duty interval the server was last seen in (minutes)."""
        return float(self.duty.end[self.interval[server]])

    def _next_duty(self, server: int, moment: float) -> float:
        duty, last = self.duty, int(self.duty.interval_ptr[server + 1])
        at = self.interval[server]
        while at < last and duty.end[at] <= moment:
            at += 1
        self.interval[server] = at
        return max(moment, float(duty.start[at])) if at < last else float("inf")

    def _return(self, server: int, moment: float) -> None:
        available = self._next_duty(server, moment)
        if available < float("inf"):
            heappush(self.idle, (available, server))

    def _wake(self, time: float) -> None:
        if self.waiting and time < self._wake_at:
            self._wake_at = time
            event = self.clock.at(time, END_OF_INSTANT)
            assert event.callbacks is not None
            event.callbacks.append(self._match)

    def _match(self, event: Any) -> None:
        self._wake_at = float("inf")
        now = self.clock.now
        while self.waiting and self.idle:
            available, server = self.idle[0]
            if available > now:
                self._wake(available)
                return
            on_duty = self._next_duty(server, now)
            if on_duty == now:
                heappop(self.idle)
                self.waiting.popleft().succeed(server)
            elif on_duty < float("inf"):
                heapreplace(self.idle, (on_duty, server))
            else:
                heappop(self.idle)
