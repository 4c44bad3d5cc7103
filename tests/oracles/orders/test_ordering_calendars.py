"""On which days lists are closed and goods are fetched: 3-day cycle, next day, Mon/Fri, cut-off, unpaid orders.

Households buy every day and order everything (purchases with probability 1, online share 1): each wants something
from the first midnight at which it has no open order, and orders when the next list is closed.
"""

from __future__ import annotations

import pytest

import simsupply as ss
from tests.plans.demand_plans import (
    FOREVER,
    allotted,
    alone,
    assert_binomial,
    counts,
    idle_world,
    mix,
    open_gate,
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
from tests.plans.paper_plans import clock, crew, cycle, delay, fleet, is_never, leg, listed, stage, world

PACK = stage("pack", "packers", effort={"per_order_min": 10})
COUNT = delay("count", 10)


# --- every so many days -----------------------------------------------------------------------------------


def test_list_every_third_day() -> None:
    """Lists at 15:00 = 900 of days 0, 3, 6; one packer, 10 min an order, until 18:00.

    Two households: packed at 910 and 920 of each of these days; 3 * 2 = 6 attempts, all of them successful.
    """
    plan = world([2], {"packers": crew(1)}, demand=purchases())
    result = alone(plan, way("list", PACK, release=ordered(every_days=3, cut_off="15:00")))
    assert times(result, "placed") == [900, 900, clock(3, 900), clock(3, 900), clock(6, 900), clock(6, 900)]
    assert times(result, "pack") == [910, 920, clock(3, 910), clock(3, 920), clock(6, 910), clock(6, 920)]
    assert who(result) == [0, 0, 0, 1, 1, 1]
    assert counts(result, "list") == {"attempted": 6, "accepted": 6, "rejected": 0, "cancelled": 0, "delivered": 6}


def test_every_third_day_counts_from_the_first_day_of_use() -> None:
    """Used from day 1: lists on days 1 and 4; day 7 is beyond the horizon. Nobody attempts anything on day 0."""
    plan = world([2], {"packers": crew(1)}, demand=purchases())
    channel = way("list", PACK, release=ordered(every_days=3, cut_off="15:00"))
    result = run(plan, mix(use(channel, from_day=1)))
    assert times(result, "pack") == [clock(1, 910), clock(1, 920), clock(4, 910), clock(4, 920)]
    assert counts(result, "list")["attempted"] == 4


def test_open_order_keeps_a_household_off_the_next_list() -> None:
    """Lists every day at 15:00, 2900 min until delivered: placed 900, there 3800 (day 2, 15:20).

    It wants again at midnight of day 3: placed day 3, 15:00, there day 5, 15:20; wants at day 6, placed there. Not
    delivered by the horizon, but in the run-out. Attempts: 3.
    """
    result = alone(idle_world([1]), way("list", delay("count", 2900), release=ordered(every_days=1, cut_off="15:00")))
    assert times(result, "placed") == [clock(0, 900), clock(3, 900), clock(6, 900)]
    assert times(result, "count") == [clock(2, 920), clock(5, 920), clock(8, 920)]
    assert counts(result, "list") == {"attempted": 3, "accepted": 3, "rejected": 0, "cancelled": 0, "delivered": 2}


def test_a_list_without_a_calendar_follows_the_cycle() -> None:
    """Cycle of 3 days, release at 06:00 = 360: days 0, 3, 6, packed from 480 on."""
    plan = world([2], {"packers": crew(1)}, demand=cycle(7, 3, release_time="06:00"))
    result = alone(plan, way("list", PACK))
    assert times(result, "placed") == [360, 360, clock(3, 360), clock(3, 360), clock(6, 360), clock(6, 360)]
    assert times(result, "pack") == [490, 500, clock(3, 490), clock(3, 500), clock(6, 490), clock(6, 500)]


def test_a_list_without_cut_off_is_closed_at_the_release_time() -> None:
    """every_days 3, release_time 06:00: days 0, 3, 6 at 360."""
    result = alone(idle_world([1], purchases(release_time="06:00")), way("list", COUNT, release=ordered(every_days=3)))
    assert times(result, "placed") == [360, clock(3, 360), clock(6, 360)]


# --- list today, deliver tomorrow ---------------------------------------------------------------------------


def test_list_today_deliver_tomorrow() -> None:
    """Wishes at 15:00 of every day, wanted anew each day; the gate opens at 08:00 = 480 of the next day.

    One person hands over, 10 min each: 490, 500 of days 1 to 7. The seventh is not delivered by the horizon.
    """
    plan = world([2], {"packers": crew(1)}, demand=cycle(7, 1, release_time="15:00"))
    tomorrow = open_gate("tomorrow", "08:00", "18:00", days_ahead=1)
    result = alone(plan, way("list", tomorrow, PACK))
    assert times(result, "placed") == [clock(day, 900) for day in range(7) for _ in range(2)]
    assert times(result, "tomorrow") == [clock(day + 1, 480) for day in range(7) for _ in range(2)]
    assert times(result, "pack") == [clock(day + 1, minute) for day in range(7) for minute in (490, 500)]
    assert counts(result, "list")["delivered"] == 12


def test_one_day_ahead_by_three_o_clock() -> None:
    """Closed at 15:00 of day 0, there at 08:00 of day 1. Whoever gets it on day 1 wants again from day 2 on.

    Lists that hold something: days 0, 2, 4, 6.
    """
    tomorrow = open_gate("tomorrow", "08:00", "18:00", days_ahead=1)
    result = alone(idle_world([1]), way("list", tomorrow, release=ordered(every_days=1, cut_off="15:00")))
    assert times(result, "placed") == [clock(day, 900) for day in (0, 2, 4, 6)]
    assert times(result, "tomorrow") == [clock(day, 480) for day in (1, 3, 5, 7)]


def test_days_ahead_count_from_the_day_of_arrival_at_the_gate() -> None:
    """15:00 + 10 h = day 1, 01:00 = 1500: a day ahead of that is day 2, 08:00 = 3360."""
    tomorrow = open_gate("tomorrow", "08:00", "18:00", days_ahead=1)
    plan = idle_world([1], cycle(release_time="15:00"))
    result = alone(plan, way("list", delay("count", 600), tomorrow))
    assert times(result, "count") == [1500]
    assert times(result, "tomorrow") == [3360]


@pytest.mark.parametrize(
    ("released", "ahead", "passes"),
    [
        # At the opening itself it passes; one day ahead, at the opening of the next day.
        ("08:00", 0, clock(0, 480)),
        ("08:00", 1, clock(1, 480)),
        # While it is open.
        ("10:17", 0, clock(0, 617)),
        # At the closing it is closed.
        ("18:00", 0, clock(1, 480)),
        # Too late today; two days ahead is not one day more for it.
        ("18:01", 2, clock(2, 480)),
        # 00:00 belongs to the day that begins.
        ("00:00", 1, clock(1, 480)),
    ],
)
def test_edges_of_a_gate(released, ahead, passes) -> None:
    """Open 08:00-18:00."""
    plan = idle_world([1], cycle(release_time=released))
    result = alone(plan, way("list", open_gate("window", "08:00", "18:00", days_ahead=ahead)))
    assert times(result, "window") == [passes]


# --- days of the week ---------------------------------------------------------------------------------------


def monday_and_friday(geography=(2,), **more) -> ss.Result:
    """Lists on Mon and Fri at 18:00 = 1080; fetched on Tue and Sat from 08:00 = 480 on.

    The vehicle of the drop point drives 15 min, loads 5, drives 15, unloads 4: there at 480 + 39 = 519.
    """
    plan = world(
        geography if isinstance(geography, dict) else list(geography),
        {"packers": crew(1)},
        {"buyers": fleet(1, "drop_point")},
        demand=purchases(),
        **more,
    )
    fetch = leg(
        "fetch",
        "buyers",
        load={"per_consignment_min": 5},
        unload={"per_consignment_min": 4},
        fetch=True,
    )
    days = open_gate("days", "08:00", "12:00", weekdays=["tue", "sat"])
    return alone(plan, way("buyer", days, fetch, release=ordered(weekdays=["mon", "fri"], cut_off="18:00")))


def test_monday_and_friday_from_a_wednesday_on() -> None:
    """2022-03-16 was a Wednesday: Fri is day 2, Sat day 3, Mon day 5, Tue day 6.

    Two trips of 20 km, both for both households.
    """
    result = monday_and_friday(start_date="2022-03-16")
    assert times(result, "placed") == [clock(2, 1080)] * 2 + [clock(5, 1080)] * 2
    assert times(result, "days") == [clock(3, 480)] * 2 + [clock(6, 480)] * 2
    assert times(result, "fetch") == [clock(3, 519)] * 2 + [clock(6, 519)] * 2
    assert value(result, "vehicle_km") == pytest.approx(40)


def test_monday_and_friday_without_a_date() -> None:
    """Day 0 is a Monday: Mon day 0, Tue day 1, Fri day 4, Sat day 5."""
    result = monday_and_friday()
    assert times(result, "placed") == [clock(0, 1080)] * 2 + [clock(4, 1080)] * 2
    assert times(result, "fetch") == [clock(1, 519)] * 2 + [clock(5, 519)] * 2


def test_every_drop_point_has_buyers_of_its_own() -> None:
    """10 and 20 km: 39 min and 30 + 5 + 30 + 4 = 69 min after 08:00, side by side; 2 * (20 + 40) km."""
    result = monday_and_friday(listed([1, 1], [10, 20]), start_date="2022-03-16")
    assert times(result, "fetch") == [clock(3, 519), clock(3, 549), clock(6, 519), clock(6, 549)]
    assert value(result, "vehicle_km") == pytest.approx(120)


def test_a_list_of_friday_for_the_next_working_day() -> None:
    """2022-03-18 was a Friday. Friday's list one day ahead, Mon to Fri from 09:00: Monday, day 3, 540."""
    plan = idle_world([1], start_date="2022-03-18")
    workdays = ["mon", "tue", "wed", "thu", "fri"]
    gate = open_gate("workday", "09:00", "17:00", days_ahead=1, weekdays=workdays)
    result = alone(plan, way("list", gate, release=ordered(weekdays=["fri"], cut_off="15:00")))
    assert times(result, "placed") == [900]
    assert times(result, "workday") == [clock(3, 540)]


# --- once in so many days -------------------------------------------------------------------------------------


def test_once_in_three_days() -> None:
    """A list every day at 15:00, delivered at once, but each household is on it once in 3 days: days 0, 3, 6."""
    result = alone(idle_world([4]), way("list", COUNT, release=ordered(every_days=1, cut_off="15:00", once_in_days=3)))
    assert times(result, "placed") == [clock(day, 900) for day in (0, 3, 6) for _ in range(4)]
    assert who(result) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    # Who may not order does not attempt to.
    assert counts(result, "list")["attempted"] == 12


def test_without_the_rule_they_order_every_day() -> None:
    """The same plan without once_in_days: 7 lists."""
    result = alone(idle_world([4]), way("list", COUNT, release=ordered(every_days=1, cut_off="15:00")))
    assert times(result, "placed") == [clock(day, 900) for day in range(7) for _ in range(4)]


def test_a_refusal_does_not_count_as_an_order() -> None:
    """4 households, one accepted a day, once in 3 days: day 0, 1, 2 one each; on day 3 the first may come again.

    Attempts: day 0: 4; day 1: 3; day 2: 2; day 3: the fourth and the first: 2 (one turned away). 11 in 4 days, 4
    accepted.
    """
    channel = way(
        "list",
        COUNT,
        release=ordered(every_days=1, cut_off="15:00", once_in_days=3),
        acceptance={"orders_per_day": 1},
    )
    result = alone(idle_world([4], horizon_days=4), channel)
    first_three = [who(result, day=day) for day in range(3)]
    assert [len(households) for households in first_three] == [1, 1, 1]
    assert len({households[0] for households in first_three}) == 3
    first_three = [who(result, day=day) for day in range(3)]
    assert [len(households) for households in first_three] == [1, 1, 1]
    assert len({households[0] for households in first_three}) == 3
    assert counts(result, "list") == {"attempted": 11, "accepted": 4, "rejected": 7, "cancelled": 0, "delivered": 4}


# --- unpaid -----------------------------------------------------------------------------------------------


def unpaid(share: float, households: int, steps=(COUNT,), **more) -> ss.Result:
    channel = way("list", *steps, release=ordered(every_days=1, cut_off="15:00", unpaid_share=share))
    return alone(idle_world([households], **more), channel)


def test_nobody_pays() -> None:
    """3 households attempt it on each of 7 days, for they still want it; all is accepted, cancelled, never sent."""
    result = unpaid(1, 3)
    assert counts(result, "list") == {"attempted": 21, "accepted": 21, "rejected": 0, "cancelled": 21, "delivered": 0}
    assert totals(result) == {
        "attempted": 21,
        "accepted": 21,
        "rejected": 0,
        "cancelled": 21,
        "collecting": 0,
        "delivered": 0,
    }
    assert all(is_never(minute) for minute in times(result, "count"))
    assert value(result, "backlog_peak_orders") == 0
    assert value(result, "mass_balance_error_kg") == 0


def test_everybody_pays() -> None:
    """The same with share 0: 21 orders, all delivered 10 min after the list is closed."""
    result = unpaid(0, 3)
    assert counts(result, "list") == {"attempted": 21, "accepted": 21, "rejected": 0, "cancelled": 0, "delivered": 21}
    assert times(result, "count") == [clock(day, 910) for day in range(7) for _ in range(3)]


def test_a_third_does_not_pay() -> None:
    """2000 households, one day, 0.3: cancelled is binomial; the rest stays open: accepted = cancelled + sent."""
    result = unpaid(0.3, 2000, steps=(delay("count", FOREVER),), horizon_days=1)
    found = counts(result, "list")
    assert (found["attempted"], found["accepted"], found["delivered"]) == (2000, 2000, 0)
    assert_binomial(found["cancelled"], 2000, 0.3)
    assert value(result, "backlog_peak_orders") == 2000 - found["cancelled"]


def test_who_has_not_paid_tries_again() -> None:
    """2 days, what is sent stays open: all attempts of day 1 are those who did not pay on day 0, c of 2000.

    Attempts 2000 + c; cancelled c + (0.3 of c); c = attempts - 2000.
    """
    result = unpaid(0.3, 2000, steps=(delay("count", FOREVER),), horizon_days=2)
    found = counts(result, "list")
    first = found["attempted"] - 2000
    assert_binomial(first, 2000, 0.3)
    assert_binomial(found["cancelled"] - first, first, 0.3)


def test_unpaid_orders_give_their_place_to_nobody() -> None:
    """One order a day is accepted, and it is not paid: 1 accepted and cancelled, 4 turned away on each of 7 days."""
    channel = way(
        "list",
        COUNT,
        release=ordered(every_days=1, cut_off="15:00", unpaid_share=1.0),
        acceptance={"orders_per_day": 1},
    )
    result = alone(idle_world([5]), channel)
    assert counts(result, "list") == {"attempted": 35, "accepted": 7, "rejected": 28, "cancelled": 7, "delivered": 0}


def test_allotted_parcels_are_attempted_and_accepted() -> None:
    """A parcel every 3 days for 2 households: days 0, 3, 6, whatever lists say; 6 attempted, accepted, delivered."""
    result = alone(idle_world([2]), way("crate", COUNT, release=allotted(3, "10:00"), parcel={"kg": 3}))
    assert times(result, "count") == [clock(day, 610) for day in (0, 3, 6) for _ in range(2)]
    assert counts(result, "crate") == {"attempted": 6, "accepted": 6, "rejected": 0, "cancelled": 0, "delivered": 6}
