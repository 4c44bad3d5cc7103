"""Rows of the table of docs/model.md that are proven or have no counter-example: one more delays nobody."""

from __future__ import annotations

import math
from random import Random

import pytest

import simsupply as ss
from simsupply.config.load import fit
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.monotone import VERDICTS, is_monotone, rows_of
from tests.helpers.engines import simulate
from tests.plans.paper_plans import channel, crew, cycle, door, fleet, leg, stage, strategy, world
from tests.plans.random_one_more_plans import COMBINATIONS, plan_with

ROUNDING = 1e-9


def served(scenario: Scenario, strategy: StrategySpec, seed: int) -> dict[tuple[str, int, int, int], float]:
    _, times = simulate(scenario, strategy, seed)
    return {tuple(order): time for (step, *order), time in times.items() if step == "drive"}  # type: ignore[misc]


def look_for_a_delay(rows: tuple[str, ...], number: int) -> None:
    """One more of each crew and fleet, in so many random plans."""
    random, tried = Random(" ".join(rows)), 0
    while tried < number:
        plan, decided = plan_with(rows, random)
        scenario, strategy = ss.load_scenario(plan), ss.load_strategy(decided)
        seed = random.randrange(10_000)
        try:
            fit(scenario, strategy)
        except ss.InputError:
            assert "at_shift_end.fit" in rows  # a unit longer than every shift
            continue
        tried += 1
        assert all(VERDICTS[found] == "proven" or found in rows for found in rows_of(scenario, strategy))
        before = served(scenario, strategy, seed)
        groups = [("crew", name) for name in plan["staffing"]["crews"]] + [("fleet", "vans")]
        for kind, name in groups:
            after = served(scenario.with_more(kind, name), strategy, seed)  # type: ignore[arg-type]
            late = [order for order, time in before.items() if after.get(order, math.inf) > time + ROUNDING]
            assert not late, (plan, decided, seed, kind, name, late)


def test_one_more_delays_nobody_where_orders_go_several_ways() -> None:
    """Branches have no row of their own: where all rows are proven, nobody of any branch comes later."""
    random = Random(17)
    for _ in range(5):
        crews = {name: crew(random.randint(1, 2), at) for name, at in (("packers", "depot"), ("cold_room", "depot"))}
        crews["walkers"] = crew(1, "drop_point")
        effort, spread = {"per_order_min": random.choice([3, 10])}, {"kind": "exponential"}
        steps = [
            stage("pack", "packers", effort=effort, variability=spread),
            stage("chill", "cold_room", effort={"per_order_min": 20}, variability=spread) | {"branch": "cold"},
            leg("drive", "vans"),
            door(2) | {"branch": random.choice(["cold", "rest"])},
        ]
        way = channel("only", *steps) | {"branches": {"cold": {"share": random.choice([0.2, 0.6])}}}
        plan = world([random.randint(3, 12), 5], crews, {"vans": fleet(1, payload_parcels=4)}, demand=cycle(14, 2))
        scenario, decided = ss.load_scenario(plan), ss.load_strategy(strategy(way))
        fit(scenario, decided)
        assert is_monotone(scenario, decided)
        seed = random.randrange(10_000)
        _, before = simulate(scenario, decided, seed)
        for kind, name in [*(("crew", name) for name in crews), ("fleet", "vans")]:
            _, after = simulate(scenario.with_more(kind, name), decided, seed)  # type: ignore[arg-type]
            late = [what for what, time in before.items() if after.get(what, math.inf) > time + ROUNDING]
            assert not late, (plan, way, seed, name, late)


@pytest.mark.lengthy
@pytest.mark.parametrize("rows", COMBINATIONS, ids=" ".join)
def test_one_more_delays_nobody(rows: tuple[str, ...]) -> None:
    look_for_a_delay(rows, 2)
