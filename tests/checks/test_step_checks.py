"""Plans in which the work cannot fit into the hours, or the vehicle not onto the way, are refused."""

from __future__ import annotations

import pytest

import simsupply as ss
from simsupply.config.load import fit
from tests.plans.demand_plans import open_gate
from tests.plans.paper_plans import Plain, channel, crew, door, fleet, leg, shift, stage, strategy, world


def problems(crews: Plain, *steps: Plain, vehicles: Plain | None = None, people: Plain | None = None) -> list[str]:
    """Everything that is wrong with a plan of one channel, as one line each."""
    try:
        scenario = ss.load_scenario(world([4], crews, vehicles, people=people))
        fit(scenario, ss.load_strategy(strategy(channel("only", *steps))))
    except ss.InputError as error:
        return str(error).splitlines()
    return []


def counter(minutes: float, **more) -> Plain:
    return stage("hand", "hands", "drop_point", effort={"per_order_min": minutes}, discipline="fifo", **more)


def hands(*shifts: Plain, headcount: int = 1, **more) -> Plain:
    return {"hands": crew(headcount, "drop_point", *shifts, **more)}


SHORT = shift("08:00", "10:00", ("08:30", "09:20"))  # at most 40 min at a stretch


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (counter(40), None),
        (counter(41), "41 min at a stretch, which one order takes in stage 'hand'"),
        (counter(40, queue={"spacing_m": 2, "walk_m_per_min": 2}), "41 min"),
        (counter(39, queue={"spacing_m": 2, "walk_m_per_min": 2}), None),
        (door(2, 37), None),
        (door(2, 38), "41 min at a stretch, which one round takes"),
    ],
)
def test_a_window_shorter_than_one_stop(step: Plain, says: str | None) -> None:
    name = step["stage"]["crew"]
    crews = {name: crew(1, "drop_point", SHORT, at_shift_end="fit")}
    found = problems(crews, step)
    assert len(found) == (says is not None)
    if says:
        assert f"staffing.crews.{name}.shifts: got 'at most 40 min'" in found[0]
        assert says in found[0]
    # Whoever finishes in overtime has no such limit.
    assert not problems({name: crew(1, "drop_point", SHORT)}, step)


def test_where_everybody_has_a_lift_the_longer_door_does_not_occur() -> None:
    crews = {"walkers": crew(1, "drop_point", SHORT, at_shift_end="fit")}
    assert not problems(crews, door(2, 39), people={"lift_share": 1})
    assert problems(crews, door(2, 39), people={"lift_share": 0.5})


def test_a_window_over_midnight_is_one() -> None:
    """20:00-24:00 and 00:00-02:00 of one shift are six hours at a stretch."""
    night = shift("00:00", "24:00", ("02:00", "20:00"))
    assert not problems(hands(night, at_shift_end="fit"), counter(360))
    assert problems(hands(night, at_shift_end="fit"), counter(361))
    assert not problems(hands(shift("00:00", "24:00"), at_shift_end="fit"), counter(5000))


@pytest.mark.parametrize("end", ["pause", "hand_over"])
def test_rounds_are_finished_or_not_begun(end: str) -> None:
    (found,) = problems({"walkers": crew(1, "drop_point", at_shift_end=end)}, door(2))
    assert "staffing.crews.walkers.at_shift_end" in found
    assert "finish or fit" in found


def test_all_that_is_wrong_with_equipment_is_said_at_once() -> None:
    shifts = (shift("08:00", "12:00"), shift("13:00", "18:00"))
    found = problems(hands(*shifts, people="equipment", attendance=0.5, at_shift_end="hand_over"), counter(5))
    assert len(found) == 3
    for key in ("attendance: got 0.5", "shifts: got '2 shifts'", "at_shift_end: got 'hand_over'"):
        assert any(f"staffing.crews.hands.{key}" in line for line in found)


def test_a_slot_shorter_than_one_household_at_the_counters() -> None:
    """Two counters, 5 min a household: one every 2.5 min."""
    for minutes, refused in ((2, True), (2.5, False)):
        slots = open_gate("slots", "09:00", "11:00", slots={"minutes": minutes, "households": 1})
        found = problems(hands(headcount=2), slots, counter(5))
        assert len(found) == refused
        assert all("steps.0.gate.slots.minutes: got 2.0; allowed: >= 2.5" in line for line in found)


@pytest.mark.parametrize(
    ("base", "fetch", "key"),
    [
        ("depot", False, None),
        ("drop_point", True, None),
        ("drop_point", False, "leg.from: got 'depot'; allowed: drop_point"),
        ("depot", True, "leg.to: got 'drop_point'; allowed: depot"),
    ],
)
def test_vehicles_start_where_they_are_based(base: str, fetch: bool, key: str | None) -> None:
    found = problems(hands(), leg("way", "vans", fetch=fetch), vehicles={"vans": fleet(1, base)})
    assert len(found) == (key is not None)
    assert all(key in line for line in found if key)


def test_no_road_from_a_drop_point_to_itself() -> None:
    (found,) = problems({"walkers": crew(1, "drop_point")}, door(2, speed_km_h=15))
    assert "stage.rounds.speed_km_h: got 15.0" in found


def test_work_at_a_station_needs_stations() -> None:
    rounds = door(2, speed_km_h=15)
    rounds["stage"]["at"] = "station"
    (found,) = problems({"walkers": crew(1, "station")}, rounds)
    assert "stage.at: got 'station'; allowed: a scenario in which every drop point has a station" in found
