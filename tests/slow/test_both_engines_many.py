"""The same property as `tests/model/reference/test_both_engines.py`, on many more plans."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.engines import MANY, compare_engines
from tests.model.reference.test_both_engines_people import compare_people
from tests.model.reference.test_both_engines_supply import compare_supply
from tests.model.reference.test_both_engines_vehicles import compare_vehicles
from tests.plans.random_branch_plans import branch_plans
from tests.plans.random_demand_plans import resident_plans
from tests.plans.random_overtime_plans import overtime_plans
from tests.plans.random_people_plans import people_plans
from tests.plans.random_place_plans import place_plans
from tests.plans.random_plans import Plain, plans
from tests.plans.random_supply_plans import supply_plans
from tests.plans.random_vehicle_plans import vehicle_plans

pytestmark = pytest.mark.slow


@settings(MANY, max_examples=3000)
@given(plans(), st.integers(0, 1000))
def test_engines_agree_on_many_plans(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_engines(drawn, seed)


@settings(MANY, max_examples=2000)
@given(resident_plans(), st.integers(0, 1000))
def test_engines_agree_on_many_plans_of_the_demand_side(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_engines(drawn, seed)


@settings(MANY, max_examples=2000)
@given(place_plans(), st.integers(0, 1000))
def test_engines_agree_on_many_plans_of_places(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_engines(drawn, seed)


@settings(MANY, max_examples=1000)
@given(people_plans(), st.integers(0, 1000))
def test_engines_agree_on_many_plans_of_people(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_people(drawn, seed)


@settings(MANY, max_examples=1000)
@given(vehicle_plans(), st.integers(0, 1000))
def test_engines_agree_on_many_plans_of_vehicles(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_vehicles(drawn, seed)


@settings(MANY, max_examples=1000)
@given(branch_plans(st.one_of(plans(), place_plans(), resident_plans())), st.integers(0, 1000))
def test_engines_agree_on_many_plans_with_branches(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_engines(drawn, seed)


@settings(MANY, max_examples=2000)
@given(overtime_plans(), st.integers(0, 1000))
def test_engines_agree_on_many_plans_of_shocks_in_overtime(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_engines(drawn, seed)


@settings(MANY, max_examples=1000)
@given(supply_plans(), st.integers(0, 1000))
def test_engines_agree_on_many_plans_of_supply(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_supply(drawn, seed)
