"""What holds wherever units are served together, and crews work together; goods and hours are balanced in every run."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import simsupply as ss
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.steps.kinds import Step
from simsupply.strategy.steps.stage import Together
from tests.helpers.engines import MANY, simulate
from tests.plans.paper_plans import crew, shift
from tests.plans.random_plans import Plain, plans
from tests.plans.random_together_plans import together_plans
from tests.properties.test_laws_of_crews import run


@settings(MANY, max_examples=25)
@given(together_plans(), st.integers(0, 1000))
def test_people_who_work_together(drawn: tuple[Plain, Plain], seed: int) -> None:
    run(drawn, seed)


@pytest.mark.lengthy
@settings(MANY, max_examples=20)
@given(together_plans(with_floors=True), st.integers(0, 1000))
def test_people_who_work_together_before_limited_floors(drawn: tuple[Plain, Plain], seed: int) -> None:
    run(drawn, seed)


def one_by_one(step: Step) -> Step:
    """A stage that serves one unit together, which no file may say."""
    if step.stage is None or step.stage.per == "round":
        return step
    together = Together.model_construct(units=1, at_least=1)
    return step.model_copy(update={"stage": step.stage.model_copy(update={"together": together})})


@settings(MANY, max_examples=20)
@given(plans(), st.integers(0, 1000))
def test_one_unit_together_is_one_unit(drawn: tuple[Plain, Plain], seed: int) -> None:
    """On the reference engine, with a line for each step, as with kernels."""
    assume(len(drawn[1]["channels"]) == 1)
    scenario, strategy = ss.load_scenario(drawn[0]), ss.load_strategy(drawn[1])
    ((name, channel),) = strategy.channels.items()
    steps = tuple(one_by_one(step) for step in channel.steps)
    other: StrategySpec = strategy.model_copy(update={"channels": {name: channel.model_copy(update={"steps": steps})}})
    record, times = simulate(scenario, strategy, seed)
    again, found = simulate(scenario, other, seed)
    assert times == found
    assert record.waits == again.waits


@settings(MANY, max_examples=20)
@given(plans(), st.integers(0, 1000))
def test_a_crew_that_is_always_there_delays_nobody(drawn: tuple[Plain, Plain], seed: int) -> None:
    """A plan is as it was if more people than ever needed, day and night, join every stage."""
    assume(len(drawn[1]["channels"]) == 1)
    plan, decided = deepcopy(drawn)
    plan["shocks"] = {name: shock for name, shock in plan.get("shocks", {}).items() if shock["kind"] != "place"}
    scenario, strategy = ss.load_scenario(plan), ss.load_strategy(decided)
    plan = deepcopy(plan)
    ((_, way),) = decided["channels"].items()
    for step in (step["stage"] for step in way["steps"] if "stage" in step):
        end = plan["staffing"]["crews"][step["crew"]]["at_shift_end"]
        helpers = crew(40, step["at"], shift("00:00", "24:00"), at_shift_end=end, attendance=1)
        plan["staffing"]["crews"][f"helpers_of_{step['crew']}"] = helpers
        step["joined_by"] = [f"helpers_of_{step['crew']}"]
    record, times = simulate(scenario, strategy, seed)
    again, found = simulate(ss.load_scenario(plan), ss.load_strategy(decided), seed)
    assert times == found
    assert record.waits == again.waits
    alike = [step for step in record.steps if step.names and not step.fleet]
    for step in alike:
        twins = [other for other in again.steps if not other.fleet and set(other.names) == set(step.names)]
        assert any(other.busy_min == pytest.approx(step.busy_min, rel=1e-9, abs=1e-6) for other in twins)
