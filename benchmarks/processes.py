"""Plans that are measured in a process of their own: wall time, peak memory, orders (parts b, c and d)."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.frozen import scenario_file

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Plan:
    """A scenario under a strategy, each a built-in name or a file; `label` says in words what it is.

    `warm_up` is a small scenario that the strategy fits too: running it first loads the compiled kernels, so that
    the time of the plan itself is that of its size.
    """

    label: str
    scenario: str
    strategy: str
    overrides: tuple[str, ...] = ()
    warm_up: str = scenario_file("demo_city")


@dataclass(frozen=True)
class Cost:
    """What one replication of a plan took: medians over rounds of seconds and bytes, and its counts.

    `wall_s` is the whole process from its start to its end; within it, `load_s` is imports, warm-up and building the
    scenario, and `run_s` one replication with its metrics. `handed_over` are orders and parcels delivered and purchases
    made in shops.
    """

    households: int
    days: int
    wall_s: float
    load_s: float
    run_s: float
    peak_bytes: float
    attempted: int
    accepted: int
    delivered: int
    handed_over: int


class PlanFailed(RuntimeError):
    """A plan's process ended with an error, whose text this is."""


def measure(plan: Plan) -> Cost:
    """Run one replication in a new process."""
    text = json.dumps(vars(plan))
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.child", text], cwd=ROOT, capture_output=True, text=True, check=False
    )
    wall = time.perf_counter() - begin
    if done.returncode:
        raise PlanFailed((done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1])
    return Cost(wall_s=wall, **json.loads(done.stdout.splitlines()[-1]))


def measure_all(
    plans: Iterable[Plan], rounds: int, say: Callable[[str], object] = lambda text: None
) -> tuple[dict[Plan, Cost], dict[Plan, str]]:
    """Measure plans in interleaved rounds.

    Returns
    -------
    costs, failures : dict
        Medians of each plan; the error of each that could not be run (it is not tried again).
    """
    plans = tuple(dict.fromkeys(plans))
    costs: dict[Plan, list[Cost]] = {plan: [] for plan in plans}
    failures: dict[Plan, str] = {}
    for number in range(1, rounds + 1):
        for plan in plans:
            if plan in failures:
                continue
            say(f"plans: round {number} of {rounds}: {plan.label}")
            try:
                costs[plan].append(measure(plan))
            except PlanFailed as error:
                failures[plan] = str(error)
    return {plan: _median(found) for plan, found in costs.items() if plan not in failures}, failures


def _median(costs: list[Cost]) -> Cost:
    """Median of each figure; counts are the same in every round."""
    columns = {name: [getattr(cost, name) for cost in costs] for name in vars(costs[0])}
    measured = {name: statistics.median(columns[name]) for name in ("wall_s", "load_s", "run_s", "peak_bytes")}
    return Cost(**{name: values[0] for name, values in columns.items()} | measured)
