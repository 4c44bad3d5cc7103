"""Every metric of one tiny plan, by hand; and what is left when nobody comes."""

from __future__ import annotations

import math

import pytest

import simsupply as ss
from tests.plans.paper_plans import (
    clock,
    crew,
    cycle,
    delay,
    door,
    ends,
    fleet,
    is_never,
    leg,
    listed,
    shift,
    simulate,
    stage,
    world,
)

PACK = stage("pack", "packers", effort={"per_order_min": 100})
DELIVER = leg("deliver", "vans", load={"per_consignment_min": 5}, unload={"per_consignment_min": 5})


def ledger_plan(**more):
    return world(
        [3],
        {
            "packers": crew(1, "depot", shift("08:00", "10:00")),
            "walkers": crew(1, "drop_point", shift("08:00", "11:50"), people="volunteer"),
        },
        {"vans": fleet(1, "depot", shift("08:00", "11:40"), payload_parcels=1, people_per_vehicle=2)},
        demand=cycle(need=7, days=1),
        people={"priority_share": 1, "pantry_days": {"low": 0.5, "high": 0.5}},
        horizon_days=2,
        run_out_days=2,
        priority_target_hours=11,
        prices={"worker_hour": 30, "volunteer_hour": 6, "vehicle_km": 2},
        **{"service_target_days": 1, **more},
    )


@pytest.fixture(scope="module")
def ledger() -> ss.Result:
    """3 households need 1 kg a day and are sent it on days 0 and 1; horizon 2880, run until 5760.

    pack, one packer 08:00-10:00, 100 min:
      day 0: 480-580, 580-680 (60-80 min of it after 600); day 1: 1920-2020, 2020-2120 (80 after 2040);
      day 2: 3360-3460, 3460-3560.
    deliver, one van 08:00-11:40 for one order, load 5, drive 15, unload 5, back 15 = 40 min:
      580 -> 605, back 620; 680 -> 705, back 720 (20 after 700); 2020 -> 2045, back 2060;
      2120 -> 2145, back 2160 (20 after 2140); 3460 -> 3485; 3560 -> 3585.
    door, one volunteer 08:00-11:50, walk 2, door 3, walk 2:
      605-612, met 610; 705-712, met 710 (2 after 710); 2045-2052, met 2050; 2145-2152, met 2150 (2 after 2150);
      3485, met 3490; 3585, met 3590.
    """
    return simulate(ledger_plan(), PACK, DELIVER, door(1, 4, contact="door"))


def test_events_of_the_ledger(ledger) -> None:
    assert ends(ledger, "pack") == [580, 680, 2020, 2120, 3460, 3560]
    assert ends(ledger, "deliver") == [605, 705, 2045, 2145, 3485, 3585]
    assert ends(ledger, "door") == [610, 710, 2050, 2150, 3490, 3590]


LEDGER = {
    # Households 0 and 1 first served before 1440.
    "coverage": 2 / 3,
    # Received within 2 days: 2, 1, 1 kg of 2 kg each.
    "fill_rate": 4 / 6,
    # First served at 610, 710, 2050 min.
    "time_to_first_delivery_h": 710 / 60,
    "time_to_first_delivery_h_p95": 2050 / 60,
    # The worst-off tenth of three is one household.
    "time_to_first_delivery_h_worst_decile": 2050 / 60,
    "last_household_served_h": 2050 / 60,
    # Longest gaps: 610-2150 = 1540; 710-2880 = 2170; 0-2050 = 2050. Of three the ceil(.95 * 3) = third.
    "gap_h_p95": 2170 / 60,
    # 720 min at home, 1440 min in each delivery. 0: 720 - 610 + 1440 lasts until 2160, next comes 2150: never
    # empty. 1: until 2160, then empty until 2880: 720. 2: empty from 720 to 2050: 1330, then until 3490.
    "deprived_household_days": (720 + 1330) / 1440,
    "empty_pantry_h": (720 + 1330) / 3 / 60,
    "empty_pantry_h_worst_decile": 1330 / 60,
    # Without a break: 720 and 1330.
    "gap_h_longest": 1330 / 60,
    "gap_h_longest_worst_decile": 1330 / 60,
    # On day 1 household 1 for 720 min, household 2 for 610; on day 0 household 2 alone, for 720.
    "hungry_household_share_worst_day": 2 / 3,
    # All are priority households; within 11 h = 660 min only household 0 (610) is served.
    "priority_on_time_share": 1 / 3,
    # One person each.
    "kg_per_person": 4 / 3,
    "kg_per_person_worst_decile": 1,
    # 2, 1, 1 kg: differences 1, 1, 0, counted both ways: 4 / (2 * 3 * 3 * 4/3).
    "gini_kg_per_person": 1 / 6,
    "orders_attempted": 6,
    "orders_accepted": 6,
    "orders_rejected": 0,
    "orders_cancelled": 0,
    "orders_collecting": 0,
    "orders_delivered": 4,
    # Demand by cycle does not say what is normal.
    "attempts_vs_normal_peak": math.nan,
    "callers_vs_normal_peak": math.nan,
    # All six were taken on.
    "attempts_refused_share": 0,
    "visits": 0,
    # At 1440: one of the first wave open, three of the second.
    "backlog_peak_orders": 4,
    "spoiled_kg": 0,
    # Depots have all they need.
    "cover_days_lowest": math.nan,
    "short_kg_share": math.nan,
    "reserve_kg": math.nan,
    # Four trips begun before 2880, 20 km each.
    "vehicle_km": 80,
    # One van, one dock, no shock.
    "vehicle_wait_h": 0,
    # Packer 2 * 120 + 80 + 80 = 400; van (2 * 220 + 20 + 20) * 2 people = 960.
    "worker_hours": (400 + 960) / 60,
    # 2 * 230 + 2 + 2.
    "volunteer_hours": 464 / 60,
    # Four households met at the door.
    "contacts": 4,
    "contacts.gate": 0,
    "contacts.queue": 0,
    "contacts.door": 4,
    "contacts.shop": 0,
    "cost": 30 * 1360 / 60 + 6 * 464 / 60 + 2 * 80,
    "mass_balance_error_kg": 0,
    # 480-600 and 1920-2040 without a pause.
    "utilisation.pack": 1,
    # Out 580-620, 680-700 and 2020-2060, 2120-2140 within duty.
    "utilisation.deliver": (40 + 20 + 40 + 20) / 440,
    # 7, 5, 7, 5 min within duty.
    "utilisation.door": 24 / 460,
    # Begun at 480, 580, 1920; the second wave at 2020 (580 after 1440), two not within the horizon (1440 each).
    "wait_h.pack.people": (480 + 580 + 1920 + 580 + 2 * 1440) / 60,
    # The van and the volunteer are there and free whenever somebody comes.
    **{f"wait_h.deliver.{cause}": 0 for cause in ("departure", "room", "vehicle", "dock")},
    **{f"wait_h.door.{cause}": 0 for cause in ("departure", "room", "people")},
    **{f"wait_h.pack.{cause}": 0 for cause in ("admission", "goods", "room")},
}


@pytest.mark.parametrize("metric", LEDGER)
def test_metric_of_the_ledger(ledger, metric) -> None:
    expected = pytest.approx(LEDGER[metric], rel=1e-12, abs=1e-12, nan_ok=True)
    assert ledger.values.loc[0, metric] == expected
    assert ledger.summary().loc[metric, "mean"] == expected


def test_no_metric_is_left_out(ledger) -> None:
    """A new metric is worked out by hand here too."""
    assert set(ledger.values.columns) == set(LEDGER)


def test_served_at_the_target_itself_is_in_time() -> None:
    """Served at 720 = half a day: at the target is within it; with 0.499 days it is too late."""
    for target, share in ((0.499, 0), (0.5, 1)):
        plan = world([1], {"packers": crew(1)}, service_target_days=target)
        result = simulate(plan, stage("pack", "packers", effort={"per_order_min": 240}))
        assert ends(result, "pack") == [720]
        assert result.values.loc[0, "coverage"] == share


def test_delivery_after_the_horizon_fills_nothing() -> None:
    """Cycle and horizon 1 day, need 1 kg; packed at 480 + 1000 = 1480: not delivered within the horizon.

    Coverage 0, fill 0; first delivery is observed in the run-out, 1480 min. Pantry 1 day: not deprived.
    """
    plan = world([1], {"packers": crew(1)}, demand=cycle(7, 1), horizon_days=1)
    values = simulate(plan, stage("pack", "packers", effort={"per_order_min": 1000})).values.loc[0]
    assert values["coverage"] == 0
    assert values["fill_rate"] == 0
    assert values["orders_delivered"] == 0
    assert values["last_household_served_h"] == pytest.approx(1480 / 60)
    assert values["gap_h_p95"] == pytest.approx(24)
    assert values["deprived_household_days"] == 0
    assert values["utilisation.pack"] == 1


def test_worst_off_tenth_is_rounded_up() -> None:
    """11 households, one packer, 20 min each from 480: served at 500, 520 ... 700; a tenth of 11 is two.

    Served last at 680 and 700. No pantry, a parcel of a week: empty until served.
    One day, 2 kg each: everybody has 2.
    """
    plan = world([11], {"packers": crew(1)}, horizon_days=1, people={"pantry_days": {"low": 0, "high": 0}})
    step = stage("pack", "packers", effort={"per_order_min": 20})
    values = simulate(plan, step, parcel={"kg": 2}).values.loc[0]
    assert values["time_to_first_delivery_h_worst_decile"] == pytest.approx(690 / 60)
    assert values["empty_pantry_h_worst_decile"] == pytest.approx(690 / 60)
    assert values["empty_pantry_h"] == pytest.approx(600 / 60)
    assert values["kg_per_person_worst_decile"] == 2


def test_worst_off_tenth_without_a_delivery_has_no_time() -> None:
    """11 households, 100 min each: the last two are served at 1480 and 1580, after the horizon of 1440.

    14 kg, 2 kg a day and nothing at home: all day empty for these two; they have received nothing.
    """
    plan = world([11], {"packers": crew(1)}, horizon_days=1, people={"pantry_days": {"low": 0, "high": 0}})
    result = simulate(plan, stage("pack", "packers", effort={"per_order_min": 100}))
    assert ends(result, "pack")[:6] == [580, 680, 780, 880, 980, 1080]
    values = result.values.loc[0]
    assert math.isnan(values["time_to_first_delivery_h_worst_decile"])
    assert values["empty_pantry_h_worst_decile"] == 24
    assert values["kg_per_person_worst_decile"] == 0
    # Six of eleven are served on day 0.
    assert values["kg_per_person"] == pytest.approx(6 * 14 / 11)


@pytest.mark.parametrize(
    ("demand", "ratio"),
    [
        # 10 households, half an order a day: 5 normally; 4 attempts each on day 0, while nobody waits.
        (
            {
                "kind": "surge",
                "normal_orders_per_household_day": 0.5,
                "multiplier": 8,
                "order_covers_days": 2,
            },
            8,
        ),
        # All 10 want something on day 0, a quarter of it online normally: 2.5; no shop is open.
        (
            {
                "kind": "purchases",
                "purchases_per_household_day": 1,
                "online_share": 0.25,
                "max_lines": 9,
                "max_cover_days": 7,
            },
            4,
        ),
    ],
    ids=["surge", "purchases"],
)
def test_attempts_against_a_normal_day(demand, ratio) -> None:
    plan = world(
        [10],
        {"packers": crew(1)},
        demand={**demand, "need_kg_per_household_week": 14, "lines_per_order": 1},
        horizon_days=2,
    )
    values = simulate(plan, stage("pack", "packers", effort={"per_order_min": 300})).values.loc[0]
    assert values["attempts_vs_normal_peak"] == pytest.approx(ratio)


def test_received_more_than_needed_counts_once() -> None:
    """3 kg in a parcel to each of 2 households that need 1 kg in the day: fill 1, not 3. One packer, 10 min.

    10 h a day on duty, 20 min of work.
    """
    plan = world([2], {"packers": crew(1)}, demand=cycle(7, 1), horizon_days=1)
    values = simulate(
        plan,
        stage("pack", "packers", effort={"per_order_min": 10}),
        release={"kind": "allot"},
        parcel={"kg": 3},
    ).values.loc[0]
    assert values["fill_rate"] == 1
    assert values["utilisation.pack"] == pytest.approx(20 / 600)
    assert values["worker_hours"] == pytest.approx(10)


def test_stock_at_home_runs_down_and_is_added_to() -> None:
    """No pantry, 1 kg a day needed and sent: empty until 490, then each kg lasts until the next comes."""
    plan = world(
        [1],
        {"packers": crew(1)},
        demand=cycle(7, 1),
        horizon_days=3,
        people={"pantry_days": {"low": 0, "high": 0}},
    )
    values = simulate(plan, stage("pack", "packers", effort={"per_order_min": 10})).values.loc[0]
    assert values["deprived_household_days"] == pytest.approx(490 / 1440)
    # Deliveries at 490, 1930, 3370: gaps 490, 1440, 1440, 950.
    assert values["gap_h_p95"] == pytest.approx(24)


def test_idle_crew_that_came_is_paid() -> None:
    """A crew of 3 with one short job, two shifts of 2 h a day, 2 days: 3 * 2 * 2 * 2 = 24 h of duty."""
    shifts = (shift("08:00", "10:00"), shift("13:00", "15:00"))
    plan = world([1], {"packers": crew(3, "depot", *shifts)}, horizon_days=2)
    values = simulate(plan, stage("pack", "packers", effort={"per_order_min": 60})).values.loc[0]
    assert values["worker_hours"] == pytest.approx(24)
    assert values["utilisation.pack"] == pytest.approx(1 / 24)


def test_pause_makes_no_overtime() -> None:
    """90 min with 60 min a day on duty: 480-540, 1920-1950. Horizon 2 days: 2 h of duty, 1.5 h of work."""
    plan = world([1], {"packers": crew(1, "depot", shift("08:00", "09:00"), at_shift_end="pause")}, horizon_days=2)
    result = simulate(plan, stage("pack", "packers", effort={"per_order_min": 90}))
    assert ends(result, "pack") == [clock(1, 510)]
    assert result.values.loc[0, "worker_hours"] == pytest.approx(2)
    assert result.values.loc[0, "utilisation.pack"] == pytest.approx(0.75)


# Works 08:00-10:00 with a break; one day; 50 min each: 480-530, 530-580 (15 in the break), 580-630 (30 after hours).
# 105 min of duty, all worked; 45 min of overtime; 150 min.
THROUGH_BREAK = (shift("08:00", "10:00", ("09:00", "09:15")), 3, 50, 1, [530, 580, 630], 150, 1)
# 1500 min each, 08:00-18:00: 480-1980 and 1980-3480, overtime 1080-1920 and 2520-3360: 840 each. Seven days:
# 4200 + 1680 min; inside duty 3000 - 1680 = 1320 of 4200 min.
INTO_NEXT_DAY = (shift("08:00", "18:00"), 2, 1500, 7, [1980, 3480], 5880, 1320 / 4200)


@pytest.fixture(params=[THROUGH_BREAK, INTO_NEXT_DAY], ids=["through_break", "into_next_day"])
def overtime(request):
    duty, households, minutes, days, times, worked, utilisation = request.param
    plan = world([households], {"packers": crew(1, "depot", duty)}, horizon_days=days)
    result = simulate(plan, stage("pack", "packers", effort={"per_order_min": minutes}))
    assert ends(result, "pack") == times
    return result.values.loc[0], worked, utilisation


def test_nobody_is_on_duty_and_in_overtime_at_once(overtime) -> None:
    """Work that lasts into the next duty interval is overtime only in between."""
    values, worked, _ = overtime
    assert values["worker_hours"] * 60 == pytest.approx(worked)


def test_work_in_a_later_duty_interval_is_work_in_duty(overtime) -> None:
    """Utilisation counts all minutes worked inside duty, not only those of the interval of the start."""
    values, _, utilisation = overtime
    assert values["utilisation.pack"] == pytest.approx(utilisation)


def trip_through_noon() -> ss.Result:
    """Break 12:00-13:00 = 720-780. Packed 480-710; drive 30 km = 45 min: there 755, back 800."""
    duty = shift("08:00", "18:00", ("12:00", "13:00"))
    plan = world(listed([1], km=30), {"packers": crew(1)}, {"vans": fleet(1, "depot", duty)}, horizon_days=1)
    result = simulate(plan, stage("pack", "packers", effort={"per_order_min": 230}), leg("deliver", "vans"))
    assert ends(result, "deliver") == [755]
    return result


def test_hours_of_a_trip_through_the_break() -> None:
    """Packer 600; driver 540 on duty and 60 of overtime in the break; 1200 min."""
    assert trip_through_noon().values.loc[0, "worker_hours"] == pytest.approx(20)


def test_utilisation_of_a_trip_through_the_break() -> None:
    """Out 710-720 and 780-800 within 540 min of duty."""
    assert trip_through_noon().values.loc[0, "utilisation.deliver"] == pytest.approx(30 / 540)


def test_hours_of_a_round_through_the_break() -> None:
    """08:00-18:00 without 08:05-08:15, walk 15, door 3, walk 15 = 480-513: 590 on duty, 10 in the break.

    Utilisation 23 / 590.
    """
    duty = shift("08:00", "18:00", ("08:05", "08:15"))
    plan = world([1], {"walkers": crew(1, "drop_point", duty)}, horizon_days=1)
    result = simulate(plan, door(1, 30))
    assert ends(result, "door") == [498]
    values = result.values.loc[0]
    assert (values["worker_hours"] * 60, values["utilisation.door"]) == pytest.approx((600, 23 / 590))


def test_trips_and_hours_stop_counting_at_the_horizon() -> None:
    """Everybody 08:00-09:00, horizon 1 day. Packed 480-580: 60 min on duty + 40 in overtime; the van 60.

    The load is ready after hours, given at 1920, there 1935: no trip begun before 1440, no km.
    """
    duty = shift("08:00", "09:00")
    plan = world([1], {"packers": crew(1, "depot", duty)}, {"vans": fleet(1, "depot", duty)}, horizon_days=1)
    result = simulate(plan, stage("pack", "packers", effort={"per_order_min": 100}), leg("deliver", "vans"))
    assert ends(result, "deliver") == [1935]
    values = result.values.loc[0]
    assert values["vehicle_km"] == 0
    assert values["worker_hours"] == pytest.approx((100 + 60) / 60)
    assert values["utilisation.deliver"] == 0


def test_trip_across_the_horizon_counts_up_to_it() -> None:
    """Vans until 24:00; packed at 1430, there 1445, horizon 1440: 10 of 15 min of 10 km; not delivered by then."""
    late = shift("23:00", "24:00")
    plan = world([1], {"packers": crew(1, "depot", late)}, {"vans": fleet(1, "depot", late)}, horizon_days=1)
    result = simulate(plan, stage("pack", "packers", effort={"per_order_min": 50}), leg("deliver", "vans"))
    assert ends(result, "deliver") == [1445]
    values = result.values.loc[0]
    assert values["vehicle_km"] == pytest.approx(10 * 10 / 15)
    assert values["orders_delivered"] == 0
    assert values["utilisation.deliver"] == pytest.approx(10 / 60)


def test_van_waiting_for_the_dock_is_busy() -> None:
    """Two vans, one dock, loading 20, drive 15, packed at 490: van 0 490-540, van 1 490-560; one day of 600 min.

    Utilisation (50 + 70) / 1200; 40 km.
    """
    plan = world([1, 1], {"packers": crew(2)}, {"vans": fleet(2)}, horizon_days=1)
    values = simulate(
        plan,
        stage("pack", "packers", effort={"per_order_min": 10}),
        leg("deliver", "vans", load={"per_parcel_min": 20}),
    ).values.loc[0]
    assert values["utilisation.deliver"] == pytest.approx(120 / 1200)
    assert values["vehicle_km"] == pytest.approx(40)
    assert values["worker_hours"] == pytest.approx(40)


# --- nobody there -------------------------------------------------------------------------------------------

UNDEFINED = {
    "time_to_first_delivery_h",
    "time_to_first_delivery_h_p95",
    "time_to_first_delivery_h_worst_decile",
    "last_household_served_h",
    "attempts_vs_normal_peak",
    "callers_vs_normal_peak",
    "cover_days_lowest",
    "short_kg_share",
    "reserve_kg",
}


def nobody(**who) -> ss.Result:
    plan = world(
        [2, 1],
        {
            "packers": crew(2, attendance=who.get("packers")),
            "walkers": crew(1, "drop_point", attendance=who.get("walkers")),
        },
        {"vans": fleet(2, attendance=who.get("vans"))},
        attendance=who.get("all", 1),
        people={"priority_share": 1},
    )
    return simulate(plan, stage("pack", "packers", effort={"per_order_min": 10}), DELIVER, delay("count", 5), door(1))


@pytest.mark.parametrize("who", [{"all": 0}, {"packers": 0}, {"vans": 0}, {"walkers": 0}])
def test_nobody_comes(who) -> None:
    """Nothing is delivered; what has no value is empty; all else is a number.

    Three households without a delivery for 7 days, one day's pantry: gap 168 h, 3 * 6 = 18 household-days.
    """
    result = nobody(**who)
    summary = result.summary()
    mean = summary["mean"]
    for metric in ("coverage", "fill_rate", "orders_delivered", "priority_on_time_share", "contacts"):
        assert mean[metric] == 0, metric
    assert mean["orders_accepted"] == 3
    assert mean["backlog_peak_orders"] == 3
    assert mean["mass_balance_error_kg"] == 0
    assert mean["gap_h_p95"] == pytest.approx(168)
    assert mean["deprived_household_days"] == pytest.approx(18)
    missing = {metric for metric in summary.index if mean[metric] is None or math.isnan(mean[metric])}
    assert missing == UNDEFINED


@pytest.mark.parametrize(
    ("who", "reached"),
    [({"all": 0}, []), ({"packers": 0}, []), ({"vans": 0}, ["pack"]), ({"walkers": 0}, ["pack", "deliver", "count"])],
)
def test_steps_nobody_reached_are_empty_columns(who, reached) -> None:
    """One column per step name, whatever happened; NaN where an order did not finish the step."""
    orders = nobody(**who).orders
    steps = ["pack", "deliver", "count", "door"]
    assert list(orders.columns[6:]) == steps
    for step in steps:
        assert all(is_never(value) != (step in reached) for value in orders[step])


def test_packers_without_vans_still_work() -> None:
    """Attendance of the vans 0: packed at 490 twice and 500; hours of packers only: 2 * 10 h * 7 days + 2 walkers."""
    result = nobody(vans=0)
    assert ends(result, "pack") == [490, 490, 500]
    values = result.values.loc[0]
    assert values["vehicle_km"] == 0
    assert values["worker_hours"] == pytest.approx(4 * 70)
    assert values["utilisation.pack"] == pytest.approx(30 / (2 * 600 * 7))
    assert values["utilisation.deliver"] == 0
    assert values["utilisation.door"] == 0
