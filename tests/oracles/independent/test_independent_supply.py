"""Stock, sources, reserves and sharing out, derived a second time from the text of the documentation alone.

Unless a case says otherwise: ten households at one depot use up 1 kg a day each (10 kg is a day of cover),
order every day at 06:00 what they use up in a day, and have it 30 min later; stocks are reviewed at 12:00;
what a source sends arrives after exactly 24 h. Day by day, "on hand" is at the end of the day.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simsupply as ss
from tests.plans.both_engines import (
    deliveries,
    exact,
    kg_of,
    only,
    simulated,
    stock_on_days,
    with_shocks,
)
from tests.plans.demand_plans import counts, group_of_goods, purchases, times, value, with_goods
from tests.plans.depot_plans import EQUAL, IN_PROPORTION, NEAREST, WAIT, shop, two_depots
from tests.plans.paper_plans import DAY, Plain, channel, clock, cycle, strategy
from tests.plans.supply_plans import NEVER_REVIEWED, record, replication, source, stock, with_supply

CLOSED = {"kind": "supply", "sources": ["market"], "from_day": 0}


def run(initial: float, up_to: float = 0, *, kept: Plain | None = None, shocks: Plain | None = None, **more: Any):
    """One kind of goods at one depot."""
    plan = with_supply(shop(), {"food": stock(initial, up_to, **(kept or {}))}, **more)
    return only(with_shocks(plan, **(shocks or {})), WAIT)


def assert_days(result: ss.Result, **expected: list[float]) -> None:
    """Measures of stock, day by day."""
    found = {name: stock_on_days(result, name) for name in expected}
    assert found == {name: pytest.approx(values, abs=1e-9) for name, values in expected.items()}


# --- stock and sources -----------------------------------------------------------------------------------


def test_order_up_to_with_two_days_of_lead_time() -> None:
    """5 days = 50 kg. Each noon what was sent in the morning, 10 kg, is asked for, and arrives two noons later.

    Day 0: 40 on hand, 10 on the way. Day 1: 30 and 20. Day 2: 20 + 10 arrived at noon, then 30 and 20 for good.
    The first ask already looks at what is on the way: day 1 lacks 50 - 30 - 10 = 10, not 20.
    """
    result = run(5, 5, sources={"market": source(48)})
    assert_days(
        result,
        drawn_kg=[10] * 7,
        received_kg=[0, 0, 10, 10, 10, 10, 10],
        on_hand_kg=[40, 30, 30, 30, 30, 30, 30],
        in_transit_kg=[10, 20, 20, 20, 20, 20, 20],
    )
    assert deliveries(result, "wait", 1)[0] == [clock(day, 390) for day in range(7)]


def test_nothing_until_the_first_goods_arrive() -> None:
    """From nothing: 50 kg asked for on day 0 come on day 2 at noon; those who ordered before are turned away.

    On day 3: 40 left, 10 more asked for, which come on day 5; on day 4 again. 10 a day from day 3 on.
    """
    result = run(0, 5, sources={"market": source(48)})
    assert_days(result, drawn_kg=[0, 0, 0, 10, 10, 10, 10], received_kg=[0, 0, 50, 0, 0, 10, 10])
    assert counts(result, "only") == {
        "attempted": 70,
        "accepted": 40,
        "rejected": 30,
        "cancelled": 0,
        "delivered": 40,
    }


def test_first_expired_first_out() -> None:
    """Kept 2.75 days: the 30 kg of the start spoil on day 2 at 18:00, the 20 of day 1, noon, on day 4 at 06:00.

    Day 0 to 2 send the first batch, 10 kg each; nothing of it is left to spoil at 18:00. Day 3 sends 10 of the
    second; its other 10 spoil at 06:00 of day 4, before orders are filled. Nothing after that.
    The only review, noon of day 0, asks for 40 - 20 = 20.
    """
    result = run(3, 4, kept={"shelf_life_days": 2.75}, review={"at": "12:00", "every_days": 1000})
    assert_days(
        result,
        drawn_kg=[10, 10, 10, 10, 0, 0, 0],
        received_kg=[0, 20, 0, 0, 0, 0, 0],
        spoiled_kg=[0, 0, 0, 0, 10, 0, 0],
        on_hand_kg=[20, 30, 20, 10, 0, 0, 0],
    )
    assert value(result, "spoiled_kg") == pytest.approx(10)


def test_two_batches_spoil_one_after_the_other() -> None:
    """Kept 2 days: 60 kg of the start until day 2, 00:00, when 40 are left; 20 kg of day 1, noon, until day 3, noon.

    The review at noon of day 0 finds 50 of 70 and asks for 20. Day 2: 40 spoil at midnight, 10 of the 20 are sent;
    day 3: 10 are sent at 06:00 and nothing is left at noon.
    """
    result = run(6, 7, kept={"shelf_life_days": 2}, review={"at": "12:00", "every_days": 1000})
    assert_days(result, drawn_kg=[10, 10, 10, 10, 0, 0, 0], received_kg=[0, 20, 0, 0, 0, 0, 0])
    assert sum(stock_on_days(result, "spoiled_kg")) == pytest.approx(40)
    assert stock_on_days(result, "on_hand_kg")[2:] == pytest.approx([10, 0, 0, 0, 0])


def test_room_for_goods() -> None:
    """50 kg are wanted, there is room for 30: 30 come on day 1; after the 10 of day 2, 10 a day."""
    result = run(0, 5, room_kg=30)
    assert_days(result, received_kg=[0, 30, 0, 10, 10, 10, 10], on_hand_kg=[0, 30, 20, 20, 20, 20, 20])


def test_a_day_of_cover_at_the_peak() -> None:
    """Peak factor 2: a day of cover is 20 kg, one day of stock lasts two days; cover 0.5 after the first."""
    result = run(1, 0, peak_factor=2, review=NEVER_REVIEWED)
    assert_days(result, drawn_kg=[10, 10, 0, 0, 0, 0, 0], cover_days=[0.5, 0, 0, 0, 0, 0, 0])


def test_daily_limit_and_the_next_source() -> None:
    """The market gives 6 kg a day; what it does not give comes from the farm, after 72 h.

    10 a day are asked for: 6 from day 1 on, 4 from day 3 on.
    """
    sources = {"market": source(24, daily_kg={"food": 6}), "farm": source(72)}
    result = run(5, 5, sources=sources)
    assert_days(result, received_kg=[0, 6, 6, 10, 10, 10, 10])


def test_daily_limit_without_another_source_is_asked_for_again() -> None:
    """6 of 10 a day; stock falls by 4 a day: 40, then 30 + 6 = 36, 32, ... and all that is lacking stays asked for."""
    result = run(5, 5, sources={"market": source(24, daily_kg={"food": 6})})
    assert_days(result, received_kg=[0, 6, 6, 6, 6, 6, 6], on_hand_kg=[40, 36, 32, 28, 24, 20, 16])


SISTER = {"market": source(), "sister": source(starts_after_closure={"of": "market", "lead_days": 1})}


def test_market_closed_and_sister_market() -> None:
    """The market is closed from day 1 to day 4; its sister is open from day 2 to day 4.

    Noon of day 0: 10 from the market, which arrive on day 1 although it is closed then. Day 1: nobody. Day 2: 20 from
    the sister for day 3. Day 3: stock 20 + 20, 10 more from the sister. From day 4 on the market again.
    """
    closed = {"night": {**CLOSED, "from_day": 1, "to_day": 4}}
    result = run(5, 5, sources=SISTER, shocks=closed)
    assert_days(
        result, received_kg=[0, 10, 0, 20, 10, 10, 10], on_hand_kg=[40, 40, 30, 40, 40, 40, 40], drawn_kg=[10] * 7
    )


def test_goods_in_preparation_take_longer() -> None:
    """12 hours until they leave the market, 24 on the road: the 10 kg of a noon come at 00:00 of the day after next."""
    result = run(5, 5, sources={"market": source(24, preparation_hours=12)})
    assert_days(result, received_kg=[0, 0, 10, 10, 10, 10, 10], on_hand_kg=[40, 30, 30, 30, 30, 30, 30])


@pytest.mark.parametrize(
    ("hours", "received", "cancelled"),
    [
        # Gone at 23:00 of day 0, before the market closes at 00:00: there at 11:00 of day 1, before its review.
        (11, [0, 10, 0, 0, 30, 10], [0, 0, 0, 0, 0, 0]),
        # To leave at 00:00, or later: not sent. Day 3 asks for what is lacking, 50 - 10: 40.
        (12, [0, 0, 0, 0, 40, 10], [0, 10, 0, 0, 0, 0]),
        (13, [0, 0, 0, 0, 40, 10], [0, 10, 0, 0, 0, 0]),
    ],
)
def test_what_has_not_left_a_market_that_closes_is_not_sent(
    hours: float, received: list[float], cancelled: list[float]
) -> None:
    """Closed on days 1 and 2. Noon of day 0 asks for 10 of 50 kg, the noons of days 1 and 2 find nobody to ask.

    12 hours on the road. Day 3 asks for 50 - 20 = 30 kg, or for 40 where the 10 of day 0 never came.
    """
    sources = {"market": source(12, preparation_hours=hours)}
    result = run(5, 5, sources=sources, shocks={"night": {**CLOSED, "from_day": 1, "to_day": 3}})
    for what, expected in (("received_kg", received), ("cancelled_kg", cancelled)):
        assert stock_on_days(result, what)[:6] == pytest.approx(expected)
    assert stock_on_days(result, "in_transit_kg")[:3] == pytest.approx([10, 0, 0])


def test_a_market_at_part_capacity_sends_what_it_has_taken_on() -> None:
    """Half of it works on days 1 and 2: the 10 kg of day 0 leave at 12:00 of day 1 all the same."""
    shock = {"half": {**CLOSED, "from_day": 1, "to_day": 3, "capacity": 0.5}}
    result = run(5, 5, sources={"market": source(0, preparation_hours=24)}, shocks=shock)
    assert stock_on_days(result, "received_kg")[:2] == pytest.approx([0, 10])
    assert stock_on_days(result, "cancelled_kg") == pytest.approx([0] * 7)


def test_the_next_source_is_asked_for_what_was_cancelled() -> None:
    """As above with a second market, 24 h away: noon of day 1 asks it for the 10 kg that did not come and 10 more."""
    sources = {"market": source(12, preparation_hours=12), "second": source(24)}
    result = run(5, 5, sources=sources, shocks={"night": {**CLOSED, "from_day": 1, "to_day": 3}})
    assert stock_on_days(result, "received_kg")[:3] == pytest.approx([0, 0, 20])
    assert stock_on_days(result, "cancelled_kg")[:3] == pytest.approx([0, 10, 0])


def test_the_sister_gives_nothing_after_the_market_reopened() -> None:
    """Lead of 3 days, closed for 2: the sister never opens. Nothing is asked for at the noons of days 1 and 2.

    Day 3: 50 - 20 - 0 = 30, which arrive on day 4.
    """
    sister = {**SISTER, "sister": source(starts_after_closure={"of": "market", "lead_days": 3})}
    result = run(5, 5, sources=sister, shocks={"night": {**CLOSED, "from_day": 1, "to_day": 3}})
    assert_days(result, received_kg=[0, 10, 0, 0, 30, 10, 10])


def test_market_at_part_capacity() -> None:
    """A limit of 10 kg a day at half capacity on days 1 and 2 is 5; on day 3 the 10 that are left again.

    Asked for: day 0 10; day 1 10, gets 5; day 2 15, gets 5; day 3 20, gets 10 and so on: always behind.
    """
    shock = {"half": {**CLOSED, "from_day": 1, "to_day": 3, "capacity": 0.5}}
    result = run(5, 5, sources={"market": source(24, daily_kg={"food": 10})}, shocks=shock)
    assert_days(result, received_kg=[0, 10, 5, 5, 10, 10, 10])


# --- reserves ----------------------------------------------------------------------------------------------


def reserve(kg: float, hours: float, **more: Any) -> Plain:
    """So many kg of food, so many hours away."""
    return {"kg": {"food": kg}, "delay_hours": hours, **more}


def released(result: ss.Result) -> list[tuple[str, float, float, float]]:
    """Who released how much, asked for and arrived when."""
    table = result.releases
    assert table is not None
    return [(row.reserve, row.asked_min, row.arrived_min, row.kg) for row in table.itertuples()]


def test_ladder_in_use_and_out_of_use() -> None:
    """Closed from day 0 to day 3. Below 2 days (20 kg) at a noon: the reserve fills up to 4 days, after 6 h.

    Day 0: 30, day 1: 20, not below 20. Day 2: 10 are: 40 - 10 = 30 are released, there at 18:00. Day 3: 40 - 10 =
    30 is not above 3 days, so the ladder stays in use; but the market, open again, gives the 10 that are lacking.
    Day 4: 20 + 10 = 30, the market gives 10; and so on.
    """
    result = run(
        4,
        4,
        reserves={"near": reserve(100, 6)},
        ladder={"below_days": 2, "above_days": 3},
        shocks={"night": {**CLOSED, "to_day": 3}},
    )
    assert released(result) == [("near", clock(2, 720), clock(2, 1080), pytest.approx(30))]
    assert_days(result, received_kg=[0, 0, 30, 0, 10, 10, 10], on_hand_kg=[30, 20, 40, 30, 30, 30, 30])
    assert stock_on_days(result, "reserve_kg") == pytest.approx([100, 100, 70, 70, 70, 70, 70])


def test_ladder_after_two_reviews_in_a_row() -> None:
    """Below 2 days at the noons of days 2 (10 kg) and 3 (none): in use at the second."""
    result = run(
        4,
        4,
        reserves={"near": reserve(100, 6)},
        ladder={"below_days": 2, "below_reviews": 2, "above_days": 3},
        shocks={"night": CLOSED},
    )
    assert released(result)[0] == ("near", clock(3, 720), clock(3, 1080), pytest.approx(40))


def test_rungs_in_order_each_with_its_delay() -> None:
    """The market is closed; below 3 days (30 kg) at noon of day 1, filled up to 4; the neighbour gives 10 kg a day.

    Day 1: 20 on hand, 20 lacking. The neighbour gives 10; as it has 10 left, nobody else is asked.
    Day 2: 20 + 10 - 10 = 20 on hand, 20 lacking: the neighbour's last 10, and then, at once, the county's 10.
    Day 3: 20 + 20 - 10 = 30: the city gives 10. Day 4: 30 + 10 - 10 = 30: the province gives 10. Then there is none.
    Each arrives after its own delay. Days 5 to 7 send the last 10 + 20.
    """
    rungs = {
        "neighbour": reserve(20, 6, daily_share=0.5),
        "county": reserve(10, 12),
        "city": reserve(10, 18),
        "province": reserve(10, 24),
    }
    result = run(4, 4, reserves=rungs, ladder={"below_days": 3, "above_days": 3.9}, shocks={"night": CLOSED})
    assert released(result) == [
        ("neighbour", clock(1, 720), clock(1, 720 + 6 * 60), pytest.approx(10)),
        ("neighbour", clock(2, 720), clock(2, 720 + 6 * 60), pytest.approx(10)),
        ("county", clock(2, 720), clock(2, 720 + 12 * 60), pytest.approx(10)),
        ("city", clock(3, 720), clock(3, 720 + 18 * 60), pytest.approx(10)),
        ("province", clock(4, 720), clock(4, 720 + 24 * 60), pytest.approx(10)),
    ]
    # The county's arrive at 00:00 of day 3.
    assert_days(
        result,
        received_kg=[0, 10, 10, 10, 10, 10, 0],
        on_hand_kg=[30, 30, 30, 30, 30, 30, 20],
        reserve_kg=[50, 40, 20, 10, 0, 0, 0],
    )


def test_reserves_fill_up_to_their_own_cover() -> None:
    """Up to 1.5 days instead of 4: on day 2 (10 kg) only 5 are released; day 3 (15 - 10 = 5): 10."""
    result = run(
        4,
        4,
        reserves={"near": reserve(100, 6)},
        ladder={"below_days": 2, "above_days": 3, "up_to_days": 1.5},
        shocks={"night": CLOSED},
    )
    assert [kg for *_, kg in released(result)[:2]] == pytest.approx([5, 10])


def test_reserve_in_days_of_cover_of_all_households() -> None:
    """Two days of cover at peak factor 1.5 and 10 households are 30 kg."""
    result = run(
        1,
        1,
        peak_factor=1.5,
        reserves={"near": {"cover_days": {"food": 2}, "delay_hours": 6}},
        ladder={"below_days": 0.1, "above_days": 0.5},
        shocks={"night": CLOSED},
    )
    assert stock_on_days(result, "reserve_kg")[0] == pytest.approx(30)


def cut(below: float, above: float, **more: Any) -> Plain:
    """Rationing to one half."""
    return {"to": 0.5, "below_days": below, "above_days": above, **more}


ROTATED = {"kept": {"shelf_life_days": 5}, "sources": {"market": source()}}


def test_rotation_of_a_reserve() -> None:
    """Kept 5 days, so the reserve's 20 kg spoil on day 5, 00:00; within 3 days of it from noon of day 2 on.

    The depot keeps 2 days and asks for 10 kg each noon. On days 2 and 3 the reserve sends them (6 h: 18:00), and the
    market sends 10 kg to the reserve instead, which come at noon of days 3 and 4, and spoil at noon of days 8 and 9.
    So the reserve sends again at noon of days 5 and 6. Day 4 is the market's. By day: 10 from the market on days
    1, 2 and 5, 10 from the reserve on days 2, 3, 5 and 6. Nothing spoils: the depot sends what expires first.
    """
    result = run(2, 2, reserves={"near": reserve(20, 6, rotate_days=3)}, **ROTATED)
    assert_days(
        result,
        drawn_kg=[10] * 7,
        received_kg=[0, 10, 20, 10, 0, 20, 10],
        spoiled_kg=[0] * 7,
        reserve_kg=[20] * 7,
    )


def test_without_rotation_the_reserve_spoils() -> None:
    """The same with a ladder that never comes into use: 20 kg spoil on day 5."""
    result = run(
        2,
        2,
        reserves={"near": reserve(20, 6)},
        ladder={"below_days": 0.1, "above_days": 1},
        **ROTATED,
    )
    assert sum(stock_on_days(result, "spoiled_kg")) == pytest.approx(20)
    assert stock_on_days(result, "reserve_kg")[-1] == pytest.approx(0)


# --- with other mechanisms ----------------------------------------------------------------------------------------


def test_what_is_diverted_comes_from_the_stock_of_the_depot_that_serves() -> None:
    """10 households each, 30 kg each, no more. Depot a is closed on day 1, its orders go to b.

    Day 0: 10 from each. Day 1: 20 from b, which is empty then. Days 2 and 3: 10 from a for its own.
    """
    geography = two_depots((10, 10), diverts_to="b", diverts_km=5)
    plan = with_supply(shop(geography), {"food": stock(3)}, review=NEVER_REVIEWED)
    closed = {"kind": "place", "at": "depot", "places": ["a"], "orders": "nearest", "from_day": 1, "to_day": 2}
    result = only(with_shocks(plan, flood=closed), WAIT)
    assert kg_of(result) == pytest.approx([4] * 10 + [2] * 10)
    assert_days(result, drawn_kg=[20, 20, 10, 10, 0, 0, 0])


def test_demand_shock_brings_everybody() -> None:
    """Everybody wants something with probability 0.5 a day, and twice as often on days 1 and 2: for certain."""
    plan = shop((200,), purchases(0.5))
    plan = with_shocks(plan, panic={"kind": "demand", "factor": 2, "from_day": 1, "to_day": 3})
    result = only(plan, WAIT)
    days = np.bincount([int(time // DAY) for time in times(result, "placed")], minlength=7)
    assert days[1] == days[2] == 200
    assert all(60 < days[day] < 140 for day in (0, 3, 4, 5, 6))


def test_demand_shock_of_nobody() -> None:
    """Factor 0 on day 1: nobody orders then; everybody does on the other days."""
    plan = with_shocks(shop((5,), purchases(1)), calm={"kind": "demand", "factor": 0, "from_day": 1, "to_day": 2})
    result = only(plan, WAIT)
    days = np.bincount([int(time // DAY) for time in times(result, "placed")], minlength=7)
    assert days.tolist() == [5, 0, 5, 5, 5, 5, 5]


def test_goods_that_nobody_there_needs_are_booked_all_the_same() -> None:
    """6 kg of formula and medicine for a household that needs neither: 3 kg of each, and no rice."""
    people = {"kinds": {"infant": {"share": 0.0}, "patient": {"share": 0.0}}}
    plan = shop((1,), cycle(days=7), people=people)
    goods = {
        "rice": group_of_goods(1, 1),
        "formula": group_of_goods(1, 1, needed_by="infant"),
        "medicine": group_of_goods(1, 1, needed_by="patient"),
    }
    result = only(with_goods(plan, goods), WAIT, parcel={"kg": 6, "goods": ["formula", "medicine"]})
    row = result.households.iloc[0]
    assert (row["kg.rice"], row["kg.formula"], row["kg.medicine"]) == (0, 3, 3)
    assert row["kg"] == 6


def test_goods_of_which_one_is_needed_go_by_need() -> None:
    """6 kg of rice and formula for a household without an infant: all of it rice."""
    people = {"kinds": {"infant": {"share": 0.0}}}
    plan = shop((1,), cycle(days=7), people=people)
    goods = {
        "rice": group_of_goods(1, 1),
        "formula": group_of_goods(1, 1, needed_by="infant"),
        "salt": group_of_goods(0.1, 1),
    }
    result = only(with_goods(plan, goods), WAIT, parcel={"kg": 6, "goods": ["rice", "formula"]})
    row = result.households.iloc[0]
    assert (row["kg.rice"], row["kg.formula"], row["kg.salt"]) == (6, 0, 0)


# --- laws ---------------------------------------------------------------------------------------------------


@st.composite
def supplies(draw: st.DrawFn) -> tuple[Plain, Plain]:
    """A market that closes at random, with a ladder, a reserve and goods that spoil."""
    life = draw(st.sampled_from([None, 1.5, 3]))
    kept = {} if life is None else {"shelf_life_days": life}
    limit = {"food": draw(st.sampled_from([4, 9]))}
    plan = with_supply(
        shop(two_depots((3, 5))),
        {"food": stock(draw(st.sampled_from([0, 0.5, 2])), draw(st.sampled_from([1.5, 3])), **kept)},
        sources={
            "market": source(
                draw(st.sampled_from([0, 12, 30])), daily_kg=limit, preparation_hours=draw(st.sampled_from([0, 20]))
            )
        },
        reserves={
            "near": reserve(10, 6, daily_share=draw(st.sampled_from([0.3, 1]))),
            "far": reserve(20, 12, **({"rotate_days": 1} if draw(st.booleans()) else {})),
        },
        ladder={
            "below_days": 0.5,
            "above_days": 1,
            **({"rationing": cut(0.5, 0.9)} if draw(st.booleans()) else {}),
        },
    )
    chance = {"mean_days_between": 1, "mean_hours": 30}
    plan = with_shocks(plan, closed={"kind": "supply", "sources": ["market"], "random": chance})
    sharing = draw(st.sampled_from([[], [EQUAL], [NEAREST]]))
    short = draw(st.sampled_from(["partial", "wait", "reject"] if sharing == [NEAREST] else ["partial"]))
    return plan, {**strategy(channel("only", WAIT)), "allocation": sharing, "when_short": short}


@pytest.mark.lengthy
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(supplies(), st.integers(1, 5))
def test_kg_in_are_kg_out(plans: tuple[Plain, Plain], seed: int) -> None:
    """At the horizon: at the start + from sources = sent out + spoiled + in stock + on the way + in reserve.

    At each midnight what depots lost otherwise than to households has spoiled; no household has what was not sent.
    """
    result = exact(*plans, seed=seed)
    initial = plans[0]["supply"]["stock"]["food"]["initial_days"] * 8.0
    names = ("received_kg", "drawn_kg", "on_hand_kg", "spoiled_kg", "reserve_kg", "in_transit_kg")
    received, drawn, hand, spoiled, reserves, coming = (np.array(stock_on_days(result, name)) for name in names)
    bought = record(replication(*plans, seed=seed)).bought_kg
    spread = drawn.sum() + spoiled.sum() + hand[-1] + coming[-1] + reserves[-1]
    assert initial + 30 + bought == pytest.approx(spread, abs=1e-9)
    lost = initial + received.cumsum() - drawn.cumsum() - hand
    assert (lost > -1e-9).all()
    assert (lost <= spoiled.cumsum() + 1e-9).all()
    assert (hand >= 0).all()
    assert sum(kg_of(result)) <= drawn.sum() + 1e-9


@pytest.mark.lengthy
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_more_stock_never_serves_fewer(data: st.DataObject) -> None:
    """Goods that keep, a market without a limit: with more in stock at the start nobody gets less."""
    few, many = sorted(data.draw(st.tuples(st.sampled_from([0, 0.3, 1]), st.sampled_from([0.3, 1, 2.5]))))
    up_to, hours = data.draw(st.sampled_from([1, 2, 3])), data.draw(st.sampled_from([12, 24, 60]))
    rule = data.draw(st.sampled_from([IN_PROPORTION, NEAREST]))
    found = []
    for initial in (few, many):
        plan = with_supply(shop((3, 4)), {"food": stock(initial, up_to)}, sources={"market": source(hours)})
        decided = {**strategy(channel("only", WAIT)), "allocation": [rule]}
        result = simulated(plan, decided)
        found.append((value(result, "coverage"), sum(kg_of(result))))
    assert found[1][0] >= found[0][0]
    assert found[1][1] >= found[0][1] - 1e-9
