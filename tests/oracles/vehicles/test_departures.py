"""When vehicles leave, on paper: full or at a time of day, and with what is there."""

from __future__ import annotations

import pytest

import simsupply as ss
from tests.plans.both_engines import only
from tests.plans.paper_plans import (
    Plain,
    channel,
    crew,
    ends,
    fleet,
    leg,
    shift,
    simulate,
    simulate_strategy,
    strategy,
    work,
    world,
)

# Of three households one is of a kind with share 0.4.
SEED_WITH_ONE_OF_THREE = 3


def pick(minutes: float, name: str = "pick") -> Plain:
    return work(name, "pickers", minutes)


def ready(orders: int) -> Plain:
    return {"kind": "ready", "orders": orders}


# --- full or at HH:MM -----------------------------------------------------------------------------------------------


def test_full_or_at_a_time_of_day() -> None:
    """5 orders, 10 min each: 490 .. 530. Two make a load: 500 and 520. The fifth stands until 09:00 (540).

    One van, 30 min a trip: 500 -> 515; 530 -> 545 (back 560); 560 -> 575.
    """
    plan = world([5], {"pickers": crew(1)}, {"vans": fleet(1)})
    result = only(plan, pick(10), leg("drive", "vans", leave={"kind": "full", "orders": 2, "at": ["09:00"]}))
    assert ends(result, "drive") == [515, 515, 545, 545, 575]


# --- with what is there ---------------------------------------------------------------------------------------------


def test_a_free_vehicle_leaves_with_what_is_there() -> None:
    """6 orders, 10 min each: 490 .. 540; one van of 4, there and back 30 min.

    490 it takes the first: 505, back 520. There stand the second, third and fourth (500, 510, 520): 535, back 550.
    Then the last two: 565.
    """
    plan = world([6], {"pickers": crew(1)}, {"vans": fleet(1)})
    result = simulate(plan, pick(10), leg("drive", "vans", leave=ready(4)))
    assert ends(result, "drive") == [505, 535, 535, 535, 565, 565]
    assert "(vehicles of 'drive' leave with what is there)" in result.notes[0]
    # Each waits for the van from the minute it stands there: 20 + 10 + 0 + 20 + 10, of which none for departure.
    table = result.tables["waits"]
    waits = {cause: hours * 60 for cause, hours in zip(table["cause"], table["wait_h"], strict=True)}
    assert table[(table["step"] == "drive") & (table["cause"] == "vehicle")]["wait_h"].sum() * 60 == pytest.approx(60)
    assert waits["departure"] == 0


def test_at_most_so_many_leave_together() -> None:
    """4 orders at 490 (4 pickers), two in a load, one van: two at 505, two at 535."""
    plan = world([4], {"pickers": crew(4)}, {"vans": fleet(1)})
    assert ends(simulate(plan, pick(10), leg("drive", "vans", leave=ready(2))), "drive") == [505, 505, 535, 535]


def test_places_take_turns_by_who_has_stood_longest() -> None:
    """Drop points d0 (2) and d1 (2), in turn on the list by consignment: d0 490, 500, d1 510, 520. One van, 30 min.

    490 d0's first: 505, back 520. Longest stands d0's second (500): 535, back 550; then both of d1: 565.
    """
    plan = world([2, 2], {"pickers": crew(1)}, {"vans": fleet(1)})
    assert ends(simulate(plan, pick(10), leg("drive", "vans", leave=ready(4))), "drive") == [505, 535, 565, 565]


def test_what_never_leaves_waits_to_the_horizon() -> None:
    """The van's hours end before anything is ready; each order waits from 490, 500 to the horizon (1440)."""
    vans = fleet(1, "depot", shift("06:00", "07:00"))
    plan = world([2], {"pickers": crew(1)}, {"vans": vans}, horizon_days=1, run_out_days=0)
    result = simulate(plan, pick(10), leg("drive", "vans", leave=ready(1)))
    table = result.tables["waits"]
    row = table[(table["step"] == "drive") & (table["cause"] == "vehicle")].iloc[0]
    assert row["wait_h"] * 60 == pytest.approx(950 + 940)
    assert row["ordered_h"] * 60 == pytest.approx(950 + 940)


def drivers(people: int, serves: str) -> ss.Result:
    plan = world([3], {"pickers": crew(people, serves=serves)}, {"vans": fleet(1, drivers="pickers")})
    return simulate(plan, pick(10), leg("drive", "vans", leave=ready(4)))


def test_with_what_is_there_and_a_driver() -> None:
    """One person picks and drives. Downstream first: one by one: 490 -> 505, 520; pick 530 -> 545; pick 570 -> 585.

    Upstream first: picks all three, 510, and drives them together: 525.
    """
    assert ends(drivers(1, "downstream_first"), "drive") == [505, 545, 585]
    assert ends(drivers(1, "upstream_first"), "drive") == [525, 525, 525]


@pytest.mark.parametrize(("people", "of_two", "of_one"), [(2, [493.5, 493.5], [502.5]), (3, [498.5, 498.5], [489.5])])
def test_one_more_person_makes_somebody_later(people: int, of_two: list[float], of_one: list[float]) -> None:
    """Picks of 9, 9 and 5 min from 480 on, one van of 4, there and back 9 min, the door half-way.

    2 people: 489, 489, 494; the van takes both at 489: 493.5, back 498; the third: 502.5.
    3 people: 489, 489, 485; the van takes the third at 485: 489.5, back 494; the others, ready since 489: 498.5.
    """
    geography = {
        "kind": "listed",
        "world_seed": SEED_WITH_ONE_OF_THREE,
        "depots": [{"name": "site", "docks": 1}],
        "drop_points": [{"name": "d0", "households": 3, "distance_km": 3}],
    }
    scenario = world(
        geography, {"pickers": crew(people)}, {"vans": fleet(1)}, people={"kinds": {"old": {"share": 0.4}}}
    )
    drive = leg("drive", "vans", leave=ready(4))
    ways = channel("two", pick(9, "pick_nine"), drive), channel("one", pick(5, "pick_five"), drive)
    decided = {key: value for key, value in strategy(*ways, from_days=(0, 1)).items() if key != "calendar"}
    decided["mix"] = [{"channel": "two", "excludes": ["old"]}, {"channel": "one", "households": ["old"]}]
    orders = simulate_strategy(scenario, decided).orders
    assert orders is not None
    assert sorted(orders.loc[orders["channel"] == "two", "drive"]) == of_two
    assert sorted(orders.loc[orders["channel"] == "one", "drive"]) == of_one
