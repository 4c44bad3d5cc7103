"""What simulates the runs of a sweep, in this process or another: tasks in, finished runs out."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simsupply.base.versions import code_version
from simsupply.sweeps.store import Run
from simsupply.sweeps.worlds import Worlds


@dataclass(frozen=True)
class Job:
    """Replications of one point: one of the configurations that every worker has, with changes."""

    point: str
    base: int
    changes: Mapping[str, Any]
    seed: int
    replications: tuple[int, ...]


@dataclass(frozen=True)
class Task:
    """What is handed to a worker at a time."""

    jobs: tuple[Job, ...]

    @property
    def num_runs(self) -> int:
        """How many runs it holds."""
        return sum(len(job.replications) for job in self.jobs)

    def split(self) -> list[Task]:
        """The same, one run at a time."""
        return [
            Task((Job(job.point, job.base, job.changes, job.seed, (number,)),))
            for job in self.jobs
            for number in job.replications
        ]

    def failed(self, error: str) -> Batch:
        """All its runs as failed ones."""
        runs = [Run(job.point, job.seed, number, {}, error) for job in self.jobs for number in job.replications]
        return Batch(tuple(runs), 0.0, None)


@dataclass(frozen=True)
class Batch:
    """Finished runs, seconds of a worker that they took, and the version of the code there (None: not run)."""

    runs: tuple[Run, ...]
    seconds: float
    code: str | None


def run_task(worlds: Worlds, task: Task) -> Batch:
    """Simulate a task; a run that fails is a result too."""
    begin, runs = time.perf_counter(), []
    for job in task.jobs:
        runs += [_run(worlds, job, number) for number in job.replications]
    return Batch(tuple(runs), time.perf_counter() - begin, code_version())


def _run(worlds: Worlds, job: Job, number: int) -> Run:
    from simsupply.measures.measure import measure
    from simsupply.measures.outcomes import outcomes_of
    from simsupply.model.run_loop import run_replication

    try:
        scenario, strategy = worlds.known(job.base, job.changes)
        record = run_replication(scenario, strategy, seed=job.seed, number=number)
        values = measure(record, scenario, outcomes_of(record, scenario))
    except Exception as error:  # whatever it is, the other runs go on, and it is kept with this one
        line = f"{type(error).__name__}: {error}".splitlines()[0]
        return Run(job.point, job.seed, number, {}, line, traceback.format_exc())
    return Run(job.point, job.seed, number, {name: float(value) for name, value in values.items()})
