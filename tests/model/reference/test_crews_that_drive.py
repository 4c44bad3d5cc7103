"""With more drivers than vehicles, a crew in the seats is as good as drivers of the vehicles' own, to the last bit."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.config.load import fit
from tests.helpers.engines import MANY, simulate
from tests.plans.paper_plans import crew, shift
from tests.plans.random_plans import Plain, plans
from tests.plans.random_vehicle_plans import vehicle_plans

ENOUGH = 40


def with_own_drivers(plan: Plain) -> Plain:
    """Everybody comes, and no shock takes whoever works at a place away: that would take a crew, but not vehicles."""
    plan = deepcopy(plan)
    plan["staffing"]["attendance"] = 1
    for vehicles in plan["fleet"].values():
        for key in ("attendance", "rest", "commute", "tests"):
            vehicles.pop(key, None)
        vehicles["people_per_vehicle"] = vehicles.get("people_per_vehicle") or 1
    plan["shocks"] = {name: shock for name, shock in plan.get("shocks", {}).items() if shock["kind"] != "place"}
    return plan


def with_crews_in_the_seats(plan: Plain) -> Plain:
    plan = deepcopy(plan)
    for vehicles in plan["fleet"].values():
        at = vehicles["at"]
        vehicles["drivers"] = f"drivers_at_{at}"
        plan["staffing"]["crews"][f"drivers_at_{at}"] = crew(ENOUGH, at, shift("00:00", "24:00"))
    return plan


def compare(drawn: tuple[Plain, Plain], seed: int) -> None:
    own = with_own_drivers(drawn[0])
    scenario, strategy = ss.load_scenario(own), ss.load_strategy(drawn[1])
    try:
        fit(scenario, strategy)
    except ss.InputError as error:
        assume(not all("the nearest end of leg" in str(problem.allowed) for problem in error.problems))
        raise
    driven = ss.load_scenario(with_crews_in_the_seats(own))
    fit(driven, strategy)
    record, times = simulate(scenario, strategy, seed)
    other, found = simulate(driven, strategy, seed)
    assert times == found
    fleets = [[step for step in run.steps if step.fleet] for run in (record, other)]
    for step, again in zip(*fleets, strict=True):
        assert step.names == again.names
        for what in ("busy_min", "overtime_min", "scheduled_min", "vehicle_km", "dock_wait_min", "road_wait_min"):
            assert getattr(step, what) == pytest.approx(getattr(again, what), rel=1e-9, abs=1e-6), (step.names, what)
        assert (step.trips, step.turned_back) == (again.trips, again.turned_back)
    assert [wait for wait in other.waits if wait.cause != "people" or wait in record.waits] == list(record.waits)
    assert not any(wait.total_min for wait in other.waits if wait not in record.waits)


@settings(MANY, max_examples=12)
@given(plans(), st.integers(0, 1000))
def test_enough_drivers_are_as_good_as_own_ones(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare(drawn, seed)


@pytest.mark.lengthy
@settings(MANY, max_examples=12)
@given(vehicle_plans(), st.integers(0, 1000))
def test_enough_drivers_of_vehicles_by_all_their_rules(drawn: tuple[Plain, Plain], seed: int) -> None:
    compare(drawn, seed)
