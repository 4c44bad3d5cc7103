"""Both engines agree to the last bit on shocks that strike after the end of shifts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.overtime_plans import overtime_plans
from tests.model.plans import Plain
from tests.model.test_reference import MANY, compare_engines


@settings(MANY, max_examples=25)
@given(overtime_plans(), st.integers(0, 1000))
def test_engines_agree_on_shocks_in_overtime(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_engines(drawn, seed)
