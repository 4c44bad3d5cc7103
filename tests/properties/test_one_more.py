"""Rows of the table of docs/model.md that are proven or have no counter-example: one more delays nobody."""

from __future__ import annotations

import math
from random import Random

import pytest

import simsupply as ss
from simsupply.config.load import fit
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.monotone import VERDICTS, rows_of
from tests.helpers.engines import simulate
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


@pytest.mark.lengthy
@pytest.mark.parametrize("rows", COMBINATIONS, ids=" ".join)
def test_one_more_delays_nobody(rows: tuple[str, ...]) -> None:
    look_for_a_delay(rows, 6)
