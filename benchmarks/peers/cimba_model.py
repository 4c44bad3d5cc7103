"""Cimba: a compiled engine in C with models written in Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cimba as cb

from benchmarks.peers import reference as r


class Tandem(cb.Model):
    """Workers as processes; orders are floats (the minute they were placed) that pass through stores."""

    num_orders: cb.Param[int]
    rate: cb.Param[float] = r.TANDEM_RATE
    mu: cb.Param[float] = r.PICK_MU
    sigma: cb.Param[float] = r.PICK_SIGMA
    batch: cb.Param[int] = r.BATCH
    low: cb.Param[float] = r.DRIVE_LOW
    high: cb.Param[float] = r.DRIVE_HIGH
    door: cb.Param[float] = r.DOOR_MEAN
    to_pick: cb.Store[float]
    to_carry: cb.Store[int]
    to_door: cb.Store[float]
    picked: cb.Array[float]
    num_picked: int = 0
    num_delivered: int = 0
    total: float = 0.0
    sojourn: cb.Output[float]

    @cb.process
    def arrivals(self):
        for _ in range(self.num_orders):
            cb.hold(cb.random.exponential(1.0 / self.rate))
            self.to_pick.put(cb.now())

    @cb.process(copies=r.PICKERS)
    def picker(self):
        while True:
            placed = self.to_pick.get()
            cb.hold(cb.random.lognormal(self.mu, self.sigma))
            self.picked[self.num_picked] = placed
            self.num_picked += 1
            if self.num_picked % self.batch == 0:
                self.to_carry.put(self.num_picked - self.batch)

    @cb.process(copies=r.VEHICLES)
    def vehicle(self):
        while True:
            first = self.to_carry.get()
            cb.hold(cb.random.uniform(self.low, self.high))
            for number in range(first, first + self.batch):
                self.to_door.put(self.picked[number])
            cb.hold(cb.random.uniform(self.low, self.high))

    @cb.process(copies=r.COURIERS)
    def courier(self):
        while True:
            placed = self.to_door.get()
            cb.hold(cb.random.exponential(self.door))
            self.total += cb.now() - placed
            self.num_delivered += 1
            if self.num_delivered == self.num_orders:
                cb.end_trial()

    @cb.on_end
    def measure(self):
        self.sojourn = self.total / self.num_delivered


class Queue(cb.Model):
    """M/M/3."""

    num_orders: cb.Param[int]
    rate: cb.Param[float] = r.QUEUE_RATE
    service: cb.Param[float] = r.SERVICE_MEAN
    line: cb.Store[float]
    num_delivered: int = 0
    total: float = 0.0
    sojourn: cb.Output[float]

    @cb.process
    def arrivals(self):
        for _ in range(self.num_orders):
            cb.hold(cb.random.exponential(1.0 / self.rate))
            self.line.put(cb.now())

    @cb.process(copies=r.SERVERS)
    def server(self):
        while True:
            placed = self.line.get()
            cb.hold(cb.random.exponential(self.service))
            self.total += cb.now() - placed
            self.num_delivered += 1
            if self.num_delivered == self.num_orders:
                cb.end_trial()

    @cb.on_end
    def measure(self):
        self.sojourn = self.total / self.num_delivered


class SharedCrew(cb.Model):
    """One point: a store of jobs by how near they are to the door; a load is a job when it has a van."""

    num_orders: cb.Param[int]
    rate: cb.Param[float] = r.CREW_RATE
    mu: cb.Param[float] = r.CREW_SORT_MU
    sigma: cb.Param[float] = r.CREW_SORT_SIGMA
    batch: cb.Param[int] = r.CREW_BATCH
    num_vans: cb.Param[int] = r.CREW_VANS
    low: cb.Param[float] = r.CREW_DRIVE_LOW
    high: cb.Param[float] = r.CREW_DRIVE_HIGH
    door: cb.Param[float] = r.CREW_DOOR_MEAN
    to_fetch: cb.Store[int]
    vans: cb.Store[int]
    jobs: cb.PriorityStore[int]
    placed: cb.Array[float]
    num_delivered: int = 0
    total: float = 0.0
    sojourn: cb.Output[float]

    @cb.process
    def arrivals(self):
        for number in range(self.num_orders):
            cb.hold(cb.random.exponential(1.0 / self.rate))
            self.placed[number] = cb.now()
            if (number + 1) % self.batch == 0:
                self.to_fetch.put(number + 1 - self.batch)

    @cb.process
    def dispatcher(self):
        for van in range(self.num_vans):
            self.vans.put(van)
        while True:
            first = self.to_fetch.get()
            self.vans.get()
            self.jobs.put(3 * first, 0)

    @cb.process(copies=r.CREW_PEOPLE)
    def person(self):
        while True:
            job = self.jobs.get()
            number = job // 3
            if job % 3 == 0:
                cb.hold(cb.random.uniform(self.low, self.high))
                cb.hold(cb.random.uniform(self.low, self.high))
                for other in range(number, number + self.batch):
                    self.jobs.put(3 * other + 1, 1)
                self.vans.put(0)
            elif job % 3 == 1:
                cb.hold(cb.random.lognormal(self.mu, self.sigma))
                self.jobs.put(3 * number + 2, 2)
            else:
                cb.hold(cb.random.exponential(self.door))
                self.total += cb.now() - self.placed[number]
                self.num_delivered += 1
                if self.num_delivered == self.num_orders:
                    cb.end_trial()

    @cb.on_end
    def measure(self):
        self.sojourn = self.total / self.num_delivered


def _runner(model: Any, replications: int = 1) -> Callable[[int], float]:
    def run(seed: int) -> float:
        results = cb.Experiment(model, replications=replications, seed=seed).run(workers=1)
        if results.failed.any():
            raise RuntimeError(f"cimba: {results.failure_reasons}")
        return float(results[model].sojourn.values.mean())

    return run


def tandem(num_orders: int) -> Callable[[int], float]:
    """Mean sojourn in the tandem."""
    model = Tandem()
    model.num_orders = num_orders
    model.picked = cb.Array(num_orders)
    return _runner(model)


def queue(num_orders: int) -> Callable[[int], float]:
    """Mean sojourn in the queue."""
    model = Queue()
    model.num_orders = num_orders
    return _runner(model)


def crew(num_orders: int) -> Callable[[int], float]:
    """Mean sojourn of points with shared crews, each as a trial of its own."""
    model = SharedCrew()
    model.num_orders = num_orders // (r.POINTS * r.CREW_BATCH) * r.CREW_BATCH
    model.placed = cb.Array(num_orders)
    return _runner(model, r.POINTS)
