"""The C library is told how to keep memory in processes of our own, never in one that imports the package."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from simsupply.base.allocator import keep_freed_memory
from simsupply.sweeps.executors import begin_worker

pytestmark = pytest.mark.lengthy

USE = """
import sys
import simsupply as ss
from simsupply.base.allocator import keep_freed_memory
from simsupply.cli.main import main

ss.simulate(ss.load_scenario("subdistrict"), "standard_crates", replications=1)
attendance = {"staffing.attendance": [0.5]}
ss.sweep("subdistrict", "standard_crates", attendance, replications=1, output=sys.argv[1], executor="serial")
print(keep_freed_memory.cache_info().currsize)
main(["--version"])
print(keep_freed_memory.cache_info().currsize)
"""


def test_the_command_line_sets_it_and_the_package_does_not(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", USE, str(tmp_path / "sweep")], capture_output=True, text=True, check=True
    )
    lines = done.stdout.split()
    assert (lines[0], lines[-1]) == ("0", "1")


def times_set() -> int:
    return keep_freed_memory.cache_info().currsize


def test_a_worker_sets_it() -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=begin_worker) as pool:
        assert pool.submit(times_set).result() == 1
