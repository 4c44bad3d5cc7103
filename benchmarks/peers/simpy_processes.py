"""SimPy as its documentation teaches it: one process per order."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator

import simpy

from benchmarks.peers import reference as r

Process = Generator[simpy.Event, object, None]


class _Tandem:
    def __init__(self, num_orders: int, seed: int) -> None:
        self.env, self.random, self.num_orders = simpy.Environment(), random.Random(seed), num_orders
        self.pickers = simpy.Resource(self.env, r.PICKERS)
        self.vehicles = simpy.Resource(self.env, r.VEHICLES)
        self.couriers = simpy.Resource(self.env, r.COURIERS)
        self.batch, self.in_batch = simpy.Event(self.env), 0
        self.sojourn = 0.0
        self.env.process(self.arrivals())

    def arrivals(self) -> Process:
        for _ in range(self.num_orders):
            yield self.env.timeout(self.random.expovariate(r.TANDEM_RATE))
            self.env.process(self.order())

    def order(self) -> Process:
        placed = self.env.now
        with self.pickers.request() as picker:
            yield picker
            yield self.env.timeout(self.random.lognormvariate(r.PICK_MU, r.PICK_SIGMA))
        batch = self.batch
        self.in_batch += 1
        if self.in_batch == r.BATCH:
            self.env.process(self.carry(batch))
            self.batch, self.in_batch = simpy.Event(self.env), 0
        yield batch
        with self.couriers.request() as courier:
            yield courier
            yield self.env.timeout(self.random.expovariate(1 / r.DOOR_MEAN))
        self.sojourn += self.env.now - placed

    def carry(self, batch: simpy.Event) -> Process:
        with self.vehicles.request() as vehicle:
            yield vehicle
            yield self.env.timeout(self.random.uniform(r.DRIVE_LOW, r.DRIVE_HIGH))
            batch.succeed()
            yield self.env.timeout(self.random.uniform(r.DRIVE_LOW, r.DRIVE_HIGH))


def tandem(num_orders: int) -> Callable[[int], float]:
    """Mean sojourn in the tandem."""

    def run(seed: int) -> float:
        model = _Tandem(num_orders, seed)
        model.env.run()
        return model.sojourn / num_orders

    return run


class _Point:
    """People who do everything: who waits nearest to the door goes first."""

    def __init__(self, num_orders: int, draws: random.Random) -> None:
        self.env, self.random, self.num_orders = simpy.Environment(), draws, num_orders
        self.people = simpy.PriorityResource(self.env, r.CREW_PEOPLE)
        self.vans = simpy.Resource(self.env, r.CREW_VANS)
        self.batch, self.in_batch = simpy.Event(self.env), 0
        self.sojourn = 0.0
        self.env.process(self.arrivals())

    def arrivals(self) -> Process:
        for _ in range(self.num_orders):
            yield self.env.timeout(self.random.expovariate(r.CREW_RATE))
            self.env.process(self.order(self.batch))
            self.in_batch += 1
            if self.in_batch == r.CREW_BATCH:
                self.env.process(self.fetch(self.batch))
                self.batch, self.in_batch = simpy.Event(self.env), 0

    def order(self, batch: simpy.Event) -> Process:
        placed = self.env.now
        yield batch
        with self.people.request(priority=1) as person:
            yield person
            yield self.env.timeout(self.random.lognormvariate(r.CREW_SORT_MU, r.CREW_SORT_SIGMA))
        with self.people.request(priority=0) as person:
            yield person
            yield self.env.timeout(self.random.expovariate(1 / r.CREW_DOOR_MEAN))
        self.sojourn += self.env.now - placed

    def fetch(self, batch: simpy.Event) -> Process:
        with self.vans.request() as van:
            yield van
            with self.people.request(priority=2) as person:
                yield person
                yield self.env.timeout(self.random.uniform(r.CREW_DRIVE_LOW, r.CREW_DRIVE_HIGH))
                yield self.env.timeout(self.random.uniform(r.CREW_DRIVE_LOW, r.CREW_DRIVE_HIGH))
                batch.succeed()


def crew(num_orders: int) -> Callable[[int], float]:
    """Mean sojourn of points with shared crews."""
    of_point = num_orders // (r.POINTS * r.CREW_BATCH) * r.CREW_BATCH

    def run(seed: int) -> float:
        draws, total = random.Random(seed), 0.0
        for _ in range(r.POINTS):
            point = _Point(of_point, draws)
            point.env.run()
            total += point.sojourn
        return total / (of_point * r.POINTS)

    return run


def queue(num_orders: int) -> Callable[[int], float]:
    """Mean sojourn in the queue."""

    def run(seed: int) -> float:
        env, draws, sojourn = simpy.Environment(), random.Random(seed), 0.0
        servers = simpy.Resource(env, r.SERVERS)

        def arrivals() -> Process:
            for _ in range(num_orders):
                yield env.timeout(draws.expovariate(r.QUEUE_RATE))
                env.process(customer())

        def customer() -> Process:
            nonlocal sojourn
            placed = env.now
            with servers.request() as server:
                yield server
                yield env.timeout(draws.expovariate(1 / r.SERVICE_MEAN))
            sojourn += env.now - placed

        env.process(arrivals())
        env.run()
        return sojourn / num_orders

    return run
