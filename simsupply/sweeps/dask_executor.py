"""The runs of a sweep on Dask: a cluster of this machine's own, or any scheduler's workers."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from distributed import Client, LocalCluster, WorkerPlugin, get_worker
from distributed.scheduler import KilledWorker

from simsupply.base.allocator import keep_freed_memory
from simsupply.base.catalogue import message
from simsupply.base.problems import StoreError, wrong
from simsupply.base.system_errors import reason
from simsupply.base.threads import use_threads
from simsupply.base.versions import code_version
from simsupply.sweeps.executors import CRASHED
from simsupply.sweeps.worker import Batch, Task, run_task
from simsupply.sweeps.worlds import Config, Worlds

CONNECT_S = 10.0
FIRST_WORKER_S = 30.0
COUNT_EVERY_S = 5.0
LOGGERS = ("distributed", "distributed.client", "distributed.core", "distributed.comm")


class _Bases(WorkerPlugin):
    """Gives every worker the configurations, also one that comes later or anew: once each, not with every task."""

    def __init__(self, name: str, bases: tuple[Config, ...], is_own: bool) -> None:
        self.name, self.bases, self.is_own = name, bases, is_own

    def setup(self, worker: Any) -> None:
        if self.is_own:  # a process that nobody else uses; workers of a scheduler are somebody's
            keep_freed_memory()
        use_threads(1)
        self.worlds = Worlds(self.bases)

    def __getstate__(self) -> dict[str, Any]:
        return {"name": self.name, "bases": self.bases, "is_own": self.is_own}


class DaskExecutor:
    """Workers of a Dask scheduler.

    Parameters
    ----------
    bases : sequence of mappings
        What all tasks share.
    num_workers : int
        Of the local cluster; with a scheduler it says how many workers it has itself.
    scheduler : str, optional
        Its address, such as ``tcp://10.0.0.5:8786``; without it a cluster on this machine is started.

    Raises
    ------
    InputError
        If there is no scheduler at the address, it has no workers, or they have another version of the code.
    """

    num_workers: int

    def __init__(self, bases: Sequence[Config], num_workers: int, scheduler: str | None = None) -> None:
        self._cluster, self._scheduler = None, scheduler or message("own_scheduler")
        if scheduler is None:
            self._cluster = LocalCluster(
                n_workers=num_workers,
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
        # Distributed logs errors and traces of what is said here in one line.
        self._levels = {name: logging.getLogger(name).level for name in LOGGERS}
        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self._client = Client(self._cluster or scheduler, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            self._speak_again()
            raise wrong("sweep", "scheduler", scheduler, message("running_scheduler", reason=reason(error))) from None
        try:
            self._client.wait_for_workers(1, timeout=FIRST_WORKER_S)
        except TimeoutError:
            self.close()
            allowed = message("scheduler_with_workers", seconds=FIRST_WORKER_S, scheduler=scheduler)
            raise wrong("sweep", "scheduler", scheduler, allowed) from None
        self._check_code()
        self._plugin = _Bases(f"simsupply-{id(self):x}-{self._client.id}", tuple(bases), self._cluster is not None)
        self._client.register_plugin(self._plugin, name=self._plugin.name)
        self._counted = -math.inf
        self._count()

    def _check_code(self) -> None:
        try:
            found = self._client.run(code_version)
        except Exception as error:  # whatever a worker says that has no simsupply, or another one
            self.close()
            allowed = message("workers_with_simsupply", reason=reason(error))
            raise wrong("sweep", "scheduler", self._scheduler, allowed) from None
        others = [worker for worker, code in found.items() if code != code_version()]
        if others:
            self.close()
            raise wrong("sweep", "scheduler", others[0], message("worker_of_same_version"))

    def run(self, tasks: Iterator[Task]) -> Iterator[Batch]:
        """Finished runs, whichever comes first."""
        from concurrent.futures import CancelledError

        from distributed import as_completed

        waiting = as_completed(loop=self._client.loop)
        under_way: dict[str, Task] = {}
        again: list[Task] = []
        try:
            while True:
                self._count()
                room = 2 * self.num_workers - len(under_way)
                while again and room > 0:
                    self._submit(again.pop(), waiting, under_way)
                    room -= 1
                for task in islice(tasks, max(room, 0)):
                    self._submit(task, waiting, under_way)
                if not under_way:
                    return
                future = next(waiting)
                task = under_way.pop(str(future.key))
                try:
                    batch = future.result()
                except KilledWorker:
                    # It took down several workers: one of its runs, or bad luck.
                    if task.num_runs > 1:
                        again += task.split()
                        continue
                    batch = task.failed(CRASHED)
                yield batch
        except (CancelledError, OSError) as error:  # a connection that is closed is an OSError
            raise StoreError(message("scheduler_gone", scheduler=self._scheduler, reason=reason(error))) from None

    def _count(self) -> None:
        """Workers may come and go; a scheduler without any waits for them."""
        if time.monotonic() - self._counted > COUNT_EVERY_S:
            self.num_workers = max(sum(self._client.nthreads().values()), 1)
            self._counted = time.monotonic()

    def _submit(self, task: Task, waiting: Any, under_way: dict[str, Task]) -> None:
        future = self._client.submit(_run_on_worker, self._plugin.name, task, pure=False)
        under_way[str(future.key)] = task
        waiting.add(future)

    def close(self) -> None:
        """Give up what is under way; end the local cluster, leave a scheduler of others running."""
        try:
            if hasattr(self, "_plugin") and self._client.status == "running":
                # The client may not have noticed yet that its scheduler has gone.
                with suppress(OSError):
                    self._client.unregister_worker_plugin(self._plugin.name)
            self._client.close()
            if self._cluster is not None:
                self._cluster.close()
        finally:
            self._speak_again()

    def _speak_again(self) -> None:
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)


def _run_on_worker(plugin: str, task: Task) -> Batch:
    worker: Any = get_worker()
    return run_task(worker.plugins[plugin].worlds, task)
