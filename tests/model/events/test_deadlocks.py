"""Vehicles that stand still for good: each wait is for what only those could free that wait themselves.

What can be known is refused before the run; the rest is found in the state that an engine leaves behind, by events and
by the reference alike, and said in the answer. Trucks and vans take 15 min each way, loading and unloading none.
"""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.model.run_loop import run_replication
from simsupply.records.replication import Replication
from simsupply.records.standstill import StandstillRecord
from tests.plans.paper_plans import (
    Plain,
    channel,
    crew,
    door,
    fleet,
    leg,
    listed,
    shift,
    simulate_strategy,
    stage,
    strategy,
    world,
)

HUB = ("station", "hub")


def work(name: str, crew_name: str, at: str = "depot", minutes: float = 10, **more: Any) -> Plain:
    return stage(name, crew_name, at, effort={"per_order_min": minutes}, discipline="fifo", **more)


def through_the_hub(households: int = 8, **hub: Any) -> Plain:
    geography = listed([households], docks=4)
    geography["stations"] = [{"name": "hub", "depot": "site", "distance_km": 10.0, "docks": 4, **hub}]
    geography["drop_points"][0]["station"] = "hub"
    return geography


def wheels(staff: Plain, hub: Plain, vans: int = 2, households: int = 8) -> tuple[Plain, Plain]:
    """The people of the hub fetch goods with vans, two orders each, and sort them; carts take them on."""
    crews = {"pickers": crew(4), "staff": staff}
    fleets = {
        "vans": fleet(vans, "station", payload_parcels=2, drivers="staff"),
        "carts": fleet(1, "station", payload_parcels=2),
    }
    steps = (
        work("pick", "pickers"),
        leg("trunk", "vans", "depot", "station", fetch=True, discipline="fifo"),
        work("sort", "staff", "station"),
        leg("deliver", "carts", "station", discipline="fifo"),
    )
    return world(through_the_hub(households, **hub), crews, fleets), strategy(channel("only", *steps))


def staff(headcount: int = 2, *shifts: Plain, serves: str = "upstream_first") -> Plain:
    return crew(headcount, "station", *shifts, serves=serves)


def trucks(hub: Plain, rounds: Plain, *behind: Plain, carts: Plain | None = None) -> tuple[Plain, Plain]:
    """Trucks bring two orders each to a place with little room; they have drivers of their own."""
    crews = {"pickers": crew(4), "walkers": crew(1, "drop_point")}
    fleets = {"trucks": fleet(4, payload_parcels=2), **({} if carts is None else {"carts": carts})}
    trunk = leg("trunk", "trucks", "depot", "station" if behind else "drop_point", discipline="fifo")
    geography = through_the_hub(**hub)
    if not behind:
        del geography["stations"], geography["drop_points"][0]["station"]
        geography["drop_points"][0]["floor_parcels"] = hub["floor_parcels"]
    decided = strategy(channel("only", work("pick", "pickers"), trunk, *behind, rounds))
    return world(geography, crews, fleets), decided


def run(plan: tuple[Plain, Plain]) -> Replication:
    """Events and the reference find the same."""
    scenario, decided = ss.load_scenario(plan[0]), ss.load_strategy(plan[1])
    found, expected = (
        run_replication(scenario, decided, seed=1, number=0, engine=engine)  # type: ignore[arg-type]
        for engine in ("auto", "reference")
    )
    assert found.notes[0].startswith("engine: events for")
    assert found.standstills == expected.standstills
    assert found.orders == expected.orders
    return found


def stands(step: str, cause: str, since: float, vehicles: int, orders: int, *crews: str) -> StandstillRecord:
    return StandstillRecord(step, *HUB, cause, since, vehicles, orders, crews)  # type: ignore[arg-type]


# --- all people at wheels ---------------------------------------------------------------------------------------------


def test_all_people_at_wheels_before_a_full_floor() -> None:
    """4 are picked at 490, 500. Two fetch 490-520: 4 on the floor, which is full. Upstream first: both fetch again.

    At 550 they wait for room that only they could make, by sorting.
    """
    found = run(wheels(staff(), {"floor_parcels": 4}))
    assert found.standstills == (stands("trunk", "room", 550, 2, 4, "staff"),)
    assert found.orders.delivered == 0


def test_all_people_at_wheels_before_a_full_dock() -> None:
    """The same with one dock: the first van keeps it while it waits for room, the second waits for the dock."""
    found = run(wheels(staff(), {"floor_parcels": 4, "unload_docks": 1}))
    assert found.standstills == (
        stands("trunk", "dock", 550, 1, 2, "staff"),
        stands("trunk", "room", 550, 1, 2, "staff"),
    )


def test_downstream_first_there_is_no_deadlock() -> None:
    """Sorting goes before fetching."""
    found = run(wheels(staff(serves="downstream_first"), {"floor_parcels": 4}))
    assert found.standstills == ()
    assert found.orders.delivered == 8


def test_one_more_person_than_seats_is_enough() -> None:
    found = run(wheels(staff(3), {"floor_parcels": 4}))
    assert found.standstills == ()
    assert found.orders.delivered == 8


def test_who_comes_to_another_shift_empties_the_floor() -> None:
    """From 12:00 on a third and fourth person sort: it was no deadlock, though nothing moved for hours."""
    found = run(wheels(staff(2, shift("08:00", "12:00"), shift("12:00", "18:00")), {"floor_parcels": 4}))
    assert found.standstills == ()
    assert found.orders.delivered == 8


def test_two_that_do_not_reach_a_circle_go_on() -> None:
    """No limited floor: docks alone are given back after unloading."""
    assert run(wheels(staff(), {"unload_docks": 1})).standstills == ()


# --- what is waited for stands behind ---------------------------------------------------------------------------------


def test_trips_that_find_no_room_for_all_their_parcels() -> None:
    """A cart goes round four drop points of two with all 8 orders, from a floor for 6.

    Picked 490 (4 orders) and 500 (4). Trucks of two arrive 505, 505, 515, 515: three unload, the fourth waits for room.
    The trip waits for what is on it. With room for 8 the cart leaves at 515.
    """
    geography = {
        "kind": "listed",
        "detour_factor": 1,
        "depots": [{"name": "site", "x_km": 0, "y_km": 0, "docks": 4}],
        "stations": [{"name": "hub", "depot": "site", "x_km": 10, "y_km": 0, "docks": 4}],
        "drop_points": [
            {"name": f"d{number}", "station": "hub", "households": 2, "x_km": 20, "y_km": number} for number in range(4)
        ],
    }
    onward = leg("deliver", "carts", "station", route="milk_run", max_stops=4, discipline="fifo")
    plan, decided = trucks({"floor_parcels": 6}, door(), onward, carts=fleet(1, "station", payload_parcels=8))
    for room, expected in ((6, (stands("trunk", "room", 515, 1, 2),)), (8, ())):
        geography["stations"][0]["floor_parcels"] = room  # type: ignore[index]
        plan["scenario"]["geography"] = geography
        found = run((plan, decided))
        assert found.standstills == expected
        assert found.orders.delivered == (0 if expected else 8)


def test_full_loads_that_are_never_full_keep_the_floor() -> None:
    """Loads leave with 4 for one place, three households at each of three: 6 stand on a floor for 6, and stay.

    Trucks bring 2 and 1 for each place; what is on the one that waits first finds no room either.
    """
    onward = leg("deliver", "carts", "station", discipline="fifo", leave={"kind": "full", "orders": 4})
    plan, decided = trucks({"floor_parcels": 6}, door(), onward, carts=fleet(1, "station", payload_parcels=4))
    places = plan["scenario"]["geography"]["drop_points"]
    places[0]["households"] = 3
    places += [places[0] | {"name": f"d{number}"} for number in (1, 2)]
    found = run((plan, decided))
    assert [(record.cause, record.orders) for record in found.standstills] == [("room", 3)]
    assert found.orders.delivered == 0


# --- no deadlock: nothing is said -----------------------------------------------------------------------------------


def test_who_waits_for_slow_people_stands_in_no_circle() -> None:
    """A walker needs a week for each door; a truck still waits for room when the run ends, and would have it."""
    plan, decided = trucks({"floor_parcels": 2}, door(households=1, walk_min=4000))
    found = run((plan, decided))
    assert found.standstills == ()
    assert found.unfinished_orders > 0


# --- what is known is refused before the run, and what is found is said -----------------------------------------------


@pytest.mark.parametrize("engine", ["auto", "events", "reference"])
def test_a_floor_smaller_than_a_load_is_refused(engine: Any) -> None:
    """In the same words whatever engine is asked for, in both languages."""
    plan, decided = wheels(staff(), {"floor_parcels": 1})
    with pytest.raises(InputError) as refused:
        ss.simulate(ss.load_scenario(plan), ss.load_strategy(decided), replications=1, engine=engine)
    (problem,) = refused.value.problems
    assert problem.key == "scenario.geography.stations.0.floor_parcels"
    assert problem.value == 1
    assert problem.in_language("en").endswith(">= 2, the largest load of leg 'trunk'")
    assert "trunk" in problem.in_language("zh")


def test_a_full_load_larger_than_the_floor_it_stands_on_is_refused() -> None:
    """Seven can never stand together where there is room for six; at a time of day they would leave all the same."""
    for at, is_refused in (([], True), (["16:00"], False)):
        leave: Plain = {"kind": "full", "orders": 7, **({"at": at} if at else {})}
        onward = leg("deliver", "carts", "station", discipline="fifo", leave=leave)
        plan, decided = trucks({"floor_parcels": 6}, door(), onward, carts=fleet(1, "station", payload_parcels=8))
        if is_refused:
            with pytest.raises(InputError, match=r"leave\.orders: got 7; allowed: at most 6, the parcels"):
                simulate_strategy(plan, decided)
        else:
            assert run((plan, decided)).orders.delivered == 8


def test_the_answer_names_who_stands_where_and_since_when() -> None:
    """Minute 550 is 09:10."""
    plan, decided = wheels(staff(), {"floor_parcels": 4})
    plan["staffing"]["crews"]["staff"]["title"] = {"en": "Hub staff", "zh": "站点人员"}
    scenario, strategy_spec = ss.load_scenario(plan), ss.load_strategy(decided)
    for engine in ("auto", "reference"):
        result = ss.simulate(scenario, strategy_spec, replications=2, engine=engine)  # type: ignore[arg-type]
        columns = ["replication", "step", "at", "place", "cause", "since_h", "vehicles", "orders", "crews"]
        row = ["trunk", *HUB, "room", 550 / 60, 2, 4, "staff"]
        assert result.standstills[columns].to_numpy().tolist() == [[0, *row], [1, *row]]
        assert (
            "Deadlock in 2 of 2 replications: from day 0, 09:10, 2 vehicles of Drive to the station at hub wait for "
            "room to unload, with everybody of Hub staff on board. What they wait for waits for them, so nothing "
            "there ever goes on."
        ) in ss.answer(result)
        assert (
            "死锁（2次重复中的2次）：自第0天09:10起，“干线运输”有2辆车停在hub，等待卸货场地，站点人员全员都在车上。"
        ) in ss.answer(result, "zh")
    comparison = ss.compare(scenario, [strategy_spec], replications=1)
    assert "at 100 % attendance: Deadlock: from day 0, 09:10, 2 vehicles" in ss.answer(comparison)
    assert "到岗率100%时：死锁：自第0天09:10起" in ss.answer(comparison, "zh")


def test_a_run_that_goes_on_from_a_midnight_finds_the_same() -> None:
    """They stood before it."""
    plan, decided = wheels(staff(), {"floor_parcels": 4})
    scenario, strategy_spec = ss.load_scenario(plan), ss.load_strategy(decided)
    state = ss.run_to_midnight(scenario, strategy_spec, day=2)
    found = ss.go_on(state, scenario, strategy_spec).standstills
    assert found[["step", "since_h", "vehicles"]].to_numpy().tolist() == [["trunk", 550 / 60, 2]]


def test_where_nothing_stands_nothing_is_said() -> None:
    result = simulate_strategy(*wheels(staff(3), {"floor_parcels": 4}))
    assert result.standstills.empty
    assert "eadlock" not in ss.answer(result)
