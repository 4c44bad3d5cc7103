"""Panic buying on paper: what is bought on top, and what those find who come to the shelf in turn."""

from __future__ import annotations

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from tests.plans.both_engines import exact, kg_of
from tests.plans.demand_plans import SHOP_FLOOR, Plain, in_tiers, mix, purchases, shop, table, use, way
from tests.plans.paper_plans import crew, stage, world
from tests.plans.supply_plans import NEVER_REVIEWED, stock, with_supply

DAY = 1440
PICK = stage("pick", "packers", effort={"per_kg_min": 10})
DAILY = {"kind": "order", "every_days": 1}


def bought(demand: Plain, channel: Plain | None = None, **more: object) -> list[list[float]]:
    """kg of the baskets of three households on days 0 to 4, of a list at 00:00; 10 min a kg from 08:00 on."""
    plan = {**world([3], {"packers": crew(9)}, demand=demand), **more}
    result = exact(plan, mix(use(channel or way("list", PICK, release=DAILY))))
    sent = table(result)
    return [[(end - day * DAY - 480) / 10 for end in sent[sent.placed == day * DAY].pick] for day in range(5)]


def test_what_is_bought_on_top_is_bought_once() -> None:
    """1 kg a day; on day 2 five days more: 6; on day 3 the five are at home; from day 4 on seven on top: two more."""
    by_day = [{"from_day": 2, "stock_up_days": 5}, {"from_day": 4, "stock_up_days": 7}]
    assert bought(purchases(by_day=by_day)) == [pytest.approx([kg] * 3) for kg in (1, 1, 6, 1, 3)]


def test_without_the_key_nothing_is_bought_on_top() -> None:
    assert bought(purchases()) == [pytest.approx([1] * 3)] * 5


def test_what_a_basket_was_refused_is_bought_the_next_time() -> None:
    """9 kg in stock, and nothing comes; 3 are sent on day 0. On day 1 each wants four, 12 of 6 that are left: 2 kg."""
    by_day = [{"from_day": 1, "stock_up_days": 3}]
    plan = with_supply(world([3], {"packers": crew(9)}, demand=purchases(by_day=by_day)), {"food": stock(3)})
    plan["supply"]["review"] = NEVER_REVIEWED
    decided = {**mix(use(way("list", PICK, release=DAILY))), "when_short": "partial"}
    sent = table(exact(plan, decided))
    assert [(end - DAY - 480) / 10 for end in sent[sent.placed == DAY].pick] == pytest.approx([2] * 3)


def test_parcels_that_nobody_asks_for_hold_what_they_hold() -> None:
    parcel = way("crate", PICK, release={"kind": "allot", "every_days": 1}, parcel={"kg": 2})
    by_day = [{"from_day": 2, "stock_up_days": 5}]
    assert bought(purchases(by_day=by_day), parcel) == [pytest.approx([2] * 3)] * 5


def test_a_set_that_holds_what_it_holds_leaves_the_rest_to_be_bought() -> None:
    """A set of 2 kg on days 0 and 1, two days on top from day 1: they are in the basket of day 2, 1 + 2 kg."""
    sets = way("sets", PICK, release=DAILY, parcel={"kg": 2})
    baskets = way("list", PICK, release=DAILY)
    plan = world([3], {"packers": crew(9)}, demand=purchases(by_day=[{"from_day": 1, "stock_up_days": 2}]))
    sent = table(exact(plan, mix(use(sets, to_day=2), use(baskets, from_day=2))))
    got = [[(end - day * DAY - 480) / 10 for end in sent[sent.placed == day * DAY].pick] for day in range(4)]
    assert got == [pytest.approx([kg] * 3) for kg in (2, 2, 3, 1)]


# --- shelves --------------------------------------------------------------------------------------------------------


def visits(shelf: Plain | None, households: int = 6, kg: float = 100, **demand: object) -> ss.Result:
    """All come to the shop on day 0; it is open 08:00-18:00; so many kg are in stock.

    1 kg a day is used up, and at 08:00 it is a day and a third since they bought something: 4/3 kg are wanted.
    """
    plan = world([households], SHOP_FLOOR | {"packers": crew(1)}, demand=purchases(online=1e-9, **demand))
    plan = in_tiers(with_supply(plan, {"food": stock(kg / households)}), default="precaution")
    plan["scenario"] |= {"horizon_days": 1, "run_out_days": 1, "service_target_days": 1}
    plan["supply"]["review"] = NEVER_REVIEWED
    channel = shop()
    channel["release"] = channel["release"] | ({"shelf": shelf} if shelf else {})
    return exact(plan, {**mix(use(channel)), "when_short": "partial"})


def come() -> list[int]:
    """Households in the order in which they come, and how many of them before 13:00."""
    placed = table(visits(None))
    return placed.sort_values("placed").household.astype(int).tolist(), int((placed.placed < 780).sum())


def test_who_comes_first_finds_what_is_on_the_shelf() -> None:
    """2.5 kg on the shelf: the first takes 4/3, the second the other 7/6, the others go home with nothing."""
    order, _ = come()
    got = kg_of(visits({"days": 2.5 / 6}))
    assert [got[household] for household in order] == pytest.approx([4 / 3, 7 / 6, 0, 0, 0, 0])


def test_a_shelf_that_is_filled_again_serves_the_afternoon() -> None:
    """1 kg at 08:00 and 1 kg at 13:00, whatever was left: the first of the morning and the first of the afternoon."""
    order, before = come()
    assert 0 < before < 6
    got = kg_of(visits({"days": 1 / 6, "restocked_at": ["13:00"]}))
    expected = [0.0] * 6
    expected[0] = expected[before] = 1
    assert [got[household] for household in order] == pytest.approx(expected)


def test_a_shelf_holds_no_more_than_the_stock_behind_it() -> None:
    """Of 8 kg wanted 6 are on the shelf: four find 4/3, the fifth 2/3. 3 kg are in stock: each has half of that."""
    order, _ = come()
    got = kg_of(visits({"days": 1}, kg=3))
    assert [got[household] for household in order] == pytest.approx([2 / 3] * 4 + [1 / 3, 0])


def test_a_shelf_with_room_for_all_is_as_if_there_were_none() -> None:
    assert visits({"days": 5}).values.equals(visits(None).values)


@pytest.mark.parametrize("times", [["08:00"], ["18:00"], ["12:00", "11:00"], ["12:00", "12:00"]])
def test_shelves_are_filled_while_the_shop_is_open(times: list[str]) -> None:
    channel = shop()
    channel["release"] = channel["release"] | {"shelf": {"days": 1, "restocked_at": times}}
    with pytest.raises(InputError, match="filled again after opens and before closes"):
        ss.load_strategy(mix(use(channel)))
