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
    ("law", "plans"),
    [
        (laws.test_every_attempt_has_one_end, resident_plans(ALL)),
        (laws.test_goods_and_pantries_add_up, resident_plans(ALL, days_alike=True)),
        (laws.test_every_order_is_one_that_the_mix_allows, resident_plans(ALL)),
        (laws.test_who_waits_for_an_order_places_no_other, resident_plans(WISHES)),
        (
            laws.test_baskets_count_from_what_was_last_sent,
            resident_plans(("purchases",), days_alike=True, one_at_once=True),
        ),
        (laws.test_no_depot_takes_on_more_than_it_may_and_no_small_group_buys, resident_plans(WISHES)),
    ],
)
def test_law_holds_on_many_plans(law: Callable, plans: st.SearchStrategy[tuple[Plain, Plain]]) -> None:
    @settings(laws.BOUNDED, max_examples=1000)
    @given(plans, st.integers(0, 1000))
    def check(drawn: tuple[Plain, Plain], seed: int) -> None:
        law.hypothesis.inner_test(drawn, seed)

    check()
