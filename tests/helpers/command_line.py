"""Ways to call the command line: in this process, or in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import simsupply
from simsupply.cli.main import main

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    """What a call of the command line left behind."""

    status: int
    out: str
    err: str

    @property
    def messages(self) -> list[str]:
        """Lines on standard error."""
        return self.err.strip().split("\n") if self.err.strip() else []


def call(capsys: pytest.CaptureFixture[str], *words: str) -> Outcome:
    """Run the command line in this process."""
    capsys.readouterr()
    status = main(words)
    return Outcome(status, *capsys.readouterr())


def environment() -> dict[str, str]:
    """Environment for another process: this checkout, no terminal settings of ours."""
    source = str(Path(simsupply.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": source, "MPLBACKEND": "Agg", "PYTHONIOENCODING": "utf-8"}


# Started from a shell's background a process ignores SIGINT; a planner's terminal does not.
_START = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from simsupply.cli.main import main; sys.exit(main())"
)


def start(words: Sequence[str], folder: Path, **more: Any) -> subprocess.Popen[bytes]:
    """Start the command line in a process of its own, in `folder`."""
    return subprocess.Popen([sys.executable, "-c", _START, *words], cwd=folder, env=environment(), **more)


def run_apart(words: Sequence[str], folder: Path) -> Outcome:
    """Run the command line in a process of its own to its end."""
    process = start(words, folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate(timeout=120)
    return Outcome(process.returncode, out.decode(), err.decode())


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Do what Ctrl-C does."""
    process.send_signal(signal.SIGINT)
