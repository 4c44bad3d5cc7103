"""Both engines agree, to the last bit, on what vehicles do by all their rules together."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.config.load import fit
from tests.helpers.engines import MANY, compare_engines
from tests.plans.random_plans import Plain
from tests.plans.random_vehicle_plans import vehicle_plans

pytestmark = pytest.mark.lengthy


@settings(MANY, max_examples=15)
@given(vehicle_plans(), st.integers(0, 1000))
def test_engines_agree_on_vehicles(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_vehicles(drawn, seed)


def compare_vehicles(drawn: tuple[Plain, Plain], seed: int) -> None:
    """Both engines give the same."""
    try:
        fit(ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1]))
    except ss.InputError as error:
        # A fleet of short trips for which every place is too far away.
        assume(not all("the nearest end of leg" in str(problem.allowed) for problem in error.problems))
        raise
    compare_engines(drawn, seed)
