"""Each row of the table of wake-ups is needed: without it some small plan goes another way, or stands still."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import simsupply as ss
from simsupply.config.load import fit
from simsupply.model.events import wakes
from simsupply.model.run_loop import run_replication
from tests.helpers.engines import Notes
from tests.helpers.events import changed_registers, events_of, simulate
from tests.plans.paper_plans import (
    Plain,
    channel,
    crew,
    cycle,
    door,
    fleet,
    gate,
    leg,
    listed,
    shift,
    stage,
    strategy,
    world,
)


def pick(minutes: float = 10, name: str = "pick", **more: Any) -> Plain:
    return stage(name, "staff", effort={"per_order_min": minutes}, discipline="fifo", **more)


def drive(*, minutes: int = 15, **more: Any) -> Plain:
    return leg("drive", "vans", drive_min=[minutes, minutes], **({"discipline": "fifo"} | more))


def common_crew() -> tuple[Plain, Plain]:
    """Two people, who are there already, pick and pack four orders that come at 09:00."""
    plan = world([4], {"staff": crew(2)}, demand=cycle(release_time="09:00"))
    return plan, strategy(channel("only", pick(), pick(7, "pack")))


def handed_over() -> tuple[Plain, Plain]:
    """Two people stop in turns for disinfection: who has nothing to do takes over what the other one has in hand."""
    plan = world([1], {"staff": crew(2, at_shift_end="hand_over")})
    plan["staffing"]["disinfection"] = {"every_hours": 2, "minutes": 15, "groups": 2}
    return plan, strategy(channel("only", pick(200), pick(1, "pack")))


def has_to_fit() -> tuple[Plain, Plain]:
    """Two hours a day, 90 min an order: the second has to wait for the next day."""
    people = crew(1, "depot", shift("08:00", "10:00"), at_shift_end="fit")
    return world([2], {"staff": people}), strategy(channel("only", pick(90), pick(1, "pack")))


def full_loads() -> tuple[Plain, Plain]:
    """Four orders, two to a van as soon as they stand there."""
    plan = world([4], {"staff": crew(1)}, {"vans": fleet(1, drivers="staff")})
    return plan, strategy(channel("only", pick(), drive(leave={"kind": "full", "orders": 2})))


def at_times() -> tuple[Plain, Plain]:
    """What stands there at 12:00 leaves."""
    plan = world([3], {"staff": crew(1)}, {"vans": fleet(1, drivers="staff")})
    return plan, strategy(channel("only", pick(), drive(leave={"kind": "time", "orders": 9, "at": ["12:00"]})))


def what_is_there() -> tuple[Plain, Plain]:
    """A van leaves with what is there whenever one is free."""
    plan = world([6], {"staff": crew(3)}, {"vans": fleet(1, drivers="staff")})
    return plan, strategy(channel("only", pick(), drive(leave={"kind": "ready", "orders": 2})))


def through_a_station(*, floor: int | None, unload_docks: int | None) -> tuple[Plain, Plain]:
    """Trucks of two to a station with little room or few docks, vans of two onwards, rounds to the doors."""
    geography = listed([6], docks=3)
    says: Plain = {"name": "hub", "depot": "site", "distance_km": 10.0, "docks": 1}
    if floor:
        says["floor_parcels"] = geography["drop_points"][0]["floor_parcels"] = floor
    if unload_docks:
        says["unload_docks"] = unload_docks
    geography["stations"] = [says]
    geography["drop_points"][0]["station"] = "hub"
    plan = world(
        geography,
        {"staff": crew(6), "walkers": crew(1, "drop_point")},
        {"trucks": fleet(3, payload_parcels=2), "vans": fleet(2, "station", payload_parcels=2)},
    )
    unload = {"unload": {"per_load_min": 9}}
    trunk = leg("trunk", "trucks", "depot", "station", discipline="fifo", **unload)
    onward = leg("deliver", "vans", "station", discipline="fifo")
    rounds = door()
    rounds["stage"]["discipline"] = "fifo"
    return plan, strategy(channel("only", pick(), trunk, onward, rounds))


def closed_dock() -> tuple[Plain, Plain]:
    """One of two docks is closed up to 08:40; loading takes an hour."""
    plan = world(listed([4], docks=2), {"staff": crew(4)}, {"vans": fleet(2, payload_parcels=2, drivers="staff")})
    span = {"from_day": 0, "from_time": "00:00", "to_day": 0, "to_time": "08:40"}
    plan["shocks"] = {"half": {"kind": "place", "at": "depot", "capacity": 0.5} | span}
    return plan, strategy(channel("only", pick(1), drive(load={"per_load_min": 60})))


def room() -> tuple[Plain, Plain]:
    return through_a_station(floor=2, unload_docks=None)


def docks() -> tuple[Plain, Plain]:
    return through_a_station(floor=None, unload_docks=1)


def two_at_once() -> tuple[Plain, Plain]:
    """Two trucks come together, and both find a dock and room."""
    return through_a_station(floor=4, unload_docks=2)


def called_to_slots() -> tuple[Plain, Plain]:
    """Two people pick, and hand out to two households each half hour."""
    slots = gate("calls", "08:00", "18:00")
    slots["gate"]["slots"] = {"minutes": 30, "households": 2}
    plan = world([5], {"staff": crew(2)})
    return plan, strategy(channel("only", pick(), slots, pick(7, "hand_out")))


NEEDED: dict[str, Callable[[], tuple[Plain, Plain]]] = {
    "UNIT_JOINS": common_crew,
    "SERVER_FREE": common_crew,
    "DUTY_BEGINS": has_to_fit,
    "WORK_HANDED_OVER": handed_over,
    "HAS_DECIDED": common_crew,
    "DUTY_TO_COME": has_to_fit,
    "ORDER_STANDS": full_loads,
    "TIME_TO_LEAVE": at_times,
    "LOAD_GONE": what_is_there,
    "DOCK_ASKED": docks,
    "DOCK_FREE": docks,
    "DOCK_GIVEN": two_at_once,
    "DOCK_OPENS": closed_dock,
    "ROOM_ASKED": room,
    "ROOM_LEFT": room,
    "ROOM_FREED": room,
    "ROOM_GIVEN": two_at_once,
    "SLOT_BEGINS": called_to_slots,
}


def test_every_row_has_its_plan() -> None:
    rows = {name: value for name, value in vars(wakes).items() if name in NEEDED}
    assert sorted(rows.values()) == list(range(wakes.NUM_WAKES))


@pytest.mark.parametrize("row", NEEDED)
def test_without_a_row_a_plan_goes_another_way(row: str) -> None:
    drawn = NEEDED[row]()
    scenario, decided = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
    fit(scenario, decided)
    record, times = simulate(scenario, decided, seed=1)
    assert events_of(record)
    assert times == simulate(scenario, decided, 1, "reference")[1]
    # Of a load that was given away before anything was put in it nothing can be told but when its orders are there.
    notes = Notes(scenario, decided)
    notes.trips = notes.levels = None
    with changed_registers(R_LEFT_OUT=getattr(wakes, row)):
        run_replication(scenario, decided, seed=1, number=0, recorder=notes)
    assert notes.times != times
