"""Running a sweep: what its store lacks is handed out, what comes back is put into the store at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import psutil

from simsupply.base.catalogue import message
from simsupply.base.problems import StoreError, nearest, wrong
from simsupply.base.system_errors import reason
from simsupply.scenario.size import GIB, SHARE_OF_FREE_MEMORY
from simsupply.sweeps.executors import KINDS, Executor, Processes, SerialExecutor, default_workers
from simsupply.sweeps.plans import Plans
from simsupply.sweeps.store import DamagedFile, Run, Store
from simsupply.sweeps.sweep_record import SweepSettings
from simsupply.sweeps.worker import Batch, Job, Task

# A task takes about so long: much longer than it takes to hand out and to store, short enough to lose.
TASK_S = 1.0
MOST_RUNS = 500


@dataclass(frozen=True)
class SweepState:
    """What a store has of a sweep: what is left to run, and what had to be said about it.

    Attributes
    ----------
    jobs : tuple of Job
        The replications of each point that the store lacks, or has only failures of.
    num_runs, num_stored : int
        Runs of the whole sweep, and those in the store.
    damaged : tuple of Damaged
        Files that could not be read and were set aside.
    num_other_code : int
        Runs of its points by other versions of the code, which are kept and not used.
    """

    jobs: tuple[Job, ...]
    num_runs: int
    num_stored: int
    damaged: tuple[DamagedFile, ...]
    num_other_code: int

    @property
    def num_left(self) -> int:
        """Runs left to run."""
        return sum(len(job.replications) for job in self.jobs)


def begin(store: Store, plans: Plans, replications: int, code: str) -> SweepState:
    """Look up what a store has of a sweep; files that cannot be read are set aside."""
    wanted = dict.fromkeys((planned.key, planned.seed) for planned in plans.points)
    table, damaged = store.read(columns=[])
    store.set_aside(damaged)
    frame = table.to_pandas()
    frame = frame[frame["point"].isin({key for key, _ in wanted}) & frame["error"].isna()]
    frame = frame.drop(columns="error").drop_duplicates()
    of_this_code = frame[frame["code"] == code]
    stored: dict[tuple[str, int], set[int]] = {}
    for point, seed, number in zip(
        of_this_code["point"], of_this_code["seed"].tolist(), of_this_code["replication"].tolist(), strict=True
    ):
        stored.setdefault((str(point), seed), set()).add(number)
    jobs, num_stored = [], 0
    for planned in plans.points:
        if (planned.key, planned.seed) not in wanted:
            continue  # a point that is there twice
        del wanted[planned.key, planned.seed]
        found = stored.get((planned.key, planned.seed), set())
        missing = tuple(number for number in range(replications) if number not in found)
        num_stored += replications - len(missing)
        if missing:
            jobs.append(Job(planned.key, planned.base, planned.changes, planned.seed, missing))
    num_left = sum(len(job.replications) for job in jobs)
    return SweepState(tuple(jobs), num_left + num_stored, num_stored, tuple(damaged), len(frame) - len(of_this_code))


def start(settings: SweepSettings, plans: Plans, num_left: int) -> Executor:
    """Start the executor that is asked for.

    Raises
    ------
    InputError
        If it does not exist, cannot be reached, or a run does not fit in memory.
    """
    check_executor(settings, "sweep")
    workers = settings.workers or default_workers()
    if settings.executor == "dask":
        from simsupply.sweeps.dask_executor import DaskExecutor

        return DaskExecutor(plans.bases, workers, settings.scheduler)
    free = SHARE_OF_FREE_MEMORY * psutil.virtual_memory().available
    if plans.largest > free:
        given = message("memory_of_one_run", gib=plans.largest / GIB)
        raise wrong("sweep", "memory", given, message("memory_at_most", gib=free / GIB))
    if settings.executor == "serial":
        return SerialExecutor(plans.bases)
    return Processes(plans.bases, max(1, min(workers, num_left, int(free / plans.largest))))


def check_executor(settings: SweepSettings, source: str) -> None:
    """Check which executor is asked for, and with what.

    Raises
    ------
    InputError
        If there is no such one.
    """
    if settings.executor not in KINDS:
        raise wrong(source, "executor", settings.executor, nearest(str(settings.executor), KINDS))
    if settings.scheduler is not None and settings.executor != "dask":
        raise wrong(source, "scheduler", settings.scheduler, message("none_or_dask"))
    if settings.on_failure not in ("keep_going", "fail_fast"):
        raise wrong(source, "on_failure", settings.on_failure, message("keep_going_or_fail_fast"))


@dataclass
class _Pace:
    """How many runs make a task: about `TASK_S` seconds of them, fewer towards the end so that all end together."""

    num_left: int
    num_workers: int
    num_runs: int = 1
    seconds_per_run: float = field(default=math.inf)

    def saw(self, batch: Batch) -> None:
        """Learn from finished runs."""
        if batch.code is None:
            return
        seconds = batch.seconds / len(batch.runs)
        # The first run of a process loads what it needs, so what is fast is believed at once.
        self.seconds_per_run = min(seconds, (self.seconds_per_run + seconds) / 2)
        fit = TASK_S / max(self.seconds_per_run, 1e-6)
        self.num_runs = max(1, min(int(fit), 2 * self.num_runs, MOST_RUNS))

    def take(self) -> int:
        """Runs of the next task."""
        num = max(1, min(self.num_runs, math.ceil(self.num_left / (2 * self.num_workers))))
        self.num_left -= num
        return num


def _tasks(jobs: Sequence[Job], pace: _Pace) -> Iterator[Task]:
    taken: list[Job] = []
    room = pace.take()
    for job in jobs:
        numbers = job.replications
        while numbers:
            taken.append(Job(job.point, job.base, job.changes, job.seed, numbers[:room]))
            room, numbers = room - len(numbers[:room]), numbers[room:]
            if room == 0:
                yield Task(tuple(taken))
                taken, room = [], pace.take()
    if taken:
        yield Task(tuple(taken))


def run_missing(
    store: Store,
    state: SweepState,
    executor: Executor,
    code: str,
    *,
    is_fail_fast: bool = False,
    on_runs: Callable[[Sequence[Run]], object] = lambda runs: None,
) -> list[Run]:
    """Simulate what is left of a sweep; return the runs that failed.

    Parameters
    ----------
    executor : Executor
        Closed at the end, whatever happens.
    is_fail_fast : bool
        Whether to give up after the first run that fails; what has finished is stored.
    on_runs : callable
        Told of runs that are in the store now.

    Raises
    ------
    StoreError
        If the store cannot be written, the code is changed meanwhile, or a scheduler is lost.
    """
    pace, failed = _Pace(state.num_left, executor.num_workers), []
    try:
        for batch in executor.run(_tasks(state.jobs, pace)):
            if batch.code not in (code, None):
                raise StoreError(message("code_changed"))
            try:
                store.add(batch.runs, code)
            except OSError as error:
                raise StoreError(message("cannot_write_to", folder=store.runs, reason=reason(error))) from None
            pace.saw(batch)
            on_runs(batch.runs)
            failed += [run for run in batch.runs if run.error is not None]
            if failed and is_fail_fast:
                break
    finally:
        executor.close()
    return failed
