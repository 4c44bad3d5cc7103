"""Killed at any moment, by anybody: only runs under way are lost, and the rest is simulated to the same end."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from pandas.testing import assert_frame_equal

from simsupply.sweeps import executors
from simsupply.sweeps.executors import CRASHED, Processes, SerialExecutor
from simsupply.sweeps.sweep_result import SweepResult
from simsupply.sweeps.worker import Batch, Job, Task
from tests.helpers.command_line import interrupt
from tests.plans.tiny_sweep import rows
from tests.sweeps import crashing
from tests.sweeps.kills import RUNS, begin, finish, kill_after, num_parts, stored, until


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory):
    """Results of the sweep without any trouble, run in one process."""
    return finish(tmp_path_factory.mktemp("whole"), "out", "executor=serial")[0]


@pytest.mark.lengthy
def test_killed_twice_and_the_rest_is_the_same(tmp_path: Path, whole) -> None:
    _, first = kill_after(tmp_path, "out", 1, 0.05)
    before, second = kill_after(tmp_path, "out", 2, 0.0)
    assert 0 < first < RUNS
    assert before == first < second < RUNS
    found, said = finish(tmp_path, "out")
    assert f"{second} of {RUNS} runs were in out, {RUNS - second} to run" in said
    assert_frame_equal(found, whole, check_exact=True)


@pytest.mark.lengthy
def test_a_worker_killed_in_the_middle_changes_nothing(tmp_path: Path, whole) -> None:
    process = begin(tmp_path, "out", "workers=2")
    assert until(lambda: num_parts(tmp_path / "out") >= 2, process)
    workers = [child for child in psutil.Process(process.pid).children() if "spawn_main" in " ".join(child.cmdline())]
    assert len(workers) == 2
    workers[0].kill()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    assert_frame_equal(rows(SweepResult.read(tmp_path / "out")), whole, check_exact=True)


@pytest.mark.lengthy
def test_interrupted_like_with_ctrl_c(tmp_path: Path) -> None:
    process = begin(tmp_path, "out")
    assert until(lambda: num_parts(tmp_path / "out") >= 1, process)
    workers = psutil.Process(process.pid).children(recursive=True)
    interrupt(process)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.decode().strip() == "interrupted: what has finished is in out; the same command goes on"
    assert 0 < stored(tmp_path / "out") < RUNS
    assert not psutil.wait_procs(workers, timeout=30)[1]


# --- executors by themselves ------------------------------------------------------------------------


def task(*numbers: int) -> Task:
    return Task((Job("p", 0, {}, 1, numbers),))


@pytest.mark.lengthy
def test_a_run_that_kills_its_process_is_found_and_the_others_go_on() -> None:
    """Replication 3 ends its process each time; it alone fails, though it is handed out together with others."""
    executor = crashing.Crashing([], 2)
    try:
        batches = list(executor.run(iter([task(0, 1), task(2, 3, 4), task(5), task(6, 7)])))
    finally:
        executor.close()
    runs = {run.replication: run.error for batch in batches for run in batch.runs}
    assert sorted(run.replication for batch in batches for run in batch.runs) == list(range(8))
    assert {number for number, error in runs.items() if error} == {3}
    assert runs[3] == CRASHED


@pytest.mark.lengthy
@pytest.mark.parametrize("kind", ["serial", "processes"])
def test_tasks_are_taken_no_faster_than_they_are_played(kind: str) -> None:
    """So what can be lost, and what is held in memory, is two tasks for each worker."""
    taken = 0

    def tasks() -> Iterator[Task]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield task(number)

    executor = SerialExecutor([{}]) if kind == "serial" else crashing.Quiet([], 2)
    try:
        for simulated, _ in enumerate(executor.run(tasks())):
            assert taken - simulated <= 2 * executor.num_workers
    finally:
        executor.close()
    assert taken == 40


def test_a_worker_ends_when_its_sweep_has_gone() -> None:
    """Its thread waits for the end of the parent, whatever that is; here it is the end of a pipe."""
    read, written = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(written)
        try:
            executors._end_with(read)
        finally:
            os._exit(7)
    os.close(read)
    os.close(written)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1


@pytest.mark.lengthy
def test_a_script_without_a_guard_is_told_so(tmp_path: Path) -> None:
    import subprocess

    from tests.helpers.command_line import environment

    script = tmp_path / "script.py"
    script.write_text(
        "import simsupply as ss\n"
        "try:\n"
        "    ss.sweep(parameters={'staffing.attendance': [0.1, 0.2]}, replications=1, output='out', workers=1)\n"
        "except ss.InputError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120
    )
    assert "the call of sweep stands below `if __name__ == '__main__':`" in done.stdout


@pytest.mark.lengthy
def test_signals_reach_the_sweep_only() -> None:
    """Ctrl-C goes to all processes of a terminal; workers leave it to the sweep, which ends them."""
    executor = Processes([], 1)
    try:
        assert executor._pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN
        assert isinstance(executor._pool.submit(executors._run_task, Task(())).result(), Batch)
    finally:
        executor.close()
