"""The same property as `tests/model/state/test_midnight.py`, on many plans."""

from __future__ import annotations

from pathlib import Path

import pytest

import simsupply as ss
from tests.model.state.test_midnight import KINDS, check_one_run, cut_many

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_may_be_cut_at_any_midnight(kind: str, tmp_path: Path) -> None:
    cut_many(kind, tmp_path, 100)


def test_the_whole_mechanism(tmp_path: Path) -> None:
    check_one_run(ss.load_scenario("demo_whole"), ss.load_strategy("whole_mechanism"), 5, 3, tmp_path)
