"""Sweeps that are killed: the command in a process of its own, ended at some moment, and begun again."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import psutil

from simsupply.sweeps.store import Store, open_store
from simsupply.sweeps.sweep_result import SweepResult
from tests.helpers.command_line import start
from tests.plans.tiny_plan import SCENARIO, write
from tests.plans.tiny_sweep import rows

REPLICATIONS = 30
POINTS = 4
RUNS = REPLICATIONS * POINTS


def words(folder: Path, output: str, *more: str) -> list[str]:
    """A sweep of some seconds."""
    own_plan = write(folder / "mine.yaml", SCENARIO)
    swept = ["strategy=standard_crates,individual_orders", "staffing.attendance=0.4,0.8"]
    return ["sweep", f"scenario={own_plan}", *swept, f"replications={REPLICATIONS}", f"output={output}", *more]


def begin(folder: Path, output: str, *more: str) -> subprocess.Popen[bytes]:
    """Start it."""
    pipe = subprocess.PIPE
    return start(words(folder, output, *more), folder, stdout=pipe, stderr=pipe)


def until(condition: Callable[[], bool], process: subprocess.Popen[bytes] | None = None, seconds: float = 90) -> bool:
    """Wait for something; False if the process ended before."""
    limit = time.monotonic() + seconds
    while not condition():
        if process is not None and process.poll() is not None:
            return False
        assert time.monotonic() < limit, "it takes too long"
        time.sleep(0.005)
    return True


def num_parts(folder: Path) -> int:
    """Files of results so far."""
    return len(list((folder / "runs").glob("*.parquet")))


def kill_after(folder: Path, output: str, parts: int, delay_s: float) -> tuple[int, int]:
    """Kill a sweep (SIGKILL) so long after so many more files of results; check that nothing stored is lost.

    Returns
    -------
    tuple of int
        Runs in the store before and after.
    """
    place = folder / output
    before, had = stored(place), num_parts(place)
    process = begin(folder, output)
    try:
        if until(lambda: num_parts(place) >= had + parts, process):
            time.sleep(delay_s)
        workers = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        seen = {path: path.stat().st_size for path in (place / "runs").glob("*.parquet")}
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    # Its workers do not outlive it.
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert not alive
    # What was stored is as it was, and whole.
    assert all(path.stat().st_size == size for path, size in seen.items())
    return before, stored(place)


def stored(place: Path) -> int:
    """Runs in the store; every file can be read."""
    if not (place / "store.json").exists():
        return 0
    table, damaged = Store(place).read(columns=[])
    assert not damaged
    frame = table.to_pandas()
    return len(frame.drop_duplicates(["point", "seed", "replication", "code"]))


def finish(folder: Path, output: str, *more: str) -> tuple[pd.DataFrame, str]:
    """Let the command come to its end; its results and what it said."""
    process = begin(folder, output, *more)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err.decode()
    open_store(folder / output)
    return rows(SweepResult.read(folder / output)), out.decode()
