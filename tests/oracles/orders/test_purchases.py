"""Households go shopping as they always did; closed shops turn all of it into orders, and that is the surge.

Lists are closed at 15:00 = 900 unless a case says otherwise.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

import simsupply as ss
from tests.plans.demand_plans import (
    FOREVER,
    ROUND_THE_CLOCK,
    SHOP_FLOOR,
    allotted,
    alone,
    assert_binomial,
    counts,
    days_of,
    group_of_goods,
    idle_world,
    in_tiers,
    mix,
    only_for,
    open_gate,
    ordered,
    purchases,
    run,
    shop,
    split,
    table,
    times,
    totals,
    use,
    value,
    way,
    who,
    with_goods,
)
from tests.plans.paper_plans import Plain, clock, crew, delay, stage, world

COUNT = delay("count", 10)
DAILY = ordered(every_days=1, cut_off="15:00")
ONLINE = 0.04


def town(households: int, *, open_shops: bool, days: int = 1, **demand) -> ss.Result:
    """Shops and one online channel that takes everything; shops are closed by the tier, by nothing else."""
    plan = world([households], SHOP_FLOOR, demand=purchases(**{"online": ONLINE, **demand}), horizon_days=days)
    open_kinds = ["visit", "order"] if open_shops else ["order"]
    plan = in_tiers(plan, sealed={"open": open_kinds})
    return run(plan, mix(use(shop()), use(way("online", COUNT, release=DAILY))))


# --- the surge ----------------------------------------------------------------------------------------------


def test_closed_shops_make_25_times_the_orders() -> None:
    """2000 households buy once a day, 4 % of it online: normally 80 orders. With closed shops all 2000: 25 times.

    No multiplier: every household attempts exactly once on day 1.
    """
    result = town(2000, open_shops=False)
    assert value(result, "orders_attempted") == 2000 == 25 * (2000 * ONLINE)
    assert who(result, "online") == list(range(2000))
    assert value(result, "visits") == 0


def test_open_shops_leave_a_share_online() -> None:
    """2000 households, one day: orders are binomial(2000, 0.04); everybody else is in the shop."""
    result = town(2000, open_shops=True)
    attempted = value(result, "orders_attempted")
    assert_binomial(attempted, 2000, ONLINE)
    assert value(result, "visits") == 2000 - attempted


def test_closing_the_shops_multiplies_the_same_households_orders() -> None:
    """Ratio closed : open within the binomial bounds of 80 orders, 80 +- 4 * 8.8: between 17 and 45."""
    ratio = value(town(2000, open_shops=False), "orders_attempted") / value(
        town(2000, open_shops=True), "orders_attempted"
    )
    assert 2000 / (80 + 36) <= ratio <= 2000 / (80 - 36)


@pytest.mark.parametrize("probability", [0.2, 0.5])
def test_how_often_they_buy(probability) -> None:
    """Closed shops, one day: attempts are binomial(2000, purchases_per_household_day)."""
    result = town(2000, open_shops=False, probability=probability)
    assert_binomial(value(result, "orders_attempted"), 2000, probability)


def test_all_online_needs_no_shop() -> None:
    """Online share 1: nobody visits although shops are open."""
    result = town(300, open_shops=True, online=1.0)
    assert value(result, "orders_attempted") == 300
    assert value(result, "visits") == 0


def test_every_purchase_is_an_order_or_a_visit() -> None:
    """Five days, everything is delivered or bought on the day itself: 300 households * 5 days."""
    result = town(300, open_shops=True, days=5)
    assert value(result, "orders_attempted") + value(result, "visits") == 1500
    assert_binomial(value(result, "orders_attempted"), 1500, ONLINE)


def test_shops_that_close_on_a_day() -> None:
    """Precaution on days 0-1, sealed on days 2-3: visits on days 0-1 only; all 300 order on each of days 2 and 3.

    300 * 4 purchases; orders on days 0-1 are binomial(600, 0.04).
    """
    plan = world([300], SHOP_FLOOR, demand=purchases(online=ONLINE), horizon_days=4)
    plan = in_tiers(
        plan,
        {"tier": "precaution", "to_day": 2},
        precaution={"open": ["visit", "order"]},
        sealed={"open": ["order"]},
    )
    result = run(plan, mix(use(shop()), use(way("online", COUNT, release=DAILY))))
    orders, visits = days_of(result, "online"), days_of(result, "shop")
    assert (orders[2], orders[3]) == (300, 300)
    assert set(visits) == {0, 1}
    normal = orders.get(0, 0) + orders.get(1, 0)
    assert visits[0] + visits[1] == 600 - normal == value(result, "visits")
    assert_binomial(normal, 600, ONLINE)


# --- who waits does not buy ----------------------------------------------------------------------------------


def test_who_has_an_open_order_does_not_buy() -> None:
    """Nothing is ever delivered: one attempt a household in 5 days."""
    plan = idle_world([50], horizon_days=5)
    result = alone(plan, way("online", delay("count", FOREVER), release=DAILY))
    assert totals(result)["attempted"] == 50
    assert times(result, "placed") == [900] * 50


def test_who_wants_something_goes_on_wanting_it() -> None:
    """Nobody is accepted; 1000 households begin to want with probability 0.2 a day and keep wanting.

    On day d a share 1 - 0.8^(d+1) attempts: 0.2 + 0.36 + 0.488 + 0.5904 + 0.67232 = 2.31072 a household in 5 days;
    a household's number lies in 0..5, so the standard deviation of the sum is at most 2.5 * sqrt(1000) = 79.
    (Households that forgot what they wanted would attempt 1000 times.)
    """
    channel = way("online", COUNT, release=DAILY, acceptance={"orders_per_day": 0})
    result = alone(idle_world([1000], purchases(0.2), horizon_days=5), channel)
    assert totals(result)["attempted"] == pytest.approx(2310.7, abs=4 * 79)
    assert totals(result)["rejected"] == totals(result)["attempted"]


def test_rejected_households_try_again_the_next_day() -> None:
    """100 households, 30 orders a day, what is accepted stays open: 100 + 70 + 40 + 10 attempts, then none.

    Accepted 30 + 30 + 30 + 10; turned away 70 + 40 + 10.
    """
    channel = way("online", delay("count", FOREVER), release=DAILY, acceptance={"orders_per_day": 30})
    result = alone(idle_world([100], horizon_days=6), channel)
    assert counts(result, "online") == {
        "attempted": 220,
        "accepted": 100,
        "rejected": 120,
        "cancelled": 0,
        "delivered": 0,
    }
    assert days_of(result, "online") == {0: 30, 1: 30, 2: 30, 3: 10}
    assert who(result) == list(range(100))


def test_each_depot_has_a_limit_of_its_own() -> None:
    """10 orders a day and depot; 25 households at one, 5 at the other: 15 accepted, 15 turned away on day 0."""
    geography = {
        "kind": "listed",
        "depots": [{"name": "north"}, {"name": "south"}],
        "drop_points": [
            {"name": "a", "households": 25, "distance_km": 10, "depot": "north"},
            {"name": "b", "households": 5, "distance_km": 10, "depot": "south"},
        ],
    }
    channel = way("online", COUNT, release=DAILY, acceptance={"orders_per_day": 10})
    result = alone(idle_world(geography, horizon_days=1), channel)
    assert (totals(result)["accepted"], totals(result)["rejected"]) == (15, 15)
    assert who(result)[-5:] == [25, 26, 27, 28, 29]


def test_no_more_than_the_depot_can_do_by_its_promise() -> None:
    """One packer 10 h a day, 60 min an order: 10 a day; promised within 2 days: 20 open orders at most.

    Lists at 07:00. Day 0: 50 attempts, 20 accepted, 10 packed. Day 1: 30 who were turned away + 10 who were served:
    40 attempts, 10 open, room for 10. Day 2: 30 + 10, again 10. Accepted 40, turned away 30 + 30 + 30.
    """
    plan = world([50], {"packers": crew(1)}, demand=purchases(), horizon_days=3)
    channel = way(
        "online",
        stage("pack", "packers", effort={"per_order_min": 60}),
        release=ordered(every_days=1, cut_off="07:00"),
        acceptance={"promise_days": 2.0},
    )
    result = alone(plan, channel)
    assert days_of(result, "online") == {0: 20, 1: 10, 2: 10}
    assert counts(result, "online") == {
        "attempted": 130,
        "accepted": 40,
        "rejected": 90,
        "cancelled": 0,
        "delivered": 30,
    }


def test_a_promise_counts_what_grown_baskets_hold() -> None:
    """As above, but an hour for each line, and who was turned away orders two lines the next day.

    Day 0, 07:00: baskets of one line, 20 accepted. Day 1: 30 who were turned away have waited 2.3 days (two lines),
    10 who were served 1 day (one line): 1.75 lines on average, 105 min. Open are 10 orders of an hour: room for
    (2 x 600 - 600) / 105 = 5.7, so 5.
    """
    plan = world([50], {"packers": crew(1)}, demand=purchases(), horizon_days=2)
    channel = way(
        "online",
        stage("pack", "packers", effort={"per_line_min": 60}),
        release=ordered(every_days=1, cut_off="07:00"),
        acceptance={"promise_days": 2.0},
    )
    assert days_of(alone(plan, channel), "online") == {0: 20, 1: 5}


def open_and_sealed(pickers: int, households: int) -> Plain:
    """d0 is sealed, d1 open, so many households each; pickers, and one courier from the depot."""
    return in_tiers(
        world([households] * 2, {"pickers": crew(pickers), "couriers": crew(1)}, demand=purchases(), horizon_days=2),
        {"tier": "sealed", "communities": ["d0"]},
        {"tier": "precaution", "communities": ["d1"]},
        precaution={"entry": "door", "open": ["order"]},
    )


# An hour of a picker for each order, 08:00-18:00; 2 h of the courier for those to open doors. Lists at 07:00.
PICK = stage("pick", "pickers", effort={"per_order_min": 60})
RIDE = only_for(stage("ride", "couriers", effort={"per_order_min": 120}), tiers=["precaution"])
EARLY = ordered(every_days=1, cut_off="07:00")


def couriers_to_open_doors(pickers: int, promise_days: float) -> ss.Result:
    """40 households each."""
    channel = way("online", PICK, RIDE, release=EARLY, acceptance={"promise_days": promise_days})
    return alone(open_and_sealed(pickers, 40), channel)


def test_a_step_for_some_limits_only_those() -> None:
    """A courier rides 5 orders a day, ten pickers pick 100: all 40 of d0 are taken on, and 5 of the 40 of d1.

    Orders to the doors are first on the dispatch list: picked at 9:00, ridden till 11, 13, 15, 17 and, begun before the
    end of the shift, 19:00. None is open on day 1, and it goes the same way again.
    """
    result = couriers_to_open_doors(10, 1.0)
    for day in (0, 1):
        taken = who(result, day=day)
        assert taken[:40] == list(range(40))
        assert len(taken) == 45


def test_open_orders_count_at_the_steps_they_go_through() -> None:
    """One picker, a promise of 3 days: 30 orders, of d1 15 at most.

    The first ten picked are of d1, and five of them ridden: 25 are open on day 1, ten of d1. Pickers have room for 5,
    the courier for 5: five are taken on.
    """
    result = couriers_to_open_doors(1, 3.0)
    assert len(who(result, day=0)) == 30
    assert sum(household >= 40 for household in who(result, day=0)) == 15
    assert len(who(result, day=1)) == 5


def test_a_step_for_some_shares_what_all_need() -> None:
    """Two pickers pick 20 a day: room for 20 in the order of calls, of d1 no more than the courier's 5.

    Whoever of d1 calls after the fifth is turned away, and d0 has the room.
    """
    taken = who(couriers_to_open_doors(2, 1.0), day=0)
    assert len(taken) == 20
    assert sum(household >= 40 for household in taken) == 5


@pytest.mark.parametrize(("above", "is_on"), [(2.99, True), (3.0, False)])
def test_a_backlog_is_as_long_as_the_step_that_needs_longest(above, is_on) -> None:
    """20 households each, all taken on, two pickers: the 20 of d1 are picked on day 0, and five of them ridden.

    Open at midnight are 35 orders, 1.75 days for the pickers; 15 of them are the courier's, 3 days.
    """
    online, other = way("online", PICK, RIDE, release=EARLY), way("other", COUNT, release=EARLY)
    watch = {"metric": "backlog_days", "channel": "online", "above": above}
    uses = use(online, unless="full"), use(other, when="full")
    result = run(open_and_sealed(2, 20), mix(*uses, triggers={"full": watch}))
    assert len(who(result, "online", day=0)) == 40
    assert days_of(result, "other") == ({1: 5} if is_on else {})


# --- retries and multiplier -----------------------------------------------------------------------------------


def test_retries_of_the_day_after() -> None:
    """Nobody is accepted. Day 0: 100 attempts; days 1 and 2: 1 + 2 retries each: 300. 700, all turned away."""
    channel = way("online", COUNT, release=DAILY, acceptance={"orders_per_day": 0})
    result = alone(idle_world([100], purchases(retries_per_day=2.0), horizon_days=3), channel)
    assert counts(result, "online") == {
        "attempted": 700,
        "accepted": 0,
        "rejected": 700,
        "cancelled": 0,
        "delivered": 0,
    }


def test_retries_end_with_acceptance() -> None:
    """60 of 100 accepted a day, open for ever, 3 retries. Day 0: 100; day 1: 40 * 4 = 160; day 2: none.

    Accepted 100; turned away 260 - 100.
    """
    channel = way("online", delay("count", FOREVER), release=DAILY, acceptance={"orders_per_day": 60})
    result = alone(idle_world([100], purchases(retries_per_day=3.0), horizon_days=4), channel)
    found = counts(result, "online")
    assert (found["attempted"], found["accepted"], found["rejected"]) == (260, 100, 160)


def test_without_retries_there_are_none() -> None:
    """The plan before with 0 retries: 100 + 40."""
    channel = way("online", delay("count", FOREVER), release=DAILY, acceptance={"orders_per_day": 60})
    assert totals(alone(idle_world([100], horizon_days=4), channel))["attempted"] == 140


def test_multiplier_on_attempts() -> None:
    """100 households call 5 times each on both days, and nobody is accepted: 1000 attempts."""
    channel = way("online", COUNT, release=DAILY, acceptance={"orders_per_day": 0})
    result = alone(idle_world([100], purchases(multiplier=5.0), horizon_days=2), channel)
    assert totals(result)["attempted"] == totals(result)["rejected"] == 1000


def test_multiplied_calls_bring_one_order() -> None:
    """100 households call 5 times each and all are accepted once; the sum of the identity holds."""
    channel = way("online", COUNT, release=DAILY)
    found = totals(alone(idle_world([100], purchases(multiplier=5.0), horizon_days=1), channel))
    assert (found["attempted"], found["accepted"], found["rejected"]) == (500, 100, 400)


# --- the basket -----------------------------------------------------------------------------------------------

# A basket covers the days since the list before, however long its goods were on their way (here a day).
TEN = open_gate("ten", "10:00", "10:01")


def baskets(every_days: int, effort: dict, *uses, **demand) -> ss.Result:
    """One household; lists at 10:00 = 600 on days 0, n, 2 n; picked at once, there on the day after at 10:00."""
    plan = world(
        [1],
        {"packers": crew(1, "depot", ROUND_THE_CLOCK)},
        demand=purchases(**{"lines_per_order": 3, "max_lines": 60, **demand}),
        horizon_days=2 * every_days,
    )
    pick = stage("pick", "packers", effort=effort)
    channel = way("online", pick, TEN, release=ordered(every_days=every_days, cut_off="10:00"))
    return run(plan, mix(use(channel), *uses))


def second_pick(result: ss.Result, every_days: int) -> float:
    """Minutes of work on the order of day n."""
    orders = table(result, "online")
    assert list(orders["placed"]) == [600, clock(every_days, 600)]
    assert orders["ten"].iloc[0] == clock(1, 600)
    return float(orders["pick"].iloc[1]) - clock(every_days, 600)


@pytest.mark.parametrize(("pause", "lines"), [(2, 6), (3, 9), (5, 15)])
def test_lines_grow_with_the_pause(pause, lines) -> None:
    """3 lines after the normal pause of one day; ordered on day 0, next list on day k: 3 k lines, 1 min each."""
    assert second_pick(baskets(pause, {"per_line_min": 1}), pause) == pytest.approx(lines)


def test_lines_grow_up_to_a_maximum() -> None:
    """5 days without supply would be 15 lines; at most 12."""
    assert second_pick(baskets(5, {"per_line_min": 1}, max_lines=12), 5) == pytest.approx(12)


@pytest.mark.parametrize(("pause", "kg"), [(2, 2), (3, 3), (5, 5)])
def test_weight_grows_with_the_pause(pause, kg) -> None:
    """1 kg a day: k kg after k days, 10 min a kg."""
    assert second_pick(baskets(pause, {"per_kg_min": 10}), pause) == pytest.approx(10 * kg)


def test_weight_grows_up_to_a_maximum() -> None:
    """5 days without supply, at most 4 days' need: 4 kg; the lines go on growing: 15 + 40 min."""
    result = baskets(5, {"per_line_min": 1, "per_kg_min": 10}, max_cover_days=4)
    assert second_pick(result, 5) == pytest.approx(15 + 40)


def test_a_parcel_of_fixed_lines_does_not_grow() -> None:
    """2 lines in every parcel, whatever the pause: 2 min each time."""
    plan = world([1], {"packers": crew(1, "depot", ROUND_THE_CLOCK)}, demand=purchases(), horizon_days=12)
    pick = stage("pick", "packers", effort={"per_line_min": 1})
    release = ordered(every_days=6, cut_off="10:00")
    result = alone(plan, way("online", pick, TEN, release=release, parcel={"lines": 2, "kg": 1}))
    assert times(result, "pick") == [602, clock(6, 602)]


def test_a_crate_ends_the_pause() -> None:
    """Ordered at 10:00 of days 0 and 5; a crate comes at 10:00 of day 3: pause 2 days on day 5, not 4: 6 lines."""
    crate = way("crate", delay("stand", 0), release=allotted(30, "10:00"), parcel={"kg": 1})
    result = baskets(5, {"per_line_min": 1}, use(crate, from_day=3))
    assert times(result, "stand", "crate") == [clock(3, 600)]
    assert second_pick(result, 5) == pytest.approx(6)


def test_first_basket_is_a_normal_one() -> None:
    """At 00:00 of day 0 the pause is the normal one: 3 lines, 1 kg: 3 + 10 min."""
    plan = world([1], {"packers": crew(1, "depot", ROUND_THE_CLOCK)}, demand=purchases(lines_per_order=3))
    pick = stage("pick", "packers", effort={"per_line_min": 1, "per_kg_min": 10})
    result = alone(plan, way("online", pick, delay("count", FOREVER), release=ordered(every_days=7)))
    assert times(result, "pick") == [13]


def test_normal_pause_is_one_over_the_probability() -> None:
    """They buy every other day on average (0.5): 3 lines stand for 2 days. Lists at 10:00 of days 0 and 5.

    Ordered on day 0, so on day 5 after 5 days: round(3 * 5 * 0.5) = 8 lines (7.5 to the even number) and 5 kg:
    8 + 50 = 58 min. Those who were not supplied before have an order of another size. As many packers as households.
    """
    plan = world(
        [200],
        {"packers": crew(200, "depot", ROUND_THE_CLOCK)},
        demand=purchases(0.5, lines_per_order=3),
        horizon_days=6,
    )
    pick = stage("pick", "packers", effort={"per_line_min": 1, "per_kg_min": 10})
    result = alone(plan, way("online", pick, TEN, release=ordered(every_days=5, cut_off="10:00")))
    first, second = set(who(result, day=0)), table(result)[table(result)["placed"] == clock(5, 600)]
    assert_binomial(len(first), 200, 0.5)
    again = second[second["household"].isin(first)]
    assert len(again) > 50  # 1 - 0.5^4 of some 100 want something again by then
    assert again["pick"].to_numpy() == pytest.approx(np.full(len(again), clock(5, 658)))


# --- baskets and the pantry -----------------------------------------------------------------------------------


def test_a_basket_holds_all_goods_by_need() -> None:
    """Needs 0.4 and 0.3 kg a day, nothing at home; first basket a normal one (1 day: 0.7 kg) at 00:00, there at 420.

    7 min of picking would be at 10 min a kg; here the order is counted for 420 min instead. Empty 0-420, then one
    day of each: until 1860, and nothing more comes until 2880 (one list in 7 days, horizon 2): 420 + 1020 = 1440.
    """
    goods = {"rice": group_of_goods(0.4, 0), "greens": group_of_goods(0.3, 0)}
    plan = with_goods(idle_world([1], horizon_days=2), goods)
    result = alone(plan, way("online", delay("count", 420), release=ordered(every_days=7)))
    for group in goods:
        assert split(result, "goods", group, "empty_pantry_h") == pytest.approx(24)
    assert value(result, "deprived_household_days") == pytest.approx(1)


# --- visits ---------------------------------------------------------------------------------------------------


def shoppers(households: int, days: int, *uses, **settings) -> ss.Result:
    """All buy every day, next to nothing online; a shop 08:00-18:00."""
    plan = world([households], SHOP_FLOOR, demand=purchases(online=1e-9), horizon_days=days)
    return run(in_tiers(plan, sealed=settings), mix(use(shop()), *uses))


def test_free_visits_are_daily() -> None:
    """20 households, 7 days: 140 visits, within opening hours; visits are no orders."""
    result = shoppers(20, 7)
    assert value(result, "visits") == 140
    assert days_of(result, "shop") == dict.fromkeys(range(7), 20)
    minutes = np.array(times(result, "placed", "shop")) % 1440
    assert minutes.min() >= 480
    assert minutes.max() < 1080
    assert len(set(minutes.tolist())) > 100
    assert np.array(times(result, "buying", "shop")) == pytest.approx(np.array(times(result, "placed", "shop")) + 5)
    assert totals(result)["attempted"] == totals(result)["accepted"] == totals(result)["delivered"] == 0


def test_visits_are_uniform_over_opening_hours() -> None:
    """2000 visits: half of them before 13:00, a tenth before 09:00."""
    minutes = np.array(times(shoppers(2000, 1), "placed", "shop"))
    assert_binomial((minutes < 780).sum(), 2000, 0.5)
    assert_binomial((minutes < 540).sum(), 2000, 0.1)


@pytest.mark.parametrize(("every", "days"), [(1, range(7)), (2, (0, 2, 4, 6)), (3, (0, 3, 6))])
def test_one_visit_in_so_many_days(every, days) -> None:
    """20 households want to go each day, from day 0 on, and are let out on every n-th day, counted in days."""
    result = shoppers(20, 7, visit_every_days=every)
    assert days_of(result, "shop") == dict.fromkeys(days, 20)
    assert set(Counter(who(result, "shop")).values()) == {len(days)}


def test_who_may_not_go_out_today_waits_for_the_shop() -> None:
    """The shop is open to them, tomorrow: they do not order meanwhile. 20 * 4 visits, no orders."""
    result = shoppers(20, 7, use(way("online", COUNT, release=DAILY)), visit_every_days=2)
    assert value(result, "visits") == 80
    assert value(result, "orders_attempted") == 0


def test_who_has_no_shop_orders() -> None:
    """The shop is for priority households only; the others order like the rest: each household its own way."""
    plan = world([100], SHOP_FLOOR, demand=purchases(online=1e-9), people={"priority_share": 0.3}, horizon_days=1)
    result = run(plan, mix(use(shop(), households=["priority"]), use(way("online", COUNT, release=DAILY))))
    is_priority = result.scenario.households.is_priority
    assert 0 < is_priority.sum() < 100
    assert who(result, "shop") == np.flatnonzero(is_priority).tolist()
    assert who(result, "online") == np.flatnonzero(~is_priority).tolist()


def test_a_visit_fills_the_pantry() -> None:
    """1 kg a day, 1 day at home, 1 kg bought at one moment of day 0: until 2880 = the horizon of 2 days.

    No visit on day 1 (every 7 days): never empty. Without the shop's kg it would be empty for 1440 min.
    """
    result = shoppers(1, 2, visit_every_days=7)
    assert value(result, "visits") == 1
    assert value(result, "deprived_household_days") == pytest.approx(0, abs=1e-6)
