"""Both engines agree, to the last bit, on what vehicles do by all their rules together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.plans import Plain
from tests.model.test_reference import MANY, compare_engines
from tests.model.vehicle_plans import vehicle_plans


@settings(MANY, max_examples=70)
@given(vehicle_plans(), st.integers(0, 1000))
def test_engines_agree_on_vehicles(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare_engines(drawn, seed)
