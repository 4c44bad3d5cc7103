"""What is used up by day, told of the table of goods and of the compiled accounts alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsupply.model.kernels.accounts import used_up_at
from simsupply.scenario.goods import GoodsTable

RATES = st.lists(st.sampled_from([0.1, 0.5, 1.0, 3.0]), min_size=1, max_size=6)


@settings(deadline=None, derandomize=True)
@given(RATES, st.floats(0, 9000), st.floats(0, 20), st.integers(1, 8))
def test_what_lasts_until_a_minute_is_used_up_until_then(
    rates: list[float], begin: float, kg: float, people: int
) -> None:
    """Each is the inverse of the other, and both say the same."""
    by_day = np.array(rates)[:, None]
    table = GoodsTable(("food",), by_day[0], True, np.zeros(1, dtype=np.uint8), by_day)
    ends = table.used_up_at(0, begin, kg / people)
    assert table.used(0, begin, ends) == pytest.approx(kg / people, abs=1e-9)
    assert used_up_at(begin, kg, people, by_day / 1440, 0) == pytest.approx(ends, abs=1e-6)
