"""No run ever serves more than workers x rate x hours allow, at any stage of any built-in scenario."""

from __future__ import annotations

import contextlib
import math
from collections import defaultdict
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import simsupply as ss
from simsupply.base.problems import InputError
from simsupply.checks.plan import check_plan
from simsupply.config.yaml_files import built_in
from simsupply.measures.measure import measure
from simsupply.measures.outcomes import outcomes_of
from simsupply.model.run_loop import run_replication
from simsupply.records.recorder import Recorder
from simsupply.records.replication import Replication
from simsupply.records.sinks import MemorySink, MemorySinks
from simsupply.scenario.paces import Pace
from simsupply.scenario.people import Productivity
from simsupply.scenario.staffing import Crew, Staffing
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import PurchaseDemand, WorldSpec
from simsupply.strategy.assistance import as_staffed
from simsupply.strategy.channels import Channel, StrategySpec
from simsupply.strategy.crew_steps import steps_of_crews
from simsupply.strategy.steps.stage import Stage

CITIES = {
    "changchun",
    "changchun_all",
    "changchun_tiers",
    "changchun_whole",
    "emergency_changchun",
    "emergency_city_market",
    "emergency_city_medium",
}
# Weeks of many channels or many doors: as planned only; the rest is in tests/slow/test_hours_allow_many.py.
LARGE = {"emergency_city", "demo_tiers", "demo_whole", "city_district"}
SCENARIOS = sorted(set(built_in("scenario")) - CITIES)
OPTIONS = {
    "as planned": [],
    "one in three comes": ["staffing.attendance=0.33"],
    "tested, infected, slower at first": [
        "staffing.tests={antigen_per_day: 2, antigen_min: 15}",
        "staffing.infections={outside_per_day: 0.02, per_contact: 0.05, found_after_days: 1, isolation_days: 7}",
        "shocks.half={kind: place, at: depot, capacity: 0.5, from_day: 1, to_day: 2}",
    ],
}
FEWEST_SPREADS = 6.0
"""So many standard deviations below its mean the work of random length may be."""


@cache
def strategies() -> list[StrategySpec]:
    return [ss.load_strategy(name) for name in built_in("strategy")]


def fitting(world: WorldSpec) -> list[StrategySpec]:
    found = []
    for strategy in strategies():
        with contextlib.suppress(InputError):
            check_plan(world, strategy)
            found.append(strategy)
    return found


def fastest(crew: Crew) -> float:
    """Work done in a minute, in minutes of the standard worker, at most."""
    speeds: list[Productivity | None] = [crew.productivity, crew.arrivals.productivity if crew.arrivals else None]
    steps = [speed for each in speeds if each for speed in (each.start, each.end)]
    return max([1.0, *steps, *([crew.reassign.productivity] if crew.reassign else [])])


def least_minutes(stage: Stage, channel: Channel, world: WorldSpec) -> tuple[float, float]:
    """Minutes of an order at a stage: at least, but for the part that is random; and of that part, its mean.

    Baskets have one line at least, and goods add to the lines that the demand says. Of units served at once one worker
    is busy as long as the longest takes, so not less than their share of the sum.
    """
    demand, effort = world.demand, stage.effort
    usual = 1 if isinstance(demand, PurchaseDemand) else demand.lines_per_order
    lines = min(parcel.lines or usual for parcel in channel.parcels)
    worked = effort.per_order_min + effort.per_line_min * lines + effort.per_parcel_min
    if stage.rounds is None:
        return 0.0, worked / (stage.together.units if stage.together else 1)
    door = min(stage.rounds.door_with_lift_min, stage.rounds.door_without_lift_min)
    return door + stage.rounds.walk_min / stage.rounds.households, worked


def paces_of(crew: Crew, staffing: Staffing) -> set[Pace]:
    """Of those who are there from the beginning and of those who join them."""
    return {staffing.pace_of(crew), staffing.pace_of_arrivals(crew)}


def sigma(stage: Stage) -> float:
    """Standard deviation of the random factor, whose mean is one."""
    spread = stage.variability.sigma or 0.0
    return {"none": 0.0, "exponential": 1.0, "lognormal": math.sqrt(math.expm1(spread**2))}[stage.variability.kind]


def check_hours(run: Replication, sink: MemorySink, scenario: Scenario, strategy: StrategySpec) -> None:
    """Orders finished x least minutes of each + minutes in seats <= minutes on duty and overtime, crew by crew.

    A crew works at all steps that name it, also of those for whom it stands in, and joins others at theirs, where it is
    busy as long as they are; the minutes of all its steps come out of the same hours. Stages go as fast as the fastest
    worker; a trip takes everybody as long. Crews that work at the very same steps are counted together: records name
    steps, not crews.
    """
    world, rows = scenario.spec, sink.rows()
    strategy, crews = as_staffed(strategy, world), world.staffing.crews
    teams: dict[str, frozenset[str]] = {
        crew: frozenset(steps) for crew, steps in steps_of_crews(strategy.channels.values(), world.fleet).items()
    }
    rows = rows[rows["minute"] <= scenario.horizon_min]
    finished = rows.groupby(["channel", "step"], observed=True).size().to_dict()
    needed: dict[frozenset[str], float] = defaultdict(float)
    for channel in strategy.channels.values():
        for step in channel.steps:
            if step.stage is None:
                continue
            count = finished.get((channel.name, step.stage.name), 0)
            for crew in step.stage.crews:
                fewest = []
                for pace in paces_of(crews[crew], world.staffing):
                    stage = step.stage.at_pace(pace)
                    sure, random = least_minutes(stage, channel, world)
                    slack = FEWEST_SPREADS * sigma(stage) * random * math.sqrt(count)
                    fewest.append(max(0.0, count * (sure + random) - slack))
                needed[teams[crew]] += min(fewest) / fastest(crews[crew])
    assert any(minutes > 0 for minutes in needed.values())
    legs = {step.leg.name for channel in strategy.channels.values() for step in channel.steps if step.leg}
    there: dict[frozenset[str], float] = defaultdict(float)
    for record in run.steps:
        assert record.busy_min <= record.scheduled_min * (1 + 1e-9) + 1e-6, record.names
        team = frozenset(record.names)
        if not record.fleet and team in teams.values():
            there[team] += record.scheduled_min + record.overtime_min
            by_step = zip(record.names, record.busy_by_step, strict=True)
            needed[team] += sum(minutes for name, minutes in by_step if name in legs)
    for team, minutes in needed.items():
        assert minutes <= there[team] * (1 + 1e-9) + 1e-6, sorted(team)


def check_run(name: str, options: str, strategy: StrategySpec) -> None:
    scenario = ss.load_scenario(name, OPTIONS[options])
    sinks = MemorySinks()
    recorder = Recorder(("orders",), scenario, strategy, sinks)
    run = run_replication(scenario, strategy, seed=1, number=0, recorder=recorder)
    check_hours(run, sinks["orders"], scenario, strategy)
    values = measure(run, scenario, outcomes_of(run, scenario))
    assert abs(values["mass_balance_error_kg"] or 0.0) < 1e-6
    check_stock(run, scenario)


@pytest.mark.lengthy
@pytest.mark.parametrize(
    ("options", "name"),
    [(options, name) for options in OPTIONS for name in SCENARIOS if options == "as planned" or name not in LARGE],
)
def test_no_stage_does_more_than_its_hours_allow(name: str, options: str) -> None:
    """The last strategy that fits as planned, the first where staff is short: other channels, other crews."""
    found = fitting(ss.load_scenario(name, OPTIONS[options]).spec)
    check_run(name, options, found[-1] if options == "as planned" else found[0])


def check_stock(run: Replication, scenario: Scenario) -> None:
    """What came to the depots + the first stock = what orders were sent with + what spoiled there + what is left."""
    supply = run.supply
    assert (supply is not None) == (scenario.spec.supply is not None)
    if supply is None:
        return
    assert (supply.on_hand_kg >= -1e-9).all()
    assert (supply.drawn_kg <= supply.asked_kg - supply.rationed_kg + 1e-6).all()
    # From one midnight to the next; what spoils is counted at depots and reserves together.
    change = np.diff(supply.on_hand_kg, axis=0)
    flow = (supply.received_kg - supply.drawn_kg)[1:]
    assert (change <= flow + 1e-6).all()
    assert (change >= flow - supply.spoiled_kg[1:] - 1e-6).all()


@pytest.mark.parametrize(
    ("name", "decided"),
    [
        pytest.param("demo_city", "standard_crates_via_stations", id="a crew at each step"),
        pytest.param("subdistrict", "standard_crates", id="one crew does several things"),
    ],
)
def test_the_check_sees_too_much_work(name: str, decided: str) -> None:
    scenario, strategy = ss.load_scenario(name), ss.load_strategy(decided)
    sinks = MemorySinks()
    recorder = Recorder(("orders",), scenario, strategy, sinks)
    run = run_replication(scenario, strategy, seed=1, number=0, recorder=recorder)
    check_hours(run, sinks["orders"], scenario, strategy)
    # Half of the minutes that were worked, and nothing else.
    steps = tuple(replace(step, scheduled_min=step.busy_min / 2, busy_min=0.0, overtime_min=0.0) for step in run.steps)
    with pytest.raises(AssertionError):
        check_hours(replace(run, steps=steps), sinks["orders"], scenario, strategy)
