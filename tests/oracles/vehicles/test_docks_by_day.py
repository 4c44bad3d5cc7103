"""Docks that differ by day and place: on paper, and the same to the last bit under both engines."""

from __future__ import annotations

from typing import Any

import pytest

import simsupply as ss
from simsupply.config.listed_template import written_out
from simsupply.experiment.constraints import Plan, constraints_of, relaxed
from simsupply.scenario.geography import SpreadGeography
from tests.plans.both_engines import exact
from tests.plans.paper_plans import (
    DAY,
    Plain,
    channel,
    clock,
    cycle,
    ends,
    fleet,
    is_never,
    leg,
    shift,
    strategy,
    world,
)

LOADED = leg("drive", "vans", load={"per_parcel_min": 30})


def plan(places: int, vans: Plain, *by_day: Plain, docks: int = 1, **more: Any) -> Plain:
    """A list every day at 00:00, a load of one parcel for each place, at 10 km: 15 min there."""
    geography = {
        "kind": "listed",
        "depots": [{"name": "site", "docks": docks, "by_day": list(by_day)}],
        "drop_points": [{"name": f"d{number}", "households": 1, "distance_km": 10} for number in range(places)],
    }
    return world(geography, {}, {"vans": vans}, demand=cycle(days=1), horizon_days=3, run_out_days=2, **more)


def driven(found: Plain, step: Plain = LOADED) -> tuple[ss.Result, list[list[float]]]:
    """When each day's orders are there, minutes of the day."""
    result = exact(found, strategy(channel("only", step)))
    return result, [[time - day * DAY for time in ends(result, "drive", wave=day)] for day in range(3)]


def test_more_docks_from_a_day_on() -> None:
    """Loading 30 min; 2 vans. With one dock 525, 555; with two from day 1 on 525, 525."""
    result, times = driven(plan(2, fleet(2), {"from_day": 1, "docks": 2}))
    assert times == [[525, 555], [525, 525], [525, 525]]
    assert result.notes[0] == "engine: kernels"


def test_weekdays_and_the_last_entry_that_holds() -> None:
    """Day 0 is a Monday: 3 docks from day 0 on, but one on Tuesdays."""
    _, times = driven(plan(3, fleet(3), {"docks": 3}, {"weekdays": ["tue"], "docks": 1}))
    assert times == [[525, 525, 525], [525, 555, 585], [525, 525, 525]]


def test_who_is_being_loaded_finishes_then_the_dock_closes() -> None:
    """4 vans from 23:30 (1410) on, loading 60 min; 2 docks on day 0, one later.

    1410-1470 two at both docks. At 1470 one dock is left: 1470-1530, then 1530-1590.
    """
    vans = fleet(4, "depot", shift("23:30", "06:00"))
    found = plan(4, vans, {"from_day": 1, "docks": 1}, docks=2)
    result = exact(found, strategy(channel("only", leg("drive", "vans", load={"per_parcel_min": 60}))))
    assert ends(result, "drive", wave=0) == [1485, 1485, 1545, 1605]


def test_no_dock_on_a_day() -> None:
    """No dock on day 1: the van of that day is given its load at 08:00 and waits for midnight: 30 + 15 min after it.

    It waits 960 min for a dock, as the plan orders.
    """
    result, times = driven(plan(1, fleet(2), {"from_day": 1, "docks": 0}, {"from_day": 2, "docks": 1}))
    assert times == [[525], [DAY + 45], [525]]
    table = result.tables["waits"]
    (row,) = table[(table["step"] == "drive") & (table["cause"] == "dock")].to_dict("records")
    assert (60 * row["wait_h"], 60 * row["ordered_h"], row["held_back_h"]) == pytest.approx((960, 960, 0))


def test_docks_that_never_open_again() -> None:
    """From day 1 on there is no dock: what is left is open at the end, and waits as the plan orders."""
    result = exact(plan(1, fleet(1), {"from_day": 1, "docks": 0}), strategy(channel("only", LOADED)))
    assert [time for time in ends(result, "drive") if not is_never(time)] == [525]
    assert result.values["fill_rate"][0] == pytest.approx(1 / 3)
    table = result.tables["waits"]
    (row,) = table[(table["step"] == "drive") & (table["cause"] == "dock")].to_dict("records")
    # From 08:00 of day 1 to the end of day 2; the other van's load has no van yet.
    assert (60 * row["wait_h"], 60 * row["ordered_h"]) == pytest.approx((2400, 2400))


def test_by_place_and_by_day() -> None:
    """Two depots, one dock each; from day 1 on the second has two. 2 places and 2 vans each."""
    docks = {"docks": 1, "by_day": [{"from_day": 1, "docks": {"default": 1, "depot_2": 2}}]}
    geography = {
        "kind": "spread",
        "radius_km": 5,
        "detour_factor": 1,
        "world_seed": 3,
        "households": 4,
        "depots": {"count": 2, **docks},
        "drop_points": {"count": 4},
    }
    found = world(geography, {}, {"vans": fleet(4)}, demand=cycle(days=1), horizon_days=2, run_out_days=1)
    drive = leg("drive", "vans", load={"per_parcel_min": 30}, drive_min=[15, 15])
    result = exact(found, strategy(channel("only", drive)))
    depot_of = ss.load_scenario(found).places.serving["depot"].tolist()
    at_second = depot_of.count(1)
    assert 0 < at_second < 4
    for day, docks_of in enumerate(((1, 1), (1, 2))):
        times = [time - day * DAY for time in ends(result, "drive", wave=day)]
        for depot, number in enumerate(docks_of):
            here = sorted(time for time, at in zip(times, depot_of, strict=True) if at == depot)
            assert here == [525 + 30 * (turn // number) for turn in range(len(here))]


def test_part_capacity_leaves_a_share_of_the_docks_of_the_day() -> None:
    """2 docks on day 0, 4 from day 1 on; half of the place is closed: one dock, then two. 4 vans, 30 min."""
    found = plan(4, fleet(4), {"from_day": 1, "docks": 4}, docks=2)
    title = {"en": "Half", "zh": "减半"}
    half = {"kind": "place", "title": title, "at": "depot", "capacity": 0.5, "from_day": 0, "to_day": 3}
    _, times = driven({**found, "shocks": {"half": half}})
    assert times == [[525, 555, 585, 615], [525, 525, 555, 555], [525, 525, 555, 555]]


def test_a_shock_stops_at_once_what_the_plan_lets_finish() -> None:
    """23:30 (1410), 60 min; from midnight on one of two docks; 00:10-01:00 (1450-1500) half of the place is shut.

    One dock of the day, half of it rounded up is one: dock 0 stays open, 1470. What stands at the other dock, with 20
    min left, waits: 1500-1520.
    """
    found = plan(2, fleet(2, "depot", shift("23:30", "06:00")), {"from_day": 1, "docks": 1}, docks=2)
    half = {"kind": "place", "title": {"en": "Half", "zh": "减半"}, "at": "depot", "capacity": 0.5, "from_day": 1}
    half |= {"from_time": "00:10", "to_day": 1, "to_time": "01:00"}
    decided = strategy(channel("only", leg("drive", "vans", load={"per_parcel_min": 60})))
    result = exact({**found, "shocks": {"half": half}}, decided)
    assert ends(result, "drive", wave=0) == [1485, 1535]


def test_drivers_of_a_crew_wait_for_docks_of_the_day() -> None:
    """The reference engine alone: 2 drivers, 2 vans; one dock, two from day 1 on."""
    found = plan(2, fleet(2, drivers="staff"), {"from_day": 1, "docks": 2})
    found["staffing"]["crews"] = {
        "staff": {"at": "depot", "headcount": 2, "at_shift_end": "finish", "shifts": [shift()]}
    }
    result = ss.simulate(
        ss.load_scenario(found), ss.load_strategy(strategy(channel("only", LOADED))), replications=1, detail="orders"
    )
    assert [ends(result, "drive", wave=day) for day in (0, 1)] == [[525, 555], [clock(1, 525), clock(1, 525)]]


def test_one_more_dock_is_one_more_on_every_day_with_docks() -> None:
    """One dock, none on day 1, one later: with one more two, none and two."""
    scenario = ss.load_scenario(plan(2, fleet(2), {"from_day": 1, "docks": 0}, {"from_day": 2, "docks": 1}))
    decided = ss.load_strategy(strategy(channel("only", LOADED)))
    (docks,) = [constraint for constraint in constraints_of(scenario, decided) if constraint.kind == "docks"]
    more, _ = relaxed(Plan(scenario, decided), [docks])
    found = more.docks_on_days("depot")
    assert found is not None
    assert found[:, 0].tolist() == [2, 0, 2, 2, 2]


def test_written_out_keep_their_docks() -> None:
    by_day = [{"from_day": 1, "docks": {"default": 1, "depot_2": 2}}]
    geography = {
        "kind": "spread",
        "radius_km": 5,
        "detour_factor": 1,
        "world_seed": 3,
        "households": 4,
        "depots": {"count": 2, "docks": 3, "by_day": by_day},
        "drop_points": {"count": 4},
    }
    scenario = ss.load_scenario(world(geography, {}, {}, demand=cycle(days=1), horizon_days=2, run_out_days=1))
    assert isinstance(scenario.settings.geography, SpreadGeography)
    first, second = written_out(scenario, scenario.settings.geography, "depot")
    assert (first["docks"], first["by_day"]) == (3, [{"from_day": 1, "docks": 1}])
    assert (second["docks"], second["by_day"]) == (3, [{"from_day": 1, "docks": 2}])
