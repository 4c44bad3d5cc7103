"""Twenty kills at random moments: nothing that was stored is lost, and the end is that of an undisturbed sweep."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from tests.sweeps.kills import finish, kill_after, stored

pytestmark = pytest.mark.slow
KILLS = 20


def test_killed_twenty_times(tmp_path: Path) -> None:
    """The moment is anything from the start of Python to some files further on; new stores as they are finished."""
    chance = random.Random(7)
    whole, _ = finish(tmp_path, "whole", "executor=serial")
    place, number = "out0", 0
    for _ in range(KILLS):
        before, after = kill_after(tmp_path, place, chance.choice([0, 0, 1, 1, 2]), chance.uniform(0, 2.5))
        assert after >= before
        if after == stored(tmp_path / "whole"):
            assert_frame_equal(finish(tmp_path, place)[0], whole, check_exact=True)
            number += 1
            place = f"out{number}"
    assert_frame_equal(finish(tmp_path, place)[0], whole, check_exact=True)
