"""Runs, disk and time that a sweep says at its start."""

from __future__ import annotations

from pathlib import Path

import pytest

from simsupply.sweeps import sweep as sweeps
from simsupply.sweeps.sweep import Clock
from tests.helpers.command_line import call


def test_time_is_told_once_by_the_pace_after_the_first_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 100 runs two come after a minute of starting, then one a second: after 4 s 94 are left, 94 s."""
    now = iter([60.0, 61.0, 62.0, 63.0, 64.0, 65.0])
    monkeypatch.setattr(sweeps.time, "monotonic", lambda: next(now))
    clock = Clock(100)
    said = [clock.told(2), *(clock.told(1) for _ in range(5))]
    assert [None if told is None else told.in_language("en") for told in said] == [None, None, None, "95 s", None, None]


def test_a_few_seconds_are_not_worth_saying(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 4.0])
    monkeypatch.setattr(sweeps.time, "monotonic", lambda: next(now))
    clock = Clock(10)
    assert clock.told(2) is None
    assert clock.told(4) is None


@pytest.mark.lengthy
def test_runs_and_disk_are_said_before_the_first_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sweep", "scenario=demo_city", "strategy=standard_crates_via_stations", "staffing.attendance=0.5,1.0"]
    done = call(capsys, *words, "replications=2", "executor=serial", f"output={tmp_path / 'out'}", "language=en")
    assert done.status == 0
    assert done.out.startswith("4 runs ahead, 1 at a time; about 0.1 MB on the disk.")
    on_disk = sum(path.stat().st_size for path in (tmp_path / "out" / "runs").iterdir())
    assert 0.5 < 16_000 / on_disk < 2
