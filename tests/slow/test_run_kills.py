"""Twenty kills while a run writes its folder: what is there is one result whole, the one before or the new one."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.test_result_folders import check_whole
from tests.helpers.command_line import call, start
from tests.plans.tiny_plan import SCENARIO, write

pytestmark = pytest.mark.slow
KILLS = 20


def test_killed_twenty_times_while_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The moment is anything from the first table that is written to some time after the new folder is there."""
    chance, seen = random.Random(5), set[bool]()
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine.yaml", SCENARIO)
    words = ["run", "scenario=mine.yaml", "replications=2", "output=out"]
    assert call(capsys, *words, "seed=0").status == 0
    last = 0
    for seed in range(1, KILLS + 1):
        process = start([*words, f"seed={seed}"], tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        limit = time.monotonic() + 90
        while not list(tmp_path.glob(".out.*.part/*")):
            assert time.monotonic() < limit
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 2.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = check_whole(tmp_path / "out")
        assert found in (last, seed)
        seen.add(found == seed)
        last = found
    assert seen == {True, False}
    assert call(capsys, *words, "seed=99").status == 0
    assert check_whole(tmp_path / "out") == 99
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml", "out"]
