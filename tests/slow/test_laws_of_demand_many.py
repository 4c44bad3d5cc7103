"""The same laws as `tests/properties/test_laws_of_demand.py`, on many more plans."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plans.random_demand_plans import resident_plans
from tests.plans.random_plans import Plain
from tests.properties import test_laws_of_demand as laws

pytestmark = pytest.mark.slow
ALL, WISHES = ("purchases", "surge", "cycle"), ("purchases", "surge")


@pytest.mark.parametrize(
    ("law", "kinds_of_demand"),
    [
        (laws.test_every_attempt_has_one_end, ALL),
        (laws.test_goods_and_pantries_add_up, ALL),
        (laws.test_every_order_is_one_that_the_mix_allows, ALL),
        (laws.test_who_waits_for_an_order_places_no_other, WISHES),
        (laws.test_baskets_count_from_what_was_last_sent, ("purchases",)),
        (laws.test_no_depot_takes_on_more_than_it_may_and_no_small_group_buys, WISHES),
    ],
)
def test_law_holds_on_many_plans(law: Callable, kinds_of_demand: tuple[str, ...]) -> None:
    @settings(laws.BOUNDED, max_examples=1000)
    @given(resident_plans(kinds_of_demand), st.integers(0, 1000))
    def check(drawn: tuple[Plain, Plain], seed: int) -> None:
        law.hypothesis.inner_test(drawn, seed)

    check()
