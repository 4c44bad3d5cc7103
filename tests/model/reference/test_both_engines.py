"""Both engines give every order the same time at every step, to the last bit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.engines import MANY, compare_engines
from tests.plans.random_demand_plans import resident_plans
from tests.plans.random_plans import Plain, plans


@settings(MANY, max_examples=18)
@given(plans(), st.integers(0, 1000))
def test_engines_agree(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_engines(drawn, seed)


@pytest.mark.lengthy
@settings(MANY, max_examples=18)
@given(resident_plans(), st.integers(0, 1000))
def test_engines_agree_on_the_demand_side(drawn: tuple[Plain, Plain], seed: int) -> None:
    """What is ordered depends on what has arrived, and that on the engine: every order, household and count."""
    compare_engines(drawn, seed)
