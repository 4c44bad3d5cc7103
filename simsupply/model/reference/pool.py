"""Servers (people, vehicles) of one place as objects, and who gets which."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heapify, heappush
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.base.filling import fits
from simsupply.model.reference.clock import Clock, decided_at
from simsupply.model.staff.duty import Duty
from simsupply.scenario.paces import Pace

NEVER = float("inf")


@dataclass(frozen=True)
class Interval:
    """Half-open time on duty.

    Work in hand goes on without a stop until `halt`; `rule` says what happens to it then. What would not
    be done by `fit_end` is not begun in it. What is begun in it goes at `speed`. A trip goes on until `struck_at`.
    """

    start: float
    end: float
    halt: float
    rule: int
    fit_end: float = NEVER
    speed: float = 1.0
    struck_at: float = NEVER


@dataclass(eq=False)
class Server:
    """One worker or vehicle; `arrives`: somebody who joined the crew later."""

    number: int
    intervals: list[Interval]
    arrives: bool = False
    free_at: float = 0.0
    current: int = 0

    def next_interval(self, now: float) -> Interval | None:
        """The interval that contains `now`, or the next one; None: never again on duty."""
        while self.current < len(self.intervals) and self.intervals[self.current].end <= now:
            self.current += 1
        return self.intervals[self.current] if self.current < len(self.intervals) else None

    def free_since(self, now: float) -> float:
        """Since when it has been free and on duty without interruption; infinity: it is off duty."""
        interval = self.next_interval(now)
        return NEVER if interval is None or interval.start > now else max(self.free_at, interval.start)

    def has_time(self, now: float, minutes: float) -> bool:
        """Whether it is on duty and may begin something that takes so many minutes."""
        interval = self.next_interval(now)
        if interval is None or interval.start > now:
            return False
        return bool(fits(now + minutes / interval.speed, interval.fit_end))

    def next_start(self, now: float) -> float:
        """When its next duty interval after `now` starts; infinity: there is none."""
        self.next_interval(now)
        coming = self.intervals[self.current : self.current + 2]
        return next((interval.start for interval in coming if interval.start > now), NEVER)

    @property
    def struck_at(self) -> float:
        """When a trip on which it is stops: it breaks down, or a shock strikes it."""
        return self.intervals[self.current].struck_at

    def resume(self, halt: float | None = None) -> Interval | None:
        """Move on to the first interval after the halt of the one it is in, or after another one."""
        if halt is None:
            halt = self.intervals[self.current].halt
        self.current += 1
        while self.current < len(self.intervals) and self.intervals[self.current].start < halt:
            self.current += 1
        return self.intervals[self.current] if self.current < len(self.intervals) else None


@dataclass(eq=False)
class Job:
    """Something a server can be given. Jobs go in the order of `key`, once handed over first of all."""

    key: tuple[float, ...]
    content: Any
    minutes: float = 0.0
    is_ready: bool = False
    was_begun: bool = False
    ready_at: float = NEVER
    has_waited: bool = False
    doors: list[tuple[int, float]] = field(default_factory=list)
    # Minutes and doors at the pace of each kind of worker.
    by_pace: dict[Pace, tuple[float, list[tuple[int, float]]]] = field(default_factory=dict)
    # Of units that are served together: each of them.
    members: tuple[Job, ...] = ()

    def __lt__(self, other: Job) -> bool:
        return (not self.was_begun, self.key) < (not other.was_begun, other.key)


def servers_at(duty: Duty, place: int) -> list[Server]:
    """The servers of one place."""
    servers = []
    for number in range(duty.server_ptr[place], duty.server_ptr[place + 1]):
        of_server = slice(duty.interval_ptr[number], duty.interval_ptr[number + 1])
        columns: list[NDArray[Any]] = [duty.start, duty.end, duty.halt, duty.end_rule]
        columns.append(np.full(len(duty.start), NEVER) if duty.fit_end is None else duty.fit_end)
        columns.append(np.ones(len(duty.start)) if duty.speed is None else duty.speed)
        columns.append(np.full(len(duty.start), NEVER) if duty.struck_at is None else duty.struck_at)
        rows = zip(*(column[of_server].tolist() for column in columns), strict=True)
        arrives = duty.arrives is not None and bool(duty.arrives[number])
        servers.append(Server(number, [Interval(*row) for row in rows], arrives))
    return servers


class Settled(ABC):
    """Something that is settled at the end of an instant, one thing at a time."""

    def __init__(self, clock: Clock, rank: float, place: int) -> None:
        self.clock, self.priority = clock, decided_at(rank, place)
        self.is_woken = False

    def wake(self) -> None:
        """Something has changed: see at the end of this instant who can begin what."""
        if not self.is_woken:
            self.is_woken = True
            self._wake_at(self.clock.now)

    def _wake_at(self, time: float) -> None:
        if time < NEVER:
            self.clock.call(self._settle, time, self.priority)

    def _settle(self) -> None:
        self.is_woken = False
        if self._match():
            self.wake()

    @abstractmethod
    def _match(self) -> bool:
        """Begin one thing, if anything can begin; whether it did."""


class Queue:
    """Jobs that wait, in their order."""

    def __init__(self) -> None:
        self.waiting: list[Job] = []

    def put(self, job: Job) -> None:
        """Let a job wait for its turn."""
        heappush(self.waiting, job)
        self.wake()

    def take_out(self, job: Job) -> None:
        """Take a job out that waits no longer."""
        self.waiting.remove(job)
        heapify(self.waiting)

    def wake(self) -> None:
        """Something has changed."""


class Pool(Settled, Queue):
    """The vehicles of one place and the loads that wait for them.

    Who gets what is settled at the end of an instant, one load at a time: the first load, if it is
    ready, goes to the vehicle free longest of those on duty that have time for it, the lowest number
    among equals.
    """

    def __init__(self, clock: Clock, rank: int, duty: Duty, place: int, begin: Callable[[Job, Server], None]) -> None:
        Settled.__init__(self, clock, rank, place)
        Queue.__init__(self)
        self.begin = begin
        self.idle = servers_at(duty, place)

    def bring_back(self, server: Server) -> None:
        """Take a vehicle back."""
        server.free_at = self.clock.now
        self.idle.append(server)
        self.wake()

    def party(self, server: Server) -> tuple[Server, ...]:
        """Everybody on a trip: the vehicle with drivers of its own."""
        return (server,)

    def _match(self) -> bool:
        if not self.waiting or not self.waiting[0].is_ready:
            return False
        now, job = self.clock.now, self.waiting[0]
        could = [server for server in self.idle if server.has_time(now, job.minutes)]
        if not could:
            self._wake_for_next_duty()
            return False
        server = min(could, key=lambda server: (server.free_since(now), server.number))
        self.idle.remove(server)
        self.take_out(job)
        self.begin(job, server)
        return True

    def _wake_for_next_duty(self) -> None:
        self._wake_at(min((server.next_start(self.clock.now) for server in self.idle), default=NEVER))
