"""Dask as it is used on several machines: a scheduler and workers of their own, one of which is killed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dask
import psutil
import pytest
from pandas.testing import assert_frame_equal

import simsupply as ss
from simsupply.base.problems import InputError, StoreError
from simsupply.sweeps import dask_executor
from simsupply.sweeps.sweep_result import SweepResult
from tests.helpers.command_line import environment
from tests.plans.tiny_sweep import rows, small
from tests.sweeps.kills import num_parts, until

pytestmark = pytest.mark.lengthy

PARAMETERS = {"strategy": ["standard_crates", "individual_orders"], "staffing.attendance": [0.4, 0.8]}


@contextmanager
def cluster(folder: Path, num_workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers, as ``dask scheduler`` and ``dask worker`` start them."""
    file = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment(), "cwd": folder}

    def start(*words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "dask", *words], **quiet)

    common = ("--no-dashboard", "--scheduler-file", str(file))
    started = [start("scheduler", "--host", "127.0.0.1", "--port", "0", *common)]
    try:
        until(lambda: file.exists() and bool(file.read_text()), started[0])
        started += [start("worker", "--nthreads", "1", "--no-nanny", *common) for _ in range(num_workers)]
        yield json.loads(file.read_text())["address"], started[1:]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def test_one_of_two_workers_is_killed_in_the_middle(tmp_path: Path) -> None:
    expected = rows(small(tmp_path / "serial", PARAMETERS, replications=40))
    with cluster(tmp_path, 2) as (address, workers):
        from distributed import Client

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=90)
        place = tmp_path / "dask"

        def kill() -> None:
            until(lambda: num_parts(place) >= 2)
            workers[0].kill()

        killer = threading.Thread(target=kill)
        killer.start()
        found = small(place, PARAMETERS, replications=40, executor="dask", scheduler=address)
        killer.join()
        assert workers[0].wait(timeout=30) == -9
        assert workers[1].poll() is None
    assert (len(found.failed), found.missing) == (0, 0)
    assert_frame_equal(rows(found), expected, check_exact=True)


def test_a_scheduler_without_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_executor, "FIRST_WORKER_S", 0.5)
    with cluster(tmp_path, 0) as (address, _), pytest.raises(InputError, match="a scheduler with workers; none came"):
        small(tmp_path / "out", executor="dask", scheduler=address)


def test_a_scheduler_that_is_lost_in_the_middle(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One message; what has finished is in the store, and the rest is run elsewhere."""
    place = tmp_path / "dask"
    with cluster(tmp_path, 1) as (address, workers):
        scheduler = next(
            process
            for process in psutil.Process().children()
            if "scheduler" in process.cmdline() and process.cwd() == str(tmp_path)
        )

        def kill() -> None:
            until(lambda: num_parts(place) >= 2)
            workers[0].kill()
            scheduler.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        with (
            dask.config.set({"distributed.comm.timeouts.connect": "2s"}),
            pytest.raises(StoreError, match=f"scheduler {address} has gone"),
        ):
            small(place, PARAMETERS, replications=40, executor="dask", scheduler=address)
        killer.join()
    assert not [record for record in caplog.records if record.name.startswith("distributed")]
    begun = SweepResult.read(place)
    assert 0 < begun.missing < 160
    assert_frame_equal(
        rows(ss.resume(begun, executor="serial")),
        rows(small(tmp_path / "serial", PARAMETERS, replications=40)),
        check_exact=True,
    )
