"""Stages, holds, gates and rounds on paper: shifts, breaks, queue order, waves, calendars."""

from __future__ import annotations

import pytest

import simsupply as ss
from tests.plans.paper_plans import (
    channel,
    clock,
    crew,
    cycle,
    delay,
    door,
    ends,
    fleet,
    gate,
    is_never,
    leg,
    shift,
    simulate,
    simulate_strategy,
    stage,
    strategy,
    work,
    world,
)


def pack(minutes: float, **more):
    return work("pack", "packers", minutes, **more)


def one_packer(households: int, minutes: float, at_shift_end: str = "finish", *shifts, headcount: int = 1):
    plan = world([households], {"packers": crew(headcount, "depot", *shifts, at_shift_end=at_shift_end)})
    return ends(simulate(plan, pack(minutes)), "pack")


SHORT = shift("08:00", "10:00", ("09:00", "09:15"))  # on duty 480-540 and 555-600: 105 min a day


# --- shift ends -------------------------------------------------------------------------------------


def test_finish_works_through_break_and_evening() -> None:
    """50 min each. 480-530; 530-580 through the break; 580-630 in overtime; next day 1920-1970."""
    assert one_packer(4, 50, "finish", SHORT) == [530, 580, 630, 1970]


def test_pause_stops_at_break_and_evening() -> None:
    """50 min each, on duty 480-540, 555-600, 1920-1980, 1995-2040.

    0: 480-530. 1: 530-540 (10), 555-595 (40). 2: 595-600 (5), 1920-1965 (45). 3: 1965-1980 (15), 1995-2030 (35).
    """
    assert one_packer(4, 50, "pause", SHORT) == [530, 595, 1965, 2030]


def test_pause_spans_two_nights() -> None:
    """250 min at 105 a day: 105 on day 0, 105 on day 1, 40 on day 2: 3360-3400.

    The next: 3400-3420 (20), 3435-3480 (45): 65; day 3: 4800-4860 (60), 4875-4920 (45): 170;
    day 4: 80 left: 6240-6300 (60), 6315-6335 (20).
    """
    assert one_packer(2, 250, "pause", SHORT) == [clock(2, 520), clock(4, 575)]


def test_finish_spans_the_night() -> None:
    """Overtime until done: 480 + 250 = 730; next start 1920 -> 2170."""
    assert one_packer(2, 250, "finish", SHORT) == [730, 2170]


def test_nobody_starts_at_the_end_of_a_duty_interval() -> None:
    """60 min each: 480-540, done as the break starts; the next starts after it, not at 540.

    finish: 555-615 in overtime; then 1920-1980. pause: 555-600 (45), 1920-1935 (15); then 1935-1980 (45), 1995-2010.
    """
    assert one_packer(3, 60, "finish", SHORT) == [540, 615, 1980]
    assert one_packer(3, 60, "pause", SHORT) == [540, 1935, 2010]


def test_two_shifts_have_people_of_their_own() -> None:
    """08:00-10:00 and 10:00-12:00, one person each, 100 min an order.

    Morning: 480-580, 580-680 in overtime. Afternoon person: 600-700, 700-800 in overtime.
    Next day: 1920-2020, ...
    """
    shifts = (shift("08:00", "10:00"), shift("10:00", "12:00"))
    assert one_packer(5, 100, "finish", *shifts) == [580, 680, 700, 800, 2020]


def test_pause_leaves_each_shift_its_own_work() -> None:
    """100 min an order; what the morning begins, the morning continues.

    Morning: 0 480-580; 1 580-600 (20), 1920-2000 (80). Afternoon: 2 600-700; 3 700-720 (20), 2040-2120 (80).
    Morning next day: 4 2000-2040 (40), 3360-3420 (60).
    """
    shifts = (shift("08:00", "10:00"), shift("10:00", "12:00"))
    assert one_packer(5, 100, "pause", *shifts) == [580, 2000, 700, 2120, 3420]


def test_pause_with_two_packers() -> None:
    """50 min, two people on duty 105 min a day: each does the work of the one-packer case.

    0, 1: 530; 2, 3: 595; 4, 5: 1965.
    """
    assert one_packer(6, 50, "pause", SHORT, headcount=2) == [530, 530, 595, 595, 1965, 1965]


def test_work_not_done_by_the_end_of_the_run_has_no_time() -> None:
    """1 day and no run-out: 50 min each, 480-530, 530-580, 580-630; the rest is never packed."""
    plan = world([5], {"packers": crew(1, "depot", SHORT)}, horizon_days=1, run_out_days=0)
    times = ends(simulate(plan, pack(50)), "pack")
    assert times[:3] == [530, 580, 630]
    assert is_never(times[3])
    assert is_never(times[4])


# --- queue order ----------------------------------------------------------------------------------------


def compile_and_pack(discipline: str, packers: int) -> list[float]:
    """A list of 3 households takes 30 min, a list of 1 takes 10; packing 5 min each."""
    plan = world([3, 1], {"clerks": crew(2), "packers": crew(packers)})
    result = simulate(
        plan,
        stage("compile", "clerks", per="consignment", effort={"per_order_min": 10}),
        pack(5, discipline=discipline),
    )
    assert ends(result, "compile") == [510, 510, 510, 490]
    return ends(result, "pack")


def test_sequence_waits_for_the_dispatch_list() -> None:
    """The single order is ready at 490 but behind the three of 510: 515, 520, 525, then 530."""
    assert compile_and_pack("sequence", 1) == [515, 520, 525, 530]


def test_sequence_does_not_overtake_even_with_idle_packers() -> None:
    """Four packers: nobody starts before the one before it: all four at 510."""
    assert compile_and_pack("sequence", 4) == [515, 515, 515, 515]


def test_fifo_takes_what_is_ready() -> None:
    """The single order 490-495; then the three in run-sheet order from 510 (a tie)."""
    assert compile_and_pack("fifo", 1) == [515, 520, 525, 495]


def test_stage_per_consignment_adds_its_parts() -> None:
    """Two drop points with 3 and 1 households: 4 + 3*2 = 10 min, then 4 + 1*2 = 6 min, one clerk.

    480-490 for all three, 490-496.
    """
    plan = world([3, 1], {"clerks": crew(1)})
    result = simulate(
        plan,
        stage("compile", "clerks", per="consignment", effort={"per_consignment_min": 4, "per_order_min": 2}),
    )
    assert ends(result, "compile") == [490, 490, 490, 496]


@pytest.mark.parametrize("room", [{"payload_parcels": 2}, {"payload_kg": 30}])
def test_drop_points_take_turns_by_consignment(room) -> None:
    """Room for two 14 kg orders cuts 3 + 3 households into {0,1} {2} and {3,4} {5}.

    Turns: {0,1} {3,4} {2} {5}; one packer, 10 min: 0 490, 1 500, 3 510, 4 520, 2 530, 5 540.
    Van loads in that order, one van, 30 min there and back:
    {0,1} at 500 -> 515, back 530; {3,4} 530 -> 545, 560; {2} 560 -> 575, 590; {5} 590 -> 605.
    """
    plan = world([3, 3], {"packers": crew(1)}, {"vans": fleet(1, "depot", **room)})
    result = simulate(plan, pack(10), leg("deliver", "vans"))
    assert ends(result, "pack") == [490, 500, 530, 510, 520, 540]
    assert ends(result, "deliver") == [515, 515, 575, 545, 545, 605]


def test_smallest_vehicle_on_the_way_decides() -> None:
    """A truck for 100 and vans for 2: consignments of two. Order of packing: {0,1} {3} {2}."""
    geography = {
        "kind": "listed",
        "depots": [{"name": "site"}],
        "stations": [{"name": "hub", "depot": "site", "distance_km": 20}],
        "drop_points": [
            {"name": "a", "households": 3, "distance_km": 10, "station": "hub"},
            {"name": "b", "households": 1, "distance_km": 10, "station": "hub"},
        ],
    }
    plan = world(
        geography,
        {"packers": crew(1)},
        {"trucks": fleet(1), "vans": fleet(1, "station", payload_parcels=2)},
    )
    result = simulate(plan, pack(10), leg("trunk", "trucks", "depot", "station"), leg("deliver", "vans", "station"))
    assert ends(result, "pack") == [490, 500, 520, 510]


def test_priority_households_come_first_at_their_drop_point() -> None:
    """One packer, 10 min: at each drop point those with priority, by number, then the others."""
    plan = world([6, 6], {"packers": crew(1)}, people={"priority_share": 0.5})
    scenario = ss.load_scenario(plan)
    first = [bool(flag) for flag in scenario.households.is_priority]
    assert 0 < sum(first[:6]) < 6, "a mix is wanted: choose another world_seed"
    assert sorted(range(6), key=lambda number: not first[number]) != list(range(6))
    sheet = sorted(range(12), key=lambda number: (number // 6, not first[number], number))
    assert ends(simulate(plan, pack(10)), "pack") == [490 + 10 * sheet.index(number) for number in range(12)]


# --- rounds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lift_share", "at_door"), [(1, 1), (0, 3)])
def test_round_is_cut_by_hands_and_by_weight(lift_share, at_door) -> None:
    """14 kg each; 4 households or 30 kg: so two a round. Walk 2 out and 2 back, door 1 with lift or 3 without.

    From 480: 482 + d, 482 + 2d, back 484 + 2d; and again from there. One walker.
    """
    plan = world([5], {"walkers": crew(1, "drop_point")}, people={"lift_share": lift_share})
    d = at_door
    back = 484 + 2 * d
    again = back + 4 + 2 * d
    assert ends(simulate(plan, door(4, 4, carry_kg=30)), "door") == [
        482 + d,
        482 + 2 * d,
        back + 2 + d,
        back + 2 + 2 * d,
        again + 2 + d,
    ]


def test_rounds_by_two_walkers_at_each_drop_point() -> None:
    """Rounds of two, walk 4, door 3. Walkers are per drop point.

    Drop point 0 (5 households): rounds {0,1} and {2,3} both 480: 485, 488, back 490; {4} 490: 495.
    Drop point 1 (1 household): 485.
    """
    plan = world([5, 1], {"walkers": crew(2, "drop_point")})
    assert ends(simulate(plan, door(2, 4)), "door") == [485, 488, 485, 488, 495, 485]


def test_round_begun_is_finished_after_hours() -> None:
    """Shift 08:00-08:10, rounds of two of 2 + 3 + 3 + 2 = 10 min; two rounds.

    {0,1}: 485, 488, back at 490 = end of shift. {2,3}: next day 1925, 1928.
    With shift 08:00-08:11 the second round starts at 490: 495, 498.
    """
    short = world([4], {"walkers": crew(1, "drop_point", shift("08:00", "08:10"))})
    assert ends(simulate(short, door(2, 4)), "door") == [485, 488, 1925, 1928]
    longer = world([4], {"walkers": crew(1, "drop_point", shift("08:00", "08:11"))})
    assert ends(simulate(longer, door(2, 4)), "door") == [485, 488, 495, 498]


def test_round_waits_for_its_last_order() -> None:
    """One packer, 10 min: 490, 500, 510. Rounds of two, effort 1 + door 3, walk 4.

    {0,1} ready 500: 506, 510, back 512; {2} ready 510, walker back 512: 518.
    """
    plan = world([3], {"packers": crew(1, "drop_point"), "walkers": crew(1, "drop_point")})
    result = simulate(
        plan,
        stage("pack", "packers", "drop_point", effort={"per_order_min": 10}),
        door(2, 4, effort={"per_order_min": 1}),
    )
    assert ends(result, "door") == [506, 510, 518]


def test_priority_first_in_rounds() -> None:
    """Rounds of three over six households: those with priority are met first. Walk 4, door 3, one walker.

    Position p in the dispatch list: 480 + 2 + 3(p + 1) in the first round; back at 493: 493 + 2 + 3(p - 2).
    """
    plan = world([6], {"walkers": crew(1, "drop_point")}, people={"priority_share": 0.5})
    first = [bool(flag) for flag in ss.load_scenario(plan).households.is_priority]
    sheet = sorted(range(6), key=lambda number: (not first[number], number))
    expected = [485, 488, 491, 498, 501, 504]
    assert ends(simulate(plan, door(3, 4)), "door") == [expected[sheet.index(number)] for number in range(6)]


# --- delays and gates -----------------------------------------------------------------------------------------


def test_gate_lets_through_at_opening_and_holds_back_at_closing() -> None:
    """Open 09:00-10:00 = [540, 600). One packer, 20 min: 500, 520, 540, 560, 580, 600.

    500 and 520 wait for 540; 540 passes; 600 is closing time: next day 1980. The delay adds 7.
    """
    plan = world([6], {"packers": crew(1)})
    result = simulate(plan, pack(20), gate("barrier", "09:00", "10:00"), delay("air", 7))
    assert ends(result, "pack") == [500, 520, 540, 560, 580, 600]
    assert ends(result, "barrier") == [540, 540, 540, 560, 580, 1980]
    assert ends(result, "air") == [547, 547, 547, 567, 587, 1987]


def test_gate_first_in_the_channel() -> None:
    """Wishes of 06:00 pass a gate that opens at 07:00, then wait for the packer at 08:00."""
    plan = world([2], {"packers": crew(1)}, demand=cycle(release_time="06:00"))
    result = simulate(plan, gate("office", "07:00", "20:00"), pack(10))
    assert list(result.orders["placed"]) == [360, 360]
    assert ends(result, "office") == [420, 420]
    assert ends(result, "pack") == [490, 500]


# --- waves and calendars ----------------------------------------------------------------------------------------


def test_second_wave_waits_behind_the_first() -> None:
    """One packer 08:00-09:00, 40 min, 3 households, a wave at 06:00 of days 0, 1 and 2.

    Wave 0: 480-520, 520-560 in overtime, 1920-1960. Wave 1: 1960-2000 in overtime (started before 1980),
    then 3360-3400, 3400-3440. Wave 2: 4800-4840, 4840-4880, 6240-6280.
    """
    plan = world(
        [3],
        {"packers": crew(1, "depot", shift("08:00", "09:00"))},
        demand=cycle(7, 1, release_time="06:00"),
        horizon_days=3,
    )
    result = simulate(plan, pack(40))
    assert ends(result, "pack", 0) == [520, 560, 1960]
    assert ends(result, "pack", 1) == [2000, 3400, 3440]
    assert ends(result, "pack", 2) == [4840, 4880, 6280]
    assert sorted(set(result.orders["placed"])) == [360, 1800, 3240]
    assert len(result.orders) == 9


def test_no_wave_at_or_after_the_horizon() -> None:
    """Cycle of 2 days in 4 days: waves on days 0 and 2; in 5 days: 0, 2 and 4."""
    for horizon, waves in ((4, [0, 2]), (5, [0, 2, 4])):
        plan = world([1], {"packers": crew(1)}, demand=cycle(7, 2), horizon_days=horizon)
        assert list(simulate(plan, pack(10)).orders["placed"]) == [day * 1440 for day in waves]


@pytest.mark.parametrize(("keys", "at"), [({}, 360), ({"at": "00:00"}, 0), ({"at": "07:00"}, 420)])
def test_allotment_every_so_many_days_at_its_own_time_or_that_of_the_demand(keys: dict[str, str], at: int) -> None:
    """Every 3 days although wishes are asked for weekly at 06:00: days 0, 3 and 6, at 06:00 = 360 unless it says."""
    plan = world([1], {"packers": crew(1)}, demand=cycle(release_time="06:00"))
    result = simulate(plan, pack(10), release={"kind": "allot", "every_days": 3, **keys})
    assert list(result.orders["placed"]) == [at, 4320 + at, 8640 + at]
    assert ends(result, "pack") == [490, 4320 + 490, 8640 + 490]


def test_new_channel_waits_for_shared_crew_behind_the_old_one() -> None:
    """Baskets (40 min) on day 0, crates (10 min) from day 1; same packer, 08:00-09:00.

    Day 0: 480-520, 520-560. Day 1: the third basket 1920-1960, then crates 1960-1970, 1970-1980; the third
    crate may not start at 1980 = 09:00: day 2, 3360-3370, then the crates of day 2: 3380, 3390, 3400.
    """
    plan = world([3], {"packers": crew(1, "depot", shift("08:00", "09:00"))}, demand=cycle(7, 1), horizon_days=3)
    result = simulate_strategy(
        plan,
        strategy(
            channel("baskets", stage("pick", "packers", effort={"per_order_min": 40})),
            channel("crates", stage("pack", "packers", effort={"per_order_min": 10})),
            from_days=(0, 1),
        ),
    )
    assert list(result.orders.sort_values(["wave", "household"])["channel"]) == ["baskets"] * 3 + ["crates"] * 6
    assert ends(result, "pick", 0) == [520, 560, 1960]
    assert ends(result, "pack", 1) == [1970, 1980, 3370]
    assert ends(result, "pack", 2) == [3380, 3390, 3400]
    assert all(is_never(value) for value in ends(result, "pack", 0) + ends(result, "pick", 1))


def test_switch_inside_a_cycle_waits_for_the_next_wave() -> None:
    """Cycle of 2 days; crates decided from day 1: the wave of day 0 is baskets, that of day 2 crates."""
    plan = world([1], {"packers": crew(1)}, demand=cycle(7, 2), horizon_days=4)
    result = simulate_strategy(
        plan,
        strategy(
            channel("baskets", stage("pick", "packers", effort={"per_order_min": 40})),
            channel("crates", stage("pack", "packers", effort={"per_order_min": 10})),
            from_days=(0, 1),
        ),
    )
    assert list(result.orders["channel"]) == ["baskets", "crates"]
    assert ends(result, "pick", 0) == [520]
    assert ends(result, "pack", 1) == [clock(2, 490)]
