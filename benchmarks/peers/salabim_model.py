"""Salabim with a fixed set of workers as components; orders are numbers in plain queues."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Generator
from typing import Any

import salabim

from benchmarks.peers import reference as r

salabim.yieldless(False)  # generators are faster than greenlets


class _Line:
    """A first come, first served line and the workers who wait for something to come."""

    def __init__(self) -> None:
        self.items: deque[Any] = deque()
        self.idle: deque[salabim.Component] = deque()

    def put(self, item: Any) -> None:
        self.items.append(item)
        if self.idle:
            self.idle.popleft().activate()


class _Worker(salabim.Component):
    """Takes items from `line`, works for `draw()` minutes, calls `finish`, then is away for `back()` minutes."""

    def setup(self, line: _Line, draw: Callable[[], float], finish: Callable[[Any], None], back: Any = None) -> None:
        self.line, self.draw, self.finish, self.back = line, draw, finish, back

    def process(self) -> Generator[Any, Any, None]:
        line, draw, finish, back = self.line, self.draw, self.finish, self.back
        while True:
            while not line.items:
                line.idle.append(self)
                yield self.passivate()
            item = line.items.popleft()
            yield self.hold(draw())
            finish(item)
            if back:
                yield self.hold(back())


class _Arrivals(salabim.Component):
    def setup(self, num_orders: int, draw: Callable[[], float], line: _Line) -> None:
        self.num_orders, self.draw, self.line = num_orders, draw, line

    def process(self) -> Generator[Any, Any, None]:
        for _ in range(self.num_orders):
            yield self.hold(self.draw())
            self.line.put(self.env.now())


def tandem(num_orders: int) -> Callable[[int], float]:
    """Mean sojourn in the tandem."""

    def run(seed: int) -> float:
        env, draws, sojourn = salabim.Environment(trace=False), random.Random(seed), 0.0
        to_pick, to_carry, to_door = _Line(), _Line(), _Line()
        batch: list[float] = []

        def picked(placed: float) -> None:
            nonlocal batch
            batch.append(placed)
            if len(batch) == r.BATCH:
                to_carry.put(batch)
                batch = []

        def carried(load: list[float]) -> None:
            for placed in load:
                to_door.put(placed)

        def delivered(placed: float) -> None:
            nonlocal sojourn
            sojourn += env.now() - placed

        def drive() -> float:
            return draws.uniform(r.DRIVE_LOW, r.DRIVE_HIGH)

        for _ in range(r.PICKERS):
            _Worker(line=to_pick, draw=lambda: draws.lognormvariate(r.PICK_MU, r.PICK_SIGMA), finish=picked)
        for _ in range(r.VEHICLES):
            _Worker(line=to_carry, draw=drive, finish=carried, back=drive)
        for _ in range(r.COURIERS):
            _Worker(line=to_door, draw=lambda: draws.expovariate(1 / r.DOOR_MEAN), finish=delivered)
        _Arrivals(num_orders=num_orders, draw=lambda: draws.expovariate(r.TANDEM_RATE), line=to_pick)
        env.run()
        return sojourn / num_orders

    return run


def queue(num_orders: int) -> Callable[[int], float]:
    """Mean sojourn in the queue."""

    def run(seed: int) -> float:
        env, draws, sojourn, line = salabim.Environment(trace=False), random.Random(seed), 0.0, _Line()

        def served(placed: float) -> None:
            nonlocal sojourn
            sojourn += env.now() - placed

        for _ in range(r.SERVERS):
            _Worker(line=line, draw=lambda: draws.expovariate(1 / r.SERVICE_MEAN), finish=served)
        _Arrivals(num_orders=num_orders, draw=lambda: draws.expovariate(r.QUEUE_RATE), line=line)
        env.run()
        return sojourn / num_orders

    return run
