"""Part (f): a sweep on one worker and on two, next to the same replications without a sweep."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

import simsupply as ss
from benchmarks.frozen import scenario_file, strategy_file
from benchmarks.processes import ROOT
from benchmarks.small import SMALL

SCENARIO, STRATEGY = scenario_file(SMALL), strategy_file("standard_crates")
REPLICATIONS = 20
# The plain replications that a run of a sweep is compared with.
MOST_PLAIN = 200


@dataclass(frozen=True)
class Sweep:
    """What `runs` runs took.

    `wall_s` by number of workers; `cpu_s` is the time of processors of the sweep on one worker, `plain_s` that of the
    same replication with its metrics in a loop, measured around the sweeps. `early_bytes` and `late_bytes` are the
    memory of all processes of the sweep on two workers after a quarter of it, and the most in its last quarter.
    """

    runs: int
    wall_s: dict[int, float]
    cpu_s: float
    plain_s: float
    early_bytes: float
    late_bytes: float

    @property
    def speed_up(self) -> float:
        """Of two workers over one."""
        return self.wall_s[1] / self.wall_s[2]

    @property
    def overhead_s(self) -> float:
        """Of a run on one worker, of processors: its start, checking, handing out and storing included."""
        return self.cpu_s / self.runs - self.plain_s


def measure_sweep(runs: int) -> Sweep:
    """Simulate a sweep of about so many runs of 20 replications a point, first on one worker, then on two."""
    points = max(runs // REPLICATIONS, 1)
    found = {}
    plain = [_plain_s(runs)]
    for workers in (1, 2):
        found[workers] = _sweep(points, workers)
        plain.append(_plain_s(runs))
    return Sweep(
        points * REPLICATIONS,
        {workers: each["wall_s"] for workers, each in found.items()},
        found[1]["cpu_s"],
        sum(plain) / len(plain),
        found[2]["early_bytes"],
        found[2]["late_bytes"],
    )


def _plain_s(runs: int) -> float:
    """Seconds of a processor for a replication with its metrics, at the attendances of the sweep; nothing stored."""
    from simsupply.measures.measure import measure
    from simsupply.measures.outcomes import outcomes_of
    from simsupply.model.run_loop import run_replication

    scenario, strategy = ss.load_scenario(SCENARIO), ss.load_strategy(STRATEGY)
    number = min(runs, MOST_PLAIN)
    levels = [scenario.with_attendance(0.2 + 0.7 * place / number) for place in range(number)]
    run_replication(scenario, strategy, seed=1, number=0)
    begin = time.process_time()
    for place, world in enumerate(levels):
        record = run_replication(world, strategy, seed=1, number=place)
        measure(record, world, outcomes_of(record, world))
    return (time.process_time() - begin) / number


def _sweep(points: int, workers: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        asked = {
            "scenario": SCENARIO,
            "strategy": STRATEGY,
            "points": points,
            "replications": REPLICATIONS,
            "output": folder,
            "executor": "processes",
            "workers": workers,
        }
        command = [sys.executable, "-m", "benchmarks.sweep_child", json.dumps(asked)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
