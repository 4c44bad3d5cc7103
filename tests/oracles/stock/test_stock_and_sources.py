"""Stock on paper: order-up-to, lead time, spoilage, closure and takeover, the ladder, rationing; numbers by hand.

Unless a case says otherwise: ten households of one depot, each uses up 1 kg a day and is sent what it needs
every day at 00:00, so 10 kg leave stock each midnight; stocks are counted at noon; goods take 24 hours.
"""

from __future__ import annotations

import pytest

import simsupply as ss
from tests.plans.demand_plans import NOBODY, alone, idle_world, purchases, value, way
from tests.plans.paper_plans import DAY, Plain, channel, cycle, delay, strategy, world
from tests.plans.supply_plans import by_day, record, replication, source, stock, with_supply

DAILY = strategy(channel("daily", delay("bring", 60)))


def town(days: int = 6, households: tuple[int, ...] = (10,), **more: object) -> Plain:
    """Ten households that are sent 1 kg each, every day."""
    return world(list(households), NOBODY, demand=cycle(need=7, days=1), horizon_days=days, run_out_days=0, **more)


def closed(*sources: str, from_day: int = 0, to_day: int | None = None, capacity: float = 0) -> Plain:
    return {
        "kind": "supply",
        "sources": list(sources),
        "capacity": capacity,
        "from_day": from_day,
        **({} if to_day is None else {"to_day": to_day}),
    }


def run(plan: Plain, shocks: Plain | None = None, decided: Plain = DAILY):
    return replication({**plan, "shocks": shocks or {}}, decided)


# --- order up to, lead time ---------------------------------------------------------------------------


def test_order_up_to() -> None:
    """3 days at the start, up to 3: at noon 20 kg are left after the list of day 0, so 10 are asked for.

    They come at noon of the day after, when 10 kg are there (20 - 10) and 10 have come: 20 kg, none on its way;
    10 are asked for again. So it goes on: 20 kg at each midnight's eve, 10 on the way.
    """
    result = run(with_supply(town(), {"food": stock(3, 3)}))
    assert by_day(result, "on_hand_kg") == [20, 20, 20, 20, 20, 20]
    assert by_day(result, "in_transit_kg") == [10] * 6
    assert by_day(result, "received_kg") == [0, 10, 10, 10, 10, 10]
    assert by_day(result, "drawn_kg") == [10] * 6
    assert by_day(result, "cover_days") == [2] * 6


def test_lead_time_of_two_days_and_a_half_is_covered_by_the_stock_on_its_way() -> None:
    """Up to 4 days, 60 hours on the way: asked at noon of day 0 (10 kg), there at 00:00 of day 3.

    On hand after the lists of days 0, 1, 2: 30, 20, 10. What comes at 00:00 of day 3 is there before the list:
    10 + 10 - 10.
    """
    plan = with_supply(town(), {"food": stock(4, 4)}, sources={"market": source(60)})
    result = run(plan)
    assert by_day(result, "on_hand_kg") == [30, 20, 10, 10, 10, 10]
    assert by_day(result, "received_kg") == [0, 0, 0, 10, 10, 10]
    assert by_day(result, "in_transit_kg") == [10, 20, 30, 30, 30, 30]


def test_stocks_counted_every_other_day() -> None:
    """Days 0, 2, 4: 10 kg asked on day 0 (30 to 20), there on day 1; on day 2 10 of 30 are left: 20 asked."""
    result = run(with_supply(town(), {"food": stock(3, 3)}, review={"at": "12:00", "every_days": 2}))
    assert by_day(result, "received_kg") == [0, 10, 0, 20, 0, 20]
    assert by_day(result, "on_hand_kg") == [20, 20, 10, 20, 10, 20]


def test_peak_factor_and_room() -> None:
    """A day of cover is 12 kg: 36 at the start; 26 after the list; of the 10 missing 4 find room under 30 kg."""
    result = run(with_supply(town(2), {"food": stock(3, 3)}, peak_factor=1.2, room_kg=30))
    assert by_day(result, "in_transit_kg") == [4, pytest.approx(10)]
    assert by_day(result, "cover_days") == [pytest.approx(26 / 12), pytest.approx(20 / 12)]


def test_a_source_gives_no_more_than_its_limit_and_the_next_one_the_rest() -> None:
    """4 kg a day from the first, 10 - 4 from the second, at half capacity 2 and 8."""
    sources = {"first": source(24, daily_kg={"food": 4}), "second": source(48)}
    plan = with_supply(town(), {"food": stock(3, 3)}, sources=sources)
    assert by_day(run(plan), "received_kg") == [0, 4, 10, 10, 10, 10]
    half = {"half": closed("first", capacity=0.5)}
    assert by_day(run(plan, half), "received_kg") == [0, 2, 10, 10, 10, 10]


def test_a_market_closed_and_its_sister_after_two_days() -> None:
    """Closed from midnight of day 1 on: noon of day 0 was the last order, 10 kg, which comes on day 1.

    The sister takes over at 00:00 of day 3: at noon 0 of 30 kg are there (20, 20, 10, 0), so 30 are asked for and come
    on day 4, too late for its list; 20 are left after that of day 5. The market reopens on day 5, and is asked first.
    """
    sources = {"market": source(24), "sister": source(24, starts_after_closure={"of": "market", "lead_days": 2})}
    plan = with_supply(town(), {"food": stock(3, 3)}, sources=sources)
    result = run(plan, {"closed": closed("market", from_day=1, to_day=5)})
    assert by_day(result, "received_kg") == [0, 10, 0, 0, 30, 0]
    assert by_day(result, "drawn_kg") == [10, 10, 10, 10, 0, 10]
    assert by_day(result, "on_hand_kg") == [20, 20, 10, 0, 30, 20]
    assert result.channels["daily"].rejected == 10


# --- spoilage -----------------------------------------------------------------------------------------


def test_what_expires_first_goes_out_first_and_the_rest_spoils() -> None:
    """5 days at the start, 2.5 days of shelf life: spoils at 12:00 of day 2, when 50 - 3 x 10 = 20 kg are left.

    Nothing is asked for before (up to 2 days): at noon of day 2, after that, 20 kg; they come on day 3, when its list
    has found nothing, and keep until noon + 2.5 days.
    """
    result = run(with_supply(town(), {"food": stock(5, 2, shelf_life_days=2.5)}))
    assert by_day(result, "spoiled_kg") == [0, 0, 20, 0, 0, 0]
    assert by_day(result, "drawn_kg") == [10, 10, 10, 0, 10, 10]
    assert by_day(result, "received_kg") == [0, 0, 0, 20, 0, 10]
    assert result.spoiled_kg == 20


def test_new_goods_do_not_go_out_before_old_ones() -> None:
    """2 days at the start and 3 days of shelf life, up to 3: old goods are used up on day 1, before they expire."""
    result = run(with_supply(town(), {"food": stock(2, 3, shelf_life_days=3)}))
    assert by_day(result, "spoiled_kg") == [0] * 6


def test_rotation_keeps_a_reserve_from_spoiling() -> None:
    """A reserve of 20 kg spoils at 12:00 of day 4.

    But rotated 3.5 days ahead, 10 kg leave at noon of days 1 and 2, are at
    the depot at noon of days 2 and 3, and go out before anything else with the lists of days 3 and 4.
    """
    reserve = {"cover_days": {"food": 2}, "delay_hours": 24}
    supply = {"stock": {"food": stock(3, 3, shelf_life_days=4.5)}, "ladder": {"below_days": 0.5, "above_days": 1}}
    still = run(with_supply(town(8), supply["stock"], reserves={"city": reserve}, ladder=supply["ladder"]))
    assert by_day(still, "spoiled_kg")[4] == 20
    assert still.spoiled_kg == 20
    moved = {"city": {**reserve, "rotate_days": 3.5}}
    turning = run(with_supply(town(8), supply["stock"], reserves=moved, ladder=supply["ladder"]))
    assert turning.spoiled_kg == 0
    assert record(turning).rotated_kg >= 20
    # What was sent on is replaced: 20 kg are in the reserve, or on the way to it, at the end.
    assert by_day(turning, "reserve_kg")[-1] == 20


# --- the ladder ---------------------------------------------------------------------------------------


def ladder_plan(**ladder: object) -> Plain:
    """30 kg, 20 after the first list, and no market. County 8 kg after 6 hours, city 14 after 30."""
    return with_supply(
        town(8),
        {"food": stock(3, 3)},
        reserves={
            "county": {"kg": {"food": 8}, "delay_hours": 6},
            "city": {"kg": {"food": 14}, "delay_hours": 30},
        },
        ladder={"below_days": 1.5, "above_days": 2.5, **ladder},
    )


def test_reserves_are_opened_in_order_each_after_its_delay() -> None:
    """Counted at noon: 20 kg (2 days), 10 kg (below 1.5): the ladder is in use from noon of day 1.

    20 kg are missing: the county gives its 8 at once (there at 18:00), the city 12 of 14 (there at 18:00 of day 2). On
    day 2 the list takes 10 of 18; at noon 8 + 12 on the way, 10 missing: the city gives its last 2.
    """
    result = run(ladder_plan(), {"closed": closed("market")})
    noon = DAY + 720
    releases = [
        (release.reserve, release.asked_min, release.arrived_min, release.kg) for release in record(result).releases
    ]
    assert releases == [
        ("county", noon, noon + 360, 8),
        ("city", noon, noon + 1800, 12),
        ("city", noon + DAY, noon + DAY + 1800, 2),
    ]
    assert by_day(result, "received_kg") == [0, 8, 12, 2, 0, 0, 0, 0]
    # 52 kg in all: five lists, and 2 kg for the sixth.
    assert by_day(result, "drawn_kg") == pytest.approx([10, 10, 10, 10, 10, 2, 0, 0])
    assert by_day(result, "reserve_kg") == [22, 2, 0, 0, 0, 0, 0, 0]


def test_two_counts_in_a_row_and_a_share_a_day() -> None:
    """Below on days 1 and 2, so in use at noon of day 2: nothing is left, 30 missing; half of 8, so the city waits."""
    plan = ladder_plan(below_reviews=2)
    plan["supply"]["reserves"]["county"]["daily_share"] = 0.5
    result = run(plan, {"closed": closed("market")})
    found = [(release.reserve, release.asked_min, release.kg) for release in record(result).releases]
    assert found[0] == ("county", 2 * DAY + 720, 4)
    # The day after the county's last 4, and as it has nothing left then, all that the city has.
    assert found[1:] == [("county", 3 * DAY + 720, 4), ("city", 3 * DAY + 720, 14)]


def test_rationing_comes_last() -> None:
    """The city has 30 kg, there after 6 hours; cut to 0.3 once less than 1.5 days are there and all has come.

    At noon there are 10 kg on day 1 (released: all 8, and 12), 10 + 20 - 10 = 20 on day 2 (10), 20 on day 3 (the
    last 8), 20 + 8 - 10 = 18 on day 4, not below 15, and 8 on day 5: the lists of days 6 and 7 hold 3 kg.
    """
    plan = ladder_plan(rationing={"to": 0.3, "below_days": 1.5, "above_days": 2.4})
    plan["supply"]["reserves"]["city"] = {"kg": {"food": 30}, "delay_hours": 6}
    result = run(plan, {"closed": closed("market")})
    assert [release.kg for release in record(result).releases] == [8, 12, 10, 8]
    assert by_day(result, "ration") == [1, 1, 1, 1, 1, 0.3, 0.3, 0.3]
    assert by_day(result, "rationed_kg") == pytest.approx([0] * 6 + [7, 7])
    assert by_day(result, "drawn_kg") == pytest.approx([10] * 6 + [3, 3])
    assert [(period.decided_min, period.from_min) for period in record(result).rationing] == [
        (5 * DAY + 720, 5 * DAY + 720)
    ]
    assert result.households.kg.tolist() == [pytest.approx(6.6)] * 10


def test_rationing_ends_when_stock_is_back() -> None:
    """No reserve, closed until day 3: at the noon of day 1 10 kg are there, the lists of days 2 and 3 hold half.

    Noon of day 3: none, 30 are asked for. On day 4 the list finds nothing; noon: 30 kg, above 2.4 days.
    On day 5 a whole list again.
    """
    ladder = {"below_days": 1.5, "above_days": 2.5, "rationing": {"to": 0.5, "below_days": 1.5, "above_days": 2.4}}
    plan = with_supply(town(8), {"food": stock(3, 3)}, ladder=ladder)
    result = run(plan, {"closed": closed("market", to_day=3)})
    assert by_day(result, "ration") == [1, 0.5, 0.5, 0.5, 1, 1, 1, 1]
    assert by_day(result, "drawn_kg") == pytest.approx([10, 10, 5, 5, 0, 10, 10, 10])


# --- orders for which there is not enough -------------------------------------------------------------


def short(kg: float, days: int = 3) -> Plain:
    """Stock of so many kg for ten households, and 10 kg two days later."""
    return with_supply(
        town(days), {"food": stock(kg / 10, kg / 10)}, sources={"market": source(24)}, review={"at": "12:00"}
    )


def test_partial_wait_reject() -> None:
    """5.5 kg for ten orders of 1 kg. In part: 0.55 each. Whole: five, the others wait, or are turned away.

    Of the 5.5 kg the five leave 0.5; noon: 5 kg asked, there on day 1 at noon: the five that wait are sent then.
    """
    partial = run(short(5.5, 1), None, DAILY)
    assert partial.households.kg.tolist() == [pytest.approx(0.55)] * 10
    reject = run(short(5.5, 1), None, DAILY | {"when_short": "reject"})
    assert reject.households.kg.tolist() == [1] * 5 + [0] * 5
    assert (reject.orders.accepted, reject.orders.rejected) == (5, 5)
    plan = short(5.5, 2)
    plan["demand"]["cycle_days"] = 7
    plan["demand"]["need_kg_per_household_week"] = 1
    # One list of ten orders of 1 kg; a day of cover is 10 / 7 kg.
    plan["supply"]["stock"] = {"food": stock(5.5 * 0.7, 5.5 * 0.7)}
    waiting = run(plan, None, DAILY | {"when_short": "wait"})
    assert (waiting.orders.accepted, waiting.orders.delivered) == (10, 10)
    assert waiting.households.first_delivery_min.tolist() == [60] * 5 + [DAY + 720 + 60] * 5
    assert waiting.backlog_peak == 10


def test_orders_that_wait_at_the_end_are_unfinished() -> None:
    result = run(short(5.5, 1), None, DAILY | {"when_short": "wait"})
    assert (result.orders.accepted, result.orders.delivered, result.unfinished_orders) == (10, 5, 5)


def test_a_price_for_goods_reserves_and_waste() -> None:
    """8 + 14 kg released at 3, nothing bought; without the closure 10 kg a day bought at 2."""
    prices = {"goods_kg": 2, "reserve_kg": 3}
    plan = ladder_plan()
    plan["scenario"]["prices"] = prices
    shut = ss.load_scenario({**plan, "shocks": {"closed": closed("market")}})
    result = ss.simulate(shut, ss.load_strategy(DAILY), replications=1)
    assert value(result, "cost") == pytest.approx(66)
    assert value(result, "reserve_kg") == 22
    assert value(result, "cover_days_lowest") == 0
    # 52 of 80 kg.
    assert value(result, "short_kg_share") == pytest.approx(28 / 80)
    opened = ss.simulate(ss.load_scenario(plan), ss.load_strategy(DAILY), replications=1)
    assert value(opened, "cost") == pytest.approx(160)


def test_goods_by_group_are_short_one_by_one() -> None:
    """Of rice there is enough, of milk half: every order holds 0.5 kg of rice and 0.1 of 0.2 kg of milk."""
    plan = idle_world([4], purchases() | {"need_kg_per_household_week": None}, horizon_days=1, run_out_days=0)
    plan["demand"] = {key: value for key, value in plan["demand"].items() if value is not None}
    plan["scenario"]["households"].pop("pantry_days")
    days = {"low": 0, "high": 0}
    plan["goods"] = {
        "rice": {"kg_per_person_day": 0.5, "pantry_days": days},
        "milk": {"kg_per_person_day": 0.2, "pantry_days": days},
    }
    plan = with_supply(plan, {"rice": stock(2, 2), "milk": stock(0.5)})
    result = replication(plan, strategy(channel("daily", delay("bring", 60))))
    assert result.households.kg_by_goods.tolist() == [[0.5, pytest.approx(0.1)]] * 4
    # From 01:00 on the milk lasts half a day.
    assert result.households.empty_min_by_goods[:, 1].tolist() == [pytest.approx(60 + 660)] * 4


# --- demand -------------------------------------------------------------------------------------------


def test_a_demand_shock_multiplies_attempts_on_its_days() -> None:
    """Everybody tries twice a day; three times as often on day 1."""
    surge = {
        "kind": "surge",
        "need_kg_per_household_week": 7,
        "normal_orders_per_household_day": 2,
        "multiplier": 1,
        "order_covers_days": 1,
        "lines_per_order": 1,
    }
    plan = idle_world([10], surge, horizon_days=3, run_out_days=0)
    plan["shocks"] = {"panic": {"kind": "demand", "factor": 3, "from_day": 1, "to_day": 2}}
    result = alone(plan, way("lists", delay("bring", 60)))
    days = result.days[(result.days["measure"] == "attempted") & (result.days["channel"] == "lists")]
    assert days.sort_values("day")["value"].tolist() == [20, 60, 20]


def test_more_wishes_where_not_everybody_wishes_every_day() -> None:
    """One in ten wants something on a day; with a factor of 10 everybody does; with 20 each tries twice."""
    for factor, attempts in ((10, 50), (20, 100)):
        plan = idle_world([50], purchases(0.1), horizon_days=1, run_out_days=0)
        plan["shocks"] = {"panic": {"kind": "demand", "factor": factor, "from_day": 0}}
        result = alone(plan, way("lists", delay("bring", 60)))
        assert value(result, "orders_attempted") == attempts


def test_lead_times_are_drawn_by_day_and_source() -> None:
    """A cv spreads arrivals, and one more source leaves them as they were."""
    plan = with_supply(town(), {"food": stock(3, 3)}, sources={"market": {"lead_time": {"mean_hours": 24, "cv": 1.0}}})
    alone_, more = run(plan), dict(plan["supply"]["sources"])
    more["other"] = source(10)
    both = run({**plan, "supply": {**plan["supply"], "sources": more}})
    assert by_day(alone_, "received_kg") == by_day(both, "received_kg")
    assert sum(by_day(alone_, "received_kg")) > 20
    assert by_day(alone_, "received_kg") != [0, 10, 10, 10, 10, 10]
