"""The last 100 metres on paper: windows, crowds, lines, stairs, roads, time slots and trips that fetch.

Nothing is packed or driven before the step in question unless a case says so: orders of 00:00 wait for 08:00 (480).
"""

from __future__ import annotations

import numpy as np
import pytest

import simsupply as ss
from simsupply.model.run_loop import run_replication
from simsupply.streams.keyed import Streams
from tests.plans.demand_plans import ROUND_THE_CLOCK, open_gate
from tests.plans.paper_plans import (
    channel,
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
    strategy,
    world,
)

NOON_AND_EVENING = (shift("11:30", "13:00"), shift("19:30", "21:30"))  # 690-780 and 1170-1290


def carry(minutes: float, discipline: str = "sequence", **more):
    return stage("carry", "carriers", "drop_point", discipline=discipline, effort={"per_order_min": minutes}, **more)


def carried(households: int, minutes: float, *shifts, headcount: int = 1, **more) -> list[float]:
    crews = {"carriers": crew(headcount, "drop_point", *shifts, at_shift_end="fit", **more)}
    return ends(simulate(world([households], crews), carry(minutes)), "carry")


def contacts(plan, *steps) -> dict[str, int]:
    decided = ss.load_strategy(strategy(channel("only", *steps)))
    return run_replication(ss.load_scenario(plan), decided, seed=1, number=0).contacts


# --- windows ----------------------------------------------------------------------------------------------


def test_a_stop_that_would_end_after_one_waits_for_the_evening() -> None:
    """One shift 11:30-21:30 with a break from 13:00 to 19:30; 40 min a stop.

    690-730, 730-770; 770-810 would end after 780: 1170-1210, 1210-1250; 1250-1290 ends with the shift; then day 1.
    """
    window = shift("11:30", "21:30", ("13:00", "19:30"))
    assert carried(6, 40, window) == [730, 770, 1210, 1250, 1290, clock(1, 730)]


def test_each_window_has_people_of_its_own() -> None:
    """The same hours as two shifts: the noon team does not come back in the evening, the evening team does."""
    assert carried(6, 40, *NOON_AND_EVENING) == [730, 770, 1210, 1250, 1290, clock(1, 730)]


def test_a_round_is_walked_only_if_it_ends_in_the_window() -> None:
    """Rounds of two: 2 out, 3 + 3 at the doors, 2 back. 08:00-08:19: 480-490; the next would be back at 500 > 499."""
    hours = shift("08:00", "08:19")
    plan = world([4], {"walkers": crew(1, "drop_point", hours, at_shift_end="fit")})
    assert ends(simulate(plan, door(2, 4)), "door") == [485, 488, clock(1, 485), clock(1, 488)]


def lines_of(plan, first: float, second: float, discipline: str, carriers: int = 1) -> tuple[list[float], list[float]]:
    """Two channels that one crew works for: orders of `first` and of `second` minutes."""
    decided = {
        "name": "paper",
        "title": {"en": "Paper plan", "zh": "纸面方案"},
        "channels": {
            name: channel(name, stage(f"carry_{name}", "carriers", "drop_point", discipline=discipline, **work))
            for name, work in (
                ("long", {"effort": {"per_order_min": first}}),
                ("short", {"effort": {"per_order_min": second}}),
            )
        },
        "mix": [{"channel": "long", "share": 0.5}, {"channel": "short"}],
    }
    result = ss.simulate(ss.load_scenario(plan), ss.load_strategy(decided), replications=1, seed=1, detail="orders")
    orders = result.orders
    long, short = (sorted(orders[orders["channel"] == name][f"carry_{name}"]) for name in ("long", "short"))
    return long, short


def test_nobody_overtakes_an_order_that_has_to_wait_for_the_next_window() -> None:
    """08:00-09:00; the first wave (long) goes before the second (short), however short that is.

    Long ones take 40: 480-520, then 520-560 would be late: day 1 1920-1960, day 2, ... Only behind the last of them,
    on the same day, short ones of 5 min begin.
    """
    plan = world([12], {"carriers": crew(1, "drop_point", shift("08:00", "09:00"), at_shift_end="fit")})
    long, short = lines_of(plan, 40, 5, "fifo")
    assert 0 < len(long) < 12, "a mix is wanted: choose another seed"
    assert len(long) <= 11
    assert long == [clock(day, 520) for day in range(len(long))]
    last = clock(len(long) - 1, 520)
    on_that_day = [last + 5 * number for number in range(1, 5)]
    next_day = [clock(len(long), 480) + 5 * number for number in range(1, 13)]
    assert short == [*on_that_day, *next_day][: len(short)]


def test_the_head_of_the_line_goes_to_the_next_shift_that_has_time_for_it() -> None:
    """Shifts 08:00-09:00 and 09:00-10:00, 45 min: 480-525; 525-570 would be late, the next shift begins at 540.

    540-585; the third: 585-630 would be late: day 1.
    """
    shifts = (shift("08:00", "09:00"), shift("09:00", "10:00"))
    assert carried(3, 45, *shifts) == [525, 585, clock(1, 525)]


def test_what_fits_into_no_window_is_never_begun_and_holds_up_its_line() -> None:
    """08:00-09:00; mean 40 min, lognormal: the first that takes more than 60 is the last that matters."""
    plan = world([30], {"carriers": crew(1, "drop_point", shift("08:00", "09:00"), at_shift_end="fit")})
    spread = {"variability": {"kind": "lognormal", "sigma": 0.5}}
    free = world([30], {"carriers": crew(30, "drop_point")})
    minutes = [end - 480 for end in ends(simulate(free, carry(40, **spread)), "carry")]
    blocked = next(number for number, each in enumerate(minutes) if each > 60)
    assert 2 <= blocked <= 12
    found = ends(simulate(plan, carry(40, **spread), release={"kind": "order"}), "carry")
    assert not any(is_never(end) for end in found[:blocked])
    assert all(is_never(end) for end in found[blocked:])


# --- a crowd limit --------------------------------------------------------------------------------------


def shop_of(room: int, **more):
    crews = {
        "tills": crew(1, "drop_point"),
        "room": crew(room, "drop_point", ROUND_THE_CLOCK, people="equipment", **more),
    }
    visit = stage("visit", "room", "drop_point", discipline="fifo", effort={"per_order_min": 20})
    return visit, crews


def test_only_so_many_customers_are_inside() -> None:
    """Room for two, 20 min each, from 06:00: in twos; equipment has neither shifts off nor hours to pay."""
    visit, crews = shop_of(2)
    plan = world([5], crews, demand=cycle(release_time="06:00"), attendance=0.0)
    result = simulate(plan, visit)
    assert ends(result, "visit") == [380, 380, 400, 400, 420]
    assert result.values["worker_hours"].tolist() == [0]
    assert result.values["cost"].tolist() == [0]


def test_people_of_the_same_headcount_cost_hours_and_may_be_absent() -> None:
    """The counterpart: two workers around the clock for 7 days; with attendance 0 nobody is served."""
    visit, crews = shop_of(2)
    crews["room"]["people"] = "worker"
    there = simulate(world([5], crews, demand=cycle(release_time="06:00")), visit)
    assert there.values["worker_hours"].tolist() == [2 * 24 * 7]
    absent = simulate(world([5], crews, demand=cycle(release_time="06:00"), attendance=0.0), visit)
    assert all(is_never(end) for end in ends(absent, "visit"))


def test_a_locker_box_is_given_out_though_the_run_ends_before_it_is_emptied() -> None:
    """Equipment that begins only what fits works around the clock: the end of the run is no end of duty.

    One box, 20 h each: 360-1560, then 1560-2760; with one day on the books it was in use from 06:00 to 24:00.
    """
    visit, crews = shop_of(1, at_shift_end="fit")
    visit["stage"]["effort"] = {"per_order_min": 1200}
    plan = world([2], crews, demand=cycle(release_time="06:00"), horizon_days=1, run_out_days=0)
    run = run_replication(ss.load_scenario(plan), ss.load_strategy(strategy(channel("only", visit))), seed=1, number=0)
    assert [step.busy_min for step in run.steps] == [18 * 60]


# --- lines ----------------------------------------------------------------------------------------------


def queue(spacing_m: float) -> dict:
    return {"queue": {"spacing_m": spacing_m, "walk_m_per_min": 40}, "discipline": "fifo"}


def test_whoever_is_next_walks_up_from_two_metres_behind() -> None:
    """2 min at the counter and 2 m at 40 m a minute = 0.05 min: 480 + 2.05 each."""
    plan = world([3], {"carriers": crew(1, "drop_point")})
    found = ends(simulate(plan, carry(2, **queue(2))), "carry")
    assert found == pytest.approx([482.05, 484.1, 486.15], abs=1e-9)
    assert ends(simulate(plan, carry(2, **queue(0))), "carry") == [482, 484, 486]


@pytest.mark.parametrize(("spacing_m", "met"), [(1.5, 3), (2, 0)])
def test_meetings_in_a_line_and_at_the_counter(spacing_m: float, met: int) -> None:
    """Four at 09:00 and one server: the first is served at once, three wait for others ahead of them."""
    plan = world([4], {"carriers": crew(1, "drop_point")}, demand=cycle(release_time="09:00"))
    found = contacts(plan, carry(2, **queue(spacing_m), contact="gate"))
    assert found == {"gate": 4, "queue": met, "door": 0, "shop": 0}


def test_meetings_after_the_horizon_do_not_count() -> None:
    """One day, 300 min each from 540: 840 and 1140 are in time, the third is begun on day 1; the second had waited."""
    plan = world([4], {"carriers": crew(1, "drop_point")}, demand=cycle(release_time="09:00"), horizon_days=1)
    found = contacts(plan, carry(300, **queue(0), contact="shop"))
    assert (found["shop"], found["queue"]) == (2, 1)


def test_a_step_that_names_no_meeting_counts_none() -> None:
    """The last step is work by people, at the drop point or at the depot: nobody is met unless the channel says so."""
    for at in ("drop_point", "depot"):
        plan = world([4], {"carriers": crew(1, at)})
        assert contacts(plan, stage("carry", "carriers", at, effort={"per_order_min": 1})) == dict.fromkeys(
            ("gate", "queue", "door", "shop"), 0
        )
        met = contacts(plan, stage("carry", "carriers", at, effort={"per_order_min": 1}, contact="door"))
        assert met == {"gate": 0, "queue": 0, "door": 4, "shop": 0}


# --- stairs, loads and roads ------------------------------------------------------------------------------


def test_floors_and_what_can_be_carried() -> None:
    """Six households of one building, two on each floor; 14 kg each and 30 kg a round: rounds of two.

    A door takes 3 + 2 a floor above the first; 2 min out and back.
    Ground: 480, 485, 488, back 490. First floor: 492 + 5, + 5 = 502, back 504. Second: 506 + 7, + 7 = 520.
    """
    plan = world([6], {"walkers": crew(1, "drop_point")}, people={"households_per_building": 6})
    found = ends(simulate(plan, door(6, 4, carry_kg=30, per_floor_min=2)), "door")
    assert found == [485, 488, 497, 502, 513, 520]


def test_with_a_lift_floors_do_not_matter() -> None:
    """1 min a door: 2 out, 1, 1; back 486; 489, 490; back 492; 495, 496."""
    people = {"households_per_building": 6, "lift_share": 1}
    plan = world([6], {"walkers": crew(1, "drop_point")}, people=people)
    found = ends(simulate(plan, door(6, 4, carry_kg=30, per_floor_min=2)), "door")
    assert found == [483, 484, 489, 490, 495, 496]


def test_couriers_ride_from_the_depot_and_back() -> None:
    """Drop points at 5 and 10 km, 20 km/h: 15 and 30 min; walk 4, doors 3. One courier, rounds of two.

    d0: out 2 + 15, doors 500, 503, back 503 + 2 + 15 = 520. d1: 520 + 2 + 30 + 3 = 555.
    """
    plan = world(listed([2, 1], km=[5, 10]), {"walkers": crew(1)})
    rounds = door(2, 4, speed_km_h=20)
    rounds["stage"]["at"] = "depot"
    assert ends(simulate(plan, rounds), "door") == [500, 503, 555]


# --- gates and slots --------------------------------------------------------------------------------------


def gate_times(households, *, start_date=None, release_time="10:00", horizon_days=7, people=None, **keys):
    plan = world(
        households,
        {"packers": crew(1)},
        demand=cycle(release_time=release_time),
        horizon_days=horizon_days,
        start_date=start_date,
        people=people or {},
    )
    return ends(simulate(plan, open_gate("barrier", "09:00", "11:00", **keys)), "barrier")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, clock(0, 600)),  # open
        ({"days_ahead": 1}, clock(1, 540)),  # list of today for tomorrow
        ({"days_ahead": 2, "weekdays": ["tue", "fri"]}, clock(4, 540)),  # from Wednesday on: Friday
        ({"weekdays": ["tue", "sat"]}, clock(1, 540)),  # day 0 is a Monday
        ({"weekdays": ["tue", "sat"], "start_date": "2022-03-16"}, clock(3, 540)),  # a Wednesday: Saturday
        ({"weekdays": ["mon"]}, clock(0, 600)),  # today, and open
        ({"weekdays": ["mon"], "release_time": "11:00"}, clock(7, 540)),  # closed just now: next Monday
        ({"weekdays": ["mon"], "release_time": "08:00"}, clock(0, 540)),
    ],
)
def test_gates_know_days_of_the_week_and_of_the_list(keys, expected) -> None:
    """The gate is open 09:00-11:00; orders of Monday 10:00 unless the case says otherwise."""
    assert gate_times([1], **keys) == [expected]


def test_slots_go_building_by_building() -> None:
    """Slots of 30 min from 09:00 to 11:00 = 4 a day, two households of one building each; orders of 00:00.

    d0, buildings of three: {0,1} 540, {2} 570, {3,4} 600; d1 starts anew: {5,6} 540, {7} 570.
    """
    slots = {"minutes": 30, "households": 2}
    found = gate_times([5, 3], release_time="00:00", people={"households_per_building": 3}, slots=slots)
    assert found == [540, 540, 570, 600, 600, 540, 540, 570]


def test_the_fifth_slot_is_the_first_again_and_who_is_late_comes_tomorrow() -> None:
    """Buildings of one: slots 540, 570, 600, 630, 540. At 10:00 = 600 the first two and the fifth are over."""
    slots = {"minutes": 30, "households": 2}
    found = gate_times([5], slots=slots)
    assert found == [clock(1, 540), clock(1, 570), 600, 630, clock(1, 540)]


def test_who_does_not_show_up_comes_to_the_slot_of_the_next_open_day() -> None:
    """Open on Mondays, Wednesdays and Fridays; each day decided by the draw of (gate, day, household).

    Ten buildings at each of 4 slots would be more than one slot holds, but there is one of each at each of ten drop
    points: everybody's own slot has room.
    """
    slots = {"minutes": 30, "households": 1, "no_show_share": 0.5}
    found = gate_times([4] * 10, release_time="00:00", weekdays=["mon", "wed", "fri"], slots=slots)
    drawn = {day: Streams(1, 0).uniform("no_show/barrier", day, 40) for day in range(14)}
    open_days = [0, 2, 4, 7, 9, 11]
    for household, time in enumerate(found):
        days = [day for day in open_days if drawn[day][household] >= 0.5]
        expected = clock(days[0], 540 + 30 * (household % 4)) if days else np.nan
        assert time == expected or (is_never(time) and not days)
    came_on = {time // 1440 for time in found}
    assert {0, 2, 4} <= came_on


def test_the_slots_of_a_day_are_all_there_is() -> None:
    """4 slots of 12 households: 48 a day. 480 households of one building need ten days, in their order."""
    slots = {"minutes": 30, "households": 12}
    people = {"households_per_building": 480}
    found = gate_times([480], release_time="00:00", people=people, slots=slots)
    assert found == [clock(number // 48, 540 + 30 * (number // 12 % 4)) for number in range(480)]


def test_who_finds_no_place_takes_what_is_left_of_the_day_then_waits() -> None:
    """Ten households, buildings of one, one household a slot, orders of 10:00 (600); slots 540, 570, 600, 630.

    Own slots: 0, 4, 8 at 540; 1, 5, 9 at 570; 2, 6 at 600; 3, 7 at 630. Day 0: at 600 household 2, at 630 household 3,
    then no slot is left. Day 1: own slots first, those since day 0 before those since day 1: at 540 household 0, at 570
    household 1, at 600 household 6 (since day 0), at 630 household 7 (since day 0). Day 2: 4, 5, then places are left
    at 600 and 630: 8 and 9.
    """
    slots = {"minutes": 30, "households": 1}
    found = gate_times([10], slots=slots)
    expected = {0: [2, 3], 1: [0, 1, 6, 7], 2: [4, 5, 8, 9]}
    first = {0: 2}
    assert found == [
        next(
            clock(day, 540 + 30 * (first.get(day, 0) + households.index(number)))
            for day, households in expected.items()
            if number in households
        )
        for number in range(10)
    ]


# --- trips that fetch -------------------------------------------------------------------------------------


def test_a_vehicle_fetches_for_its_own_drop_point() -> None:
    """Packed at 490 and 500. Each drop point has a van: out 15, load 5, home 15, unload 4; no dock is needed.

    d0: 490, 505, 510, 525, 529 delivered. d1: 500, ... 539. The third (d1 again, packed 510): 539 + 39 = 578.
    """
    plan = world([1, 2], {"packers": crew(1)}, {"vans": fleet(1, "drop_point", payload_parcels=1)})
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    trip = leg("fetch", "vans", fetch=True, load={"per_parcel_min": 5}, unload={"per_parcel_min": 4})
    result = simulate(plan, pack, trip)
    assert ends(result, "pack") == [490, 500, 510]
    assert ends(result, "fetch") == [529, 539, 578]
    assert result.values["vehicle_km"].tolist() == [3 * 20]


def test_who_fetches_never_waits_for_a_dock() -> None:
    """Three drop points, all packed at 490, one dock, loading 20: 490 + 15 + 20 + 15 for all of them."""
    plan = world([1, 1, 1], {"packers": crew(3)}, {"vans": fleet(1, "drop_point")})
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    trip = leg("fetch", "vans", fetch=True, load={"per_parcel_min": 20})
    assert ends(simulate(plan, pack, trip), "fetch") == [540, 540, 540]


def test_the_buyer_leaves_only_while_on_duty() -> None:
    """On duty 08:00-08:30, 70 min a trip: the second load is fetched the next day; the first trip ends in overtime."""
    vans = fleet(1, "drop_point", shift("08:00", "08:30"), payload_parcels=1)
    plan = world([2], {"packers": crew(1)}, {"vans": vans})
    trip = leg("fetch", "vans", fetch=True, load={"per_parcel_min": 20}, unload={"per_parcel_min": 20})
    assert ends(simulate(plan, delay("rest", 1), trip), "fetch") == [550, clock(1, 550)]


def test_a_checkpoint_holds_the_vehicle_on_its_way_in() -> None:
    """25 min in a sealed compound. Delivered: 490 + 15 + 25 = 530, back at 545 for the next: 585. Fetched: 555."""
    pack = stage("pack", "packers", effort={"per_order_min": 10})
    settings = {"sealed": {"checkpoint_min": 25}}
    tiers = {"tiers": {"default": "sealed", "settings": settings}}
    plan = world([2], {"packers": crew(2)}, {"vans": fleet(1, payload_parcels=1)}) | tiers
    assert ends(simulate(plan, pack, leg("deliver", "vans")), "deliver") == [530, 585]
    plan = world([2], {"packers": crew(2)}, {"vans": fleet(1, "drop_point", payload_parcels=1)}) | tiers
    assert ends(simulate(plan, pack, leg("fetch", "vans", fetch=True)), "fetch") == [545, 600]
