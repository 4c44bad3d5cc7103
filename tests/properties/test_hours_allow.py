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
from simsupply.scenario.people import Productivity
from simsupply.scenario.staffing import Crew
from simsupply.scenario.world import Scenario
from simsupply.scenario.world_spec import PurchaseDemand, WorldSpec
from simsupply.strategy.channels import Channel, StrategySpec
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
# Three weeks of many channels: as planned only.
LARGE = {"emergency_city", "demo_tiers", "demo_whole"}
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
    """Minutes of an order at a stage: at least, but for the part that is random; and of that part, its mean."""
    demand, effort = world.demand, stage.effort
    usual = 1 if isinstance(demand, PurchaseDemand) else demand.lines_per_order
    lines = min(parcel.lines or usual for parcel in channel.parcels)
    worked = effort.per_order_min + effort.per_line_min * lines + effort.per_parcel_min
    if stage.rounds is None:
        return 0.0, worked
    door = min(stage.rounds.door_with_lift_min, stage.rounds.door_without_lift_min)
    return door + stage.rounds.walk_min / stage.rounds.households, worked


def sigma(stage: Stage) -> float:
    """Standard deviation of the random factor, whose mean is one."""
    spread = stage.variability.sigma or 0.0
    return {"none": 0.0, "exponential": 1.0, "lognormal": math.sqrt(math.expm1(spread**2))}[stage.variability.kind]


def check_hours(run: Replication, sink: MemorySink, scenario: Scenario, strategy: StrategySpec) -> None:
    """Orders finished x least minutes of each <= minutes on duty and overtime x fastest worker, crew by crew."""
    world, rows = scenario.spec, sink.rows()
    rows = rows[rows["minute"] <= scenario.horizon_min]
    finished = rows.groupby(["channel", "step"], observed=True).size().to_dict()
    needed: dict[str, float] = defaultdict(float)
    crew_of: dict[str, str] = {}
    for channel in strategy.channels.values():
        for step in channel.steps:
            stage = step.stage
            if stage is None:
                continue
            crew_of[stage.name] = stage.crew
            count = finished.get((channel.name, stage.name), 0)
            sure, random = least_minutes(stage, channel, world)
            slack = FEWEST_SPREADS * sigma(stage) * random * math.sqrt(count)
            needed[stage.crew] += max(0.0, count * (sure + random) - slack)
    there: dict[str, float] = defaultdict(float)
    for record in run.steps:
        assert record.busy_min <= record.scheduled_min * (1 + 1e-9) + 1e-6, record.names
        for crew in {crew_of[name] for name in record.names if name in crew_of}:
            there[crew] += record.scheduled_min + record.overtime_min
    for crew, minutes in needed.items():
        assert minutes <= there[crew] * fastest(world.staffing.crews[crew]) + 1e-6, crew
    assert any(minutes > 0 for minutes in needed.values())


@pytest.mark.lengthy
@pytest.mark.parametrize(
    ("options", "name"),
    [
        (options, name)
        for options in OPTIONS
        for name in sorted(set(built_in("scenario")) - CITIES)
        if options == "as planned" or name not in LARGE
    ],
)
def test_no_stage_does_more_than_its_hours_allow(name: str, options: str) -> None:
    scenario = ss.load_scenario(name, OPTIONS[options])
    found = fitting(scenario.spec)
    # The first and the last that fit; one of them where staff is short.
    for strategy in (
        {each.name: each for each in (found[0], found[-1])}.values() if options == "as planned" else found[:1]
    ):
        sinks = MemorySinks()
        recorder = Recorder(("orders",), scenario, strategy, sinks)
        run = run_replication(scenario, strategy, seed=1, number=0, recorder=recorder)
        check_hours(run, sinks["orders"], scenario, strategy)
        values = measure(run, scenario, outcomes_of(run, scenario))
        assert abs(values["mass_balance_error_kg"] or 0.0) < 1e-6
        check_stock(run, scenario)


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


def test_the_check_sees_too_much_work() -> None:
    scenario = ss.load_scenario("demo_city")
    strategy = ss.load_strategy("standard_crates_via_stations")
    sinks = MemorySinks()
    recorder = Recorder(("orders",), scenario, strategy, sinks)
    run = run_replication(scenario, strategy, seed=1, number=0, recorder=recorder)
    check_hours(run, sinks["orders"], scenario, strategy)
    # Half of the minutes that were worked, and nothing else.
    steps = tuple(replace(step, scheduled_min=step.busy_min / 2, busy_min=0.0, overtime_min=0.0) for step in run.steps)
    with pytest.raises(AssertionError):
        check_hours(replace(run, steps=steps), sinks["orders"], scenario, strategy)
