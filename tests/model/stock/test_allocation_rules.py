"""Every rule of allocation on one small table: six orders, 12 kg for 20 kg asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import simsupply as ss
from simsupply.model.kernels.choosing import fill_whole
from simsupply.model.stock.allocation_rules import Ranking, share_out
from simsupply.strategy.channels import StrategySpec
from tests.plans.demand_plans import NOBODY
from tests.plans.paper_plans import channel, delay, listed, strategy, world

ASKED = np.array([4.0, 2.0, 6.0, 3.0, 1.0, 4.0])
# Two households at each of three drop points, 3, 1 and 2 km from the depot.
NEAREST = {"kind": "nearest_first"}
EQUAL = {"kind": "equal_share"}
IN_PROPORTION = {"kind": "proportional_to_need"}


def ranking(*rules: Any, kinds: list[int]) -> Ranking:
    named = {"medical": {"share": 0}, "police": {"share": 0}}
    scenario = ss.load_scenario(world(listed([2, 2, 2], [3, 1, 2]), NOBODY, people={"kinds": named}))
    scenario.households.kinds[:] = kinds
    decided: StrategySpec = ss.load_strategy(strategy(channel("only", delay("h", 1))) | {"allocation": list(rules)})
    return Ranking(scenario, decided.allocation)


def given_by(*rules: Any, kinds: list[int] | None = None, kg: float = 12) -> list[float]:
    """What each order gets; `kinds`: 1 medical, 2 police, 3 both, 0 none."""
    rank = ranking(*rules, kinds=kinds or [0] * 6)
    return share_out(ASKED, kg, rank.rank(np.arange(6)), rank.sharing).tolist()


@pytest.mark.parametrize(
    ("rules", "kinds", "expected"),
    [
        # 12 of 20 kg: 60 % each.
        ([IN_PROPORTION], None, [2.4, 1.2, 3.6, 1.8, 0.6, 2.4]),
        # A sixth is 2: one asks for 1; 11 / 5 = 2.2: one asks for 2; 9 / 4 = 2.25 for each of the others.
        ([EQUAL], None, [2.25, 2, 2.25, 2.25, 1, 2.25]),
        # 1 km: 6 + 3 kg; 2 km: 3 kg left for 1 and 4, in building order; 3 km: nothing.
        ([NEAREST], None, [0, 0, 6, 3, 1, 2]),
        ([NEAREST, IN_PROPORTION], None, [0, 0, 6, 3, 0.6, 2.4]),
        # Medical asks for 2 + 4; the other 6 of 14 kg in proportion, 3 / 7.
        (
            [{"kind": "urgent_first", "households": ["medical"]}, IN_PROPORTION],
            [0, 1, 0, 0, 0, 1],
            [12 / 7, 2, 18 / 7, 9 / 7, 3 / 7, 4],
        ),
        # Medical 4 (one is both), police 6 + 1, the rest 1 kg among 2, 3, 4 in equal parts.
        (
            [{"kind": "priority_class", "classes": [["medical"], ["police"]]}, EQUAL],
            [3, 0, 2, 0, 2, 0],
            [4, 1 / 3, 6, 1 / 3, 1, 1 / 3],
        ),
        # d2 first, 5 kg; then the nearest: d1 has 7 of 9 kg in building order.
        ([{"kind": "key_areas", "communities": ["d2"]}, NEAREST], None, [0, 0, 6, 1, 1, 4]),
        # Urgent, then key areas, then the nearest (S12): 3 kg, then 4 + 2 of d0, then 3 of 6 at d1.
        (
            [
                {"kind": "urgent_first", "households": ["medical"]},
                {"kind": "key_areas", "communities": ["d0"]},
                NEAREST,
            ],
            [0, 0, 0, 1, 0, 0],
            [4, 2, 3, 3, 0, 0],
        ),
    ],
)
def test_every_rule_on_one_table(rules, kinds, expected) -> None:
    assert given_by(*rules, kinds=kinds) == pytest.approx(expected)


def test_enough_for_all_is_given_to_all() -> None:
    assert given_by(NEAREST, kg=20) == ASKED.tolist()


def test_whole_orders_pass_over_what_does_not_fit() -> None:
    """10 kg: 4 + 2 leave 4, not enough for 6; 3 and 1 fit, then nothing is left for 4."""
    filled = fill_whole(ASKED[:, None], np.array([10.0]), np.arange(6))
    assert filled.tolist() == [True, True, False, True, True, False]


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=12),
    st.floats(0, 600),
    st.sampled_from(["proportional_to_need", "equal_share", "in_order"]),
    st.data(),
)
def test_nobody_gets_more_than_asked_nor_all_more_than_there_is(asked, available, sharing, data) -> None:
    rank = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(asked), max_size=len(asked))))
    wanted = np.array(asked)
    given_kg = share_out(wanted, available, rank, sharing)
    assert (given_kg >= 0).all()
    assert (given_kg <= wanted * (1 + 1e-12)).all()
    assert given_kg.sum() == pytest.approx(min(wanted.sum(), available), abs=1e-6)
    # Nobody of a later rank has anything while one of an earlier rank lacks something.
    for level in np.unique(rank):
        if (given_kg[rank == level] < wanted[rank == level] - 1e-9).any():
            assert given_kg[rank > level].sum() <= 1e-6
