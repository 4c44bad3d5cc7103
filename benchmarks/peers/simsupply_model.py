"""simsupply: the plans in ``benchmarks/plans``, read as users' files and run by its own model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import simsupply as ss
from benchmarks.frozen import scenario_file, strategy_file
from benchmarks.peers import reference as r
from simsupply.model.run_loop import run_replication
from simsupply.records.recorder import Recorder
from simsupply.records.replication import Engine
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec


class SojournRecorder(Recorder):
    """Sums the minutes at which orders are placed and finish the last step; keeps nothing."""

    def __init__(self, last_step: str) -> None:
        self.last_step, self.total, self.num_finished = last_step, 0.0, 0

    def settle(self, until: float) -> None:
        """Nothing is handed out."""

    def note(self, step: str, *about: object) -> None:
        """Add up the times, which come last."""
        times = np.asarray(about[-1])
        if step == "placed":
            self.total -= times.sum()
        elif step == self.last_step:
            self.total += times.sum()
            self.num_finished += len(times)


def load(name: str, num_orders: int) -> tuple[Scenario, StrategySpec]:
    """The reference model `name` with another number of orders than the file says."""
    sizes = [f"demand.max_orders={num_orders}"] if num_orders != r.NUM_ORDERS else []
    if sizes and name in ("tandem", "mm3"):
        place = "quarter" if name == "tandem" else "customers"
        sizes.append(f"scenario.geography.drop_points=[{{name: {place}, households: {num_orders}, distance_km: 1}}]")
    scenario = ss.load_scenario(scenario_file(name), sizes)
    return scenario, ss.load_strategy(strategy_file(name))


def _replication(name: str, num_orders: int, engine: Engine = "auto") -> Callable[[int], float]:
    """One replication and its records: when every household was served, what every step did."""
    scenario, strategy = load(name, num_orders)

    def run(seed: int) -> float:
        replication = run_replication(scenario, strategy, seed=seed, number=0, engine=engine)
        # At each point with shared crews the last orders wait for others to fill a load.
        most_left = r.POINTS * (r.CREW_BATCH - 1) if name == "shared_crews" else 0
        left = replication.unfinished_orders
        if replication.orders.delivered + left != num_orders or left > most_left:
            raise RuntimeError(f"{name}: {replication.orders.delivered} of {num_orders} orders were delivered")
        return np.nan  # not summed while the clock runs: see `sojourns`

    return run


def _summary(name: str, num_orders: int) -> Callable[[int], float]:
    """The same through `simsupply.simulate`, with every metric and the coverage curve."""
    scenario, strategy = load(name, num_orders)

    def run(seed: int) -> float:
        ss.simulate(scenario, strategy, replications=1, seed=seed)
        return np.nan

    return run


def tandem(num_orders: int) -> Callable[[int], float]:
    """One replication of the tandem."""
    return _replication("tandem", num_orders)


def queue(num_orders: int) -> Callable[[int], float]:
    """One replication of the queue."""
    return _replication("mm3", num_orders)


def tandem_events(num_orders: int) -> Callable[[int], float]:
    """The tandem with every step in the event loop, though nothing couples."""
    return _replication("tandem", num_orders, "events")


def queue_events(num_orders: int) -> Callable[[int], float]:
    """The queue likewise."""
    return _replication("mm3", num_orders, "events")


def crew(num_orders: int) -> Callable[[int], float]:
    """Points with shared crews."""
    return _replication("shared_crews", num_orders)


def floor(num_orders: int) -> Callable[[int], float]:
    """The tandem with a full floor and docks for unloading."""
    return _replication("tandem_floor", num_orders)


def floor_reference(num_orders: int) -> Callable[[int], float]:
    """The same, every order as a process in SimPy."""
    return _replication("tandem_floor", num_orders, "reference")


def tandem_summary(num_orders: int) -> Callable[[int], float]:
    """The tandem with every metric."""
    return _summary("tandem", num_orders)


def queue_summary(num_orders: int) -> Callable[[int], float]:
    """The queue with every metric."""
    return _summary("mm3", num_orders)


def sojourns(name: str, num_orders: int, replications: int) -> np.ndarray:
    """Mean minutes from order to delivery of each replication, shape (replications,); no warm-up is cut off."""
    scenario, strategy = load(name, num_orders)
    last_step = next(iter(strategy.channels.values())).steps[-1].body.name
    means = []
    for number in range(replications):
        recorder = SojournRecorder(last_step)
        run_replication(scenario, strategy, seed=1, number=number, recorder=recorder)
        if recorder.num_finished != num_orders:
            raise RuntimeError(f"{name}: {recorder.num_finished} of {num_orders} orders were delivered")
        means.append(recorder.total / num_orders)
    return np.array(means)
