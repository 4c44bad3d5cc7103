"""The same properties as in `tests/model/events`, on thousands of plans."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.engines import MANY
from tests.helpers.events import SIMULATED, compare_with_kernels, compare_with_reference
from tests.plans.random_coupled_plans import coupled_plans
from tests.plans.random_overtime_plans import overtime_plans
from tests.plans.random_people_plans import people_plans
from tests.plans.random_plans import Plain, plans
from tests.plans.random_supply_plans import supply_plans
from tests.plans.random_vehicle_plans import vehicle_plans

pytestmark = pytest.mark.slow


@settings(MANY, max_examples=5000)
@given(coupled_plans(), st.integers(0, 1000))
def test_many_plans_whose_steps_couple(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Of these some two in three are simulated by events."""
    compare_with_reference(drawn, seed)


def test_so_many_were_simulated_by_events() -> None:
    if SIMULATED:
        assert SIMULATED["events"] >= 3000


@settings(MANY, max_examples=1000)
@given(st.one_of(plans(), vehicle_plans(), people_plans(), overtime_plans(), supply_plans()), st.integers(0, 1000))
def test_many_plans_all_by_events(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_with_reference(drawn, seed, "events")
    compare_with_kernels(drawn, seed)
