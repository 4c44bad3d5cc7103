"""The same property as `tests/properties/test_one_more.py`, on as many plans as docs/model.md says."""

from __future__ import annotations

import pytest

from tests.plans.random_one_more_plans import COMBINATIONS
from tests.properties.test_one_more import look_for_a_delay

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("rows", COMBINATIONS, ids=" ".join)
def test_one_more_delays_nobody(rows: tuple[str, ...]) -> None:
    look_for_a_delay(rows, 1000 if len(rows) <= 3 else 100)
