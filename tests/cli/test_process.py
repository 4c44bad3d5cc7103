"""The command line as a process: interrupts, pipes, terminals, and the same bytes every time."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from simsupply.base.catalogue import message
from simsupply.cli.progress import progress
from tests.helpers.command_line import call, environment, interrupt, run_apart, start
from tests.plans.tiny_plan import SCENARIO, write


@pytest.mark.lengthy
def test_same_seed_gives_the_same_bytes_in_two_processes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["run", "scenario=mine.yaml", "staffing.attendance=0.6", "replications=3", "seed=7"]
    write(tmp_path / "mine.yaml", SCENARIO)
    monkeypatch.chdir(tmp_path)
    first = run_apart([*words, "output=a"], tmp_path)
    second = call(capsys, *words, "output=b")
    assert (first.status, second.status) == (0, 0)
    for name in ("summary.json", "replications.parquet", "figures/coverage.png", "figures/coverage.svg"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    # Standard error is no terminal here, and nothing went wrong.
    assert first.err == ""


def test_importing_simsupply_is_light() -> None:
    code = "import sys, simsupply; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    heavy = {"numba", "pandas", "matplotlib", "hydra", "omegaconf", "scipy", "pyarrow", "simpy", "pydantic"}
    assert not heavy & set(done.stdout.split())


@pytest.mark.lengthy
def test_progress_on_a_terminal_then_interrupted(tmp_path: Path) -> None:
    """A bar appears after two seconds; Ctrl-C ends with 130 and no traceback, and keeps what is finished."""
    write(tmp_path / "mine.yaml", SCENARIO)
    terminal, child = pty.openpty()
    # A new pseudo-terminal is 0 columns wide, where a bar has no room.
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
    words = ["run", "-m", "scenario=mine.yaml", "replications=1,100000", "output=sweep"]
    process = start(words, tmp_path, stdout=subprocess.PIPE, stderr=child)
    os.close(child)
    shown, began = b"", time.monotonic()
    try:
        # That of the second point, which has 100,000 replications and more days than that.
        while not re.search(rb"%\|[^\r]*/\d{6,} ", shown) and time.monotonic() - began < 60:
            if select.select([terminal], [], [], 1)[0]:
                shown += os.read(terminal, 4096)
        interrupt(process)
        out, _ = process.communicate(timeout=60)
        while part := _read_rest(terminal):
            shown += part
    finally:
        process.kill()
        os.close(terminal)
    assert process.returncode == 130
    assert re.search(rb"my_estate.*\d+%.*/\d+", shown)
    assert b"interrupted" in shown
    assert b"Traceback" not in shown
    assert b"[2/2] sweep/1" in out
    assert (tmp_path / "sweep" / "0" / "summary.json").exists()
    assert not (tmp_path / "sweep" / "1").exists()  # nothing of it is finished, so nothing is left


def _read_rest(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.lengthy
def test_no_progress_bar_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(1440.0, message("run_in_hand", scenario="a", strategy="b"), "en") as step:
        time.sleep(2.2)
        step(720.0)
    assert capsys.readouterr().err == ""


def test_reader_that_has_seen_enough(tmp_path: Path) -> None:
    process = start(["list"], tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 0


def test_terminal_that_knows_no_chinese(tmp_path: Path) -> None:
    code = "import sys; from simsupply.cli.main import main; sys.exit(main(['list', 'scenarios']))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment(), "PYTHONIOENCODING": "ascii"},
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert b"subdistrict" in done.stdout
    assert done.stderr == b""
