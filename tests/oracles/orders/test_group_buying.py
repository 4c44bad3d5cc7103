"""Group buying: a compound collects sets and buys if there are enough; below that it waits or gives up.

With a window of w days, collection closes on days w - 1, 2 w - 1, ... of use, here at 09:00 = 540.
"""

from __future__ import annotations

import pytest

import simsupply as ss
from tests.plans.demand_plans import (
    FOREVER,
    alone,
    assert_binomial,
    counts,
    grouped,
    idle_world,
    mix,
    ordered,
    purchases,
    run,
    times,
    totals,
    use,
    value,
    way,
    who,
)
from tests.plans.paper_plans import clock, crew, cycle, delay, fleet, leg, stage, world

COUNT = delay("count", 10)
FOR_EVER = delay("count", FOREVER)


def groups(min_sets: int, below: str, *steps, compound: int = 3, households=(5,), window_days=1, **more) -> ss.Result:
    """A drop point of 5 households in compounds of 3 and 2, unless told otherwise; one day."""
    plan = idle_world(list(households), people={"households_per_compound": compound}, **{"horizon_days": 1, **more})
    release = grouped(min_sets, below, window_days)
    return alone(plan, way("group", *(steps or (COUNT,)), release=release, consignment="compound"))


# --- reached, not reached ------------------------------------------------------------------------------------


def test_a_group_that_is_large_enough_buys_and_a_smaller_one_waits() -> None:
    """Minimum 3: the compound of 0, 1, 2 buys at 540, there at 550; 3 and 4 go on collecting.

    5 attempts = 3 accepted + 0 turned away + 2 collecting.
    """
    result = groups(3, "wait")
    assert who(result) == [0, 1, 2]
    assert times(result, "placed") == [540, 540, 540]
    assert times(result, "count") == [550, 550, 550]
    assert totals(result) == {
        "attempted": 5,
        "accepted": 3,
        "rejected": 0,
        "cancelled": 0,
        "collecting": 2,
        "delivered": 3,
    }


def test_a_group_that_is_too_small_dissolves() -> None:
    """Minimum 3: the two others are turned away: 5 = 3 accepted + 2 rejected, nobody collecting."""
    result = groups(3, "dissolve")
    assert who(result) == [0, 1, 2]
    assert times(result, "count") == [550, 550, 550]
    assert totals(result) == {
        "attempted": 5,
        "accepted": 3,
        "rejected": 2,
        "cancelled": 0,
        "collecting": 0,
        "delivered": 3,
    }


@pytest.mark.parametrize(("min_sets", "buyers"), [(2, [0, 1, 2, 3, 4]), (3, [0, 1, 2]), (4, [])])
@pytest.mark.parametrize("below", ["wait", "dissolve"])
def test_the_minimum_itself_is_enough(min_sets, buyers, below) -> None:
    """Compounds of 3 and 2: 2 sets are enough for both, 3 for the first only, 4 for none."""
    result = groups(min_sets, below)
    assert value(result, "orders_accepted") == len(buyers)
    assert value(result, "orders_collecting" if below == "wait" else "orders_rejected") == 5 - len(buyers)
    if buyers:
        assert who(result) == buyers


def test_compounds_of_two_drop_points_do_not_join() -> None:
    """2 and 2 households at two drop points, compounds of 4, minimum 3: neither has 3. All collect."""
    result = groups(3, "wait", compound=4, households=(2, 2))
    assert totals(result)["collecting"] == 4
    assert totals(result)["accepted"] == 0


# --- waiting ----------------------------------------------------------------------------------------------


def test_who_waits_attempts_once() -> None:
    """Three closings, one window a day; 3 and 4 have joined on day 0 and stay: 2 attempts, not 6.

    The other three buy on days 0, 1 and 2: 9 attempts.
    """
    found = totals(groups(3, "wait", horizon_days=3))
    assert found == {"attempted": 11, "accepted": 9, "rejected": 0, "cancelled": 0, "collecting": 2, "delivered": 9}


def test_who_is_dissolved_attempts_at_every_closing() -> None:
    """The same with dissolving groups: 2 attempts and refusals at each of three closings."""
    found = totals(groups(3, "dissolve", horizon_days=3))
    assert found == {"attempted": 15, "accepted": 9, "rejected": 6, "cancelled": 0, "collecting": 0, "delivered": 9}


def late_joiners(below: str) -> ss.Result:
    """One compound of 40. Priority households (some 10) may join on day 0, everybody from day 1 on; minimum 35."""
    plan = idle_world([40], people={"priority_share": 0.25}, horizon_days=2)
    channel = way("group", FOR_EVER, release=grouped(35, below), consignment="compound")
    early = use(channel, households=["priority"], to_day=1)
    result = run(plan, mix(early, use(channel, from_day=1)))
    assert 1 <= result.scenario.households.is_priority.sum() < 35
    return result


def test_a_group_that_waits_is_completed_at_the_next_closing() -> None:
    """Too few at 09:00 of day 0, all 40 at 09:00 of day 1: bought together; everybody attempted once."""
    result = late_joiners("wait")
    assert who(result) == list(range(40))
    assert times(result, "placed") == [clock(1, 540)] * 40
    assert totals(result) == {
        "attempted": 40,
        "accepted": 40,
        "rejected": 0,
        "cancelled": 0,
        "collecting": 0,
        "delivered": 0,
    }


def test_a_group_that_dissolved_starts_anew_at_the_next_closing() -> None:
    """The early ones, e of them, are turned away on day 0 and come again on day 1: 40 + e attempts, e refusals."""
    result = late_joiners("dissolve")
    early = result.scenario.households.is_priority.sum()
    assert times(result, "placed") == [clock(1, 540)] * 40
    found = counts(result, "group")
    assert (found["attempted"], found["accepted"], found["rejected"]) == (40 + early, 40, early)


def test_who_waits_in_a_group_orders_nowhere_else() -> None:
    """A group of two waits for a third. From day 1 on everybody would choose the list, but these two do not look."""
    plan = idle_world([2], horizon_days=4)
    group = way("group", FOR_EVER, release=grouped(3, "wait"), consignment="compound")
    shop_list = way("list", COUNT, release=ordered(every_days=1, cut_off="12:00"))
    uses = use(group, to_day=1), use(group, from_day=1, share=0.0), use(shop_list, from_day=1, share=1.0)
    result = run(plan, mix(*uses))
    assert totals(result)["attempted"] == 2
    assert totals(result)["collecting"] == 2
    assert counts(result, "list")["attempted"] == 0


def test_who_was_dissolved_looks_elsewhere() -> None:
    """The same with a group that dissolves: both order from the list on day 1, once (it never comes)."""
    plan = idle_world([2], horizon_days=4)
    group = way("group", COUNT, release=grouped(3, "dissolve"), consignment="compound")
    shop_list = way("list", delay("wait", FOREVER), release=ordered(every_days=1, cut_off="12:00"))
    result = run(plan, mix(use(group, to_day=1), use(shop_list, from_day=1)))
    assert counts(result, "group")["rejected"] == 2
    assert times(result, "placed", "list") == [clock(1, 720)] * 2


def test_after_a_refusal_the_channel_is_drawn_anew() -> None:
    """400 households in compounds of one, minimum 2: the group dissolves at 09:00 of both days; a list at 08:00.

    Half of them choose the group on day 0 (n0), half of these again on day 1 (n1); all others have an open order
    from the list. Refusals n0 + n1, accepted 400 - n1.
    """
    plan = idle_world([400], people={"households_per_compound": 1}, horizon_days=2)
    group = way("group", COUNT, release=grouped(2, "dissolve"), consignment="compound")
    shop_list = way("list", delay("wait", FOREVER), release=ordered(every_days=1, cut_off="08:00"))
    result = run(plan, mix(use(group, share=0.5), use(shop_list, share=0.5)))
    second = 400 - counts(result, "list")["accepted"]
    first = counts(result, "group")["rejected"] - second
    assert_binomial(first, 400, 0.5)
    assert_binomial(second, first, 0.5)


# --- window -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("window_days", "days"), [(1, range(7)), (2, (1, 3, 5)), (3, (2, 5)), (7, (6,))])
def test_closing_days(window_days, days) -> None:
    """Horizon 7 days, delivered 10 min after the closing: everybody buys at each closing."""
    result = groups(2, "wait", window_days=window_days, horizon_days=7)
    assert times(result, "placed") == [clock(day, 540) for day in days for _ in range(5)]


def test_first_window_starts_with_the_first_day_of_use() -> None:
    """Used from day 2 on, window 2 days: closings on days 3 and 5."""
    channel = way("group", COUNT, release=grouped(1, "wait", 2), consignment="compound")
    result = run(idle_world([1]), mix(use(channel, from_day=2)))
    assert times(result, "placed") == [clock(3, 540), clock(5, 540)]


def test_a_cycle_can_be_bought_as_a_group() -> None:
    """Everybody needs a delivery on days 0 and 3 of a 3-day cycle; window 3 days: bought on days 2 and 5 at 540."""
    plan = idle_world([2], cycle(7, 3), horizon_days=6)
    result = alone(plan, way("group", COUNT, release=grouped(2, "wait", 3), consignment="compound"))
    assert times(result, "placed") == [clock(2, 540)] * 2 + [clock(5, 540)] * 2


def test_who_waits_in_a_group_does_not_join_it_again_in_the_next_cycle() -> None:
    """Compounds of 3 and 2, minimum 3, a cycle of one day, 3 days: 3 sets are bought every day, 2 go on waiting."""
    plan = idle_world([5], cycle(7, 1), people={"households_per_compound": 3}, horizon_days=3)
    result = alone(plan, way("group", COUNT, release=grouped(3, "wait"), consignment="compound"))
    assert totals(result) == {
        "attempted": 11,
        "accepted": 9,
        "rejected": 0,
        "cancelled": 0,
        "collecting": 2,
        "delivered": 9,
    }


def test_several_uses_of_a_group_are_one_group() -> None:
    """200 neighbours, minimum 200, used for those with an infant and for all others: they buy together."""
    plan = idle_world([200], people={"kinds": {"infant": {"share": 0.3}}}, horizon_days=1)
    channel = way("group", COUNT, release=grouped(200, "dissolve"), consignment="compound")
    result = run(plan, mix(use(channel, households=["infant"]), use(channel, excludes=["infant"])))
    assert who(result) == list(range(200))


# --- sets of one compound travel together --------------------------------------------------------------------


def sorted_sets(consignment: str) -> list[float]:
    """Compounds of 3 and 2 at one drop point; one clerk, 20 min a consignment and 1 a set, from 540 on."""
    plan = world([5], {"clerks": crew(1)}, demand=purchases(), people={"households_per_compound": 3}, horizon_days=1)
    work = stage("sort", "clerks", per="consignment", effort={"per_consignment_min": 20, "per_order_min": 1})
    return times(alone(plan, way("group", work, release=grouped(2, "wait"), consignment=consignment)), "sort")


def test_sets_of_one_compound_are_one_consignment() -> None:
    """540 + 20 + 3 = 563 for the first compound, 563 + 20 + 2 = 585 for the second."""
    assert sorted_sets("compound") == [563, 563, 563, 585, 585]


def test_sets_of_one_drop_point_are_one_consignment() -> None:
    """540 + 20 + 5 = 565 for all."""
    assert sorted_sets("drop_point") == [565] * 5


def test_two_waiting_compounds_are_bought_for_when_each_is_ready() -> None:
    """Compounds of 3 and 2, minimum 3, one packer 10 min a set: only the first is packed: 550, 560, 570."""
    plan = world([5], {"packers": crew(1)}, demand=purchases(), people={"households_per_compound": 3}, horizon_days=1)
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    result = alone(plan, way("group", pack, release=grouped(3, "wait"), consignment="compound"))
    assert times(result, "pack") == [550, 560, 570]


def test_the_load_of_a_compound_leaves_whole() -> None:
    """Packed 550-600; the vehicle leaves with a compound's sets when they are complete: there at 570 + 15 = 585.

    The second compound (packed at 580 and 590) goes with the second vehicle: there at 590 + 15 = 605; 40 km.
    """
    plan = world(
        [5],
        {"packers": crew(1)},
        {"vans": fleet(2)},
        demand=purchases(),
        people={"households_per_compound": 3},
        horizon_days=1,
    )
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    result = alone(plan, way("group", pack, leg("deliver", "vans"), release=grouped(2, "wait"), consignment="compound"))
    assert times(result, "pack") == [550, 560, 570, 580, 590]
    assert times(result, "deliver") == [585, 585, 585, 605, 605]
    assert value(result, "vehicle_km") == pytest.approx(40)


# --- unpaid -----------------------------------------------------------------------------------------------


def test_unpaid_sets_are_not_sent() -> None:
    """5 members, minimum 2, nobody pays: 5 accepted and cancelled; nothing is sent."""
    channel = way("group", COUNT, release=grouped(2, "wait", unpaid_share=1.0), consignment="compound")
    result = alone(idle_world([5], horizon_days=1), channel)
    assert counts(result, "group") == {"attempted": 5, "accepted": 5, "rejected": 0, "cancelled": 5, "delivered": 0}


def test_members_of_a_channel_that_ends_look_elsewhere() -> None:
    """5 households join on day 0 and 1 (minimum 6) and wait; on day 2 the channel is used no more.

    They are turned away at that midnight, and on day 3 at 00:00 all have ordered online instead: day 2 at 00:00.
    """
    plan = idle_world([5], purchases(), horizon_days=4)
    group = way("group", COUNT, release=grouped(6, "wait"))
    online = way("online", FOR_EVER, release=ordered())
    result = run(plan, mix(use(group, to_day=2), use(online, from_day=2)))
    assert counts(result, "group") == {"attempted": 5, "accepted": 0, "rejected": 5, "cancelled": 0, "delivered": 0}
    assert value(result, "orders_collecting") == 0
    assert times(result, "placed", "online") == [clock(2, 0)] * 5


def test_who_is_sent_away_at_midnight_and_refused_in_the_morning_chooses_anew() -> None:
    """400 wait in a group (minimum 401) that ends on day 1; A refuses everybody, B keeps orders open; shares one half.

    Sent away at the midnight of day 1, n1 ~ binomial(400, 0.5) turn to A on day 1 and n2 ~ binomial(n1, 0.5) on day 2.
    """
    group = way("group", COUNT, release=grouped(401, "wait"))
    a = way("a", FOR_EVER, release=ordered(cut_off="07:00"), acceptance={"orders_per_day": 0})
    b = way("b", FOR_EVER, release=ordered(cut_off="07:00"))
    uses = use(group, to_day=1, share=1.0), use(a, from_day=1, share=0.5), use(b, from_day=1, share=0.5)
    result = run(idle_world([400], horizon_days=3), mix(*uses))
    second = 400 - counts(result, "b")["accepted"]
    first = counts(result, "a")["rejected"] - second
    assert_binomial(first, 400, 0.5)
    assert_binomial(second, first, 0.5)
