"""Ciw: queueing networks. It has no batches that travel together, so only the queue."""

from __future__ import annotations

from collections.abc import Callable

import ciw

from benchmarks.peers import reference as r


def queue(num_orders: int) -> Callable[[int], float]:
    """Mean sojourn in the queue."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(r.QUEUE_RATE)],
        service_distributions=[ciw.dists.Exponential(1 / r.SERVICE_MEAN)],
        number_of_servers=[r.SERVERS],
    )

    def run(seed: int) -> float:
        ciw.seed(seed)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_customers(num_orders, method="Finish")
        records = simulation.get_all_records()
        return sum(record.exit_date - record.arrival_date for record in records) / len(records)

    return run
