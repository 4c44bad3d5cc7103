"""Both engines give every order the same time at every step, to the last bit, where orders go several ways."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.engines import MANY, compare_engines
from tests.model.reference.test_both_engines_vehicles import compare_vehicles
from tests.plans.random_branch_plans import branch_plans
from tests.plans.random_demand_plans import resident_plans
from tests.plans.random_place_plans import place_plans
from tests.plans.random_plans import Plain, plans
from tests.plans.random_vehicle_plans import vehicle_plans


@settings(MANY, max_examples=8)
@given(branch_plans(plans()), st.integers(0, 1000))
def test_engines_agree_on_branches(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_engines(drawn, seed)


@pytest.mark.lengthy
@settings(MANY, max_examples=8)
@given(branch_plans(place_plans()), st.integers(0, 1000))
def test_engines_agree_on_branches_through_gateways(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Loads are kept on their trailers by orders of several branches; steps depend on the day too."""
    compare_engines(drawn, seed)


@pytest.mark.lengthy
@settings(MANY, max_examples=6)
@given(branch_plans(vehicle_plans()), st.integers(0, 1000))
def test_engines_agree_on_branches_with_vehicles_by_all_their_rules(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_vehicles(drawn, seed)


@pytest.mark.lengthy
@settings(MANY, max_examples=6)
@given(branch_plans(resident_plans()), st.integers(0, 1000))
def test_engines_agree_on_branches_of_what_residents_want(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Promises look at the ways of the orders that are open."""
    compare_engines(drawn, seed)
