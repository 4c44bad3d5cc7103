"""The same property as `tests/model/state/test_midnight.py`, on many plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.state.test_midnight import KINDS, cut_many

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_may_be_cut_at_any_midnight(kind: str, tmp_path: Path) -> None:
    cut_many(kind, tmp_path, 100)
