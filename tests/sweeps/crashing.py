"""Workers that run nothing: some end at a certain replication, as a crash of a library would end them."""

from __future__ import annotations

import runpy
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from simsupply.sweeps.executors import Processes

FATAL = 3


class Quiet(Processes):
    """Workers that do not crash."""

    fatal: int | None = None

    def _start(self) -> ProcessPoolExecutor:
        # By its path, because a worker cannot import what stands among the tests.
        script = str(Path(__file__).with_name("worker_without_work.py"))
        context = get_context("spawn")
        known = {"FATAL": self.fatal}
        return ProcessPoolExecutor(self.num_workers, context, initializer=runpy.run_path, initargs=(script, known))


class Crashing(Quiet):
    """Workers that end at replication `FATAL`."""

    fatal = FATAL
