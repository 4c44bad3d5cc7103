"""Both engines agree to the last bit on shocks that strike after the end of shifts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.engines import MANY, compare_engines
from tests.plans.random_overtime_plans import overtime_plans
from tests.plans.random_plans import Plain


@settings(MANY, max_examples=15)
@given(overtime_plans(), st.integers(0, 1000))
def test_engines_agree_on_shocks_in_overtime(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_engines(drawn, seed)
