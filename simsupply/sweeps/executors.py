"""Where the runs of a sweep are simulated: in this process, in several on this machine, or by Dask.

An executor takes tasks one after the other, as fast as its workers finish them, and gives back finished runs in any
order. What all tasks share (the composed configurations) goes to each worker once.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from typing import Any, Literal, Protocol, get_args

from simsupply.base.allocator import keep_freed_memory
from simsupply.base.catalogue import message
from simsupply.base.problems import wrong
from simsupply.base.threads import processors, use_threads
from simsupply.sweeps.worker import Batch, Task, run_task
from simsupply.sweeps.worlds import Config, Worlds

Kind = Literal["processes", "dask", "serial"]
KINDS: tuple[str, ...] = get_args(Kind)
# A run that ends its process twice, alone in it, is given up.
MAX_CRASHES = 2
CRASHED = "WorkerDied: its process ended (killed, out of memory, or a crash of a library)"


class Executor(Protocol):
    """Runs tasks. `close` ends it, also in the middle; what is under way is given up."""

    num_workers: int

    def run(self, tasks: Iterator[Task]) -> Iterator[Batch]:
        """Finished runs of all tasks; a task is taken only when there is a worker for it."""
        ...

    def close(self) -> None:
        """End the workers."""
        ...


class SerialExecutor:
    """Everything in this process, one after the other."""

    num_workers = 1

    def __init__(self, bases: Sequence[Config]) -> None:
        self._worlds = Worlds(bases)

    def run(self, tasks: Iterator[Task]) -> Iterator[Batch]:
        """Finished runs, in the order of the tasks."""
        for task in tasks:
            yield run_task(self._worlds, task)

    def close(self) -> None:
        """Nothing to end."""


class Processes:
    """Several processes on this machine, started anew so that none inherits anything by chance.

    If a process dies, those beside it are lost with it; whatever was under way is then simulated one run at a
    time, so that the run that kills its process is found, and no other one suffers.
    """

    def __init__(self, bases: Sequence[Config], num_workers: int) -> None:
        self.num_workers = num_workers
        self._bases = tuple(bases)
        self._pool = self._start()
        try:
            self._pool.submit(_is_ready).result()
        except BrokenProcessPool:
            self.close()
            raise wrong("sweep", "executor", "processes", message("processes_that_start")) from None

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.num_workers, get_context("spawn"), initializer=_begin, initargs=(self._bases,))

    def run(self, tasks: Iterator[Task]) -> Iterator[Batch]:
        """Finished runs, whichever comes first."""
        under_way: dict[Future[Batch], Task] = {}
        suspects: deque[tuple[Task, int]] = deque()
        suspect, crashes = None, 0
        while True:
            if suspects and not under_way:
                suspect, crashes = suspects.popleft()
                self._submit(suspect, under_way)
            elif not suspects and suspect is None:
                for task in islice(tasks, 2 * self.num_workers - len(under_way)):
                    self._submit(task, under_way)
            if not under_way:
                return
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            finished, lost = _sorted(done, under_way)
            yield from finished
            if lost:
                # The others have broken with it; some may have finished just before.
                wait(under_way)
                finished, more = _sorted(set(under_way), under_way)
                yield from finished
                self._restart()
                crashes = crashes + 1 if suspect is not None else 0
                if suspect is not None and crashes >= MAX_CRASHES:
                    yield suspect.failed(CRASHED)
                elif suspect is not None:
                    suspects.appendleft((suspect, crashes))
                else:
                    suspects.extend((part, 0) for task in [*lost, *more] for part in task.split())
            suspect = None

    def _restart(self) -> None:
        self._pool.shutdown(wait=False)
        self._pool = self._start()

    def _submit(self, task: Task, under_way: dict[Future[Batch], Task]) -> None:
        try:
            under_way[self._pool.submit(_run_task, task)] = task
        except BrokenProcessPool:
            self._restart()
            under_way[self._pool.submit(_run_task, task)] = task

    def close(self) -> None:
        """End the workers at once."""
        workers = list((self._pool._processes or {}).values())  # noqa: SLF001 -- Python 3.14 is the first to have terminate_workers
        self._pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join()


def _sorted(done: set[Future[Batch]], under_way: dict[Future[Batch], Task]) -> tuple[list[Batch], list[Task]]:
    """What has finished, and the tasks that were lost with their process; neither is under way any more."""
    finished, lost = [], []
    for future in done:
        task = under_way.pop(future)
        try:
            finished.append(future.result())
        except BrokenProcessPool:
            lost.append(task)
    return finished, lost


# The one thing a worker process keeps from task to task; a pool has no other place for it.
_worlds: Worlds | None = None


def _begin(bases: tuple[Config, ...]) -> None:
    """Make a worker ready: its configurations, no reaction to Ctrl-C, and an end when the sweep has ended."""
    global _worlds
    _worlds = Worlds(bases)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin_worker()


def begin_worker() -> None:
    """Make a process of a pool ready: freed memory is kept for the next run, and it ends with its parent.

    There is one for each processor, so each keeps to one thread.
    """
    keep_freed_memory()
    use_threads(1)
    _end_with_parent()


def _end_with_parent() -> None:
    """Let this worker end when the process that started it has gone, killed or not: a pool does not see to that."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: Any) -> None:
    # A sweep that was killed cannot tell its workers, which would otherwise wait for ever.
    connection.wait([sentinel])
    os._exit(1)


def _is_ready() -> bool:
    return _worlds is not None


def _run_task(task: Task) -> Batch:
    assert _worlds is not None
    return run_task(_worlds, task)


def default_workers() -> int:
    """As many as this process may use processors."""
    return processors()
