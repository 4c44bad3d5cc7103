"""The floor: drawing the random numbers of the reference models and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.peers import reference as r
from simsupply.streams.keyed import Streams

Draw = Callable[[int], float]


def tandem(num_orders: int) -> Draw:
    """Numbers of the tandem from NumPy's default generator; the mean of nothing is NaN."""
    trips = num_orders // r.BATCH

    def draw(seed: int) -> float:
        rng = np.random.default_rng(seed)
        rng.exponential(1 / r.TANDEM_RATE, num_orders)
        rng.lognormal(r.PICK_MU, r.PICK_SIGMA, num_orders)
        rng.uniform(r.DRIVE_LOW, r.DRIVE_HIGH, 2 * trips)
        rng.exponential(r.DOOR_MEAN, num_orders)
        return np.nan

    return draw


def queue(num_orders: int) -> Draw:
    """Numbers of the queue from NumPy's default generator."""

    def draw(seed: int) -> float:
        rng = np.random.default_rng(seed)
        rng.exponential(1 / r.QUEUE_RATE, num_orders)
        rng.exponential(r.SERVICE_MEAN, num_orders)
        return np.nan

    return draw


def keyed_tandem(num_orders: int) -> Draw:
    """Numbers of the tandem from simsupply's keyed streams, which do not depend on the order of asking."""
    trips = num_orders // r.BATCH

    def draw(seed: int) -> float:
        streams = Streams(seed=seed, replication=0)
        streams.exponential("between", 0, num_orders, mean=1 / r.TANDEM_RATE)
        streams.lognormal("pick", 0, num_orders, sigma=r.PICK_SIGMA, mean=r.PICK_MEAN)
        streams.uniform_between("out", 0, trips, low=r.DRIVE_LOW, high=r.DRIVE_HIGH)
        streams.uniform_between("back", 0, trips, low=r.DRIVE_LOW, high=r.DRIVE_HIGH)
        streams.exponential("door", 0, num_orders, mean=r.DOOR_MEAN)
        return np.nan

    return draw


def keyed_queue(num_orders: int) -> Draw:
    """Numbers of the queue from simsupply's keyed streams."""

    def draw(seed: int) -> float:
        streams = Streams(seed=seed, replication=0)
        streams.exponential("between", 0, num_orders, mean=1 / r.QUEUE_RATE)
        streams.exponential("served", 0, num_orders, mean=r.SERVICE_MEAN)
        return np.nan

    return draw
