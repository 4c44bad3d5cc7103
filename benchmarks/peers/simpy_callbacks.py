"""SimPy without processes: its event list only, with bare callbacks and queues of one's own."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from typing import Any

import simpy

from benchmarks.peers import reference as r


class _Servers:
    """A first come, first served group: `finish` is called with each item and returns nothing."""

    def __init__(
        self, env: simpy.Environment, count: int, draw: Callable[[], float], finish: Callable[[Any], None]
    ) -> None:
        self.env, self.free, self.draw, self.finish = env, count, draw, finish
        self.line: deque[Any] = deque()

    def take(self, item: Any) -> None:
        if self.free:
            self.free -= 1
            self.begin(item)
        else:
            self.line.append(item)

    def begin(self, item: Any) -> None:
        self.env.timeout(self.draw(), item).callbacks.append(self.end)

    def end(self, event: simpy.Event) -> None:
        self.finish(event.value)
        self.release()

    def release(self) -> None:
        if self.line:
            self.begin(self.line.popleft())
        else:
            self.free += 1


class _Vehicles(_Servers):
    """A vehicle is free again when it is back."""

    def end(self, event: simpy.Event) -> None:
        self.finish(event.value)
        self.env.timeout(self.draw()).callbacks.append(lambda back: self.release())


def _feed(env: simpy.Environment, num_orders: int, draw: Callable[[], float], take: Callable[[float], None]) -> None:
    left = num_orders

    def arrive(event: simpy.Event) -> None:
        nonlocal left
        left -= 1
        if left:
            env.timeout(draw()).callbacks.append(arrive)
        take(env.now)

    env.timeout(draw()).callbacks.append(arrive)


def tandem(num_orders: int) -> Callable[[int], float]:
    """Mean sojourn in the tandem."""

    def run(seed: int) -> float:
        env, draws, sojourn = simpy.Environment(), random.Random(seed), 0.0
        batch: list[float] = []

        def picked(placed: float) -> None:
            nonlocal batch
            batch.append(placed)
            if len(batch) == r.BATCH:
                vehicles.take(batch)
                batch = []

        def carried(load: list[float]) -> None:
            for placed in load:
                couriers.take(placed)

        def delivered(placed: float) -> None:
            nonlocal sojourn
            sojourn += env.now - placed

        pickers = _Servers(env, r.PICKERS, lambda: draws.lognormvariate(r.PICK_MU, r.PICK_SIGMA), picked)
        vehicles = _Vehicles(env, r.VEHICLES, lambda: draws.uniform(r.DRIVE_LOW, r.DRIVE_HIGH), carried)
        couriers = _Servers(env, r.COURIERS, lambda: draws.expovariate(1 / r.DOOR_MEAN), delivered)
        _feed(env, num_orders, lambda: draws.expovariate(r.TANDEM_RATE), pickers.take)
        env.run()
        return sojourn / num_orders

    return run


def queue(num_orders: int) -> Callable[[int], float]:
    """Mean sojourn in the queue."""

    def run(seed: int) -> float:
        env, draws, sojourn = simpy.Environment(), random.Random(seed), 0.0

        def served(placed: float) -> None:
            nonlocal sojourn
            sojourn += env.now - placed

        servers = _Servers(env, r.SERVERS, lambda: draws.expovariate(1 / r.SERVICE_MEAN), served)
        _feed(env, num_orders, lambda: draws.expovariate(r.QUEUE_RATE), servers.take)
        env.run()
        return sojourn / num_orders

    return run
